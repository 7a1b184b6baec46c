package pagecache

import (
	"hash/maphash"
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/kokeilu/kokeilu/internal/store"
)

// slotCount bounds the memory of generations. Two scopes that share a slot make
// a page older than it is, never younger.
const slotCount = 1 << 16

// Generations say when something was last changed: a number for each scope,
// counted up by every change. A scope is a key that was read, a range of keys
// that was looked through, or a name such as the index of the search. It is
// safe for many goroutines.
type Generations struct {
	mu    sync.Mutex // one raise at a time
	now   atomic.Uint64
	seed  maphash.Seed
	slots [slotCount]atomic.Uint64
	fine  map[string]bool // families whose things other nodes name one by one
}

// NewGenerations returns generations in which nothing has changed yet. A
// family is the buckets whose names begin with the same word: case, case_row,
// case_row/newest. When another node changes a thing of a fine family, only
// what shows this thing, or a list, is old; of other families, all that shows
// anything of it.
func NewGenerations(fine ...string) *Generations {
	g := &Generations{seed: maphash.MakeSeed(), fine: map[string]bool{}}
	for _, family := range fine {
		g.fine[family] = true
	}
	return g
}

// familyOf is the first word of a bucket's name.
func familyOf(bucket string) string {
	if i := strings.IndexAny(bucket, "_/"); i >= 0 {
		return bucket[:i]
	}
	return bucket
}

// Now is the number of the last change. What is read from the store after Now
// has returned n shows every change up to n.
func (g *Generations) Now() uint64 { return g.now.Load() }

// Wrote raises what depends on the writes of a commit. The store calls it
// between the commit and the answers.
func (g *Generations) Wrote(writes iter.Seq[store.Write]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.now.Load() + 1
	defer g.now.Store(n) // after the slots: whoever sees n sees them
	last := ""
	for w := range writes {
		g.slots[g.key(w.Bucket, w.Key)].Store(n)
		if head := headOf(w.Key); head != "" {
			g.slots[g.span(w.Bucket, head)].Store(n)
		}
		if w.Bucket != last {
			g.slots[g.span(w.Bucket, "")].Store(n)
			last = w.Bucket
		}
	}
}

// ChangedElsewhere raises what depends on a thing that another node has
// changed, of which only the id and the families of its records are known.
func (g *Generations) ChangedElsewhere(id string, families ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.now.Load() + 1
	defer g.now.Store(n)
	g.slots[g.thing(id)].Store(n)
	for _, f := range families {
		g.slots[g.family(f)].Store(n)
	}
}

// Raise says that what has a name has changed.
func (g *Generations) Raise(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.now.Load() + 1
	defer g.now.Store(n)
	g.slots[g.named(name)].Store(n)
}

// unchanged reports whether nothing in slots was raised after start.
func (g *Generations) unchanged(start uint64, slots []uint16) bool {
	for _, s := range slots {
		if g.slots[s].Load() > start {
			return false
		}
	}
	return true
}

// The slots of the scopes. The first letter keeps kinds apart.
func (g *Generations) key(bucket, key string) uint16     { return g.slot('k', bucket, key) }
func (g *Generations) span(bucket, prefix string) uint16 { return g.slot('r', bucket, prefix) }
func (g *Generations) thing(id string) uint16            { return g.slot('t', id, "") }
func (g *Generations) family(name string) uint16         { return g.slot('f', name, "") }
func (g *Generations) named(name string) uint16          { return g.slot('n', name, "") }

func (g *Generations) slot(kind byte, a, b string) uint16 {
	var h maphash.Hash
	h.SetSeed(g.seed)
	_ = h.WriteByte(kind) // a hash takes everything
	_, _ = h.WriteString(a)
	_ = h.WriteByte(0)
	_, _ = h.WriteString(b)
	return uint16(h.Sum64())
}

// separators end the first part of a key: "ID/2026" and "value\x00ID".
const separators = "/|\x00"

// headOf is the first part of a key with its separator, "" when it has none.
func headOf(key string) string {
	if i := strings.IndexAny(key, separators); i >= 0 {
		return key[:i+1]
	}
	return ""
}
