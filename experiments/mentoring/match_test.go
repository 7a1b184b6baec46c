package mentoring_test

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/mentoring"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// akaa is a Finnish team that asks for two hours a week: what it looks for is
// what the three examples of the model are measured by.
func akaa() mentoring.Wish {
	return mentoring.Wish{
		Role: mentoring.Mentoring, Skills: []mentoring.Asked{{Skill: "service-design", Weight: 3}}, Languages: []string{"fi", "sv"},
		Phases: []experiments.Stage{experiments.Planned, experiments.Running}, Hours: 3, Sector: "09.1", Themes: []string{"participation"},
		Place: mentoring.PlaceOf("FI:020"),
	}
}

// offers is a mentor who offers the usual role and has room.
func offers(id string, change func(*mentoring.Candidate)) mentoring.Candidate {
	c := mentoring.Candidate{Mentor: mentoring.Mentor{
		ID: id, Roles: []mentoring.Role{mentoring.Mentoring}, Languages: []string{"fi"}, Hours: 3, MaxMentees: 3,
		Skills: map[string]mentoring.Level{"service-design": mentoring.Good},
	}}
	if change != nil {
		change(&c)
	}
	return c
}

func TestTheThreeExamplesOfTheModel(t *testing.T) {
	aino := offers("aino", func(c *mentoring.Candidate) {
		c.Organisation, c.Sectors, c.Phases, c.Hours = "FI:005", []string{"09.1"}, []experiments.Stage{experiments.Planned}, 2
	})
	bo := offers("bo", func(c *mentoring.Candidate) {
		c.Organisation, c.Languages, c.Themes = "SE:0180", []string{"sv"}, []string{"participation"}
		c.Skills["service-design"] = mentoring.Expert
		c.Phases = []experiments.Stage{experiments.Planned, experiments.Running}
	})
	marina := offers("marina", func(c *mentoring.Candidate) {
		c.Organisation, c.Surroundings, c.Hours = "FI:009", mentoring.Rural, 1
		c.Themes, c.Phases = []string{"participation"}, []experiments.Stage{experiments.Planned, experiments.Running}
	})
	wish := akaa()
	third := wish
	third.Skills = []mentoring.Asked{{Skill: "service-design", Weight: 3}, {Skill: "lean", Weight: 1}}
	tests := map[string]struct {
		wish  mentoring.Wish
		who   mentoring.Candidate
		parts mentoring.Parts
		score float64
	}{
		"Aino":   {wish, aino, mentoring.Parts{Skill: 0.8, Sector: 1, Language: 1, Context: 1, Phase: 0.5, Availability: 2. / 3}, 84.7},
		"Bo":     {wish, bo, mentoring.Parts{Skill: 1, Sector: 0.5, Language: 0.6, Context: 0, Phase: 1, Availability: 1}, 74.0},
		"Marina": {third, marina, mentoring.Parts{Skill: 0.6, Sector: 0.5, Language: 1, Context: 0.5, Phase: 1, Availability: 1. / 3}, 64.3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := mentoring.Match(tt.wish, []mentoring.Candidate{tt.who})
			if len(got) != 1 {
				t.Fatalf("%d fit, want 1", len(got))
			}
			near := cmp.Comparer(func(x, y float64) bool { return math.Abs(x-y) < 1e-9 })
			if diff := cmp.Diff(tt.parts, got[0].Parts, near); diff != "" {
				t.Error(diff)
			}
			if got[0].Score != tt.score {
				t.Errorf("score %.1f, want %.1f", got[0].Score, tt.score)
			}
		})
	}
}

func TestTheModelsSharesGiveTheModelsScores(t *testing.T) {
	for want, p := range map[float64]mentoring.Parts{
		84.7: {Skill: .8, Sector: 1, Language: 1, Context: 1, Phase: .5, Availability: .67},
		74.0: {Skill: 1, Sector: .5, Language: .6, Context: 0, Phase: 1, Availability: 1},
		64.3: {Skill: .6, Sector: .5, Language: 1, Context: .5, Phase: 1, Availability: .33},
		100:  {Skill: 1, Sector: 1, Language: 1, Context: 1, Phase: 1, Availability: 1},
		0:    {},
	} {
		if got := p.Score(); got != want {
			t.Errorf("score %v, want %v", got, want)
		}
	}
}

