// Package tally counts what happens so cheaply that the busiest paths can be
// counted: an Add takes some nanoseconds and no lock. Whoever wants to know
// reads the counts now and then; nothing here knows how they are shown.
package tally

import (
	"slices"
	"sync/atomic"
	"time"
)

// Histogram counts values by size. Make one with NewHistogram.
type Histogram struct {
	bounds []float64
	counts []atomic.Uint64 // one for each bound, and one for what is larger
	micros atomic.Uint64   // millionths of the sum
}

// Seconds are bounds that fit most durations.
var Seconds = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

// NewHistogram returns an empty histogram. bounds grow; a value that equals one
// is counted below it.
func NewHistogram(bounds ...float64) *Histogram {
	return &Histogram{bounds: bounds, counts: make([]atomic.Uint64, len(bounds)+1)}
}

// Add counts one value of at least zero.
func (h *Histogram) Add(v float64) {
	i, _ := slices.BinarySearch(h.bounds, v)
	h.counts[i].Add(1)
	h.micros.Add(uint64(v*1e6 + .5))
}

// Took counts the time since start, in seconds.
func (h *Histogram) Took(start time.Time) { h.Add(time.Since(start).Seconds()) }

// Spread is a histogram at one moment.
type Spread struct {
	Bounds []float64
	Counts []uint64 // values up to each bound but above the one before; the last: above all
	Sum    float64
}

// Total is how many values there are.
func (s Spread) Total() (n uint64) {
	for _, c := range s.Counts {
		n += c
	}
	return n
}

// Read returns the histogram as it is now. Values added meanwhile may be
// counted in part.
func (h *Histogram) Read() Spread {
	s := Spread{Bounds: h.bounds, Counts: make([]uint64, len(h.counts)), Sum: float64(h.micros.Load()) / 1e6}
	for i := range h.counts {
		s.Counts[i] = h.counts[i].Load()
	}
	return s
}
