package experiments

import (
	"context"
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// ErrConfirmNow is returned when there is nothing to confirm: the experiment
// is not planned, or needs nobody's yes.
var ErrConfirmNow = fault.New(fault.Conflict, "experiment.nothing_to_confirm")

// Advance moves an experiment to another stage. It fails with what is missing
// (see Experiment.Advance), and for an actor whom the table does not name,
// with accounts.ErrForbidden.
func (s *Service) Advance(ctx context.Context, a accounts.Actor, id string, to Stage, reason string) (err error) {
	defer fault.Wrap(&err, "advance experiment %q to %s", id, to)
	return s.update(ctx, func(tx store.Tx) error { return s.AdvanceTx(tx, a, id, to, reason) })
}

// AdvanceTx is Advance inside a transaction.
func (s *Service) AdvanceTx(tx store.Tx, a accounts.Actor, id string, to Stage, reason string) error {
	e, thing, err := s.SeeTx(tx, a, id)
	if err != nil {
		return err
	}
	t, ok := TransitionOf(e.Stage, to)
	switch {
	case !a.SignedIn() && !a.System:
		return accounts.ErrSignIn
	case !ok && accounts.Can(a, accounts.EditExperiment, thing):
		return noStep(e.Stage, to)
	case !ok:
		return accounts.ErrForbidden
	case !t.Allows(a, thing):
		return t.notTheirs()
	}
	if n := runes(reason); n > t.maxReason() {
		return fault.New(fault.Invalid, "experiment.too_long", t.maxReason(), n).On("reason")
	}
	switch {
	case to == Spread && strings.TrimSpace(reason) == "":
		return ErrReason
	case to == Spread:
		return s.spreadTx(tx, a, &e, reason)
	}
	if err := e.Advance(Move{To: to, At: s.Now().UTC(), By: a.ID, Reason: reason}, s.Zone); err != nil {
		return err
	}
	e.Version++
	if err := s.tellMoveTx(tx, a, &e, e.Moves[len(e.Moves)-1]); err != nil {
		return err
	}
	return s.putTx(tx, a, &e, "experiment.advanced")
}

// MaxReason is how long the reason of a stage may be, in characters.
const MaxReason = 200

// AskStart tells the coordinator that the plan is ready and waits for a yes.
// It fails with everything else that keeps the experiment from starting.
func (s *Service) AskStart(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "ask to start experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		e, err := s.changeTx(tx, a, id, accounts.MoveExperiment, "experiment.start_asked", func(e *Experiment, _ accounts.Thing) error {
			return e.AskStart(Move{At: s.Now().UTC(), By: a.ID})
		})
		if err != nil {
			return err
		}
		to, err := s.coordinatorsTx(tx, &e)
		if err != nil {
			return err
		}
		return s.tellTx(tx, to, "experiment.letter_start_asked", &e, nil)
	})
}

// AskStart notes that the owner asks for the coordinator's yes. It fails with
// what else is missing, and with ErrConfirmNow when no yes is needed.
func (e *Experiment) AskStart(m Move) error {
	if e.Stage != Planned || !e.NeedsConfirmation() || !e.Confirmed.At.IsZero() {
		return ErrConfirmNow
	}
	var faults []*fault.Error
	for _, f := range startReady(e, m.At, nil) {
		if f != ErrUnconfirmed {
			faults = append(faults, f)
		}
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	e.Confirmed.Asked = m.At
	return nil
}

// AwaitsConfirmation reports whether the coordinator has been asked and has
// not answered.
func (e *Experiment) AwaitsConfirmation() bool {
	return e.Stage == Planned && e.NeedsConfirmation() && e.Confirmed.At.IsZero() && !e.Confirmed.Asked.IsZero()
}

// ConfirmStart is the yes of the own municipality's coordinator. It does not
// start the experiment: its owner does.
func (s *Service) ConfirmStart(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "confirm start of experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		e, err := s.changeTx(tx, a, id, accounts.ConfirmStart, "experiment.confirmed", func(e *Experiment, _ accounts.Thing) error {
			if e.Stage != Planned || !e.NeedsConfirmation() || !e.Confirmed.At.IsZero() {
				return ErrConfirmNow
			}
			e.Confirmed.By, e.Confirmed.At = a.ID, s.Now().UTC()
			return nil
		})
		if err != nil {
			return err
		}
		return s.tellTx(tx, []string{e.Owner}, "experiment.letter_confirmed", &e, nil)
	})
}

// SpreadTx notes that it is done elsewhere too: a coordinator of another
// municipality has adopted it, or the own one says that the house has. A
// learned experiment becomes spread; one that is spread or closed already
// keeps its stage and gains the note.
func (s *Service) SpreadTx(tx store.Tx, a accounts.Actor, id, note string) error {
	e, err := cards.Get(tx, id)
	if err != nil {
		return err
	}
	thing, err := s.thingTx(tx, &e)
	if err != nil {
		return err
	}
	if t, _ := TransitionOf(Learned, Spread); !t.Allows(a, thing) {
		return t.notTheirs()
	}
	return s.spreadTx(tx, a, &e, note)
}

func (s *Service) spreadTx(tx store.Tx, a accounts.Actor, e *Experiment, note string) error {
	note = strings.TrimSpace(note)
	var f findings
	f.when(note == "", ErrNote)
	f.text("note", note, MaxReason)
	if err := f.err(); err != nil {
		return err
	}
	now := s.Now().UTC()
	m := Move{To: Spread, At: now, By: a.ID, Reason: note}
	if e.Stage != Learned {
		noteSpread(e, m, s.Zone)
	} else if err := e.Advance(m, s.Zone); err != nil {
		return err
	}
	e.Spread[len(e.Spread)-1].Organisation = coordinatedOf(a, e.Organisation)
	e.Version++
	return s.putTx(tx, a, e, "experiment.spread")
}

// coordinatedOf is the organisation for which a coordinator speaks: the one
// preferred, else the first they coordinate.
func coordinatedOf(a accounts.Actor, preferred string) string {
	if a.HasIn(accounts.Coordinator, preferred) {
		return preferred
	}
	for _, key := range a.Organisations() {
		if a.HasIn(accounts.Coordinator, key) {
			return key
		}
	}
	return a.Home()
}
