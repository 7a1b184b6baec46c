package experiments

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// start takes the snapshot, locks the measures and lets the weeks begin on
// this day, the planned length kept.
func start(e *Experiment, m Move, zone *time.Location) {
	e.Calendar = e.Calendar.beginning(m.At, zone)
	if e.Type == Micro {
		last := e.Calendar.Start.AddDate(0, 0, 7*MicroWeeks-1)
		if e.Calendar.End.After(last) {
			e.Calendar.End = last
		}
	}
	e.Lock = lockOf(e, m.At)
}

func pause(e *Experiment, m Move, _ *time.Location) {
	e.Pauses = append(e.Pauses, Pause{From: m.At, Reason: m.Reason})
}

// resume closes the pause and moves the end by its length, up to what pauses
// may take in all.
func resume(e *Experiment, m Move, zone *time.Location) {
	last := len(e.Pauses) - 1
	if last < 0 {
		return
	}
	before := e.PausedDays(e.Pauses[last].From, zone)
	length := days(e.Pauses[last].From, m.At, zone)
	e.Calendar = e.Calendar.extended(min(length, max(0, MaxPauseDays-before)), zone)
	closePause(e, m, zone)
}

func closePause(e *Experiment, m Move, _ *time.Location) {
	if last := len(e.Pauses) - 1; last >= 0 && e.Pauses[last].Until.IsZero() {
		e.Pauses[last].Until = m.At
	}
}

func noteSpread(e *Experiment, m Move, _ *time.Location) {
	e.Spread = append(e.Spread, SpreadNote{By: m.By, At: m.At, Note: m.Reason})
}

// EndsByItself reports whether the system ends the experiment now: its last
// day passed GraceDays ago and nobody did.
func (e *Experiment) EndsByItself(now time.Time, zone *time.Location) bool {
	return e.Stage == Running && e.Calendar.Overdue(now, zone) > GraceDays-1 && e.Calendar.Set()
}

// MayBePublished returns nil when a case can be drafted from the experiment:
// it is over and its lesson is written. Otherwise it says what is missing.
func (e *Experiment) MayBePublished() error {
	switch {
	case e.Stage == Learned, e.Stage == Spread:
		return nil
	case e.Stage == Stopped || e.Stage == Archived:
		return fault.Join(missing(e, lessonFields)...)
	}
	return ErrNotOver
}
