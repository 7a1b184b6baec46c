package experiments_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// model is the table of stages as the domain model states it, written down a
// second time.
var model = map[experiments.Stage][]experiments.Stage{
	experiments.Draft:   {experiments.Idea},
	experiments.Idea:    {experiments.Planned, experiments.Stopped},
	experiments.Planned: {experiments.Running, experiments.Stopped},
	experiments.Running: {experiments.Paused, experiments.Ended, experiments.Stopped},
	experiments.Paused:  {experiments.Running, experiments.Ended, experiments.Stopped},
	experiments.Ended:   {experiments.Learned},
	experiments.Learned: {experiments.Ended, experiments.Spread, experiments.Archived},
	experiments.Spread:  {experiments.Archived},
	experiments.Stopped: {experiments.Archived},
}

func TestTheTableIsTheModels(t *testing.T) {
	for _, from := range experiments.Stages {
		if diff := cmp.Diff(model[from], experiments.NextStages(from)); diff != "" {
			t.Errorf("from %s:\n%s", from, diff)
		}
	}
}

// TestRandomWalksObeyTheTable takes a complete card through random stages.
// Whatever is tried: a step outside the table changes nothing, a step inside
// it is taken or says what is missing, and what the start locked stays.
func TestRandomWalksObeyTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := daycare()
		now := on(time.January, 10)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.AddDate(0, 0, rapid.IntRange(0, 30).Draw(t, "days"))
			to := rapid.SampledFrom(experiments.Stages).Draw(t, "to")
			reason := rapid.SampledFrom([]string{"", "because"}).Draw(t, "reason")
			if rapid.IntRange(0, 5).Draw(t, "lesson") == 0 {
				e.Learning.Surprise = rapid.SampledFrom([]string{"", "it worked"}).Draw(t, "surprise")
			}
			before := e
			err := e.Advance(experiments.Move{To: to, At: now, By: "owner", Reason: reason}, helsinki)
			check(t, before, e, to, reason, err)
		}
	})
}

func check(t *rapid.T, before, after experiments.Experiment, to experiments.Stage, reason string, err error) {
	allowed := slices.Contains(model[before.Stage], to)
	switch {
	case err != nil:
		if !reflect.DeepEqual(before, after) {
			t.Fatalf("refused with %v, yet changed", err)
		}
		if !allowed && !errors.Is(err, experiments.ErrStage) {
			t.Fatalf("%s to %s refused with %v, want ErrStage", before.Stage, to, err)
		}
		if len(fault.All(err)) == 0 {
			t.Fatalf("%v does not say what is missing", err)
		}
		return
	case !allowed:
		t.Fatalf("%s to %s is not in the table and was taken", before.Stage, to)
	}
	move := after.Moves[len(after.Moves)-1]
	if after.Stage != to || move.From != before.Stage || move.To != to {
		t.Fatalf("at %s after %+v", after.Stage, move)
	}
	if slices.Contains([]experiments.Stage{experiments.Paused, experiments.Stopped, experiments.Spread}, to) && reason == "" {
		t.Fatalf("to %s without a reason", to)
	}
	if before.Lock != nil && after.Lock != nil && before.Stage == experiments.Running && !reflect.DeepEqual(before.Lock, after.Lock) {
		t.Fatal("the snapshot changed while running")
	}
	if to == experiments.Running && after.Lock == nil {
		t.Fatal("running without a snapshot")
	}
	if to == experiments.Stopped && before.WasStarted() && !after.HasLesson() {
		t.Fatal("stopped without a lesson after running")
	}
	if len(after.Pauses) > experiments.MaxPauses {
		t.Fatalf("%d pauses", len(after.Pauses))
	}
	if open := len(after.Pauses) > 0 && after.Pauses[len(after.Pauses)-1].Until.IsZero(); open != (after.Stage == experiments.Paused) {
		t.Fatalf("at %s with an open pause: %v", after.Stage, open)
	}
}

