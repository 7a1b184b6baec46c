package weeks_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/weeks"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// The story of two plans: fourteen actions of which eleven are done, results in
// weeks 4 and 8 and a reason for week 12, conclusions with evidence, and a
// second plan that takes along what was not finished.
func TestTwelveWeeksAndTheNextPlan(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, dev := w.planned(), w.actors["developer"]
		for i := range 14 {
			n := w.add(id, "mate", fmt.Sprintf("Tehtävä %d", i+1), 1)
			if i < 11 {
				w.must(w.Finish(w.ctx(), w.actors["mate"], id, 1, n, true))
			}
		}
		w.must(w.MoveAction(w.ctx(), dev, id, 1, 12, 3, "Odotamme päätöstä"))
		v := w.see("developer", id, 0)
		if s := v.Plan.Score(1, v.Cal); s.Done != 11 || s.Due != 14 || s.Level() != weeks.Yellow || fmt.Sprintf("%.1f", 100*s.Share()) != "78.6" {
			t.Errorf("the week is %+v, %.1f %%, %s", s, 100*s.Share(), s.Level())
		}
		w.goTo(on(time.March, 25)) // week 4
		w.must(w.measured(id, 1, 4, 18, 40, 9))
		w.goTo(on(time.April, 23)) // week 8: two months, as in the press
		w.must(w.measured(id, 1, 8, 16, 36, 7))
		v = w.see("developer", id, 1)
		for i, want := range []float64{-20, -25, -30} {
			r, _ := v.Plan.LastResult(i + 1)
			if got, ok := weeks.Change(r.Before, r.Now); !ok || got != want {
				t.Errorf("goal %d changed by %v, want %v", i+1, got, want)
			}
		}
		entry, err := w.cards.AppendLog(w.ctx(), dev, id, experiments.Entry{Kind: experiments.Observation, Text: "Kokous kesti 12 minuuttia.", Reach: experiments.ForAll})
		w.must(err)
		if err := w.Conclude(w.ctx(), dev, id, 1, 0, weeks.Practice{Text: "Seisten", Verdict: weeks.Works, Evidence: []int{entry + 1}}); !errors.Is(err, weeks.ErrEvidence) {
			t.Errorf("evidence that is not there: %v", err)
		}
		w.must(w.Conclude(w.ctx(), dev, id, 1, 0, weeks.Practice{Text: "Seisten", Verdict: weeks.Works, Evidence: []int{entry}}))

		w.goTo(on(time.May, 26)) // week 13
		if _, err := w.Begin(w.ctx(), dev, id, midnight(time.June, 1), goals(), nil); !errors.Is(err, weeks.ErrOpen) {
			t.Errorf("a second plan beside the first: %v", err)
		}
		if err := w.Close(w.ctx(), dev, id, 1, "", nil); !errors.Is(err, weeks.ErrNoResults) {
			t.Errorf("closed without week 12: %v", err)
		}
		w.must(w.Close(w.ctx(), dev, id, 1, "Puolet ajasta takaisin.", map[int]string{12: "Kalenteri oli poissa käytöstä."}))
		if _, err := w.AddAction(w.ctx(), dev, id, 1, weeks.Action{Text: "x", Owner: dev.ID, Due: 12}); !errors.Is(err, weeks.ErrClosed) {
			t.Errorf("a closed plan changes: %v", err)
		}
		w.nextPlan(t, id)
	})
}

func (w *world) nextPlan(t *testing.T, id string) {
	t.Helper()
	dev, last := w.actors["developer"], w.see("developer", id, 1)
	if n := len(last.Plan.Unfinished()); n != 3 {
		t.Fatalf("%d are unfinished, want 3", n)
	}
	if _, err := w.Begin(w.ctx(), dev, id, midnight(time.June, 1), last.Plan.NextGoals(), []weeks.Carry{{N: 12, Week: 1}}); !errors.Is(err, weeks.ErrMissing) {
		t.Errorf("taken along without a reason: %v", err)
	}
	if _, err := w.Begin(w.ctx(), dev, id, midnight(time.June, 1), goals(), []weeks.Carry{{N: 1, Week: 1, Reason: "x"}}); !errors.Is(err, weeks.ErrNoAction) {
		t.Errorf("what is done is taken along: %v", err)
	}
	n, err := w.Begin(w.ctx(), dev, id, midnight(time.June, 1), last.Plan.NextGoals(), []weeks.Carry{{N: 12, Week: 2, Reason: "Päätös tuli"}, {N: 14, Week: 1, Reason: "Yhä tärkeä"}})
	w.must(err)
	v := w.see("developer", id, 0)
	if n != 2 || v.Plan.N != 2 || v.Plan.Goals[0].Baseline != 16 || len(v.Plan.Actions) != 2 {
		t.Fatalf("plan %d: %+v", n, v.Plan)
	}
	if c := v.Plan.Actions[0].Carried; c == nil || *c != (weeks.Carried{Plan: 1, N: 12, Reason: "Päätös tuli"}) {
		t.Errorf("the lineage of an action: %+v", c)
	}
	m, err := w.Method(w.ctx(), accounts.Actor{}, id)
	w.must(err)
	if len(m.Parts) != 2 || m.Parts[0].Plan.N != 2 || len(m.Proof) != 1 {
		t.Errorf("the method: %d parts, %d proofs", len(m.Parts), len(m.Proof))
	}
}

