package experiments

import "time"

// A Measure is what will tell whether the belief was right: fixed before the
// start, read during it, judged by its own limit at the end.
type Measure struct {
	Name      string    `json:"name"`
	Unit      string    `json:"unit,omitempty"`
	Direction Direction `json:"direction"`
	Baseline  *float64  `json:"baseline,omitempty"`
	Limit     *float64  `json:"limit,omitempty"`
	How       string    `json:"how,omitempty"`

	// Field 19, written when it is over.
	Final  *float64 `json:"final,omitempty"`
	N      int      `json:"n,omitempty"` // how many were counted
	Source string   `json:"source,omitempty"`
}

// Direction is which way a measure should go.
type Direction string

// The directions.
const (
	Less Direction = "less" // at most the limit
	More Direction = "more" // at least the limit
)

// MaxMeasures is how many measures an experiment may have.
const MaxMeasures = 3

// Verdict is what a measure's own limit says about its final value.
type Verdict string

// The verdicts.
const (
	Met     Verdict = "met"
	NotMet  Verdict = "not_met"
	Unknown Verdict = "unknown" // not measured, or no limit was fixed
)

// Verdict judges the final value by the limit; nobody decides it by hand.
func (m Measure) Verdict() Verdict { return m.Judge(m.Final) }

// Judge judges any reading by the limit.
func (m Measure) Judge(value *float64) Verdict {
	switch {
	case value == nil || m.Limit == nil:
		return Unknown
	case m.Direction == Less && *value <= *m.Limit, m.Direction == More && *value >= *m.Limit:
		return Met
	}
	return NotMet
}

// complete reports whether the measure can be locked.
func (m Measure) complete() bool {
	return m.Name != "" && m.Baseline != nil && m.Limit != nil && m.How != "" && (m.Direction == Less || m.Direction == More)
}

// A Reading is a value measured on the way: a number of the log.
type Reading struct {
	Measure int       `json:"measure"` // from 1
	Value   float64   `json:"value"`
	At      time.Time `json:"at"`
	Entry   int       `json:"entry"` // of the log
	Reach   Reach     `json:"reach"`
	Source  string    `json:"source,omitempty"`
}

// MaxReadings is how many readings a card keeps, the newest; the log has them
// all.
const MaxReadings = 600

// A Lock is the snapshot taken at the start: what was believed, what would be
// tried and how it would be judged. Nothing in it changes afterwards.
type Lock struct {
	At       time.Time `json:"at"`
	Version  int       `json:"version"`
	Belief   string    `json:"belief"`
	Test     string    `json:"test"`
	Measures []Measure `json:"measures"`
	Calendar Calendar  `json:"calendar"`
}

func lockOf(e *Experiment, at time.Time) *Lock {
	return &Lock{At: at, Version: e.Version, Belief: e.Belief, Test: e.Test, Measures: append([]Measure(nil), e.Measures...), Calendar: e.Calendar}
}
