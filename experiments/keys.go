package experiments

import (
	"fmt"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// cards holds the experiments. Lists do not read it: they read rows.
var cards = &store.Table[Experiment]{
	Bucket: "experiment",
	Key:    func(e Experiment) string { return e.ID },
	Indexes: []store.Index[Experiment]{
		{Name: "case", Keys: func(e Experiment) []string { return one(e.CaseID) }},
	},
}

// rows holds one compact row per experiment, written with its card. The
// values of its indexes end with the day it was listed, so that each is an
// ordered list.
var rows = &store.Table[Row]{
	Bucket: "experiment_row",
	Key:    func(r Row) string { return r.ID },
	Indexes: []store.Index[Row]{
		{Name: byNewest, Keys: func(r Row) []string { return []string{stamp(r.Listed)} }},
		{Name: byStage, Keys: func(r Row) []string { return []string{string(r.Stage) + "/" + stamp(r.Listed)} }},
		{Name: byOrganisation, Keys: func(r Row) []string { return each(r.Organisations, stamp(r.Listed)) }},
		{Name: byEmbargo, Keys: func(r Row) []string {
			if r.Embargo.IsZero() {
				return nil
			}
			return []string{stamp(r.Embargo)}
		}},
		{Name: byPerson, Keys: func(r Row) []string {
			return each(append(slices.Clone(r.Persons), r.Methodologists...), stamp(r.Listed))
		}},
		{Name: byWanted, Keys: func(r Row) []string { return one(r.Wanted) }},
		{Name: byFromCase, Keys: func(r Row) []string { return one(r.FromCase) }},
		{Name: byParent, Keys: func(r Row) []string { return one(r.Parent) }},
	},
}

// Names of the rows' indexes.
const (
	byNewest       = "newest"
	byStage        = "stage"
	byOrganisation = "organisation"
	byPerson       = "person"
	byEmbargo      = "embargo"
	byWanted       = "wanted"
	byFromCase     = "from_case"
	byParent       = "parent"
)

// entries holds the logs: the key is the experiment and the entry's number,
// so that one log lies together in the order it was written.
var entries = &store.Table[Entry]{
	Bucket: "experiment_log",
	Key:    func(n Entry) string { return entryKey(n.Experiment, n.N) },
	Indexes: []store.Index[Entry]{
		{Name: byWhat, Keys: func(n Entry) []string {
			list := []string{logPrefix(n.Experiment, n.Reach, "") + number(n.N), logPrefix(n.Experiment, n.Reach, string(n.Kind)) + number(n.N)}
			if n.IsOpen() {
				list = append(list, logPrefix(n.Experiment, n.Reach, open)+number(n.N))
			}
			return list
		}},
	},
}

// byWhat is the index of entries that tells them apart by who may read them and
// what they are, so that a page of a long log reads no entry that it does not
// show: experiment, reach, kind (all of them, or what is open), number.
const byWhat = "what"

const open = "open" // obstacles that nobody has followed up

func logPrefix(experiment string, r Reach, what string) string {
	return experiment + "/" + string(r) + "/" + what + "/"
}

func number(n int) string { return fmt.Sprintf("%08d", n) }

func entryKey(experiment string, n int) string { return experiment + "/" + number(n) }

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000") }

func one(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

func each(values []string, suffix string) []string {
	list := make([]string, 0, len(values))
	for _, v := range values {
		list = append(list, v+"/"+suffix)
	}
	return list
}

// A Row is what lists, desks and counts need of an experiment.
type Row struct {
	ID            string     `json:"id"`
	Lang          string     `json:"lang"`
	Title         string     `json:"title"`
	Summary       string     `json:"summary,omitempty"`
	Type          Type       `json:"type"`
	Stage         Stage      `json:"stage"`
	StageAt       time.Time  `json:"stage_at"`
	Visibility    Visibility `json:"visibility"`
	Hidden        string     `json:"hidden,omitempty"`
	Embargo       time.Time  `json:"embargo,omitzero"`
	Owner         string     `json:"owner"`
	Persons       []string   `json:"persons"`
	Organisations []string   `json:"organisations"`
	// Methodologists keep its log. They are found by person too, and are of no team.
	Methodologists []string  `json:"methodologists,omitempty"`
	Sector         string    `json:"sector,omitempty"`
	Themes         []string  `json:"themes,omitempty"`
	Outcome        Outcome   `json:"outcome,omitempty"`
	Calendar       Calendar  `json:"calendar,omitzero"`
	Listed         time.Time `json:"listed"` // became readable by others; before that, was made
	Changed        time.Time `json:"changed"`
	LastLog        time.Time `json:"last_log,omitzero"`
	StartAsked     bool      `json:"start_asked,omitempty"` // waits for the coordinator
	LessonDue      bool      `json:"lesson_due,omitempty"`
	Asked          Asking    `json:"asked,omitzero"`
	Answered       time.Time `json:"answered,omitzero"`
	PermitEnds     time.Time `json:"permit_ends,omitzero"` // the first permission to remind of
	CaseID         string    `json:"case,omitempty"`
	Wanted         string    `json:"wanted,omitempty"`
	Obstacles      Tallies   `json:"obstacles,omitempty"`
	FromCase       string    `json:"from_case,omitempty"`
	Parent         string    `json:"parent,omitempty"`
	People         int       `json:"people,omitempty"` // how many take part
	Needs          []string  `json:"needs,omitempty"`
	Doer           bool      `json:"doer,omitempty"`
	Place          *Point    `json:"place,omitempty"`
}

func rowOf(e *Experiment) Row {
	listed, ok := e.ReachedAt(Idea)
	if !ok {
		listed = e.Created
	}
	return Row{
		ID: e.ID, Lang: e.Lang, Title: e.Title, Summary: e.Summary, Type: e.Type,
		Stage: e.Stage, StageAt: e.Since(), Visibility: e.Visibility, Hidden: e.Hidden, Embargo: e.Embargo,
		Owner: e.Owner, Persons: e.Persons(), Organisations: e.Organisations(),
		Sector: e.Sector, Themes: e.Themes, Outcome: e.Learning.Outcome, Calendar: e.Calendar,
		Listed: listed, Changed: e.Changed, LastLog: e.LastLog, CaseID: e.CaseID, Wanted: e.Wanted,
		StartAsked: e.AwaitsConfirmation(), LessonDue: e.LessonDue(), Methodologists: personsOf(e.Methodologists),
		Asked: e.Asked, Answered: e.Answered, PermitEnds: e.permitEnds(), Obstacles: e.Obstacles,
		FromCase: e.FromCase, Parent: e.Parent, People: e.People.Number, Needs: e.About.Needs, Doer: e.About.Doer, Place: e.About.Place,
	}
}

// card is the part of an experiment that a row keeps: enough for permission.
func (r Row) card() *Experiment {
	e := &Experiment{ID: r.ID, Stage: r.Stage, Visibility: r.Visibility, Hidden: r.Hidden, Embargo: r.Embargo, Owner: r.Owner}
	for _, p := range r.Persons {
		if p != r.Owner {
			e.Team = append(e.Team, Member{Person: p})
		}
	}
	for _, p := range r.Methodologists {
		e.Methodologists = append(e.Methodologists, Member{Person: p})
	}
	for i, key := range r.Organisations {
		if i == 0 {
			e.Organisation = key
			continue
		}
		e.Partners = append(e.Partners, Partner{Key: key})
	}
	return e
}

// IsPublic reports whether everybody may read the experiment now.
func (r Row) IsPublic(now time.Time) bool { return r.card().IsPublic(now) }

// Thing is what permission needs to know about the experiment.
func (r Row) Thing(now time.Time) accounts.Thing { return r.card().Thing(now) }

// Organisation is the key of the owning municipality.
func (r Row) Organisation() string {
	if len(r.Organisations) == 0 {
		return ""
	}
	return r.Organisations[0]
}
