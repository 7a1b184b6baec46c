package experiments_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// The worked example of the model from the five lines to the next experiment:
// baseline 9, limit at most 5, result 4, met, confirmed, change and try again
// with 60 families.
func TestTheStoryOfACompleteProcess(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		dev := w.actors["developer"]
		id := w.at(experiments.Running)
		e := w.card(id)
		if m := e.Lock.Measures[0]; *m.Baseline != 9 || *m.Limit != 5 || m.Direction != experiments.Less {
			t.Errorf("locked %+v, want before 9 and at most 5", m)
		}
		w.must(w.save("developer", id, experiments.TrialEdit{Minutes: []int{1, 4}, Observations: []string{"Sent it from the bus.", "", "", "", "Grandmother sent it."}}))
		w.must(w.Advance(w.ctx(), dev, id, experiments.Ended, ""))
		w.must(w.save("developer", id, lesson()))
		w.must(w.Advance(w.ctx(), dev, id, experiments.Learned, ""))
		e = w.card(id)
		if m := e.Measures[0]; *m.Final != 4 || m.Verdict() != experiments.Met || e.Learning.Outcome != experiments.Confirmed {
			t.Errorf("result %v, %s, %s; want 4, met, confirmed", *m.Final, m.Verdict(), e.Learning.Outcome)
		}
		if e.Completeness() != 1 || e.TrialMinutes() != 5 || len(e.Observations) != 2 {
			t.Errorf("D %v, %d minutes, %d observations", e.Completeness(), e.TrialMinutes(), len(e.Observations))
		}
		if err := w.Advance(w.ctx(), dev, id, experiments.Running, ""); !errors.Is(err, experiments.ErrStage) {
			t.Errorf("what was learned does not run again: %v", err)
		}
		next, err := w.Register(w.ctx(), dev, experiments.Registration{
			Lang: "fi", Title: "Hoitoajan vaihto tekstiviestillä, 60 perhettä", Summary: "Laajempi.", Problem: "Käsin ei riitä.", Sector: "09", Parent: id,
		})
		w.must(err)
		child := w.card(next)
		if child.Parent != id || child.Type != experiments.Pilot || child.Belief != e.Belief || *child.Measures[0].Baseline != 4 || child.Measures[0].Final != nil {
			t.Errorf("the child: %+v", child)
		}
		for _, text := range []string{"Käsin vastaaminen aamulla.", "Isovanhemmat"} {
			if !strings.Contains(child.Pitfalls, text) {
				t.Errorf("pitfalls %q lack %q", child.Pitfalls, text)
			}
		}
		sheet, err := w.Sheet(w.ctx(), dev, id, "fi", experiments.LogQuery{Limit: 1})
		w.must(err)
		if c := sheet.Family.Children; len(c) != 1 || c[0].ID != next || c[0].Rung(helsinki) != experiments.RungSmall {
			t.Errorf("children %+v", c)
		}
	})
}

func TestFamilies(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		dev := w.actors["developer"]
		a, b, c := w.registered(), w.registered(), w.registered()
		w.must(w.save("developer", b, experiments.AboutEdit{Parent: a}))
		w.must(w.save("developer", c, experiments.AboutEdit{Parent: b}))
		if err := w.save("developer", a, experiments.AboutEdit{Parent: c}); !errors.Is(err, experiments.ErrCycle) {
			t.Errorf("a grandchild as parent: %v", err)
		}
		if err := w.save("developer", a, experiments.AboutEdit{Parent: a}); !errors.Is(err, experiments.ErrCycle) {
			t.Errorf("itself as parent: %v", err)
		}
		other, err := w.Register(w.ctx(), w.actors["developer2"], fiveLines)
		w.must(err)
		for what, parent := range map[string]string{"somebody else's draft": other, "nothing": "nothere"} {
			if err := w.save("developer", a, experiments.AboutEdit{Parent: parent}); !errors.Is(err, experiments.ErrParent) {
				t.Errorf("%s as parent: %v", what, err)
			}
		}
		sheet, err := w.Sheet(w.ctx(), dev, c, "en", experiments.LogQuery{Limit: 1})
		w.must(err)
		if f := sheet.Family; len(f.Ancestors) != 2 || f.Ancestors[0].ID != a || f.Ancestors[1].ID != b {
			t.Errorf("ancestors %+v", f.Ancestors)
		}
		w.must(w.Advance(w.ctx(), dev, c, experiments.Idea, ""))
		sheet, err = w.Sheet(w.ctx(), accounts.Actor{}, c, "en", experiments.LogQuery{Limit: 1})
		w.must(err)
		if len(sheet.Family.Ancestors) != 0 {
			t.Error("a stranger is told of drafts")
		}
		w.must(w.save("developer", c, experiments.AboutEdit{}))
		if got := w.card(c).Parent; got != "" {
			t.Errorf("the parent stays %q when it is taken away", got)
		}
	})
}

