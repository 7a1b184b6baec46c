package themes

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

// narrow is the width in pixels that a measure has on the smallest phone; what
// does not collide there collides nowhere.
const (
	narrow    = 250.0
	glyph     = 7.6 // pixels that a letter of a label takes, roughly
	plotLeft  = 4.0
	plotRight = 96.0
)

// measure draws one measure: an open dot before, a filled dot now or after, a
// dashed line at the limit. before, value and limit may be nil; without a value
// a dotted line shows the way to the limit. when is "now" or "after".
func measure(w words, name, unit string, before, value, limit any, lessIsBetter bool, when string) template.HTML {
	start, hasStart := number(before)
	end, hasEnd := number(value)
	goal, hasGoal := number(limit)
	at := scale(collect(start, hasStart, end, hasEnd, goal, hasGoal))
	write := func(f float64) string {
		return strings.TrimSpace(w.Decimal(f, i18n.Decimals(f)) + "\u00a0" + unit)
	}
	sign := "≥"
	if lessIsBetter {
		sign = "≤"
	}
	var said []string
	var first, second, third note
	if hasStart {
		first = newNote(at(start), w.T("theme.measure_before", write(start)), "")
		said = append(said, first.text)
	}
	if hasEnd {
		second = newNote(at(end), w.T("theme.measure_"+when, write(end)), ` class="b"`)
		said = append(said, second.text)
	}
	if hasGoal {
		third = newNote(at(goal), w.T("theme.measure_limit", sign+"\u00a0"+write(goal)), "")
		said = append(said, third.text)
	}
	axis, height := 36, 68
	if hasStart && hasEnd && first.touches(second) {
		axis, height = 54, 86 // the words before and now stand in two rows
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bar" height="%d" role="img" aria-label="%s">`, height, template.HTMLEscapeString(name+": "+strings.Join(said, ", ")))
	fmt.Fprintf(&b, `<line class="l-axis" x1="0" x2="100%%" y1="%d" y2="%[1]d"/>`, axis)
	switch {
	case hasStart && hasEnd:
		fmt.Fprintf(&b, `<line class="l-now" x1="%.2f%%" x2="%.2f%%" y1="%d" y2="%[3]d" stroke-width="5"/>`, at(start), at(end), axis)
	case hasStart && hasGoal:
		fmt.Fprintf(&b, `<line class="l-done" x1="%.2f%%" x2="%.2f%%" y1="%d" y2="%[3]d" stroke-dasharray="1 7" stroke-linecap="round"/>`, at(start), at(goal), axis)
	}
	if hasGoal {
		fmt.Fprintf(&b, `<line class="l-ink" x1="%.2f%%" x2="%.2f%%" y1="%d" y2="%d" stroke-dasharray="4 3"/>`, at(goal), at(goal), axis-12, axis+12)
		b.WriteString(third.at(axis + 27))
	}
	if hasStart {
		fmt.Fprintf(&b, `<circle class="f-bg l-done" cx="%.2f%%" cy="%d" r="6.5"/>`, at(start), axis)
		b.WriteString(first.at(16))
	}
	if hasEnd {
		fmt.Fprintf(&b, `<circle class="f-h" cx="%.2f%%" cy="%d" r="8"/>`, at(end), axis)
		b.WriteString(second.at(axis - 20))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func collect(pairs ...any) []float64 {
	var list []float64
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1].(bool) {
			list = append(list, pairs[i].(float64))
		}
	}
	return list
}

// scale maps values to percent of the width, with a little room at both ends.
func scale(values []float64) func(float64) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if !(high > low) || math.IsInf(high-low, 0) {
		return func(float64) float64 { return 50 }
	}
	return func(v float64) float64 {
		return within(plotLeft+(plotRight-plotLeft)*(v-low)/(high-low), plotLeft, plotRight)
	}
}

// note is a word at a place of the axis, written so that it stays inside.
type note struct {
	x            float64
	text, class  string
	anchor       string
	dx           int
	start, right float64 // the pixels it takes on the smallest phone
}

func newNote(x float64, text, class string) note {
	n := note{x: x, text: text, class: class, anchor: "middle"}
	px, wide := x/100*narrow, float64(len([]rune(text)))*glyph
	n.start = px - wide/2
	switch {
	case n.start < 0:
		n.anchor, n.dx, n.start = "start", -8, px-8
	case px+wide/2 > narrow:
		n.anchor, n.dx, n.start = "end", 8, px+8-wide
	}
	n.right = n.start + wide
	return n
}

func (n note) touches(m note) bool { return n.start < m.right+5 && m.start < n.right+5 }

func (n note) at(y int) string {
	return fmt.Sprintf(`<text%s x="%.2f%%" dx="%d" y="%d" text-anchor="%s">%s</text>`, n.class, n.x, n.dx, y, n.anchor, template.HTMLEscapeString(n.text))
}

// spark draws readings over time, small: the limit dashed, the last reading as
// a warm dot. Put the numbers in words or a table beside it.
func spark(w words, name string, readings []float64, limit any) template.HTML {
	if len(readings) == 0 {
		return ""
	}
	goal, hasGoal := number(limit)
	values := readings
	if hasGoal {
		values = append(append([]float64(nil), readings...), goal)
	}
	up := scale(values)
	y := func(v float64) float64 { return 34 - 28*(up(v)-plotLeft)/(plotRight-plotLeft) }
	var b, points strings.Builder
	var said []string
	x := 143.0
	for i, v := range readings {
		if len(readings) > 1 {
			x = 7 + 136*float64(i)/float64(len(readings)-1)
		}
		fmt.Fprintf(&points, "%.1f,%.1f ", x, y(v))
		said = append(said, w.Decimal(v, 2))
	}
	fmt.Fprintf(&b, `<svg class="spark" width="150" height="40" viewBox="0 0 150 40" role="img" aria-label="%s">`, template.HTMLEscapeString(name+": "+strings.Join(said, ", ")))
	if hasGoal {
		fmt.Fprintf(&b, `<line class="l-ink" stroke-dasharray="3 3" x1="0" x2="150" y1="%.1f" y2="%.1f"/>`, y(goal), y(goal))
	}
	fmt.Fprintf(&b, `<polyline class="l-done" points="%s"/><circle class="f-h" cx="%.1f" cy="%.1f" r="5"/></svg>`, strings.TrimSpace(points.String()), x, y(readings[len(readings)-1]))
	return template.HTML(b.String())
}
