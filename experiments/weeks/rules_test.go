package weeks

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
)

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

// on is noon of a day of 2026 in Helsinki. 2 March is a Monday; the clocks go
// forward on 29 March.
func on(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 12, 0, 0, 0, helsinki)
}

func midnight(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, helsinki)
}

// running is an experiment of twelve weeks from Monday 2 March.
func running() *experiments.Experiment {
	c := experiments.Calendar{Start: midnight(time.March, 2), End: midnight(time.May, 24)}
	return &experiments.Experiment{
		ID: "x", Stage: experiments.Running, Owner: "aino", Team: []experiments.Member{{Person: "bo"}}, Calendar: c,
		Lock: &experiments.Lock{At: on(time.March, 2), Calendar: c},
	}
}

func planOf(actions ...Action) *Plan {
	p := &Plan{Experiment: "x", N: 1, Start: midnight(time.March, 2), Weeks: FullLength, Created: on(time.March, 1), Actions: actions}
	p.Goals = []Goal{{Result: "Vähemmän kokouksia", Measure: "kokoukset", Direction: experiments.Less, Baseline: 20, Target: 16}}
	for i := range p.Actions {
		p.Actions[i].N = i + 1
	}
	p.LastAction = len(actions)
	return p
}

func calendarAt(p *Plan, e *experiments.Experiment, now time.Time) Calendar {
	return CalendarOf(p, e, now, helsinki)
}

// due are so many actions of a week, the first of them done in it.
func due(week, n, done int) (list []Action) {
	for i := range n {
		a := Action{Text: fmt.Sprint("tehtävä ", i), Owner: "aino", Due: week}
		if i < done {
			a.Done = midnight(time.March, 2).AddDate(0, 0, 7*(week-1)+3)
		}
		list = append(list, a)
	}
	return list
}

func TestElevenOfFourteenIsSeventyEightPointSix(t *testing.T) {
	p := planOf(due(3, 14, 11)...)
	s := p.Score(3, calendarAt(p, running(), on(time.March, 20)))
	if got := fmt.Sprintf("%d of %d, %.1f %%, %s", s.Done, s.Due, 100*s.Share(), s.Level()); got != "11 of 14, 78.6 %, yellow" {
		t.Errorf("got %s", got)
	}
}

func TestLevelsBeginAtEightyFiveAndSixtyFive(t *testing.T) {
	for _, tt := range []struct {
		done, due int
		want      Level
	}{{17, 20, Green}, {85, 100, Green}, {84, 100, Yellow}, {169, 200, Yellow}, {13, 20, Yellow}, {65, 100, Yellow}, {64, 100, Red}, {129, 200, Red}, {0, 1, Red}, {1, 1, Green}, {0, 0, NoDue}} {
		if got := (Score{Done: tt.done, Due: tt.due}).Level(); got != tt.want {
			t.Errorf("%d of %d is %s, want %s", tt.done, tt.due, got, tt.want)
		}
	}
}

func TestAMovedActionCountsAsDueInTheOldWeek(t *testing.T) {
	p := planOf(due(2, 14, 11)...)
	e, now := running(), on(time.March, 12) // week 2
	c := calendarAt(p, e, now)
	if err := p.move(14, Move{To: 4, Reason: "Sairastui", At: now, By: "aino"}, c); err != nil {
		t.Fatal(err)
	}
	if s := p.Score(2, c); s != (Score{2, 11, 14}) {
		t.Errorf("the old week counts %+v, want 11 of 14", s)
	}
	if s := p.Score(4, c); s != (Score{4, 0, 1}) {
		t.Errorf("the new week counts %+v, want 0 of 1", s)
	}
	x, _ := p.action(14)
	x.Done = on(time.March, 25)
	if s, was := p.Score(4, c), p.Score(2, c); s != (Score{4, 1, 1}) || was != (Score{2, 11, 14}) {
		t.Errorf("done in the new week: %+v and %+v", s, was)
	}
	if got := strings.Join(x.States(2, 5), ","); got != ",moved,,done," {
		t.Errorf("the grid shows %s", got)
	}
}

