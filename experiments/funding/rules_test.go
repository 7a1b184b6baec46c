package funding_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments/funding"
)

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

// march is noon of a day of March 2026, whose second day is a Monday.
func march(day int) time.Time { return time.Date(2026, time.March, day, 12, 0, 0, 0, helsinki) }

func finnish(submitted time.Time) funding.Clock {
	return funding.Clock{Submitted: submitted, Targets: funding.UsualTargets, Days: content.Holidays("FI"), Zone: helsinki}
}

func TestTheWorkedExampleOfTheClock(t *testing.T) {
	c := finnish(march(2))
	asked := c
	asked.Asked = march(4)
	answered := asked
	answered.Answered = march(9)
	decided := answered
	decided.Stopped = march(17)
	for name, tt := range map[string]struct {
		clock   funding.Clock
		now     time.Time
		day     int
		running bool
		light   funding.Light
		stood   int
	}{
		"Monday is day 0":                             {c, march(2), 0, true, funding.Green, 0},
		"Tuesday is day 1":                            {c, march(3), 1, true, funding.Green, 0},
		"Wednesday is day 2, when more is asked":      {asked, march(4), 2, false, funding.Green, 0},
		"on Friday it still stands":                   {asked, march(6), 2, false, funding.Green, 2},
		"the answer comes on Monday":                  {answered, march(9), 2, true, funding.Green, 3},
		"the reviews are in on Friday, day 6":         {answered, march(13), 6, true, funding.Green, 3},
		"Monday is day 7 and yellow":                  {answered, march(16), 7, true, funding.Yellow, 3},
		"the decision is on Tuesday, day 8":           {decided, march(17), 8, false, funding.Yellow, 3},
		"a week later it still says 8":                {decided, march(24), 8, false, funding.Yellow, 3},
		"without a decision day 10 is red":            {answered, march(19), 10, true, funding.Red, 3},
		"before the question the question is unknown": {answered, march(3), 1, true, funding.Green, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := tt.clock.Read(tt.now)
			if r.Day != tt.day || r.Of != 10 || r.Running != tt.running || r.Light != tt.light || r.Stood != tt.stood {
				t.Errorf("got %+v", r)
			}
		})
	}
	if due := answered.Read(march(10)).Due; due.Day() != 19 {
		t.Errorf("decision promised for %v", due)
	}
	if by := asked.AnswerBy(); by.Day() != 18 {
		t.Errorf("answer by %v", by)
	}
}

func TestWeekendsAndHolidaysDoNotCount(t *testing.T) {
	for name, tt := range map[string]struct {
		submitted, now time.Time
		country        string
		want           int
	}{
		"sent on Saturday, Monday is day 0":       {march(7), march(9), "FI", 0},
		"sent on Sunday night, Tuesday is day 1":  {time.Date(2026, 3, 8, 23, 59, 0, 0, helsinki), march(10), "FI", 1},
		"Good Friday and Easter Monday are free":  {time.Date(2026, 4, 1, 9, 0, 0, 0, helsinki), time.Date(2026, 4, 7, 9, 0, 0, 0, helsinki), "FI", 2},
		"Nauryz is free in Kazakhstan":            {time.Date(2026, 3, 20, 9, 0, 0, 0, helsinki), time.Date(2026, 3, 26, 9, 0, 0, 0, helsinki), "KZ", 1},
		"a country without data has its weekends": {march(6), march(9), "XX", 1},
		"a minute before midnight is the old day": {march(2), time.Date(2026, 3, 3, 23, 59, 0, 0, helsinki), "FI", 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := finnish(tt.submitted)
			c.Days = content.Holidays(tt.country)
			if got := c.Read(tt.now).Day; got != tt.want {
				t.Errorf("day %d, want %d", got, tt.want)
			}
		})
	}
}

// The clock never runs backwards, moves a day at most in a day, and stands
// still while the applicant owes an answer.
func TestTheClockNeverRunsBackwards(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		c := finnish(march(1).Add(time.Duration(rnd.IntN(60*24)) * time.Hour))
		if rnd.IntN(2) == 0 {
			c.Asked = c.Submitted.Add(time.Duration(rnd.IntN(10*24)) * time.Hour)
			if rnd.IntN(3) > 0 {
				c.Answered = c.Asked.Add(time.Duration(rnd.IntN(20*24)) * time.Hour)
			}
		}
		last := 0
		for h := -24; h < 60*24; h += 7 {
			now := c.Submitted.Add(time.Duration(h) * time.Hour)
			r := c.Read(now)
			if r.Day < last || r.Day > last+1 {
				t.Fatalf("%+v at %v: from day %d to day %d", c, now, last, r.Day)
			}
			stands := !c.Asked.IsZero() && now.After(c.Asked) && (c.Answered.IsZero() || now.Before(c.Answered))
			if stands && (r.Day != last && h > 0 && now.Sub(c.Asked) > 24*time.Hour || r.Running) {
				t.Fatalf("%+v at %v: it runs while the applicant owes an answer", c, now)
			}
			last = r.Day
		}
	}
}

func review(by string, scores ...int) funding.Review {
	r := funding.Review{By: by, Scores: map[string]int{}, Statement: true}
	for i, c := range funding.UsualCriteria {
		r.Scores[c.Key] = scores[i]
	}
	return r
}

