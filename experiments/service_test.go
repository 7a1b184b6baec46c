package experiments_test

import (
	"errors"
	"slices"
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

func TestFromFiveLinesToACase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Learned)
		_, err := w.AppendLog(w.ctx(), w.actors["developer"], id, experiments.Entry{Kind: experiments.Quote, Text: "Kerrankin helppoa.", Reach: experiments.ForAll})
		w.must(err)
		_, err = w.AppendLog(w.ctx(), w.actors["developer"], id, experiments.Entry{Kind: experiments.Observation, Text: "Esihenkilö pelkäsi.", Reach: experiments.ForTeam})
		w.must(err)
		caseID, err := w.Publish(w.ctx(), w.actors["developer"], id, w.locales)
		w.must(err)
		again, err := w.Publish(w.ctx(), w.actors["developer"], id, w.locales)
		if err != nil || again != caseID {
			t.Errorf("published again as %q, %v; want the same case", again, err)
		}
		if got := w.card(id).CaseID; got != caseID {
			t.Errorf("the card knows case %q, want %q", got, caseID)
		}
		want := []string{
			"experiment.registered", "experiment.advanced",
			"experiment.edited", "experiment.edited", "experiment.edited", "experiment.edited", "experiment.edited", "experiment.edited", "experiment.edited",
			"experiment.advanced", "experiment.advanced", "experiment.advanced", "experiment.edited", "experiment.advanced",
			"experiment.logged", "experiment.logged", "experiment.case_drafted",
		}
		if diff := cmp.Diff(want, w.kinds(id)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheCaseTellsWhatIsPublicUnderTheFixedHeadings(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var got cases.Draft
		w.Bank = bankFunc(func(d cases.Draft) { got = d })
		id := w.at(experiments.Learned)
		for _, n := range []experiments.Entry{
			{Kind: experiments.Observation, Text: "Vain tiimille.", Reach: experiments.ForTeam},
			{Kind: experiments.Observation, Text: "Väärä luku.", Reach: experiments.ForAll},
			{Kind: experiments.Observation, Text: "Oikea luku.", Reach: experiments.ForAll, Corrects: 2},
		} {
			_, err := w.AppendLog(w.ctx(), w.actors["developer"], id, n)
			w.must(err)
		}
		_, err := w.Publish(w.ctx(), w.actors["developer"], id, w.locales)
		w.must(err)
		var headings []string
		for line := range strings.Lines(got.Body) {
			if text, ok := strings.CutPrefix(line, "## "); ok {
				headings = append(headings, strings.TrimSpace(text))
			}
		}
		if diff := cmp.Diff(cases.HeadingsIn("fi").Fixed(), headings); diff != "" {
			t.Error(diff)
		}
		for _, want := range []string{"Isovanhemmat käyttivät", "lähtötaso 9\u00a0kpl, raja 5\u00a0kpl, lopuksi 4\u00a0kpl", "Raja saavutettu", "Oikea luku.", "### Ei toimi", "Työtunteja: 22"} {
			if !strings.Contains(got.Body, want) {
				t.Errorf("%q is missing in\n%s", want, got.Body)
			}
		}
		for _, secret := range []string{"Vain tiimille", "Väärä luku"} {
			if strings.Contains(got.Body, secret) {
				t.Errorf("%q is in the case", secret)
			}
		}
		if got.Outcome != cases.Confirmed || got.Origin != (cases.Origin{Experiment: id, Stage: "L", Completeness: 1}) || got.Measures[0].Direction != cases.Down {
			t.Errorf("draft %+v", got)
		}
	})
}

// bankFunc is a bank that only looks at what it is given.
type bankFunc func(cases.Draft)

func (b bankFunc) DraftTx(_ store.Tx, _ accounts.Actor, d cases.Draft) (string, error) {
	b(d)
	return "casecasecase", nil
}

func (bankFunc) OriginTx(store.Tx, string, cases.Origin) error { return nil }

func (bankFunc) SeeTx(store.Tx, accounts.Actor, string) (cases.Case, error) {
	return cases.Case{}, cases.ErrUnknown
}

