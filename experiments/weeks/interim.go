package weeks

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// GateWeeks are the weeks in which results are asked for.
var GateWeeks = []int{4, 8, 12}

// An InterimResult is what a goal's measure showed in week 4, 8 or 12: before,
// now, how it was counted and when. Less and what it measures are the goal's.
type InterimResult struct {
	Week    int       `json:"week"`
	Goal    int       `json:"goal"` // from 1
	Before  float64   `json:"before"`
	Now     float64   `json:"now"`
	How     string    `json:"how"` // it was counted
	Day     time.Time `json:"day"` // when
	Written time.Time `json:"written"`
	By      string    `json:"by"`
}

// Faults of interim results.
var (
	ErrGate      = fault.New(fault.NotFound, "error.not_found")
	ErrTooEarly  = fault.New(fault.Conflict, "weeks.too_early")
	ErrDay       = fault.New(fault.Invalid, "weeks.day_invalid")
	ErrDayFuture = fault.New(fault.Invalid, "weeks.day_future")
)

// Gates are the weeks of this plan in which results are asked for.
func (p *Plan) Gates() []int {
	var list []int
	for _, n := range GateWeeks {
		if n <= p.Weeks {
			list = append(list, n)
		}
	}
	return list
}

// ResultOf is what was written of a goal (from 1) in a week.
func (p *Plan) ResultOf(week, goal int) (InterimResult, bool) {
	for _, r := range p.Results {
		if r.Week == week && r.Goal == goal {
			return r, true
		}
	}
	return InterimResult{}, false
}

// LastResult is the newest that was written of a goal (from 1).
func (p *Plan) LastResult(goal int) (last InterimResult, ok bool) {
	for _, r := range p.Results {
		if r.Goal == goal && r.Week >= last.Week {
			last, ok = r, true
		}
	}
	return last, ok
}

// Missing are the weeks up to this one whose results are not whole.
func (p *Plan) Missing(week int) []int {
	var list []int
	for _, gate := range p.Gates() {
		if gate <= week && !p.whole(gate) {
			list = append(list, gate)
		}
	}
	return list
}

func (p *Plan) whole(gate int) bool {
	for i := range p.Goals {
		if _, ok := p.ResultOf(gate, i+1); !ok {
			return false
		}
	}
	return true
}

// measure writes the results of a week, one for each goal, in place of those
// that stood there.
func (p *Plan) measure(gate int, results []InterimResult, c Calendar, now time.Time) error {
	switch {
	case !slices.Contains(p.Gates(), gate):
		return ErrGate
	case c.Week(now) < gate:
		return ErrTooEarly
	}
	var f findings
	for i := range results {
		r := &results[i]
		r.How = strings.TrimSpace(r.How)
		f.must(goalField(i, "how"), r.How, maxReason)
		f.when(r.Day.IsZero(), ErrDay.On(goalField(i, "day")))
		f.when(days(now, r.Day, c.zone) > 0, ErrDayFuture.On(goalField(i, "day")))
		f.when(math.IsNaN(r.Now) || math.IsInf(r.Now, 0), ErrNumber.On(goalField(i, "now")))
	}
	f.when(len(results) != len(p.Goals), ErrMissing.On(goalField(0, "now")))
	if err := f.err(); err != nil {
		return err
	}
	p.Results = slices.DeleteFunc(p.Results, func(r InterimResult) bool { return r.Week == gate })
	for i, r := range results {
		r.Week, r.Goal, r.Before, r.Written = gate, i+1, p.Goals[i].Baseline, now
		p.Results = append(p.Results, r)
	}
	return nil
}

// Change is by how many per cent a number went up or down. ok is false when it
// cannot be said: from nothing, no percentage leads to something.
func Change(before, now float64) (percent float64, ok bool) {
	switch {
	case before == now:
		return 0, true
	case before == 0:
		return 0, false
	}
	return 100 * (now - before) / math.Abs(before), true
}

// Trend is where a number went, seen from the goal.
type Trend string

// The trends.
const (
	Better  Trend = "better"
	Worse   Trend = "worse"
	Same    Trend = "same"
	Reached Trend = "reached" // the target
)

// Trend judges a value of the goal's measure by its direction.
func (g Goal) Trend(now float64) Trend {
	less := g.Direction == experiments.Less
	switch {
	case less && now <= g.Target, !less && now >= g.Target:
		return Reached
	case now == g.Baseline:
		return Same
	case less == (now < g.Baseline):
		return Better
	}
	return Worse
}
