package experiments

import (
	"context"
	"errors"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A TeamSheet is what the team's own page shows: who takes part and from where,
// read in one moment.
type TeamSheet struct {
	Card    Experiment
	Thing   accounts.Thing
	Names   map[string]string                // of persons, in the reader's language
	Homes   map[string]string                // key of the organisation each person came from first
	Places  map[string]accounts.Organisation // by key
	Mentors []MentorLine
	Invited []Invitation // for the team only
}

// Team reads the team of an experiment. Whoever may read the experiment may; the
// invitations are there for the team alone.
func (s *Service) Team(ctx context.Context, a accounts.Actor, id, lang string) (sh TeamSheet, err error) {
	defer fault.Wrap(&err, "team of experiment %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		sh = TeamSheet{Names: map[string]string{}, Homes: map[string]string{}, Places: map[string]accounts.Organisation{}}
		if sh.Card, sh.Thing, err = s.SeeTx(tx, a, id); err != nil {
			return err
		}
		keys := append(sh.Card.Organisations(), sh.Thing.TeamOrganisations...)
		for _, person := range append(sh.Card.Persons(), personsOf(sh.Card.Methodologists)...) {
			sh.Names[person] = s.People.DisplayNameTx(tx, person, lang)
			p, err := s.People.PersonTx(tx, person)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if home := (accounts.Actor{Grants: p.Grants}).Home(); home != "" {
				sh.Homes[person], keys = home, append(keys, home)
			}
		}
		return s.placesTx(tx, sh.Places, keys)
	})
	if err != nil {
		return sh, err
	}
	if s.Mentoring != nil {
		view, err := s.Mentoring.OfExperiment(ctx, a, id, lang)
		if err != nil {
			return sh, err
		}
		sh.Mentors = view.Mentors
	}
	if accounts.Can(a, accounts.EditExperiment, sh.Thing) {
		sh.Invited, err = s.Invitations(ctx, a, id)
	}
	return sh, err
}
