package weeks

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Carry takes an unfinished action of the last plan into the next one: into
// which week, and why.
type Carry struct {
	N      int
	Week   int
	Reason string
}

// Begin makes the next plan of an experiment and returns its number. The first
// has nothing to take along; a later one waits until the one before is closed,
// and takes the actions named in carry, each with a reason.
func (s *Service) Begin(ctx context.Context, a accounts.Actor, experiment string, start time.Time, goals []Goal, carry []Carry) (n int, err error) {
	defer fault.Wrap(&err, "begin a plan of experiment %q", experiment)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		n, err = once.Do(tx, s.Now(), func() (int, error) { return s.beginTx(tx, a, experiment, start, goals, carry) })
		return err
	})
	return n, err
}

func (s *Service) beginTx(tx store.Tx, a accounts.Actor, experiment string, start time.Time, goals []Goal, carry []Carry) (int, error) {
	e, thing, err := s.Experiments.SeeTx(tx, a, experiment)
	if err != nil {
		return 0, err
	}
	if err := s.mayChange(a, &e, thing); err != nil {
		return 0, err
	}
	last, err := s.planTx(tx, experiment, 0)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return 0, err
	case !last.IsClosed():
		return 0, ErrOpen
	}
	p := &Plan{Experiment: experiment, N: last.N + 1, Weeks: lengthOf(&e, start, s.Zone), Created: s.Now().UTC()}
	if err := p.setStart(start, s.Zone); err != nil {
		return 0, err
	}
	if err := p.setGoals(goals); err != nil {
		return 0, err
	}
	if err := p.carry(&last, carry, &e, a.ID); err != nil {
		return 0, err
	}
	return p.N, s.putTx(tx, a, p, "weeks.begun")
}

// lengthOf is how many weeks a plan has: twelve, or as many as are left of the
// experiment's calendar when that is less.
func lengthOf(e *experiments.Experiment, start time.Time, zone *time.Location) int {
	if !e.Calendar.Set() || start.IsZero() {
		return FullLength
	}
	left := days(Monday(start, zone), e.Calendar.End, zone)/7 + 1
	switch {
	case Monday(e.Calendar.Start, zone).Equal(Monday(start, zone)):
		left = e.Calendar.Weeks(zone) // weeks that may begin in the middle of one
	case left < 1:
		return FullLength // the experiment is over by then: nothing bounds the plan
	}
	return min(left, FullLength)
}

// carry takes unfinished actions of the plan before along.
func (p *Plan) carry(last *Plan, list []Carry, e *experiments.Experiment, by string) error {
	var f findings
	for _, one := range list {
		old, err := last.action(one.N)
		if err != nil || old.IsDone() {
			return ErrNoAction
		}
		reason := strings.TrimSpace(one.Reason)
		f.must(carryField(one.N, "reason"), reason, maxReason)
		f.when(one.Week < 1 || one.Week > p.Weeks, ErrWeek.On(carryField(one.N, "week")))
		owner := old.Owner
		if !slices.Contains(e.Persons(), owner) {
			owner = e.Owner
		}
		p.LastAction++
		p.Actions = append(p.Actions, Action{
			N: p.LastAction, Text: old.Text, Owner: owner, Due: one.Week, Help: old.Help, Created: p.Created, By: by,
			Carried: &Carried{Plan: last.N, N: old.N, Reason: reason},
		})
	}
	return f.err()
}

// Unfinished are the actions of a plan that were not done.
func (p *Plan) Unfinished() []Action {
	return slices.DeleteFunc(slices.Clone(p.Actions), Action.IsDone)
}

// NextGoals are the goals as the next plan may begin with them: from what was
// measured last.
func (p *Plan) NextGoals() []Goal {
	goals := slices.Clone(p.Goals)
	for i := range goals {
		if r, ok := p.LastResult(i + 1); ok {
			goals[i].Baseline = r.Now
		}
	}
	return goals
}

