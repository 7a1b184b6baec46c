package mentoring

import (
	"cmp"
	"math"
	"slices"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// A Wish is what a team looks for. Sector, Themes and Place come from its
// card, the rest from its own words. Organisation and Mentor, when set, narrow
// the search to one organisation or person.
type Wish struct {
	Role         Role                `json:"role"`
	Skills       []Asked             `json:"skills"`
	Languages    []string            `json:"languages"` // the asker's, the first one best
	Phases       []experiments.Stage `json:"phases,omitempty"`
	Hours        float64             `json:"hours"` // a week
	Organisation string              `json:"organisation,omitempty"`
	Mentor       string              `json:"mentor,omitempty"`
	Sector       string              `json:"sector,omitempty"`
	Themes       []string            `json:"themes,omitempty"`
	Place        Place               `json:"place,omitzero"`
}

// Asked is a skill that is wished for, and how much it matters: 1 to 3.
type Asked struct {
	Skill  string `json:"skill"`
	Weight int    `json:"weight"`
}

// Limits of a wish.
const (
	MaxAsked     = 3  // skills
	MaxWeight    = 3  // of one
	MaxWishHours = 20 // a week
)

// Faults of a wish.
var (
	ErrWishSkill    = fault.New(fault.Invalid, "mentor.wish_skill").On("skill1")
	ErrWishLanguage = fault.New(fault.Invalid, "mentor.wish_language").On("lang1")
	ErrWishRole     = fault.New(fault.Invalid, "mentor.wish_role").On("role")
	ErrWishHours    = fault.New(fault.Invalid, "mentor.wish_hours", MaxWishHours).On("hours")
	ErrWishPhase    = fault.New(fault.Invalid, "mentor.phase_unknown").On("phases")
)

// check says everything that is wrong with a wish. Who asks for a person need
// not name a skill.
func (w *Wish) check() error {
	var f findings
	wrong := func(a Asked) bool {
		_, ok := content.Skill(a.Skill)
		return !ok || a.Weight < 1 || a.Weight > MaxWeight
	}
	f.when(len(w.Skills) == 0 && w.Mentor == "" || len(w.Skills) > MaxAsked || slices.ContainsFunc(w.Skills, wrong), ErrWishSkill)
	w.Languages, w.Phases = unique(w.Languages), unique(w.Phases)
	f.when(len(w.Languages) == 0 || !only(w.Languages, i18n.Languages), ErrWishLanguage)
	f.when(!slices.Contains(Roles, w.Role), ErrWishRole)
	f.when(!only(w.Phases, Phases), ErrWishPhase)
	f.when(!(w.Hours > 0 && w.Hours <= MaxWishHours), ErrWishHours)
	return f.err()
}

// of completes a wish with what the team's card says.
func (w Wish) of(e *experiments.Experiment) Wish {
	w.Sector, w.Themes, w.Place = e.Sector, e.Themes, PlaceOf(e.Organisation)
	return w
}

// A Candidate is a mentor who may be asked, with what the portal knows beside
// the public profile: how much there is to do already, and why not to ask.
type Candidate struct {
	Mentor
	Load     Load
	Conflict bool // in the team, or leads or coordinates one of its members
	Blocked  bool // is being asked, helps already, or said no lately
}

// Parts are the six shares of a score, each 0 to 1.
type Parts struct {
	Skill, Sector, Language, Context, Phase, Availability float64
}

// The most points each part can bring: 100 in all.
const (
	SkillPoints        = 35
	SectorPoints       = 20
	LanguagePoints     = 15
	ContextPoints      = 10
	PhasePoints        = 10
	AvailabilityPoints = 10
)

// A Bar is one part of a score: its name (skill, sector, language, context,
// phase, availability), its share and what it can bring.
type Bar struct {
	Name  string
	Share float64
	Most  int
}

// Points is what the part brings.
func (b Bar) Points() float64 { return b.Share * float64(b.Most) }

// Percent is the share of a hundred, for a drawing.
func (b Bar) Percent() float64 { return math.Round(1000*b.Share) / 10 }

// Bars are the six parts in the order of their weight.
func (p Parts) Bars() []Bar {
	return []Bar{
		{"skill", p.Skill, SkillPoints}, {"sector", p.Sector, SectorPoints}, {"language", p.Language, LanguagePoints},
		{"context", p.Context, ContextPoints}, {"phase", p.Phase, PhasePoints}, {"availability", p.Availability, AvailabilityPoints},
	}
}

// Score is the sum of the parts in points, 0 to 100, with one decimal.
func (p Parts) Score() float64 {
	sum := 0.0
	for _, b := range p.Bars() {
		sum += b.Points()
	}
	return math.Round(sum*10) / 10
}

// Scored is a candidate who fits, and how well.
type Scored struct {
	Candidate
	Parts Parts
	Score float64
}

// near is within how many points two candidates count as equal.
const near = 3

// Match ranks those who fit a wish, the best first. Left out is who offers
// another role, speaks no common language, has no room, is in a conflict or is
// blocked. Among those within three points of the best of them, whoever has
// the fewest teams comes first. It uses public data only.
func Match(w Wish, all []Candidate) []Scored {
	var list []Scored
	for _, c := range all {
		if fits(w, c) {
			parts := partsOf(w, c)
			list = append(list, Scored{c, parts, parts.Score()})
		}
	}
	slices.SortFunc(list, func(x, y Scored) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.ID, y.ID))
	})
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && list[from].Score-list[to].Score <= near+1e-9 {
			to++
		}
		slices.SortStableFunc(list[from:to], func(x, y Scored) int { return cmp.Compare(x.Load.Open, y.Load.Open) })
		from = to
	}
	return list
}

