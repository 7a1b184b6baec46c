// Package pagecache keeps finished pages for everybody who is not signed in.
// A page is kept with what it was made of, and is made anew by the first who
// asks after any of that has changed: the reader of the very next request sees
// the change. It knows no page and no record; it sees what is read from the
// store while a page is made, and what is written.
package pagecache

import (
	"container/list"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// MaxAge bounds how long a page is kept although nothing that it shows has
// changed.
const MaxAge = 10 * time.Minute

// Page is a finished page.
type Page interface {
	// Size is about how many bytes of memory it takes.
	Size() int64
}

// Cache keeps pages by their address. It is safe for many goroutines.
type Cache[P Page] struct {
	gens     *Generations
	maxBytes int64
	zone     *time.Location

	mu      sync.RWMutex
	entries map[string]*entry[P]
	order   list.List // of *entry[P], the longest kept first
	bytes   int64
	making  map[string]*making

	hits, misses, evicted atomic.Uint64
}

// entry is a page that is kept.
type entry[P Page] struct {
	key     string
	page    P
	start   uint64   // generation the page was made of
	slots   []uint16 // what it depends on
	until   time.Time
	size    int64
	used    atomic.Bool   // since it last came to the front of the order
	checked atomic.Uint64 // last generation at which it was found to be right
	place   *list.Element
}

// making is a page that somebody makes and others wait for.
type making struct{ done chan struct{} }

// New returns an empty cache that takes about maxBytes of memory. Midnight in
// zone makes every page old: "week 5 of 12" changes then.
func New[P Page](g *Generations, maxBytes int64, zone *time.Location) *Cache[P] {
	return &Cache[P]{gens: g, maxBytes: maxBytes, zone: zone, entries: map[string]*entry[P]{}, making: map[string]*making{}}
}

// Get returns the page kept under key, if it is right at now. It does not keep
// the key's bytes.
func (c *Cache[P]) Get(key []byte, now time.Time) (page P, ok bool) {
	c.mu.RLock()
	e := c.entries[string(key)]
	c.mu.RUnlock()
	if e == nil || !c.right(e, now) {
		return page, false
	}
	c.hits.Add(1)
	return e.page, true
}

func (c *Cache[P]) right(e *entry[P], now time.Time) bool {
	if !now.Before(e.until) {
		return false
	}
	if g := c.gens.Now(); e.checked.Load() != g {
		if !c.gens.unchanged(e.start, e.slots) {
			return false
		}
		e.checked.Store(g)
	}
	if !e.used.Load() {
		e.used.Store(true)
	}
	return true
}

// Outcome says what became of a call of Make.
type Outcome uint8

const (
	Made   Outcome = iota // by this call's fill, and perhaps kept
	Waited                // for another's, and there is a page
	Alone                 // another's is not for everybody: the caller has to make its own
)

// Make makes the page of key. fill is given a context that notes what it reads,
// and says with keep whether the page is for everybody. Of several who ask for
// the same page at the same time one makes it and the others wait for it, until
// ctx is done.
func (c *Cache[P]) Make(ctx context.Context, key string, now func() time.Time, fill func(context.Context) (page P, keep bool, err error)) (page P, out Outcome, err error) {
	m, first := c.begin(key)
	if !first {
		select {
		case <-m.done:
		case <-ctx.Done():
		}
		if page, ok := c.Get([]byte(key), now()); ok {
			return page, Waited, nil
		}
		return page, Alone, nil
	}
	defer c.end(key, m)
	if page, ok := c.Get([]byte(key), now()); ok { // made by another since the caller looked
		return page, Waited, nil
	}
	c.misses.Add(1)
	r := newRecorder(c.gens, c.until(now()))
	page, keep, err := fill(r.with(ctx))
	if err == nil && keep {
		c.keep(key, page, r)
	}
	return page, Made, err
}

func (c *Cache[P]) begin(key string) (m *making, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m = c.making[key]; m != nil {
		return m, false
	}
	m = &making{done: make(chan struct{})}
	c.making[key] = m
	return m, true
}

func (c *Cache[P]) end(key string, m *making) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.making, key)
	close(m.done)
}

// until is when a page made now is old, whatever happens.
func (c *Cache[P]) until(now time.Time) time.Time {
	y, m, d := now.In(c.zone).Date()
	midnight := time.Date(y, m, d+1, 0, 0, 0, 0, c.zone)
	if old := now.Add(MaxAge); old.Before(midnight) {
		return old
	}
	return midnight
}

// keep stores a page with what was noted, unless it was noted that it is
// private, and drops others until there is room. A page that takes more than an
// eighth of the room is not kept.
func (c *Cache[P]) keep(key string, page P, r *Recorder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.private {
		return
	}
	e := &entry[P]{key: key, page: page, start: r.start, until: r.until, slots: slices.Collect(maps.Keys(r.slots))}
	e.checked.Store(r.start)
	e.size = page.Size() + int64(2*len(e.slots)+len(key))
	if e.size > c.maxBytes/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.entries[e.key]; old != nil {
		c.drop(old)
	}
	c.entries[e.key] = e
	e.place = c.order.PushBack(e)
	c.bytes += e.size
	for c.bytes > c.maxBytes {
		oldest := c.order.Front().Value.(*entry[P]) //nolint:forcetypeassert // nothing else is in it
		if oldest.used.Swap(false) && oldest != e {
			c.order.MoveToBack(oldest.place)
			continue
		}
		c.drop(oldest)
		c.evicted.Add(1)
	}
}

func (c *Cache[P]) drop(e *entry[P]) {
	delete(c.entries, e.key)
	c.order.Remove(e.place)
	c.bytes -= e.size
}

// Stats are the numbers of a cache for those who watch it.
type Stats struct {
	Hits, Misses, Evicted uint64
	Pages                 int
	Bytes                 int64
}

// Stats returns the numbers as they are now.
func (c *Cache[P]) Stats() Stats {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return Stats{c.hits.Load(), c.misses.Load(), c.evicted.Load(), len(c.entries), c.bytes}
}