func TestReviewsArePutTogether(t *testing.T) {
	for name, tt := range map[string]struct {
		reviews  []funding.Review
		needed   int
		points   float64
		complete bool
		third    bool
		passes   bool
	}{
		"the worked example":                         {[]funding.Review{review("1", 3, 4, 3, 3, 2), review("2", 3, 3, 2, 3, 3)}, 2, 73.75 - 0, true, false, true},
		"one of two is in":                           {[]funding.Review{review("1", 3, 4, 3, 3, 2)}, 2, 77.5, false, false, false},
		"just on the line":                           {[]funding.Review{review("1", 2, 3, 2, 3, 2), review("2", 2, 3, 2, 2, 2)}, 2, 58.75, true, false, false},
		"too far apart brings a third":               {[]funding.Review{review("1", 4, 4, 4, 4, 4), review("2", 3, 3, 3, 3, 3)}, 2, 87.5, false, true, false},
		"twenty apart is not too far":                {[]funding.Review{review("1", 4, 4, 4, 4, 4), review("2", 3, 3, 3, 4, 3)}, 2, 90, true, false, true},
		"a nought brings a third":                    {[]funding.Review{review("1", 3, 3, 3, 3, 3), review("2", 3, 3, 3, 3, 0)}, 2, 69.375, false, true, false},
		"then the median counts":                     {[]funding.Review{review("1", 4, 4, 4, 4, 4), review("2", 1, 1, 1, 1, 1), review("3", 3, 3, 3, 3, 3)}, 2, 75, true, true, true},
		"a nought of one of three does not stand":    {[]funding.Review{review("1", 3, 3, 3, 3, 3), review("2", 3, 3, 3, 3, 0), review("3", 3, 3, 3, 3, 2)}, 2, 71.25, true, true, true},
		"a nought of two of three does":              {[]funding.Review{review("1", 4, 4, 4, 4, 4), review("2", 4, 4, 4, 4, 0), review("3", 4, 4, 4, 4, 0)}, 2, 85, true, true, false},
		"where one review is enough its nought does": {[]funding.Review{review("1", 4, 4, 4, 4, 0)}, 1, 85, true, false, false},
		"no review where none is needed":             {nil, 0, 0, true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := funding.Judge(tt.reviews, funding.UsualCriteria, tt.needed)
			if v.Points != tt.points || v.Complete != tt.complete || v.NeedsThird != tt.third || v.Passes() != tt.passes {
				t.Errorf("got %+v, passes %v", v, v.Passes())
			}
		})
	}
	one, two := review("1", 3, 4, 3, 3, 2), review("2", 3, 3, 2, 3, 3)
	if a, b := one.Points(funding.UsualCriteria), two.Points(funding.UsualCriteria); a != 77.5 || b != 70 {
		t.Errorf("points %v and %v, want 77.5 and 70", a, b)
	}
	want := map[string]float64{"need": 3, "learning": 3.5, "feasibility": 2.5, "sharing": 3, "benefit": 2.5}
	if diff := cmp.Diff(want, funding.Judge([]funding.Review{one, two}, funding.UsualCriteria, 2).Averages); diff != "" {
		t.Error(diff)
	}
}

func TestTheAdvanceIsSixtyPercentRoundedDown(t *testing.T) {
	for cents, want := range map[int64]int64{800_000: 480_000, 1: 0, 2: 1, 333: 199, 99: 59, math.MaxInt64: 5534023222112865484} {
		if got := funding.AdvanceOf(cents); got != want {
			t.Errorf("advance of %d is %d, want %d", cents, got, want)
		}
	}
}

func TestEveryStateLeadsToAnEnd(t *testing.T) {
	reached := map[funding.State]bool{funding.Draft: true}
	for range funding.States {
		for _, from := range funding.States {
			for _, to := range funding.States {
				reached[to] = reached[to] || reached[from] && from.MayBecome(to)
			}
		}
	}
	for _, s := range funding.States {
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
		if s.Final() != (s == funding.Declined || s == funding.Withdrawn || s == funding.Closed || s == funding.Recovered) {
			t.Errorf("%s final: %v", s, s.Final())
		}
	}
	if len(funding.States) != 14 {
		t.Errorf("%d states", len(funding.States))
	}
}

func TestMedianAndNinetiethPercentile(t *testing.T) {
	for name, tt := range map[string]struct {
		days   []int // how many decisions on day 0, 1, 2 ...
		n      int
		median float64
		p90    int
	}{
		"none":                     {nil, 0, 0, 0},
		"one on day 8":             {[]int{0, 0, 0, 0, 0, 0, 0, 0, 1}, 1, 8, 8},
		"days 2 and 5":             {[]int{0, 0, 1, 0, 0, 1}, 2, 3.5, 5},
		"nine fast, one slow":      {[]int{0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 10, 1, 1},
		"eight fast, two slow":     {[]int{0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}, 10, 1, 12},
		"all on the day of asking": {[]int{4}, 4, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := funding.Call{DecisionDays: tt.days}
			if got := c.Figures(); got != (funding.Figures{Decisions: tt.n, Median: tt.median, P90: tt.p90}) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestTheLedgerIsSafeInASpreadsheet(t *testing.T) {
	var b strings.Builder
	err := funding.WriteLedger(&b, []funding.Entry{
		{N: 1, At: march(2), Kind: funding.EntryGrant, Request: "r", Title: `=HYPERLINK("http://x")`, Organisation: "FI:889", Account: "-1+2", Committed: 800_000, Currency: "EUR", By: "@officer"},
		{N: 2, At: march(3), Kind: funding.EntryRecovery, Request: "r", Title: "a; b", Committed: -5, Paid: -480_001, Currency: "EUR"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeffn,time_utc,kind,request,title,organisation,account,committed,paid,currency,by\r\n" +
		`1,2026-03-02T10:00:00Z,grant,r,"'=HYPERLINK(""http://x"")",FI:889,'-1+2,8000.00,0.00,EUR,'@officer` + "\r\n" +
		"2,2026-03-03T10:00:00Z,recovery,r,a; b,,,-0.05,-4800.01,EUR,\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}
