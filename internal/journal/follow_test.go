package journal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// reader is a follower that remembers what it was given.
type reader struct {
	mu    sync.Mutex
	seen  []string
	sizes []int
	fail  func() error // asked before each batch
}

func (r *reader) handle(_ context.Context, entries []journal.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sizes = append(r.sizes, len(entries))
	if r.fail != nil {
		if err := r.fail(); err != nil {
			return err
		}
	}
	r.seen = append(r.seen, subjects(entries)...)
	return nil
}

func (r *reader) saw(t *testing.T, want ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if d := cmp.Diff(want, r.seen); d != "" {
		t.Errorf("seen (-want +got):\n%s", d)
	}
}

// start runs follow until the returned function is called.
func start(t *testing.T, follow func(ctx context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := follow(ctx); err != nil {
			t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
	})
	t.Cleanup(stop)
	return stop
}

func (r *reader) start(t *testing.T, j *journal.Journal, name string, opts ...journal.FollowOption) (stop func()) {
	t.Helper()
	return start(t, func(ctx context.Context) error { return j.Follow(ctx, name, r.handle, opts...) })
}

func wait(t *testing.T, j *journal.Journal, name string, seq uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := j.Wait(ctx, name, seq); err != nil {
		t.Fatal(err)
	}
}

func TestAFollowerGetsOldEntriesAtTheStartAndNewOnesOnCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, "case:a", "case:b")
		var r reader
		r.start(t, j, "search")
		wait(t, j, "search", 2)
		r.saw(t, "case:a", "case:b")
		write(t, s, j, "case:c")
		wait(t, j, "search", j.Seq())
		r.saw(t, "case:a", "case:b", "case:c")
	})
}

func TestAFollowerGoesOnWhereItStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		var first, second reader
		stop := first.start(t, j, "mail")
		write(t, s, j, "case:a")
		wait(t, j, "mail", 1)
		stop()
		write(t, s, j, "case:b")

		j = opened(t, s) // as after a restart
		second.start(t, j, "mail")
		wait(t, j, "mail", 2)
		first.saw(t, "case:a")
		second.saw(t, "case:b")
	})
}

func TestAFollowerGetsBatches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, make2500()...)
		var r reader
		r.start(t, j, "search", journal.Batch(900))
		wait(t, j, "search", 2500)
		if !slices.Equal(r.sizes, []int{900, 900, 700}) {
			t.Errorf("batches of %v", r.sizes)
		}
		if !slices.Equal(r.seen, make2500()) {
			t.Error("not every entry, or not in order")
		}
	})
}

// What nobody waits for is handled together; who waits is not kept waiting.
func TestAFollowerThatLingersIsHurriedByWhoWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		var r reader
		r.start(t, j, "search", journal.Linger(time.Hour))
		write(t, s, j, "case:a")
		wait(t, j, "search", 1) // it may have begun to linger, or not yet
		for _, subject := range []string{"case:b", "case:c", "case:d"} {
			write(t, s, j, subject)
		}
		wait(t, j, "search", 4)
		r.saw(t, "case:a", "case:b", "case:c", "case:d")
		if len(r.sizes) > 3 {
			t.Errorf("batches of %v though nobody waited", r.sizes)
		}
	})
}

func TestAFollowerThatFailsOrPanicsGetsTheSameEntriesAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		tries := 0
		r := reader{fail: func() error {
			tries++
			switch tries {
			case 1:
				return errors.New("on purpose")
			case 2:
				panic("on purpose")
			}
			return nil
		}}
		r.start(t, j, "mail")
		write(t, s, j, "case:a")
		wait(t, j, "mail", 1)
		r.saw(t, "case:a")
		if tries != 3 {
			t.Errorf("%d tries", tries)
		}
	})
}

func TestANewFollowerMayBeginAtTheHead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, "case:old")
		var r reader
		stop := r.start(t, j, "mail", journal.FromHead())
		wait(t, j, "mail", 1)
		stop()
		write(t, s, j, "case:while away")
		r.start(t, j, "mail", journal.FromHead())
		wait(t, j, "mail", 2)
		r.saw(t, "case:while away")
	})
}

func TestAFollowerLooksWithoutBeingWoken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		here, there := opened(t, s, journal.Pace(time.Millisecond, time.Millisecond)), opened(t, s)
		var r reader
		r.start(t, here, "search")
		write(t, s, there, "case:a") // another node: nobody wakes us
		wait(t, here, "search", 1)
		r.saw(t, "case:a")
	})
}

func TestAFollowerCanBeWokenFromOutside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		here, there := opened(t, s), opened(t, s)
		var r reader
		r.start(t, here, "search")
		write(t, s, there, "case:a")
		here.Wake()
		wait(t, here, "search", 1)
		r.saw(t, "case:a")
	})
}

func TestANameIsFollowedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, "case:a")
		var r reader
		r.start(t, j, "search")
		wait(t, j, "search", 1)
		if err := j.Follow(t.Context(), "search", r.handle); err == nil {
			t.Error("a second one was let in")
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, "case:a")
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := j.Wait(ctx, "nobody", 1); !errors.Is(err, journal.ErrBehind) || !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestLagCountsWhatIsLeft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, "case:a", "case:b", "case:c")
		lag := func() uint64 {
			n, err := j.Lag(t.Context(), "search")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := lag(); n != 3 {
			t.Errorf("lag %d before it runs", n)
		}
		var r reader
		stop := r.start(t, j, "search")
		wait(t, j, "search", 3)
		stop()
		write(t, s, j, "case:d")
		if n := lag(); n != 1 {
			t.Errorf("lag %d", n)
		}
	})
}

// keeper is an index in memory with its cursor.
type keeper struct {
	reader
	cursor   journal.Position
	rebuilt  int
	stubborn bool // keeps a foreign cursor
}

func (k *keeper) Cursor(context.Context) (journal.Position, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.cursor, nil
}

func (k *keeper) Handle(ctx context.Context, entries []journal.Entry, upTo journal.Position) error {
	if err := k.handle(ctx, entries); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cursor = upTo
	return nil
}

func (k *keeper) Rebuild(_ context.Context, head journal.Position) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.rebuilt++
	if !k.stubborn || k.rebuilt > 2 {
		k.seen = []string{fmt.Sprint("everything up to ", head.Seq)}
		k.cursor = head
	}
	return nil
}

func TestAKeeperRebuildsWhenItsCursorIsOfAnotherJournal(t *testing.T) {
	foreign := map[string]func(journal.Position) journal.Position{
		"another portal":                func(p journal.Position) journal.Position { p.Portal = "other"; return p },
		"a backup was restored":         func(p journal.Position) journal.Position { p.Seq += 5; return p },
		"restored, then written afresh": func(p journal.Position) journal.Position { p.Hash[0]++; return p },
		"another genesis":               func(p journal.Position) journal.Position { p.Seq = 0; return p },
	}
	for name, change := range foreign {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) {
				j := opened(t, s)
				write(t, s, j, "case:a", "case:b")
				k := &keeper{cursor: change(head(t, s, j).Position)}
				start(t, func(ctx context.Context) error { return j.FollowKeeper(ctx, "search", k) })
				wait(t, j, "search", 2)
				write(t, s, j, "case:c")
				wait(t, j, "search", 3)
				k.saw(t, "everything up to 2", "case:c")
				if k.rebuilt != 1 {
					t.Errorf("rebuilt %d times", k.rebuilt)
				}
			})
		})
	}
}

func TestAKeeperGoesOnFromItsOwnCursor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		empty := head(t, s, j).Position
		write(t, s, j, "case:a")
		at := head(t, s, j).Position
		write(t, s, j, "case:b")
		tests := map[string]struct {
			cursor journal.Position
			want   []string
		}{
			"none yet":         {journal.Position{}, []string{"case:a", "case:b"}},
			"an empty journal": {empty, []string{"case:a", "case:b"}},
			"in the middle":    {at, []string{"case:b"}},
		}
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				k := &keeper{cursor: tt.cursor}
				start(t, func(ctx context.Context) error { return j.FollowKeeper(ctx, name, k) })
				wait(t, j, name, 2)
				k.saw(t, tt.want...)
				if k.rebuilt != 0 || k.cursor != head(t, s, j).Position {
					t.Errorf("rebuilt %d times, cursor %+v", k.rebuilt, k.cursor)
				}
			})
		}
	})
}

func TestAKeeperThatKeepsAForeignCursorIsAskedAgainLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, "case:a")
		k := &keeper{cursor: journal.Position{Portal: "other"}, stubborn: true}
		start(t, func(ctx context.Context) error { return j.FollowKeeper(ctx, "search", k) })
		wait(t, j, "search", 1)
		if k.rebuilt != 3 {
			t.Errorf("rebuilt %d times", k.rebuilt)
		}
	})
}

func TestAStoredCursorOfAnotherJournalBeginsAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		var r reader
		stop := r.start(t, j, "mail")
		write(t, s, j, "case:a", "case:b")
		wait(t, j, "mail", 2)
		stop()
		forget(t, s)

		j = opened(t, s)
		write(t, s, j, "case:x", "case:y")
		told := false
		tell := journal.OnForeign(func(context.Context) error { told = true; return nil })
		stop = r.start(t, j, "mail", tell)
		wait(t, j, "mail", 2)
		stop()
		r.saw(t, "case:a", "case:b", "case:x", "case:y")
		if !told {
			t.Error("it was not told")
		}
	})
}
