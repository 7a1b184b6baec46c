package store

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
)

// tx is what a function works on: its own writes over those of the earlier
// members of its group over the database.
type tx struct {
	ctx   context.Context
	base  Snapshot
	group *overlay // nil in a View
	own   *overlay // nil in a View
	hooks []func()
	reads Reads // nil unless somebody wants to know
	over  bool
}

func (t *tx) Context() context.Context { return t.ctx }

func (t *tx) Get(bucket, key string) ([]byte, error) {
	if t.over {
		return nil, ErrOver
	}
	if t.reads != nil {
		t.reads.Read(bucket, key)
	}
	w, ok := t.own.get(bucket, key)
	if !ok {
		w, ok = t.group.get(bucket, key)
	}
	switch {
	case !ok && (bucket == "" || key == ""):
		return nil, ErrNotFound
	case !ok:
		return t.base.Get(bucket, key)
	case w.Delete:
		return nil, ErrNotFound
	default:
		return clone(w.Value), nil
	}
}

func (t *tx) Put(bucket, key string, value []byte) error {
	if err := t.mayWrite(bucket, key); err != nil {
		return err
	}
	t.own.set(Write{Bucket: bucket, Key: key, Value: clone(value)})
	return nil
}

func (t *tx) Delete(bucket, key string) error {
	if err := t.mayWrite(bucket, key); err != nil {
		return err
	}
	t.own.set(Write{Bucket: bucket, Key: key, Delete: true})
	return nil
}

func (t *tx) mayWrite(bucket, key string) error {
	switch {
	case t.over:
		return ErrOver
	case t.own == nil:
		return ErrReadOnly
	case bucket == "" || key == "" || len(bucket) > maxBucket || len(key) > MaxKey:
		return fmt.Errorf("%w: %.40q in %.40q", ErrKey, key, bucket)
	}
	return nil
}

const maxBucket = 128

func (t *tx) Scan(bucket string, r Range) iter.Seq2[Entry, error] {
	if t.over || bucket == "" {
		return t.nothing()
	}
	if t.reads != nil {
		t.reads.Scanned(bucket, r.Prefix)
	}
	seq := t.base.Scan(bucket, r)
	if t.group.touches(bucket, r) {
		seq = merge(t.group.scan(bucket, r), seq, r.Reverse)
	}
	if t.own.touches(bucket, r) {
		// Later writes of the function must not show up in a scan that runs.
		own := slices.Collect(t.own.scan(bucket, r).all())
		seq = merge(func() cursor { return slice(own) }, seq, r.Reverse)
	}
	return seq
}

func (t *tx) nothing() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if t.over {
			yield(Entry{}, ErrOver)
		}
	}
}

func (t *tx) OnCommit(f func()) {
	if t.own != nil && !t.over {
		t.hooks = append(t.hooks, f)
	}
}

// merge lays writes over entries; both are in the same order.
func merge(writes source, entries iter.Seq2[Entry, error], reverse bool) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		next := writes()
		w, more := next()
		emit := func() bool {
			ok := w.Delete || yield(Entry{Key: w.Key, Value: clone(w.Value)}, nil)
			w, more = next()
			return ok
		}
		for e, err := range entries {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for more && w.Key != e.Key && (w.Key < e.Key) != reverse {
				if !emit() {
					return
				}
			}
			if more && w.Key == e.Key {
				if !emit() {
					return
				}
			} else if !yield(e, nil) {
				return
			}
		}
		for more {
			if !emit() {
				return
			}
		}
	}
}

// clone copies b; it is never nil, so that an empty value is not a missing one.
func clone(b []byte) []byte {
	if len(b) == 0 {
		return []byte{}
	}
	return bytes.Clone(b)
}
