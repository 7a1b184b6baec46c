// Package experiments is the accelerator: an experiment's card with its three
// faces (idea, plan, learning), its stages and its log, from the first five
// lines to the case that others can copy.
package experiments

import (
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
)

// An Experiment is one time-boxed try at doing a public service in a new way,
// owned by one municipality and answered for by one person.
//
// Its texts are plain text in the language Lang. Measures, Belief and Test do
// not change once Lock is set. CaseID is set exactly when a case was drafted
// from it.
type Experiment struct {
	ID         string     `json:"id"`
	Version    int        `json:"version"` // raised by every change of the card, not by the log
	Lang       string     `json:"lang"`
	Type       Type       `json:"type"`
	Stage      Stage      `json:"stage"`
	Visibility Visibility `json:"visibility"`
	Hidden     string     `json:"hidden,omitempty"` // why a moderator hid it
	Embargo    time.Time  `json:"embargo,omitzero"` // public only from here on
	Created    time.Time  `json:"created"`
	Changed    time.Time  `json:"changed"`

	// The idea: fields 1 to 5.
	Title        string    `json:"title"`
	Summary      string    `json:"summary,omitempty"`
	Problem      string    `json:"problem,omitempty"`
	Owner        string    `json:"owner"`
	Team         []Member  `json:"team,omitempty"` // the owner may be here with a role
	Organisation string    `json:"organisation"`
	Partners     []Partner `json:"partners,omitempty"`
	// Methodologists keep the log of this experiment, and nothing else.
	Methodologists []Member `json:"methodologists,omitempty"`
	Offer          *Offer   `json:"offer,omitempty"`  // of the ownership
	Sector         string   `json:"sector,omitempty"` // COFOG division
	Themes         []string `json:"themes,omitempty"`
	Wanted         string   `json:"wanted,omitempty"` // id of the wanted case it answers
	Host           string   `json:"host,omitempty"`   // who of the municipality hosts what residents do

	// The plan: fields 6 to 18.
	Checked   Checked      `json:"checked,omitzero"`
	Belief    string       `json:"belief,omitempty"`
	Test      string       `json:"test,omitempty"`
	Measures  []Measure    `json:"measures,omitempty"`
	StopRule  string       `json:"stop_rule,omitempty"`
	People    Participants `json:"people,omitzero"`
	Steps     []Step       `json:"steps,omitempty"`
	Calendar  Calendar     `json:"calendar,omitzero"`
	Decisions Decisions    `json:"decisions,omitzero"`
	Money     Money        `json:"money,omitzero"`
	Rules     string       `json:"rules,omitempty"`
	// Permissions are the rules that were waived for it.
	Permissions []Permission `json:"permissions,omitempty"`
	After       string       `json:"after,omitempty"`
	Comms       string       `json:"comms,omitempty"`

	// Beside the faces: where it comes from, and what it may also tell.
	FromCase     string `json:"from_case,omitempty"` // id of the case it was started from
	Parent       string `json:"parent,omitempty"`    // id of the experiment it is a part or a child of
	Pitfalls     string `json:"pitfalls,omitempty"`  // what went wrong where it comes from
	About        About  `json:"about,omitzero"`
	Observations []Seen `json:"observations,omitempty"` // of a complete process

	// The learning: fields 19 to 27. Results are kept with the measures.
	Learning Learning `json:"learning,omitzero"`

	Lock       *Lock        `json:"lock,omitempty"` // set at the start
	Confirmed  Confirmation `json:"confirmed,omitzero"`
	Pauses     []Pause      `json:"pauses,omitempty"`
	Extensions []Extension  `json:"extensions,omitempty"`
	Returned   *Return      `json:"returned,omitempty"` // its lesson was sent back, once
	Asked      Asking       `json:"asked,omitzero"`     // what the calendar asked last
	Answered   time.Time    `json:"answered,omitzero"`  // when the team answered that
	Moves      []Move       `json:"moves,omitempty"`    // every change of stage, oldest first
	Spread     []SpreadNote `json:"spread,omitempty"`
	CaseID     string       `json:"case,omitempty"`
	Readings   []Reading    `json:"readings,omitempty"` // numbers of the log
	Obstacles  Tallies      `json:"obstacles,omitempty"`
	LogCount   int          `json:"log_count,omitempty"`
	LastLog    time.Time    `json:"last_log,omitzero"`
	LastPublic time.Time    `json:"last_public,omitzero"` // newest public log entry
}

