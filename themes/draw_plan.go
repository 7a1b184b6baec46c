package themes

import (
	"fmt"
	"html/template"
	"strings"
)

// planhead is the head of a plan grid: what the first column holds, then the
// weeks, the current one marked.
func planhead(w words, first string, total, now int) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<thead><tr><th scope="col">%s</th>`, template.HTMLEscapeString(first))
	hidden := template.HTMLEscapeString(w.T("theme.week"))
	for n := 1; n <= total; n++ {
		mark := `"`
		if n == now {
			mark = ` now" aria-current="true"`
		}
		fmt.Fprintf(&b, `<th scope="col" class="w%s><span class="ds-sr-only">%s </span>%d</th>`, mark, hidden, n)
	}
	b.WriteString("</tr></thead>")
	return template.HTML(b.String())
}

// planIcons are the states that a week of an action can be in.
var planIcons = map[string]string{"done": "check", "now": "s-run", "todo": "o-no", "moved": "arrow", "late": "clock"}

// plancells are the cells of one action: the state of each week, "" where
// nothing is planned, else done, now, todo, moved or late.
func (t *Theme) plancells(w words, states []string, now int) template.HTML {
	var b strings.Builder
	for i, state := range states {
		b.WriteString("<td")
		if i+1 == now {
			b.WriteString(` class="now"`)
		}
		b.WriteByte('>')
		if icon, ok := planIcons[state]; ok {
			b.WriteString(string(t.namedIcon(icon, w.T("theme.plan_"+state))))
		}
		b.WriteString("</td>")
	}
	return template.HTML(b.String())
}
