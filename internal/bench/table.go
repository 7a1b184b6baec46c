package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// bound says on which side of a limit the good lies.
type bound string

// The bounds.
const (
	atMost  bound = "≤"
	atLeast bound = "≥"
)

// A line is one verdict: a number that was measured, what it is held against,
// and the limit of what is judged.
type line struct {
	bar, what           string
	measured, reference string
	judged              float64
	bound               bound
	limit               float64
	unit                string // of judged and limit: "x", "ms", …
	broken              string // why the line falls short whatever was measured
}

// reached reports whether the line is within its limit.
func (l line) reached() bool {
	switch {
	case l.broken != "":
		return false
	case l.bound == atMost:
		return l.judged <= l.limit
	}
	return l.judged >= l.limit
}

// A table collects the lines of a run.
type table struct{ lines []line }

func (t *table) add(l line) { t.lines = append(t.lines, l) }

// ratio adds a line that compares the portal with its reference.
func (t *table) ratio(bar, what, unit string, p pairs, b bound, limit float64) {
	t.unless("", bar, what, unit, p, b, limit)
}

// unless adds a line that compares, and falls short when something is broken.
func (t *table) unless(broken, bar, what, unit string, p pairs, b bound, limit float64) {
	ours, theirs, ratio := p.medians()
	t.add(line{broken: broken, bar: bar, what: what, measured: number(ours) + " " + unit, reference: number(theirs) + " " + unit, judged: ratio, bound: b, limit: limit, unit: "x"})
}

// short is how many lines fall short.
func (t *table) short() (n int) {
	for _, l := range t.lines {
		if !l.reached() {
			n++
		}
	}
	return n
}

// write prints the table.
func (t *table) write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "bar\twhat\tmeasured\treference\tjudged\tlimit\t")
	for _, l := range t.lines {
		verdict := "ok"
		if !l.reached() {
			verdict = "FALLS SHORT"
		}
		if l.broken != "" {
			verdict += ": " + l.broken
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s%s\t%s %s%s\t%s\n", l.bar, l.what, l.measured, l.reference, number(l.judged), l.unit, l.bound, number(l.limit), l.unit, verdict)
	}
	return w.Flush()
}

// number writes three digits that count.
func number(f float64) string {
	switch {
	case f >= 100 || f == 0:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	case f >= 0.1:
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.4f", f)
}