func fits(w Wish, c Candidate) bool {
	return slices.Contains(c.Roles, w.Role) && languageShare(w.Languages, c.Languages) > 0 && c.HasRoom(c.Load) &&
		!c.Conflict && !c.Blocked &&
		(w.Organisation == "" || w.Organisation == c.Organisation) && (w.Mentor == "" || w.Mentor == c.ID)
}

func partsOf(w Wish, c Candidate) Parts {
	return Parts{
		Skill:        skillShare(w.Skills, c.Skills),
		Sector:       sectorShare(w.Sector, w.Themes, c.Sectors, c.Themes),
		Language:     languageShare(w.Languages, c.Languages),
		Context:      contextShare(w.Place, c.Place()),
		Phase:        phaseShare(w.Phases, c.Phases),
		Availability: availabilityShare(w.Hours, c.FreeHours(c.Load)),
	}
}

// skillShare weighs each asked skill by its importance.
func skillShare(asked []Asked, known map[string]Level) float64 {
	sum, weights := 0.0, 0
	for _, a := range asked {
		sum += float64(a.Weight) * float64(known[a.Skill])
		weights += a.Weight
	}
	if weights == 0 {
		return 0
	}
	return sum / float64(weights)
}

// sectorShare is 1 for the same COFOG group, 0.8 for the same division, 0.5
// for a theme in common.
func sectorShare(sector string, themes, sectors, known []string) float64 {
	best := 0.0
	if slices.ContainsFunc(themes, func(t string) bool { return slices.Contains(known, t) }) {
		best = 0.5
	}
	wanted, ok := content.SectorOf(sector)
	if !ok {
		return best
	}
	for _, code := range sectors {
		s, ok := content.SectorOf(code)
		switch {
		case ok && s.Code == wanted.Code && s.Parent != "":
			return 1
		case ok && s.Division() == wanted.Division():
			best = 0.8
		}
	}
	return best
}

// languageShare is 1 when the mentor is at home in the asker's first language,
// 0.6 when it is the second language of one of them, 0.4 when only the third
// or a later one is common, 0 when none is.
func languageShare(asker, mentor []string) float64 {
	worth := func(place int) float64 {
		return []float64{1, 0.6, 0.4}[min(place, 2)]
	}
	best := 0.0
	for i, lang := range asker {
		if j := slices.Index(mentor, lang); j >= 0 {
			best = max(best, min(worth(i), worth(j)))
		}
	}
	return best
}

// contextShare is a half for the same size class and a half for the same kind
// of place.
func contextShare(team, mentor Place) float64 {
	share := 0.0
	if team.Size != "" && team.Size == mentor.Size {
		share += 0.5
	}
	if team.Surroundings != "" && team.Surroundings == mentor.Surroundings {
		share += 0.5
	}
	return share
}

// phaseShare is how many of the asked phases the mentor is strong in; a half
// when nothing was asked or nothing is known.
func phaseShare(asked, strong []experiments.Stage) float64 {
	if len(asked) == 0 || len(strong) == 0 {
		return 0.5
	}
	n := 0
	for _, p := range asked {
		if slices.Contains(strong, p) {
			n++
		}
	}
	return float64(n) / float64(len(asked))
}

func availabilityShare(asked, free float64) float64 {
	if asked <= 0 {
		return 1
	}
	return min(1, max(0, free)/asked)
}
