package search

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestCountsOfZonesSurvivePacking(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		c := zoneCounts{r.IntN(maxInText + 1), r.IntN(maxInTitle + 1), r.IntN(maxInLead + 1), r.IntN(maxInNames + 1)}
		if r.IntN(2) == 0 {
			c = zoneCounts{textZone: 1 + r.IntN(1000)}
		}
		if c == (zoneCounts{}) {
			continue
		}
		if got := unpacked(uint32(c.packed())); got != c {
			t.Fatalf("%v is read as %v", c, got)
		}
	}
	if n := (zoneCounts{textZone: 1}).packed(); n != 1 {
		t.Errorf("a term that is there once is kept as %d", n)
	}
	if got := unpacked(uint32(zoneCounts{2 << 20, 99, 99, 99}.packed())); got != (zoneCounts{maxInText, maxInTitle, maxInLead, maxInNames}) {
		t.Errorf("too many are kept as %v", got)
	}
}

func TestATermCountsByItsZonesAndTheirLength(t *testing.T) {
	short := lengths{stepOf(100), stepOf(10), stepOf(50)}
	long := lengths{stepOf(10_000), stepOf(10), stepOf(50)}
	if short.in(textZone, 1) <= long.in(textZone, 1) {
		t.Error("a word of a short text counts no more than one of a long text")
	}
	for z, want := range map[zone]float64{textZone: 2 / (0.5 + 0.5*100/450.0), titleZone: 2 * 6 / (0.7 + 0.3*10/8.0), nameZone: 4} {
		if got := float64(short.in(z, 2)); math.Abs(got-want) > 0.03*want {
			t.Errorf("a word that is twice in zone %s counts %.3f, want %.3f", zones[z].name, got, want)
		}
	}
	for n := 1; n < 1_000_000; n = n*3/2 + 1 {
		back := math.Exp2(float64(stepOf(n))/stepsOfLength) - 1
		if math.Abs(back-float64(n)) > 0.06*float64(n)+0.1 {
			t.Errorf("the length %d is kept as %.1f", n, back)
		}
	}
}
