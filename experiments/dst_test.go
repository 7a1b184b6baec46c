package experiments_test

import (
	"errors"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
)

// Helsinki changes its clocks in March and October. Almaty has none of that,
// but its midnight came twice on 1 March 2024, when the clocks went back an
// hour for good.
func TestDaysAreDaysWhateverTheClocksDo(t *testing.T) {
	almaty := mustZone("Asia/Almaty")
	local := func(zone *time.Location, y int, m time.Month, d, h, min int) time.Time {
		return time.Date(y, m, d, h, min, 0, 0, zone)
	}
	tests := map[string]struct {
		zone        *time.Location
		starts      time.Time // when the button is pressed
		pause, goOn time.Time
		first, last string // after the start
		moved       string // the last day after the pause
		extended    string // and after two more weeks
	}{
		"spring forward in Helsinki": {
			helsinki, local(helsinki, 2026, time.March, 28, 23, 59), local(helsinki, 2026, time.March, 29, 2, 30), local(helsinki, 2026, time.March, 30, 0, 1),
			"2026-03-28", "2026-04-24", "2026-04-25", "2026-05-09",
		},
		"fall back in Helsinki": {
			helsinki, local(helsinki, 2026, time.October, 25, 0, 5), local(helsinki, 2026, time.October, 25, 3, 30), local(helsinki, 2026, time.November, 1, 23, 55),
			"2026-10-25", "2026-11-21", "2026-11-28", "2026-12-12",
		},
		"the day of 25 hours in Almaty": {
			almaty, local(almaty, 2024, time.February, 29, 23, 30), local(almaty, 2024, time.March, 1, 0, 30), local(almaty, 2024, time.March, 3, 0, 0),
			"2024-02-29", "2024-03-27", "2024-03-29", "2024-04-12",
		},
		"the second 23.30 of that evening": {
			almaty, local(almaty, 2024, time.February, 29, 22, 30).Add(2 * time.Hour), local(almaty, 2024, time.March, 1, 12, 0), local(almaty, 2024, time.March, 1, 13, 0),
			"2024-02-29", "2024-03-27", "2024-03-27", "2024-04-10",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := daycare()
			y := tt.starts.Year()
			e.Calendar = experiments.Calendar{Start: time.Date(y, time.January, 12, 0, 0, 0, 0, tt.zone), End: time.Date(y, time.February, 8, 0, 0, 0, 0, tt.zone)}
			e.Stage = experiments.Planned
			move := func(to experiments.Stage, at time.Time) {
				t.Helper()
				if err := e.Advance(experiments.Move{To: to, At: at.UTC(), By: "owner", Reason: "why"}, tt.zone); err != nil {
					t.Fatal(err)
				}
			}
			move(experiments.Running, tt.starts)
			isDay(t, "first day", e.Calendar.Start, tt.zone, tt.first)
			isDay(t, "last day", e.Calendar.End, tt.zone, tt.last)
			if n := e.Calendar.Weeks(tt.zone); n != 4 {
				t.Errorf("%d weeks, want 4", n)
			}
			move(experiments.Paused, tt.pause)
			move(experiments.Running, tt.goOn)
			isDay(t, "last day after the pause", e.Calendar.End, tt.zone, tt.moved)
			if err := e.Extend(experiments.Extension{At: tt.goOn, By: "owner", Weeks: 2, Reason: "why"}, tt.zone); err != nil {
				t.Fatal(err)
			}
			isDay(t, "last day after two more weeks", e.Calendar.End, tt.zone, tt.extended)
			isDay(t, "last day in the snapshot", e.Lock.Calendar.End, tt.zone, tt.last)
			if due := e.Calendar.End.In(tt.zone).AddDate(0, 0, experiments.GraceDays); e.EndsByItself(due.Add(-time.Minute), tt.zone) || !e.EndsByItself(due, tt.zone) {
				t.Error("it does not end by itself on the fourteenth day")
			}
		})
	}
}

// isDay checks that a day begins at its own midnight.
func isDay(t *testing.T, what string, at time.Time, zone *time.Location, want string) {
	t.Helper()
	if got := at.In(zone).Format("2006-01-02 15:04"); got != want+" 00:00" {
		t.Errorf("%s: %s, want %s 00:00", what, got, want)
	}
}

func TestDaysThatAreNoneAreRefused(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	for _, day := range []string{"2026-02-30", "2026-13-01", "30.2.2026", "0001-01-01", "9999-12-31", "tomorrow", "2026-03-29T02:30"} {
		s.want(s.fill("developer", id, "calendar", map[string][]string{"start": {day}, "end": {"2026-05-31"}}), 422, "", `href="#start"`)
		s.want(s.fill("developer", id, "decisions", map[string][]string{"permission_1_rule": {"x"}, "permission_1_by": {"y"}, "permission_1_until": {day}}), 422, "", `href="#permission_1_until"`)
	}
	s.want(s.fill("developer", id, "calendar", map[string][]string{"start": {"29.3.2026"}, "end": {"25.10.2026"}}), 422, "", "26") // 31 weeks
	s.want(s.fill("developer", id, "calendar", map[string][]string{"start": {"29.3.2026"}, "end": {"26.9.2026"}}), 303, "")        // 26 weeks to the day
	if c := s.card(id).Calendar; c.Weeks(helsinki) != 26 {
		t.Errorf("%d weeks", c.Weeks(helsinki))
	}
}

func TestExtensionsStayWithinTheLongestTime(t *testing.T) {
	e := at(t, daycare(), experiments.Idea, experiments.Planned, experiments.Running) // four weeks
	more := func(weeks int) error {
		return e.Extend(experiments.Extension{At: on(time.March, 1), By: "owner", Weeks: weeks, Reason: "why"}, helsinki)
	}
	before := e.Calendar.End
	for _, weeks := range []int{-1, 0, 6} {
		if err := more(weeks); !errors.Is(err, experiments.ErrExtendWeeks) || !e.Calendar.End.Equal(before) {
			t.Errorf("%d weeks: %v", weeks, err)
		}
	}
	for _, weeks := range []int{5, 5, 5, 5} {
		if err := more(weeks); err != nil {
			t.Fatal(err)
		}
	}
	if err := more(3); !errors.Is(err, experiments.ErrExtendLong) {
		t.Errorf("the 27th week: %v", err)
	}
	if err := more(2); err != nil {
		t.Errorf("the 26th: %v", err)
	}
	if n := e.Calendar.Weeks(helsinki); n != 26 || len(e.Extensions) != 5 || !e.Extensions[4].To.Equal(e.Calendar.End) {
		t.Errorf("%d weeks, %d extensions", n, len(e.Extensions))
	}
	micro := at(t, daycare(), experiments.Idea, experiments.Planned, experiments.Running)
	micro.Type = experiments.Micro
	if err := micro.Extend(experiments.Extension{Weeks: 1, Reason: "why"}, helsinki); !errors.Is(err, experiments.ErrExtendLong) {
		t.Errorf("a micro-experiment of more than two weeks: %v", err)
	}
}
