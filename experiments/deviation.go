package experiments

import (
	"slices"
	"time"
)

// asLocked is the i-th measure as it is judged: with name, direction, before
// and limit of the start, and what was found in the end.
func (e *Experiment) asLocked(i int) Measure {
	m := e.Measures[i]
	if e.Lock == nil || i >= len(e.Lock.Measures) {
		return m
	}
	locked := e.Lock.Measures[i]
	locked.Final, locked.N, locked.Source = m.Final, m.N, m.Source
	return locked
}

// A Deviation is something that is not as it was locked at the start. Measure
// is its number, from 1, if it is one.
type Deviation struct {
	What    DeviationKind
	Measure int
	Then    string
	Now     string
	// ThenDay and NowDay are set instead, where it is a day.
	ThenDay, NowDay time.Time
	// ThenValue and NowValue are set instead, where it is a number of a measure.
	ThenValue, NowValue *float64
}

// DeviationKind is what deviates.
type DeviationKind string

// What may deviate from the snapshot.
const (
	DevBelief    DeviationKind = "belief"
	DevTest      DeviationKind = "test"
	DevName      DeviationKind = "measure"
	DevUnit      DeviationKind = "unit"
	DevDirection DeviationKind = "direction"
	DevBaseline  DeviationKind = "baseline"
	DevLimit     DeviationKind = "limit"
	DevHow       DeviationKind = "how"
	DevStart     DeviationKind = "start"
	DevEnd       DeviationKind = "end"
)

// Deviations are what differs from the snapshot of the start, in the order of
// the card. Before the start there are none.
func (e *Experiment) Deviations() (list []Deviation) {
	if e.Lock == nil {
		return nil
	}
	words := func(what DeviationKind, measure int, then, now string) {
		if then != now {
			list = append(list, Deviation{What: what, Measure: measure, Then: then, Now: now})
		}
	}
	words(DevBelief, 0, e.Lock.Belief, e.Belief)
	words(DevTest, 0, e.Lock.Test, e.Test)
	for i := range max(len(e.Measures), len(e.Lock.Measures)) {
		then, now := nth(e.Lock.Measures, i), nth(e.Measures, i)
		words(DevName, i+1, then.Name, now.Name)
		words(DevUnit, i+1, then.Unit, now.Unit)
		words(DevDirection, i+1, string(then.Direction), string(now.Direction))
		list = slices.Concat(list, differing(DevBaseline, i+1, then.Baseline, now.Baseline), differing(DevLimit, i+1, then.Limit, now.Limit))
		words(DevHow, i+1, then.How, now.How)
	}
	for _, day := range []struct {
		what      DeviationKind
		then, now time.Time
	}{{DevStart, e.Lock.Calendar.Start, e.Calendar.Start}, {DevEnd, e.Lock.Calendar.End, e.Calendar.End}} {
		if !day.then.Equal(day.now) {
			list = append(list, Deviation{What: day.what, ThenDay: day.then, NowDay: day.now})
		}
	}
	return list
}

func differing(what DeviationKind, measure int, then, now *float64) []Deviation {
	if then == nil && now == nil || then != nil && now != nil && *then == *now {
		return nil
	}
	return []Deviation{{What: what, Measure: measure, ThenValue: then, NowValue: now}}
}
