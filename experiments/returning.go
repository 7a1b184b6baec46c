package experiments

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// MaxComments is how long the comments may be with which a lesson is sent
// back, in characters.
const MaxComments = 600

// A Return says that a methodologist or a peer sent the lesson back, with what
// they missed in it. It happens once at most.
type Return struct {
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Comments string    `json:"comments"`
}

// Faults of sending a lesson back.
var (
	ErrReturned   = fault.New(fault.Conflict, "experiment.returned_already")
	ErrReturnLate = fault.New(fault.Conflict, "experiment.return_too_late")
)

// returnReady keeps a lesson from being sent back twice, or after a case was
// drafted of it.
func returnReady(e *Experiment, _ time.Time, _ *time.Location) []*fault.Error {
	switch {
	case e.Returned != nil:
		return []*fault.Error{ErrReturned}
	case e.CaseID != "":
		return []*fault.Error{ErrReturnLate}
	}
	return nil
}

func sendBack(e *Experiment, m Move, _ *time.Location) {
	e.Returned = &Return{By: m.By, At: m.At, Comments: m.Reason}
}
