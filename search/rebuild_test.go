package search_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

// gate is a source that lets nobody read on before it is open.
type gate struct {
	shelf
	reading chan struct{}
	open    chan struct{}
}

func (g gate) IDs(ctx context.Context) iter.Seq2[string, error] {
	close(g.reading)
	<-g.open
	return g.shelf.IDs(ctx)
}

func TestSearchesAreAnsweredDuringARebuild(t *testing.T) {
	x := open(t, library())
	g := gate{library(), make(chan struct{}), make(chan struct{})}
	x.Sources = []search.Source{g}
	done := make(chan error, 1)
	go func() { done <- x.Rebuild(t.Context(), []byte("new")) }()
	<-g.reading
	finds(t, x, "reminders", 1)
	if h := x.Health(t.Context()); h.State != search.Rebuilding || !h.Answers {
		t.Errorf("health is %+v", h)
	}
	select {
	case <-x.Failing():
	default:
		t.Error("publishers would wait for a rebuild")
	}
	close(g.open)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	finds(t, x, "reminders", 1)
	if h := x.Health(t.Context()); h.State != search.OK || h.Heals != 0 {
		t.Errorf("health is %+v", h)
	}
}

// failing is a source that cannot be read.
type failing struct {
	shelf
	off *atomic.Bool
}

var errAway = errors.New("the database is away")

func (f failing) Document(ctx context.Context, id string) (search.Document, bool, error) {
	if f.off.Load() {
		return search.Document{}, false, errAway
	}
	return f.shelf.Document(ctx, id)
}

func TestASourceThatFailsDoesNotBreakTheIndex(t *testing.T) {
	var off atomic.Bool
	x := open(t, failing{library(), &off})
	off.Store(true)
	if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "en1"}}, nil); !errors.Is(err, errAway) {
		t.Errorf("Apply = %v", err)
	}
	if err := x.Rebuild(t.Context(), nil); !errors.Is(err, errAway) {
		t.Errorf("Rebuild = %v", err)
	}
	if !x.Healthy() {
		t.Error("the index is given up for the database's failure")
	}
	off.Store(false)
	finds(t, x, "reminders", 1)
	if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "en1"}}, []byte("next")); err != nil {
		t.Error(err)
	}
}

// watched is a source of large documents that notes how many were read.
type watched struct {
	shelf
	read *atomic.Int64
}

func (w watched) Document(ctx context.Context, id string) (search.Document, bool, error) {
	w.read.Add(1)
	return w.shelf.Document(ctx, id)
}

func TestARebuildReadsNotFarAheadOfWhatItWrites(t *testing.T) {
	large := shelf{}
	for i := range 20 {
		id := strings.Repeat("x", i+1)
		large[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: "Large", Body: strings.Repeat("reminders of a large text ", 40_000)[:1_000_000]}
	}
	var read atomic.Int64
	x := open(t)
	x.Sources = []search.Source{watched{large, &read}}
	done := make(chan error, 1)
	go func() { done <- x.Rebuild(t.Context(), nil) }()
	farthest := int64(0)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if n, of := x.Progress(); err != nil || n != len(large) || of != len(large) {
				t.Fatalf("%d of %d written, %v", n, of, err)
			}
			if farthest > 12 { // of a megabyte each
				t.Errorf("%d documents were read and not yet written", farthest)
			}
			return
		case <-tick.C:
			before, _ := x.Progress()
			farthest = max(farthest, read.Load()-int64(before))
		}
	}
}

func TestARebuildCountsWhatThereIs(t *testing.T) {
	many := shelf{}
	for i := range 1100 { // more than a few batches
		id := fmt.Sprintf("c%04d", i)
		many[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: "Reminders by post", Body: fmt.Sprintf("number%d of a series", i)}
	}
	x := open(t)
	x.Sources = []search.Source{many}
	begun, ended := 0, 0
	x.Rebuilding = func() func() { begun++; return func() { ended++ } }
	if err := x.Rebuild(t.Context(), []byte("here")); err != nil {
		t.Fatal(err)
	}
	if n, of := x.Progress(); n != len(many) || of != len(many) {
		t.Errorf("%d of %d, want %d", n, of, len(many))
	}
	if begun != 1 || ended != 1 {
		t.Errorf("said %d times that it begins, %d that it ends", begun, ended)
	}
	finds(t, x, "reminders", len(many))
	finds(t, x, "number1099", 1)
	if cursor, err := x.Cursor(t.Context()); err != nil || string(cursor) != "here" {
		t.Errorf("cursor %q, %v", cursor, err)
	}
	if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "c0007"}}, []byte("further")); err != nil {
		t.Error(err)
	}
	segments, err := filepath.Glob(filepath.Join(x.Live(), "store", "*.zap"))
	if err != nil || len(segments) == 0 || len(segments) > 4 {
		t.Errorf("%d segments, %v: they were to be written together", len(segments), err)
	}
}
