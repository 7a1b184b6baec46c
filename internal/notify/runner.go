package notify

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// Sender hands a letter over. id is the same at every try, so that a letter
// that arrives twice can be told apart from two letters.
type Sender interface {
	Send(ctx context.Context, id string, m Mail) error
}

// Pauses between the tries of a letter. After the last one it is given up.
var pauses = []time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

const (
	batch = 20
	lease = 10 * time.Minute // how long a letter is left to the node that took it
	every = 30 * time.Second // how often the outbox is looked into unasked
	once  = 30 * time.Second // how long one letter may take
)

// Runner sends what is in the outbox.
type Runner struct {
	Store  store.Store
	Sender Sender
	Now    func() time.Time
	Log    *slog.Logger

	wake chan struct{}
}

// NewRunner returns a runner. Give its Wake to the Outbox.
func NewRunner(s store.Store, sender Sender, now func() time.Time, log *slog.Logger) *Runner {
	return &Runner{Store: s, Sender: sender, Now: now, Log: log, wake: make(chan struct{}, 1)}
}

// Wake makes a running Run look into the outbox now.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run sends letters until ctx is over.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		n, err := r.Flush(ctx)
		if err != nil && ctx.Err() == nil {
			r.Log.Error("outbox", "err", err)
		}
		if n == batch && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// Flush tries up to a batch of the letters that are due, once each, and
// returns how many it tried. A letter that could not be sent is tried again
// later; that is no error of Flush.
func (r *Runner) Flush(ctx context.Context) (int, error) {
	due, err := r.take(ctx)
	if err != nil {
		return 0, err
	}
	for i, w := range due {
		if err := r.try(ctx, w); err != nil {
			return i, err
		}
	}
	return len(due), nil
}

// take claims letters, so that another node leaves them alone for a while.
func (r *Runner) take(ctx context.Context) (due []waiting, err error) {
	now := r.Now().UTC()
	if due, err = store.Get(ctx, r.Store, func(tx store.Tx) ([]waiting, error) { return dueTx(tx, now) }); err != nil || len(due) == 0 {
		return nil, err
	}
	err = r.Store.Update(ctx, func(tx store.Tx) error {
		if due, err = dueTx(tx, now); err != nil {
			return err
		}
		for _, w := range due {
			w.Due = now.Add(lease)
			if err := letters.Put(tx, w); err != nil {
				return err
			}
		}
		return nil
	})
	return due, err
}

func dueTx(tx store.Tx, now time.Time) ([]waiting, error) {
	var due []waiting
	for w, err := range letters.By(tx, "due", store.Prefix("due/")) {
		if err != nil {
			return nil, err
		}
		if w.Due.After(now) || len(due) == batch {
			break
		}
		due = append(due, w)
	}
	return due, nil
}

func (r *Runner) try(ctx context.Context, w waiting) error {
	var sendErr error
	if w.Mail.Expires.IsZero() || r.Now().Before(w.Mail.Expires) {
		ctx, cancel := context.WithTimeout(ctx, once)
		sendErr = r.Sender.Send(ctx, w.ID, w.Mail)
		cancel()
	}
	// What was sent is forgotten even when the portal is being stopped.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), once)
	defer cancel()
	return r.Store.Update(ctx, func(tx store.Tx) error {
		if sendErr == nil {
			return letters.Delete(tx, w.ID)
		}
		return letters.Put(tx, r.later(w, sendErr))
	})
}

// later is a letter after a try that failed: due again after a pause, or dead.
func (r *Runner) later(w waiting, err error) waiting {
	w.Error = strings.ReplaceAll(err.Error(), w.Mail.To, "…") // logs name nobody
	var never *permanent
	if w.Tries >= len(pauses) || errors.As(err, &never) {
		w.Dead = true
		r.Log.Error("letter given up", "letter", w.ID, "tries", w.Tries+1, "err", w.Error)
	} else {
		w.Due = r.Now().UTC().Add(pauses[w.Tries])
		r.Log.Warn("letter not sent, will be tried again", "letter", w.ID, "tries", w.Tries+1, "err", w.Error)
	}
	w.Tries++
	return w
}

// permanent is a failure that no later try would mend.
type permanent struct{ err error }

func (p *permanent) Error() string { return p.err.Error() }
func (p *permanent) Unwrap() error { return p.err }

// Never marks an error of a Sender as one that will not go away: the letter is
// given up at once.
func Never(err error) error { return &permanent{err} }

// Forget drops the letters that were given up more than keep ago and returns
// how many.
func Forget(ctx context.Context, s store.Store, before time.Time) (n int, err error) {
	err = s.Update(ctx, func(tx store.Tx) error {
		n = 0
		for w, err := range letters.By(tx, "due", store.Prefix("dead/")) {
			if err != nil {
				return err
			}
			if !w.Stored.Before(before) {
				return nil
			}
			if err := letters.Delete(tx, w.ID); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
