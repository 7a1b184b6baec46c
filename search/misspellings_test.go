package search

import (
	"math/rand/v2"
	"testing"
)

func TestMisspellingsAreThoseThatDistanceCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	letters := []rune("abåжқ€😀")
	word := func(n int) []rune {
		w := make([]rune, r.IntN(n))
		for i := range w {
			w[i] = letters[r.IntN(len(letters))]
		}
		return w
	}
	accepted := 0
	for range 20_000 {
		a, b, allowed := word(9), word(9), 1+r.IntN(2)
		if r.IntN(2) == 0 && len(a) > 1 { // near ones
			b = append([]rune{}, a...)
			i := r.IntN(len(b) - 1)
			b[i], b[i+1] = b[i+1], b[i]
		}
		m := newMisspellings(string(a), allowed)
		state, dead := m.Start(), false
		for _, c := range []byte(written(string(b), "fi")) {
			state = m.Accept(state, c)
			dead = dead || !m.CanMatch(state)
		}
		near := distance(a, b, allowed) <= allowed
		if m.IsMatch(state) != near {
			t.Fatalf("%q of %q, %d allowed: accepted %v, near %v", string(b), string(a), allowed, !near, near)
		}
		if near {
			accepted++
			if dead {
				t.Fatalf("%q of %q is given up on the way", string(b), string(a))
			}
		}
	}
	if accepted < 1000 {
		t.Errorf("only %d were near: the test says little", accepted)
	}
}
