package search

import (
	"context"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

const (
	piledUp    = 20 // segments that may come while none are written together
	stallTimes = 10 // so many times its patience the watchdog waits for that
)

// Watch looks at the index from time to time, until ctx is done: one that does
// not even say how it is has wedged, and one whose segments pile up while none
// are written to the disk or together is going to.
func (x *Index) Watch(ctx context.Context) {
	tick := time.NewTicker(x.patience() / 6)
	defer tick.Stop()
	var w watchdog
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.look(ctx, x)
		}
	}
}

// watchdog remembers what stands still.
type watchdog struct {
	of             *edition
	merger, writer standstill
}

// look asks the index how far it has come.
func (w *watchdog) look(ctx context.Context, x *Index) {
	e := x.take()
	if e == nil {
		return
	}
	defer e.users.RUnlock()
	var now pace
	if err := e.run(ctx, x.patience(), func() (err error) { now, err = e.pace(); return err }); err != nil {
		return
	}
	if w.of != e {
		*w = watchdog{of: e}
	}
	limit := stallTimes * x.patience()
	if w.merger.lasts(now.merged, now.segments) >= limit || w.writer.lasts(now.persisted, now.inMemory) >= limit {
		e.fail(fmt.Errorf("%w: %d segments, %d of them in memory", errStalled, now.segments, now.inMemory))
	}
}

// standstill is work that does not go on while more of it comes.
type standstill struct {
	since      time.Time
	done, left uint64
}

// lasts tells how long nothing was done though much was left.
func (s *standstill) lasts(done, left uint64) time.Duration {
	if s.since.IsZero() || done != s.done || left <= s.left {
		*s = standstill{time.Now(), done, left}
	}
	if left < s.left+piledUp {
		return 0
	}
	return time.Since(s.since)
}

// pace is how far the library's own goroutines have come.
type pace struct{ merged, persisted, segments, inMemory uint64 }

// pace asks the library.
func (e *edition) pace() (p pace, err error) {
	inner, err := e.Advanced()
	if err != nil {
		return p, err
	}
	store, ok := inner.(*scorch.Scorch)
	if !ok {
		return p, fmt.Errorf("the index is a %T", inner)
	}
	stats := store.StatsMap()
	count := func(name string) uint64 {
		n, _ := stats[name].(uint64)
		return n
	}
	p.merged = count("LastMergedEpoch") + count("TotFileMergeZapEnd")
	p.persisted = count("LastPersistedEpoch")
	p.inMemory = count("TotMemorySegmentsAtRoot")
	p.segments = p.inMemory + count("TotFileSegmentsAtRoot")
	return p, nil
}
