package search

import (
	"html"
	"strconv"
	"strings"

	"github.com/kokeilu/kokeilu/internal/web"
)

// The parts of the search page that are repeated most are written here instead
// of in its template, which would take longer than finding. A theme styles
// them. Whatever people have written goes through html.EscapeString.

// marked is a text with what was found marked.
func marked(pieces []Piece) web.HTML {
	var b strings.Builder
	for _, p := range pieces {
		if p.Found {
			b.WriteString("<mark>" + html.EscapeString(p.Text) + "</mark>")
			continue
		}
		b.WriteString(html.EscapeString(p.Text))
	}
	return web.HTML(b.String())
}

// boxes are the filters: for each value of each facet a box, and a button that
// leaves it out.
func boxes(p web.Page, groups []facetGroup) web.HTML {
	var b strings.Builder
	without := html.EscapeString(p.T("search.leave_out"))
	for _, g := range groups {
		name := html.EscapeString(g.Name)
		b.WriteString(`<fieldset class="ds-fieldset s"><legend class="ds-label">` + html.EscapeString(p.T("search.facet_"+g.Name)) + "</legend>\n")
		for i, o := range g.Options {
			id := `"f-` + name + "-" + strconv.Itoa(i) + `"`
			b.WriteString(`<div class="ds-field"><input class="ds-input" type="checkbox" id=` + id + ` name="` + name + `" value="` + html.EscapeString(o.Value) + `"`)
			if o.On {
				b.WriteString(" checked")
			}
			label := html.EscapeString(o.Label)
			b.WriteString(`><label class="ds-label" for=` + id + ">" + label)
			if !o.Out {
				b.WriteString(` <span class="soft num">` + strconv.Itoa(o.Count) + "</span>")
			}
			b.WriteString("</label>")
			if !o.On {
				b.WriteString(`<button class="not" name="` + name + `" value="` + leftOut + html.EscapeString(o.Value) + `" title="` + without + `"><span aria-hidden="true">−</span><span class="ds-sr-only">` + without + ": " + label + "</span></button>")
			}
			b.WriteString("</div>\n")
		}
		b.WriteString("</fieldset>\n")
	}
	return web.HTML(b.String())
}