func TestWhoMayRegister(t *testing.T) {
	tests := map[string]struct {
		who    string
		change func(r *experiments.Registration)
		want   []string
	}{
		"a member for the own municipality": {"developer", func(*experiments.Registration) {}, nil},
		"nobody":                            {"nobody", func(*experiments.Registration) {}, []string{" error.sign_in_first"}},
		"for another municipality":          {"developer", func(r *experiments.Registration) { r.Organisation = "FI:020" }, []string{"organisation experiment.not_member"}},
		"for a region":                      {"regional", func(*experiments.Registration) {}, []string{"organisation experiment.region_owns_none"}},
		"without an organisation":           {"moderator", func(*experiments.Registration) {}, []string{"owner experiment.missing_owner", "organisation experiment.missing_organisation"}},
		"with nothing typed": {"developer", func(r *experiments.Registration) { *r = experiments.Registration{Lang: "fi"} }, []string{
			"title experiment.missing_title", "summary experiment.missing_summary", "problem experiment.missing_problem", "sector experiment.missing_sector",
		}},
		"a micro-experiment without a sector": {"developer", func(r *experiments.Registration) { r.Sector, r.Type = "", experiments.Micro }, nil},
		"a title of 81 Cyrillic letters":      {"developer", func(r *experiments.Registration) { r.Title = strings.Repeat("щ", 81) }, []string{"title experiment.too_long"}},
		"a title of 80 Cyrillic letters":      {"developer", func(r *experiments.Registration) { r.Title = strings.Repeat("щ", 80) }, nil},
		"a text of a megabyte":                {"developer", func(r *experiments.Registration) { r.Problem = strings.Repeat("a", 1<<20) }, []string{"problem experiment.too_long"}},
		"a sector and a type nobody knows": {"developer", func(r *experiments.Registration) { r.Sector, r.Type = "99", "big" }, []string{
			"type experiment.type_unknown", "sector experiment.sector_unknown",
		}},
	}
	each(t, func(t *testing.T, w *world) {
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				r := fiveLines
				tt.change(&r)
				id, err := w.Register(t.Context(), w.actors[tt.who], r)
				if diff := cmp.Diff(tt.want, said(err)); diff != "" {
					t.Error(diff)
				}
				if (id != "") != (tt.want == nil) {
					t.Errorf("id %q", id)
				}
			})
		}
	})
}

// said is what an error says at which field.
func said(err error) []string {
	var list []string
	for _, f := range fault.All(err) {
		list = append(list, f.Field+" "+f.Key)
	}
	return list
}

func TestADoubleSubmissionRegistersOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := once.With(t.Context(), "developer", "key", "")
		one, err1 := w.Register(ctx, w.actors["developer"], fiveLines)
		two, err2 := w.Register(ctx, w.actors["developer"], fiveLines)
		if err := errors.Join(err1, err2); err != nil || one != two {
			t.Errorf("%q and %q, %v", one, two, err)
		}
		l, err := w.List(t.Context(), w.actors["developer"], experiments.Query{})
		if err != nil || len(l.Rows) != 1 {
			t.Errorf("%d experiments, %v", len(l.Rows), err)
		}
	})
}

func TestADraftIsItsTeamsAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.registered()
		for who := range everyone {
			_, _, err := w.Get(t.Context(), w.actors[who], id)
			if who == "developer" {
				w.must(err)
				continue
			}
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v, want not found", who, err)
			}
			if err := w.Advance(t.Context(), w.actors[who], id, experiments.Idea, ""); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s moves it: %v, want not found", who, err)
			}
		}
		w.must(w.AddMember(t.Context(), w.actors["developer"], id, "Mate@kunta.example", "hoitaja"))
		if _, _, err := w.Get(t.Context(), w.actors["mate"], id); err != nil {
			t.Errorf("a team member: %v", err)
		}
	})
}

func TestTwoEditorsLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Idea)
		before := w.card(id).Version
		_, err := w.Save(t.Context(), w.actors["developer"], id, before, experiments.AfterEdit{After: "Ensimmäinen"})
		w.must(err)
		_, err = w.Save(t.Context(), w.actors["developer"], id, before, experiments.AfterEdit{After: "Toinen"})
		if !errors.Is(err, experiments.ErrEdited) {
			t.Fatalf("the second editor: %v, want ErrEdited", err)
		}
		if got := w.card(id); got.After != "Ensimmäinen" || got.Version != before+1 {
			t.Errorf("%q in version %d", got.After, got.Version)
		}
		if _, err = w.Save(t.Context(), w.actors["developer"], id, before, experiments.AfterEdit{After: "Ensimmäinen"}); err != nil {
			t.Errorf("saving what is there already: %v", err)
		}
		if got := w.card(id).Version; got != before+1 {
			t.Errorf("version %d, want %d: nothing changed", got, before+1)
		}
	})
}