// Type is what sort of experiment it is.
type Type string

// The types.
const (
	Micro       Type = "micro"       // at most two weeks, no money
	Complete    Type = "complete"    // a complete process for one to five persons
	Pilot       Type = "pilot"       // a limited group, a limited time
	Resident    Type = "resident"    // residents do it, the municipality hosts
	Management  Type = "management"  // a way of leading or deciding is tried
	Replication Type = "replication" // a copy of somebody's case
)

// Types lists the types in the order they are offered.
var Types = []Type{Micro, Complete, Pilot, Resident, Management, Replication}

// Visibility is who may read an experiment from the stage idea on. A draft is
// read by its team only, whatever its visibility.
type Visibility string

// The visibilities.
const (
	Public  Visibility = "public"
	Members Visibility = "members" // signed-in members of any organisation
)

// Visibilities lists the visibilities in the order they are offered.
var Visibilities = []Visibility{Public, Members}

// A Member is a person of the team and what they do there.
type Member struct {
	Person string `json:"person"`
	Role   string `json:"role,omitempty"`
}

// A Partner is another municipality (Key) or any other body (Name) that takes
// part, and as what.
type Partner struct {
	Key  string `json:"key,omitempty"`
	Name string `json:"name,omitempty"`
	Role string `json:"role,omitempty"`
}

// Organisations are the keys of the owning municipality and of the partners
// that are known here, the owner first.
func (e *Experiment) Organisations() []string {
	list := []string{e.Organisation}
	for _, p := range e.Partners {
		if p.Key != "" && !slices.Contains(list, p.Key) {
			list = append(list, p.Key)
		}
	}
	return list
}

// Persons are the ids of the owner and the team, the owner first.
func (e *Experiment) Persons() []string {
	list := []string{e.Owner}
	for _, m := range e.Team {
		if !slices.Contains(list, m.Person) {
			list = append(list, m.Person)
		}
	}
	return list
}

// IsPublic reports whether everybody may read the experiment now. Pages,
// search, feeds and the API all ask this.
func (e *Experiment) IsPublic(now time.Time) bool {
	return e.Stage != Draft && e.Visibility == Public && e.Hidden == "" && !now.Before(e.Embargo)
}

// Thing is what permission needs to know about the experiment. The service
// adds what is stored elsewhere: mentors, and the organisations of the team.
func (e *Experiment) Thing(now time.Time) accounts.Thing {
	return accounts.Thing{
		Public:        e.IsPublic(now),
		MembersOnly:   e.Stage != Draft && e.Hidden == "" && (e.Visibility == Members || e.Visibility == Public && now.Before(e.Embargo)),
		Draft:         e.Stage == Draft,
		Organisations: e.Organisations(),
		Owner:         e.Owner,
		Team:          e.Persons(),

		Methodologists: personsOf(e.Methodologists),
	}
}

// Running reports whether the twelve weeks are being counted.
func (e *Experiment) Running() bool { return e.Stage == Running || e.Stage == Paused }

// Over reports whether the trying is over, well or not.
func (e *Experiment) Over() bool {
	return slices.Contains([]Stage{Ended, Learned, Spread, Stopped, Archived}, e.Stage)
}

// WasStarted reports whether the experiment ever ran.
func (e *Experiment) WasStarted() bool { return e.Lock != nil }

// LessonDue reports whether it ran, is over and its three lines (outcome,
// surprise, lesson) are not written yet.
func (e *Experiment) LessonDue() bool {
	return e.WasStarted() && e.Over() && !e.HasLesson()
}

// HasLesson reports whether outcome, surprise and lesson are written.
func (e *Experiment) HasLesson() bool {
	return len(missing(e, lessonFields)) == 0
}

// Since is when the experiment came to its present stage.
func (e *Experiment) Since() time.Time {
	if n := len(e.Moves); n > 0 {
		return e.Moves[n-1].At
	}
	return e.Created
}

// ReachedAt is when the experiment first came to a stage, and whether it did.
func (e *Experiment) ReachedAt(s Stage) (time.Time, bool) {
	for _, m := range e.Moves {
		if m.To == s {
			return m.At, true
		}
	}
	return time.Time{}, false
}
