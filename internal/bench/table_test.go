package main

import (
	"strings"
	"testing"
)

func TestVerdicts(t *testing.T) {
	tests := map[string]struct {
		line line
		want bool
	}{
		"at the limit, at most":  {line{judged: 1.2, bound: atMost, limit: 1.2}, true},
		"above it":               {line{judged: 1.21, bound: atMost, limit: 1.2}, false},
		"at the limit, at least": {line{judged: 0.9, bound: atLeast, limit: 0.9}, true},
		"below it":               {line{judged: 0.89, bound: atLeast, limit: 0.9}, false},
		"none is allowed":        {line{judged: 1, bound: atMost}, false},
		"nothing to measure":     {line{judged: 0, bound: atMost, limit: 1, broken: "it has no ETag"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.line.reached(); got != tt.want {
				t.Errorf("reached = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheTableShowsWhatFallsShort(t *testing.T) {
	var tab table
	tab.ratio("S1", "case rate", "/s", pairs{{95, 100}, {96, 100}, {80, 100}}, atLeast, 0.9)
	tab.ratio("S3", "search", "µs", pairs{{300, 200}}, atMost, 0.8)
	tab.add(line{bar: "S1", what: "case 304", bound: atLeast, limit: 0.9, broken: "it has no ETag"})
	if tab.short() != 2 {
		t.Errorf("%d lines fall short, want 2", tab.short())
	}
	var out strings.Builder
	if err := tab.write(&out); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{"judged", "ok", "FALLS SHORT", "FALLS SHORT: it has no ETag"} {
		if !strings.HasSuffix(strings.TrimSpace(rows[i]), want) && i > 0 {
			t.Errorf("row %d is %q, want it to end in %q", i, rows[i], want)
		}
	}
	if !strings.Contains(rows[1], "0.95x") || !strings.Contains(rows[1], "≥ 0.90x") {
		t.Errorf("a row does not say what was judged: %q", rows[1])
	}
}

func TestGrowthComparesTheLargestWithTheSmallest(t *testing.T) {
	one, two, three := map[string]float64{}, map[string]float64{}, map[string]float64{}
	for _, w := range growing {
		one[w.name], two[w.name], three[w.name] = 1, 100, 1.1
	}
	three["publish"] = 2.5
	var tab table
	(&growth{sizes: []int{1, 2, 3}, p50: []map[string]float64{one, two, three}}).judge(&tab)
	if len(tab.lines) != len(growing) || tab.short() != 1 {
		t.Errorf("%d lines, %d fall short; want %d and 1", len(tab.lines), tab.short(), len(growing))
	}
	var alone table
	(&growth{sizes: []int{1}, p50: []map[string]float64{one}}).judge(&alone)
	if len(alone.lines) != 0 {
		t.Error("one size was compared with itself")
	}
}

func TestNumbersHaveThreeDigitsThatCount(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 153604: "153604", 12.345: "12.3", 1.156: "1.16", 0.1: "0.10", 0.0123: "0.0123"} {
		if got := number(f); got != want {
			t.Errorf("number(%v) = %q, want %q", f, got, want)
		}
	}
}
