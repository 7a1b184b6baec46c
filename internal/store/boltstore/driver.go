package boltstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"syscall"

	bolt "go.etcd.io/bbolt"

	"github.com/kokeilu/kokeilu/internal/store"
)

// driver is the store.Driver: a bolt bucket for each bucket.
type driver struct {
	db      *bolt.DB
	dir     string
	reserve int64
	broken  atomic.Pointer[error]
	group   *bolt.Tx // of the group that runs
}

func (d *driver) Read(context.Context) (store.Snapshot, error) {
	tx, err := d.db.Begin(false)
	if err != nil {
		return nil, err
	}
	return &snapshot{tx: tx}, nil
}

func (d *driver) Write(ctx context.Context) (store.Group, error) {
	if cause := d.broken.Load(); cause != nil {
		return nil, ErrBroken.Because(*cause)
	}
	if ctx.Value(checking{}) == nil {
		if err := checkRoom(d.dir, d.reserve); err != nil {
			return nil, err
		}
	}
	tx, err := d.db.Begin(true)
	if err != nil {
		return nil, full(err)
	}
	d.group = tx
	return &group{snapshot{tx: tx}, d}, nil
}

func (d *driver) Close() error { return d.db.Close() }

// group is the write transaction.
type group struct {
	snapshot
	driver *driver
}

// Commit stores the writes. After a failure that is not a full disk, the disk
// may or may not hold them, so nothing is written on top of that.
func (g *group) Commit(writes iter.Seq[store.Write]) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("bbolt: %v", p)
		}
		if err = full(err); err != nil && !errors.Is(err, store.ErrFull) {
			g.driver.broken.Store(&err)
			err = ErrBroken.Because(err)
		}
	}()
	if err := g.apply(writes); err != nil {
		return err
	}
	return g.tx.Commit()
}

func (g *group) apply(writes iter.Seq[store.Write]) error {
	var name string
	var bucket *bolt.Bucket
	for w := range writes {
		if w.Bucket != name || bucket == nil {
			name, bucket = w.Bucket, g.tx.Bucket([]byte(w.Bucket))
		}
		if bucket == nil {
			if w.Delete {
				continue
			}
			var err error
			if bucket, err = g.tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		if err := put(bucket, w); err != nil {
			return err
		}
	}
	return nil
}

func put(b *bolt.Bucket, w store.Write) error {
	if w.Delete {
		return b.Delete([]byte(w.Key))
	}
	return b.Put([]byte(w.Key), w.Value)
}

// full turns what means "no room" into store.ErrFull.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return store.ErrFull.Because(err)
	}
	return err
}
