package main

import (
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i)
	}
	tests := map[string]struct {
		values []time.Duration
		p      float64
		want   time.Duration
	}{
		"of nothing":               {nil, 0.5, 0},
		"of one value":             {[]time.Duration{7}, 0.99, 7},
		"the middle":               {[]time.Duration{9, 1, 5}, 0.5, 5},
		"the ninety-ninth of 100":  {hundred, 0.99, 99},
		"the largest":              {hundred, 1, 100},
		"half of an even number":   {[]time.Duration{4, 3, 2, 1}, 0.5, 2},
		"the smallest":             {hundred, 0, 1},
		"p99 of few is the worst":  {[]time.Duration{1, 2, 3}, 0.99, 3},
		"equal values do not hide": {[]time.Duration{2, 2, 2, 8}, 0.75, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := percentile(tt.values, tt.p); got != tt.want {
				t.Errorf("percentile(%v, %v) = %v, want %v", tt.values, tt.p, got, tt.want)
			}
		})
	}
	if hundred[0] != 100 {
		t.Error("the values were sorted in place")
	}
}

func TestTheMedianOfPairsIsThatOfTheirRatios(t *testing.T) {
	// One round in which the machine was busy must not decide.
	p := pairs{{10, 10}, {12, 10}, {500, 10}, {11, 10}, {0, 0}}
	ours, theirs, ratio := p.medians()
	if ours != 11 || theirs != 10 || ratio < 1.149 || ratio > 1.151 {
		t.Errorf("medians = %v, %v, ratio %v", ours, theirs, ratio)
	}
	if _, _, ratio := (pairs{}).medians(); ratio != 0 {
		t.Errorf("no rounds have the ratio %v", ratio)
	}
}
