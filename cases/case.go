// Package cases is the bank: what municipalities tried and tell each other
// about. A case is written from an experiment or brought in from elsewhere, has
// a permanent address, and gains weight when others endorse and adopt it.
package cases

import (
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// Outcome says what became of the belief that was tested. All four are worth
// the same. Empty means that nobody has said.
type Outcome string

// The outcomes.
const (
	Confirmed    Outcome = "confirmed"
	Partly       Outcome = "partly"
	NotConfirmed Outcome = "not_confirmed"
	NotTested    Outcome = "not_tested"
)

// Outcomes lists the outcomes in the order they are shown.
var Outcomes = []Outcome{Confirmed, Partly, NotConfirmed, NotTested}

// State says whether a case can be read: still being written, published, or
// taken back.
type State string

// The states of a case.
const (
	StateDraft State = "draft"
	Published  State = "published"
	Withdrawn  State = "withdrawn"
)

// Visibility says who reads a published case.
type Visibility string

// The visibilities. The empty one is Public.
const (
	Public  Visibility = "public"
	Members Visibility = "members" // signed-in members of an organisation
)

// Directions of a measure: whether more or less of it is better.
const (
	Up   = "up"
	Down = "down"
)

// A Measure is something that was counted: before, the limit that would
// confirm the belief, and in the end. A nil number was not given.
type Measure struct {
	Name      string   `json:"name"`
	Unit      string   `json:"unit,omitempty"`
	Direction string   `json:"direction,omitempty"` // Up, Down or empty
	Baseline  *float64 `json:"baseline,omitempty"`
	Limit     *float64 `json:"limit,omitempty"`
	Final     *float64 `json:"final,omitempty"`
}

// Met reports whether the limit was reached, and whether that can be told.
func (m Measure) Met() (met, known bool) {
	if m.Limit == nil || m.Final == nil {
		return false, false
	}
	switch m.Direction {
	case Up:
		return *m.Final >= *m.Limit, true
	case Down:
		return *m.Final <= *m.Limit, true
	}
	return false, false
}

// Origin is the experiment a case tells about, as far as the bank needs it.
// The zero Origin is that of an imported text: it has no stage and is never in
// the TOP-10.
type Origin struct {
	Experiment   string  `json:"experiment,omitempty"`
	Stage        string  `json:"stage,omitempty"`        // one letter of the lifecycle: L learned, S spread, A archived
	Completeness float64 `json:"completeness,omitempty"` // share of the card that is filled in, 0 to 1
}

// Draft is what a new case is made of. The experiment slice fills it from the
// card, the log and the measures.
type Draft struct {
	Title         string
	Summary       string
	Body          string // Markdown with the fixed headings
	Lang          string
	Organisation  string // key of the owner, "FI:020"
	Organisations []string
	Sector        string // COFOG code, "09.1"
	Themes        []string
	Outcome       Outcome
	Start, End    time.Time
	CostCents     int64
	Currency      string // empty: the cost is not known
	Hours         float64
	Measures      []Measure
	Licence       string
	Authors       []string // people
	Origin        Origin
}

// A Case is one published account in one language.
//
// ID and, once set, Slug never change: both are in the permanent address.
// Cases of one Group are the same account in different languages. Published is
// zero exactly while the case is a draft. Withdrawn cases keep their title,
// date and reason and answer 410.
type Case struct {
	ID            string     `json:"id"`
	Group         string     `json:"group"`
	Lang          string     `json:"lang"`
	Title         string     `json:"title"`
	Summary       string     `json:"summary,omitempty"`
	Body          string     `json:"body"`
	Organisation  string     `json:"organisation,omitempty"`
	Organisations []string   `json:"organisations,omitempty"`
	Sector        string     `json:"sector,omitempty"`
	Themes        []string   `json:"themes,omitempty"`
	Outcome       Outcome    `json:"outcome,omitempty"`
	Start         time.Time  `json:"start,omitzero"`
	End           time.Time  `json:"end,omitzero"`
	CostCents     int64      `json:"cost_cents,omitempty"`
	Currency      string     `json:"currency,omitempty"` // empty: the cost is not known
	Hours         float64    `json:"hours,omitempty"`
	Measures      []Measure  `json:"measures,omitempty"`
	Licence       string     `json:"licence,omitempty"`
	Source        string     `json:"source,omitempty"`
	ImportID      string     `json:"import_id,omitempty"`
	ImportPath    string     `json:"import_path,omitempty"`
	ImportSum     string     `json:"import_sum,omitempty"` // SHA-256 of the file as last imported
	Extra         string     `json:"extra,omitempty"`      // front matter the portal does not know, as it was written
	Authors       []string   `json:"authors,omitempty"`
	Origin        Origin     `json:"origin,omitzero"`
	State         State      `json:"state"`
	Visibility    Visibility `json:"visibility,omitempty"`
	Embargo       time.Time  `json:"embargo,omitzero"`
	Hidden        string     `json:"hidden,omitempty"` // a moderator's reason; not empty: nobody reads it
	Reason        string     `json:"reason,omitempty"` // why it was withdrawn
	Created       time.Time  `json:"created"`
	Published     time.Time  `json:"published,omitzero"`
	Updated       time.Time  `json:"updated"`
	UpdatedBy     string     `json:"updated_by,omitempty"`
	WithdrawnAt   time.Time  `json:"withdrawn_at,omitzero"`
	Revision      int        `json:"revision"`
	Slug          string     `json:"slug,omitempty"`
}

// Faults of reading a case.
var (
	ErrUnknown   = fault.New(fault.NotFound, "case.unknown")
	ErrWithdrawn = fault.New(fault.Gone, "case.withdrawn_gone")
)

// IsPublic is the one answer to "may everybody read this now?". Pages, search,
// feeds, the API and the TOP-10 all ask it.
func (c Case) IsPublic(now time.Time) bool {
	return c.IsOut(now) && c.Visibility != Members
}

// IsOut reports whether the case is published and neither hidden nor under
// embargo: everybody, or every member, may read it.
func (c Case) IsOut(now time.Time) bool {
	return c.State == Published && c.Hidden == "" && !now.Before(c.Embargo)
}

// Imported reports whether the case came from elsewhere and no experiment is
// linked to it.
func (c Case) Imported() bool { return c.Origin.Experiment == "" }

// Owners are the keys of all organisations whose case it is, the first owner
// first.
func (c Case) Owners() []string {
	var list []string
	for _, key := range append([]string{c.Organisation}, c.Organisations...) {
		if key != "" && !slices.Contains(list, key) {
			list = append(list, key)
		}
	}
	return list
}

// Thing is the case as the table of permissions sees it.
func (c Case) Thing(now time.Time) accounts.Thing {
	return accounts.Thing{
		Public:        c.IsPublic(now),
		MembersOnly:   c.IsOut(now) && c.Visibility == Members,
		Draft:         !c.IsOut(now),
		Organisations: c.Owners(),
		Authors:       c.Authors,
	}
}

// Path is the case's permanent address below the language.
func (c Case) Path() string {
	if c.Slug == "" {
		return "/cases/" + c.ID
	}
	return "/cases/" + c.ID + "/" + c.Slug
}

// importKey is what tells an imported text from others: its foreign id and
// source when it has both, else the path of its file.
func (c Case) importKey() string {
	switch {
	case c.ImportID != "" && c.Source != "":
		return "id|" + clean(c.ImportID) + "|" + clean(c.Source)
	case c.ImportPath != "":
		return "path|" + clean(c.ImportPath)
	}
	return ""
}

// clean makes a value fit for an index.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "") }
