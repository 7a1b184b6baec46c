package store

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/kokeilu/kokeilu/internal/tally"
)

// Stats is what a store has done since it was opened.
type Stats struct {
	Views   uint64
	Updates uint64       // that were stored or whose function failed
	Members tally.Spread // functions in each group that was committed
	Commits tally.Spread // seconds that each commit took
	// Views and Updates that were refused.
	Busy, Full, Closed uint64
	// Failed counts those that the database failed for another reason, such as
	// a server that does not answer.
	Failed uint64
}

// Usage is the room a database takes.
type Usage struct {
	Size    int64 // bytes of the database
	Reserve int64 // bytes that are kept free where it lies
}

// counts are the Stats of a running store.
type counts struct {
	views, updates, busy, full, closed, failed atomic.Uint64

	members, commits *tally.Histogram
}

func newCounts() counts {
	return counts{
		members: tally.NewHistogram(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, maxGroup),
		commits: tally.NewHistogram(tally.Seconds...),
	}
}

// Stats returns what the store has done since it was opened.
func (db *DB) Stats() Stats {
	c := &db.counts
	return Stats{
		Views: c.views.Load(), Updates: c.updates.Load(),
		Members: c.members.Read(), Commits: c.commits.Read(),
		Busy: c.busy.Load(), Full: c.full.Load(), Closed: c.closed.Load(), Failed: c.failed.Load(),
	}
}

// refused counts a transaction that did not come about.
func (c *counts) refused(err error) error {
	switch {
	case err == nil:
	case errors.Is(err, ErrBusy):
		c.busy.Add(1)
	case errors.Is(err, ErrFull):
		c.full.Add(1)
	case errors.Is(err, ErrClosed):
		c.closed.Add(1)
	default:
		c.failed.Add(1)
	}
	return err
}

// committed counts the commit of a group.
func (c *counts) committed(members int, start time.Time, err error) {
	if c.refused(err) == nil {
		c.members.Add(float64(members))
		c.commits.Took(start)
	}
}
