package mentoring_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/mentoring"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestTheLastDayToAnswer(t *testing.T) {
	finland := content.Holidays("FI")
	for name, tt := range map[string]struct{ asked, due time.Time }{
		"asked on Monday: Thursday":                     {on(time.March, 2), on(time.March, 5)},
		"asked on Thursday: Tuesday":                    {on(time.March, 5), on(time.March, 10)},
		"asked on Saturday: as if on Monday":            {on(time.March, 7), on(time.March, 12)},
		"asked before Easter: after it":                 {on(time.April, 1), on(time.April, 8)},
		"asked late in the evening: that day counts":    {time.Date(2026, 3, 2, 23, 30, 0, 0, helsinki), on(time.March, 5)},
		"asked when it is tomorrow here but not in UTC": {time.Date(2026, 3, 1, 22, 30, 0, 0, time.UTC), on(time.March, 5)},
	} {
		t.Run(name, func(t *testing.T) {
			got := mentoring.DueOn(finland, tt.asked, helsinki)
			if want := tt.due.Add(-12 * time.Hour); !got.Equal(want) {
				t.Errorf("due %v, want %v", got, want)
			}
			turn := mentoring.Turn{Due: got.UTC()}
			if turn.Late(tt.due.Add(11*time.Hour), helsinki) || !turn.Late(tt.due.Add(12*time.Hour), helsinki) {
				t.Error("it is late from the midnight after the last day on")
			}
		})
	}
}

func TestATeamAsksAndTheMentorSaysYes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		exp := w.experiment()
		w.letters()
		id := w.asked(exp)
		if got := w.whose(id); got != "aino asked" {
			t.Fatalf("asked is %q, want Aino", got)
		}
		if n := w.letters(); n != 1 {
			t.Errorf("%d letters, want one to the mentor", n)
		}
		w.must(w.Accept(t.Context(), w.actors["aino"], id))
		if n := w.letters(); n != 1 {
			t.Errorf("%d letters, want one to the team", n)
		}
		v := w.see(id)
		if v.State != mentoring.Running || !v.Start.Equal(on(time.March, 2)) || !v.Until.Equal(on(time.March, 2).Add(12*7*24*time.Hour)) {
			t.Errorf("it is %s from %v until %v", v.State, v.Start, v.Until)
		}
		if err := w.Accept(t.Context(), w.actors["aino"], id); !errors.Is(err, mentoring.ErrState) {
			t.Errorf("accepted twice: %v", err)
		}
		if got := w.kinds(v.Subject()); got != "mentorship.asked mentorship.accepted" {
			t.Errorf("journal says %q", got)
		}
		if got := w.kinds("experiment:" + exp); !strings.HasSuffix(got, "experiment.mentor_changed") {
			t.Errorf("journal of the experiment says %q", got)
		}
	})
}

func TestTheMentorReadsTheTeamSpaceWhileItLasts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		exp := w.experiment()
		n, err := w.cards.AppendLog(t.Context(), w.actors["developer"], exp, experiments.Entry{Kind: experiments.Observation, Text: "Vain tiimille", Reach: experiments.ForTeam})
		w.must(err)
		sees := func(who string) bool {
			t.Helper()
			log, err := w.cards.Log(t.Context(), w.actors[who], exp, experiments.LogQuery{})
			w.must(err)
			return len(log.Entries) == n
		}
		id := w.asked(exp)
		if sees("aino") {
			t.Error("who is only asked reads the team's notes")
		}
		w.must(w.Accept(t.Context(), w.actors["aino"], id))
		if !sees("aino") || sees("bo") || sees("boss") {
			t.Errorf("the mentor reads: %v, another: %v, the manager: %v", sees("aino"), sees("bo"), sees("boss"))
		}
		v, err := w.OfExperiment(t.Context(), w.actors["nobody"], exp, "en")
		if err != nil || len(v.Mentors) != 1 || v.Mentors[0].Name != "Aino" || v.Mentors[0].Role != "Mentor" || v.AskURL != "" || v.Mentors[0].URL != "/en/mentors/"+w.mentors["aino"].ID {
			t.Errorf("the page shows %+v, %v", v, err)
		}
		w.must(w.End(t.Context(), w.actors["mate"], id, "Kiitos!"))
		if sees("aino") {
			t.Error("a former mentor reads the team's notes")
		}
	})
}

func TestARequestMovesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		exp := w.experiment()
		id := w.asked(exp)
		w.letters()
		w.goTo(on(time.March, 5))
		if n, err := w.Tick(t.Context()); n != 0 || err != nil {
			t.Errorf("on the last day %d changed, %v", n, err)
		}
		w.goTo(on(time.March, 6))
		if n, err := w.Tick(t.Context()); n != 1 || err != nil {
			t.Errorf("after the last day %d changed, %v", n, err)
		}
		if got := w.whose(id); got != "bo asked" {
			t.Fatalf("now it is %q, want Bo", got)
		}
		if n := w.letters(); n != 2 {
			t.Errorf("%d letters, want one to the team and one to Bo", n)
		}
		if _, err := w.See(t.Context(), w.actors["aino"], id, "en"); !errors.Is(err, mentoring.ErrMovedOn) {
			t.Errorf("who did not answer sees it: %v", err)
		}
		if err := w.Accept(t.Context(), w.actors["aino"], id); !errors.Is(err, mentoring.ErrMovedOn) {
			t.Errorf("who did not answer accepts: %v", err)
		}
		if err := w.Decline(t.Context(), w.actors["bo"], id, "  "); !errors.Is(err, mentoring.ErrReason) {
			t.Errorf("declined without a reason: %v", err)
		}
		w.must(w.Decline(t.Context(), w.actors["bo"], id, "Olen lomalla."))
		if got := w.whose(id); got != "bo unanswered" {
			t.Errorf("now it is %q, want nobody", got)
		}
		if n := w.letters(); n != 1 {
			t.Errorf("%d letters, want one to the team", n)
		}
		if n, err := w.Tick(t.Context()); n != 0 || err != nil {
			t.Errorf("later %d changed, %v", n, err)
		}
		want := "mentorship.asked mentorship.silent mentorship.asked mentorship.declined mentorship.unanswered"
		if got := w.kinds("mentorship:" + id); got != want {
			t.Errorf("journal says %q, want %q", got, want)
		}
	})
}

func TestWhoIsAskedAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		q := question()
		q.Wish.Mentor, q.Wish.Skills, q.MoveOn = w.mentors["bo"].ID, nil, false // a person: no skill need be named
		id, err := w.Ask(t.Context(), w.actors["developer"], w.experiment(), q)
		w.must(err)
		if got := w.whose(id); got != "bo asked" {
			t.Errorf("asked is %q, want Bo", got)
		}
		w.must(w.Decline(t.Context(), w.actors["bo"], id, "En ehdi."))
		if got := w.whose(id); got != "bo unanswered" {
			t.Errorf("now it is %q: nobody else was wanted", got)
		}
		q.MoveOn = true
		if _, err := w.Ask(t.Context(), w.actors["developer"], w.see(id).Experiment, q); !errors.Is(err, mentoring.ErrNotFree) {
			t.Errorf("asked again at once: %v", err)
		}
		w.goTo(on(time.April, 2))
		second, err := w.Ask(t.Context(), w.actors["developer"], w.see(id).Experiment, q)
		w.must(err)
		w.must(w.Decline(t.Context(), w.actors["bo"], second, "En vieläkään."))
		if got := w.whose(second); got != "aino asked" {
			t.Errorf("now it is %q: the next best", got)
		}
	})
}

