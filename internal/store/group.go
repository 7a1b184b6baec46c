package store

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Group commit. The first Update of a group begins the driver's transaction;
// when its function is done it hands the turn to the next one that waits, and
// when nobody waits, it commits for all. Whoever arrives during the commit
// waits for the next group, so the disk is synced as rarely as it is slow,
// without a timer.

// A group is bounded, so that the first of it need not wait for ever and the
// memory it takes stays small.
const (
	maxGroup      = 1024
	maxGroupBytes = 16 << 20
)

// member is an Update that waits for its turn.
type member struct {
	ctx   context.Context
	turn  chan *group
	taken atomic.Bool // by the group, or by its own deadline
}

// group is the transaction that its members share.
type group struct {
	tx     Group // nil until a member has begun it
	writes *overlay
	hooks  []func()
	rest   []*member // still to come
	ran    int
	done   chan struct{} // closed when err is final
	err    error
}

func newGroup(rest []*member) *group {
	return &group{writes: newOverlay(), rest: rest, done: make(chan struct{})}
}

// Update runs fn and stores all it wrote, or nothing. It fails with ErrBusy
// when ctx is over before fn could run, with ErrNested inside another
// transaction, with ErrFull when there is no room, and otherwise as fn or the
// commit did. When fn fails, Update returns after the group's commit, so that
// what fn has seen can be seen by then.
func (db *DB) Update(ctx context.Context, fn func(Tx) error) error {
	leave, err := db.strict.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	g, err := db.join(ctx)
	if err != nil {
		return db.counts.refused(err)
	}
	return db.run(ctx, g, fn)
}

// join waits for the turn of one Update.
func (db *DB) join(ctx context.Context) (*group, error) {
	if err := ctx.Err(); err != nil {
		return nil, ErrBusy.Because(err)
	}
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil, ErrClosed
	}
	if !db.busy {
		db.busy = true
		db.mu.Unlock()
		return newGroup(nil), nil
	}
	m := &member{ctx: ctx, turn: make(chan *group, 1)}
	db.queue = append(db.queue, m)
	db.mu.Unlock()

	select {
	case g := <-m.turn:
		return g, nil
	case <-ctx.Done():
		if m.taken.CompareAndSwap(false, true) {
			return nil, ErrBusy.Because(ctx.Err())
		}
		return <-m.turn, nil
	}
}

// run runs fn as a member of g. It passes the turn on even when fn panics.
func (db *DB) run(ctx context.Context, g *group, fn func(Tx) error) (err error) {
	t := &tx{ctx: mark(ctx), group: g.writes, own: newOverlay(), reads: readsOf(ctx)}
	stored := false
	defer func() {
		t.over = true
		if stored {
			g.add(t)
		}
		db.leave(g)
		if stored {
			err = g.err
		}
	}()
	if g.tx == nil {
		if g.tx, err = db.driver.Write(ctx); err != nil {
			return db.counts.refused(err)
		}
	}
	db.counts.updates.Add(1)
	t.base = g.tx
	if err = fn(t); err == nil {
		stored = true
	}
	return err
}

// add makes the writes of a function that succeeded part of the group.
func (g *group) add(t *tx) {
	for w := range t.own.all() {
		g.writes.set(w)
	}
	g.hooks = append(g.hooks, t.hooks...)
}

// leave hands the turn on, or commits when nobody else belongs to the group,
// and returns when the group is over.
func (db *DB) leave(g *group) {
	g.ran++
	if next := db.following(g); next != nil {
		next.turn <- g
		<-g.done
		return
	}
	g.commit(db)
	db.begin(g.rest)
	close(g.done)
}

// following returns whose turn is next in g: one who waited when it began, or
// one who has come since.
func (db *DB) following(g *group) *member {
	if g.ran >= maxGroup || g.writes.size >= maxGroupBytes {
		return nil
	}
	if next := g.next(); next != nil {
		return next
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	g.rest, db.queue = db.queue, nil
	return g.next()
}

// next takes the first member that has not gone away meanwhile, nor is about
// to.
func (g *group) next() *member {
	for len(g.rest) > 0 {
		m := g.rest[0]
		g.rest = g.rest[1:]
		if m.ctx.Err() == nil && m.taken.CompareAndSwap(false, true) {
			return m
		}
	}
	return nil
}

// begin starts the next group: those left over and those who queued.
func (db *DB) begin(rest []*member) {
	db.mu.Lock()
	defer db.mu.Unlock()
	g := newGroup(append(rest, db.queue...))
	db.queue = nil
	if next := g.next(); next != nil {
		next.turn <- g
		return
	}
	db.busy = false
	db.idle.Broadcast()
}

// commit ends the driver's transaction and runs what waits for that.
func (g *group) commit(db *DB) {
	defer func() {
		if p := recover(); p != nil {
			g.err = fmt.Errorf("store: panic in commit: %v\n%s", p, debug.Stack())
		}
	}()
	if g.tx == nil {
		return // no member could begin it, and each of them knows
	}
	defer g.tx.Close()
	if g.writes.len > 0 {
		start := time.Now()
		g.err = g.tx.Commit(g.writes.all())
		db.counts.committed(g.ran, start, g.err)
	}
	if g.err != nil {
		return
	}
	for _, hook := range g.hooks {
		db.runHook(hook)
	}
	db.tell(g.writes.all())
}

// runHook keeps a panic away from the others of the group, whose writes are
// on disk.
func (db *DB) runHook(hook func()) {
	defer func() {
		if p := recover(); p != nil {
			db.log.Error("panic in a function given to OnCommit", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	hook()
}
