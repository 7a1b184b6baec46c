package experiments

import (
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// Limits of pauses and of waiting for an end.
const (
	MaxPauses     = 2
	MaxPauseDays  = 56
	GraceDays     = 14 // after the end, then the experiment ends by itself
	LessonDueDays = 28
)

// Faults of stages. What is missing comes as "experiment.missing_…" beside
// them, at its field.
var (
	ErrStage       = fault.New(fault.Conflict, "experiment.no_such_step")
	ErrReason      = fault.New(fault.Invalid, "experiment.reason_missing").On("reason")
	ErrDecisions   = fault.New(fault.Invalid, "experiment.decisions_open").On("decisions")
	ErrUnconfirmed = fault.New(fault.Invalid, "experiment.start_unconfirmed").On("confirm")
	ErrNotMicro    = fault.New(fault.Invalid, "experiment.micro_has_money").On("money")
	ErrPauses      = fault.New(fault.Conflict, "experiment.pauses_used", MaxPauses, MaxPauseDays/7)
	ErrNotOver     = fault.New(fault.Conflict, "experiment.not_over")
	ErrNote        = fault.New(fault.Invalid, "experiment.note_missing").On("note")
)

// A Transition is one row of the table of stages: who may take it, what must
// be there, what it does. Automatic ones are taken by the system too.
type Transition struct {
	From, To  Stage
	Who       []accounts.Action // any of them
	Reason    bool              // must be given
	Automatic bool
	ready     func(e *Experiment, at time.Time, zone *time.Location) []*fault.Error
	effect    func(e *Experiment, m Move, zone *time.Location)
}

var (
	byOwner       = []accounts.Action{accounts.MoveExperiment}
	byOwnerOrHome = []accounts.Action{accounts.PauseExperiment}
	byKeepers     = []accounts.Action{accounts.ConfirmStart, accounts.RunPortal}
	byAdopters    = []accounts.Action{accounts.Adopt, accounts.ConfirmStart}
	byPeers       = []accounts.Action{accounts.ReturnLesson}
)

// Transitions is the whole table. A pair of stages that is not in it nobody
// may take.
var Transitions = []Transition{
	{From: Draft, To: Idea, Who: byOwner, ready: faceReady(FaceIdea)},
	{From: Idea, To: Planned, Who: byOwner, ready: faceReady(FacePlan)},
	{From: Planned, To: Running, Who: byOwner, ready: startReady, effect: start},
	{From: Running, To: Paused, Who: byOwnerOrHome, Reason: true, ready: pauseReady, effect: pause},
	{From: Paused, To: Running, Who: byOwner, effect: resume},
	{From: Running, To: Ended, Who: byOwner, Automatic: true},
	{From: Paused, To: Ended, Who: byOwner, effect: closePause},
	{From: Idea, To: Stopped, Who: byOwnerOrHome, Reason: true},
	{From: Planned, To: Stopped, Who: byOwnerOrHome, Reason: true},
	{From: Running, To: Stopped, Who: byOwnerOrHome, Reason: true, ready: lessonReady},
	{From: Paused, To: Stopped, Who: byOwnerOrHome, Reason: true, ready: lessonReady, effect: closePause},
	{From: Ended, To: Learned, Who: byOwner, ready: faceReady(FaceLearning)},
	{From: Learned, To: Ended, Who: byPeers, Reason: true, ready: returnReady, effect: sendBack},
	{From: Learned, To: Spread, Who: byAdopters, Reason: true, effect: noteSpread},
	{From: Learned, To: Archived, Who: byKeepers},
	{From: Spread, To: Archived, Who: byKeepers},
	{From: Stopped, To: Archived, Who: byKeepers},
}

// TransitionOf returns the row of the table for a pair of stages.
func TransitionOf(from, to Stage) (Transition, bool) {
	for _, t := range Transitions {
		if t.From == from && t.To == to {
			return t, true
		}
	}
	return Transition{}, false
}

// NextStages are the stages that can be reached from here in one step.
func NextStages(from Stage) []Stage {
	var list []Stage
	for _, t := range Transitions {
		if t.From == from {
			list = append(list, t.To)
		}
	}
	return list
}

// Allows reports whether the actor may take the transition.
func (t Transition) Allows(a accounts.Actor, thing accounts.Thing) bool {
	for _, do := range t.Who {
		if accounts.Can(a, do, thing) {
			return true
		}
	}
	return false
}

// Advance moves the experiment to a stage: m.To, at m.At, by m.By. It fails,
// and changes nothing, with ErrStage when the table has no such step, with
// ErrReason when one must be given, and with a fault for each thing that is
// missing.
func (e *Experiment) Advance(m Move, zone *time.Location) error {
	t, ok := TransitionOf(e.Stage, m.To)
	if !ok {
		return noStep(e.Stage, m.To)
	}
	m.From, m.Reason = e.Stage, strings.TrimSpace(m.Reason)
	if err := fault.Join(e.lacking(t, m, zone)...); err != nil {
		return err
	}
	if t.effect != nil {
		t.effect(e, m, zone)
	}
	e.Stage = m.To
	e.Moves = append(e.Moves, m)
	e.Changed = m.At
	return nil
}

// Lacking returns what keeps the experiment from a stage now, the reason that
// will be typed apart; nil means that nothing does.
func (e *Experiment) Lacking(to Stage, now time.Time, zone *time.Location) []*fault.Error {
	t, ok := TransitionOf(e.Stage, to)
	if !ok {
		return []*fault.Error{noStep(e.Stage, to)}
	}
	return e.lacking(t, Move{From: e.Stage, To: to, At: now, Reason: "-"}, zone)
}

func (e *Experiment) lacking(t Transition, m Move, zone *time.Location) []*fault.Error {
	var faults []*fault.Error
	if t.ready != nil {
		faults = t.ready(e, m.At, zone)
	}
	if t.Reason && m.Reason == "" {
		faults = append(faults, ErrReason)
	}
	return faults
}

// faceReady asks for everything a face must have, and for the faces before it.
func faceReady(face Face) func(*Experiment, time.Time, *time.Location) []*fault.Error {
	return func(e *Experiment, _ time.Time, _ *time.Location) []*fault.Error {
		switch face {
		case FacePlan:
			return append(missing(e, fieldsOf(FaceIdea)), missing(e, fieldsOf(FacePlan))...)
		default:
			return missing(e, fieldsOf(face))
		}
	}
}

// lessonReady asks for the three lines that even an early end owes.
func lessonReady(e *Experiment, _ time.Time, _ *time.Location) []*fault.Error {
	return missing(e, lessonFields)
}

// startReady asks for the whole plan, for every decision and, where it is
// needed, for the coordinator's confirmation.
func startReady(e *Experiment, _ time.Time, _ *time.Location) []*fault.Error {
	faults := append(missing(e, fieldsOf(FaceIdea)), missing(e, fieldsOf(FacePlan))...)
	if e.Decisions.Open() > 0 {
		faults = append(faults, ErrDecisions)
	}
	if e.Type == Micro && e.Money.Any() {
		faults = append(faults, ErrNotMicro)
	}
	if e.NeedsConfirmation() && e.Confirmed.At.IsZero() {
		faults = append(faults, ErrUnconfirmed)
	}
	return faults
}

// NeedsConfirmation reports whether the own municipality's coordinator must
// confirm the start: personal data, money, or a decision that was not made.
func (e *Experiment) NeedsConfirmation() bool {
	return e.People.PersonalData == Yes || e.Money.Any() || !e.Decisions.allMade()
}

func pauseReady(e *Experiment, at time.Time, zone *time.Location) []*fault.Error {
	if len(e.Pauses) >= MaxPauses || e.PausedDays(at, zone) >= MaxPauseDays {
		return []*fault.Error{ErrPauses}
	}
	return nil
}

// PausedDays is how many days the experiment has been paused in all.
func (e *Experiment) PausedDays(now time.Time, zone *time.Location) (n int) {
	for _, p := range e.Pauses {
		until := p.Until
		if until.IsZero() {
			until = now
		}
		n += days(p.From, until, zone)
	}
	return n
}
