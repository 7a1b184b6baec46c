package main

import (
	"slices"
	"time"
)

// percentile is the smallest value that p of the values, 0 to 1, do not
// exceed; 0 when there are none.
func percentile(values []time.Duration, p float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(p * float64(len(sorted)))
	if float64(rank) == p*float64(len(sorted)) && rank > 0 {
		rank--
	}
	return sorted[min(rank, len(sorted)-1)]
}

// median of an even number of values is the mean of the middle two.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// A pair is what was measured of the portal and of its reference in the same
// round.
type pair struct{ ours, theirs float64 }

// pairs are the rounds of one comparison.
type pairs []pair

// medians are the middle of each side and of the rounds' ratios.
func (p pairs) medians() (ours, theirs, ratio float64) {
	var a, b, r []float64
	for _, one := range p {
		a, b = append(a, one.ours), append(b, one.theirs)
		if one.theirs > 0 {
			r = append(r, one.ours/one.theirs)
		}
	}
	return median(a), median(b), median(r)
}
