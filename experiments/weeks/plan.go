// Package weeks is the twelve-week plan of an experiment: one to three goals,
// actions with an owner and a week, a score for every week, interim results
// that cannot be forgotten, and at the end what works, what does not and what
// is still unclear.
package weeks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// Limits of a plan.
const (
	FullLength   = 12 // weeks; the review follows them
	MaxExtra     = 5  // weeks that an extension of the experiment may add
	MaxGoals     = 3
	MaxActions   = 150
	MaxPractices = 20

	maxLine   = 120 // an action, a practice
	maxReason = 200
	maxShort  = 80
	maxUnit   = 20
	maxWhy    = 400
)

// A Plan is twelve weeks of an experiment. An experiment has them one after the
// other: number 1, 2, 3. A plan is closed exactly when its review is written;
// a closed plan does not change.
type Plan struct {
	Experiment string          `json:"experiment"`
	N          int             `json:"n"` // from 1, in the order they were begun
	Version    int             `json:"version"`
	Start      time.Time       `json:"start"` // the Monday that begins week 1, as a midnight
	Weeks      int             `json:"weeks"` // without extensions and the review
	Goals      []Goal          `json:"goals"`
	Actions    []Action        `json:"actions,omitempty"`
	Results    []InterimResult `json:"results,omitempty"`
	Practices  []Practice      `json:"practices,omitempty"`
	Review     *Review         `json:"review,omitempty"`
	LastAction int             `json:"last_action,omitempty"` // number given last; none is given twice
	Reminded   []int           `json:"reminded,omitempty"`    // weeks whose results the owner was written about
	Created    time.Time       `json:"created"`
	Changed    time.Time       `json:"changed"`
}

// A Goal is a result to reach and the number that will show it.
type Goal struct {
	Result    string                `json:"result"`
	Measure   string                `json:"measure"`
	Unit      string                `json:"unit,omitempty"`
	Direction experiments.Direction `json:"direction"`
	Baseline  float64               `json:"baseline"`
	Target    float64               `json:"target"`
}

// Faults of plans.
var (
	ErrNotMonday = fault.New(fault.Invalid, "weeks.not_monday").On("start")
	ErrStart     = fault.New(fault.Invalid, "weeks.start_invalid").On("start")
	ErrNoGoal    = fault.New(fault.Invalid, "weeks.no_goal").On("goal_1_result")
	ErrMissing   = fault.New(fault.Invalid, "weeks.missing")
	ErrNumber    = fault.New(fault.Invalid, "weeks.number_invalid")
	ErrTooLong   = fault.New(fault.Invalid, "weeks.too_long")
	ErrTooMany   = fault.New(fault.Invalid, "weeks.too_many")
	ErrClosed    = fault.New(fault.Conflict, "weeks.closed")
	ErrOpen      = fault.New(fault.Conflict, "weeks.still_open")
	ErrChanged   = fault.New(fault.Conflict, "weeks.changed")
)

// IsClosed reports whether the review was written.
func (p *Plan) IsClosed() bool { return p.Review != nil }

// setStart fixes the Monday the plan begins with.
func (p *Plan) setStart(start time.Time, zone *time.Location) error {
	switch {
	case start.IsZero():
		return ErrStart
	case start.In(zone).Weekday() != time.Monday:
		return ErrNotMonday
	}
	p.Start = day(start, zone)
	return nil
}

// setGoals replaces the goals. Lines without a word are left out; the rest must
// be whole: result, measure, direction.
func (p *Plan) setGoals(goals []Goal) error {
	var f findings
	var kept []Goal
	for i, g := range goals {
		g.Result, g.Measure, g.Unit = strings.TrimSpace(g.Result), strings.TrimSpace(g.Measure), strings.TrimSpace(g.Unit)
		if g.Result == "" && g.Measure == "" && g.Unit == "" {
			continue
		}
		f.must(goalField(i, "result"), g.Result, maxReason)
		f.must(goalField(i, "measure"), g.Measure, maxShort)
		f.text(goalField(i, "unit"), g.Unit, maxUnit)
		f.when(g.Direction != experiments.Less && g.Direction != experiments.More, ErrMissing.On(goalField(i, "direction")))
		kept = append(kept, g)
	}
	f.when(len(kept) == 0, ErrNoGoal)
	f.when(len(kept) > MaxGoals, ErrTooMany.With(MaxGoals).On("goal_1_result"))
	if err := f.err(); err != nil {
		return err
	}
	for i := range kept { // what was measured for a goal stays with it
		if i < len(p.Goals) && p.measured(i+1) && kept[i] != p.Goals[i] && (kept[i].Measure != p.Goals[i].Measure || kept[i].Baseline != p.Goals[i].Baseline) {
			return ErrMeasured.On(goalField(i, "measure"))
		}
	}
	if len(kept) < len(p.Goals) && slices.ContainsFunc(p.Results, func(r InterimResult) bool { return r.Goal > len(kept) }) {
		return ErrMeasured.On("goal_1_result")
	}
	p.Goals = kept
	return nil
}

// ErrMeasured is returned when what a goal measures, or from where, would
// change after it was measured.
var ErrMeasured = fault.New(fault.Conflict, "weeks.measured_already")

func (p *Plan) measured(goal int) bool {
	return slices.ContainsFunc(p.Results, func(r InterimResult) bool { return r.Goal == goal })
}

// goalField is the name of a goal's field in a form: "goal_1_result".
func goalField(i int, field string) string { return fmt.Sprintf("goal_%d_%s", i+1, field) }