func TestMovingAsksForAReasonOnceThePlanRuns(t *testing.T) {
	e := running()
	before := on(time.February, 27)
	p := planOf(due(2, 2, 0)...)
	if err := p.move(1, Move{To: 5, At: before}, calendarAt(p, e, before)); err != nil {
		t.Errorf("before the plan begins: %v", err)
	}
	if x, _ := p.action(1); x.Due != 5 || len(x.Moves) != 0 {
		t.Errorf("planning is no moving: %+v", x)
	}
	now := on(time.March, 10)
	c := calendarAt(p, e, now)
	for name, tt := range map[string]struct {
		n    int
		m    Move
		want error
	}{
		"without a reason":  {2, Move{To: 4}, ErrMissing},
		"to a past week":    {2, Move{To: 1, Reason: "x"}, ErrWeekPast},
		"to the same week":  {2, Move{To: 2, Reason: "x"}, ErrSameWeek},
		"behind the end":    {2, Move{To: 13, Reason: "x"}, ErrWeek},
		"with a long story": {2, Move{To: 4, Reason: strings.Repeat("ö", 201)}, ErrTooLong},
		"what is not there": {9, Move{To: 4, Reason: "x"}, ErrNoAction},
	} {
		tt.m.At = now
		if err := p.move(tt.n, tt.m, c); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func TestWhatIsTickedOnMondayCountsForTheWeekBefore(t *testing.T) {
	for day, want := range map[int]int{8: 1, 9: 1, 10: 0} { // Sunday of week 1, Monday, Tuesday
		a := Action{Owner: "aino", Due: 1, Done: on(time.March, day)}
		p := planOf(a)
		if s := p.Score(1, calendarAt(p, running(), on(time.March, 20))); s.Done != want {
			t.Errorf("done on %d March: %d counted, want %d", day, s.Done, want)
		}
	}
}

func TestOverdueIsCountedForEachPerson(t *testing.T) {
	p := planOf(append(due(1, 3, 1), Action{Owner: "bo", Due: 2}, Action{Owner: "gone", Due: 1}, Action{Owner: "bo", Due: 9})...)
	want := []Count{{"aino", 2}, {"bo", 1}, {"gone", 1}}
	if got := p.overdue([]string{"aino", "bo"}, 3); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The press wrote of a government office after two months: 20 % fewer
// meetings, 25 % less time for approvals, 30 % less time misused.
func TestTheChangesOfTheOfficeAreCountedRight(t *testing.T) {
	for _, tt := range []struct {
		name        string
		before, now float64
		want        float64
	}{{"meetings", 20, 16, -20}, {"hours for approvals", 48, 36, -25}, {"time misused", 10, 7, -30}, {"half more", 4, 6, 50}, {"a debt that shrinks", -10, -5, 50}, {"as before", 7, 7, 0}, {"nothing stays nothing", 0, 0, 0}} {
		got, ok := Change(tt.before, tt.now)
		if !ok || got != tt.want {
			t.Errorf("%s: %v %v, want %v", tt.name, got, ok, tt.want)
		}
	}
	if got, ok := Change(0, 5); ok {
		t.Errorf("from nothing to 5 is said to be %v %%", got)
	}
}

func TestLessIsBetterWhereTheGoalSaysSo(t *testing.T) {
	less := Goal{Direction: experiments.Less, Baseline: 20, Target: 16}
	more := Goal{Direction: experiments.More, Baseline: 3, Target: 25}
	for _, tt := range []struct {
		g    Goal
		now  float64
		want Trend
	}{{less, 16, Reached}, {less, 18, Better}, {less, 20, Same}, {less, 21, Worse}, {more, 25, Reached}, {more, 24, Better}, {more, 3, Same}, {more, 2, Worse}} {
		if got := tt.g.Trend(tt.now); got != tt.want {
			t.Errorf("%s from %v to %v is %s, want %s", tt.g.Direction, tt.g.Baseline, tt.now, got, tt.want)
		}
	}
}

func TestResultsAreMissingFromTheirWeekOn(t *testing.T) {
	p := planOf()
	for week, want := range map[int]string{0: "[]", 3: "[]", 4: "[4]", 7: "[4]", 8: "[4 8]", 12: "[4 8 12]", 13: "[4 8 12]"} {
		if got := fmt.Sprint(p.Missing(week)); got != want {
			t.Errorf("week %d: %s, want %s", week, got, want)
		}
	}
	p.Results = []InterimResult{{Week: 4, Goal: 1, Now: 18}}
	if got := fmt.Sprint(p.Missing(9)); got != "[8]" {
		t.Errorf("after week 4 was written: %s", got)
	}
	p.Weeks = 2 // a small experiment
	if got := p.Missing(3); len(got) != 0 {
		t.Errorf("two weeks ask for %v", got)
	}
}

func TestResultsAreWrittenWholeAndNotAhead(t *testing.T) {
	p, e := planOf(), running()
	good := InterimResult{Now: 18, How: "Kalenterista", Day: midnight(time.March, 26)}
	write := func(now time.Time, gate int, list ...InterimResult) error {
		return p.measure(gate, list, calendarAt(p, e, now), now)
	}
	for name, tt := range map[string]struct {
		err  error
		want error
	}{
		"before its week":      {write(on(time.March, 22), 4, good), ErrTooEarly},
		"of no such week":      {write(on(time.March, 26), 5, good), ErrGate},
		"without a method":     {write(on(time.March, 26), 4, InterimResult{Now: 1, Day: good.Day}), ErrMissing},
		"without a day":        {write(on(time.March, 26), 4, InterimResult{Now: 1, How: "x"}), ErrDay},
		"of tomorrow":          {write(on(time.March, 25), 4, good), ErrDayFuture},
		"for goals not at all": {write(on(time.March, 26), 4), ErrMissing},
	} {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: %v, want %v", name, tt.err, tt.want)
		}
	}
	if err := write(on(time.March, 26), 4, good); err != nil {
		t.Fatal(err)
	}
	again := good
	again.Now = 17
	if err := write(on(time.March, 27), 4, again); err != nil || len(p.Results) != 1 || p.Results[0].Now != 17 || p.Results[0].Before != 20 {
		t.Errorf("written again: %v %+v", err, p.Results)
	}
	if err := p.setGoals([]Goal{{Result: "Muu", Measure: "toinen", Direction: experiments.Less}}); !errors.Is(err, ErrMeasured) {
		t.Errorf("a measured goal changes what it measures: %v", err)
	}
}

func TestWeeksFollowTheExperiment(t *testing.T) {
	p := planOf()
	for name, tt := range map[string]struct {
		change func(e *experiments.Experiment)
		at     time.Time
		want   string // week of total, and the Monday of the last week
	}{
		"before it begins":           {nil, on(time.March, 1), "0/12 18.5"},
		"the first day":              {nil, on(time.March, 2), "1/12 18.5"},
		"the last minute of a week":  {nil, time.Date(2026, 3, 29, 23, 59, 0, 0, helsinki), "4/12 18.5"},
		"the day after summer time":  {nil, time.Date(2026, 3, 30, 0, 0, 0, 0, helsinki), "5/12 18.5"},
		"the week of the review":     {nil, on(time.May, 26), "13/12 18.5"},
		"when all is over":           {nil, on(time.June, 1), "14/12 18.5"},
		"started two weeks late":     {func(e *experiments.Experiment) { late(e, midnight(time.March, 18)) }, on(time.March, 18), "1/12 1.6"},
		"a pause of 14 days":         {func(e *experiments.Experiment) { pause(e, on(time.March, 11), on(time.March, 25)) }, on(time.March, 31), "3/12 1.6"},
		"a short pause moves naught": {func(e *experiments.Experiment) { pause(e, on(time.March, 11), on(time.March, 13)) }, on(time.March, 31), "5/12 18.5"},
		"while it is paused":         {func(e *experiments.Experiment) { pause(e, on(time.March, 11), time.Time{}) }, on(time.March, 28), "1/12 8.6"},
		"three weeks longer":         {func(e *experiments.Experiment) { extend(e, 3) }, on(time.May, 26), "13/15 8.6"},
		"a pause, then an extension": {func(e *experiments.Experiment) {
			pause(e, on(time.March, 11), on(time.March, 25))
			extend(e, 2)
		}, on(time.May, 26), "11/14 15.6"},
		"an extension of a later plan": {func(e *experiments.Experiment) { e.Calendar.End = midnight(time.July, 26); extend(e, 2) }, on(time.May, 26), "13/12 18.5"},
		"five weeks are the most":      {func(e *experiments.Experiment) { extend(e, 4); extend(e, 5) }, on(time.May, 26), "13/17 22.6"},
	} {
		t.Run(name, func(t *testing.T) {
			e := running()
			if tt.change != nil {
				tt.change(e)
			}
			c := calendarAt(p, e, tt.at)
			last := c.Monday(c.Total())
			if got := fmt.Sprintf("%d/%d %d.%d", c.Week(tt.at), c.Total(), last.Day(), last.Month()); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			for n := 1; n <= c.Review(); n++ {
				if m := c.Monday(n); m.Weekday() != time.Monday || m.Hour() != 0 {
					t.Errorf("week %d begins on %s", n, m)
				}
			}
		})
	}
}

func extend(e *experiments.Experiment, weeks int) {
	x := experiments.Extension{At: on(time.May, 20), Weeks: weeks, From: e.Calendar.End}
	e.Calendar.End = after(e.Calendar.End, 7*weeks, helsinki)
	x.To = e.Calendar.End
	e.Extensions = append(e.Extensions, x)
}

func late(e *experiments.Experiment, start time.Time) {
	e.Calendar.Start, e.Calendar.End = start, start.AddDate(0, 0, 83)
	e.Lock.At, e.Lock.Calendar = start, e.Calendar
}

func pause(e *experiments.Experiment, from, until time.Time) {
	e.Pauses = []experiments.Pause{{From: from, Until: until}}
	if !until.IsZero() {
		e.Calendar.End = e.Calendar.End.AddDate(0, 0, days(from, until, helsinki))
	}
}

func TestAPlanClosesOnlyWithConclusionsAndResultsOrReasons(t *testing.T) {
	p, e := planOf(), running()
	try := func(at time.Time, excuses map[int]string) error {
		return p.close(Review{Text: "Opimme paljon.", Excuses: excuses, At: at, By: "aino"}, e.Over(), calendarAt(p, e, at))
	}
	if err := try(on(time.April, 1), nil); !errors.Is(err, ErrNotYet) {
		t.Errorf("in week 5: %v", err)
	}
	if err := try(on(time.May, 26), nil); !errors.Is(err, ErrNoPractice) || !errors.Is(err, ErrNoResults) {
		t.Errorf("with nothing written: %v", err)
	}
	if err := p.conclude(0, Practice{Text: "Vartti seisten", Verdict: "maybe"}); !errors.Is(err, ErrVerdict) {
		t.Errorf("no verdict: %v", err)
	}
	for _, one := range []Practice{{Text: "Vartti seisten", Verdict: Works}, {Text: "Sähköpostiton perjantai", Verdict: DoesNot}} {
		if err := p.conclude(0, one); err != nil {
			t.Fatal(err)
		}
	}
	p.Results = []InterimResult{{Week: 4, Goal: 1}, {Week: 8, Goal: 1}}
	if err := try(on(time.May, 26), map[int]string{12: " "}); !errors.Is(err, ErrNoResults) {
		t.Errorf("without week 12 or a reason: %v", err)
	}
	if err := try(on(time.May, 26), map[int]string{4: "unasked", 12: "Järjestelmä oli poissa."}); err != nil {
		t.Fatal(err)
	}
	if !p.IsClosed() || len(p.Review.Excuses) != 1 || p.Practices[1].N != 2 {
		t.Errorf("closed: %+v %+v", p.Review, p.Practices)
	}
}

func TestAnActionThatNoWeekCountedCanBeTakenOut(t *testing.T) {
	p := planOf(Action{Due: 2}, Action{Due: 5}, Action{Due: 6, Moves: []Move{{From: 2, To: 6}}})
	if err := p.remove(1, 2); !errors.Is(err, ErrBegun) {
		t.Errorf("due now: %v", err)
	}
	if err := p.remove(3, 2); !errors.Is(err, ErrBegun) {
		t.Errorf("moved: %v", err)
	}
	if err := p.remove(2, 2); err != nil || len(p.Actions) != 2 {
		t.Errorf("to come: %v", err)
	}
}

func TestGoalsAreWhole(t *testing.T) {
	good := Goal{Result: "Tulos", Measure: "mitta", Direction: experiments.Less}
	for name, tt := range map[string]struct {
		goals []Goal
		want  error
	}{
		"none":                {nil, ErrNoGoal},
		"only empty lines":    {[]Goal{{}, {}}, ErrNoGoal},
		"without a measure":   {[]Goal{{Result: "x", Direction: experiments.Less}}, ErrMissing},
		"without a direction": {[]Goal{{Result: "x", Measure: "y"}}, ErrMissing},
		"four":                {[]Goal{good, good, good, good}, ErrTooMany},
		"a long result":       {[]Goal{{Result: strings.Repeat("ж", 201), Measure: "y", Direction: experiments.More}}, ErrTooLong},
		"three":               {[]Goal{good, {}, good, good}, nil},
	} {
		p := &Plan{}
		if err := p.setGoals(tt.goals); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func TestAPlanBeginsOnAMonday(t *testing.T) {
	p := &Plan{}
	if err := p.setStart(on(time.March, 3), helsinki); !errors.Is(err, ErrNotMonday) {
		t.Errorf("Tuesday: %v", err)
	}
	if err := p.setStart(time.Time{}, helsinki); !errors.Is(err, ErrStart) {
		t.Errorf("no day: %v", err)
	}
	if err := p.setStart(on(time.March, 2), helsinki); err != nil || !p.Start.Equal(midnight(time.March, 2)) {
		t.Errorf("Monday: %v %v", err, p.Start)
	}
}

func TestANoteHasALine(t *testing.T) {
	for name, tt := range map[string]struct {
		note Note
		want error
	}{
		"empty":          {Note{Done: "  "}, ErrNoteEmpty},
		"141 characters": {Note{Today: strings.Repeat("ы", 141)}, ErrTooLong},
		"140 characters": {Note{Obstacle: strings.Repeat("ы", 140)}, nil},
	} {
		if err := tt.note.check(); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}
