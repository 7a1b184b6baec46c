package store

import (
	"bytes"
	"context"
	"runtime"
	"strconv"
	"sync"
)

type insideKey struct{}

// mark returns the context of a transaction.
func mark(ctx context.Context) context.Context {
	return context.WithValue(ctx, insideKey{}, true)
}

func inside(ctx context.Context) bool { return ctx.Value(insideKey{}) != nil }

// strict knows which goroutines are in a transaction.
type strict struct {
	mu     sync.Mutex
	inside map[uint64]bool
}

func newStrict() *strict { return &strict{inside: map[uint64]bool{}} }

// enter refuses a transaction inside another and returns what ends it. A nil
// strict looks at the context alone.
func (s *strict) enter(ctx context.Context) (leave func(), err error) {
	if inside(ctx) {
		return nil, ErrNested
	}
	if s == nil {
		return func() {}, nil
	}
	id := goroutine()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inside[id] {
		return nil, ErrNested
	}
	s.inside[id] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.inside, id)
	}, nil
}

// goroutine returns the number of the running goroutine, from the first line
// of its stack: "goroutine 7 [running]:".
func goroutine() uint64 {
	var buf [32]byte
	fields := bytes.Fields(buf[:runtime.Stack(buf[:], false)])
	id, _ := strconv.ParseUint(string(fields[1]), 10, 64)
	return id
}