func TestRefusalsSayWhatIsMissing(t *testing.T) {
	tests := map[string]struct {
		stages []experiments.Stage
		change func(e *experiments.Experiment)
		to     experiments.Stage
		reason string
		want   []string // "field key"
	}{
		"an idea without a summary": {nil, func(e *experiments.Experiment) { e.Summary = "" }, experiments.Idea, "", []string{"summary experiment.missing_summary"}},
		"a plan without belief and measures": {
			[]experiments.Stage{experiments.Idea}, func(e *experiments.Experiment) { e.Belief, e.Measures = "", nil },
			experiments.Planned, "", []string{"belief experiment.missing_belief", "measures experiment.missing_measures"},
		},
		"a start with an open decision": {
			[]experiments.Stage{experiments.Idea, experiments.Planned},
			func(e *experiments.Experiment) {
				e.Decisions = experiments.Decisions{List: []experiments.Decision{{What: "Lupa", State: experiments.Open}}}
			},
			experiments.Running, "", []string{"decisions experiment.decisions_open", "confirm experiment.start_unconfirmed"},
		},
		"a start with personal data that nobody confirmed": {
			[]experiments.Stage{experiments.Idea, experiments.Planned},
			func(e *experiments.Experiment) { e.People.PersonalData = experiments.Yes },
			experiments.Running, "", []string{"confirm experiment.start_unconfirmed"},
		},
		"a start with money that nobody confirmed": {
			[]experiments.Stage{experiments.Idea, experiments.Planned},
			func(e *experiments.Experiment) {
				e.Money = experiments.Money{Lines: []experiments.CostLine{{Text: "x", Cents: 1}}}
			},
			experiments.Running, "", []string{"confirm experiment.start_unconfirmed"},
		},
		"a pause without a reason": {
			[]experiments.Stage{experiments.Idea, experiments.Planned, experiments.Running}, nil,
			experiments.Paused, "  ", []string{"reason experiment.reason_missing"},
		},
		"a stop without the lesson": {
			[]experiments.Stage{experiments.Idea, experiments.Planned, experiments.Running},
			func(e *experiments.Experiment) { e.Learning = experiments.Learning{} }, experiments.Stopped, "why",
			[]string{"outcome experiment.missing_outcome", "surprise experiment.missing_surprise", "learnt experiment.missing_learnt"},
		},
		"learning without results and conditions": {
			[]experiments.Stage{experiments.Idea, experiments.Planned, experiments.Running, experiments.Ended},
			func(e *experiments.Experiment) { e.Measures[0].Final, e.Learning.Conditions = nil, "" },
			experiments.Learned, "", []string{"results experiment.missing_results", "conditions experiment.missing_conditions"},
		},
		"back to a draft":      {[]experiments.Stage{experiments.Idea}, nil, experiments.Draft, "", []string{" experiment.no_way_back"}},
		"running after an end": {[]experiments.Stage{experiments.Idea, experiments.Planned, experiments.Running, experiments.Ended}, nil, experiments.Running, "", []string{" experiment.no_rerun"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := at(t, daycare(), tt.stages...)
			if tt.change != nil {
				tt.change(&e)
			}
			err := e.Advance(experiments.Move{To: tt.to, At: on(time.March, 1), By: "owner", Reason: tt.reason}, helsinki)
			var got []string
			for _, f := range fault.All(err) {
				got = append(got, f.Field+" "+f.Key)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheStartLocksAndCountsFromThatDay(t *testing.T) {
	e := daycare()
	e.Calendar = experiments.Calendar{Start: midnight(time.March, 16), End: midnight(time.June, 7)}
	e = at(t, e, experiments.Idea, experiments.Planned)
	if err := e.Advance(experiments.Move{To: experiments.Running, At: on(time.March, 23), By: "owner"}, helsinki); err != nil {
		t.Fatal(err)
	}
	if !e.Calendar.Start.Equal(midnight(time.March, 23)) || !e.Calendar.End.Equal(midnight(time.June, 14)) {
		t.Errorf("runs from %v to %v, want 23 March to 14 June", e.Calendar.Start, e.Calendar.End)
	}
	if e.Lock == nil || e.Lock.Belief != e.Belief || len(e.Lock.Measures) != 1 {
		t.Errorf("snapshot %+v", e.Lock)
	}
}

func TestAPauseMovesTheEnd(t *testing.T) {
	e := at(t, daycare(), experiments.Idea, experiments.Planned, experiments.Running, experiments.Paused)
	end := e.Calendar.End
	if err := e.Advance(experiments.Move{To: experiments.Running, At: e.Pauses[0].From.AddDate(0, 0, 10), By: "owner"}, helsinki); err != nil {
		t.Fatal(err)
	}
	if want := end.AddDate(0, 0, 10); !e.Calendar.End.Equal(want) {
		t.Errorf("ends %v, want %v", e.Calendar.End, want)
	}
	if !e.Lock.Calendar.End.Equal(end) {
		t.Error("the pause changed the snapshot of the start")
	}
	again := on(time.May, 1)
	for _, m := range []experiments.Move{{To: experiments.Paused, At: again, Reason: "loma"}, {To: experiments.Running, At: again.AddDate(0, 0, 100)}} {
		if err := e.Advance(m, helsinki); err != nil {
			t.Fatal(err)
		}
	}
	if want := end.AddDate(0, 0, experiments.MaxPauseDays); !e.Calendar.End.Equal(want) {
		t.Errorf("ends %v, want eight weeks of pause at most: %v", e.Calendar.End, want)
	}
	err := e.Advance(experiments.Move{To: experiments.Paused, At: again.AddDate(0, 0, 101), Reason: "taas"}, helsinki)
	if !errors.Is(err, experiments.ErrPauses) {
		t.Errorf("a third pause: %v, want ErrPauses", err)
	}
}

func TestItEndsByItselfTwoWeeksAfterTheEnd(t *testing.T) {
	e := at(t, daycare(), experiments.Idea, experiments.Planned, experiments.Running)
	end := e.Calendar.End
	for days, want := range map[int]bool{0: false, 13: false, 14: true, 30: true} {
		if got := e.EndsByItself(end.AddDate(0, 0, days), helsinki); got != want {
			t.Errorf("%d days after the end: %v, want %v", days, got, want)
		}
	}
}

func TestWhoMayMoveIt(t *testing.T) {
	thing := accounts.Thing{Public: true, Organisations: []string{"FI:889"}, Owner: "owner", Team: []string{"owner", "mate"}}
	actors := map[string]accounts.Actor{
		"owner":         {ID: "owner"},
		"coordinator":   {ID: "c", Grants: []accounts.Grant{{Role: accounts.Coordinator, Organisation: "FI:889"}}},
		"neighbour":     {ID: "n", Grants: []accounts.Grant{{Role: accounts.Coordinator, Organisation: "FI:020"}}},
		"administrator": {ID: "a", Grants: []accounts.Grant{{Role: accounts.Admin}}},
		"nobody":        {},
	}
	tests := map[string]struct {
		from, to experiments.Stage
		want     []string
	}{
		"show it":   {experiments.Draft, experiments.Idea, []string{"owner"}},
		"start it":  {experiments.Planned, experiments.Running, []string{"owner"}},
		"pause it":  {experiments.Running, experiments.Paused, []string{"coordinator", "owner"}},
		"stop it":   {experiments.Running, experiments.Stopped, []string{"coordinator", "owner"}},
		"spread it": {experiments.Learned, experiments.Spread, []string{"coordinator", "neighbour"}},
		"close it":  {experiments.Learned, experiments.Archived, []string{"administrator", "coordinator"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tr, ok := experiments.TransitionOf(tt.from, tt.to)
			if !ok {
				t.Fatal("not in the table")
			}
			var got []string
			for who, a := range actors {
				if tr.Allows(a, thing) {
					got = append(got, who)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
