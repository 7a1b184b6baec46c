package experiments

import (
	"context"
	"errors"
	"strings"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// ErrFromCase is returned for a case that cannot be started from: it is not
// there for this reader.
var ErrFromCase = fault.New(fault.Invalid, "experiment.from_case_unknown").On("from_case")

// A Beginning is what a new experiment can be started from: somebody's case,
// or an experiment of one's own. Both are nil when there is nothing.
type Beginning struct {
	Case   *cases.Case
	Parent *Experiment
}

// Beginning reads what an address names. What the actor may not read, or may
// not continue, is nothing.
func (s *Service) Beginning(ctx context.Context, a accounts.Actor, caseID, parent string) (b Beginning, err error) {
	defer fault.Wrap(&err, "beginning of an experiment")
	err = s.Store.View(ctx, func(tx store.Tx) error {
		b = Beginning{}
		if b.Case, err = s.caseTx(tx, a, caseID); err != nil || parent == "" {
			return err
		}
		e, thing, err := s.SeeTx(tx, a, parent)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, accounts.ErrUnseen) {
			return nil
		}
		if err == nil && accounts.Can(a, accounts.EditExperiment, thing) {
			b.Parent = &e
		}
		return err
	})
	return b, err
}

// beginTx copies plan, measures and pitfalls of what a new experiment is
// started from, and notes where they come from.
func (s *Service) beginTx(tx store.Tx, a accounts.Actor, e *Experiment, r Registration) error {
	if r.FromCase != "" {
		c, err := s.caseTx(tx, a, r.FromCase)
		switch {
		case err != nil:
			return err
		case c == nil:
			return ErrFromCase
		}
		e.FromCase = c.ID
		if err := s.likeCaseTx(tx, a, e, c); err != nil {
			return err
		}
	}
	if r.Parent == "" {
		return nil
	}
	if err := s.parentable(tx, a, e, r.Parent); err != nil {
		return err
	}
	parent, err := cards.Get(tx, r.Parent)
	if err != nil {
		return err
	}
	e.Parent = parent.ID
	e.continues(&parent)
	return nil
}

// likeCaseTx copies from a case: from the card behind it where the actor may
// read that, else from its text.
func (s *Service) likeCaseTx(tx store.Tx, a accounts.Actor, e *Experiment, c *cases.Case) error {
	parts := partsOf(c.Body, c.Lang)
	h := cases.HeadingsIn(c.Lang)
	e.Belief, e.Test = tried(parts[h.Tried])
	e.Pitfalls = pitfalls(parts[h.DoesNot], parts[h.Unclear], parts[h.Surprise])
	for _, m := range c.Measures {
		e.Measures = append(e.Measures, Measure{
			Name: cut(m.Name, MaxMeasureTxt), Unit: cut(m.Unit, maxUnit), Direction: map[string]Direction{cases.Down: Less, cases.Up: More}[m.Direction], Limit: m.Limit,
		})
	}
	e.Measures = e.Measures[:min(len(e.Measures), MaxMeasures)]
	if c.Origin.Experiment == "" {
		return nil
	}
	card, _, err := s.SeeTx(tx, a, c.Origin.Experiment)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, accounts.ErrUnseen) {
		return nil
	}
	if err == nil {
		e.likeCard(&card)
		e.Measures = again(card.Measures)
	}
	return err
}

// likeCard copies what was planned. The measures are counted anew: what was
// before is not the same elsewhere.
func (e *Experiment) likeCard(from *Experiment) {
	e.Belief, e.Test, e.StopRule = from.Belief, from.Test, from.StopRule
	if p := pitfalls(from.Learning.DoesNot, from.Learning.Unclear, from.Learning.Surprise); p != "" {
		e.Pitfalls = p
	}
	e.Steps = nil
	for _, step := range from.Steps {
		step.Minutes = 0
		e.Steps = append(e.Steps, step)
	}
}

// continues copies from the experiment before: it goes on where that one
// ended, so what came out there is what is before here.
func (e *Experiment) continues(from *Experiment) {
	e.likeCard(from)
	e.Measures = again(from.Measures)
	for i := range e.Measures {
		e.Measures[i].Baseline = from.Measures[i].Final
		if from.Measures[i].Final == nil {
			e.Measures[i].Baseline = from.Measures[i].Baseline
		}
	}
}

// again are measures with nothing measured yet.
func again(list []Measure) (measures []Measure) {
	for _, m := range list {
		m.Baseline, m.Final, m.N, m.Source = nil, nil, 0, ""
		measures = append(measures, m)
	}
	return measures
}

// pitfalls are what others ran into, one after the other, as much as fits.
func pitfalls(texts ...string) string {
	return cut(join("\n", texts...), MaxPitfalls)
}

// tried divides what a case says it tried into the belief, the first
// paragraph, and the test, the rest.
func tried(text string) (belief, test string) {
	belief, test, _ = strings.Cut(strings.TrimSpace(text), "\n")
	if test = strings.TrimSpace(test); test == "" {
		belief, test = "", belief
	}
	return cut(belief, MaxBelief), cut(test, MaxTest)
}

// partsOf are the texts of a case below each of its headings, without marks.
func partsOf(body, lang string) map[string]string {
	h := cases.HeadingsIn(lang)
	names := append(h.Fixed(), h.Works, h.DoesNot, h.Unclear)
	parts := map[string]*strings.Builder{}
	var current *strings.Builder
	for line := range strings.Lines(body) {
		if text, ok := strings.CutPrefix(line, "#"); ok {
			current = nil
			for _, name := range names {
				if strings.EqualFold(strings.Trim(text, "# \t\r\n"), name) {
					current = &strings.Builder{}
					parts[name] = current
				}
			}
			continue
		}
		if current != nil && !strings.HasPrefix(strings.TrimSpace(line), "![") {
			current.WriteString(line)
		}
	}
	texts := map[string]string{}
	for name, b := range parts {
		texts[name] = content.PlainText(b.String())
	}
	return texts
}
