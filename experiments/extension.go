package experiments

import (
	"context"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// MaxExtension is how many weeks one extension may have.
const MaxExtension = 5

// An Extension moved the end of a running experiment by some weeks.
type Extension struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Weeks  int       `json:"weeks"`
	Reason string    `json:"reason"`
	From   time.Time `json:"from"` // the last day before
	To     time.Time `json:"to"`   // and since
}

// Faults of extensions.
var (
	ErrExtendNow   = fault.New(fault.Conflict, "experiment.extend_not_running")
	ErrExtendWeeks = fault.New(fault.Invalid, "experiment.extend_weeks", 1, MaxExtension).On("weeks")
	ErrExtendLong  = fault.New(fault.Conflict, "experiment.extend_too_long").On("weeks")
)

// Extend moves the last day of a running experiment by one to five weeks. Its
// owner or team may; the experiment stays within its longest time, pauses
// apart. It fails with ErrExtendNow, ErrExtendWeeks, ErrExtendLong and, without
// a reason, with ErrReason.
func (s *Service) Extend(ctx context.Context, a accounts.Actor, id string, weeks int, reason string) (err error) {
	defer fault.Wrap(&err, "extend experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		_, err := s.changeTx(tx, a, id, accounts.MoveExperiment, "experiment.extended", func(e *Experiment, _ accounts.Thing) error {
			if err := e.Extend(Extension{At: s.Now().UTC(), By: a.ID, Weeks: weeks, Reason: reason}, s.Zone); err != nil {
				return err
			}
			e.Version++
			return nil
		})
		return err
	})
}

// Extend moves the end and keeps the extension. What is counted from the
// calendar, such as weeks and days left, follows; the snapshot of the start
// does not. It fails like Service.Extend and then changes nothing.
func (e *Experiment) Extend(x Extension, zone *time.Location) error {
	x.Reason = strings.TrimSpace(x.Reason)
	var f findings
	switch {
	case e.Stage != Running || !e.Calendar.Set():
		f.add(ErrExtendNow)
	case x.Weeks < 1 || x.Weeks > MaxExtension:
		f.add(ErrExtendWeeks)
	case x.Weeks > e.WeeksLeftToAdd(zone):
		f.add(ErrExtendLong.With(e.maxWeeks(), e.WeeksLeftToAdd(zone)))
	}
	f.when(x.Reason == "", ErrReason)
	f.text("reason", x.Reason, MaxReason)
	if err := f.err(); err != nil {
		return err
	}
	x.From = e.Calendar.End
	e.Calendar = e.Calendar.extended(7*x.Weeks, zone)
	x.To = e.Calendar.End
	e.Extensions = append(e.Extensions, x)
	e.Changed = x.At
	return nil
}

// maxWeeks is the longest time of an experiment of this type.
func (e *Experiment) maxWeeks() int {
	if e.Type == Micro {
		return MicroWeeks
	}
	return MaxWeeks
}

// WeeksLeftToAdd is by how many whole weeks the experiment could still be
// extended, however many times, before it has its longest time. The days by
// which pauses moved the end do not count.
func (e *Experiment) WeeksLeftToAdd(zone *time.Location) int {
	paused := 0
	for _, p := range e.Pauses {
		if !p.Until.IsZero() {
			paused += days(p.From, p.Until, zone)
		}
	}
	used := days(e.Calendar.Start, e.Calendar.End, zone) + 1 - min(paused, MaxPauseDays)
	return max(0, (7*e.maxWeeks()-used)/7)
}
