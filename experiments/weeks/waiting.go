package weeks

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Line is an action of somebody's own, with where it stands.
type Line struct {
	Action
	Experiment string // id
	Title      string // of the experiment
	Lang       string // of its texts
	Plan       int
	Week       int       // of the plan, now
	Until      time.Time // last day of the week it is due
}

// Path is where the action is looked at, below the language.
func (l Line) Path() string {
	return "experiments/" + l.Experiment + "/weeks/" + strconv.Itoa(l.Plan) + "/actions/" + strconv.Itoa(l.N)
}

// State is how the action stands: done, late, now or todo.
func (l Line) State() string { return l.Action.State(l.Week) }

// A Due is a result or a review that a plan of the actor's waits for. Week is
// the week whose results are missing; 0 stands for the review.
type Due struct {
	Experiment, Title, Lang string
	Plan, Week              int
	Since                   time.Time
	Urgent                  bool
}

// Path is where what is due is written, below the language.
func (d Due) Path() string {
	if d.Week == 0 {
		return at(d.Experiment, d.Plan, "review")
	}
	return at(d.Experiment, d.Plan, "results", strconv.Itoa(d.Week))
}

// A Desk is what a person's own plans ask of them now.
type Desk struct {
	Overdue  []Line
	ThisWeek []Line // not done yet
	Done     []Line // of this week's
	Later    []Line
	Due      []Due
	Notes    []OwnNote
	Purpose  Purpose
}

// An OwnNote is the actor's note of today on an experiment that runs; it is
// empty while nothing was written.
type OwnNote struct {
	Note
	Title, Lang string
}

// Desk collects what the actor's own plans ask for: what is due this week and
// what is overdue, results that are missing, and the note of the day.
func (s *Service) Desk(ctx context.Context, a accounts.Actor) (d Desk, err error) {
	defer fault.Wrap(&err, "own weeks")
	if !a.SignedIn() {
		return d, nil
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) (Desk, error) { return s.deskTx(tx, a) })
}

func (s *Service) deskTx(tx store.Tx, a accounts.Actor) (d Desk, err error) {
	if d.Purpose, err = purposeTx(tx, a.ID); err != nil {
		return d, err
	}
	list, err := s.Experiments.ListTx(tx, a, experiments.Query{Person: a.ID, Limit: 100})
	if err != nil {
		return d, err
	}
	today := s.dayName(s.Now())
	for _, row := range list.Rows {
		if row.Stage == experiments.Archived {
			continue
		}
		if row.Stage == experiments.Running {
			own, err := notes.Get(tx, noteKey(row.ID, today, a.ID))
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return d, err
			}
			own.Experiment = row.ID
			d.Notes = append(d.Notes, OwnNote{own, row.Title, row.Lang})
		}
		newest, err := s.planTx(tx, row.ID, 0)
		if errors.Is(err, store.ErrNotFound) || err == nil && newest.IsClosed() {
			continue
		}
		if err != nil {
			return d, err
		}
		p, err := s.openTx(tx, a, row.ID, newest.N)
		if err != nil {
			return d, err
		}
		d.take(p, a.ID)
	}
	byDue := func(x, y Line) int { return x.Until.Compare(y.Until) }
	for _, list := range [][]Line{d.Overdue, d.ThisWeek, d.Done, d.Later} {
		slices.SortStableFunc(list, byDue)
	}
	return d, nil
}

// take adds a person's part of one plan.
func (d *Desk) take(p planned, person string) {
	week := p.cal.Week(p.now)
	for _, x := range p.Actions {
		if x.Owner != person {
			continue
		}
		l := lineOf(p, x)
		switch state := l.State(); {
		case state == "late":
			d.Overdue = append(d.Overdue, l)
		case state == "now":
			d.ThisWeek = append(d.ThisWeek, l)
		case state == "todo":
			d.Later = append(d.Later, l)
		case x.Due == week:
			d.Done = append(d.Done, l)
		}
	}
	due := Due{Experiment: p.card.ID, Title: p.card.Title, Lang: p.card.Lang, Plan: p.N}
	for _, gate := range p.Missing(week) {
		due.Week, due.Since, due.Urgent = gate, p.cal.Monday(gate), gate < week
		d.Due = append(d.Due, due)
	}
	if week >= p.cal.Review() || p.card.Over() {
		due.Week, due.Since, due.Urgent = 0, p.cal.Monday(p.cal.Review()), week > p.cal.Review()
		d.Due = append(d.Due, due)
	}
}

func lineOf(p planned, x Action) Line {
	return Line{
		Action: x, Experiment: p.card.ID, Title: p.card.Title, Lang: p.card.Lang, Plan: p.N,
		Week: p.cal.Week(p.now), Until: p.cal.Sunday(x.Due),
	}
}

// Own are the actor's own actions in the newest plans of their experiments,
// done or not, ordered by week: the individual plan.
func (s *Service) Own(ctx context.Context, a accounts.Actor) (list []Line, err error) {
	defer fault.Wrap(&err, "own plan")
	if !a.SignedIn() {
		return nil, accounts.ErrSignIn
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Line, error) {
		rows, err := s.Experiments.ListTx(tx, a, experiments.Query{Person: a.ID, Limit: 100})
		if err != nil {
			return nil, err
		}
		var lines []Line
		for _, row := range rows.Rows {
			p, err := s.openTx(tx, a, row.ID, 0)
			if isMissing(err) {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, x := range p.Actions {
				if x.Owner == a.ID {
					lines = append(lines, lineOf(p, x))
				}
			}
		}
		slices.SortStableFunc(lines, func(x, y Line) int { return x.Until.Compare(y.Until) })
		return lines, nil
	})
}

// OfExperiment is what an experiment's page shows of its plan: how the week
// stands, and the way there.
func (s *Service) OfExperiment(ctx context.Context, a accounts.Actor, experiment, lang string) (v experiments.WeeksView, err error) {
	defer fault.Wrap(&err, "weeks of experiment %q", experiment)
	plan, err := s.See(ctx, a, experiment, 0, lang)
	if err != nil {
		return v, err
	}
	if plan.Plan == nil {
		v.MayBegin = plan.MayEdit
		return v, nil
	}
	v.Plan, v.Week, v.Weeks = plan.Plan.N, plan.Week, plan.Cal.Total()
	for _, g := range plan.Plan.Goals {
		v.Goals = append(v.Goals, g.Result)
	}
	if n := min(plan.Week, plan.Cal.Total()); n > 0 {
		score := plan.Plan.Score(n, plan.Cal)
		v.ScoreWeek, v.Done, v.Due, v.Level = n, score.Done, score.Due, string(score.Level())
	}
	if !plan.Plan.IsClosed() {
		v.Missing = plan.Plan.Missing(plan.Week)
	}
	return v, nil
}
