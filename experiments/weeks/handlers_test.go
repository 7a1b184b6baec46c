package weeks_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/weeks"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// visited is a world with a plan in its third week and the site that shows it.
func visited(t *testing.T) (w *world, app *fiber.App, id string) {
	t.Helper()
	w = newWorld(t, storetest.Bolt(t))
	id = w.planned()
	w.add(id, "mate", "Kysy <osastoilta>", 1)
	w.add(id, "developer", "Pidä kokous seisten", 3)
	w.goTo(on(time.March, 18))
	return w, w.site(), id
}

func goalForm() url.Values {
	return url.Values{
		"start": {"2026-03-16"}, "goal_1_result": {"Kokouksia on vähemmän"}, "goal_1_measure": {"Kokoukset"}, "goal_1_direction": {"less"},
		"goal_1_baseline": {"20"}, "goal_1_target": {"16,5"},
	}
}

func TestEveryPageIsSoundInEveryLanguage(t *testing.T) {
	w, app, id := visited(t)
	w.must(w.Conclude(w.ctx(), w.actors["developer"], id, 1, 0, weeks.Practice{Text: "Seisten", Verdict: weeks.Works, Why: "Lyhyempi"}))
	for _, lang := range i18n.Languages {
		for _, page := range []string{"weeks", "weeks/1", "weeks/1/goals", "weeks/1/actions/1", "weeks/1/actions/2", "weeks/1/results/4", "weeks/1/review", "method", "notes"} {
			a := visit(t, app, "developer", "/"+lang+"/experiments/"+id+"/"+page, nil)
			if a.status != 200 {
				t.Errorf("%s %s: %d", lang, page, a.status)
				continue
			}
			a.sound(t, lang+" "+page, lang)
		}
		visit(t, app, "developer", "/"+lang+"/my-work/purpose", nil).sound(t, "purpose", lang)
	}
}

func TestAPlanIsBegunWithAForm(t *testing.T) {
	w := newWorld(t, storetest.Bolt(t))
	id, app := w.idea(), w.site()
	at := "/en/experiments/" + id + "/weeks"
	visit(t, app, "nobody", at, nil).has(t, "There is no week plan yet.")
	visit(t, app, "developer", at+"/new", nil).has(t, "First Monday", "Goal 3")
	form := goalForm()
	form.Set("start", "17.3.2026")
	form.Set("goal_1_baseline", "many")
	a := visit(t, app, "developer", at, form)
	if a.status != 422 || !strings.Contains(a.body, "Kokouksia on vähemmän") {
		t.Errorf("refused with %d, and what was typed is lost", a.status)
	}
	a.has(t, "Write a number, such as 12 or 3,5.")
	form.Set("goal_1_baseline", "20")
	visit(t, app, "developer", at, form).has(t, "Week 1 begins on a Monday. Choose one.")
	if a = visit(t, app, "developer", at, goalForm()); a.status != 303 || a.location != "/en/experiments/"+id+"/weeks/1?done=weeks_begun" {
		t.Errorf("begun: %d to %s", a.status, a.location)
	}
	if a = visit(t, app, "developer", at, goalForm()); a.status != 409 {
		t.Errorf("a second plan beside the first: %d", a.status)
	}
	if a = visit(t, app, "outsider", at, goalForm()); a.status != 403 {
		t.Errorf("an outsider begins a plan: %d", a.status)
	}
}

