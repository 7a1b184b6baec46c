package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Table keeps records of one type in one bucket, as JSON, with the indexes it
// declares maintained in the same transaction. The schema of a slice is the
// list of its tables in keys.go.
type Table[T any] struct {
	Bucket  string
	Key     func(T) string // the record's own key: unique, never changes
	Indexes []Index[T]
}

// Index finds records by something else than their key. Keys returns the
// values a record is found under: none, one or several. Values are compared
// bytewise and may not hold NUL. A value that ends with a sortable time gives
// an ordered list (see By).
type Index[T any] struct {
	Name   string
	Unique bool
	Keys   func(T) []string
}

// Get returns the record at key, or ErrNotFound.
func (t *Table[T]) Get(tx Tx, key string) (T, error) {
	var v T
	raw, err := tx.Get(t.Bucket, key)
	if err != nil {
		return v, err
	}
	return t.decode(key, raw)
}

// Has reports whether there is a record at key.
func (t *Table[T]) Has(tx Tx, key string) (bool, error) {
	_, err := tx.Get(t.Bucket, key)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Put stores v under its key and moves its index entries. It fails with
// ErrExists, and stores nothing, when a unique value is taken by another
// record.
func (t *Table[T]) Put(tx Tx, v T) error {
	key := t.Key(v)
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s %q: %w", t.Bucket, key, err)
	}
	var had []indexEntry
	old, err := t.Get(tx, key)
	switch {
	case err == nil:
		had = t.entries(key, old)
	case !errors.Is(err, ErrNotFound):
		return err
	}
	has := t.entries(key, v)
	for _, e := range has {
		if err := t.check(tx, e, key); err != nil {
			return err
		}
	}
	if err := t.move(tx, key, had, has); err != nil {
		return err
	}
	return tx.Put(t.Bucket, key, raw)
}

// Reindex writes the index entries of a record that is stored already: for a
// migration after which records are found by something new.
func (t *Table[T]) Reindex(tx Tx, v T) error {
	key := t.Key(v)
	return t.move(tx, key, nil, t.entries(key, v))
}

// Delete removes the record at key and its index entries. A missing record is
// not an error.
func (t *Table[T]) Delete(tx Tx, key string) error {
	old, err := t.Get(tx, key)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.move(tx, key, t.entries(key, old), nil); err != nil {
		return err
	}
	return tx.Delete(t.Bucket, key)
}

// All yields the records of r in key order.
func (t *Table[T]) All(tx Tx, r Range) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for e, err := range tx.Scan(t.Bucket, r) {
			var v T
			if err == nil {
				v, err = t.decode(e.Key, e.Value)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// By yields the records whose value in the named index starts with
// r.Prefix, in the order of those values. r.After is a position from
// Position.
func (t *Table[T]) By(tx Tx, index string, r Range) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for e, err := range tx.Scan(t.indexBucket(index), r) {
			var v T
			if err == nil {
				v, err = t.Get(tx, string(e.Value))
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// Index yields the entries of the named index whose value starts with r.Prefix:
// Key is a position as Position gives it, Value the key of the record, which is
// not read.
func (t *Table[T]) Index(tx Tx, index string, r Range) iter.Seq2[Entry, error] {
	return tx.Scan(t.indexBucket(index), r)
}

// Position is where v stands in an index under value: what Range.After takes
// to go on behind it.
func (t *Table[T]) Position(v T, value string) string { return value + "\x00" + t.Key(v) }

// Exactly is the Range of the records found under just this index value.
func Exactly(value string) Range { return Range{Prefix: value + "\x00"} }

// One returns the record found under value in the named index, or
// ErrNotFound. With several it returns the first in key order.
func (t *Table[T]) One(tx Tx, index, value string) (T, error) {
	for v, err := range t.By(tx, index, Exactly(value)) {
		return v, err
	}
	var none T
	return none, ErrNotFound
}

// Count returns how many index entries start with prefix; with an empty index
// name, how many records have a key that does.
func (t *Table[T]) Count(tx Tx, index, prefix string) (int, error) {
	bucket := t.Bucket
	if index != "" {
		bucket = t.indexBucket(index)
	}
	n := 0
	for _, err := range tx.Scan(bucket, Prefix(prefix)) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

func (t *Table[T]) indexBucket(name string) string { return t.Bucket + "/" + name }

// indexEntry is one place where a record is found.
type indexEntry struct {
	bucket, value, key string
	unique             bool
}

func (t *Table[T]) entries(key string, v T) []indexEntry {
	var list []indexEntry
	for _, ix := range t.Indexes {
		for _, value := range ix.Keys(v) {
			list = append(list, indexEntry{t.indexBucket(ix.Name), value, value + "\x00" + key, ix.Unique})
		}
	}
	return list
}

// check reports why the record at key may not be found at e.
func (t *Table[T]) check(tx Tx, e indexEntry, key string) error {
	if strings.ContainsRune(e.value, 0) {
		return fmt.Errorf("index %s: NUL in value %q", e.bucket, e.value)
	}
	if !e.unique {
		return nil
	}
	for other, err := range tx.Scan(e.bucket, Exactly(e.value)) {
		if err != nil {
			return err
		}
		if string(other.Value) != key {
			return ErrExists.Because(fmt.Errorf("%s %q is taken by %q", e.bucket, e.value, other.Value))
		}
	}
	return nil
}

// move changes the index entries of the record at key, and only those that
// differ.
func (t *Table[T]) move(tx Tx, key string, had, has []indexEntry) error {
	for _, e := range had {
		if slices.Contains(has, e) {
			continue
		}
		if err := tx.Delete(e.bucket, e.key); err != nil {
			return err
		}
	}
	for _, e := range has {
		if slices.Contains(had, e) {
			continue
		}
		if err := tx.Put(e.bucket, e.key, []byte(key)); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table[T]) decode(key string, raw []byte) (T, error) {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("decode %s %q: %w", t.Bucket, key, err)
	}
	return v, nil
}
