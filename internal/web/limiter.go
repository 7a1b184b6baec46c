package web

import (
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// ErrTooOften is returned when something was asked for too often.
var ErrTooOften = fault.New(fault.TooMany, "error.too_often")

// Limiter allows Max acts per key in each Window, counted on this node.
type Limiter struct {
	Max    int
	Window time.Duration

	mu    sync.Mutex
	since time.Time
	seen  map[string]int
}

// Allow counts one act under key, or returns ErrTooOften.
func (l *Limiter) Allow(key string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.since) >= l.Window || l.seen == nil || len(l.seen) > 100_000 {
		l.since, l.seen = now, map[string]int{}
	}
	l.seen[key]++
	if l.seen[key] > l.Max {
		return ErrTooOften
	}
	return nil
}
