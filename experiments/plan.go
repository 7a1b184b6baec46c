package experiments

import (
	"strings"
	"time"
)

// Checked is what was found by asking "is somebody ahead of you?": the
// similar things that were read, or that none was found, and the words that
// were searched. Shown keeps what the portal itself offered: the receipt.
type Checked struct {
	Links []string  `json:"links,omitempty"`
	None  bool      `json:"none,omitempty"`
	Words string    `json:"words,omitempty"`
	Shown []Similar `json:"shown,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

// Participants are the people something is tried with.
type Participants struct {
	Number       int    `json:"number,omitempty"`
	Who          string `json:"who,omitempty"`
	Consent      string `json:"consent,omitempty"`
	PersonalData YesNo  `json:"personal_data,omitempty"`
}

// YesNo is an answer that may still be missing.
type YesNo string

// The answers.
const (
	Yes YesNo = "yes"
	No  YesNo = "no"
)

// A Step is one step of the service path that is tried.
type Step struct {
	What    string `json:"what"`
	Who     string `json:"who,omitempty"`
	Channel string `json:"channel,omitempty"`
	Mocked  bool   `json:"mocked,omitempty"`  // done by hand behind the curtain
	Minutes int    `json:"minutes,omitempty"` // that it really took
}

// Decisions are those that starting or going on still needs. None says that
// there are none, which is an answer too.
type Decisions struct {
	None bool       `json:"none,omitempty"`
	List []Decision `json:"list,omitempty"`
}

// A Decision somebody else has to make.
type Decision struct {
	What   string        `json:"what"`
	Body   string        `json:"body,omitempty"`
	By     time.Time     `json:"by,omitzero"` // the day it is wanted
	State  DecisionState `json:"state"`
	Reason string        `json:"reason,omitempty"` // why it was waived
	Kind   DecisionKind  `json:"kind,omitempty"`   // "" for an ordinary one
}

// DecisionKind is what sort of decision it is.
type DecisionKind string

// Budget is a decision about money in the municipality's budget, which takes
// its time.
const Budget DecisionKind = "budget"

// DecisionState is how far a needed decision is.
type DecisionState string

// The states.
const (
	Open   DecisionState = "open"
	Done   DecisionState = "done"
	Waived DecisionState = "waived" // found not to be needed, with a reason
)

// DecisionStates lists the states in the order they are offered.
var DecisionStates = []DecisionState{Open, Done, Waived}

// Open counts the decisions that are neither made nor waived.
func (d Decisions) Open() (n int) {
	for _, one := range d.List {
		if one.State == Open {
			n++
		}
	}
	return n
}

// allMade reports whether every decision was really made.
func (d Decisions) allMade() bool {
	for _, one := range d.List {
		if one.State != Done {
			return false
		}
	}
	return true
}

// Money is what the experiment costs and who pays, in cents of Currency. None
// says that it costs nothing.
type Money struct {
	None     bool       `json:"none,omitempty"`
	Currency string     `json:"currency,omitempty"`
	Lines    []CostLine `json:"lines,omitempty"`
	Seed     int64      `json:"seed,omitempty"` // asked from a call
	Own      int64      `json:"own,omitempty"`
	Other    int64      `json:"other,omitempty"`
}

// A CostLine is one thing the money goes to.
type CostLine struct {
	Text  string `json:"text"`
	Cents int64  `json:"cents"`
}

// Total is the sum of the cost lines.
func (m Money) Total() (sum int64) {
	for _, l := range m.Lines {
		sum += l.Cents
	}
	return sum
}

// Any reports whether money is used at all.
func (m Money) Any() bool { return m.Total() > 0 || m.Seed > 0 || m.Own > 0 || m.Other > 0 }

// Missing is the part of the cost that nobody pays yet, or zero.
func (m Money) Missing() int64 { return max(0, m.Total()-m.Seed-m.Own-m.Other) }

// CurrencyOf is the currency of the municipality with this key ("FI:020").
func CurrencyOf(organisation string) string {
	country, _, _ := strings.Cut(organisation, ":")
	switch country {
	case "SE":
		return "SEK"
	case "KZ":
		return "KZT"
	case "RU":
		return "RUB"
	}
	return "EUR"
}
