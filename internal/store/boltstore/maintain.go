package boltstore

import (
	"context"
	"errors"
	"io"
	"os"

	bolt "go.etcd.io/bbolt"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Backup writes the database as it is now to w while the portal goes on. What
// is written opens as a database. w should be a file: until it has taken
// everything, no page of the snapshot can be used again.
func (s *Store) Backup(ctx context.Context, w io.Writer) (n int64, err error) {
	defer fault.Wrap(&err, "back up the store")
	err = s.View(ctx, func(store.Tx) error { // so that Close waits
		return s.driver.db.View(func(tx *bolt.Tx) error {
			n, err = tx.WriteTo(contextWriter{ctx, w})
			return err
		})
	})
	return n, err
}

// Buckets returns the names of all buckets that hold something.
func (s *Store) Buckets(ctx context.Context) (names []string, err error) {
	defer fault.Wrap(&err, "list the buckets")
	err = s.View(ctx, func(store.Tx) error { // so that Close waits
		return s.driver.db.View(func(tx *bolt.Tx) error {
			names = nil
			return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
				if key, _ := b.Cursor().First(); key != nil {
					names = append(names, string(name))
				}
				return nil
			})
		})
	})
	return names, err
}

// Usage returns the size of the file and the reserve.
func (s *Store) Usage(context.Context) (u store.Usage, err error) {
	defer fault.Wrap(&err, "measure the store")
	info, err := os.Stat(s.driver.db.Path())
	if err != nil {
		return u, err
	}
	return store.Usage{Size: info.Size(), Reserve: s.driver.reserve}, nil
}

// Check reads every page and fails with ErrDamaged when one is not as it must
// be. Reading goes on meanwhile, writing waits.
func (s *Store) Check(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "check the store")
	return s.Update(context.WithValue(ctx, checking{}, true), func(store.Tx) error {
		var found []error
		for err := range s.driver.group.Check() {
			if len(found) < 20 {
				found = append(found, err)
			}
		}
		if len(found) > 0 {
			return ErrDamaged.Because(errors.Join(found...))
		}
		return nil
	})
}

// checking marks the context of a Check, which needs no room on the disk.
type checking struct{}

// contextWriter ends a long copy when its reader is gone.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c contextWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}
