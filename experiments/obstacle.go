package experiments

import (
	"slices"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// Barrier is what sort of thing an obstacle is.
type Barrier string

// The barriers.
const (
	BarrierMoney       Barrier = "money"
	BarrierDecision    Barrier = "decision"
	BarrierProcurement Barrier = "procurement"
	BarrierData        Barrier = "data_protection"
	BarrierSystem      Barrier = "system" // a supplier or a legacy system
	BarrierPeople      Barrier = "people"
	BarrierSkills      Barrier = "skills"
	BarrierOther       Barrier = "other" // also what was written before barriers had names
)

// Barriers lists the barriers in the order they are offered.
var Barriers = []Barrier{BarrierMoney, BarrierDecision, BarrierProcurement, BarrierData, BarrierSystem, BarrierPeople, BarrierSkills, BarrierOther}

// FollowUp is what became of an obstacle. Until there is one, it is open.
type FollowUp string

// The ways an obstacle ends.
const (
	Solved   FollowUp = "solved"
	GivenUp  FollowUp = "given_up" // what it stood in the way of is not tried any more
	Accepted FollowUp = "accepted" // it stays, and the team lives with it
)

// FollowUps lists the follow-ups in the order they are offered.
var FollowUps = []FollowUp{Solved, GivenUp, Accepted}

// Faults of obstacles.
var (
	ErrBarrier    = fault.New(fault.Invalid, "experiment.barrier_unknown").On("barrier")
	ErrFollowUp   = fault.New(fault.Invalid, "experiment.follow_up_unknown").On("follow_up")
	ErrHow        = fault.New(fault.Invalid, "experiment.follow_up_how").On("text")
	ErrNoObstacle = fault.New(fault.Conflict, "experiment.no_such_obstacle").On("follows")
)

// IsOpen reports whether the entry is an obstacle that nobody has followed up.
func (n Entry) IsOpen() bool {
	return n.Kind == Obstacle && n.Corrected == 0 && n.Followed == 0
}

// barrier is the entry's barrier; what was written before there were any is
// BarrierOther.
func (n Entry) barrier() Barrier {
	if n.Barrier == "" {
		return BarrierOther
	}
	return n.Barrier
}

// checkObstacle cleans and checks what belongs to obstacles alone.
func (n *Entry) checkObstacle(f *findings) {
	if n.Kind != Obstacle {
		n.Barrier = ""
	} else if n.Barrier = n.barrier(); !slices.Contains(Barriers, n.Barrier) {
		f.add(ErrBarrier)
	}
	switch {
	case n.Follows != 0:
		oneOf(f, ErrFollowUp, n.FollowUp, FollowUps)
		f.when(n.Text == "", ErrHow)
	case n.Corrects == 0:
		n.FollowUp = ""
	case n.FollowUp != "":
		oneOf(f, ErrFollowUp, n.FollowUp, FollowUps)
	}
}

// A Tally counts the obstacles of one sort.
type Tally struct {
	Open    int `json:"open,omitempty"`
	Settled int `json:"settled,omitempty"` // followed up, however
}

// All is how many there were.
func (t Tally) All() int { return t.Open + t.Settled }

// Tallies count the obstacles of an experiment by their barrier: those that
// everybody may read, without those put right.
type Tallies map[Barrier]Tally

// count adds an entry to the card's tallies, or takes it away when by is -1.
func (e *Experiment) count(n Entry, by int) {
	if n.Kind != Obstacle || n.Reach != ForAll || n.Corrected != 0 {
		return
	}
	if e.Obstacles == nil {
		e.Obstacles = Tallies{}
	}
	t := e.Obstacles[n.barrier()]
	if n.Followed == 0 {
		t.Open += by
	} else {
		t.Settled += by
	}
	if t == (Tally{}) {
		delete(e.Obstacles, n.barrier())
		return
	}
	e.Obstacles[n.barrier()] = t
}
