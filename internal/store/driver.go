package store

import (
	"context"
	"iter"
)

// Driver is a database below the kernel. It reads snapshots and writes one
// group at a time; everything else (group commit, overlays, deadlines,
// nesting) is the kernel's. Drivers copy out every byte they return.
type Driver interface {
	// Read begins a consistent snapshot.
	Read(ctx context.Context) (Snapshot, error)
	// Write begins the one write transaction. The kernel never begins a second
	// one before the first is committed or closed. It fails with ErrFull when
	// there is no room for more. ctx bounds only the beginning: the transaction
	// serves others too.
	Write(ctx context.Context) (Group, error)
	// Close releases the database. Nothing is open any more when it is called.
	Close() error
}

// Snapshot reads one state of the database.
type Snapshot interface {
	// Get returns the value at key, or ErrNotFound.
	Get(bucket, key string) ([]byte, error)
	// Scan yields the entries of r. The kernel may call Get and Scan while it
	// runs.
	Scan(bucket string, r Range) iter.Seq2[Entry, error]
	// Close ends the snapshot. What a Group has not committed is dropped.
	Close()
}

// Group is the write transaction in which the kernel runs a group of
// functions. Until Commit it is only read.
type Group interface {
	Snapshot
	// Commit stores the writes, in order of bucket and key and each key once,
	// and returns when they are on disk. After an error none of them is there.
	Commit(writes iter.Seq[Write]) error
}

// Write is one change: a value for a key, or its removal.
type Write struct {
	Bucket, Key string
	Value       []byte
	Delete      bool
}

// Bounds returns the keys of r as a half-open interval: from ≤ key < to, where
// an empty to is no upper end. Nothing is in it when to is not empty and not
// above from.
func (r Range) Bounds() (from, to string) {
	from, to = r.Prefix, prefixEnd(r.Prefix)
	switch {
	case r.After == "":
	case r.Reverse:
		if to == "" || r.After < to {
			to = r.After
		}
	case r.After >= from:
		from = r.After + "\x00"
	}
	return from, to
}

// prefixEnd returns the first string after all that start with p, or "" when
// there is none.
func prefixEnd(p string) string {
	for i := len(p) - 1; i >= 0; i-- { // bytes, not runes
		if p[i] < 0xff {
			return p[:i] + string([]byte{p[i] + 1})
		}
	}
	return ""
}
