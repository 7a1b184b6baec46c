package experiments

import "time"

// Weeks of an experiment.
const (
	DefaultWeeks = 12
	MaxWeeks     = 26
	MicroWeeks   = 2
)

// Calendar is when it is tried. Start and End are days, End the last one;
// both are kept as the midnight the day begins with in the portal's zone.
type Calendar struct {
	Start   time.Time    `json:"start,omitzero"`
	End     time.Time    `json:"end,omitzero"`
	CheckIn time.Weekday `json:"check_in,omitempty"` // the day the team meets
}

// Set reports whether both days are known.
func (c Calendar) Set() bool { return !c.Start.IsZero() && !c.End.IsZero() }

// Weeks is how many weeks the calendar has, the last one perhaps shorter.
func (c Calendar) Weeks(zone *time.Location) int {
	if !c.Set() {
		return DefaultWeeks
	}
	return max(1, (days(c.Start, c.End, zone)+7)/7)
}

// Week is which week a moment falls in, from 1. It is 0 before the start and
// stays at the last week after the end.
func (c Calendar) Week(at time.Time, zone *time.Location) int {
	if !c.Set() || days(c.Start, at, zone) < 0 {
		return 0
	}
	return min(days(c.Start, at, zone)/7+1, c.Weeks(zone))
}

// Overdue is how many days the end has passed, 0 before that.
func (c Calendar) Overdue(at time.Time, zone *time.Location) int {
	if !c.Set() {
		return 0
	}
	return max(0, days(c.End, at, zone))
}

// extended is the calendar with its end moved by whole days.
func (c Calendar) extended(n int, zone *time.Location) Calendar {
	c.End = c.End.In(zone).AddDate(0, 0, n)
	return c
}

// beginning is the calendar moved so that it begins on the day of at.
func (c Calendar) beginning(at time.Time, zone *time.Location) Calendar {
	if !c.Set() {
		c.Start = day(at, zone)
		c.End = c.Start.AddDate(0, 0, 7*DefaultWeeks-1)
		return c
	}
	n := days(c.Start, at, zone)
	c.Start = day(at, zone)
	return c.extended(n, zone)
}

// day is the midnight that begins the day of t in zone.
func day(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// days counts the midnights between two moments; the clock change in spring
// and autumn does not matter.
func days(from, to time.Time, zone *time.Location) int {
	utc := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(utc(to).Sub(utc(from)).Hours() / 24)
}
