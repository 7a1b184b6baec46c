package search

import "testing"

func TestGenerationsForgetWhatIsNotAskedFor(t *testing.T) {
	g := newGenerations[int](100, func(v string) int64 { return int64(len(v)) })
	ten := "0123456789"
	for i := range 40 {
		g.put(i, ten)
		if v, ok := g.get(0); !ok || v != ten {
			t.Fatalf("what is asked for all the while is forgotten after %d others", i)
		}
	}
	if _, ok := g.get(5); ok {
		t.Error("what nobody asked for is remembered")
	}
	if n := len(g.now) + len(g.before); n > 20 {
		t.Errorf("%d are remembered where there is room for 20", n)
	}
	g.put(99, ten+ten+ten)
	if _, ok := g.get(99); ok {
		t.Error("something is remembered that would leave little room")
	}
	if _, ok := g.get(0); !ok {
		t.Error("it pushed others out")
	}
}

func TestWhatIsRememberedOfASegmentIsBounded(t *testing.T) {
	m := newMemory()
	m.share(1000, 100_000, 1, 100)
	for i := range uint32(10_000) {
		m.lists.put(listKey{"text", string(rune('a' + i%5000))}, make([]posting, 100))
	}
	if most := int64(rememberedPostings / 100); m.lists.weight > most {
		t.Errorf("a hundredth of the index remembers %d bytes, at most %d may be", m.lists.weight, most)
	}
}