func TestWhoIsLeftOut(t *testing.T) {
	tests := map[string]struct {
		fits   bool
		change func(*mentoring.Candidate)
		wish   func(*mentoring.Wish)
	}{
		"nobody who fits":                {true, nil, nil},
		"who offers another role":        {false, func(c *mentoring.Candidate) { c.Roles = []mentoring.Role{mentoring.Evangelist} }, nil},
		"who speaks no common language":  {false, func(c *mentoring.Candidate) { c.Languages = []string{"kk", "ru"} }, nil},
		"who helps three teams":          {false, func(c *mentoring.Candidate) { c.Load.Open = 3 }, nil},
		"who wants one team and has one": {false, func(c *mentoring.Candidate) { c.MaxMentees, c.Load.Open = 1, 1 }, nil},
		"who has no hour left":           {false, func(c *mentoring.Candidate) { c.Load.Hours = 3 }, nil},
		"who is in a conflict":           {false, func(c *mentoring.Candidate) { c.Conflict = true }, nil},
		"who was asked already":          {false, func(c *mentoring.Candidate) { c.Blocked = true }, nil},
		"who is from elsewhere":          {false, nil, func(w *mentoring.Wish) { w.Organisation = "FI:837" }},
		"whoever is not the one wanted":  {false, nil, func(w *mentoring.Wish) { w.Mentor = "somebody" }},
		"not the one wanted":             {true, nil, func(w *mentoring.Wish) { w.Mentor = "m" }},
		"not for a missing skill":        {true, func(c *mentoring.Candidate) { c.Skills = nil }, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := akaa()
			if tt.wish != nil {
				tt.wish(&w)
			}
			if got := len(mentoring.Match(w, []mentoring.Candidate{offers("m", tt.change)})) == 1; got != tt.fits {
				t.Errorf("fits = %v, want %v", got, tt.fits)
			}
		})
	}
}

