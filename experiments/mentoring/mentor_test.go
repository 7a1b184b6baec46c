package mentoring_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/mentoring"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
)

func TestWhatAProfileNeeds(t *testing.T) {
	tests := map[string]struct {
		change func(*mentoring.Mentor)
		want   *fault.Error
	}{
		"all is there":                   {func(*mentoring.Mentor) {}, nil},
		"no role":                        {func(m *mentoring.Mentor) { m.Roles = nil }, mentoring.ErrRoles},
		"a role nobody knows":            {func(m *mentoring.Mentor) { m.Roles = []mentoring.Role{"king"} }, mentoring.ErrRoles},
		"no language":                    {func(m *mentoring.Mentor) { m.Languages = nil }, mentoring.ErrLanguage},
		"a language nobody knows":        {func(m *mentoring.Mentor) { m.Languages = []string{"de"} }, mentoring.ErrLanguage},
		"no skill":                       {func(m *mentoring.Mentor) { m.Skills = map[string]mentoring.Level{"lean": 0, "magic": 1} }, mentoring.ErrSkills},
		"a level between":                {func(m *mentoring.Mentor) { m.Skills = map[string]mentoring.Level{"lean": 0.7} }, mentoring.ErrSkills},
		"a sector nobody knows":          {func(m *mentoring.Mentor) { m.Sectors = []string{"99"} }, mentoring.ErrSector},
		"too many sectors":               {func(m *mentoring.Mentor) { m.Sectors = []string{"01", "02", "03", "04", "05"} }, mentoring.ErrSector},
		"a theme nobody knows":           {func(m *mentoring.Mentor) { m.Themes = []string{"love"} }, mentoring.ErrThemes},
		"a stage that is no phase":       {func(m *mentoring.Mentor) { m.Phases = []experiments.Stage{experiments.Draft} }, mentoring.ErrPhases},
		"no hours":                       {func(m *mentoring.Mentor) { m.Hours = 0 }, mentoring.ErrHours},
		"hours that are no number":       {func(m *mentoring.Mentor) { m.Hours = math.NaN() }, mentoring.ErrHours},
		"four teams":                     {func(m *mentoring.Mentor) { m.MaxMentees = 4 }, mentoring.ErrMentees},
		"no cost":                        {func(m *mentoring.Mentor) { m.Cost = "" }, mentoring.ErrCost},
		"years of a century":             {func(m *mentoring.Mentor) { m.Years = 61 }, mentoring.ErrYears},
		"a godparent who declares":       {func(m *mentoring.Mentor) { m.Roles, m.Interest = []mentoring.Role{mentoring.Godparent}, "None" }, nil},
		"a godparent who declares not":   {func(m *mentoring.Mentor) { m.Roles = []mentoring.Role{mentoring.Godparent} }, mentoring.ErrInterest},
		"too long a presentation":        {func(m *mentoring.Mentor) { m.Presentation = strings.Repeat("ä", 601) }, mentoring.ErrTooLong},
		"as long a presentation as can":  {func(m *mentoring.Mentor) { m.Presentation = strings.Repeat("ä", 600) }, nil},
		"somebody else's organisation":   {func(m *mentoring.Mentor) { m.Organisation = "SE:0180" }, mentoring.ErrOrganisation},
		"no organisation":                {func(m *mentoring.Mentor) { m.Organisation = "" }, nil},
		"surroundings nobody knows":      {func(m *mentoring.Mentor) { m.Surroundings = "moon" }, mentoring.ErrSurroundings},
		"what cannot be known is let go": {func(m *mentoring.Mentor) { m.Skills["magic"] = 1 }, nil},
	}
	each(t, func(t *testing.T, w *world) {
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				m := profile("aino")
				tt.change(&m)
				kept, err := w.Keep(t.Context(), w.actors["aino"], m)
				switch {
				case tt.want == nil && err != nil:
					t.Errorf("refused: %v", err)
				case tt.want != nil && !errors.Is(err, tt.want):
					t.Errorf("got %v, want %v", err, tt.want)
				case tt.want == nil && kept.Skills["magic"] != 0:
					t.Error("an unknown skill was kept")
				}
			})
		}
	})
}

