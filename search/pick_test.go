package search

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPickedIsWhatSortingWouldGive picks random stretches of random finds, many
// of which are equal but for their number.
func TestPickedIsWhatSortingWouldGive(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		list := make([]scored, random.IntN(3000))
		for i := range list {
			list[i] = scored{doc: uint32(i), first: float64(random.IntN(20)), second: float64(random.IntN(5))}
		}
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		from, size := random.IntN(len(list)+50), random.IntN(60)
		p := newPicker(from, size)
		for _, s := range list {
			p.offer(s)
		}
		got := p.stretch()
		slices.SortFunc(list, scored.compare)
		want := list[min(from, len(list)):min(from+size, len(list))]
		if !slices.Equal(got, want) {
			t.Fatalf("%d of %d from %d on: %v, want %v", size, len(list), from, got, want)
		}
	}
}
