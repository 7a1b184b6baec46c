package funding

import "time"

// Targets are the working days a call promises for each step.
type Targets struct {
	Precheck int `json:"precheck"`
	Review   int `json:"review"`
	Decision int `json:"decision"`
}

// UsualTargets are 2, 5 and 3: ten working days in all.
var UsualTargets = Targets{Precheck: 2, Review: 5, Decision: 3}

// Total is the day by which the decision is promised.
func (t Targets) Total() int { return t.Precheck + t.Review + t.Decision }

// ReviewsBy is the day by which the reviews are promised.
func (t Targets) ReviewsBy() int { return t.Precheck + t.Review }

func (t Targets) ok() bool {
	return t.Precheck >= 1 && t.Review >= 0 && t.Decision >= 1 && t.Total() <= 60
}

// SupplementDays is how many working days an applicant has to answer.
const SupplementDays = 10

// Workdays tells working days from others. content.Calendar is one. The civil
// date of the times counts.
type Workdays interface {
	NextWorkday(t time.Time) time.Time
	AddWorkdays(t time.Time, n int) time.Time
	WorkdaysBetween(from, to time.Time) int
}

// A Clock counts the working days of one request. It runs from the submission
// to the decision and stands still only while the applicant owes an answer.
type Clock struct {
	Submitted time.Time // zero: not running yet
	Asked     time.Time // a supplement was asked for
	Answered  time.Time // and came, or was given up
	Stopped   time.Time // decided or withdrawn
	Targets   Targets
	Days      Workdays
	Zone      *time.Location
}

// Light says how much of the time is used.
type Light string

// The lights.
const (
	Green  Light = "green"
	Yellow Light = "yellow" // from 70 %
	Red    Light = "red"    // from 100 %
)

// A Reading is what the clock shows: "day 4 of 10".
type Reading struct {
	Day     int
	Of      int
	Running bool
	Light   Light
	// Stood is how many working days it has stood still for the applicant.
	Stood int
	// Due is the day the decision is promised for, if the clock runs on;
	// zero when it does not run.
	Due time.Time
}

// Left is how many working days are left, at least zero.
func (r Reading) Left() int { return max(0, r.Of-r.Day) }

// Read returns what the clock shows at a time. The day of the submission, or
// the next working day, is day 0.
func (c Clock) Read(now time.Time) Reading {
	r := Reading{Of: c.Targets.Total(), Light: Green}
	if c.Submitted.IsZero() {
		return r
	}
	until := now
	if !c.Stopped.IsZero() && c.Stopped.Before(until) {
		until = c.Stopped
	}
	if c.Asked.IsZero() || c.Asked.After(until) {
		r.Day = c.between(c.Submitted, until)
		r.Running = c.Stopped.IsZero()
		r.light()
		r.Due = c.due(c.Submitted, r.Of)
		return r
	}
	before := c.between(c.Submitted, c.Asked)
	if c.Answered.IsZero() || c.Answered.After(until) {
		r.Day, r.Stood = before, max(0, c.between(c.Asked, until))
		r.light()
		return r
	}
	r.Day = before + c.between(c.Answered, until)
	r.Stood = c.between(c.Asked, c.Answered)
	r.Running = c.Stopped.IsZero()
	r.light()
	r.Due = c.due(c.Answered, r.Of-before)
	return r
}

// between counts the working days after the first one up to and with to.
func (c Clock) between(from, to time.Time) int {
	first := c.Days.NextWorkday(from.In(c.Zone))
	return max(0, c.Days.WorkdaysBetween(first, to.In(c.Zone)))
}

func (c Clock) due(from time.Time, days int) time.Time {
	return c.Days.AddWorkdays(c.Days.NextWorkday(from.In(c.Zone)), max(0, days))
}

// AnswerBy is the last day for the applicant's answer to a supplement.
func (c Clock) AnswerBy() time.Time {
	return c.Days.AddWorkdays(c.Asked.In(c.Zone), SupplementDays)
}

func (r *Reading) light() {
	switch {
	case r.Of > 0 && r.Day >= r.Of:
		r.Light = Red
	case r.Of > 0 && r.Day*100 >= 70*r.Of:
		r.Light = Yellow
	}
}
