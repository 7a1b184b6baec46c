package search

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A set of documents is held against a map, at sizes around those of its words.
func TestASetHoldsWhatWasPutIn(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var s, other docSet
	for _, n := range []int{1, 63, 64, 65, 1000, 127, 128, 0} {
		s.empty(n)
		other.empty(n)
		in := map[uint32]bool{}
		for from := 0; from < n; { // in parts that begin anywhere
			var part docSet
			size := 1 + random.IntN(n-from)
			part.empty(size)
			for doc := range uint32(size) {
				part.add(doc)
				in[uint32(from)+doc] = true
			}
			s.put(uint32(from), part)
			from += size + random.IntN(5)
		}
		for doc := range uint32(n) {
			if random.IntN(3) == 0 {
				s.remove(doc)
				delete(in, doc)
			}
		}
		if s.size() != len(in) {
			t.Errorf("%d documents: %d are in, want %d", n, s.size(), len(in))
		}
		both := 0
		for doc := range uint32(n) {
			if random.IntN(2) > 0 {
				other.add(doc)
				if in[doc] {
					both++
				}
			}
		}
		if got := s.common(other); got != both {
			t.Errorf("%d documents: %d in both, want %d", n, got, both)
		}
		for range 20 {
			from, to := uint32(random.IntN(n+1)), uint32(random.IntN(n+1))
			var got, want []uint32
			s.each(from, to, func(doc uint32) { got = append(got, doc) })
			for doc := from; doc < to; doc++ {
				if in[doc] {
					want = append(want, doc)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d documents, from %d to %d: %v, want %v", n, from, to, got, want)
			}
		}
		s.keep(other)
		for doc := range uint32(n) {
			if s.has(doc) != (in[doc] && other.has(doc)) {
				t.Errorf("%d documents: %d is kept: %t", n, doc, s.has(doc))
			}
		}
	}
}
