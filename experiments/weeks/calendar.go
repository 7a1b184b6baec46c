package weeks

import (
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
)

// pausedFrom is how many days of a calendar week must be paused for the week
// not to count.
const pausedFrom = 4

// A Calendar says which calendar weeks are the weeks of a plan. They follow the
// experiment: calendar weeks that were paused for the better part have no
// number, and an extension adds weeks before the review.
type Calendar struct {
	zone    *time.Location
	mondays []time.Time // of week 1, 2 … and the review
	paused  []time.Time // Mondays of weeks without a number
}

// CalendarOf is the calendar of a plan of an experiment, as it is known now.
// A first plan that was made before the experiment started begins in the week
// in which it did.
func CalendarOf(p *Plan, e *experiments.Experiment, now time.Time, zone *time.Location) Calendar {
	monday := Monday(p.Start, zone)
	if p.N == 1 && e.Lock != nil && e.Calendar.Set() && !p.Created.After(e.Lock.At) {
		monday = Monday(e.Calendar.Start, zone)
	}
	c := Calendar{zone: zone}
	total := p.Weeks + extra(p, e, monday, zone)
	for len(c.mondays) <= total {
		if pausedDays(e, monday, now, zone) >= pausedFrom {
			c.paused = append(c.paused, monday)
		} else {
			c.mondays = append(c.mondays, monday)
		}
		monday = after(monday, 7, zone)
	}
	return c
}

// extra is how many weeks extensions of the experiment add to the plan in which
// it was to end. What is more than MaxExtra is for the next plan.
func extra(p *Plan, e *experiments.Experiment, monday time.Time, zone *time.Location) (n int) {
	for _, x := range e.Extensions {
		last := after(x.From, -pausedBefore(e, x.At, zone), zone) // as if nothing had been paused
		if !last.Before(monday) && last.Before(after(monday, 7*(p.Weeks+n+1), zone)) {
			n += x.Weeks
		}
	}
	return min(n, MaxExtra)
}

// pausedBefore is by how many days pauses had moved the end by then.
func pausedBefore(e *experiments.Experiment, at time.Time, zone *time.Location) (n int) {
	for _, one := range e.Pauses {
		if !one.Until.IsZero() && !one.Until.After(at) {
			n += days(one.From, one.Until, zone)
		}
	}
	return min(n, experiments.MaxPauseDays)
}

// pausedDays counts the days of a calendar week on which the experiment was
// paused.
func pausedDays(e *experiments.Experiment, monday, now time.Time, zone *time.Location) (n int) {
	for i := range 7 {
		d := after(monday, i, zone)
		if slices.ContainsFunc(e.Pauses, func(one experiments.Pause) bool {
			until := one.Until
			if until.IsZero() {
				until = now
			}
			return days(one.From, d, zone) >= 0 && days(d, until, zone) > 0
		}) {
			n++
		}
	}
	return n
}

// Total is how many weeks there are before the review.
func (c Calendar) Total() int { return len(c.mondays) - 1 }

// Review is the number of the week after the last: when it is looked back.
func (c Calendar) Review() int { return len(c.mondays) }

// Monday is the day that week n begins with; n is from 1 to Review.
func (c Calendar) Monday(n int) time.Time {
	return c.mondays[min(max(n, 1), len(c.mondays))-1]
}

// Sunday is the last day of week n.
func (c Calendar) Sunday(n int) time.Time { return after(c.Monday(n), 6, c.zone) }

// Week is which week a moment falls in: 0 before the first, Review in the week
// of the review and one more after it. In a pause it is the week before.
func (c Calendar) Week(at time.Time) int {
	for n := len(c.mondays); n > 0; n-- {
		if d := days(c.mondays[n-1], at, c.zone); d >= 0 {
			if n == len(c.mondays) && d >= 7 {
				return n + 1
			}
			return n
		}
	}
	return 0
}

// IsPaused reports whether a moment falls in a week that does not count.
func (c Calendar) IsPaused(at time.Time) bool {
	return slices.ContainsFunc(c.paused, func(m time.Time) bool { return days(m, at, c.zone) >= 0 && days(m, at, c.zone) < 7 })
}

// Monday is the midnight that begins the week of t.
func Monday(t time.Time, zone *time.Location) time.Time {
	d := day(t, zone)
	return after(d, -((int(d.Weekday()) + 6) % 7), zone)
}

// day is the midnight that begins the day of t.
func day(t time.Time, zone *time.Location) time.Time { return after(t, 0, zone) }

// after is the midnight that begins the day so many days after that of t; the
// clock change in spring and autumn does not matter.
func after(t time.Time, n int, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, zone)
}

// days counts the midnights between two moments.
func days(from, to time.Time, zone *time.Location) int {
	utc := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(utc(to).Sub(utc(from)).Hours() / 24)
}
