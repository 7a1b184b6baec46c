package experiments

import (
	"context"
	"errors"
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Sheet is an experiment with everything its page shows, as one actor may
// see it, read in one moment.
type Sheet struct {
	Card     Experiment
	Thing    accounts.Thing
	Log      LogPage
	Open     LogPage                          // obstacles that nobody has followed up
	Places   map[string]accounts.Organisation // by key
	Names    map[string]string                // of persons, in the reader's language
	Mentors  MentoringView
	Requests FundingView
	WeekPlan WeeksView
	Want     *Want // that it answers
	Family   Family
}

// Sheet reads an experiment for its page. It fails with accounts.ErrUnseen
// when the actor may not read it.
func (s *Service) Sheet(ctx context.Context, a accounts.Actor, id, lang string, q LogQuery) (sh Sheet, err error) {
	defer fault.Wrap(&err, "experiment %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		sh = Sheet{Places: map[string]accounts.Organisation{}, Names: map[string]string{}}
		if sh.Card, sh.Thing, err = s.SeeTx(tx, a, id); err != nil {
			return err
		}
		if sh.Log, err = s.logTx(tx, a, sh.Thing, id, q); err != nil {
			return err
		}
		if sh.Open, err = s.logTx(tx, a, sh.Thing, id, LogQuery{Open: true}); err != nil {
			return err
		}
		persons := sh.Card.Persons()
		for _, n := range slices.Concat(sh.Log.Entries, sh.Open.Entries) {
			persons = append(persons, n.By)
		}
		for _, m := range sh.Card.Moves {
			persons = append(persons, m.By)
		}
		for _, p := range persons {
			if sh.Names[p] == "" {
				sh.Names[p] = s.People.DisplayNameTx(tx, p, lang)
			}
		}
		if sh.Want, err = s.wantTx(tx, &sh.Card); err != nil {
			return err
		}
		for _, m := range sh.Card.Methodologists {
			sh.Names[m.Person] = s.People.DisplayNameTx(tx, m.Person, lang)
		}
		if sh.Family, err = s.familyTx(tx, a, &sh.Card); err != nil {
			return err
		}
		return s.placesTx(tx, sh.Places, append(sh.Card.Organisations(), sh.Thing.TeamOrganisations...))
	})
	if err != nil {
		return sh, err
	}
	return sh, s.around(ctx, a, id, lang, &sh)
}

// around asks the neighbours what they know of the experiment.
func (s *Service) around(ctx context.Context, a accounts.Actor, id, lang string, sh *Sheet) (err error) {
	if s.Mentoring != nil {
		if sh.Mentors, err = s.Mentoring.OfExperiment(ctx, a, id, lang); err != nil {
			return err
		}
	}
	if s.Weeks != nil {
		if sh.WeekPlan, err = s.Weeks.OfExperiment(ctx, a, id, lang); err != nil {
			return err
		}
	}
	if s.Funding != nil {
		sh.Requests, err = s.Funding.OfExperiment(ctx, a, id, lang)
	}
	return err
}

func (s *Service) placesTx(tx store.Tx, places map[string]accounts.Organisation, keys []string) error {
	for _, key := range keys {
		if _, ok := places[key]; ok {
			continue
		}
		o, err := s.People.OrganisationTx(tx, key)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		places[key] = o
	}
	return nil
}

// PlacesOf are the organisations of some rows, by key.
func (s *Service) PlacesOf(ctx context.Context, list []Row) (places map[string]accounts.Organisation, err error) {
	defer fault.Wrap(&err, "organisations of experiments")
	return store.Get(ctx, s.Store, func(tx store.Tx) (map[string]accounts.Organisation, error) {
		places := map[string]accounts.Organisation{}
		for _, r := range list {
			if err := s.placesTx(tx, places, r.Organisations); err != nil {
				return nil, err
			}
		}
		return places, nil
	})
}

// HomesOf are the organisations an actor may register an experiment for.
func (s *Service) HomesOf(ctx context.Context, a accounts.Actor) (list []accounts.Organisation, err error) {
	defer fault.Wrap(&err, "organisations of an actor")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]accounts.Organisation, error) {
		var own []accounts.Organisation
		for _, key := range a.Organisations() {
			o, err := s.People.OrganisationTx(tx, key)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if o.MayOwn() {
				own = append(own, o)
			}
		}
		return own, nil
	})
}
