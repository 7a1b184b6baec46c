package experiments

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Listed is an experiment of a list with the municipality that owns it. Home
// is the zero Organisation where that is not known.
type Listed struct {
	Row
	Home accounts.Organisation
}

// Point is where it stands on a map: its own place, or else its municipality;
// ok is false when nobody knows.
func (l Listed) Point() (lat, lon float64, ok bool) {
	if l.Place != nil {
		return l.Place.Lat, l.Place.Lon, true
	}
	lat, lon = l.Home.Lat, l.Home.Lon
	return lat, lon, lat != 0 || lon != 0
}

// catalogue holds what lists, their counts, maps and calendars are made from:
// every row with its place, the newest first. A commit names the experiments
// that changed; the next reader reads just those again.
type catalogue struct {
	mu    sync.Mutex // guards stale and all
	stale map[string]bool
	all   bool // read everything again

	work   sync.Mutex // guards all below
	places string     // version of the organisations that rows were joined with
	rows   map[string]Row
	listed []Listed // never changed once it is here: readers hold on to it
}

// forget marks an experiment as changed; "" marks them all.
func (c *catalogue) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id == "" {
		c.all = true
		return
	}
	if c.stale == nil {
		c.stale = map[string]bool{}
	}
	c.stale[id] = true
}

func (c *catalogue) take() (ids []string, all bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ids, all = slices.Collect(maps.Keys(c.stale)), c.all
	clear(c.stale)
	c.all = false
	return ids, all
}

// Changed tells the lists that an experiment was changed by another node, or,
// without an id, that anything may have been. The journal calls it.
func (s *Service) Changed(id string) { s.catalogue.forget(id) }

// all returns every experiment, whoever may read it, the newest first.
func (s *Service) all(ctx context.Context) (list []Listed, err error) {
	c := &s.catalogue
	c.work.Lock()
	defer c.work.Unlock()
	ids, all := c.take()
	defer func() {
		for _, id := range ids {
			if err != nil {
				c.forget(id)
			}
		}
		if err != nil && all {
			c.forget("")
		}
	}()
	err = s.Store.View(ctx, func(tx store.Tx) error {
		for _, err := range tx.Scan(rows.Bucket, store.Range{}) {
			if err != nil {
				return err
			}
			break // looking is enough: what is shown depends on all of them
		}
		version, err := s.People.OrganisationsVersionTx(tx)
		if err != nil {
			return err
		}
		return s.refreshTx(tx, ids, all, version)
	})
	return c.listed, err
}

// refreshTx reads again what changed. The caller holds c.work.
func (s *Service) refreshTx(tx store.Tx, ids []string, all bool, version string) error {
	c := &s.catalogue
	fresh := c.rows != nil && !all
	if fresh && len(ids) == 0 && version == c.places {
		return nil
	}
	next := map[string]Row{}
	if fresh {
		next = maps.Clone(c.rows)
	} else {
		for r, err := range rows.All(tx, store.Range{}) {
			if err != nil {
				return err
			}
			next[r.ID] = r
		}
	}
	for _, id := range ids {
		r, err := rows.Get(tx, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			delete(next, id)
		case err != nil:
			return err
		default:
			next[id] = r
		}
	}
	listed, err := s.placedTx(tx, next)
	if err != nil {
		return err
	}
	c.rows, c.listed, c.places = next, listed, version
	return nil
}

func (s *Service) placedTx(tx store.Tx, all map[string]Row) ([]Listed, error) {
	places := map[string]accounts.Organisation{}
	listed := make([]Listed, 0, len(all))
	for _, r := range all {
		if err := s.placesTx(tx, places, r.Organisations[:min(1, len(r.Organisations))]); err != nil {
			return nil, err
		}
		listed = append(listed, Listed{Row: r, Home: places[r.Organisation()]})
	}
	slices.SortFunc(listed, byListed)
	return listed, nil
}

// byListed orders as the index does: the newest first.
func byListed(a, b Listed) int {
	if n := b.Listed.Compare(a.Listed); n != 0 {
		return n
	}
	return strings.Compare(b.ID, a.ID)
}

// sees reports whether an actor may read an experiment of a list now. For
// everybody it asks IsPublic alone, which is all there is to it.
func (s *Service) sees(a accounts.Actor, r *Row) bool {
	now := s.Now()
	if !a.SignedIn() {
		return r.IsPublic(now)
	}
	return accounts.Can(a, accounts.ReadExperiment, r.Thing(now))
}

// putRowTx stores the row of a card and lets the lists know.
func (s *Service) putRowTx(tx store.Tx, e *Experiment) error {
	tx.OnCommit(func() { s.catalogue.forget(e.ID) })
	return rows.Put(tx, rowOf(e))
}
