package cases

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// byPublic is the index of rows that everybody may read, now or from a day on.
const byPublic = "public"

func (r Row) publicFrom() []string {
	if r.Visibility == Members {
		return nil
	}
	return []string{r.Embargo.UTC().Format(time.RFC3339)}
}

// publicCount is how many entries byPublic has, so that no page counts them. A
// commit says by how many it changed that.
type publicCount struct {
	guard   sync.Mutex
	known   bool
	n       int
	changes int // commits so far
}

// change counts a commit.
func (c *publicCount) change(by int) {
	c.guard.Lock()
	defer c.guard.Unlock()
	c.n += by
	c.changes++
}

// unknown is for a change that nobody has counted.
func (c *publicCount) unknown() {
	c.guard.Lock()
	defer c.guard.Unlock()
	c.known = false
	c.changes++
}

func (c *publicCount) get() (n, changes int, known bool) {
	c.guard.Lock()
	defer c.guard.Unlock()
	return c.n, c.changes, c.known
}

// learn remembers n, unless something was committed while it was counted.
func (c *publicCount) learn(n, changes int) {
	c.guard.Lock()
	defer c.guard.Unlock()
	if c.changes == changes {
		c.n, c.known = n, true
	}
}

// recount counts what storing the row of c, or removing it, changes.
func (s *Service) recount(tx store.Tx, c Case) error {
	before, err := rows.Get(tx, c.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	by := 0
	if err == nil {
		by -= len(before.publicFrom())
	}
	if c.State == Published && c.Hidden == "" {
		by += len(rowOf(c).publicFrom())
	}
	memory := s.memory()
	tx.OnCommit(func() { memory.change(by) })
	return nil
}

// Count returns how many cases everybody may read now.
func (s *Service) Count(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "count cases")
	m := s.memory()
	all, changes, known := m.get()
	now := s.Now()
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if !known {
			if all, err = rows.Count(tx, byPublic, ""); err != nil {
				return err
			}
			m.learn(all, changes)
		}
		n = all
		for e, err := range rows.Index(tx, byPublic, store.Range{After: now.UTC().Format(time.RFC3339) + "\x00\xff"}) {
			if err != nil {
				return err
			}
			n-- // its embargo is not over
			opens, err := time.Parse(time.RFC3339, e.Key[:len(now.UTC().Format(time.RFC3339))])
			if err != nil {
				return err
			}
			pagecache.Until(ctx, now, opens)
		}
		return nil
	})
	return n, err
}