func TestAPersonHasOneProfile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.mentors["aino"]
		w.goTo(on(time.March, 20))
		second := w.keep("aino", func(m *mentoring.Mentor) { m.ID, m.Person, m.Hours = "forged", w.actors["bo"].ID, 5 })
		if second.ID != first.ID || second.Person != w.actors["aino"].ID || second.Hours != 5 || !second.Created.Equal(first.Created) || !second.Updated.Equal(on(time.March, 20)) {
			t.Errorf("changed to %+v", second)
		}
		if got := w.kinds(first.Subject()); got != "mentor.added mentor.changed" {
			t.Errorf("journal says %q", got)
		}
		if _, err := w.Keep(t.Context(), w.actors["nobody"], profile("aino")); !errors.Is(err, accounts.ErrSignIn) {
			t.Errorf("nobody keeps a profile: %v", err)
		}
	})
}

func TestASampleProfileKeepsItsIDAndAFormSentTwiceCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := once.With(t.Context(), "outsider", "key", "")
		m := profile("bo")
		m.ID = "bypeb6depum8"
		for range 2 {
			kept, err := w.At(func() time.Time { return on(time.January, 5) }).Keep(ctx, w.actors["outsider"], m)
			if err != nil || kept.ID != "bypeb6depum8" || !kept.Updated.Equal(on(time.January, 5)) {
				t.Errorf("kept %+v, %v", kept, err)
			}
		}
		if got := w.kinds("mentor:bypeb6depum8"); got != "mentor.added" {
			t.Errorf("journal says %q", got)
		}
	})
}

func TestTheListShowsWhoHasRoom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		names := func(who string, q mentoring.Query) string {
			t.Helper()
			l, err := w.List(t.Context(), w.actors[who], "en", q)
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, p := range l.Mentors {
				list = append(list, p.Name)
			}
			return strings.Join(list, ", ")
		}
		w.goTo(on(time.March, 3))
		w.keep("marina", func(m *mentoring.Mentor) {
			m.Skills["lean"], m.Roles = mentoring.Expert, []mentoring.Role{mentoring.Evangelist}
		})
		for want, q := range map[string]mentoring.Query{
			"Developer, Новокузнецкий городской округ, Aino, Developer, Stockholm": {},
			"Developer, Новокузнецкий городской округ":                             {Skill: "lean"},
			"Aino":                       {Lang: "en"},
			"Aino, Developer, Stockholm": {Role: mentoring.Sparring},
			"":                           {Skill: "lean", Lang: "sv"},
		} {
			if got := names("nobody", q); got != want {
				t.Errorf("%+v: got %q, want %q", q, got, want)
			}
		}
		first, err := w.List(t.Context(), accounts.Actor{}, "en", mentoring.Query{Limit: 2})
		if err != nil || len(first.Mentors) != 2 || first.Next != first.Mentors[1].ID {
			t.Fatalf("first part %+v, %v", first, err)
		}
		rest, err := w.List(t.Context(), accounts.Actor{}, "en", mentoring.Query{After: first.Next})
		if err != nil || len(rest.Mentors) != 1 || rest.Next != "" {
			t.Errorf("rest %+v, %v", rest, err)
		}
	})
}

