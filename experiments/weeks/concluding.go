package weeks

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Measure writes the interim results of week 4, 8 or 12: one for each goal, in
// the order of the goals. Writing them again replaces them. It fails with
// ErrTooEarly before that week.
func (s *Service) Measure(ctx context.Context, a accounts.Actor, experiment string, n, week int, results []InterimResult) (err error) {
	defer fault.Wrap(&err, "results of week %d of plan %d of experiment %q", week, n, experiment)
	return s.update(ctx, func(tx store.Tx) error {
		return s.changeTx(tx, a, experiment, n, "weeks.measured", func(p planned) error {
			for i := range results {
				results[i].By = a.ID
			}
			return p.measure(week, results, p.cal, p.now.UTC())
		})
	})
}

// Conclude writes what was found out about a practice: a new one when number is
// 0. Its evidence must be entries of the log that the actor may read.
func (s *Service) Conclude(ctx context.Context, a accounts.Actor, experiment string, n, number int, one Practice) (err error) {
	defer fault.Wrap(&err, "conclusion in plan %d of experiment %q", n, experiment)
	return s.update(ctx, func(tx store.Tx) error {
		return s.changeTx(tx, a, experiment, n, "weeks.concluded", func(p planned) error {
			one.By, one.At = a.ID, p.now.UTC()
			slices.Sort(one.Evidence)
			one.Evidence = slices.Compact(one.Evidence)
			for _, entry := range one.Evidence {
				if _, err := s.Experiments.EntryTx(tx, a, p.thing, experiment, entry); err != nil {
					return ErrEvidence.Because(err)
				}
			}
			return p.conclude(number, one)
		})
	})
}

// Unconclude takes a conclusion back out.
func (s *Service) Unconclude(ctx context.Context, a accounts.Actor, experiment string, n, number int) (err error) {
	defer fault.Wrap(&err, "conclusion %d in plan %d of experiment %q", number, n, experiment)
	return s.update(ctx, func(tx store.Tx) error {
		return s.changeTx(tx, a, experiment, n, "weeks.concluded", func(p planned) error {
			p.Practices = slices.DeleteFunc(p.Practices, func(x Practice) bool { return x.N == number })
			return nil
		})
	})
}

// Close ends a plan with its review, from its last week on or when the
// experiment is over. It fails with ErrNoPractice without a conclusion, and with
// ErrNoResults for each week whose results are missing without a reason.
func (s *Service) Close(ctx context.Context, a accounts.Actor, experiment string, n int, text string, excuses map[int]string) (err error) {
	defer fault.Wrap(&err, "close plan %d of experiment %q", n, experiment)
	return s.update(ctx, func(tx store.Tx) error {
		return s.changeTx(tx, a, experiment, n, "weeks.closed", func(p planned) error {
			return p.close(Review{Text: text, Excuses: excuses, At: p.now.UTC(), By: a.ID}, p.card.Over(), p.cal)
		})
	})
}

// TextsTx are the words an experiment can be found by: the goals of its plans
// and what was found out about each practice.
func (s *Service) TextsTx(tx store.Tx, experiment string) (texts []string, err error) {
	for p, err := range plans.All(tx, store.Prefix(experiment+"/")) {
		if err != nil {
			return nil, err
		}
		for _, g := range p.Goals {
			texts = append(texts, g.Result, g.Measure)
		}
		for _, one := range p.Practices {
			texts = append(texts, one.Text, one.Why)
		}
	}
	return texts, nil
}

// A Method is what an experiment has found out about ways of working, from all
// its plans: the newest first.
type Method struct {
	Card  experiments.Experiment
	Thing accounts.Thing
	Parts []MethodPart
	// Proof are the entries of the log that conclusions point to and this reader
	// may see, by number.
	Proof map[int]experiments.Entry
}

// A MethodPart is what one plan brought to it.
type MethodPart struct {
	Plan Plan
	Cal  Calendar
}

// Method collects the conclusions of all plans of an experiment.
func (s *Service) Method(ctx context.Context, a accounts.Actor, experiment string) (m Method, err error) {
	defer fault.Wrap(&err, "method of experiment %q", experiment)
	return store.Get(ctx, s.Store, func(tx store.Tx) (Method, error) {
		m := Method{Proof: map[int]experiments.Entry{}}
		var err error
		if m.Card, m.Thing, err = s.Experiments.SeeTx(tx, a, experiment); err != nil {
			return m, err
		}
		now := s.Now()
		for p, err := range plans.All(tx, store.Range{Prefix: experiment + "/", Reverse: true}) {
			if err != nil {
				return m, err
			}
			m.Parts = append(m.Parts, MethodPart{p, CalendarOf(&p, &m.Card, now, s.Zone)})
			if err := s.proveTx(tx, a, m.Thing, &p, m.Proof); err != nil {
				return m, err
			}
		}
		if len(m.Parts) == 0 {
			return m, store.ErrNotFound
		}
		return m, nil
	})
}

// proveTx reads the entries that a plan's conclusions point to.
func (s *Service) proveTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, p *Plan, proof map[int]experiments.Entry) error {
	for _, one := range p.Practices {
		for _, n := range one.Evidence {
			entry, err := s.Experiments.EntryTx(tx, a, thing, p.Experiment, n)
			if errors.Is(err, experiments.ErrNoSuchEntry) {
				continue
			}
			if err != nil {
				return err
			}
			proof[n] = entry
		}
	}
	return nil
}

// carryField is the name of a field of an action that is taken along.
func carryField(n int, field string) string { return fmt.Sprintf("carry_%d_%s", n, field) }
