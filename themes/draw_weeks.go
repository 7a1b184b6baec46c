package themes

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// dots is a short line of dots: those before now are done, now is warm, the
// rest is to come. Before the first, now is 0; after the last, all are done.
func dots(now, total int, label string) template.HTML {
	if total < 1 {
		return ""
	}
	x := func(n int) int { return 12*n - 6 }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="weeks dots" viewBox="0 0 %d 14" width="%[1]d" height="14" role="img" aria-label="%s">`, 12*total, template.HTMLEscapeString(label))
	if now < total {
		fmt.Fprintf(&b, `<path class="k-todo" stroke-dasharray="0 12" d="M%d 7H%d.2"/>`, x(max(now, 0)+1), x(total))
	}
	if done := min(now-1, total); done > 0 {
		fmt.Fprintf(&b, `<path class="k-done" stroke-dasharray="0 12" d="M6 7H%d.2"/>`, x(done))
	}
	if now >= 1 && now <= total {
		fmt.Fprintf(&b, `<path class="k-now" d="M%d 7h0"/>`, x(now))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// weeks is the progress of one experiment in a card or a table; say it in
// words beside it.
func weeks(w words, week, total int) template.HTML {
	return dots(week, total, w.T("theme.week_of", week, total))
}

// clockdots is the decision clock of a request in a card or a table.
func clockdots(w words, day, total int) template.HTML {
	return dots(day, total, w.T("theme.day_of", day, total))
}

// A mark is a word below a dot of a wide line; a ring around the dot is a
// promise.
type mark struct {
	word string
	ring bool
}

// wideLine is a line of dots over the full width, with words below. A word
// that has no room on a phone beside the current one or the ends is left out.
func wideLine(now, total int, marks map[int]mark, label string) template.HTML {
	if total < 1 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="weeks big" role="img" aria-label="%s">`, template.HTMLEscapeString(label))
	at := func(n int) float64 { return 1.9 + 96.2*float64(n-1)/float64(max(total-1, 1)) }
	for n := 1; n <= total; n++ {
		class, r := "k-todo", "4"
		switch {
		case n < now:
			class, r = "k-done", "6.5"
		case n == now:
			class, r = "k-now", "9"
		}
		fmt.Fprintf(&b, `<circle class="%s" cx="%.2f%%" cy="16" r="%s"/>`, class, at(n), r)
		if marks[n].ring {
			fmt.Fprintf(&b, `<circle class="k-gate" cx="%.2f%%" cy="16" r="12.5"/>`, at(n))
		}
	}
	var placed []note
	for _, n := range inOrder(marks, now, total) {
		class := ""
		if n == now {
			class = ` class="b"`
		}
		word := newNote(at(n), marks[n].word, class)
		if !slices.ContainsFunc(placed, word.touches) {
			placed = append(placed, word)
			b.WriteString(word.at(48))
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// inOrder lists the dots that have a word, the most important first: the
// current one, the last, the first, then the others from the left.
func inOrder(marks map[int]mark, now, total int) []int {
	list := []int{now, total, 1}
	for n := 2; n < total; n++ {
		if n != now {
			list = append(list, n)
		}
	}
	var words []int
	for _, n := range list {
		if marks[n].word != "" && n >= 1 && n <= total && !slices.Contains(words, n) {
			words = append(words, n)
		}
	}
	return words
}

// weekline is the progress of one experiment over the full width: the first
// and the last day below its ends, a ring around each week in gates.
func weekline(w words, week, total int, first, last string, gates ...int) template.HTML {
	marks := map[int]mark{}
	var named []string
	for _, g := range gates {
		marks[g] = mark{word: strconv.Itoa(g), ring: true}
		named = append(named, strconv.Itoa(g))
	}
	marks[1] = mark{word: first, ring: marks[1].ring}
	marks[total] = mark{word: last, ring: marks[total].ring}
	nowMark(marks, w, week, total, "theme.now")
	label := w.T("theme.week_of", week, total)
	if len(named) > 0 {
		label += ". " + w.T("theme.week_gates", strings.Join(named, ", "))
	}
	return wideLine(week, total, marks, label)
}

// clockline is the decision clock over the full width: rings at the day of the
// precheck, of the reviews and of the decision.
func clockline(w words, day, total, precheck, reviews int) template.HTML {
	marks := map[int]mark{
		reviews:  {ring: true},
		precheck: {word: w.T("theme.clock_precheck"), ring: true},
		total:    {word: w.T("theme.clock_decision"), ring: true},
	}
	nowMark(marks, w, day, total, "theme.today")
	label := w.T("theme.day_of", day, total) + ". " + w.T("theme.clock_promise", precheck, reviews, total)
	return wideLine(day, total, marks, label)
}

// nowMark writes "now" below the current dot.
func nowMark(marks map[int]mark, w words, now, total int, key string) {
	if now >= 1 && now <= total {
		marks[now] = mark{word: w.T(key), ring: marks[now].ring}
	}
}

const (
	skyColumns = 60 // the most experiments the sky shows
	skyWidth   = 37 // columns it has room for at least
)

// sky draws all running experiments: a column each, a dot a week, the warm dot
// is this week. running holds the week of each.
func sky(w words, running []int, total int) template.HTML {
	if len(running) == 0 || total < 1 {
		return ""
	}
	sorted := slices.Sorted(slices.Values(running))
	label := w.N("theme.sky", len(sorted))
	sorted = sorted[:min(len(sorted), skyColumns)]
	y := func(week int) int { return 10*(total-week) + 5 }
	var todo, done, now strings.Builder
	for i, week := range sorted {
		x, week := 10*i+5, min(max(week, 1), total)
		if week < total {
			fmt.Fprintf(&todo, "M%d %dV%d.8", x, y(week+1), y(total)-1)
		}
		if week > 1 {
			fmt.Fprintf(&done, "M%d %dV%d.8", x, y(1), y(week-1)-1)
		}
		fmt.Fprintf(&now, "M%d %dh0", x, y(week))
	}
	return template.HTML(fmt.Sprintf(`<svg class="sky dots" viewBox="0 0 %d %d" role="img" aria-label="%s"><path class="k-todo" stroke-dasharray="0 10" d="%s"/><path class="k-done" stroke-dasharray="0 10" d="%s"/><path class="k-now" d="%s"/></svg>`,
		10*max(len(sorted), skyWidth), 10*total, template.HTMLEscapeString(label), todo.String(), done.String(), now.String()))
}