func TestWhoRestsOrIsFullIsNotShown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		count := func() (shown, full int) {
			l, err := w.List(t.Context(), accounts.Actor{}, "en", mentoring.Query{})
			w.must(err)
			return len(l.Mentors), l.Full
		}
		aino := w.keep("aino", func(m *mentoring.Mentor) { m.MaxMentees = 1 })
		w.asked(w.experiment())
		if shown, full := count(); shown != 2 || full != 1 {
			t.Errorf("%d shown, %d full; want 2 and 1: one is asked", shown, full)
		}
		if p, err := w.Get(t.Context(), accounts.Actor{}, aino.ID, "en"); err != nil || p.HasRoom() || p.Name != "Aino" {
			t.Errorf("a full mentor's page: %+v, %v", p, err)
		}
		w.keep("bo", func(m *mentoring.Mentor) { m.Active = false })
		if shown, _ := count(); shown != 1 {
			t.Errorf("%d shown, want 1: one rests", shown)
		}
		if _, err := w.Get(t.Context(), w.actors["developer"], w.mentors["bo"].ID, "en"); !errors.Is(err, mentoring.ErrNoMentor) {
			t.Errorf("a resting mentor's page: %v", err)
		}
		if p, err := w.Get(t.Context(), w.actors["bo"], w.mentors["bo"].ID, "en"); err != nil || !p.Mine {
			t.Errorf("one's own resting page: %v", err)
		}
		w.goTo(on(time.March, 2).AddDate(1, 0, 1))
		if shown, _ := count(); shown != 0 {
			t.Errorf("%d shown a year later, want 0", shown)
		}
		if _, err := w.Get(t.Context(), accounts.Actor{}, "nothing", "en"); !errors.Is(err, mentoring.ErrNoMentor) {
			t.Errorf("no such mentor: %v", err)
		}
	})
}

func TestAProfileIsAskedAboutAfterHalfAYear(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		waits := func() string {
			list, err := w.Waiting(t.Context(), w.actors["aino"], "en")
			w.must(err)
			var paths []string
			for _, x := range list {
				paths = append(paths, x.Path)
			}
			return strings.Join(paths, " ")
		}
		if got := waits(); got != "" {
			t.Errorf("waits %q, want nothing", got)
		}
		w.goTo(on(time.March, 2).AddDate(0, 0, mentoring.FreshDays+1))
		if got := waits(); got != "mentors/me" {
			t.Errorf("waits %q, want the profile", got)
		}
		w.keep("aino", nil)
		if got := waits(); got != "" {
			t.Errorf("waits %q after it was saved, want nothing", got)
		}
	})
}

func TestWhoLeavesTakesTheProfileAlong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		exp, other := w.experiment(), w.experiment()
		runs, waits := w.asked(exp), w.asked(other)
		w.must(w.Accept(t.Context(), w.actors["aino"], runs))
		w.must(w.people.Erase(t.Context(), w.actors["aino"], w.actors["aino"].ID))
		if got := w.whose(waits); got != "bo asked" {
			t.Errorf("what waited is %q, want Bo's", got)
		}
		if v := w.see(runs); v.State != mentoring.Over || v.ClosedBy != "system" {
			t.Errorf("what ran is %s by %s", v.State, v.ClosedBy)
		}
		if _, err := w.Get(t.Context(), accounts.Actor{}, w.mentors["aino"].ID, "en"); !errors.Is(err, mentoring.ErrNoMentor) {
			t.Errorf("the profile is still there: %v", err)
		}
		w.must(w.people.Leave(t.Context(), w.actors["bo"], "SE:0180"))
		if p, err := w.Get(t.Context(), accounts.Actor{}, w.mentors["bo"].ID, "en"); err != nil || p.Organisation != "" {
			t.Errorf("who left the organisation: %q, %v", p.Organisation, err)
		}
	})
}

func TestOneTakesOnesOwnWordsAlongAndNobodyElses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.asked(w.experiment())
		w.must(w.Accept(t.Context(), w.actors["aino"], id))
		w.must(w.End(t.Context(), w.actors["aino"], id, ""))
		w.must(w.Rate(t.Context(), w.actors["developer"], id, mentoring.WouldNotAgain))
		got, err := w.Export(t.Context(), w.actors["aino"])
		w.must(err)
		text := strings.ToLower(jsonOf(t, got))
		if !strings.Contains(text, "kysyn paljon") || !strings.Contains(text, id) || strings.Contains(text, "team_again") {
			t.Errorf("export %s", text)
		}
	})
}
