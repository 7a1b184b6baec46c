package mentoring

import (
	"context"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Found is a mentor who fits a team's wish, with the reader's words.
type Found struct {
	Scored
	Name string // by consent, else the role
	Home accounts.Organisation
	Why  string
}

// Search is what a team sees that looks for a mentor.
type Search struct {
	Experiment experiments.Experiment
	Wish       Wish // completed from the card
	Found      []Found
	Waiting    []Mentorship            // questions that are open already
	Homes      []accounts.Organisation // of mentors who are shown
}

// Team returns an experiment to somebody of its team who may look for a mentor
// for it, with the questions that wait. It fails with accounts.ErrUnseen, with
// accounts.ErrForbidden and with ErrNotNow.
func (s *Service) Team(ctx context.Context, a accounts.Actor, experimentID string) (found Search, err error) {
	defer fault.Wrap(&err, "look for a mentor for %q", experimentID)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found.Experiment, _, err = s.teamTx(tx, a, experimentID)
		if err != nil {
			return err
		}
		return s.aroundTx(tx, &found)
	})
	return found, err
}

// aroundTx adds what a search shows beside its result.
func (s *Service) aroundTx(tx store.Tx, found *Search) (err error) {
	if found.Waiting, err = s.waitingTx(tx, found.Experiment.ID); err != nil {
		return err
	}
	var keys []string
	for m, err := range mentors.All(tx, store.Range{}) {
		switch {
		case err != nil:
			return err
		case m.Organisation != "" && m.IsPublic(s.Now()):
			keys = append(keys, m.Organisation)
		}
	}
	found.Homes = nil
	for _, key := range unique(keys) {
		o, err := s.homeTx(tx, key)
		if err != nil {
			return err
		}
		if o.Key != "" {
			found.Homes = append(found.Homes, o)
		}
	}
	return nil
}

// Find ranks the mentors who fit a team's wish. Beside the faults of Team it
// fails with one for each part of the wish that is wrong; the search is then
// what Team returns.
func (s *Service) Find(ctx context.Context, a accounts.Actor, experimentID, lang string, w Wish) (found Search, err error) {
	defer fault.Wrap(&err, "find a mentor for %q", experimentID)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		e, thing, err := s.teamTx(tx, a, experimentID)
		if err != nil {
			return err
		}
		found = Search{Experiment: e, Wish: w}
		if err := s.aroundTx(tx, &found); err != nil {
			return err
		}
		if err := w.check(); err != nil {
			return err
		}
		found.Wish = w.of(&e)
		return s.rankedTx(tx, &found, thing, lang)
	})
	return found, err
}

// rankedTx fills a search with those who fit, in the reader's words.
func (s *Service) rankedTx(tx store.Tx, found *Search, thing accounts.Thing, lang string) error {
	ranked, err := s.rankTx(tx, &found.Experiment, thing, found.Wish)
	if err != nil {
		return err
	}
	for _, r := range ranked {
		home, err := s.homeTx(tx, r.Organisation)
		if err != nil {
			return err
		}
		found.Found = append(found.Found, Found{
			Scored: r, Name: s.People.DisplayNameTx(tx, r.Person, lang), Home: home, Why: r.Why(s.Locales.For(lang), found.Wish),
		})
	}
	return nil
}

// teamTx returns an experiment for which the actor may ask for help now.
func (s *Service) teamTx(tx store.Tx, a accounts.Actor, id string) (experiments.Experiment, accounts.Thing, error) {
	e, thing, err := s.Experiments.SeeTx(tx, a, id)
	if err == nil {
		err = accounts.Must(a, accounts.AskMentor, thing)
	}
	if err == nil && !askable(e.Stage) {
		err = ErrNotNow
	}
	return e, thing, err
}

func (s *Service) rankTx(tx store.Tx, e *experiments.Experiment, thing accounts.Thing, w Wish) ([]Scored, error) {
	all, err := s.candidatesTx(tx, e, thing)
	return Match(w, all), err
}

// waitingTx are the questions of an experiment that have no answer yet.
func (s *Service) waitingTx(tx store.Tx, experimentID string) (list []Mentorship, err error) {
	err = s.eachOf(tx, experimentID, func(m Mentorship) {
		if m.State == Waits {
			list = append(list, m)
		}
	})
	return list, err
}

// Own are the actor's experiments that a mentor can be asked for.
func (s *Service) Own(ctx context.Context, a accounts.Actor) (rows []experiments.Row, err error) {
	defer fault.Wrap(&err, "own experiments to ask for")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]experiments.Row, error) {
		var list []experiments.Row
		own, err := s.Experiments.ListTx(tx, a, experiments.Query{Person: a.ID, Limit: 50})
		for _, r := range own.Rows {
			if askable(r.Stage) {
				list = append(list, r)
			}
		}
		return list, err
	})
}