func TestOnlyTheTeamSeesWhoIsLate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.planned()
		w.add(id, "mate", "Kysy osastoilta", 1)
		w.must(w.Note(w.ctx(), w.actors["mate"], weeks.Note{Experiment: id, Obstacle: "En ehdi"}))
		w.must(w.KeepPurpose(w.ctx(), w.actors["mate"], "Haluan aikaa asiakkaille.", true))
		w.must(w.KeepPurpose(w.ctx(), w.actors["developer"], "Tämä on vain minulle.", false))
		w.goTo(on(time.March, 10))
		for who, sees := range map[string]bool{"developer": true, "mate": true, "methodologist": true, "manager": false, "coordinator": false, "outsider": false, "admin": false, "nobody": false} {
			v := w.see(who, id, 0)
			if v.IsTeam != sees || (len(v.Overdue) > 0) != sees || (len(v.Names) > 0) != sees || (len(v.Purposes) > 0) != sees {
				t.Errorf("%s: team %v, overdue %v, names %d, purposes %d", who, v.IsTeam, v.Overdue, len(v.Names), len(v.Purposes))
			}
			_, err := w.Notes(w.ctx(), w.actors[who], id, "", "en")
			if (err == nil) != sees || err != nil && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s reads the notes: %v", who, err)
			}
		}
		v := w.see("developer", id, 0)
		if v.Overdue[0].N != 1 || v.Overdue[0].Person != w.actors["mate"].ID || len(v.Purposes) != 1 {
			t.Errorf("the team sees %+v and %+v", v.Overdue, v.Purposes)
		}
	})
}

func TestOnlyTheTeamChangesAPlan(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.planned()
		n := w.add(id, "mate", "Kysy osastoilta", 1)
		for _, who := range []string{"manager", "coordinator", "outsider", "methodologist", "admin", "nobody"} {
			a := w.actors[who]
			for name, err := range map[string]error{
				"finish":   w.Finish(w.ctx(), a, id, 1, n, true),
				"move":     w.MoveAction(w.ctx(), a, id, 1, n, 2, "x"),
				"remove":   w.RemoveAction(w.ctx(), a, id, 1, n),
				"aim":      w.Aim(w.ctx(), a, id, 1, 1, midnight(time.March, 2), goals()),
				"measure":  w.Measure(w.ctx(), a, id, 1, 4, nil),
				"conclude": w.Conclude(w.ctx(), a, id, 1, 0, weeks.Practice{}),
				"close":    w.Close(w.ctx(), a, id, 1, "", nil),
				"note":     w.Note(w.ctx(), a, weeks.Note{Experiment: id, Done: "x"}),
			} {
				if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.Unauthenticated && kind != fault.NotFound || err == nil {
					t.Errorf("%s may %s: %v", who, name, err)
				}
			}
		}
	})
}

func TestActionsAreGivenToTheTeamOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, dev := w.planned(), w.actors["developer"]
		_, err := w.AddAction(w.ctx(), dev, id, 1, weeks.Action{Text: "x", Owner: w.actors["outsider"].ID, Due: 1})
		if !errors.Is(err, weeks.ErrOwner) {
			t.Errorf("to an outsider: %v", err)
		}
		n := w.add(id, "Тимур", "Спросить отделы", 2)
		w.must(w.cards.RemoveMember(w.ctx(), dev, id, w.actors["Тимур"].ID))
		w.must(w.ChangeAction(w.ctx(), dev, id, 1, n, weeks.Action{Text: "Спросить все отделы", Owner: w.actors["Тимур"].ID, Help: true}))
		w.must(w.ChangeAction(w.ctx(), dev, id, 1, n, weeks.Action{Text: "Спросить все отделы", Owner: dev.ID}))
		if err := w.ChangeAction(w.ctx(), dev, id, 1, n, weeks.Action{Text: "x", Owner: w.actors["Тимур"].ID}); !errors.Is(err, weeks.ErrOwner) {
			t.Errorf("back to somebody who left: %v", err)
		}
	})
}

