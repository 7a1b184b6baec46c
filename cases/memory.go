package cases

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// memory holds what the TOP-10 is counted from, so that no page reads records
// for it. A commit names the cases that changed; the next reader reads just
// those again.
type memory struct {
	publicCount
	desk desk // where texts are rendered

	mu    sync.Mutex // guards stale
	stale map[string]bool

	work    sync.Mutex // guards all below
	loaded  bool
	rows    map[string]Row // with an experiment, or endorsed, adopted or voted on
	tallies map[string]Tally
	latest  *Frozen
	board   *Board
}

// forget marks a case as changed. It is called between the commit and the
// answer to whoever changed it.
func (m *memory) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stale[id] = true
}

// Changed tells the bank that a case was changed by another node. The journal
// calls it.
func (s *Service) Changed(id string) {
	s.memory().forget(id)
	s.memory().unknown()
}

func (m *memory) take() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := make([]string, 0, len(m.stale))
	for id := range m.stale {
		list = append(list, id)
	}
	clear(m.stale)
	return list
}

func (m *memory) boardAt() time.Time {
	if m.board == nil {
		return time.Time{}
	}
	return m.board.At
}

// refresh brings rows and tallies up to date and reports whether nothing had
// changed.
func (m *memory) refresh(ctx context.Context, s store.Store) (fresh bool, err error) {
	ids := m.take()
	if m.loaded && len(ids) == 0 {
		return true, nil
	}
	defer func() {
		if err != nil {
			for _, id := range ids {
				m.forget(id)
			}
		}
	}()
	return false, s.View(ctx, func(tx store.Tx) error {
		latest, known, err := lastFrozen(tx, "")
		if err != nil {
			return err
		}
		if !m.loaded {
			if err := m.load(tx); err != nil {
				return err
			}
		}
		for _, id := range ids {
			if err := m.reload(tx, id); err != nil {
				return err
			}
		}
		if m.latest, m.loaded = nil, true; known {
			m.latest = &latest
		}
		return nil
	})
}

func (m *memory) load(tx store.Tx) error {
	tallies, err := tally(tx, "")
	if err != nil {
		return err
	}
	m.tallies = tallies
	m.rows, err = rankedRows(tx, tallies)
	return err
}

func (m *memory) reload(tx store.Tx, id string) error {
	if id == "" {
		return nil
	}
	row, err := rows.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		delete(m.rows, id)
		delete(m.tallies, id)
		return nil
	}
	if err != nil {
		return err
	}
	tallies, err := tally(tx, id+"/")
	if err != nil {
		return err
	}
	m.rows[id], m.tallies[id] = row, tallies[id]
	return nil
}

// tallyOf returns what others did with one case.
func tallyOf(tx store.Tx, id string) (Tally, error) {
	all, err := tally(tx, id+"/")
	return all[id], err
}

// tally collects adoptions, endorsements and votes whose key starts with
// prefix, by case.
func tally(tx store.Tx, prefix string) (map[string]Tally, error) {
	all := map[string]Tally{}
	for a, err := range adoptions.All(tx, store.Prefix(prefix)) {
		if err != nil {
			return nil, err
		}
		t := all[a.Case]
		t.Adoptions = append(t.Adoptions, a)
		all[a.Case] = t
	}
	for e, err := range endorsements.All(tx, store.Prefix(prefix)) {
		if err != nil {
			return nil, err
		}
		t := all[e.Case]
		t.Endorsements = append(t.Endorsements, e)
		all[e.Case] = t
	}
	for v, err := range votes.All(tx, store.Prefix(prefix)) {
		if err != nil {
			return nil, err
		}
		t := all[v.Case]
		t.Votes = append(t.Votes, v)
		all[v.Case] = t
	}
	return all, nil
}
