package journal

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

const longestPause = time.Minute

// Keeper follows the journal with a cursor of its own, kept together with what
// it makes of the entries: an index that is lost takes its cursor with it.
type Keeper interface {
	// Cursor returns the position up to which entries were handled. The zero
	// Position begins at the first entry.
	Cursor(ctx context.Context) (Position, error)
	// Handle makes of the entries what it makes of them and stores upTo as the
	// cursor, in one step. Entries may come again after a crash.
	Handle(ctx context.Context, entries []Entry, upTo Position) error
	// Rebuild is called when the cursor is none of this journal, as after a
	// restore. It brings everything to where head is, or empties it, and stores
	// the cursor that belongs to that.
	Rebuild(ctx context.Context, head Position) error
}

// Follow hands every entry to f, in order and in batches, until ctx is done:
// at the start what has come since last time, then whatever is committed. Its
// cursor is kept in the store after each batch, so that entries may come again
// after a crash but are never left out. When f fails or panics, it gets the
// same entries again after a growing pause. Run it in a goroutine of its own.
// It returns nil when ctx is done, and an error when name is followed already.
func (j *Journal) Follow(ctx context.Context, name string, f func(context.Context, []Entry) error, opts ...FollowOption) error {
	set := settings(opts)
	return j.follow(ctx, name, &stored{j: j, name: name, handle: f, following: set}, set)
}

// FollowKeeper is Follow for one that keeps its own cursor.
func (j *Journal) FollowKeeper(ctx context.Context, name string, k Keeper, opts ...FollowOption) error {
	return j.follow(ctx, name, k, settings(opts))
}

func (j *Journal) follow(ctx context.Context, name string, k Keeper, set following) error {
	f := j.follower(name)
	f.mu.Lock()
	if f.running {
		f.mu.Unlock()
		return fmt.Errorf("journal: %q is followed twice", name)
	}
	f.running = true
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.running = false
		f.mu.Unlock()
	}()

	pause := j.retry
	for ctx.Err() == nil {
		more, err := j.step(ctx, f, k, set.batch)
		switch {
		case err != nil && ctx.Err() == nil:
			j.log.Error("a follower of the journal failed and will try again", "follower", name, "pause", pause, "error", err)
			rest(ctx, nil, pause)
			pause = min(2*pause, longestPause)
			continue
		case !more:
			rest(ctx, f.wake, j.every)
			if set.linger > 0 {
				rest(ctx, f.hurry, set.linger)
			}
		}
		pause = j.retry
	}
	return nil
}

// rest waits until woken, at most for d.
func rest(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}

// step handles one batch and reports whether there may be more.
func (j *Journal) step(ctx context.Context, f *follower, k Keeper, batch int) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	cursor, err := k.Cursor(ctx)
	if err != nil {
		return false, err
	}
	entries, head, ours, err := j.since(ctx, cursor, batch)
	switch {
	case err != nil:
		return false, err
	case !ours:
		f.moveTo(0)
		return true, j.rebuild(ctx, k, head)
	case len(entries) == 0:
		f.moveTo(cursor.Seq)
		return false, nil
	}
	last := entries[len(entries)-1]
	if err := k.Handle(ctx, entries, Position{Portal: head.Portal, Seq: last.Seq, Hash: last.Hash}); err != nil {
		return false, err
	}
	f.moveTo(last.Seq)
	return true, nil
}

// since reads what comes behind cursor, if that is a position of this journal.
func (j *Journal) since(ctx context.Context, cursor Position, batch int) (entries []Entry, head Head, ours bool, err error) {
	err = j.store.View(ctx, func(tx store.Tx) error {
		if head, err = j.Head(tx); err != nil {
			return err
		}
		if ours, err = owns(tx, head, cursor); err != nil || !ours {
			return err
		}
		entries, err = j.List(tx, cursor.Seq, batch)
		return err
	})
	return entries, head, ours, err
}

// rebuild makes sure that a Keeper does not rebuild in circles.
func (j *Journal) rebuild(ctx context.Context, k Keeper, head Head) error {
	if err := k.Rebuild(ctx, head.Position); err != nil {
		return err
	}
	cursor, err := k.Cursor(ctx)
	if err != nil {
		return err
	}
	_, _, ours, err := j.since(ctx, cursor, 0)
	if err == nil && !ours {
		err = errors.New("journal: after rebuilding, its cursor is none of this journal either")
	}
	return err
}
