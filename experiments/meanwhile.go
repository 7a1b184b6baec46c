package experiments

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// meanwhileTx fails with ErrEdited when a section is not any more what it was
// in the version that the writer saw. What others changed elsewhere on the
// card is in nobody's way. A version that is not kept counts as changed.
func (s *Service) meanwhileTx(tx store.Tx, now *Experiment, seen int, section Section) error {
	if now.Version == seen {
		return nil
	}
	was, ok, err := versionTx(tx, now.ID, seen)
	switch {
	case err != nil:
		return err
	case !ok:
		return ErrEdited
	}
	same, err := sameSection(&was.Card, now, section)
	if err == nil && !same {
		err = ErrEdited
	}
	return err
}

// Overtaken reports whether a section has changed since a version of the card.
func (s *Service) Overtaken(ctx context.Context, e *Experiment, seen int, section Section) (bool, error) {
	err := s.Store.View(ctx, func(tx store.Tx) error { return s.meanwhileTx(tx, e, seen, section) })
	if errors.Is(err, ErrEdited) {
		return true, nil
	}
	return false, err
}

// sameSection reports whether two cards say the same in a section.
func sameSection(a, b *Experiment, s Section) (bool, error) {
	x, err := json.Marshal(a.written(s))
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b.written(s))
	return bytes.Equal(x, y), err
}

// written is everything that the page of a section writes.
func (e *Experiment) written(s Section) any {
	switch s {
	case SectionProblem:
		return []any{e.Title, e.Summary, e.Problem, e.Sector, e.Themes, e.Visibility, e.Embargo, e.Wanted}
	case SectionBelief:
		return []any{e.Type, e.Belief, e.Test, e.StopRule, e.Pitfalls, e.Checked.Links, e.Checked.None, e.Checked.Words}
	case SectionMeasures:
		return e.Measures
	case SectionPeople:
		return []any{e.People, e.Host, e.Steps, e.Partners}
	case SectionCalendar:
		return e.Calendar
	case SectionDecisions:
		granted := append([]Permission(nil), e.Permissions...)
		for i := range granted {
			granted[i].Reminded = time.Time{} // nobody writes it
		}
		return []any{e.Decisions, e.Rules, granted}
	case SectionMoney:
		return e.Money
	case SectionAfter:
		return []any{e.After, e.Comms}
	case SectionLearning:
		return []any{e.Learning, e.Measures}
	case SectionMore:
		return []any{e.About, e.Parent}
	case SectionTrial:
		return []any{e.Steps, e.Observations}
	}
	return e
}
