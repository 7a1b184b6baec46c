package store_test

import (
	"context"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// memory is the smallest driver there can be. It can be told to fail, which a
// disk does too rarely for tests.
type memory struct {
	mu      sync.Mutex
	state   map[string]map[string]string // never changed, only replaced
	commits []int                        // how many writes each had

	beforeWrite, beforeCommit func() error
}

func (m *memory) now() map[string]map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}

func (m *memory) Read(context.Context) (store.Snapshot, error) { return memorySnapshot{m.now()}, nil }

func (m *memory) Write(context.Context) (store.Group, error) {
	if m.beforeWrite != nil {
		if err := m.beforeWrite(); err != nil {
			return nil, err
		}
	}
	return memoryGroup{memorySnapshot{m.now()}, m}, nil
}

func (m *memory) Close() error { return nil }

type memorySnapshot struct {
	state map[string]map[string]string
}

func (s memorySnapshot) Get(bucket, key string) ([]byte, error) {
	v, ok := s.state[bucket][key]
	if !ok {
		return nil, store.ErrNotFound
	}
	return []byte(v), nil
}

func (s memorySnapshot) Scan(bucket string, r store.Range) iter.Seq2[store.Entry, error] {
	from, to := r.Bounds()
	return func(yield func(store.Entry, error) bool) {
		keys := slices.Sorted(maps.Keys(s.state[bucket]))
		if r.Reverse {
			slices.Reverse(keys)
		}
		for _, k := range keys {
			if k >= from && (to == "" || k < to) && !yield(store.Entry{Key: k, Value: []byte(s.state[bucket][k])}, nil) {
				return
			}
		}
	}
}

func (memorySnapshot) Close() {}

type memoryGroup struct {
	memorySnapshot
	m *memory
}

func (g memoryGroup) Commit(writes iter.Seq[store.Write]) error {
	if g.m.beforeCommit != nil {
		if err := g.m.beforeCommit(); err != nil {
			return err
		}
	}
	next, n := map[string]map[string]string{}, 0
	for name, bucket := range g.state {
		next[name] = maps.Clone(bucket)
	}
	for w := range writes {
		n++
		if next[w.Bucket] == nil {
			next[w.Bucket] = map[string]string{}
		}
		if w.Delete {
			delete(next[w.Bucket], w.Key)
		} else {
			next[w.Bucket][w.Key] = string(w.Value)
		}
	}
	g.m.mu.Lock()
	defer g.m.mu.Unlock()
	g.m.state = next
	g.m.commits = append(g.m.commits, n)
	return nil
}

func TestTheSmallestDriverKeepsTheContract(t *testing.T) {
	storetest.Contract(t, func(t testing.TB) store.Store {
		s := store.New(&memory{}, store.Strict(), store.Log(slog.New(slog.DiscardHandler)))
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
}
