package themes

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

// The frame of a trend. Its text stands beside it, so it may shrink.
const (
	trendWidth  = 360.0
	trendHeight = 120.0
	trendEdge   = 10.0
)

// trend draws the readings of a measure over time with a dotted line at what it
// was before and a dashed one at the limit; the last reading is a warm dot.
// before and limit may be nil. Its title names the measure, its description says
// every number; put the table beside it. Without a reading it draws nothing.
func trend(w words, name, unit string, before, limit any, lessIsBetter bool, readings []float64) template.HTML {
	if len(readings) == 0 {
		return ""
	}
	start, hasStart := number(before)
	goal, hasGoal := number(limit)
	values := append([]float64(nil), readings...)
	if hasStart {
		values = append(values, start)
	}
	if hasGoal {
		values = append(values, goal)
	}
	up := scale(values)
	y := func(v float64) float64 {
		return trendHeight - trendEdge - (trendHeight-2*trendEdge)*(up(v)-plotLeft)/(plotRight-plotLeft)
	}
	said := trendWords(w, unit, before, limit, lessIsBetter, readings)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="trend" viewBox="0 0 %g %g" role="img" aria-label="%s"><title>%s</title><desc>%s</desc>`,
		trendWidth, trendHeight, escape(name+": "+said), escape(name), escape(said))
	if hasStart {
		fmt.Fprintf(&b, `<line class="l-done" stroke-dasharray="1 6" stroke-linecap="round" x1="0" x2="%[1]g" y1="%.1[2]f" y2="%.1[2]f"/>`, trendWidth, y(start))
	}
	if hasGoal {
		fmt.Fprintf(&b, `<line class="l-ink" stroke-dasharray="6 4" x1="0" x2="%[1]g" y1="%.1[2]f" y2="%.1[2]f"/>`, trendWidth, y(goal))
	}
	b.WriteString(curve(readings, y))
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// curve is the line through the readings, a small dot at each of a few, and the
// large one at the last.
func curve(readings []float64, y func(float64) float64) string {
	const few = 20
	x := func(i int) float64 {
		if len(readings) == 1 {
			return trendWidth / 2
		}
		return trendEdge + (trendWidth-2*trendEdge)*float64(i)/float64(len(readings)-1)
	}
	var points, dots strings.Builder
	for i, v := range readings {
		fmt.Fprintf(&points, "%.1f,%.1f ", x(i), y(v))
		if len(readings) <= few && i < len(readings)-1 {
			fmt.Fprintf(&dots, `<circle class="f-done" cx="%.1f" cy="%.1f" r="3"/>`, x(i), y(v))
		}
	}
	last := len(readings) - 1
	return fmt.Sprintf(`<polyline class="l-done" points="%s"/>%s<circle class="f-h" cx="%.1f" cy="%.1f" r="6"/>`, strings.TrimSpace(points.String()), dots.String(), x(last), y(readings[last]))
}

// trendWords says what a trend shows: before, every reading, the limit.
func trendWords(w words, unit string, before, limit any, lessIsBetter bool, readings []float64) string {
	var said []string
	write := func(f float64) string { return strings.TrimSpace(w.Decimal(f, i18n.Decimals(f)) + "\u00a0" + unit) }
	if start, ok := number(before); ok {
		said = append(said, w.T("theme.measure_before", write(start)))
	}
	for _, v := range readings {
		said = append(said, write(v))
	}
	if goal, ok := number(limit); ok {
		sign := "≥"
		if lessIsBetter {
			sign = "≤"
		}
		said = append(said, w.T("theme.measure_limit", sign+"\u00a0"+write(goal)))
	}
	return strings.Join(said, ", ")
}