func TestTheStartLocksMeasures(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		easier := experiments.MeasuresEdit{Measures: []experiments.Measure{{Name: "Muu", Direction: experiments.More, Baseline: num(1), Limit: num(1), How: "x"}}}
		for name, edit := range map[string]experiments.Edit{
			"measures": easier,
			"calendar": experiments.CalendarEdit{Calendar: experiments.Calendar{Start: midnight(time.March, 2), End: midnight(time.April, 2)}},
			"type":     experiments.BeliefEdit{Type: experiments.Pilot, Belief: "b", Test: "t", StopRule: "s", None: true, Words: "w"},
		} {
			if err := w.save("developer", id, edit); !errors.Is(err, experiments.ErrLocked) {
				t.Errorf("%s after the start: %v, want ErrLocked", name, err)
			}
		}
		if err := w.save("developer", id, experiments.AfterEdit{After: ""}); !slices.Contains(said(err), "after experiment.missing_after") {
			t.Errorf("emptying what the stage asks for: %v", err)
		}
		w.must(w.save("developer", id, lesson()))
		if got := w.card(id).Measures[0]; got.Verdict() != experiments.Met || *got.Limit != 5 {
			t.Errorf("measure %+v", got)
		}
	})
}

func TestACoordinatorConfirmsWhatTouchesPeopleMoneyOrDecisions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Planned)
		owner, home, other := w.actors["developer"], w.actors["coordinator"], w.actors["coordinator2"]
		if err := w.ConfirmStart(t.Context(), home, id); !errors.Is(err, experiments.ErrConfirmNow) {
			t.Errorf("confirming what needs nobody: %v", err)
		}
		people := experiments.PeopleEdit{People: daycare().People, Steps: daycare().Steps}
		people.People.PersonalData = experiments.Yes
		w.must(w.save("developer", id, people))
		if err := w.Advance(t.Context(), owner, id, experiments.Running, ""); !errors.Is(err, experiments.ErrUnconfirmed) {
			t.Fatalf("started unconfirmed: %v", err)
		}
		w.must(w.AskStart(t.Context(), owner, id))
		desk, err := w.Desk(t.Context(), home)
		if err != nil || len(desk) != 1 || desk[0].ID != id {
			t.Errorf("desk %v, %v", desk, err)
		}
		for who, a := range map[string]accounts.Actor{"owner": owner, "neighbour": other} {
			if err := w.ConfirmStart(t.Context(), a, id); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s confirms: %v, want forbidden", who, err)
			}
		}
		w.must(w.ConfirmStart(t.Context(), home, id))
		people.People.Number = 4
		w.must(w.save("developer", id, people))
		if err := w.Advance(t.Context(), owner, id, experiments.Running, ""); !errors.Is(err, experiments.ErrUnconfirmed) {
			t.Errorf("what was confirmed has changed since: %v", err)
		}
		w.must(w.ConfirmStart(t.Context(), home, id))
		w.must(w.Advance(t.Context(), owner, id, experiments.Running, ""))
		if desk, err := w.Desk(t.Context(), home); err != nil || len(desk) != 0 {
			t.Errorf("desk after the start: %v, %v", desk, err)
		}
	})
}

func TestItEndsByItselfAndOwesItsLesson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		w.goTo(w.card(id).Calendar.End.AddDate(0, 0, 13))
		if n, err := w.Tick(t.Context()); n != 0 || err != nil {
			t.Errorf("13 days after the end: %d, %v", n, err)
		}
		w.goTo(w.card(id).Calendar.End.AddDate(0, 0, 14))
		if n, err := w.Tick(t.Context()); n != 1 || err != nil {
			t.Errorf("14 days after the end: %d, %v", n, err)
		}
		e := w.card(id)
		if e.Stage != experiments.Ended || e.Moves[len(e.Moves)-1].By != accounts.System.ID || !e.LessonDue() {
			t.Errorf("at %s by %s", e.Stage, e.Moves[len(e.Moves)-1].By)
		}
		owes, err := store.Get(t.Context(), w.Store, func(tx store.Tx) (bool, error) { return w.HasUnlearnedTx(tx, w.actors["developer"].ID, "") })
		if err != nil || !owes {
			t.Errorf("owes a lesson: %v, %v", owes, err)
		}
	})
}

func TestAnEmbargoEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.registered()
		edit := experiments.IdeaEdit{Title: "t", Summary: "s", Problem: "p", Sector: "09", Visibility: experiments.Public, Embargo: midnight(time.April, 1)}
		w.must(w.save("developer", id, edit))
		w.must(w.Advance(t.Context(), w.actors["developer"], id, experiments.Idea, ""))
		docs := experiments.Documents{Service: w.Service}
		if _, ok, err := docs.Document(t.Context(), id); ok || err != nil {
			t.Errorf("found before the embargo ended: %v, %v", ok, err)
		}
		w.goTo(midnight(time.April, 1))
		if n, err := w.Tick(t.Context()); n != 1 || err != nil {
			t.Errorf("tick: %d, %v", n, err)
		}
		if d, ok, err := docs.Document(t.Context(), id); !ok || err != nil || d.Members || d.Sector != "09" || d.Path != "/experiments/"+id {
			t.Errorf("document %+v, %v, %v", d, ok, err)
		}
		if kinds := w.kinds(id); kinds[len(kinds)-1] != "experiment.opened" {
			t.Errorf("the journal does not hear of it: %v", kinds)
		}
	})
}

func TestAdoptionSpreadsIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Learned)
		spread := func(who, note string) error {
			return w.Store.Update(t.Context(), func(tx store.Tx) error { return w.SpreadTx(tx, w.actors[who], id, note) })
		}
		if err := spread("developer2", "meilläkin"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("no coordinator: %v", err)
		}
		if err := spread("coordinator2", " "); !errors.Is(err, experiments.ErrNote) {
			t.Errorf("without a note: %v", err)
		}
		w.must(spread("coordinator2", "Kaksi päiväkotia"))
		w.must(spread("coordinator2", "Kolmaskin"))
		e := w.card(id)
		if e.Stage != experiments.Spread || len(e.Spread) != 2 || e.Spread[0].Organisation != "FI:020" {
			t.Errorf("at %s with %+v", e.Stage, e.Spread)
		}
		w.must(w.Advance(t.Context(), w.actors["coordinator"], id, experiments.Archived, ""))
		if err := w.save("developer", id, experiments.AfterEdit{After: "x"}); !errors.Is(err, experiments.ErrArchived) {
			t.Errorf("editing the archive: %v", err)
		}
	})
}

func TestHiding(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Idea)
		if err := w.Hide(t.Context(), w.actors["coordinator"], id, "x"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a coordinator hides: %v", err)
		}
		w.must(w.Hide(t.Context(), w.actors["moderator"], id, "Lapsen nimi"))
		if _, _, err := w.Get(t.Context(), accounts.Actor{}, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("hidden, yet: %v", err)
		}
		w.must(w.Hide(t.Context(), w.actors["moderator"], id, ""))
		if _, _, err := w.Get(t.Context(), accounts.Actor{}, id); err != nil {
			t.Error(err)
		}
	})
}

func TestListsShowWhatTheReaderMayRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		draft := w.registered()
		w.goTo(w.clock().Add(time.Minute))
		older := w.at(experiments.Idea)
		w.goTo(w.clock().Add(time.Minute))
		newer := w.at(experiments.Running)
		tests := map[string]struct {
			who  string
			q    experiments.Query
			want []string
		}{
			"everybody":             {"nobody", experiments.Query{}, []string{newer, older}},
			"the owner":             {"developer", experiments.Query{}, []string{newer, older, draft}},
			"one stage":             {"nobody", experiments.Query{Stage: experiments.Idea}, []string{older}},
			"a country without any": {"nobody", experiments.Query{Country: "SE"}, nil},
			"a sector":              {"nobody", experiments.Query{Sector: "09"}, []string{newer, older}},
			"of a person":           {"developer", experiments.Query{Person: w.actors["developer"].ID, Stage: experiments.Draft}, []string{draft}},
			"of a municipality":     {"coordinator", experiments.Query{Organisation: "FI:889"}, []string{newer, older}},
			"the second part":       {"nobody", experiments.Query{After: newer, Limit: 1}, []string{older}},
		}
		for name, tt := range tests {
			l, err := w.List(t.Context(), w.actors[tt.who], tt.q)
			w.must(err)
			var got []string
			for _, r := range l.Rows {
				got = append(got, r.ID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
		counts, err := w.Counts(t.Context())
		if want := (experiments.Counts{Public: 2, Running: 1, Municipalities: 1}); err != nil || counts != want {
			t.Errorf("%+v, %v", counts, err)
		}
		var ids []string
		for id, err := range (experiments.Documents{Service: w.Service}).IDs(t.Context()) {
			w.must(err)
			ids = append(ids, id)
		}
		if len(ids) != 3 {
			t.Errorf("ids to index: %v", ids)
		}
	})
}

func TestLeavingPassesTheExperimentOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alone, together := w.registered(), w.registered()
		w.must(w.AddMember(t.Context(), w.actors["developer"], together, "mate@kunta.example", "hoitaja"))
		if err := w.RemoveMember(t.Context(), w.actors["developer"], together, w.actors["developer"].ID); !errors.Is(err, experiments.ErrOwner) {
			t.Errorf("the owner leaves: %v", err)
		}
		if err := w.AddMember(t.Context(), w.actors["developer"], together, "nobody@kunta.example", ""); !errors.Is(err, experiments.ErrNobody) {
			t.Errorf("an unknown address: %v", err)
		}
		w.must(w.Store.Update(t.Context(), func(tx store.Tx) error { return w.LeaveTx(tx, w.actors["developer"].ID, "FI:889") }))
		if got := w.card(together).Owner; got != w.actors["mate"].ID {
			t.Errorf("owner %s, want the mate", got)
		}
		if got := w.card(alone).Owner; got != w.actors["developer"].ID {
			t.Errorf("owner of the other %s", got)
		}
	})
}
