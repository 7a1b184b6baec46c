package store

import (
	"context"
	"iter"
)

// Reads is told what is looked at, by whoever wants to know when it is old.
// One goroutine at a time calls it.
type Reads interface {
	// Read says that the value at key was read, or found missing.
	Read(bucket, key string)
	// Scanned says that all keys that start with prefix were looked at.
	Scanned(bucket, prefix string)
}

type readsKey struct{}

// WithReads returns a context whose transactions tell r what they look at.
func WithReads(ctx context.Context, r Reads) context.Context {
	return context.WithValue(ctx, readsKey{}, r)
}

// Looked tells the Reads of ctx, if there is one, of a key that was looked at
// earlier: what is answered from memory is as old as what memory was made of.
func Looked(ctx context.Context, bucket, key string) {
	if r := readsOf(ctx); r != nil {
		r.Read(bucket, key)
	}
}

func readsOf(ctx context.Context) Reads {
	r, _ := ctx.Value(readsKey{}).(Reads)
	return r
}

// OnWrites registers f to be called with the writes of each group after its
// commit and after the functions given to OnCommit, before any Update of the
// group returns. f must be quick and must not use the store. It is for the
// start: what is being committed meanwhile may not be told.
func (db *DB) OnWrites(f func(iter.Seq[Write])) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.watchers = append(db.watchers, f)
}

// tell calls the watchers with what a group has written.
func (db *DB) tell(writes iter.Seq[Write]) {
	db.mu.Lock()
	watchers := db.watchers
	db.mu.Unlock()
	for _, f := range watchers {
		db.runHook(func() { f(writes) })
	}
}
