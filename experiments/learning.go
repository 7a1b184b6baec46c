package experiments

import "time"

// Learning is the third face: what came out, in the words of those who tried.
type Learning struct {
	Outcome     Outcome  `json:"outcome,omitempty"`
	Surprise    string   `json:"surprise,omitempty"`
	Works       string   `json:"works,omitempty"`
	DoesNot     string   `json:"does_not,omitempty"`
	Unclear     string   `json:"unclear,omitempty"`
	Conditions  string   `json:"conditions,omitempty"` // what it needs elsewhere
	Hours       *float64 `json:"hours,omitempty"`
	Cents       *int64   `json:"cents,omitempty"`
	Next        Next     `json:"next,omitzero"`
	SwitchedOff string   `json:"switched_off,omitempty"` // the old way that ended
	Reuse       []Link   `json:"reuse,omitempty"`
	Licence     string   `json:"licence,omitempty"`
}

// Outcome is what became of the belief. All four are worth the same here.
type Outcome string

// The outcomes.
const (
	Confirmed    Outcome = "confirmed"
	Partly       Outcome = "partly"
	NotConfirmed Outcome = "not_confirmed"
	NotTested    Outcome = "not_tested" // could not be tested
)

// Outcomes lists the outcomes in the order they are offered.
var Outcomes = []Outcome{Confirmed, Partly, NotConfirmed, NotTested}

// Next is what was decided afterwards, by whom and when.
type Next struct {
	What NextStep  `json:"what,omitempty"`
	Who  string    `json:"who,omitempty"`
	Day  time.Time `json:"day,omitzero"`
	Text string    `json:"text,omitempty"`
}

// NextStep is what happens after an experiment.
type NextStep string

// The next steps.
const (
	SpreadIt NextStep = "spread"
	Retry    NextStep = "retry" // change and try again
	StopIt   NextStep = "stop"
)

// NextSteps lists the next steps in the order they are offered.
var NextSteps = []NextStep{SpreadIt, Retry, StopIt}

// A Link is something others may use again.
type Link struct {
	Title   string `json:"title,omitempty"`
	URL     string `json:"url"`
	Licence string `json:"licence,omitempty"` // empty: DefaultLicence
}

// DefaultLicence is what a case is shared under unless its authors say
// otherwise.
const DefaultLicence = "CC-BY-4.0"