// Aim changes the goals of a plan and, while it has not begun, its first
// Monday. version is the plan's when the form was opened: it fails with
// ErrChanged when somebody was quicker.
func (s *Service) Aim(ctx context.Context, a accounts.Actor, experiment string, n, version int, start time.Time, goals []Goal) (err error) {
	defer fault.Wrap(&err, "goals of plan %d of experiment %q", n, experiment)
	return s.update(ctx, func(tx store.Tx) error {
		return s.changeTx(tx, a, experiment, n, "weeks.aimed", func(p planned) error {
			if p.Version != version {
				return ErrChanged
			}
			if p.cal.Week(p.now) == 0 {
				if err := p.setStart(start, s.Zone); err != nil {
					return err
				}
			}
			return p.setGoals(goals)
		})
	})
}

// AddAction puts an action into a plan and returns its number.
func (s *Service) AddAction(ctx context.Context, a accounts.Actor, experiment string, n int, action Action) (number int, err error) {
	defer fault.Wrap(&err, "add to plan %d of experiment %q", n, experiment)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		number, err = once.Do(tx, s.Now(), func() (got int, err error) {
			err = s.changeTx(tx, a, experiment, n, "weeks.action_added", func(p planned) error {
				got, err = p.add(Action{Text: action.Text, Owner: action.Owner, Due: action.Due, Help: action.Help, By: a.ID}, p.card.Persons(), p.cal, p.now.UTC())
				return err
			})
			return got, err
		})
		return err
	})
	return number, err
}

// ChangeAction changes the words of an action, who answers for it, and whether
// a hand is wanted.
func (s *Service) ChangeAction(ctx context.Context, a accounts.Actor, experiment string, n, number int, to Action) (err error) {
	return s.onAction(ctx, a, experiment, n, number, "weeks.action_changed", func(p planned, x *Action) error {
		changed := *x
		changed.Text, changed.Owner, changed.Help = to.Text, to.Owner, to.Help
		if err := changed.check(teamOf(&p.card, x.Owner)).err(); err != nil {
			return err
		}
		*x = changed
		return nil
	})
}

// Finish marks an action done, or, with done false, not done after all.
func (s *Service) Finish(ctx context.Context, a accounts.Actor, experiment string, n, number int, done bool) error {
	kind := map[bool]string{true: "weeks.action_done", false: "weeks.action_reopened"}[done]
	return s.onAction(ctx, a, experiment, n, number, kind, func(p planned, x *Action) error {
		if x.IsDone() == done {
			return nil
		}
		x.Done, x.DoneBy = time.Time{}, ""
		if done {
			x.Done, x.DoneBy = p.now.UTC(), a.ID
		}
		return nil
	})
}

// MoveAction moves an action to another week. Once the plan has begun it asks
// for a reason, and the week it is moved from still counts it as due.
func (s *Service) MoveAction(ctx context.Context, a accounts.Actor, experiment string, n, number, week int, reason string) error {
	return s.onAction(ctx, a, experiment, n, number, "weeks.action_moved", func(p planned, _ *Action) error {
		return p.move(number, Move{To: week, Reason: reason, At: p.now.UTC(), By: a.ID}, p.cal)
	})
}

// RemoveAction takes out an action that no week has counted yet. It fails with
// ErrBegun otherwise.
func (s *Service) RemoveAction(ctx context.Context, a accounts.Actor, experiment string, n, number int) error {
	return s.onAction(ctx, a, experiment, n, number, "weeks.action_removed", func(p planned, _ *Action) error {
		return p.remove(number, p.cal.Week(p.now))
	})
}

func (s *Service) onAction(ctx context.Context, a accounts.Actor, experiment string, n, number int, kind string, fn func(p planned, x *Action) error) (err error) {
	defer fault.Wrap(&err, "action %d of plan %d of experiment %q", number, n, experiment)
	return s.update(ctx, func(tx store.Tx) error {
		return s.changeTx(tx, a, experiment, n, kind, func(p planned) error {
			x, err := p.action(number)
			if err != nil {
				return err
			}
			return fn(p, x)
		})
	})
}