const bankText = `## What we tried

Parents can change the time by a message.

Five families for four weeks, [a clerk](https://kunta.example) answers by hand.

![a phone](/files/x)

## What surprised us

Grandparents used it most.

## What we learnt

### Works

A message without signing in.

### Does not work

Answering by hand in the morning.
`

func TestStartingFromACase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bank := w.Bank.(*cases.Service)
		c, err := bank.Add(w.ctx(), w.actors["developer2"], cases.Draft{
			Title: "By text message", Lang: "en", Body: bankText, Organisation: "FI:020", Sector: "09.1",
			Measures: []cases.Measure{{Name: "Absences a week", Unit: "pcs", Direction: cases.Down, Baseline: num(9), Limit: num(5), Final: num(4)}},
		})
		w.must(err)
		r := fiveLines
		r.FromCase = c.ID
		id, err := w.Register(w.ctx(), w.actors["developer"], r)
		w.must(err)
		e := w.card(id)
		if e.Type != experiments.Replication || e.FromCase != c.ID || e.Title != fiveLines.Title {
			t.Errorf("type %s, from %q, %q", e.Type, e.FromCase, e.Title)
		}
		if e.Belief != "Parents can change the time by a message." || e.Test != "Five families for four weeks, a clerk answers by hand." {
			t.Errorf("belief %q, test %q", e.Belief, e.Test)
		}
		if e.Pitfalls != "Answering by hand in the morning.\nGrandparents used it most." {
			t.Errorf("pitfalls %q", e.Pitfalls)
		}
		want := []experiments.Measure{{Name: "Absences a week", Unit: "pcs", Direction: experiments.Less, Limit: num(5)}}
		if diff := cmp.Diff(want, e.Measures); diff != "" {
			t.Error("before is counted anew: " + diff)
		}
		if list, err := w.StartedFrom(w.ctx(), w.actors["developer"], c.ID); err != nil || len(list) != 1 || list[0].ID != id {
			t.Errorf("started from the case: %v, %v", list, err)
		}
		if list, err := w.StartedFrom(w.ctx(), accounts.Actor{}, c.ID); err != nil || len(list) != 0 {
			t.Errorf("a stranger sees a draft: %v, %v", list, err)
		}
		w.must(bank.Withdraw(w.ctx(), w.actors["developer2"], c.ID, "Wrong numbers"))
		if _, err := w.Register(w.ctx(), w.actors["developer"], r); !errors.Is(err, experiments.ErrFromCase) {
			t.Errorf("from a case that was taken back: %v", err)
		}
		sheet, err := w.Sheet(w.ctx(), w.actors["developer"], id, "en", experiments.LogQuery{Limit: 1})
		if err != nil || sheet.Family.Case != nil {
			t.Errorf("a case that was taken back is shown: %v, %v", sheet.Family.Case, err)
		}
	})
}

