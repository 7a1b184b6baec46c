package store

import (
	"context"
	"iter"
	"log/slog"
	"sync"
	"time"
)

// patience is how long an Update without a deadline waits for its turn.
const patience = 5 * time.Second

// DB is the kernel: a Store on a Driver. Functions given to Update run one
// after the other, each in its caller's goroutine, and all that queued while
// the last group was being committed are committed together (see group.go).
type DB struct {
	driver Driver
	log    *slog.Logger
	strict *strict // nil unless asked for
	counts counts

	mu     sync.Mutex
	busy   bool      // a group is running
	queue  []*member // waiting for the next one
	views  int       // running
	closed bool
	// watchers are told every write (see watch.go).
	watchers []func(iter.Seq[Write])
	idle     sync.Cond // signalled when nothing runs any more
}

// Option changes how the kernel works.
type Option func(*DB)

// Log sets where the kernel reports what no caller can be told, such as a
// panic in a function given to OnCommit.
func Log(l *slog.Logger) Option { return func(db *DB) { db.log = l } }

// Strict finds a transaction inside another even when the inner one got
// another context. It costs microseconds a transaction and is meant for tests.
func Strict() Option { return func(db *DB) { db.strict = newStrict() } }

// New returns a Store on driver, which it owns from now on.
func New(driver Driver, opts ...Option) *DB {
	db := &DB{driver: driver, log: slog.Default(), counts: newCounts()}
	db.idle.L = &db.mu
	for _, o := range opts {
		o(db)
	}
	return db
}

// View runs fn on one consistent snapshot. It fails with ErrBusy when ctx is
// over before it could begin and with ErrNested inside another transaction.
func (db *DB) View(ctx context.Context, fn func(Tx) error) error {
	leave, err := db.strict.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := db.beginView(ctx); err != nil {
		return db.counts.refused(err)
	}
	defer db.endView()
	snap, err := db.driver.Read(ctx)
	if err != nil {
		return db.counts.refused(err)
	}
	db.counts.views.Add(1)
	defer snap.Close()
	t := &tx{ctx: mark(ctx), base: snap, reads: readsOf(ctx)}
	defer func() { t.over = true }()
	return fn(t)
}

func (db *DB) beginView(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return ErrBusy.Because(err)
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return ErrClosed
	}
	db.views++
	return nil
}

func (db *DB) endView() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.views--
	db.idle.Broadcast()
}

// Close refuses new transactions, waits for those that run or wait, and
// closes the driver. Closing twice is harmless.
func (db *DB) Close() error {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil
	}
	db.closed = true
	for db.busy || db.views > 0 {
		db.idle.Wait()
	}
	db.mu.Unlock()
	return db.driver.Close()
}
