package themes

import (
	"fmt"
	"html/template"
	"strings"
)

// slot is one coloured piece of a bar, in percent of its width.
type slot struct {
	class   string
	x, wide float64
}

func bar(height int, label string, slots []slot) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bar" height="%d" role="img" aria-label="%s">`, height, template.HTMLEscapeString(label))
	for _, s := range slots {
		fmt.Fprintf(&b, `<rect class="%s" x="%.2f%%" width="%.2f%%" height="%d"/>`, s.class, s.x, s.wide, height)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// keyOf explains the colours of a bar in words.
func keyOf(class, word string) string {
	return `<li><svg aria-hidden="true" viewBox="0 0 10 10"><rect class="` + class + `" width="10" height="10"/></svg>` + template.HTMLEscapeString(word) + "</li>"
}

// budget draws sums of money as the parts of one bar, with a key below. Each
// part is three arguments: its colour (a, e, h, d, or 0 for what is left), its
// words ("granted 168 400 €") and its cents. Parts of nothing are only in the
// key; parts without words are nowhere.
func budget(parts ...any) (template.HTML, error) {
	if len(parts)%3 != 0 {
		return "", fmt.Errorf("budget: want colour, words and cents for each part")
	}
	var labels []string
	var amounts []float64
	var classes []string
	sum := 0.0
	for i := 0; i < len(parts); i += 3 {
		if parts[i+1] == "" {
			continue
		}
		amount, ok := number(parts[i+2])
		if !ok {
			return "", fmt.Errorf("budget: %v is not an amount", parts[i+2])
		}
		classes = append(classes, "f-"+template.HTMLEscapeString(fmt.Sprint(parts[i])))
		labels = append(labels, fmt.Sprint(parts[i+1]))
		amounts = append(amounts, max(amount, 0))
		sum += max(amount, 0)
	}
	const gap = 0.35
	var slots []slot
	var key strings.Builder
	x := 0.0
	for i, amount := range amounts {
		key.WriteString(keyOf(classes[i], labels[i]))
		if amount == 0 {
			continue
		}
		wide := 100 * amount / sum
		slots = append(slots, slot{classes[i], x, max(wide-gap, 0.2)})
		x += wide
	}
	return bar(22, strings.Join(labels, ", "), slots) + `<ul class="key">` + template.HTML(key.String()) + "</ul>", nil
}

// scorebar draws the four shares (0 to 1) of a TOP-10 score, each in a slot as
// wide as its weight, and the points beside it.
func scorebar(w words, adopted, endorsed, useful, complete float64) template.HTML {
	var slots []slot
	var labels []string
	x, total := 0.0, 0.0
	for i, share := range []float64{adopted, endorsed, useful, complete} {
		part := scoreParts[i]
		share = within(share, 0, 1)
		room := part.most - 0.8
		slots = append(slots, slot{"f-0", x, room}, slot{part.class, x, room * share})
		labels = append(labels, w.T("theme.score_part", w.T(part.key), w.Decimal(part.most*share, 1), w.Num(int(part.most))))
		x += part.most
		total += part.most * share
	}
	return `<div class="score">` + bar(10, strings.Join(labels, ", "), slots) + "<span>" + escape(w.Decimal(total, 1)) + "</span></div>"
}

// number is v as a number, whether it is there at all: nil and nil pointers
// are not.
func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case *float64:
		if n != nil {
			return *n, true
		}
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case *int:
		if n != nil {
			return float64(*n), true
		}
	}
	return 0, false
}
