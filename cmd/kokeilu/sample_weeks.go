package main

import (
	"context"
	"fmt"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/weeks"
	"github.com/kokeilu/kokeilu/internal/accounts"
)

type samplePlan struct {
	Experiment, By string
	Goals          []struct {
		Result, Measure, Unit, Direction string
		Baseline, Target                 float64
	}
	Actions []struct {
		Text, Owner string
		Week        int
		Help        bool
		Done        *int
		Moves       []struct {
			Day, To int
			Reason  string
		}
	}
	Results []struct {
		Week, Day int
		Values    []float64
		How       []string
	}
	Practices []struct {
		Text, Verdict, Why string
		Evidence           []int
	}
	Notes []struct {
		By, Done, Today, Obstacle string
		Day                       int
	}
}

type samplePurpose struct {
	By, Text string
	Shown    bool
}

// loadWeeks makes the plans of the sample, then what people wrote for
// themselves.
func (l *sampler) loadWeeks(ctx context.Context) error {
	for _, p := range l.data.Plans {
		who, err := l.as(p.By)
		if err != nil {
			return err
		}
		x := &samplePlanner{sampler: l, samplePlan: p, who: who}
		if err := x.load(ctx); err != nil {
			return fmt.Errorf("plan of %s: %w", p.Experiment, err)
		}
	}
	for _, p := range l.data.Purposes {
		if err := l.by(p.By, -1, func(a accounts.Actor) error { return l.Weeks.KeepPurpose(ctx, a, p.Text, p.Shown) }); err != nil {
			return err
		}
	}
	return nil
}

// samplePlanner is one plan of the sample as it is made.
type samplePlanner struct {
	*sampler
	samplePlan
	who    accounts.Actor
	monday time.Time
}

func (x *samplePlanner) load(ctx context.Context) error {
	e, _, err := x.Experiments.Get(ctx, x.who, x.Experiment)
	if err != nil {
		return err
	}
	x.monday = weeks.Monday(e.Calendar.Start, x.Config.Zone)
	x.moment.goTo(x.monday.Add(-100 * time.Hour))
	var goals []weeks.Goal
	for _, g := range x.Goals {
		goals = append(goals, weeks.Goal{Result: g.Result, Measure: g.Measure, Unit: g.Unit, Direction: experiments.Direction(g.Direction), Baseline: g.Baseline, Target: g.Target})
	}
	if _, err := x.Weeks.Begin(ctx, x.who, x.Experiment, x.monday, goals, nil); err != nil {
		return err
	}
	for i := range x.Actions {
		if err := x.action(ctx, i); err != nil {
			return fmt.Errorf("action %d: %w", i+1, err)
		}
	}
	return x.found(ctx)
}

// on reports whether a day of the plan has come, and goes there.
func (x *samplePlanner) on(day int) bool {
	at := x.monday.AddDate(0, 0, day).Add(13 * time.Hour)
	if at.After(x.first) {
		return false
	}
	x.moment.goTo(at)
	return true
}

func (x *samplePlanner) action(ctx context.Context, i int) error {
	s := x.Actions[i]
	owner, err := x.as(s.Owner)
	if err != nil {
		return err
	}
	x.moment.goTo(x.monday.Add(-90 * time.Hour))
	n, err := x.Weeks.AddAction(ctx, x.who, x.Experiment, 1, weeks.Action{Text: s.Text, Owner: owner.ID, Due: s.Week, Help: s.Help})
	if err != nil {
		return err
	}
	for _, m := range s.Moves {
		if x.on(m.Day) {
			if err := x.Weeks.MoveAction(ctx, owner, x.Experiment, 1, n, m.To, m.Reason); err != nil {
				return err
			}
		}
	}
	if s.Done != nil && x.on(*s.Done) {
		return x.Weeks.Finish(ctx, owner, x.Experiment, 1, n, true)
	}
	return nil
}

// found writes the results, conclusions and notes.
func (x *samplePlanner) found(ctx context.Context) error {
	for _, r := range x.Results {
		if !x.on(r.Day) {
			continue
		}
		var list []weeks.InterimResult
		for i, v := range r.Values {
			list = append(list, weeks.InterimResult{Now: v, How: r.How[i], Day: x.monday.AddDate(0, 0, r.Day)})
		}
		if err := x.Weeks.Measure(ctx, x.who, x.Experiment, 1, r.Week, list); err != nil {
			return err
		}
	}
	x.moment.goTo(x.day(-1))
	for _, p := range x.Practices {
		one := weeks.Practice{Text: p.Text, Verdict: weeks.Verdict(p.Verdict), Why: p.Why, Evidence: p.Evidence}
		if err := x.Weeks.Conclude(ctx, x.who, x.Experiment, 1, 0, one); err != nil {
			return err
		}
	}
	for _, n := range x.Notes {
		err := x.by(n.By, -1-n.Day, func(a accounts.Actor) error {
			return x.Weeks.Note(ctx, a, weeks.Note{Experiment: x.Experiment, Done: n.Done, Today: n.Today, Obstacle: n.Obstacle})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
