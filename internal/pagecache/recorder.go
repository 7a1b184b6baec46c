package pagecache

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// A Recorder notes, while a page is made, what the page depends on. It is the
// store.Reads of the page's context, so that nobody who reads the store can
// forget to say so.
type Recorder struct {
	gens  *Generations
	start uint64 // generation from before the first read

	mu      sync.Mutex
	slots   map[uint16]bool
	until   time.Time
	private bool
}

func newRecorder(g *Generations, until time.Time) *Recorder {
	return &Recorder{gens: g, start: g.Now(), slots: map[uint16]bool{}, until: until}
}

type recorderKey struct{}

// with returns the context in which a page is made.
func (r *Recorder) with(ctx context.Context) context.Context {
	return store.WithReads(context.WithValue(ctx, recorderKey{}, r), r)
}

func recorderOf(ctx context.Context) *Recorder {
	r, _ := ctx.Value(recorderKey{}).(*Recorder)
	return r
}

// Read notes that a page shows the value at key.
func (r *Recorder) Read(bucket, key string) {
	id := key
	if head := headOf(key); head != "" {
		id = head[:len(head)-1]
	}
	r.note(r.gens.key(bucket, key), r.gens.thing(id))
	if family := familyOf(bucket); !r.gens.fine[family] {
		r.note(r.gens.family(family))
	}
}

// Scanned notes that a page shows what there is below prefix.
func (r *Recorder) Scanned(bucket, prefix string) {
	head := headOf(prefix)
	r.note(r.gens.span(bucket, head))
	family := familyOf(bucket)
	switch {
	case head == "" || bucketIsIndex(bucket) || !r.gens.fine[family]:
		r.note(r.gens.family(family)) // what is below is not of one thing
	default:
		r.note(r.gens.thing(strings.TrimRight(head, separators)))
	}
}

// bucketIsIndex tells the bucket of an index, "case_row/newest", from that of
// records.
func bucketIsIndex(bucket string) bool { return strings.Contains(bucket, "/") }

func (r *Recorder) note(slots ...uint16) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range slots {
		r.slots[s] = true
	}
}

// Shows notes that the page made in ctx shows what has a name, such as the
// index of the search.
func Shows(ctx context.Context, name string) {
	if r := recorderOf(ctx); r != nil {
		r.note(r.gens.named(name))
	}
}

// Until notes that the page made in ctx is right only before a moment. A zero
// or earlier moment says nothing.
func Until(ctx context.Context, now, end time.Time) {
	r := recorderOf(ctx)
	if r == nil || !end.After(now) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if end.Before(r.until) {
		r.until = end
	}
}

// Private notes that the page made in ctx is for this reader only: it has a
// one-time key, say.
func Private(ctx context.Context) {
	if r := recorderOf(ctx); r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.private = true
	}
}

// Apart returns ctx without what notes for a page: for what the page does not
// show.
func Apart(ctx context.Context) context.Context {
	if recorderOf(ctx) == nil {
		return ctx
	}
	return store.WithReads(context.WithValue(ctx, recorderKey{}, nil), nil)
}
