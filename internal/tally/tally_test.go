package tally_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/tally"
)

func TestValuesAreCountedBelowTheirBound(t *testing.T) {
	h := tally.NewHistogram(1, 10, 100)
	for _, v := range []float64{0, 1, 1.5, 10, 11, 1000} {
		h.Add(v)
	}
	want := tally.Spread{Bounds: []float64{1, 10, 100}, Counts: []uint64{2, 2, 1, 1}, Sum: 1023.5}
	if diff := cmp.Diff(want, h.Read()); diff != "" {
		t.Error(diff)
	}
	if n := h.Read().Total(); n != 6 {
		t.Errorf("%d values, want 6", n)
	}
}

func TestManyMayCountAtOnce(t *testing.T) {
	h := tally.NewHistogram(tally.Seconds...)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				h.Took(time.Now())
			}
		})
	}
	wg.Wait()
	if n := h.Read().Total(); n != 8000 {
		t.Errorf("%d values, want 8000", n)
	}
}

func BenchmarkAdd(b *testing.B) {
	h := tally.NewHistogram(tally.Seconds...)
	for b.Loop() {
		h.Add(.002)
	}
}
