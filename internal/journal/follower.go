package journal

import (
	"context"
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// FollowOption changes how one follower works.
type FollowOption func(*following)

type following struct {
	batch    int
	linger   time.Duration
	fromHead bool
	rebuild  func(context.Context) error
}

// Batch sets how many entries are handed over at most at once.
func Batch(n int) FollowOption { return func(f *following) { f.batch = n } }

// Linger lets a follower wait for more entries when one comes, at most for d, so
// that many small changes cost it no more than a few. It does not wait when
// somebody waits for it (see Journal.Wait).
func Linger(d time.Duration) FollowOption { return func(f *following) { f.linger = d } }

// FromHead lets a new follower begin with the next entry, not with the first:
// nobody wants mail about last year.
func FromHead() FollowOption { return func(f *following) { f.fromHead = true } }

// OnForeign sets what is done before a follower begins anew because its cursor
// is none of this journal.
func OnForeign(f func(ctx context.Context) error) FollowOption {
	return func(s *following) { s.rebuild = f }
}

func settings(opts []FollowOption) following {
	set := following{batch: 1000}
	for _, o := range opts {
		o(&set)
	}
	return set
}

// follower is what the journal knows about one who follows.
type follower struct {
	wake  chan struct{}
	hurry chan struct{} // somebody waits

	mu      sync.Mutex
	running bool
	passed  uint64
	moved   chan struct{} // closed when passed grows
}

func (f *follower) poke() { signal(f.wake) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (f *follower) moveTo(seq uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if seq != f.passed {
		f.passed = seq
		close(f.moved)
		f.moved = make(chan struct{})
	}
}

func (f *follower) at() (seq uint64, moved <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.passed, f.moved
}

func (j *Journal) follower(name string) *follower {
	j.mu.Lock()
	defer j.mu.Unlock()
	f := j.followers[name]
	if f == nil {
		f = &follower{wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1), moved: make(chan struct{})}
		j.followers[name] = f
	}
	return f
}

// ErrBehind is returned by Wait when ctx was over first.
var ErrBehind = fault.New(fault.Unavailable, "error.busy")

// Wait returns when the follower has handled entry seq, or fails with
// ErrBehind when ctx is done before.
func (j *Journal) Wait(ctx context.Context, name string, seq uint64) error {
	f := j.follower(name)
	for {
		passed, moved := f.at()
		if passed >= seq {
			return nil
		}
		signal(f.hurry)
		select {
		case <-moved:
		case <-ctx.Done():
			return ErrBehind.Because(ctx.Err())
		}
	}
}

// Lag returns how many entries the follower has yet to handle. One that does
// not run in this process has not handled any.
func (j *Journal) Lag(ctx context.Context, name string) (uint64, error) {
	passed, _ := j.follower(name).at()
	head, err := store.Get(ctx, j.store, j.Head)
	if err != nil || head.Seq < passed {
		return 0, err
	}
	return head.Seq - passed, nil
}

// Followers returns the entry that each follower running in this process has
// handled last.
func (j *Journal) Followers() map[string]uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	passed := map[string]uint64{}
	for name, f := range j.followers {
		if seq, running := f.state(); running {
			passed[name] = seq
		}
	}
	return passed
}

func (f *follower) state() (passed uint64, running bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.passed, f.running
}