func TestEveryChangeOfTheCardIsAVersion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.registered()
		w.must(w.AddMember(w.ctx(), w.actors["developer"], id, "mate@kunta.example", "nurse"))
		w.goTo(on(time.March, 3))
		w.must(w.save("mate", id, experiments.AfterEdit{After: "Jos toimii: 60 perhettä."}))
		w.must(w.save("mate", id, experiments.AfterEdit{After: "Jos toimii: 60 perhettä."})) // nothing new
		w.must(w.Advance(w.ctx(), w.actors["developer"], id, experiments.Idea, ""))
		_, err := w.AppendLog(w.ctx(), w.actors["developer"], id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll})
		w.must(err)
		h, err := w.History(w.ctx(), w.actors["developer"], id, "en", 0)
		w.must(err)
		var got []string
		for _, v := range h.Versions {
			who := map[string]string{w.actors["developer"].ID: "developer", w.actors["mate"].ID: "mate"}[v.By]
			got = append(got, who+" "+v.What)
		}
		want := []string{"developer experiment.advanced", "mate experiment.edited", "developer experiment.team_changed", "developer experiment.registered"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		c, err := w.ChangeOf(w.ctx(), w.actors["coordinator"], id, "en", 3)
		w.must(err)
		if c.Version.Card.After != "Jos toimii: 60 perhettä." || c.Before.Card.After != "" || c.Previous != 2 || c.Following != 4 || !c.Version.At.Equal(on(time.March, 3)) {
			t.Errorf("version 3: %+v", c)
		}
		if _, err := w.ChangeOf(w.ctx(), w.actors["developer"], id, "en", 9); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a version that is not there: %v", err)
		}
		for who, want := range map[string]fault.Kind{"developer2": fault.Forbidden, "manager": fault.Forbidden, "nobody": fault.Unauthenticated} {
			if _, err := w.History(w.ctx(), w.actors[who], id, "en", 0); fault.KindOf(err) != want {
				t.Errorf("%s reads old versions: %v", who, err)
			}
		}
	})
}

func TestTwoPeopleEdit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.registered()
		w.must(w.AddMember(w.ctx(), w.actors["developer"], id, "mate@kunta.example", ""))
		seen := w.card(id).Version
		save := func(who string, edit experiments.Edit) error {
			_, err := w.Save(w.ctx(), w.actors[who], id, seen, edit)
			return err
		}
		w.must(save("developer", experiments.AfterEdit{After: "Kaikki tiimit."}))
		w.must(save("mate", experiments.BeliefEdit{Type: experiments.Pilot, Belief: "Oma reitti."})) // another section is in nobody's way
		if err := save("mate", experiments.AfterEdit{After: "Yksi tiimi."}); !errors.Is(err, experiments.ErrEdited) {
			t.Errorf("the second writer of a section: %v", err)
		}
		w.must(save("mate", experiments.AfterEdit{After: "Kaikki tiimit."})) // both say the same
		if e := w.card(id); e.After != "Kaikki tiimit." || e.Belief != "Oma reitti." {
			t.Errorf("%q, %q", e.After, e.Belief)
		}
		seen = 1000
		if err := save("mate", experiments.AfterEdit{After: "Yksi."}); !errors.Is(err, experiments.ErrEdited) {
			t.Errorf("a version that nobody has seen: %v", err)
		}
	})
}

