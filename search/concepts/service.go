package concepts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// Service is the use cases of concepts. Its fields are set once, before the
// first call.
type Service struct {
	Store   store.Store
	Journal *journal.Journal
	Now     func() time.Time
	NewID   func() string
	Index   *search.Index
	Shipped []map[string][]string // what every portal knows
}

// Family is the first part of the subjects under which the journal names
// concepts.
const Family = "concept"

// Reload lets the search know the concepts as they are now. Whoever hears that
// one has changed calls it, on every node.
func (s *Service) Reload(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "load concepts")
	own, err := s.all(ctx)
	if err != nil {
		return err
	}
	all := slices.Clone(s.Shipped)
	for _, c := range own {
		all = append(all, c.Names)
	}
	s.Index.Reword(search.NewThesaurus(all))
	return nil
}

// List returns the concepts that were added, by their names in lang. It fails
// for everybody but administrators.
func (s *Service) List(ctx context.Context, a accounts.Actor, lang string) (list []Concept, err error) {
	defer fault.Wrap(&err, "list concepts")
	if err := accounts.Must(a, accounts.NameConcepts, accounts.Thing{}); err != nil {
		return nil, err
	}
	list, err = s.all(ctx)
	slices.SortFunc(list, func(a, b Concept) int {
		return cmp.Or(strings.Compare(a.Title(lang), b.Title(lang)), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

func (s *Service) all(ctx context.Context) ([]Concept, error) {
	return store.Get(ctx, s.Store, func(tx store.Tx) (list []Concept, err error) {
		for c, err := range table.All(tx, store.Range{}) {
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
		return list, nil
	})
}

// Get returns a concept. It fails for everybody but administrators.
func (s *Service) Get(ctx context.Context, a accounts.Actor, id string) (c Concept, err error) {
	defer fault.Wrap(&err, "concept %q", id)
	if err := accounts.Must(a, accounts.NameConcepts, accounts.Thing{}); err != nil {
		return c, err
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) (Concept, error) { return table.Get(tx, id) })
}

// Add adds a concept. It fails with what check says, and with ErrMost when there
// is no room.
func (s *Service) Add(ctx context.Context, a accounts.Actor, names map[string][]string) (err error) {
	defer fault.Wrap(&err, "add a concept")
	return s.change(ctx, a, func(tx store.Tx) error {
		n, err := table.Count(tx, "", "")
		if err != nil {
			return err
		}
		if n >= Most {
			return ErrMost
		}
		c := Concept{ID: s.NewID(), Names: names, By: a.ID, Created: s.Now().UTC()}
		return s.put(tx, a, c, "concept.added")
	})
}

// Change gives a concept other names.
func (s *Service) Change(ctx context.Context, a accounts.Actor, id string, names map[string][]string) (err error) {
	defer fault.Wrap(&err, "change concept %q", id)
	return s.change(ctx, a, func(tx store.Tx) error {
		c, err := table.Get(tx, id)
		if err != nil {
			return err
		}
		c.Names, c.By = names, a.ID
		return s.put(tx, a, c, "concept.changed")
	})
}

// Remove takes a concept out of the search.
func (s *Service) Remove(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "remove concept %q", id)
	return s.change(ctx, a, func(tx store.Tx) error {
		if _, err := table.Get(tx, id); err != nil {
			return err
		}
		return errors.Join(table.Delete(tx, id), s.note(tx, a, "concept.removed", id))
	})
}

func (s *Service) put(tx store.Tx, a accounts.Actor, c Concept, kind string) error {
	c.Changed = s.Now().UTC()
	if err := c.check(); err != nil {
		return err
	}
	return errors.Join(table.Put(tx, c), s.note(tx, a, kind, c.ID))
}

// change runs what an administrator does, once however often it is sent.
func (s *Service) change(ctx context.Context, a accounts.Actor, fn func(store.Tx) error) error {
	if err := accounts.Must(a, accounts.NameConcepts, accounts.Thing{}); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (bool, error) { return true, fn(tx) })
		return err
	})
}

func (s *Service) note(tx store.Tx, a accounts.Actor, kind, id string) error {
	return s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: kind, Subject: Family + ":" + id})
}
