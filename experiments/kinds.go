package experiments

import (
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// MostInComplete is how many people a complete process is tried with: few
// enough to do everything by hand and to look at each of them.
const MostInComplete = 5

// Faults of the types.
var (
	ErrFive       = fault.New(fault.Invalid, "experiment.complete_five", MostInComplete).On("number")
	ErrMicroWeeks = fault.New(fault.Invalid, "experiment.calendar_long", MicroWeeks).On("type")
)

// kindFaults are what the card's type does not allow in a section that was
// just written, each at the field that can mend it.
func (e *Experiment) kindFaults(s Section) (list []*fault.Error) {
	choosing := s == SectionBelief
	add := func(wrong bool, written Section, err *fault.Error) {
		switch {
		case wrong && choosing:
			list = append(list, err.On("type"))
		case wrong && s == written:
			list = append(list, err)
		}
	}
	add(e.Type == Complete && e.People.Number > MostInComplete, SectionPeople, ErrFive)
	add(e.Type == Micro && e.Money.Any(), SectionMoney, ErrNotMicro)
	add(choosing && e.Type == Micro && e.tooLongForMicro(), SectionBelief, ErrMicroWeeks)
	return list
}

func (e *Experiment) tooLongForMicro() bool {
	return e.Calendar.Set() && !e.Calendar.End.Before(e.Calendar.Start.AddDate(0, 0, 7*MicroWeeks))
}

// needsHost reports whether nobody of the municipality is named yet who hosts
// what residents do.
func (e *Experiment) needsHost() bool { return e.Type == Resident && e.Host == "" }

// Sizes from which an experiment is better split into parts.
const (
	ManyWeeks  = DefaultWeeks
	ManyPeople = 30
)

// Oversize reports whether the experiment is longer than ManyWeeks or larger
// than ManyPeople: it is then advised, and only advised, to split it.
func (e *Experiment) Oversize(zone *time.Location) bool {
	return e.People.Number > ManyPeople || e.Calendar.Set() && e.Calendar.Weeks(zone) > ManyWeeks
}

// Rung is how high an experiment stands on the ladder from the small to the
// large.
type Rung string

// The rungs.
const (
	RungMicro  Rung = "micro"
	RungSmall  Rung = "small"
	RungScaled Rung = "scaled"
)

// Rungs lists the rungs from below.
var Rungs = []Rung{RungMicro, RungSmall, RungScaled}

// Rung is where on the ladder the experiment stands: a micro-experiment or a
// complete process for one to five persons, a small one, or a scaled one.
func (r Row) Rung(zone *time.Location) Rung {
	size := Experiment{Type: r.Type, People: Participants{Number: r.People}, Calendar: r.Calendar}
	switch {
	case slices.Contains([]Type{Micro, Complete}, r.Type):
		return RungMicro
	case size.Oversize(zone) || r.Stage == Spread:
		return RungScaled
	}
	return RungSmall
}