func TestSendingAFormTwiceAddsOneAction(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, dev := w.planned(), w.actors["developer"]
		ctx := once.With(w.ctx(), dev.ID, "key", "")
		var numbers []int
		for range 2 {
			n, err := w.AddAction(ctx, dev, id, 1, weeks.Action{Text: "Kerran", Owner: dev.ID, Due: 1})
			w.must(err)
			numbers = append(numbers, n)
		}
		if v := w.see("developer", id, 0); len(v.Plan.Actions) != 1 || numbers[0] != numbers[1] {
			t.Errorf("%d actions, numbers %v", len(v.Plan.Actions), numbers)
		}
	})
}

func TestATeamThatWorksAtOnceLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, dev := w.planned(), w.actors["developer"]
		var all sync.WaitGroup
		errs := make([]error, 20)
		for i := range errs {
			all.Go(func() {
				_, errs[i] = w.AddAction(w.ctx(), dev, id, 1, weeks.Action{Text: fmt.Sprint("Tehtävä ", i), Owner: dev.ID, Due: 1})
			})
		}
		all.Wait()
		w.must(errors.Join(errs...))
		v := w.see("developer", id, 0)
		if len(v.Plan.Actions) != 20 || v.Plan.LastAction != 20 {
			t.Errorf("%d actions, the last has number %d", len(v.Plan.Actions), v.Plan.LastAction)
		}
		if err := w.Aim(w.ctx(), dev, id, 1, v.Plan.Version-1, v.Plan.Start, goals()); !errors.Is(err, weeks.ErrChanged) {
			t.Errorf("goals over somebody's change: %v", err)
		}
		w.must(w.Aim(w.ctx(), dev, id, 1, v.Plan.Version, v.Plan.Start, goals()[:2]))
	})
}

func TestOneNoteForEachPersonAndDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.planned()
		write := func(who, done string) {
			w.must(w.Note(w.ctx(), w.actors[who], weeks.Note{Experiment: id, Done: done, Person: "somebody else", Day: "1999-01-01"}))
		}
		write("mate", "Ensin")
		write("mate", "Sitten")
		write("developer", "Minä myös")
		for day := range 20 { // over the day on which the clocks change
			w.goTo(on(time.March, 16).AddDate(0, 0, day))
			write("Тимур", "Каждый день")
		}
		p, err := w.Notes(w.ctx(), w.actors["mate"], id, "", "en")
		w.must(err)
		if len(p.Days) != 14 || p.Older == "" || p.Mine.Done != "" {
			t.Fatalf("%d days, older %q, mine %+v", len(p.Days), p.Older, p.Mine)
		}
		p, err = w.Notes(w.ctx(), w.actors["mate"], id, p.Older, "en")
		w.must(err)
		first := p.Days[len(p.Days)-1]
		if len(p.Days) != 7 || len(first.Notes) != 2 || p.Older != "" || !first.Day.Equal(midnight(time.March, 2)) {
			t.Errorf("%d days, the first %+v", len(p.Days), first)
		}
		for _, n := range first.Notes {
			if n.Name == "Mate" && n.Done != "Sitten" {
				t.Errorf("the first note of the day stays: %+v", n)
			}
		}
	})
}

func TestTheOwnerIsAskedOnceForResults(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.planned()
		tick := func(at time.Time) int {
			w.goTo(at)
			w.letters()
			_, err := w.Tick(w.ctx())
			w.must(err)
			return w.letters()
		}
		for _, tt := range []struct {
			at   time.Time
			want int
			why  string
		}{
			{on(time.March, 20), 0, "in week 3 nothing is asked for"},
			{on(time.March, 23), 1, "in week 4 the owner is asked"},
			{on(time.March, 24), 0, "and only once"},
			{on(time.April, 20), 1, "in week 8 again"},
		} {
			if got := tick(tt.at); got != tt.want {
				t.Errorf("%s: %d letters", tt.why, got)
			}
		}
		desk, err := w.Desk(w.ctx(), w.actors["mate"])
		w.must(err)
		if len(desk.Due) != 2 || desk.Due[0].Week != 4 || !desk.Due[0].Urgent || desk.Due[1].Week != 8 || desk.Due[1].Urgent {
			t.Errorf("My work asks for %+v", desk.Due)
		}
		w.must(w.measured(id, 1, 4, 18, 40, 9))
		w.must(w.measured(id, 1, 8, 16, 36, 7))
		if desk, err = w.Desk(w.ctx(), w.actors["mate"]); err != nil || len(desk.Due) != 0 {
			t.Errorf("asked for still: %+v %v", desk.Due, err)
		}
	})
}