func TestTheGridShowsTheWeeksAndTheirScores(t *testing.T) {
	w, app, id := visited(t)
	at := "/en/experiments/" + id + "/weeks"
	a := visit(t, app, "developer", at, nil)
	a.has(t, "Week 3 of 12", "Week 3: 0 of 1 done 0%, behind", "Kysy <osastoilta> late", "Mate, by 8 Mar 2026", "1 action late", "from 20 kpl to 16 kpl. Less is better.")
	if a := visit(t, app, "developer", at+"/1/actions/2/done", url.Values{}); a.status != 303 || a.location != "/en/experiments/"+id+"/weeks/1?done=weeks_action_done#now" {
		t.Errorf("done: %d to %s", a.status, a.location)
	}
	visit(t, app, "developer", at, nil).has(t, "Week 3: 1 of 1 done 100%, on track")
	if a := visit(t, app, "mate", at+"/1/actions/1/move", url.Values{"week": {"5"}}); a.status != 422 {
		t.Errorf("moved without a reason: %d", a.status)
	}
	visit(t, app, "mate", at+"/1/actions/1/move", url.Values{"week": {"5"}, "reason": {"Ei ehditty"}})
	visit(t, app, "mate", at+"/1/actions/1", nil).has(t, "From week 1 to week 5: Ei ehditty")
	if s := w.see("mate", id, 1); s.Plan.Score(1, s.Cal).Due != 1 {
		t.Error("the old week does not count it any more")
	}
	for path, want := range map[string]int{"/9": 404, "/x": 404, "/1/actions/9": 404, "/1/results/5": 404, "/1/results/4": 200, "/1/actions/1": 200} {
		if a := visit(t, app, "developer", at+path, nil); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
}

func TestManagersSeeThePlanWithoutPersons(t *testing.T) {
	w, app, id := visited(t)
	w.must(w.MoveAction(w.ctx(), w.actors["mate"], id, 1, 1, 6, "Väsynyt"))
	for _, who := range []string{"manager", "coordinator", "outsider", "nobody"} {
		a := visit(t, app, who, "/en/experiments/"+id+"/weeks", nil)
		a.has(t, "Pidä kokous seisten", "Week 3 of 12")
		a.hasNot(t, "Late in the team", "Mate", "Väsynyt", w.actors["mate"].ID, "Daily notes", "/actions/")
		if a := visit(t, app, who, "/en/experiments/"+id+"/notes", nil); a.status != 404 && !strings.Contains(a.location, "sign-in") {
			t.Errorf("%s opens the notes: %d", who, a.status)
		}
		if a := visit(t, app, who, "/en/experiments/"+id+"/weeks/1/plan.ics", nil); a.status != 200 || strings.Contains(a.body, "action-") {
			t.Errorf("%s gets a calendar with actions: %d", who, a.status)
		}
		api := visit(t, app, who, "/api/v1/experiments/"+id+"/weeks", nil)
		api.hasNot(t, "Väsynyt", "Mate", w.actors["mate"].ID, w.actors["developer"].ID)
	}
}

func TestResultsAreAskedForWrittenAndShown(t *testing.T) {
	w, app, id := visited(t)
	at := "/en/experiments/" + id + "/weeks/1"
	w.goTo(on(time.March, 24))
	visit(t, app, "developer", at, nil).has(t, "The interim results of week 4 are missing", "Write the results")
	visit(t, app, "nobody", at, nil).has(t, "The interim results of week 4 are missing")
	form := url.Values{}
	for i, now := range []string{"16", "36", "7"} {
		prefix := "goal_" + string(rune('1'+i)) + "_"
		form.Set(prefix+"now", now)
		form.Set(prefix+"how", "Kalenterista")
		form.Set(prefix+"day", "2026-03-23")
	}
	form.Set("goal_2_now", "")
	if a := visit(t, app, "developer", at+"/results/4", form); a.status != 422 {
		t.Errorf("not whole: %d", a.status)
	}
	form.Set("goal_2_now", "36")
	if a := visit(t, app, "developer", at+"/results/4", form); a.status != 303 {
		t.Fatalf("whole: %d %s", a.status, a.text(t))
	}
	visit(t, app, "nobody", at+"/results/4", nil).has(t, "16 kpl −20% target reached Kalenterista", "36 h −25% target reached", "7 % −30% target reached")
	visit(t, app, "developer", at, nil).hasNot(t, "results of week 4 are missing")
}

func TestAZeroBeforeIsSaidClearly(t *testing.T) {
	w := newWorld(t, storetest.Bolt(t))
	id := w.running()
	_, err := w.Begin(w.ctx(), w.actors["developer"], id, w.clock(), []weeks.Goal{{Result: "Perheet käyttävät", Measure: "Perheet", Direction: experiments.More, Baseline: 0, Target: 10}}, nil)
	w.must(err)
	w.goTo(on(time.March, 24))
	w.must(w.measured(id, 1, 4, 5))
	a := visit(t, w.site(), "nobody", "/en/experiments/"+id+"/weeks/1/results/4", nil)
	a.has(t, "before it was 0, so no percentage can be counted")
	a.hasNot(t, "Inf", "NaN")
}

func TestTheReviewClosesThePlanAndTheNextTakesAlong(t *testing.T) {
	w, app, id := visited(t)
	at := "/en/experiments/" + id + "/weeks"
	entry, err := w.cards.AppendLog(w.ctx(), w.actors["developer"], id, experiments.Entry{Kind: experiments.Observation, Text: "Seisten 12 minuuttia.", Reach: experiments.ForAll})
	w.must(err)
	if entry != 1 {
		t.Fatalf("entry %d", entry)
	}
	visit(t, app, "developer", at+"/1/review", nil).has(t, "The plan can be closed from its last week on", "Seisten 12 minuuttia.")
	if a := visit(t, app, "developer", at+"/1/practices", url.Values{"text": {"Seisten"}}); a.status != 422 {
		t.Errorf("without a verdict: %d", a.status)
	}
	visit(t, app, "developer", at+"/1/practices", url.Values{"text": {"Seisten"}, "verdict": {"works"}, "evidence": {"1"}})
	w.goTo(on(time.May, 26))
	a := visit(t, app, "developer", at+"/1/review", url.Values{"review": {"Hyvä."}, "excuse_4": {"Kiire"}, "excuse_8": {"Kiire"}})
	if a.status != 422 {
		t.Errorf("without a reason for week 12: %d", a.status)
	}
	a.has(t, "The interim results of week 12 are missing. Write them, or say why.")
	visit(t, app, "developer", at+"/1/review", url.Values{"review": {"Hyvä."}, "excuse_4": {"Kiire"}, "excuse_8": {"Kiire"}, "excuse_12": {"Kiire"}})
	visit(t, app, "developer", at+"/1", nil).has(t, "Closed on 26 May 2026", "Hyvä.", "Results of week 12 are missing: Kiire", "Make week plan 2")
	visit(t, app, "nobody", "/en/experiments/"+id+"/method", nil).has(t, "What works", "Seisten", "entry 1 , 18 Mar 2026, Observation: Seisten 12 minuuttia.")

	visit(t, app, "developer", at+"/new", nil).has(t, "Kysy <osastoilta>", "Why is it taken along?")
	form := goalForm()
	form.Set("start", "2026-06-01")
	form.Set("carry_1_take", "1")
	form.Set("carry_1_week", "2")
	if a := visit(t, app, "developer", at, form); a.status != 422 {
		t.Errorf("taken along without a reason: %d", a.status)
	}
	form.Set("carry_1_reason", "Yhä tärkeä")
	if a := visit(t, app, "developer", at, form); a.status != 303 {
		t.Fatalf("plan 2: %d %s", a.status, a.text(t))
	}
	visit(t, app, "developer", at+"/2/actions/1", nil).has(t, "Taken along from plan 1: Plan 1 : Yhä tärkeä")
	visit(t, app, "developer", at, nil).has(t, "Plan 2", "Begins on 1 June 2026")
}

func TestAPurposeIsPrivateUntilItIsShown(t *testing.T) {
	_, app, id := visited(t)
	visit(t, app, "mate", "/en/my-work/purpose", url.Values{"purpose": {"Aikaa asiakkaille"}})
	plan := "/en/experiments/" + id + "/weeks"
	visit(t, app, "developer", plan, nil).hasNot(t, "Aikaa asiakkaille")
	visit(t, app, "mate", "/en/my-work/purpose", nil).has(t, "Aikaa asiakkaille")
	visit(t, app, "mate", "/en/my-work/purpose", url.Values{"purpose": {"Aikaa asiakkaille"}, "shown": {"1"}})
	visit(t, app, "developer", plan, nil).has(t, "Aikaa asiakkaille")
	visit(t, app, "manager", plan, nil).hasNot(t, "Aikaa asiakkaille")
	if a := visit(t, app, "mate", "/en/my-work/purpose", url.Values{"purpose": {strings.Repeat("a", 601)}}); a.status != 422 {
		t.Errorf("601 characters: %d", a.status)
	}
}

func TestNotesAreWrittenAndListedByDay(t *testing.T) {
	_, app, id := visited(t)
	at := "/en/experiments/" + id + "/notes"
	if a := visit(t, app, "mate", at, url.Values{"note_done": {" "}}); a.status != 422 {
		t.Errorf("an empty note: %d", a.status)
	}
	if a := visit(t, app, "mate", at, url.Values{"note_done": {"Soitin"}, "mine": {"1"}}); a.location != "/en/my-work?done=weeks_noted" {
		t.Errorf("from My work back to %s", a.location)
	}
	visit(t, app, "developer", at, nil).has(t, "18 March 2026 Mate Done Soitin")
}

func TestOnesPlanLeavesThePortal(t *testing.T) {
	_, app, id := visited(t)
	for path, want := range map[string]string{
		"/fi/my-work/plan.csv": "Kysy <osastoilta>", "/fi/my-work/plan.md": "- [ ] Kysy \\<osastoilta>", "/fi/my-work/plan.ics": "SUMMARY:Kysy <osastoilta> (myöhässä)",
	} {
		a := visit(t, app, "mate", path, nil)
		if a.status != 200 || !strings.Contains(a.body, want) || strings.Contains(a.body, "Pidä kokous") {
			t.Errorf("%s: %d %s\n%s", path, a.status, a.kind, a.body)
		}
		if a := visit(t, app, "nobody", path, nil); a.status == 200 {
			t.Errorf("a stranger gets %s", path)
		}
	}
	ics := visit(t, app, "nobody", "/en/experiments/"+id+"/weeks/1/plan.ics", nil)
	for _, want := range []string{"DTSTART;VALUE=DATE:20260302", "SUMMARY:Interim results of week 4", "DTSTART;VALUE=DATE:20260323", "DTSTART;VALUE=DATE:20260525"} {
		if !strings.Contains(ics.body, want) {
			t.Errorf("the calendar lacks %s:\n%s", want, ics.body)
		}
	}
}

func TestTheInterfaceTellsThePlan(t *testing.T) {
	w, app, id := visited(t)
	w.must(w.MoveAction(w.ctx(), w.actors["mate"], id, 1, 1, 5, "Väsynyt"))
	var got struct {
		Plans []struct {
			Number, Weeks, Week int
			Goals               []struct{ Measure string }
			Actions             []struct {
				Text, State string
				Moved       []int `json:"moved_from"`
			}
			Scores []struct {
				Week, Done, Due int
				Percent         float64
				Level           string
			}
		}
	}
	if err := json.Unmarshal([]byte(visit(t, app, "nobody", "/api/v1/experiments/"+id+"/weeks", nil).body), &got); err != nil {
		t.Fatal(err)
	}
	p := got.Plans[0]
	if p.Number != 1 || p.Weeks != 12 || p.Week != 3 || len(p.Goals) != 3 || len(p.Scores) != 3 || p.Scores[0].Due != 1 || p.Scores[0].Level != "red" || p.Actions[0].Moved[0] != 1 || p.Actions[1].State != "now" {
		t.Errorf("got %+v", p)
	}
	if a := visit(t, app, "mate", "/api/v1/my-actions", nil); a.status != 200 || !strings.Contains(a.body, `"week":5`) {
		t.Errorf("one's own: %d %s", a.status, a.body)
	}
	if a := visit(t, app, "nobody", "/api/v1/my-actions", nil); a.status != 401 {
		t.Errorf("a stranger's own: %d", a.status)
	}
}
