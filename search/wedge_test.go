package search_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/search"
)

// hold stops the index library where it announces what it is about to do, as
// a deadlock in it would. The zero hold stops nothing.
var hold holder

type holder struct {
	kind atomic.Int64 // of the events that are held, +1
	left atomic.Int64 // how many more
	free atomic.Pointer[chan struct{}]
}

func init() {
	next := scorch.RegistryEventCallbacks["kokeilu"]
	scorch.RegistryEventCallbacks["kokeilu"] = func(e scorch.Event) bool {
		if int64(e.Kind)+1 == hold.kind.Load() && hold.left.Add(-1) >= 0 {
			<-*hold.free.Load()
		}
		return next(e)
	}
}

// wedge holds the next event of a kind until the test is over.
func wedge(t *testing.T, kind scorch.EventKind) {
	t.Helper()
	free := make(chan struct{})
	hold.free.Store(&free)
	hold.left.Store(1)
	hold.kind.Store(int64(kind) + 1)
	t.Cleanup(func() {
		hold.kind.Store(0)
		close(free)
	})
}

// until waits for something that comes soon.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s did not come", what)
		}
	}
}

// finds fails the test unless a word is found so often.
func finds(t *testing.T, x *search.Index, typed string, want int) {
	t.Helper()
	got, err := x.Search(t.Context(), search.Request{Text: typed, Lang: "en"})
	if err != nil || got.Total != want {
		t.Errorf("%q: %d found, %v; want %d", typed, got.Total, err, want)
	}
}

// quickly fails the test when f takes longer than limit.
func quickly(t *testing.T, what string, limit time.Duration, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if took := time.Since(start); took > limit {
		t.Errorf("%s took %s, at most %s", what, took, limit)
	}
}

var (
	here  = journal.Position{Portal: "p", Seq: 1}
	there = journal.Position{Portal: "p", Seq: 2}
)

// follow does what the journal does with a follower whose cursor is foreign.
func follow(t *testing.T, x *search.Index) {
	t.Helper()
	f := search.Follower{Index: x}
	cursor, err := f.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if cursor.Portal != here.Portal {
		if err := f.Rebuild(t.Context(), there); err != nil {
			t.Fatal(err)
		}
	}
}

// remembering is a log that tests can count in.
type remembering struct {
	mu   sync.Mutex
	said map[string]int
}

func (r *remembering) Write(line []byte) (int, error) {
	var entry struct{ Msg string }
	if err := json.Unmarshal(line, &entry); err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said[entry.Msg]++
	return len(line), nil
}

func (r *remembering) count(msg string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said[msg]
}

func logged() (*slog.Logger, *remembering) {
	r := &remembering{said: map[string]int{}}
	return slog.New(slog.NewJSONHandler(r, nil)), r
}

const (
	brokeSaid  = "the search index broke and will be made anew; pages and writing go on"
	healedSaid = "the search index is whole again"
)

func TestAWedgedBatchIsGivenUpAndReplaced(t *testing.T) {
	x := open(t, library())
	log, said := logged()
	x.Log, x.Patience = log, 300*time.Millisecond
	woken := make(chan struct{}, 1)
	x.Wake = func() { woken <- struct{}{} }
	old := x.Live()
	wedge(t, scorch.EventKindBatchIntroductionStart)

	quickly(t, "a wedged batch", 3*time.Second, func() {
		if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "en1"}}, []byte("late")); err == nil {
			t.Error("a batch that never comes back is said to be written")
		}
	})
	select {
	case <-woken:
	default:
		t.Error("nobody was called to mend the index")
	}
	for range 5 {
		quickly(t, "a search of a wedged index", 100*time.Millisecond, func() {
			if _, err := x.Search(t.Context(), search.Request{Text: "reminders"}); !errors.Is(err, search.ErrUnavailable) {
				t.Errorf("Search = %v, want ErrUnavailable", err)
			}
		})
	}
	if h := x.Health(t.Context()); h.State != search.Broken || h.Answers || h.Cause == "" {
		t.Errorf("health is %+v", h)
	}
	x.Patience = 0
	follow(t, x)
	finds(t, x, "reminders", 1)
	if h := x.Health(t.Context()); h.State != search.OK || h.Heals != 1 || h.Documents != 6 || h.Cause != "" {
		t.Errorf("health after mending is %+v", h)
	}
	until(t, "the removal of the wedged index", func() bool { _, err := os.Stat(old); return os.IsNotExist(err) })
	if said.count(brokeSaid) != 1 || said.count(healedSaid) != 1 {
		t.Errorf("the log says %v", said.said)
	}
}

func TestClosingAWedgedIndexIsBounded(t *testing.T) {
	x := open(t, library())
	x.Patience = 100 * time.Millisecond
	wedge(t, scorch.EventKindBatchIntroductionStart)
	_ = x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "en1"}}, nil)
	quickly(t, "closing", 5*time.Second, func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestAPortalThatStopsDoesNotWaitForAWedgedBatch(t *testing.T) {
	x := open(t, library())
	wedge(t, scorch.EventKindBatchIntroductionStart)
	ctx, stop := context.WithCancel(t.Context())
	written := make(chan error, 1)
	go func() { written <- x.Apply(ctx, []search.Ref{{Kind: "case", ID: "en1"}}, nil) }()
	stop()
	quickly(t, "stopping", 5*time.Second, func() {
		if err := <-written; !errors.Is(err, context.Canceled) {
			t.Errorf("Apply = %v", err)
		}
		_ = x.Close()
	})
}

func TestAMergerThatStandsStillIsNoticed(t *testing.T) {
	more := library()
	x := open(t, more)
	x.Patience = 700 * time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { x.Watch(ctx) })
	defer watching.Wait()
	defer stop()
	wedge(t, scorch.EventKindPreMergeCheck)
	n := 0
	until(t, "the notice", func() bool {
		n++
		id := fmt.Sprint("more", n)
		more[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: "One more"}
		if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: id}}, []byte(id)); err != nil && x.Healthy() {
			t.Fatal(err)
		}
		return !x.Healthy()
	})
	if h := x.Health(t.Context()); h.State != search.Broken {
		t.Errorf("health is %+v", h)
	}
	finds(t, x, "reminders", 1) // it still answers
	follow(t, x)
	finds(t, x, "reminders", 1)
}

func TestOnlyWorkThatPilesUpIsAStandstill(t *testing.T) {
	type look struct{ done, left uint64 } // one a second
	tests := map[string]struct {
		looks []look
		want  time.Duration
	}{
		"nothing to do":           {[]look{{5, 3}, {5, 3}, {5, 3}}, 0},
		"little left":             {[]look{{5, 3}, {5, 9}, {5, 15}}, 0},
		"much left, and it moves": {[]look{{5, 3}, {6, 40}, {7, 80}}, 0},
		"much left":               {[]look{{5, 3}, {5, 40}, {5, 80}}, 2 * time.Second},
		"a burst after a rest":    {[]look{{5, 3}, {5, 3}, {5, 3}, {5, 40}}, time.Second},
		"it went on in between":   {[]look{{5, 3}, {5, 40}, {6, 41}, {6, 80}}, time.Second},
		"much left before it":     {[]look{{5, 90}, {5, 95}, {5, 99}}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var s search.Standstill
				var got time.Duration
				for _, l := range tt.looks {
					time.Sleep(time.Second)
					got = s.Lasts(l.done, l.left)
				}
				if got != tt.want {
					t.Errorf("it lasts %s, want %s", got, tt.want)
				}
			})
		})
	}
}