func TestWhoMayAsk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		draft, shown := w.draft(), w.experiment()
		for name, tt := range map[string]struct {
			who, exp string
			want     error
		}{
			"nobody":                      {"nobody", shown, accounts.ErrSignIn},
			"another municipality":        {"outsider", shown, accounts.ErrForbidden},
			"the own coordinator":         {"coordinator", shown, accounts.ErrForbidden},
			"an administrator":            {"admin", shown, accounts.ErrForbidden},
			"a mentor":                    {"aino", shown, accounts.ErrForbidden},
			"for a draft one cannot see":  {"outsider", draft, accounts.ErrUnseen},
			"for a draft of one's own":    {"developer", draft, mentoring.ErrNotNow},
			"for what is not there":       {"developer", "nothing", store.ErrNotFound},
			"a member of the team":        {"mate", shown, nil},
			"nobody, and learns no state": {"nobody", draft, accounts.ErrUnseen},
		} {
			_, err := w.Ask(t.Context(), w.actors[tt.who], tt.exp, question())
			if !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
		if _, err := w.Ask(t.Context(), w.actors["developer"], shown, question()); err != nil {
			t.Errorf("a second mentor: %v", err)
		}
		if _, err := w.Ask(t.Context(), w.actors["developer"], shown, question()); !errors.Is(err, mentoring.ErrTooMany) {
			t.Errorf("a third question: %v", err)
		}
	})
}

func TestWhatAQuestionNeeds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		exp := w.experiment()
		for name, tt := range map[string]struct {
			change func(*mentoring.Question)
			want   error
		}{
			"a message":                 {func(q *mentoring.Question) { q.Message = " " }, mentoring.ErrMessage},
			"a shorter message":         {func(q *mentoring.Question) { q.Message = strings.Repeat("x", 601) }, mentoring.ErrTooLong},
			"a skill":                   {func(q *mentoring.Question) { q.Wish.Skills = nil }, mentoring.ErrWishSkill},
			"a skill that is known":     {func(q *mentoring.Question) { q.Wish.Skills[0].Skill = "magic" }, mentoring.ErrWishSkill},
			"an importance of 1 to 3":   {func(q *mentoring.Question) { q.Wish.Skills[0].Weight = 4 }, mentoring.ErrWishSkill},
			"a language":                {func(q *mentoring.Question) { q.Wish.Languages = nil }, mentoring.ErrWishLanguage},
			"a role":                    {func(q *mentoring.Question) { q.Wish.Role = "" }, mentoring.ErrWishRole},
			"phases that are stages":    {func(q *mentoring.Question) { q.Wish.Phases = []experiments.Stage{"moon"} }, mentoring.ErrWishPhase},
			"hours":                     {func(q *mentoring.Question) { q.Wish.Hours = 0 }, mentoring.ErrWishHours},
			"fewer hours":               {func(q *mentoring.Question) { q.Wish.Hours = 21 }, mentoring.ErrWishHours},
			"somebody who fits":         {func(q *mentoring.Question) { q.Wish.Languages = []string{"kk"} }, mentoring.ErrNobody},
			"the one wanted to be free": {func(q *mentoring.Question) { q.Wish.Mentor = w.mentors["marina"].ID }, mentoring.ErrNotFree},
		} {
			t.Run(name, func(t *testing.T) {
				q := question()
				tt.change(&q)
				if _, err := w.Ask(t.Context(), w.actors["developer"], exp, q); !errors.Is(err, tt.want) {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			})
		}
	})
}

func TestAFormSentTwiceAsksOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		exp := w.experiment()
		ctx := once.With(t.Context(), "developer", "key", "")
		first, err := w.Ask(ctx, w.actors["developer"], exp, question())
		w.must(err)
		second, err := w.Ask(ctx, w.actors["developer"], exp, question())
		if err != nil || second != first {
			t.Errorf("asked %q and %q, %v", first, second, err)
		}
		found, err := w.Team(t.Context(), w.actors["developer"], exp)
		if err != nil || len(found.Waiting) != 1 {
			t.Errorf("%d wait, %v", len(found.Waiting), err)
		}
	})
}

func TestWhoMayAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.asked(w.experiment())
		for _, who := range []string{"nobody", "outsider", "bo", "coordinator", "boss", "admin"} {
			if err := w.Accept(t.Context(), w.actors[who], id); !errors.Is(err, accounts.ErrUnseen) {
				t.Errorf("%s accepts: %v", who, err)
			}
			if err := w.End(t.Context(), w.actors[who], id, ""); !errors.Is(err, accounts.ErrUnseen) {
				t.Errorf("%s ends: %v", who, err)
			}
		}
		for _, who := range []string{"developer", "mate"} {
			if err := w.Accept(t.Context(), w.actors[who], id); !errors.Is(err, accounts.ErrForbidden) {
				t.Errorf("%s accepts: %v", who, err)
			}
			if err := w.Decline(t.Context(), w.actors[who], id, "no"); !errors.Is(err, accounts.ErrForbidden) {
				t.Errorf("%s declines: %v", who, err)
			}
		}
		if err := w.End(t.Context(), w.actors["aino"], id, ""); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("the mentor takes the team's question back: %v", err)
		}
		w.must(w.End(t.Context(), w.actors["mate"], id, ""))
		if v := w.see(id); v.State != mentoring.Withdrawn {
			t.Errorf("it is %s, want taken back", v.State)
		}
		if err := w.Accept(t.Context(), w.actors["aino"], id); !errors.Is(err, mentoring.ErrState) {
			t.Errorf("accepted what was taken back: %v", err)
		}
	})
}

func TestWhoIsTooNearIsNotFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.mentors["mate"], w.mentors["boss"] = mentoring.Mentor{}, mentoring.Mentor{}
		for _, who := range []string{"mate", "boss", "coordinator"} {
			m := profile("aino")
			m.Organisation = "FI:020"
			_, err := w.Keep(t.Context(), w.actors[who], m)
			w.must(err)
		}
		found, err := w.Find(t.Context(), w.actors["developer"], w.experiment(), "en", wish())
		w.must(err)
		var names []string
		for _, f := range found.Found {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, "; "); got != "Aino; Developer, Stockholm" {
			t.Errorf("found %q", got)
		}
		if !strings.HasPrefix(found.Found[0].Why, "Knows service design and your sector, speaks Finnish") || found.Found[0].Score != 93 {
			t.Errorf("Aino has %v: %s", found.Found[0].Score, found.Found[0].Why)
		}
	})
}

func TestAMentorTakesAsManyTeamsAsTheySay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.keep("aino", func(m *mentoring.Mentor) { m.Hours = 9 })
		first, second := w.asked(w.experiment()), w.asked(w.experiment())
		third := w.asked(w.experiment())
		if got := w.whose(third); got != "bo asked" {
			t.Errorf("the third question is %q: Aino has two open", got)
		}
		w.must(w.Accept(t.Context(), w.actors["aino"], first))
		w.keep("aino", func(m *mentoring.Mentor) { m.MaxMentees = 1 })
		if err := w.Accept(t.Context(), w.actors["aino"], second); !errors.Is(err, mentoring.ErrFull) {
			t.Errorf("accepted beyond the own limit: %v", err)
		}
	})
}

func TestAMentorshipEndsByItself(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		exp, other := w.experiment(), w.experiment()
		id, stopped := w.asked(exp), w.asked(other)
		w.must(w.Accept(t.Context(), w.actors["aino"], id))
		w.must(w.cards.Advance(t.Context(), w.actors["developer"], other, experiments.Stopped, "Ei kannata."))
		if n, err := w.Tick(t.Context()); n != 1 || err != nil {
			t.Errorf("%d changed, %v", n, err)
		}
		if v := w.see(stopped); v.State != mentoring.Withdrawn {
			t.Errorf("the question of a stopped experiment is %s", v.State)
		}
		w.goTo(on(time.March, 2).Add(12*7*24*time.Hour - time.Second))
		if n, err := w.Tick(t.Context()); n != 0 || err != nil {
			t.Errorf("too early: %d changed, %v", n, err)
		}
		w.goTo(on(time.March, 2).Add(12 * 7 * 24 * time.Hour))
		if n, err := w.Tick(t.Context()); n != 1 || err != nil {
			t.Errorf("%d changed, %v", n, err)
		}
		if v := w.see(id); v.State != mentoring.Over || v.ClosedBy != "system" {
			t.Errorf("it is %s by %s", v.State, v.ClosedBy)
		}
	})
}

