package weeks

import (
	"context"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A View is a plan as one actor may see it, read in one moment. There is none
// yet when Plan is nil.
type View struct {
	Card    experiments.Experiment
	Thing   accounts.Thing
	Plan    *Plan
	Cal     Calendar
	Now     time.Time
	Week    int  // see Calendar.Week
	Newest  bool // no plan came after it
	MayNext bool // the reader may begin the plan after it
	IsTeam  bool // the reader may read what the team keeps to itself
	MayEdit bool
	Names   map[string]string // of persons
	// Team and Desk are for the team alone.
	Team     []string // persons who may own an action
	Overdue  []Count  // open ends of each person, the most first
	Purposes []Purpose
	Log      []experiments.Entry // newest, to choose evidence from
	Proof    map[int]experiments.Entry
}

// A Count is how many actions of a person are overdue.
type Count struct {
	Person string
	N      int
}

// See reads plan number n of an experiment, or, for 0, the newest one. It fails
// with accounts.ErrUnseen when the actor may not read the experiment.
func (s *Service) See(ctx context.Context, a accounts.Actor, experiment string, n int, lang string) (v View, err error) {
	defer fault.Wrap(&err, "plan %d of experiment %q", n, experiment)
	return store.Get(ctx, s.Store, func(tx store.Tx) (View, error) { return s.seeTx(tx, a, experiment, n, lang) })
}

func (s *Service) seeTx(tx store.Tx, a accounts.Actor, experiment string, n int, lang string) (View, error) {
	e, thing, err := s.Experiments.SeeTx(tx, a, experiment)
	if err != nil {
		return View{}, err
	}
	now := s.Now()
	v := View{
		Card: e, Thing: thing, Now: now, Names: map[string]string{}, Proof: map[int]experiments.Entry{},
		IsTeam: accounts.Can(a, accounts.ReadTeamLog, thing), MayEdit: s.mayChange(a, &e, thing) == nil,
	}
	pagecache.Until(tx.Context(), now, after(now, 1, s.Zone)) // the week is another one tomorrow
	last, err := s.planTx(tx, experiment, 0)
	switch {
	case errors.Is(err, store.ErrNotFound) && n == 0:
		return v, nil
	case err != nil:
		return v, err
	}
	p := last
	if n > 0 && n != last.N {
		if p, err = s.planTx(tx, experiment, n); err != nil {
			return v, err
		}
	}
	v.Plan, v.Cal, v.Newest = &p, CalendarOf(&p, &e, now, s.Zone), p.N == last.N
	v.Week = v.Cal.Week(now)
	v.MayNext = v.MayEdit && v.Newest && p.IsClosed()
	v.MayEdit = v.MayEdit && !p.IsClosed()
	if err := s.proveTx(tx, a, thing, &p, v.Proof); err != nil {
		return v, err
	}
	return v, s.teamTx(tx, a, &v, lang)
}

// teamTx adds what only the team sees: names, open ends, purposes and the log
// that conclusions are drawn from.
func (s *Service) teamTx(tx store.Tx, a accounts.Actor, v *View, lang string) (err error) {
	if !v.IsTeam {
		return nil
	}
	v.Team = v.Card.Persons()
	persons := v.Card.Persons()
	for _, x := range v.Plan.Actions {
		persons = append(persons, x.Owner, x.DoneBy, x.By)
		for _, m := range x.Moves {
			persons = append(persons, m.By)
		}
	}
	for _, p := range persons {
		if p != "" && v.Names[p] == "" {
			v.Names[p] = s.nameTx(tx, p, lang, true)
		}
	}
	v.Overdue = v.Plan.overdue(v.Card.Persons(), v.Week)
	for _, p := range v.Team {
		own, err := purposeTx(tx, p)
		if err != nil {
			return err
		}
		if own.Shown && own.Text != "" {
			v.Purposes = append(v.Purposes, own)
		}
	}
	if v.MayEdit {
		v.Log, err = s.Experiments.NewestTx(tx, a, v.Thing, v.Card.ID, logOffered)
	}
	return err
}

// logOffered is how many entries of the log are offered as evidence.
const logOffered = 40

// numbers are the numbers of the plans of an experiment, oldest first.
func (s *Service) numbers(ctx context.Context, experiment string) (list []int, err error) {
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]int, error) {
		var list []int
		for p, err := range plans.All(tx, store.Prefix(experiment+"/")) {
			if err != nil {
				return nil, err
			}
			list = append(list, p.N)
		}
		return list, nil
	})
}
