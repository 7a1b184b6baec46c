package mentoring

import (
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// A Mentorship begins as a team's question to one mentor. Whoever does not
// answer in time, or says no, passes it on to the next who fits, until
// somebody says yes or nobody is left.
//
// The last turn is the mentor whose turn it is, or was. Start is set exactly
// when somebody said yes.
type Mentorship struct {
	ID         string    `json:"id"`
	Experiment string    `json:"experiment"`
	By         string    `json:"by"` // who asked, of the team
	Wish       Wish      `json:"wish"`
	Message    string    `json:"message"`
	Lang       string    `json:"lang"`    // of the message
	MoveOn     bool      `json:"move_on"` // ask the next one when this one cannot
	State      State     `json:"state"`
	Turns      []Turn    `json:"turns"`
	Created    time.Time `json:"created"`
	Start      time.Time `json:"start,omitzero"`
	Until      time.Time `json:"until,omitzero"` // it ends then by itself
	Closed     time.Time `json:"closed,omitzero"`
	ClosedBy   string    `json:"closed_by,omitempty"` // a person, or "system"
	Reason     string    `json:"reason,omitempty"`    // why it was closed
	// TeamAgain and MentorAgain say whether they would do it again.
	TeamAgain   Again `json:"team_again,omitempty"`
	MentorAgain Again `json:"mentor_again,omitempty"`
}

// State is how far a mentorship has come.
type State string

// The states.
const (
	Waits     State = "asked" // for the mentor's answer
	Running   State = "running"
	Over      State = "ended"
	Nobody    State = "unanswered" // nobody is left to ask
	Withdrawn State = "withdrawn"
)

// A Turn is one mentor who was asked.
type Turn struct {
	Mentor   string    `json:"mentor"`
	Person   string    `json:"person"`
	Asked    time.Time `json:"asked"`
	Due      time.Time `json:"due"` // last day to answer: the midnight it begins with
	Answered time.Time `json:"answered,omitzero"`
	Answer   Answer    `json:"answer,omitempty"`
	Reason   string    `json:"reason,omitempty"`
}

// Answer is what became of a turn.
type Answer string

// The answers.
const (
	Yes    Answer = "yes"
	No     Answer = "no"
	Silent Answer = "silent" // the last day passed
)

// Again is whether somebody would do it again.
type Again string

// The answers to it.
const (
	WouldAgain    Again = "yes"
	WouldNotAgain Again = "no"
)

// AnswerDays is how many working days a mentor has to answer.
const AnswerDays = 3

// Limits of a mentorship.
const (
	MaxMessage = 600
	MaxReason  = 300
	MaxWaiting = 2 // questions of one experiment that wait at the same time
)

// Faults of a mentorship.
var (
	ErrMessage  = fault.New(fault.Invalid, "mentor.message_missing").On("message")
	ErrReason   = fault.New(fault.Invalid, "mentor.reason_missing").On("reason")
	ErrAgain    = fault.New(fault.Invalid, "mentor.again_missing").On("again")
	ErrState    = fault.New(fault.Conflict, "mentor.wrong_state")
	ErrMovedOn  = fault.New(fault.Gone, "mentor.moved_on")
	ErrTooMany  = fault.New(fault.Conflict, "mentor.too_many_waiting", MaxWaiting)
	ErrNotFree  = fault.New(fault.Conflict, "mentor.not_free").On("mentor")
	ErrNobody   = fault.New(fault.Conflict, "mentor.nobody_fits")
	ErrNotNow   = fault.New(fault.Conflict, "mentor.experiment_not_open")
	ErrFull     = fault.New(fault.Conflict, "mentor.full")
	ErrAnswered = fault.New(fault.Conflict, "mentor.again_given")
)

// Workdays tells working days from others. content.Calendar is one.
type Workdays interface {
	NextWorkday(t time.Time) time.Time
	AddWorkdays(t time.Time, n int) time.Time
}

// DueOn is the last day to answer a question of now: the third working day
// after the day it came, or after the next working day. It is the midnight
// that begins the day in zone.
func DueOn(days Workdays, now time.Time, zone *time.Location) time.Time {
	y, m, d := days.AddWorkdays(days.NextWorkday(now.In(zone)), AnswerDays).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// Late reports whether the last day to answer has passed.
func (t Turn) Late(now time.Time, zone *time.Location) bool {
	y, m, d := t.Due.In(zone).Date()
	return !now.Before(time.Date(y, m, d+1, 0, 0, 0, 0, zone))
}

// IsOpen reports whether the mentor is being asked or helps.
func (m *Mentorship) IsOpen() bool { return m.State == Waits || m.State == Running }

// Turn is whose turn it is, or was last.
func (m *Mentorship) Turn() Turn {
	if len(m.Turns) == 0 {
		return Turn{}
	}
	return m.Turns[len(m.Turns)-1]
}

// WasAsked reports whether a person was asked before the one whose turn it is.
func (m *Mentorship) WasAsked(person string) bool {
	return person != "" && slices.ContainsFunc(m.Turns, func(t Turn) bool { return t.Person == person })
}

// Subject is how the journal names a mentorship.
func (m *Mentorship) Subject() string { return "mentorship:" + m.ID }

// ask gives the turn to a mentor.
func (m *Mentorship) ask(mentor Mentor, now, due time.Time) {
	m.State = Waits
	m.Turns = append(slices.Clone(m.Turns), Turn{Mentor: mentor.ID, Person: mentor.Person, Asked: now, Due: due})
}

// answer closes the present turn.
func (m *Mentorship) answer(a Answer, reason string, now time.Time) {
	m.Turns = slices.Clone(m.Turns)
	t := &m.Turns[len(m.Turns)-1]
	t.Answer, t.Answered, t.Reason = a, now, reason
}

// Accept lets the mentorship begin. It fails with ErrState when nobody is
// being asked any more.
func (m *Mentorship) Accept(now time.Time) error {
	if m.State != Waits {
		return ErrState
	}
	m.answer(Yes, "", now)
	m.State, m.Start, m.Until = Running, now, now.Add(m.Wish.Role.lasts())
	return nil
}

// Decline closes the turn with a reason that the team reads. Who is asked next
// is for the service to find.
func (m *Mentorship) Decline(reason string, now time.Time) error {
	reason = strings.TrimSpace(reason)
	if m.State != Waits {
		return ErrState
	}
	var f findings
	f.when(reason == "", ErrReason)
	f.text("reason", reason, MaxReason)
	if err := f.err(); err != nil {
		return err
	}
	m.answer(No, reason, now)
	return nil
}

// Close ends a mentorship that runs, or takes back a question that waits. The
// reason may be empty.
func (m *Mentorship) Close(by, reason string, now time.Time) error {
	reason = strings.TrimSpace(reason)
	var f findings
	f.text("reason", reason, MaxReason)
	if err := f.err(); err != nil {
		return err
	}
	switch m.State {
	case Waits:
		m.State = Withdrawn
	case Running:
		m.State = Over
	default:
		return ErrState
	}
	m.Closed, m.ClosedBy, m.Reason = now, by, reason
	return nil
}

// giveUp says that nobody is left to ask.
func (m *Mentorship) giveUp(now time.Time) { m.State, m.Closed, m.ClosedBy = Nobody, now, "system" }

// Rate notes whether one side would do it again: once, after it has ended.
func (m *Mentorship) Rate(byMentor bool, again Again) error {
	if again != WouldAgain && again != WouldNotAgain {
		return ErrAgain
	}
	if m.State != Over {
		return ErrState
	}
	side := &m.TeamAgain
	if byMentor {
		side = &m.MentorAgain
	}
	if *side != "" {
		return ErrAnswered
	}
	*side = again
	return nil
}

// EndsByItself reports whether a mentorship that runs is over: its longest
// time has passed, or the experiment has nothing left to be helped with.
func (m *Mentorship) EndsByItself(stage experiments.Stage, now time.Time) bool {
	return m.State == Running && (!now.Before(m.Until) || !askable(stage))
}

// askable reports whether a team may look for help in a stage: from the moment
// others may read the experiment until its lesson is told.
func askable(stage experiments.Stage) bool {
	return slices.Contains([]experiments.Stage{
		experiments.Idea, experiments.Planned, experiments.Running, experiments.Paused, experiments.Ended,
	}, stage)
}