func TestEachPartOfAScore(t *testing.T) {
	part := func(change func(*mentoring.Wish, *mentoring.Candidate)) mentoring.Parts {
		w, c := akaa(), offers("m", nil)
		change(&w, &c)
		got := mentoring.Match(w, []mentoring.Candidate{c})
		if len(got) != 1 {
			t.Helper()
			t.Fatal("does not fit")
		}
		return got[0].Parts
	}
	type both = func(*mentoring.Wish, *mentoring.Candidate)
	sector := func(codes ...string) both {
		return func(_ *mentoring.Wish, c *mentoring.Candidate) { c.Sectors = codes }
	}
	tongues := func(asker, mentor string) both {
		return func(w *mentoring.Wish, c *mentoring.Candidate) {
			w.Languages, c.Languages = strings.Fields(asker), strings.Fields(mentor)
		}
	}
	place := func(organisation string, s mentoring.Surroundings) both {
		return func(_ *mentoring.Wish, c *mentoring.Candidate) { c.Organisation, c.Surroundings = organisation, s }
	}
	tests := map[string]struct {
		got  func(mentoring.Parts) float64
		set  both
		want float64
	}{
		"skills are weighed": {func(p mentoring.Parts) float64 { return p.Skill }, func(w *mentoring.Wish, c *mentoring.Candidate) {
			w.Skills = []mentoring.Asked{{Skill: "lean", Weight: 3}, {Skill: "ai", Weight: 1}}
			c.Skills = map[string]mentoring.Level{"lean": mentoring.Basics, "ai": mentoring.Expert}
		}, (3*.5 + 1) / 4},
		"the same group":                    {func(p mentoring.Parts) float64 { return p.Sector }, sector("07", "09.1"), 1},
		"the same division":                 {func(p mentoring.Parts) float64 { return p.Sector }, sector("09.2"), 0.8},
		"the division itself":               {func(p mentoring.Parts) float64 { return p.Sector }, sector("09"), 0.8},
		"another sector":                    {func(p mentoring.Parts) float64 { return p.Sector }, sector("07.1"), 0},
		"a theme in common":                 {func(p mentoring.Parts) float64 { return p.Sector }, func(_ *mentoring.Wish, c *mentoring.Candidate) { c.Themes = []string{"participation"} }, 0.5},
		"at home in the first language":     {func(p mentoring.Parts) float64 { return p.Language }, tongues("fi sv", "fi en"), 1},
		"the asker's second language":       {func(p mentoring.Parts) float64 { return p.Language }, tongues("fi sv", "sv en"), 0.6},
		"the mentor's second language":      {func(p mentoring.Parts) float64 { return p.Language }, tongues("fi", "sv fi"), 0.6},
		"only a third language":             {func(p mentoring.Parts) float64 { return p.Language }, tongues("fi sv en", "en"), 0.4},
		"a fourth is as good as a third":    {func(p mentoring.Parts) float64 { return p.Language }, tongues("kk", "fi sv en kk"), 0.4},
		"the same size and kind":            {func(p mentoring.Parts) float64 { return p.Context }, place("FI:005", ""), 1},
		"only the same kind":                {func(p mentoring.Parts) float64 { return p.Context }, place("FI:009", ""), 0.5},
		"only the same size":                {func(p mentoring.Parts) float64 { return p.Context }, place("FI:005", mentoring.Urban), 0.5},
		"a city":                            {func(p mentoring.Parts) float64 { return p.Context }, place("FI:837", ""), 0},
		"no municipality, but knows such":   {func(p mentoring.Parts) float64 { return p.Context }, place("FI:fund", mentoring.Rural), 0.5},
		"strong in one of two phases":       {func(p mentoring.Parts) float64 { return p.Phase }, func(_ *mentoring.Wish, c *mentoring.Candidate) { c.Phases = []experiments.Stage{experiments.Running} }, 0.5},
		"says nothing of phases":            {func(p mentoring.Parts) float64 { return p.Phase }, func(*mentoring.Wish, *mentoring.Candidate) {}, 0.5},
		"strong elsewhere":                  {func(p mentoring.Parts) float64 { return p.Phase }, func(_ *mentoring.Wish, c *mentoring.Candidate) { c.Phases = []experiments.Stage{experiments.Idea} }, 0},
		"hours that are taken do not count": {func(p mentoring.Parts) float64 { return p.Availability }, func(_ *mentoring.Wish, c *mentoring.Candidate) { c.Load = mentoring.Load{Open: 1, Hours: 1.5} }, 0.5},
		"more hours than asked":             {func(p mentoring.Parts) float64 { return p.Availability }, func(_ *mentoring.Wish, c *mentoring.Candidate) { c.Hours = 20 }, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.got(part(tt.set)); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestThoseWithinThreePointsComeByFewestTeams(t *testing.T) {
	skill := func(id string, points float64, open int) mentoring.Candidate {
		return offers(id, func(c *mentoring.Candidate) {
			c.Hours = points // of an asked 10 hours: availability brings the points
			c.Load.Open = open
		})
	}
	w := akaa()
	w.Hours = 10
	tests := map[string]struct {
		all  []mentoring.Candidate
		want string
	}{
		"equal in all: by id":              {[]mentoring.Candidate{skill("b", 5, 1), skill("a", 5, 1)}, "a b"},
		"within three: fewest first":       {[]mentoring.Candidate{skill("a", 9, 2), skill("b", 7, 1), skill("c", 6, 0)}, "c b a"},
		"beyond three: the score decides":  {[]mentoring.Candidate{skill("a", 9, 2), skill("b", 5.9, 0)}, "a b"},
		"each group has its own best":      {[]mentoring.Candidate{skill("a", 9, 2), skill("b", 6, 1), skill("c", 4, 2), skill("d", 3, 0)}, "b a d c"},
		"the same teams: the better first": {[]mentoring.Candidate{skill("a", 7, 1), skill("b", 9, 1)}, "b a"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var ids []string
			for _, s := range mentoring.Match(w, tt.all) {
				ids = append(ids, s.ID)
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheSentenceWhy(t *testing.T) {
	locales, err := i18n.Load(os.DirFS("../../content/locales"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	c := offers("m", func(c *mentoring.Candidate) {
		c.Sectors, c.Organisation, c.Load.Hours = []string{"09"}, "FI:005", 1
	})
	w := akaa()
	w.Skills = append(w.Skills, mentoring.Asked{Skill: "ai", Weight: 1})
	got := mentoring.Match(w, []mentoring.Candidate{c})[0]
	for lang, want := range map[string]string{
		"en": "Knows service design and your sector, speaks Finnish, comes from a similar municipality, free 2 h/week.",
		"fi": "Osaa: palvelumuotoilu ja toimialanne, puhuu suomea, tulee samanlaisesta kunnasta, vapaana 2 t/vko.",
		"sv": "Kan tjänstedesign och ert område, talar finska, kommer från en liknande kommun, har tid 2 h/vecka.",
		"ru": "Знает: проектирование услуг и ваша сфера, говорит по-фински, из похожего муниципалитета, свободно 2 ч в неделю.",
		"kk": "Білетіні: қызметтерді жобалау және сіздің салаңыз, финше сөйлейді, ұқсас муниципалитеттен, аптасына 2 сағ бос.",
	} {
		if why := got.Why(locales.For(lang), w); why != want {
			t.Errorf("%s: got\n%s\nwant\n%s", lang, why, want)
		}
	}
	bare := mentoring.Match(w, []mentoring.Candidate{offers("n", func(c *mentoring.Candidate) { c.Skills = nil })})[0]
	if why := bare.Why(locales.For("en"), w); why != "Speaks Finnish, free 3 h/week." {
		t.Errorf("got %q", why)
	}
}

func TestThePlaceOfAHome(t *testing.T) {
	for key, want := range map[string]mentoring.Place{
		"FI:837":      {Size: content.SizeOver100k, Surroundings: mentoring.Urban},
		"FI:009":      {Size: content.SizeUnder5k, Surroundings: mentoring.Rural},
		"RU:KEM-GO02": {Size: content.SizeOver100k, Surroundings: mentoring.Urban},
		"KZ:KZ-10":    {},
		"FI:nothing":  {},
		"":            {},
	} {
		got := mentoring.PlaceOf(key)
		if m, ok := content.MunicipalityOf(key); ok && m.Population == 0 {
			want.Size = ""
		}
		if got != want {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
}
