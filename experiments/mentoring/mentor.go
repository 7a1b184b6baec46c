// Package mentoring brings teams and those who help them together: profiles of
// mentors, a ranking that explains itself, and the way from a question to a
// mentorship and its end.
package mentoring

import (
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// A Mentor is what somebody offers to teams. It is public while it is shown;
// the name is public only by the person's own consent.
type Mentor struct {
	ID           string              `json:"id"`
	Person       string              `json:"person"`
	Organisation string              `json:"organisation,omitempty"` // home, "FI:837"
	Surroundings Surroundings        `json:"surroundings,omitempty"` // empty: as the home is
	Roles        []Role              `json:"roles"`
	Languages    []string            `json:"languages"` // in the order of fluency
	Skills       map[string]Level    `json:"skills"`    // by key; what is not named is not known
	Sectors      []string            `json:"sectors,omitempty"`
	Themes       []string            `json:"themes,omitempty"`
	Phases       []experiments.Stage `json:"phases,omitempty"` // strong ones
	Hours        float64             `json:"hours"`            // a week, for all teams together
	MaxMentees   int                 `json:"max_mentees"`
	Cost         Cost                `json:"cost"`
	Interest     string              `json:"interest,omitempty"` // commercial interest, as declared
	Years        int                 `json:"years,omitempty"`    // of work in municipalities
	Presentation string              `json:"presentation,omitempty"`
	Lang         string              `json:"lang"` // of the presentation
	Active       bool                `json:"active"`
	Created      time.Time           `json:"created"`
	Updated      time.Time           `json:"updated"` // by the mentor's own hand
}

// Role is how somebody helps.
type Role string

// The five roles.
const (
	Sparring      Role = "sparring"      // one talk
	Mentoring     Role = "mentor"        // the whole experiment
	Godparent     Role = "godparent"     // an institution or company stands by
	Evangelist    Role = "evangelist"    // speaks for trying
	Methodologist Role = "methodologist" // how to measure and to log
)

// Roles lists the roles in the order they are offered.
var Roles = []Role{Sparring, Mentoring, Godparent, Evangelist, Methodologist}

// lasts is how long a mentorship of the role goes on at most.
func (r Role) lasts() time.Duration {
	const week = 7 * 24 * time.Hour
	if r == Sparring || r == Evangelist {
		return 4 * week
	}
	return experiments.DefaultWeeks * week
}

// Level is how well somebody knows a skill: 0, 0.5, 0.8 or 1.
type Level float64

// The levels.
const (
	Unknown Level = 0
	Basics  Level = 0.5
	Good    Level = 0.8
	Expert  Level = 1
)

var levelWords = map[string]Level{"basics": Basics, "good": Good, "expert": Expert}

// LevelWords are the levels that can be chosen, in words; no word is Unknown.
var LevelWords = []string{"basics", "good", "expert"}

// LevelOf is the level of a word; Unknown for any other word.
func LevelOf(word string) Level { return levelWords[word] }

// Word is the level as a word, "" for Unknown.
func (l Level) Word() string {
	for _, word := range LevelWords {
		if levelWords[word] == l {
			return word
		}
	}
	return ""
}

// Cost is who pays for the help.
type Cost string

// The costs.
const (
	Free Cost = "free"
	Paid Cost = "paid"
)

// Costs lists the costs in the order they are offered.
var Costs = []Cost{Free, Paid}

// Phases are the stages a mentor can be strong in.
var Phases = experiments.Line

// Limits of a profile.
const (
	MaxMentees      = 3
	MaxHours        = 40.0
	MaxPresentation = 600
	MaxInterest     = 200
	MaxSectors      = 4
	MaxYears        = 60
)

// Faults of a profile.
var (
	ErrTooLong      = fault.New(fault.Invalid, "mentor.too_long", 0, 0)
	ErrRoles        = fault.New(fault.Invalid, "mentor.roles_missing").On("roles")
	ErrLanguage     = fault.New(fault.Invalid, "mentor.language_missing").On("lang1")
	ErrSkills       = fault.New(fault.Invalid, "mentor.skills_missing").On("skills")
	ErrSector       = fault.New(fault.Invalid, "mentor.sector_unknown").On("sector1")
	ErrThemes       = fault.New(fault.Invalid, "mentor.theme_unknown").On("themes")
	ErrPhases       = fault.New(fault.Invalid, "mentor.phase_unknown").On("phases")
	ErrHours        = fault.New(fault.Invalid, "mentor.hours_wrong").On("hours")
	ErrMentees      = fault.New(fault.Invalid, "mentor.mentees_wrong", MaxMentees).On("max_mentees")
	ErrCost         = fault.New(fault.Invalid, "mentor.cost_missing").On("cost")
	ErrInterest     = fault.New(fault.Invalid, "mentor.interest_missing").On("interest")
	ErrYears        = fault.New(fault.Invalid, "mentor.years_wrong", MaxYears).On("years")
	ErrOrganisation = fault.New(fault.Invalid, "mentor.organisation_not_own").On("organisation")
	ErrSurroundings = fault.New(fault.Invalid, "mentor.surroundings_unknown").On("surroundings")
)

// check cleans a profile of an actor and says everything that is wrong with it.
func (m *Mentor) check(a accounts.Actor) error {
	m.Presentation, m.Interest = strings.TrimSpace(m.Presentation), strings.TrimSpace(m.Interest)
	m.dropUnknowns()
	var f findings
	f.when(!only(m.Roles, Roles) || len(m.Roles) == 0, ErrRoles)
	f.when(!only(m.Languages, i18n.Languages) || len(m.Languages) == 0, ErrLanguage)
	f.when(len(m.Skills) == 0, ErrSkills)
	f.when(len(m.Sectors) > MaxSectors || slices.ContainsFunc(m.Sectors, unknownSector), ErrSector)
	f.when(slices.ContainsFunc(m.Themes, unknownTheme), ErrThemes)
	f.when(!only(m.Phases, Phases), ErrPhases)
	f.when(!(m.Hours > 0 && m.Hours <= MaxHours), ErrHours)
	f.when(m.MaxMentees < 1 || m.MaxMentees > MaxMentees, ErrMentees)
	f.when(!slices.Contains(Costs, m.Cost), ErrCost)
	f.when(m.Years < 0 || m.Years > MaxYears, ErrYears)
	f.when(slices.Contains(m.Roles, Godparent) && m.Interest == "", ErrInterest)
	f.text("interest", m.Interest, MaxInterest)
	f.text("presentation", m.Presentation, MaxPresentation)
	f.when(m.Organisation != "" && !a.System && !a.MemberOf(m.Organisation), ErrOrganisation)
	f.when(m.Surroundings != "" && !slices.Contains(AllSurroundings, m.Surroundings), ErrSurroundings)
	return f.err()
}

// dropUnknowns leaves out skills without a level or a name, and makes lists
// hold each value once.
func (m *Mentor) dropUnknowns() {
	known := map[string]Level{}
	for key, level := range m.Skills {
		if _, ok := content.Skill(key); ok && level.Word() != "" {
			known[key] = level
		}
	}
	m.Skills = known
	m.Roles, m.Languages, m.Sectors = unique(m.Roles), unique(m.Languages), unique(m.Sectors)
	m.Themes, m.Phases = unique(m.Themes), unique(m.Phases)
	if !i18n.Known(m.Lang) {
		m.Lang = "en"
		if len(m.Languages) > 0 {
			m.Lang = m.Languages[0]
		}
	}
}

func unknownSector(code string) bool { _, ok := content.SectorOf(code); return !ok }
func unknownTheme(key string) bool   { _, ok := content.Theme(key); return !ok }

// Days after which a profile is asked about, and hidden until the mentor says
// that it still holds.
const (
	FreshDays  = 180
	HiddenDays = 365
)

// IsFresh reports whether the profile was looked at in the last half-year.
func (m Mentor) IsFresh(now time.Time) bool { return now.Before(m.Updated.AddDate(0, 0, FreshDays)) }

// IsPublic reports whether everybody may see the profile now.
func (m Mentor) IsPublic(now time.Time) bool {
	return m.Active && now.Before(m.Updated.AddDate(0, 0, HiddenDays))
}

// A Load is what a mentor has taken on: open are the teams that ask or are
// helped, and hours what those who are helped take each week.
type Load struct {
	Open  int
	Hours float64
}

// FreeHours is what is left of the mentor's week.
func (m Mentor) FreeHours(l Load) float64 { return max(0, m.Hours-l.Hours) }

// HasRoom reports whether the mentor can take one more team. Whoever cannot is
// neither listed nor found.
func (m Mentor) HasRoom(l Load) bool {
	return l.Open < min(m.MaxMentees, MaxMentees) && m.FreeHours(l) > 0
}

// Subject is how the journal names a mentor.
func (m Mentor) Subject() string { return "mentor:" + m.ID }

// Thing is what permission needs to know about the profile.
func (m Mentor) Thing(now time.Time) accounts.Thing {
	return accounts.Thing{Public: m.IsPublic(now), Person: m.Person}
}

// SkillLine is one skill of a profile, with its level.
type SkillLine struct {
	Key   string
	Level Level
}

// SkillLines are the skills, the strongest first, then in the order of the
// reference data.
func (m Mentor) SkillLines() []SkillLine {
	var list []SkillLine
	for _, t := range content.Skills() {
		if l := m.Skills[t.Key]; l > 0 {
			list = append(list, SkillLine{t.Key, l})
		}
	}
	slices.SortStableFunc(list, func(x, y SkillLine) int {
		switch {
		case x.Level > y.Level:
			return -1
		case x.Level < y.Level:
			return 1
		}
		return 0
	})
	return list
}