func TestDraftsChangeNoCard(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, dev := w.registered(), w.actors["developer"]
		before := w.card(id)
		version := 1
		draft := func(a accounts.Actor, values map[string][]string) error {
			_, err := w.KeepDraft(w.ctx(), a, experiments.FormDraft{Experiment: id, Section: experiments.SectionAfter, Version: version, Values: values})
			return err
		}
		for n := range 20 {
			w.must(draft(dev, map[string][]string{"after": {strings.Repeat("Жаңа ", n+1)}, "_key": {"k"}, "version": {"1"}}))
		}
		if diff := cmp.Diff(before, w.card(id)); diff != "" {
			t.Error("the card has changed: " + diff)
		}
		d, ok, err := w.DraftOf(w.ctx(), dev, id, experiments.SectionAfter)
		if err != nil || !ok || d.Values["after"][0] != strings.Repeat("Жаңа ", 20) || len(d.Values) != 1 || d.Version != 1 {
			t.Errorf("draft %+v, %v, %v", d, ok, err)
		}
		if _, ok, _ := w.DraftOf(w.ctx(), w.actors["mate"], id, experiments.SectionAfter); ok {
			t.Error("another reads it")
		}
		for who, want := range map[string]fault.Kind{"developer2": fault.NotFound, "nobody": fault.Unauthenticated} {
			if err := draft(w.actors[who], map[string][]string{"after": {"x"}}); fault.KindOf(err) != want {
				t.Errorf("%s keeps a draft: %v", who, err)
			}
		}
		if err := draft(dev, map[string][]string{"after": {strings.Repeat("x", experiments.MaxDraft)}}); !errors.Is(err, experiments.ErrDraftLarge) {
			t.Errorf("a draft too large: %v", err)
		}
		w.must(w.save("developer", id, experiments.AfterEdit{After: "Tallennettu."}))
		w.must(draft(dev, map[string][]string{"after": {"It was on its way while the form was sent."}}))
		if _, ok, _ := w.DraftOf(w.ctx(), dev, id, experiments.SectionAfter); ok {
			t.Error("the draft outlives what was saved")
		}
		version = w.card(id).Version
		w.must(draft(dev, map[string][]string{"after": {"x"}}))
		w.goTo(w.clock().AddDate(0, 0, experiments.DraftDays+1))
		if n, err := w.SweepDrafts(w.ctx()); n != 1 || err != nil {
			t.Errorf("swept %d, %v", n, err)
		}
		w.must(draft(dev, map[string][]string{"after": {"x"}}))
		w.must(w.Store.Update(w.ctx(), func(tx store.Tx) error { return w.LeaveTx(tx, dev.ID, "") }))
		if _, ok, _ := w.DraftOf(w.ctx(), dev, id, experiments.SectionAfter); ok {
			t.Error("a draft outlives its person")
		}
	})
}

func TestReceiptsAreOnlyAdded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		dev := w.actors["developer"]
		shown := []experiments.Similar{{Kind: "case", ID: "c1", Title: "Ruttkarta", Outcome: "not_confirmed"}}
		r := fiveLines
		r.Shown, r.SearchWords = shown, "tekstiviesti"
		id, err := w.Register(w.ctx(), dev, r)
		w.must(err)
		w.goTo(on(time.March, 4))
		w.must(w.Showed(w.ctx(), dev, id, "tekstiviesti", shown)) // nothing new
		w.must(w.Showed(w.ctx(), dev, id, "смс", nil))
		w.must(w.save("developer", id, experiments.BeliefEdit{Type: experiments.Pilot, Links: []string{"/fi/cases/c1"}}))
		w.must(w.save("developer", id, experiments.BeliefEdit{Type: experiments.Pilot, Links: []string{"/fi/cases/c1"}, Belief: "Uskomus"}))
		list, _, err := w.Receipts(w.ctx(), w.actors["developer"], id, "en")
		w.must(err)
		if len(list) != 3 || list[0].Answer == nil || list[0].Answer.Links[0] != "/fi/cases/c1" || list[1].Words != "смс" || !list[2].Shown[0].Failed() ||
			!list[0].At.Equal(on(time.March, 4)) || !list[2].At.Equal(on(time.March, 2)) {
			t.Errorf("receipts %+v", list)
		}
		if err := w.Showed(w.ctx(), w.actors["developer2"], id, "x", nil); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger adds a receipt: %v", err)
		}
	})
}

func TestSavingTwiceWithOneKeyIsSavingOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, dev := w.registered(), w.actors["developer"]
		ctx := once.With(w.ctx(), dev.ID, "key", "")
		first, err := w.Save(ctx, dev, id, 1, experiments.AfterEdit{After: "Kerran."})
		w.must(err)
		second, err := w.Save(ctx, dev, id, 1, experiments.AfterEdit{After: "Kerran."})
		if err != nil || first != second || w.card(id).Version != first {
			t.Errorf("versions %d and %d, the card has %d, %v", first, second, w.card(id).Version, err)
		}
	})
}
