package experiments_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// keys are the faults of an error, "field: key" each.
func keys(err error) (list []string) {
	for _, f := range fault.All(err) {
		list = append(list, f.Field+": "+f.Key)
	}
	return list
}

func TestEachTypeHasItsRules(t *testing.T) {
	long := experiments.Calendar{Start: midnight(time.March, 2), End: midnight(time.March, 29)}
	belief := func(e experiments.Experiment, kind experiments.Type) experiments.BeliefEdit {
		return experiments.BeliefEdit{Type: kind, Belief: e.Belief, Test: e.Test, StopRule: e.StopRule, None: true, Words: "x"}
	}
	people := func(n int, host string) experiments.PeopleEdit {
		return experiments.PeopleEdit{Host: host, People: experiments.Participants{Number: n, Who: "Families", PersonalData: experiments.No}}
	}
	money := experiments.MoneyEdit{Money: experiments.Money{Lines: []experiments.CostLine{{Text: "Phone", Cents: 2000}}}}
	tests := map[string]struct {
		change func(e *experiments.Experiment)
		edit   func(e experiments.Experiment) experiments.Edit
		want   []string
	}{
		"a complete process takes five": {nil, func(experiments.Experiment) experiments.Edit { return people(5, "") }, nil},
		"and no sixth":                  {nil, func(experiments.Experiment) experiments.Edit { return people(6, "") }, []string{"number: experiment.complete_five"}},
		"sixty cannot become a complete process": {
			func(e *experiments.Experiment) { e.Type, e.People.Number = experiments.Pilot, 60 },
			func(e experiments.Experiment) experiments.Edit { return belief(e, experiments.Complete) }, []string{"type: experiment.complete_five"},
		},
		"a pilot takes as many as it likes": {
			func(e *experiments.Experiment) { e.Type = experiments.Pilot },
			func(experiments.Experiment) experiments.Edit { return people(60, "") }, nil,
		},
		"a micro-experiment has no money": {
			func(e *experiments.Experiment) { e.Type = experiments.Micro },
			func(experiments.Experiment) experiments.Edit { return money }, []string{"money: experiment.micro_has_money"},
		},
		"nor does what becomes one": {
			func(e *experiments.Experiment) { e.Money, e.Calendar = money.Money, experiments.Calendar{} },
			func(e experiments.Experiment) experiments.Edit { return belief(e, experiments.Micro) }, []string{"type: experiment.micro_has_money"},
		},
		"four weeks are no micro-experiment": {
			func(e *experiments.Experiment) { e.Calendar = long },
			func(e experiments.Experiment) experiments.Edit { return belief(e, experiments.Micro) }, []string{"type: experiment.calendar_long"},
		},
		"at most two weeks are asked of its calendar": {
			func(e *experiments.Experiment) { e.Type = experiments.Micro },
			func(experiments.Experiment) experiments.Edit { return experiments.CalendarEdit{Calendar: long} }, []string{"end: experiment.calendar_long"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := daycare()
			if tt.change != nil {
				tt.change(&e)
			}
			_, err := e.Edited(tt.edit(e))
			if diff := cmp.Diff(tt.want, keys(err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestResidentsNeedAHost(t *testing.T) {
	e := daycare()
	e.Type, e.Stage = experiments.Resident, experiments.Idea
	if key, section := e.NextMissing(experiments.FacePlan); key != "host" || section != experiments.SectionPeople {
		t.Errorf("next is %q in %q, want the host among the people", key, section)
	}
	err := e.Advance(experiments.Move{To: experiments.Planned, At: on(time.February, 2), By: "owner"}, helsinki)
	if diff := cmp.Diff([]string{"host: experiment.missing_host"}, keys(err)); diff != "" {
		t.Error(diff)
	}
	e.Host = "The library"
	if err := e.Advance(experiments.Move{To: experiments.Planned, At: on(time.February, 2), By: "owner"}, helsinki); err != nil {
		t.Errorf("with a host: %v", err)
	}
}

func TestTheLadderFromTheSmallToTheLarge(t *testing.T) {
	weeks := func(n int) experiments.Calendar {
		return experiments.Calendar{Start: midnight(time.March, 2), End: midnight(time.March, 2).AddDate(0, 0, 7*n-1)}
	}
	tests := map[string]struct {
		row  experiments.Row
		want experiments.Rung
	}{
		"two weeks, no money":        {experiments.Row{Type: experiments.Micro}, experiments.RungMicro},
		"five persons, all by hand":  {experiments.Row{Type: experiments.Complete, People: 5}, experiments.RungMicro},
		"thirty people, 12 weeks":    {experiments.Row{Type: experiments.Pilot, People: 30, Calendar: weeks(12)}, experiments.RungSmall},
		"thirty-one people":          {experiments.Row{Type: experiments.Pilot, People: 31}, experiments.RungScaled},
		"thirteen weeks":             {experiments.Row{Type: experiments.Pilot, Calendar: weeks(13)}, experiments.RungScaled},
		"spread, however it started": {experiments.Row{Type: experiments.Pilot, Stage: experiments.Spread}, experiments.RungScaled},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.row.Rung(helsinki); got != tt.want {
				t.Errorf("rung %q, want %q", got, tt.want)
			}
		})
	}
	if !slices.Equal(experiments.Rungs, []experiments.Rung{"micro", "small", "scaled"}) {
		t.Errorf("rungs %v", experiments.Rungs)
	}
}

func TestTimesAndObservationsOfACompleteProcess(t *testing.T) {
	e := daycare()
	after, err := e.Edited(experiments.TrialEdit{Minutes: []int{1, 4}, Observations: []string{"Sent it from the bus.", "", "Бабушка ответила сама."}})
	if err != nil {
		t.Fatal(err)
	}
	if got := after.TrialMinutes(); got != 5 {
		t.Errorf("%d minutes in all, want 5", got)
	}
	want := []experiments.Seen{{Participant: "P1", Text: "Sent it from the bus."}, {Participant: "P3", Text: "Бабушка ответила сама."}}
	if diff := cmp.Diff(want, after.Observations); diff != "" {
		t.Error(diff)
	}
	again, err := after.Edited(experiments.PeopleEdit{People: after.People, Steps: []experiments.Step{{What: "vastaa", Who: "Sihteeri"}, {What: "lähettää viestin"}}})
	if err != nil || again.Steps[0].Minutes != 4 || again.Steps[1].Minutes != 1 {
		t.Errorf("steps %+v, %v: the minutes belong to the steps, in whatever order", again.Steps, err)
	}
	if e.Steps[0].Minutes != 0 {
		t.Error("the card before has changed")
	}
	_, err = e.Edited(experiments.TrialEdit{Minutes: []int{-1, 1441}, Observations: make([]string, 6)})
	want2 := []string{"observations: experiment.too_many", "step_1_minutes: experiment.minutes_invalid", "step_2_minutes: experiment.minutes_invalid"}
	if diff := cmp.Diff(want2, keys(err)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatACardMayAlsoTell(t *testing.T) {
	e := daycare()
	about := experiments.About{
		Place: &experiments.Point{Lat: 64.75, Lon: 26.42}, Barrier: "Nobody decides alone", Means: "One clerk may", Doer: true,
		Risks: []experiments.Risk{{What: "A message is lost", Owner: "Clerk", Remedy: "Answers OK"}, {}}, Needs: []string{" a  designer ", ""},
		Programme: experiments.Link{Title: "Digital agenda, item 3", URL: "https://kunta.example/agenda"},
		Phases:    experiments.Phases{Steps: "One home first", Testing: "Weekly", Communication: "A letter", Participation: "Parents' evening"},
		Benefit:   experiments.Benefit{Minutes: 6, Times: 1000, Cents: 3000, Assumption: "25 messages a day, 40 days"},
		Sponsor:   experiments.Sponsor{Who: "Head of education", Says: "Two hours a week", Day: midnight(time.February, 1)}, Tools: "Service design", Timing: "The kitchen moves",
	}
	after, err := e.Edited(experiments.AboutEdit{About: about})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a designer"}, after.About.Needs); diff != "" || len(after.About.Risks) != 1 {
		t.Errorf("needs and risks: %s %v", diff, after.About.Risks)
	}
	if b := after.About.Benefit; b.Hours() != 100 || b.Saved() != 3000_00 {
		t.Errorf("6 minutes 1 000 times are %v hours and %d cents at 30 an hour, want 100 and 300 000", b.Hours(), b.Saved())
	}
	if got, before := after.Completeness(), e.Completeness(); got != before {
		t.Errorf("D went from %v to %v: nothing of this counts", before, got)
	}
	tests := map[string]struct {
		about experiments.About
		want  string
	}{
		"a place beyond the pole":        {experiments.About{Place: &experiments.Point{Lat: 91}}, "lat: experiment.place_invalid"},
		"numbers without an assumption":  {experiments.About{Benefit: experiments.Benefit{Minutes: 6, Times: 10}}, "assumption: experiment.assumption_missing"},
		"a sponsor who promises nothing": {experiments.About{Sponsor: experiments.Sponsor{Who: "Head"}}, "sponsor_says: experiment.promise_missing"},
		"a risk without a name":          {experiments.About{Risks: []experiments.Risk{{Owner: "Clerk"}}}, "risk_1_what: experiment.risk_unnamed"},
		"six needs":                      {experiments.About{Needs: make([]string, 6)}, "needs: experiment.too_many"},
		"a programme at no web address":  {experiments.About{Programme: experiments.Link{URL: "javascript:alert(1)"}}, "programme_url: experiment.link_invalid"},
		"more minutes than a year has":   {experiments.About{Benefit: experiments.Benefit{Minutes: 1 << 20, Assumption: "x"}}, "benefit_minutes: experiment.number_invalid"},
		"a barrier of 201 characters":    {experiments.About{Barrier: cyrillic(201)}, "barrier: experiment.too_long"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := e.Edited(experiments.AboutEdit{About: tt.about})
			if diff := cmp.Diff([]string{tt.want}, keys(err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// cyrillic is a Cyrillic text of n characters and twice as many bytes.
func cyrillic(n int) string {
	return string(slices.Repeat([]rune{'ж'}, n))
}

func TestCompletenessOfEachFace(t *testing.T) {
	tests := map[string]struct {
		change               func(e *experiments.Experiment)
		idea, plan, learning float64
	}{
		"the worked example":                 {func(*experiments.Experiment) {}, 1, 1, 1},
		"one of five of the idea":            {func(e *experiments.Experiment) { e.Sector = "" }, 4.0 / 5, 1, 1},
		"two of eleven of the plan":          {func(e *experiments.Experiment) { e.StopRule, e.After = "", "" }, 1, 9.0 / 11, 1},
		"its two optional ones make one":     {func(e *experiments.Experiment) { e.StopRule, e.After, e.Rules, e.Comms = "", "", "a", "b" }, 1, 10.0 / 11, 1},
		"an optional one of another face is": {func(e *experiments.Experiment) { e.StopRule, e.Learning.SwitchedOff = "", "a" }, 1, 10.0 / 11, 1},
		"one of seven of the learning, half back": {func(e *experiments.Experiment) {
			e.Learning.Conditions, e.Learning.SwitchedOff = "", "a"
		}, 1, 1, 6.5 / 7},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := daycare()
			tt.change(&e)
			for face, want := range map[experiments.Face]float64{experiments.FaceIdea: tt.idea, experiments.FacePlan: tt.plan, experiments.FaceLearning: tt.learning} {
				if got := e.FaceCompleteness(face); got < want-1e-9 || got > want+1e-9 {
					t.Errorf("D of the %s is %v, want %v", face, got, want)
				}
			}
		})
	}
}
