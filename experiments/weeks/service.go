package weeks

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Experiments are what plans are made for.
type Experiments interface {
	SeeTx(tx store.Tx, a accounts.Actor, id string) (experiments.Experiment, accounts.Thing, error)
	ListTx(tx store.Tx, a accounts.Actor, q experiments.Query) (experiments.List, error)
	EntryTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, id string, n int) (experiments.Entry, error)
	NewestTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, id string, n int) ([]experiments.Entry, error)
}

// People are the persons of the teams.
type People interface {
	PersonTx(tx store.Tx, id string) (accounts.Person, error)
	DisplayNameTx(tx store.Tx, personID, lang string) string
}

// Service is the use cases of plans. Its fields are set once, before the first
// call.
type Service struct {
	Store       store.Store
	Journal     *journal.Journal
	Now         func() time.Time
	Zone        *time.Location // of days and weeks
	Experiments Experiments
	People      People
	Locales     *i18n.Bundle
	// Mail takes the letters; nil sends none.
	Mail *notify.Outbox
	// PublicURL begins the links of letters.
	PublicURL string
}

// Subject is how the journal names a plan.
func Subject(experiment string, n int) string { return "weeks:" + planKey(experiment, n) }

// planned is a plan with the experiment it belongs to, as a use case finds it.
type planned struct {
	*Plan
	card  experiments.Experiment
	thing accounts.Thing
	cal   Calendar
	now   time.Time
}

// openTx loads the plan number n of an experiment (0: the newest) as the actor
// may see it.
func (s *Service) openTx(tx store.Tx, a accounts.Actor, experiment string, n int) (planned, error) {
	e, thing, err := s.Experiments.SeeTx(tx, a, experiment)
	if err != nil {
		return planned{}, err
	}
	p, err := s.planTx(tx, experiment, n)
	if err != nil {
		return planned{}, err
	}
	now := s.Now()
	return planned{Plan: &p, card: e, thing: thing, cal: CalendarOf(&p, &e, now, s.Zone), now: now}, nil
}

// planTx is the plan number n of an experiment, or, for 0, the newest. It fails
// with store.ErrNotFound when there is none.
func (s *Service) planTx(tx store.Tx, experiment string, n int) (Plan, error) {
	if n > 0 {
		return plans.Get(tx, planKey(experiment, n))
	}
	for p, err := range plans.All(tx, store.Range{Prefix: experiment + "/", Reverse: true}) {
		return p, err
	}
	return Plan{}, store.ErrNotFound
}

// changeTx lets fn change an open plan for a member of the team, and stores it
// with a line in the journal.
func (s *Service) changeTx(tx store.Tx, a accounts.Actor, experiment string, n int, kind string, fn func(p planned) error) error {
	p, err := s.openTx(tx, a, experiment, n)
	if err != nil {
		return err
	}
	if err := s.mayChange(a, &p.card, p.thing); err != nil {
		return err
	}
	if p.IsClosed() {
		return ErrClosed
	}
	if err := fn(p); err != nil {
		return err
	}
	return s.putTx(tx, a, p.Plan, kind)
}

// mayChange asks whether the actor may change the plans of an experiment.
func (s *Service) mayChange(a accounts.Actor, e *experiments.Experiment, thing accounts.Thing) error {
	if err := accounts.Must(a, accounts.EditExperiment, thing); err != nil {
		return err
	}
	if e.Stage == experiments.Archived {
		return experiments.ErrArchived
	}
	return nil
}

// update runs fn in one transaction. A form that is sent twice does it once.
func (s *Service) update(ctx context.Context, fn func(tx store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (bool, error) { return true, fn(tx) })
		return err
	})
}

func (s *Service) putTx(tx store.Tx, a accounts.Actor, p *Plan, kind string) error {
	p.Version++
	p.Changed = s.Now().UTC()
	if err := plans.Put(tx, *p); err != nil {
		return err
	}
	if slices.Contains(found, kind) {
		if err := s.note(tx, a, "experiment.weeks_changed", experiments.Subject(p.Experiment)); err != nil {
			return err
		}
	}
	return s.note(tx, a, kind, Subject(p.Experiment, p.N))
}

// found are the changes after which the experiment is found by other words.
var found = []string{"weeks.begun", "weeks.aimed", "weeks.concluded"}

func (s *Service) note(tx store.Tx, a accounts.Actor, kind, subject string) error {
	return s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: kind, Subject: subject})
}

// nameTx is what a reader calls a person: inside the team the name, elsewhere
// what the person agreed to show.
func (s *Service) nameTx(tx store.Tx, person, lang string, team bool) string {
	if team {
		if p, err := s.People.PersonTx(tx, person); err == nil && p.Name != "" && !p.IsErased() {
			return p.Name
		}
	}
	return s.People.DisplayNameTx(tx, person, lang)
}

// teamOf are the persons who may own an action, and who the action's owner is
// when none is named.
func teamOf(e *experiments.Experiment, stays ...string) []string {
	team := e.Persons()
	for _, one := range stays { // somebody who has left keeps what is theirs until it is given away
		if !slices.Contains(team, one) {
			team = append(team, one)
		}
	}
	return team
}

func isMissing(err error) bool {
	return errors.Is(err, store.ErrNotFound) || err != nil && fault.KindOf(err) == fault.NotFound
}
