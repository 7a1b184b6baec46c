package experiments_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
)

func TestTheWorkedExampleOfTheModel(t *testing.T) {
	e := daycare()
	if got := e.Measures[0].Verdict(); got != experiments.Met {
		t.Errorf("4 against at most 5 is %q, want met", got)
	}
	if got := e.Completeness(); got != 1 {
		t.Errorf("D = %v, want 1", got)
	}
	e = at(t, e, experiments.Idea, experiments.Planned, experiments.Running, experiments.Ended, experiments.Learned)
	if err := e.MayBePublished(); err != nil {
		t.Errorf("a learned experiment may be published, got %v", err)
	}
}

func TestCompleteness(t *testing.T) {
	tests := map[string]struct {
		change func(e *experiments.Experiment)
		want   float64
	}{
		"everything asked for":             {func(*experiments.Experiment) {}, 1},
		"optional fields never exceed one": {func(e *experiments.Experiment) { e.Rules, e.Comms = "a", "b" }, 1},
		"one of 23 is missing":             {func(e *experiments.Experiment) { e.StopRule = "" }, 22.0 / 23},
		"an optional field counts half":    {func(e *experiments.Experiment) { e.StopRule, e.Rules = "", "a" }, 22.5 / 23},
		"two optional fields make up for one": {func(e *experiments.Experiment) {
			e.StopRule, e.Rules, e.Comms = "", "a", "b"
		}, 1},
		"steps are asked of a complete process only": {func(e *experiments.Experiment) {
			e.Type, e.Steps = experiments.Pilot, nil
		}, 1},
		"a micro experiment has eleven fields": {func(e *experiments.Experiment) {
			*e = experiments.Experiment{Type: experiments.Micro, Title: "t", Summary: "s", Problem: "p", Owner: "o", Organisation: "FI:889"}
		}, 4.0 / 11},
		"what could not be tested needs no results": {func(e *experiments.Experiment) {
			e.Learning.Outcome, e.Measures[0].Final = experiments.NotTested, nil
		}, 1},
		"an empty card": {func(e *experiments.Experiment) { *e = experiments.Experiment{Type: experiments.Pilot} }, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := daycare()
			tt.change(&e)
			if got := e.Completeness(); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("D = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTasksNameOneNextThing(t *testing.T) {
	e := daycare()
	e.Stage = experiments.Idea
	e.Belief, e.Decisions = "", experiments.Decisions{}
	var next []string
	for _, task := range e.Tasks() {
		if task.Next {
			next = append(next, string(task.Section)+" "+task.First())
		}
	}
	if diff := cmp.Diff([]string{"belief-and-test belief"}, next); diff != "" {
		t.Error(diff)
	}
	if key, section := e.NextMissing(experiments.FaceLearning); key != "" {
		t.Errorf("the learning is complete, yet %s in %s is missing", key, section)
	}
	if n := len(e.Tasks()); n != len(experiments.Sections) {
		t.Errorf("%d tasks before the start, want %d: the learning comes later", n, len(experiments.Sections))
	}
}

func TestVerdictComesFromTheLimit(t *testing.T) {
	tests := map[string]struct {
		m    experiments.Measure
		want experiments.Verdict
	}{
		"less, below":  {experiments.Measure{Direction: experiments.Less, Limit: num(5), Final: num(4)}, experiments.Met},
		"less, equal":  {experiments.Measure{Direction: experiments.Less, Limit: num(5), Final: num(5)}, experiments.Met},
		"less, above":  {experiments.Measure{Direction: experiments.Less, Limit: num(5), Final: num(5.01)}, experiments.NotMet},
		"more, above":  {experiments.Measure{Direction: experiments.More, Limit: num(60), Final: num(61)}, experiments.Met},
		"more, below":  {experiments.Measure{Direction: experiments.More, Limit: num(60), Final: num(52)}, experiments.NotMet},
		"not measured": {experiments.Measure{Direction: experiments.More, Limit: num(60)}, experiments.Unknown},
		"no limit":     {experiments.Measure{Direction: experiments.More, Final: num(60)}, experiments.Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.m.Verdict(); got != tt.want {
				t.Errorf("verdict %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWeeksAreCountedInTheZone(t *testing.T) {
	c := experiments.Calendar{Start: midnight(time.April, 13), End: midnight(time.July, 5)}
	if got := c.Weeks(helsinki); got != 12 {
		t.Errorf("%d weeks from 13 April to 5 July, want 12", got)
	}
	spring := experiments.Calendar{Start: midnight(time.March, 23), End: midnight(time.June, 14)}
	tests := map[string]struct {
		c    experiments.Calendar
		at   time.Time
		want int
	}{
		"the day before":                      {c, midnight(time.April, 12).Add(23 * time.Hour), 0},
		"the first minute":                    {c, midnight(time.April, 13), 1},
		"the first minute, seen in UTC":       {c, midnight(time.April, 13).UTC(), 1},
		"the second Monday":                   {c, midnight(time.April, 20), 2},
		"the last day":                        {c, midnight(time.July, 5).Add(23 * time.Hour), 12},
		"long after":                          {c, midnight(time.December, 5), 12},
		"Sunday before the clocks go forward": {spring, midnight(time.March, 29).Add(22 * time.Hour), 1},
		"Monday after the clocks went":        {spring, midnight(time.March, 30), 2},
		"no calendar":                         {experiments.Calendar{}, midnight(time.March, 30), 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.c.Week(tt.at, helsinki); got != tt.want {
				t.Errorf("week %d, want %d", got, tt.want)
			}
		})
	}
	if got := c.Overdue(midnight(time.July, 19), helsinki); got != 14 {
		t.Errorf("%d days over, want 14", got)
	}
}

func TestWhoMayReadIsOnePredicate(t *testing.T) {
	now := on(time.March, 1)
	member := accounts.Actor{ID: "x", Grants: []accounts.Grant{{Role: accounts.Member, Organisation: "SE:2281"}}}
	tests := map[string]struct {
		change         func(e *experiments.Experiment)
		public, member bool
	}{
		"a draft":                  {func(e *experiments.Experiment) { e.Stage = experiments.Draft }, false, false},
		"public from the idea on":  {func(*experiments.Experiment) {}, true, true},
		"for members":              {func(e *experiments.Experiment) { e.Visibility = experiments.Members }, false, true},
		"hidden":                   {func(e *experiments.Experiment) { e.Hidden = "names a child" }, false, false},
		"before its embargo":       {func(e *experiments.Experiment) { e.Embargo = now.Add(time.Hour) }, false, true},
		"at the end of an embargo": {func(e *experiments.Experiment) { e.Embargo = now }, true, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := daycare()
			e.Stage = experiments.Idea
			tt.change(&e)
			thing := e.Thing(now)
			if got := accounts.Can(accounts.Actor{}, accounts.ReadExperiment, thing); got != tt.public || e.IsPublic(now) != tt.public {
				t.Errorf("everybody reads it: %v, want %v", got, tt.public)
			}
			if got := accounts.Can(member, accounts.ReadExperiment, thing); got != tt.member {
				t.Errorf("a member elsewhere reads it: %v, want %v", got, tt.member)
			}
		})
	}
}

func TestMoney(t *testing.T) {
	m := experiments.Money{Lines: []experiments.CostLine{{Text: "a", Cents: 900_000}, {Text: "b", Cents: 500_000}}, Seed: 800_000, Own: 400_000}
	if got := m.Total(); got != 1_400_000 {
		t.Errorf("total %d", got)
	}
	if got := m.Missing(); got != 200_000 {
		t.Errorf("nobody pays %d, want 200000", got)
	}
	for key, want := range map[string]string{"FI:889": "EUR", "SE:2281": "SEK", "KZ:SHY": "KZT", "RU:KEM": "RUB", "": "EUR"} {
		if got := experiments.CurrencyOf(key); got != want {
			t.Errorf("currency of %q is %s, want %s", key, got, want)
		}
	}
}
