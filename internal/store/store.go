// Package store is the kernel every record goes through: byte values under
// string keys in named buckets, read in snapshots and changed in transactions.
// Slices do not use it raw; they declare a Table.
package store

import (
	"context"
	"errors"
	"iter"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// ErrNotFound is returned by Get for a key that is not there.
var ErrNotFound = fault.New(fault.NotFound, "error.not_found")

// ErrExists is returned by Table.Put when another record already has the same
// value in a unique index.
var ErrExists = fault.New(fault.Conflict, "error.already_exists")

// ErrFull is returned by Update when the disk has no room for more.
var ErrFull = fault.New(fault.Full, "error.storage_full")

// ErrBusy is returned when the deadline passed before the work could start.
// Nothing was changed.
var ErrBusy = fault.New(fault.Unavailable, "error.busy")

// ErrClosed is returned by a store that has been closed. Nothing was changed.
var ErrClosed = fault.New(fault.Unavailable, "error.busy")

// ErrNested is returned by an Update or View that is called inside another.
// Pass tx.Context() down, or call the variant that takes tx.
var ErrNested = errors.New("store: a transaction inside a transaction")

// ErrReadOnly is returned by Put and Delete in a View.
var ErrReadOnly = errors.New("store: a View cannot write")

// ErrOver is returned by a Tx that is used after its function returned.
var ErrOver = errors.New("store: the transaction is over")

// ErrKey is returned for a key or bucket name that no driver could store: an
// empty one, or one longer than MaxKey bytes.
var ErrKey = errors.New("store: a key or bucket name is empty or too long")

// MaxKey is how many bytes a key may have. Bucket names may have 128.
const MaxKey = 2048

// Entry is one stored value and its key.
type Entry struct {
	Key   string
	Value []byte
}

// Range says which keys a Scan yields: those that start with Prefix, in byte
// order, or backwards when Reverse is set. After, when not empty, is a full
// key; the scan begins behind it (before it, when reversed).
type Range struct {
	Prefix  string
	After   string
	Reverse bool
}

// Prefix is the Range of all keys that start with p.
func Prefix(p string) Range { return Range{Prefix: p} }

// Tx is one unit of work. It must not be used after the function that
// received it returns, nor by two goroutines.
type Tx interface {
	// Context is the context of the View or Update, with its deadline.
	Context() context.Context
	// Get returns the value at key, or ErrNotFound. The bytes are the caller's.
	Get(bucket, key string) ([]byte, error)
	// Put stores value at key, replacing what was there. A nil value is stored
	// as an empty one. The caller may change value afterwards.
	Put(bucket, key string, value []byte) error
	// Delete removes key. Deleting a missing key is not an error.
	Delete(bucket, key string) error
	// Scan yields the entries of r as they are at the call, the transaction's
	// own earlier writes included.
	Scan(bucket string, r Range) iter.Seq2[Entry, error]
	// OnCommit registers f to run once after the commit and before Update
	// returns. It does not run when the transaction fails, nor in a View. f must
	// be quick and must not use the store.
	OnCommit(f func())
}

// Store runs transactions. Buckets need no creation.
type Store interface {
	// View runs fn on one consistent snapshot. Writing in it is an error.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn and stores all it wrote, or, when fn fails or panics,
	// nothing. When Update returns nil the writes are on disk. fn may run more
	// than once; it sets its results inside. The deadline of ctx ends the
	// waiting before fn runs, never after. Without a deadline, five seconds.
	// fn runs in the caller's goroutine, and a panic in it stays there.
	Update(ctx context.Context, fn func(Tx) error) error
	// Close waits for running transactions and releases the store.
	Close() error
}

// Get runs one View and returns what fn returned.
func Get[T any](ctx context.Context, s Store, fn func(Tx) (T, error)) (out T, err error) {
	err = s.View(ctx, func(tx Tx) error {
		out, err = fn(tx)
		return err
	})
	return out, err
}
