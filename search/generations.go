package search

import (
	"sync"
	"sync/atomic"
)

// generations remember what was made for keys. When one generation is full,
// what was not asked for since the one before is forgotten.
type generations[K comparable, V any] struct {
	room  atomic.Int64 // of a generation
	weigh func(V) int64

	mu          sync.RWMutex
	now, before map[K]V
	weight      int64 // of now
}

func newGenerations[K comparable, V any](room int64, weigh func(V) int64) *generations[K, V] {
	g := &generations[K, V]{weigh: weigh}
	g.room.Store(room)
	return g
}

// get returns what is remembered for a key.
func (g *generations[K, V]) get(key K) (v V, ok bool) {
	g.mu.RLock()
	v, ok = g.now[key]
	fresh := ok
	if !ok {
		v, ok = g.before[key]
	}
	g.mu.RUnlock()
	if ok && !fresh {
		g.put(key, v)
	}
	return v, ok
}

// put remembers something, unless it would leave little room for anything else.
func (g *generations[K, V]) put(key K, v V) {
	n, room := g.weigh(v), g.room.Load()
	if n > room/4 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if old, ok := g.now[key]; ok {
		g.weight -= g.weigh(old)
	}
	if g.now == nil || g.weight+n > room {
		g.before, g.now, g.weight = g.now, map[K]V{}, 0
	}
	g.now[key] = v
	g.weight += n
}
