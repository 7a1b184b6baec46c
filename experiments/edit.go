package experiments

import (
	"context"
	"reflect"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Limits of the card's texts, in characters, and of its lists.
const (
	MaxTitle      = 80
	MaxSummary    = 280
	MaxProblem    = 600
	MaxBelief     = 300
	MaxTest       = 600
	MaxStopRule   = 200
	MaxPeople     = 300
	MaxLine       = 120
	MaxSteps      = 12
	MaxDecisions  = 12
	MaxCostLines  = 12
	MaxCostText   = 80
	MaxRules      = 300
	MaxAfter      = 400
	MaxComms      = 200
	MaxMeasureTxt = 80
	MaxSurprise   = 400
	MaxLearnt     = 1000
	MaxConditions = 600
	MaxNext       = 200
	MaxSwitched   = 200
	MaxPitfalls   = 1000
	MaxLinks      = 10
	MaxThemes     = 5
	maxWords      = 120
	maxUnit       = 20
	maxLicence    = 40
	maxRole       = 80
)

// Faults of editing.
var (
	ErrEdited   = fault.New(fault.Conflict, "experiment.edited_meanwhile")
	ErrLocked   = fault.New(fault.Conflict, "experiment.locked")
	ErrNotYet   = fault.New(fault.Conflict, "experiment.learning_not_yet")
	ErrCalendar = fault.New(fault.Invalid, "experiment.calendar_order").On("end")
)

// An Edit is one section of the card as somebody typed it.
type Edit interface {
	// Section is the page it belongs to.
	Section() Section
	// into writes the edit into the card and collects what is wrong.
	into(e *Experiment, f *findings)
}

// Save writes one section. version is the card's version that the writer had
// before their eyes: when somebody else has saved this section meanwhile,
// nothing changes and it fails with ErrEdited, so that the page can show both
// texts at each field. The writer's draft of the section is done with. It fails
// with ErrLocked for what the start has locked and with a fault for each field
// that breaks a rule of its stage.
func (s *Service) Save(ctx context.Context, a accounts.Actor, id string, version int, edit Edit) (saved int, err error) {
	defer fault.Wrap(&err, "save experiment %q", id)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		saved, err = once.Do(tx, s.Now(), func() (int, error) { return s.saveTx(tx, a, id, version, edit) })
		return err
	})
	return saved, err
}

// Learn writes the learning face and takes an ended experiment to learned, or
// does neither.
func (s *Service) Learn(ctx context.Context, a accounts.Actor, id string, version int, edit LearningEdit) (err error) {
	defer fault.Wrap(&err, "learn from experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		if _, err := s.saveTx(tx, a, id, version, edit); err != nil {
			return err
		}
		return s.AdvanceTx(tx, a, id, Learned, "")
	})
}

func (s *Service) saveTx(tx store.Tx, a accounts.Actor, id string, version int, edit Edit) (int, error) {
	before, thing, err := s.SeeTx(tx, a, id)
	if err != nil {
		return 0, err
	}
	if err := accounts.Must(a, accounts.EditExperiment, thing); err != nil {
		return 0, err
	}
	after, err := before.Edited(edit)
	switch {
	case err != nil:
		return 0, err
	case reflect.DeepEqual(before, after):
		return before.Version, dropDraftTx(tx, a, id, edit.Section())
	}
	if err := s.meanwhileTx(tx, &before, version, edit.Section()); err != nil {
		return 0, err
	}
	if err := dropDraftTx(tx, a, id, edit.Section()); err != nil {
		return 0, err
	}
	if err := s.wantable(tx, before.Wanted, after.Wanted); err != nil {
		return 0, err
	}
	if err := s.parentable(tx, a, &before, after.Parent); err != nil {
		return 0, err
	}
	if err := s.answerTx(tx, a, &before, &after); err != nil {
		return 0, err
	}
	after.Version++
	after.Changed = s.Now().UTC()
	return after.Version, s.putTx(tx, a, &after, "experiment.edited")
}

// Edited returns the card with a section changed, or what is wrong with it.
// The card itself stays as it is.
func (e Experiment) Edited(edit Edit) (Experiment, error) {
	if e.Stage == Archived {
		return e, ErrArchived
	}
	if edit.Section() == SectionLearning && !e.WasStarted() && !e.Over() {
		return e, ErrNotYet
	}
	after := e
	var f findings
	edit.into(&after, &f)
	f.list = append(f.list, after.kindFaults(edit.Section())...)
	f.list = append(f.list, missing(&after, after.owed())...)
	if err := f.err(); err != nil {
		return e, err
	}
	if e.locks(&after) {
		return e, ErrLocked
	}
	if e.Stage == Planned && !reflect.DeepEqual(grounds(&e), grounds(&after)) {
		after.Confirmed = Confirmation{} // what was confirmed is no longer what stands here
	}
	return after, nil
}

// owed are the fields that the stage has asked for already: no later edit may
// empty them.
func (e *Experiment) owed() []field {
	var list []field
	for i, stage := range []Stage{Idea, Planned, Learned} {
		if _, ok := e.ReachedAt(stage); ok {
			list = append(list, fieldsOf(Faces[i])...)
		}
	}
	if e.Stage == Stopped && e.WasStarted() {
		list = append(list, lessonFields...)
	}
	return list
}

// locks reports whether the edit would change what the start has locked:
// type, belief, test, calendar, and of the measures everything but results.
func (e *Experiment) locks(after *Experiment) bool {
	if e.Lock == nil {
		return false
	}
	plan := func(x *Experiment) any {
		list := append([]Measure(nil), x.Measures...)
		for i := range list {
			list[i].Final, list[i].N, list[i].Source = nil, 0, ""
		}
		return []any{x.Type, x.Belief, x.Test, x.Calendar.Start.Unix(), x.Calendar.End.Unix(), list}
	}
	return !reflect.DeepEqual(plan(e), plan(after))
}

// grounds are what a coordinator confirms.
func grounds(e *Experiment) any { return []any{e.People, e.Money, e.Decisions} }