func TestTheDeskHoldsOnesOwnWeeks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.planned()
		late, now, done := w.add(id, "mate", "Myöhässä", 1), w.add(id, "mate", "Nyt", 2), w.add(id, "mate", "Valmis", 2)
		w.add(id, "mate", "Myöhemmin", 5)
		w.add(id, "developer", "Toisen", 2)
		w.goTo(on(time.March, 11))
		w.must(w.Finish(w.ctx(), w.actors["mate"], id, 1, done, true))
		d, err := w.Desk(w.ctx(), w.actors["mate"])
		w.must(err)
		if len(d.Overdue) != 1 || d.Overdue[0].N != late || len(d.ThisWeek) != 1 || d.ThisWeek[0].N != now || len(d.Done) != 1 || len(d.Later) != 1 || len(d.Notes) != 1 {
			t.Errorf("the desk: %+v", d)
		}
		if got := d.Overdue[0].Path(); got != "experiments/"+id+"/weeks/1/actions/1" {
			t.Errorf("the way to the action: %s", got)
		}
		if d, err = w.Desk(w.ctx(), accounts.Actor{}); err != nil || d.IsAny() {
			t.Errorf("a stranger has a desk: %+v %v", d, err)
		}
	})
}

func TestOnesOwnPlanIsAFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.planned()
		w.add(id, "mate", "=HYPERLINK(1)", 1)
		n := w.add(id, "mate", "Kysy *kaikilta* [heti]", 1)
		w.add(id, "developer", "Toisen oma", 1)
		w.must(w.MoveAction(w.ctx(), w.actors["mate"], id, 1, n, 3, "Sairastui"))
		lines, err := w.Own(w.ctx(), w.actors["mate"])
		w.must(err)
		var csv bytes.Buffer
		w.must(weeks.WriteCSV(&csv, w.locales.For("fi"), lines))
		rows := strings.Split(strings.TrimSpace(csv.String()), "\r\n")
		want := []string{
			"\ufeffKokeilu,Suunnitelma,Viikko,Viimeistään,Tehtävä,Tila,Siirtoja,Syyt",
			"Kokoukset seisten,1,1,2026-03-08,'=HYPERLINK(1),tällä viikolla,0,",
			"Kokoukset seisten,1,3,2026-03-22,Kysy *kaikilta* [heti],tulossa,1,Sairastui",
		}
		if strings.Join(rows, "\n") != strings.Join(want, "\n") {
			t.Errorf("the table is\n%s", strings.Join(rows, "\n"))
		}
		text := weeks.Markdown(w.locales.For("en"), lines, w.clock())
		for _, part := range []string{"# My weeks", `- [ ] Kysy \*kaikilta\* \[heti\] (Kokoukset seisten; `, "Reason: Sairastui", "computes no pay"} {
			if !strings.Contains(text, part) {
				t.Errorf("the text lacks %q:\n%s", part, text)
			}
		}
		if strings.Contains(text+csv.String(), "Toisen oma") {
			t.Error("somebody else's action is in it")
		}
		if _, err := w.Own(w.ctx(), accounts.Actor{}); !errors.Is(err, accounts.ErrSignIn) {
			t.Errorf("a stranger's plan: %v", err)
		}
	})
}

func TestThePlanFollowsAPauseAndTheStart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		dev := w.actors["developer"]
		early := w.idea()
		if n := w.begin(early); n != 1 {
			t.Fatalf("plan %d", n)
		}
		id := w.planned()
		w.goTo(on(time.March, 11))
		w.must(w.cards.Advance(w.ctx(), dev, id, experiments.Paused, "Loma"))
		w.goTo(on(time.March, 25))
		w.must(w.cards.Advance(w.ctx(), dev, id, experiments.Running, ""))
		w.goTo(on(time.March, 31))
		v := w.see("developer", id, 0)
		if v.Week != 3 || v.Cal.Total() != 12 || !v.Cal.IsPaused(on(time.March, 20)) {
			t.Errorf("after a pause of two weeks: week %d of %d", v.Week, v.Cal.Total())
		}
		if got := v.Cal.Monday(12); !got.Equal(midnight(time.June, 1)) {
			t.Errorf("the last week begins on %s", got)
		}
		sheet, err := w.cards.Sheet(w.ctx(), accounts.Actor{}, id, "en", experiments.LogQuery{})
		w.must(err)
		if sheet.WeekPlan.Plan != 1 || sheet.WeekPlan.Week != 3 || sheet.WeekPlan.Weeks != 12 || len(sheet.WeekPlan.Goals) != 3 {
			t.Errorf("the experiment's page: %+v", sheet.WeekPlan)
		}
	})
}

func TestWhoLeavesIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, mate := w.planned(), w.actors["mate"]
		w.must(w.Note(w.ctx(), mate, weeks.Note{Experiment: id, Done: "Soitin kaikille"}))
		w.must(w.KeepPurpose(w.ctx(), mate, "Haluan aikaa.", true))
		out, err := w.Export(w.ctx(), mate)
		w.must(err)
		if text := fmt.Sprintf("%+v", out); !strings.Contains(text, "Soitin kaikille") {
			t.Errorf("own data: %s", text)
		}
		w.must(w.Store.Update(w.ctx(), func(tx store.Tx) error { return w.LeaveTx(tx, accounts.Person{ID: mate.ID}, "FI:020") }))
		if p, err := w.Purpose(w.ctx(), mate); err != nil || p.Text == "" {
			t.Errorf("leaving an organisation forgets: %+v %v", p, err)
		}
		w.must(w.Store.Update(w.ctx(), func(tx store.Tx) error { return w.LeaveTx(tx, accounts.Person{ID: mate.ID}, "") }))
		p, err := w.Notes(w.ctx(), w.actors["developer"], id, "", "en")
		w.must(err)
		if own, err := w.Purpose(w.ctx(), mate); err != nil || own.Text != "" || len(p.Days) != 0 {
			t.Errorf("kept: %+v, %d days, %v", own, len(p.Days), err)
		}
	})
}

func TestEvidenceOfTheTeamIsNotShownToOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, dev := w.planned(), w.actors["developer"]
		entry, err := w.cards.AppendLog(w.ctx(), dev, id, experiments.Entry{Kind: experiments.Observation, Text: "Vain meille.", Reach: experiments.ForTeam})
		w.must(err)
		w.must(w.Conclude(w.ctx(), dev, id, 1, 0, weeks.Practice{Text: "Seisten", Verdict: weeks.Unclear, Evidence: []int{entry, entry}}))
		for who, want := range map[string]int{"developer": 1, "manager": 0, "nobody": 0} {
			m, err := w.Method(w.ctx(), w.actors[who], id)
			w.must(err)
			if len(m.Proof) != want || len(m.Parts[0].Plan.Practices[0].Evidence) != 1 {
				t.Errorf("%s sees %d entries", who, len(m.Proof))
			}
		}
		w.must(w.Unconclude(w.ctx(), dev, id, 1, 1))
		if v := w.see("developer", id, 0); len(v.Plan.Practices) != 0 {
			t.Errorf("still there: %+v", v.Plan.Practices)
		}
	})
}

func TestAnExperimentIsFoundByWhatItsPlanFoundOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, dev := w.planned(), w.actors["developer"]
		w.must(w.Conclude(w.ctx(), dev, id, 1, 0, weeks.Practice{Text: "Vartti seisten", Verdict: weeks.Works, Why: "Tuolit poissa"}))
		w.must(w.MoveAction(w.ctx(), dev, id, 1, w.add(id, "mate", "Salainen vaihe", 1), 2, "Salainen syy"))
		doc, ok, err := experiments.Documents{Service: w.cards}.Document(w.ctx(), id)
		w.must(err)
		for _, want := range []string{"Kokouksia on vähemmän", "Vartti seisten", "Tuolit poissa"} {
			if !ok || !strings.Contains(doc.Body, want) {
				t.Errorf("%q is not found in %q", want, doc.Body)
			}
		}
		if strings.Contains(doc.Body, "Salainen") {
			t.Error("it is found by what the team keeps to itself")
		}
	})
}

func TestADraftsPlanIsTheTeams(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, err := w.cards.Register(w.ctx(), w.actors["developer"], experiments.Registration{Lang: "en", Title: "A draft", Summary: "x", Problem: "y", Sector: "01"})
		w.must(err)
		w.begin(id)
		for _, who := range []string{"outsider", "coordinator", "nobody"} {
			if _, err := w.See(w.ctx(), w.actors[who], id, 0, "en"); !errors.Is(err, accounts.ErrUnseen) && who != "coordinator" {
				t.Errorf("%s sees it: %v", who, err)
			}
		}
		if _, err := w.See(w.ctx(), w.actors["developer"], id, 2, "en"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("plan 2: %v", err)
		}
	})
}
