package experiments

import (
	"context"
	"errors"
	"slices"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Family is where an experiment comes from and what came of it, as far as
// the reader may see it.
type Family struct {
	Case      *cases.Case // it was started from
	Ancestors []Row       // the parent last
	Children  []Row       // oldest first
}

// Faults of families.
var (
	ErrParent = fault.New(fault.Invalid, "experiment.parent_unknown").On("parent")
	ErrCycle  = fault.New(fault.Invalid, "experiment.parent_cycle").On("parent")
)

// mostGenerations bounds how far a family is followed upwards.
const mostGenerations = 20

// familyTx reads the family of a card.
func (s *Service) familyTx(tx store.Tx, a accounts.Actor, e *Experiment) (f Family, err error) {
	if f.Case, err = s.caseTx(tx, a, e.FromCase); err != nil {
		return f, err
	}
	for id := e.Parent; id != "" && len(f.Ancestors) < mostGenerations; {
		r, ok, err := s.rowTx(tx, a, id)
		if err != nil {
			return f, err
		}
		if !ok || id == e.ID {
			break
		}
		f.Ancestors, id = append(f.Ancestors, r), r.Parent
	}
	slices.Reverse(f.Ancestors)
	f.Children, err = s.readableTx(tx, a, byParent, e.ID)
	return f, err
}

// caseTx is a case the actor may read; nil when there is none.
func (s *Service) caseTx(tx store.Tx, a accounts.Actor, id string) (*cases.Case, error) {
	if id == "" || s.Bank == nil {
		return nil, nil //nolint:nilnil // no case is no failure
	}
	c, err := s.Bank.SeeTx(tx, a, id)
	switch {
	case errors.Is(err, cases.ErrUnknown), errors.Is(err, cases.ErrWithdrawn), errors.Is(err, accounts.ErrUnseen):
		return nil, nil //nolint:nilnil // what is not visible is not there
	case err != nil:
		return nil, err
	}
	return &c, nil
}

// rowTx is the row of an experiment; ok is false when the actor may not read
// it.
func (s *Service) rowTx(tx store.Tx, a accounts.Actor, id string) (r Row, ok bool, err error) {
	r, err = rows.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return r, false, nil
	}
	return r, err == nil && s.reads(tx, a, r), err
}

func (s *Service) reads(tx store.Tx, a accounts.Actor, r Row) bool {
	if r.Embargo.After(s.Now()) {
		pagecache.Until(tx.Context(), s.Now(), r.Embargo)
	}
	return accounts.Can(a, accounts.ReadExperiment, r.Thing(s.Now()))
}

// mostRelatives bounds the lists of children and of experiments that were
// started from a case.
const mostRelatives = 100

// readableTx are the experiments under a value of an index that the actor may
// read, oldest first.
func (s *Service) readableTx(tx store.Tx, a accounts.Actor, index, value string) (list []Row, err error) {
	for r, err := range rows.By(tx, index, store.Exactly(value)) {
		if err != nil {
			return nil, err
		}
		if s.reads(tx, a, r) && len(list) < mostRelatives {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(x, y Row) int { return x.Listed.Compare(y.Listed) })
	return list, nil
}

// StartedFrom are the experiments that were started from a case and that the
// actor may read, oldest first.
func (s *Service) StartedFrom(ctx context.Context, a accounts.Actor, caseID string) (list []Row, err error) {
	defer fault.Wrap(&err, "experiments started from case %q", caseID)
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Row, error) { return s.readableTx(tx, a, byFromCase, caseID) })
}

// parentable refuses a parent that is not the actor's to name, and one that
// descends from the card itself.
func (s *Service) parentable(tx store.Tx, a accounts.Actor, before *Experiment, parent string) error {
	if parent == "" || parent == before.Parent {
		return nil
	}
	p, thing, err := s.SeeTx(tx, a, parent)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, accounts.ErrUnseen):
		return ErrParent
	case err != nil:
		return err
	case !accounts.Can(a, accounts.EditExperiment, thing):
		return ErrParent
	}
	for n := 0; ; n++ {
		if p.ID == before.ID || n == mostGenerations {
			return ErrCycle
		}
		if p.Parent == "" {
			return nil
		}
		if p, err = cards.Get(tx, p.Parent); errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Parents are the experiments of which the actor may make this one a part:
// their own others, and the one it is a part of now.
func (s *Service) Parents(ctx context.Context, a accounts.Actor, e *Experiment) (list []Row, err error) {
	defer fault.Wrap(&err, "parents of experiment %q", e.ID)
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Row, error) {
		var own []Row
		for r, err := range rows.By(tx, byPerson, store.Range{Prefix: a.ID + "/", Reverse: true}) {
			if err != nil {
				return nil, err
			}
			if r.ID != e.ID && r.Parent != e.ID && len(own) < mostRelatives {
				own = append(own, r)
			}
		}
		if e.Parent == "" || slices.ContainsFunc(own, func(r Row) bool { return r.ID == e.Parent }) {
			return own, nil
		}
		r, ok, err := s.rowTx(tx, a, e.Parent)
		if ok {
			own = append(own, r)
		}
		return own, err
	})
}
