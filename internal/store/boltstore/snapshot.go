package boltstore

import (
	"iter"

	bolt "go.etcd.io/bbolt"

	"github.com/kokeilu/kokeilu/internal/store"
)

// snapshot reads a transaction. Whatever it returns is copied, because bbolt's
// bytes are mapped memory that ends with the transaction.
type snapshot struct {
	tx   *bolt.Tx
	name string // of the bucket used last
	last *bolt.Bucket
}

func (s *snapshot) bucket(name string) *bolt.Bucket {
	if s.last == nil || s.name != name {
		s.name, s.last = name, s.tx.Bucket([]byte(name))
	}
	return s.last
}

// Get returns the value at key, or store.ErrNotFound.
func (s *snapshot) Get(bucket, key string) ([]byte, error) {
	b := s.bucket(bucket)
	if b == nil {
		return nil, store.ErrNotFound
	}
	k, v := b.Cursor().Seek([]byte(key))
	if k == nil || string(k) != key {
		return nil, store.ErrNotFound
	}
	return append([]byte{}, v...), nil
}

// Scan yields the entries of r.
func (s *snapshot) Scan(bucket string, r store.Range) iter.Seq2[store.Entry, error] {
	from, to := r.Bounds()
	return func(yield func(store.Entry, error) bool) {
		b := s.bucket(bucket)
		if b == nil {
			return
		}
		c := b.Cursor()
		k, v := first(c, from, to, r.Reverse)
		for k != nil && string(k) >= from && (to == "" || string(k) < to) {
			if !yield(store.Entry{Key: string(k), Value: append([]byte{}, v...)}, nil) {
				return
			}
			if r.Reverse {
				k, v = c.Prev()
			} else {
				k, v = c.Next()
			}
		}
	}
}

// first is where a scan between from and to begins.
func first(c *bolt.Cursor, from, to string, reverse bool) (k, v []byte) {
	switch {
	case !reverse:
		return c.Seek([]byte(from))
	case to == "":
		return c.Last()
	}
	if k, _ = c.Seek([]byte(to)); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// Close ends the transaction; after a commit it does nothing.
func (s *snapshot) Close() { _ = s.tx.Rollback() }
