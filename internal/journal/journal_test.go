package journal_test

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// clock is a time that moves only when it is told to.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 3, 2, 22, 30, 0, 123456789, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func opened(t *testing.T, s store.Store, opts ...journal.Option) *journal.Journal {
	t.Helper()
	opts = append([]journal.Option{
		journal.Log(slog.New(slog.DiscardHandler)),
		journal.Pace(time.Hour, time.Millisecond),
	}, opts...)
	j := journal.New(s, opts...)
	if err := j.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return j
}

func write(t *testing.T, s store.Store, j *journal.Journal, subjects ...string) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for _, subject := range subjects {
			if err := j.Append(tx, journal.Entry{Actor: "aino", Kind: "case.changed", Subject: subject}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func head(t *testing.T, s store.Store, j *journal.Journal) journal.Head {
	t.Helper()
	h, err := store.Get(t.Context(), s, j.Head)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func subjects(list []journal.Entry) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.Subject)
	}
	return out
}

func TestEntriesAreNumberedDatedAndChained(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		c := newClock()
		j := opened(t, s, journal.Clock(c.now))
		begin := head(t, s, j)
		if begin.Seq != 0 || begin.Portal == "" || begin.Hash.IsZero() {
			t.Fatalf("a new journal begins at %+v", begin)
		}
		write(t, s, j, "case:a", "case:b")
		c.pass(time.Second)
		write(t, s, j, "case:c")

		list, err := store.Get(t.Context(), s, func(tx store.Tx) ([]journal.Entry, error) { return j.List(tx, 0, 10) })
		if err != nil || len(list) != 3 {
			t.Fatalf("List = %v, %v", list, err)
		}
		prev := begin.Hash
		for i, e := range list {
			if e.Seq != uint64(i+1) || e.Prev != prev || e.Hash != e.Sum() || e.Actor != "aino" {
				t.Errorf("entry %d is %+v", i+1, e)
			}
			prev = e.Hash
		}
		if !list[2].Time.Equal(c.now()) || list[2].Time.Sub(list[1].Time) != time.Second {
			t.Errorf("times %v, %v", list[1].Time, list[2].Time)
		}
		end := head(t, s, j)
		if end.Position != (journal.Position{Portal: begin.Portal, Seq: 3, Hash: list[2].Hash}) || !end.Time.Equal(c.now()) {
			t.Errorf("head %+v", end)
		}
		if j.Seq() != 3 {
			t.Errorf("Seq() = %d", j.Seq())
		}
	})
}

func TestListsGoForwardsAndBackwardsByPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		var all []string
		for i := range 300 { // more than one byte of numbers
			all = append(all, fmt.Sprintf("case:%d", i+1))
		}
		write(t, s, j, all...)
		err := s.View(t.Context(), func(tx store.Tx) error {
			first, err1 := j.List(tx, 0, 2)
			middle, err2 := j.List(tx, 254, 3)
			last, err3 := j.List(tx, 299, 50)
			none, err4 := j.List(tx, 300, 50)
			newest, err5 := j.Latest(tx, 0, 2)
			older, err6 := j.Latest(tx, 257, 2)
			got := [][]string{subjects(first), subjects(middle), subjects(last), subjects(none), subjects(newest), subjects(older)}
			want := [][]string{{"case:1", "case:2"}, {"case:255", "case:256", "case:257"}, {"case:300"}, nil,
				{"case:300", "case:299"}, {"case:256", "case:255"}}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			return errors.Join(err1, err2, err3, err4, err5, err6)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAFailedChangeLeavesNoEntryAndNoGap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		j.OnAppend(func(e journal.Entry) {
			if e.Subject != "case:good" {
				t.Errorf("announced %+v", e)
			}
		})
		refused := errors.New("refused")
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return errors.Join(j.Append(tx, journal.Entry{Kind: "k", Subject: "case:bad"}), refused)
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		write(t, s, j, "case:good")
		if h := head(t, s, j); h.Seq != 1 {
			t.Errorf("head %+v", h)
		}
	})
}

func TestManyWritersMakeOneChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		var announced []uint64 // one at a time: between commit and answer
		j.OnAppend(func(e journal.Entry) { announced = append(announced, e.Seq) })
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				for range 10 {
					write(t, s, j, fmt.Sprintf("case:%d", i))
				}
			})
		}
		wg.Wait()
		if h, err := j.Verify(t.Context()); err != nil || h.Seq != 200 {
			t.Errorf("Verify = %d, %v", h.Seq, err)
		}
		for i, seq := range announced {
			if seq != uint64(i+1) {
				t.Fatalf("announced %v", announced)
			}
		}
		if len(announced) != 200 {
			t.Errorf("%d announced", len(announced))
		}
	})
}

func TestAnEntryThatCouldNotBeReadBackIsRefused(t *testing.T) {
	tests := map[string]journal.Entry{
		"no kind":             {Subject: "case:a"},
		"no subject":          {Kind: "k"},
		"a subject, not text": {Kind: "k", Subject: "\xff"},
		"an actor, not text":  {Kind: "k", Subject: "case:a", Actor: "\xff"},
	}
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		for name, e := range tests {
			t.Run(name, func(t *testing.T) {
				err := s.Update(t.Context(), func(tx store.Tx) error { return j.Append(tx, e) })
				if err == nil {
					t.Error("it was appended")
				}
			})
		}
	})
}

func TestThePortalKeepsItsIDWhenTheJournalIsOpenedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		first := head(t, s, opened(t, s))
		write(t, s, opened(t, s), "case:a")
		again := opened(t, s)
		if second := head(t, s, again); second.Portal != first.Portal || again.Seq() != 1 {
			t.Errorf("%+v, then %+v", first, second)
		}
	})
}

func TestTheHashOfAnEntryNeverChanges(t *testing.T) {
	e := journal.Entry{
		Seq: 7, Time: time.Date(2026, 3, 2, 1, 2, 3, 4, time.UTC),
		Actor: "aino", Kind: "case.changed", Subject: "case:ä", Before: []byte{1}, After: []byte{2, 3},
	}
	const want = "1606b069e4df67c4d65c9716f15a6e3e22e0754ff9303fc3d2b4e1d787b1b2fb"
	if got := e.Sum().String(); got != want {
		t.Errorf("Sum() = %s, want %s: published heads would no longer verify", got, want)
	}
	moved := e
	moved.Actor, moved.Kind = "ainoc", "ase.changed"
	if moved.Sum() == e.Sum() {
		t.Error("letters may move from one field to the next")
	}
	moved = e
	moved.Time = e.Time.In(time.FixedZone("", 3600))
	if moved.Sum() != e.Sum() {
		t.Error("the hash depends on the time zone")
	}
}

func TestHashesAreReadBack(t *testing.T) {
	h := journal.Entry{Kind: "k"}.Sum()
	if got, err := journal.ParseHash(h.String()); err != nil || got != h {
		t.Errorf("ParseHash = %v, %v", got, err)
	}
	for _, bad := range []string{"", "ab", h.String() + "00", "x" + h.String()[1:]} {
		if _, err := journal.ParseHash(bad); err == nil {
			t.Errorf("ParseHash(%q) gave no error", bad)
		}
	}
}
