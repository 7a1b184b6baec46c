package experiments

import (
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// Faults that say why a step cannot be taken, and what to do instead. The first
// two are ErrStage, the others accounts.ErrForbidden, in other words.
var (
	ErrNoRerun   = fault.New(fault.Conflict, "experiment.no_rerun").Because(ErrStage)
	ErrNoWayBack = fault.New(fault.Conflict, "experiment.no_way_back").Because(ErrStage)

	ErrOwnersStep   = fault.New(fault.Forbidden, "experiment.step_of_owner").Because(accounts.ErrForbidden)
	ErrSteersStep   = fault.New(fault.Forbidden, "experiment.step_of_owner_or_coordinator").Because(accounts.ErrForbidden)
	ErrKeepersStep  = fault.New(fault.Forbidden, "experiment.step_of_coordinator").Because(accounts.ErrForbidden)
	ErrAdoptersStep = fault.New(fault.Forbidden, "experiment.step_of_adopter").Because(accounts.ErrForbidden)
	ErrPeersStep    = fault.New(fault.Forbidden, "experiment.step_of_peer").Because(accounts.ErrForbidden)
)

// noStep says why the table has no such step: what is over is not run again,
// and nothing goes back to a draft.
func noStep(from, to Stage) *fault.Error {
	switch {
	case to == Running && slices.Contains([]Stage{Ended, Learned, Spread, Stopped}, from):
		return ErrNoRerun
	case to == Draft && from != Draft:
		return ErrNoWayBack
	}
	return ErrStage
}

// notTheirs says whose step it is.
func (t Transition) notTheirs() *fault.Error {
	switch t.Who[0] {
	case accounts.MoveExperiment:
		return ErrOwnersStep
	case accounts.PauseExperiment:
		return ErrSteersStep
	case accounts.ConfirmStart:
		return ErrKeepersStep
	case accounts.Adopt:
		return ErrAdoptersStep
	case accounts.ReturnLesson:
		return ErrPeersStep
	}
	return accounts.ErrForbidden
}

// maxReason is how long the reason of the step may be, in characters.
func (t Transition) maxReason() int {
	if t.Who[0] == accounts.ReturnLesson {
		return MaxComments
	}
	return MaxReason
}