func TestWouldYouAskAgainIsShownAfterThree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 3 {
			id := w.asked(w.experiment())
			if err := w.Rate(t.Context(), w.actors["developer"], id, mentoring.WouldAgain); !errors.Is(err, mentoring.ErrState) {
				t.Errorf("rated before the end: %v", err)
			}
			w.must(w.Accept(t.Context(), w.actors["aino"], id))
			w.must(w.End(t.Context(), w.actors["aino"], id, ""))
			if err := w.Rate(t.Context(), w.actors["developer"], id, "maybe"); !errors.Is(err, mentoring.ErrAgain) {
				t.Errorf("rated with a maybe: %v", err)
			}
			again := mentoring.WouldAgain
			if i == 1 {
				again = mentoring.WouldNotAgain
			}
			w.must(w.Rate(t.Context(), w.actors["developer"], id, again))
			w.must(w.Rate(t.Context(), w.actors["aino"], id, mentoring.WouldAgain))
			if err := w.Rate(t.Context(), w.actors["mate"], id, again); !errors.Is(err, mentoring.ErrAnswered) {
				t.Errorf("rated twice: %v", err)
			}
			p, err := w.Get(t.Context(), accounts.Actor{}, w.mentors["aino"].ID, "en")
			if err != nil || p.Rated != i+1 {
				t.Errorf("%d rated, %v; want %d", p.Rated, err, i+1)
			}
		}
		p, err := w.Get(t.Context(), accounts.Actor{}, w.mentors["aino"].ID, "en")
		if err != nil || p.Again != 2 || p.Rated != mentoring.RatedFrom {
			t.Errorf("%d of %d again, %v", p.Again, p.Rated, err)
		}
	})
}

func TestWhatWaitsForWhom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		exp := w.experiment()
		id := w.asked(exp)
		waits := func(who string) string {
			t.Helper()
			list, err := w.Waiting(t.Context(), w.actors[who], "en")
			w.must(err)
			var all []string
			for _, x := range list {
				s := x.What + " (" + x.When + ")"
				if x.Urgent {
					s += "!"
				}
				if x.Path != "mentorships/"+id || x.Title != "Hoitoajan vaihto viestillä" || x.Lang != "fi" {
					t.Errorf("%s waits for %+v", who, x)
				}
				all = append(all, s)
			}
			return strings.Join(all, "; ")
		}
		expect := func(who, want string) {
			t.Helper()
			if got := waits(who); got != want {
				t.Errorf("%s: waits %q, want %q", who, got, want)
			}
		}
		expect("aino", "A team asks for your help: say yes or no (by 5 Mar 2026)")
		expect("developer", "")
		expect("nobody", "")
		v, err := w.OfExperiment(t.Context(), w.actors["mate"], exp, "en")
		if err != nil || v.Note != "Asked on 2 Mar 2026, answer by 5 Mar 2026" || v.AskURL != "/en/experiments/"+exp+"/mentors" || len(v.Mentors) != 0 {
			t.Errorf("the team's page shows %+v, %v", v, err)
		}
		w.goTo(on(time.March, 4))
		expect("aino", "A team asks for your help: say yes or no (by 5 Mar 2026)!")
		w.must(w.Accept(t.Context(), w.actors["aino"], id))
		expect("aino", "")
		expect("mate", "The mentor said yes: agree on the first talk (4 Mar 2026)")
		w.must(w.End(t.Context(), w.actors["developer"], id, ""))
		expect("aino", "The mentorship has ended: would you do it again? (4 Mar 2026)")
		expect("developer", "The mentorship has ended: would you do it again? (4 Mar 2026)")
		w.must(w.Rate(t.Context(), w.actors["developer"], id, mentoring.WouldAgain))
		expect("developer", "")
		w.goTo(on(time.March, 20))
		expect("aino", "")
	})
}
