package experiments_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
)

// started is an experiment as it is at the start.
func started() experiments.Experiment {
	e := daycare()
	e.Lock = &experiments.Lock{Belief: e.Belief, Test: e.Test, Measures: append([]experiments.Measure(nil), e.Measures...), Calendar: e.Calendar}
	return e
}

func TestDeviationsFromWhatWasLocked(t *testing.T) {
	tests := map[string]struct {
		change func(e *experiments.Experiment)
		want   []experiments.DeviationKind
	}{
		"nothing changed":          {func(*experiments.Experiment) {}, nil},
		"a result is no deviation": {func(e *experiments.Experiment) { e.Measures[0].Final, e.Measures[0].Source = num(4), "lista" }, nil},
		"another belief":           {func(e *experiments.Experiment) { e.Belief = "x" }, []experiments.DeviationKind{experiments.DevBelief}},
		"another test":             {func(e *experiments.Experiment) { e.Test = "x" }, []experiments.DeviationKind{experiments.DevTest}},
		"an easier limit":          {func(e *experiments.Experiment) { e.Measures[0].Limit = num(8) }, []experiments.DeviationKind{experiments.DevLimit}},
		"a limit taken away":       {func(e *experiments.Experiment) { e.Measures[0].Limit = nil }, []experiments.DeviationKind{experiments.DevLimit}},
		"another way and way of counting": {func(e *experiments.Experiment) {
			e.Measures[0].Direction, e.Measures[0].How = experiments.More, "x"
		}, []experiments.DeviationKind{experiments.DevDirection, experiments.DevHow}},
		"a later end":                  {func(e *experiments.Experiment) { e.Calendar.End = e.Calendar.End.AddDate(0, 0, 21) }, []experiments.DeviationKind{experiments.DevEnd}},
		"the same day in another zone": {func(e *experiments.Experiment) { e.Calendar.End = e.Calendar.End.UTC() }, nil},
		"one measure more":             {func(e *experiments.Experiment) { e.Measures = append(e.Measures, experiments.Measure{Name: "uusi"}) }, []experiments.DeviationKind{experiments.DevName}},
		"before the start":             {func(e *experiments.Experiment) { e.Lock, e.Belief = nil, "x" }, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := started()
			tt.change(&e)
			var got []experiments.DeviationKind
			for _, d := range e.Deviations() {
				got = append(got, d.What)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A pause moves the end: the page says so beside the measures, and the verdict
// comes from the limit of the start.
func TestThePageShowsWhatChangedAfterTheStart(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	path := "/en/experiments/" + id
	if page := s.get("nobody", path); strings.Contains(page.body, "Changed after the start") {
		t.Error("nothing has changed yet")
	}
	s.must(s.Advance(t.Context(), s.actors["developer"], id, experiments.Paused, "Talviloma"))
	s.goTo(on(time.March, 9))
	s.must(s.Advance(t.Context(), s.actors["developer"], id, experiments.Running, ""))
	s.want(s.get("nobody", path), 200, "", "Changed after the start", "Last day", "<del", "<ins")
}

func TestReadingsStandBesideTheirTrend(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	for i, value := range []float64{8, 6, 4.25, 0.0042, -1_000_000, 1e15} {
		s.noted("developer", id, experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(value), Source: fmt.Sprint("Lista ", i), Reach: experiments.ForAll})
	}
	s.noted("developer", id, experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(77), Source: "Salainen", Reach: experiments.ForTeam})
	page := s.want(s.get("nobody", "/en/experiments/"+id), 200, "", `<svg class="trend"`, "<desc>before 9", "4.25", "0.0042", "Lista 2", "not met", "Counted by", "−1,000,000")
	if strings.Contains(page.body, "Salainen") || strings.Contains(page.body, ">77") || strings.Contains(page.body, "NaN") {
		t.Error("the page tells what is for the team, or draws nonsense")
	}
	s.want(s.get("developer", "/en/experiments/"+id), 200, "", "Salainen")
}

func TestReadingsHaveASource(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		first := w.noted("developer", id, experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(8), Source: "  Keittiö ", Reach: experiments.ForAll})
		plain := w.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "x", Source: "Keittiö", Value: num(3), Measure: 1, Reach: experiments.ForAll})
		if got := w.card(id).Readings; len(got) != 1 || got[0].Source != "Keittiö" || got[0].Entry != first {
			t.Errorf("readings %+v", got)
		}
		one, err := w.Entry(t.Context(), w.actors["nobody"], id, plain)
		w.must(err)
		if one.Source != "" || one.Value != nil {
			t.Errorf("what is no number has a value: %+v", one)
		}
	})
}
