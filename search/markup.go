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

// rows are the finds, an item of a list for each.
func (h *Handlers) rows(p web.Page, hits []Hit) web.HTML {
	var b strings.Builder
	for _, hit := range hits {
		h.row(&b, p, hit)
	}
	return web.HTML(b.String())
}

func (h *Handlers) row(b *strings.Builder, p web.Page, hit Hit) {
	lang := html.EscapeString(hit.Lang)
	b.WriteString("<li>\n<h3 lang=\"" + lang + `"><a href="` + html.EscapeString(web.Path(p.Lang, hit.Path)) + `">` + string(marked(hit.Title)) + "</a></h3>\n")
	h.kick(b, p, hit)
	b.WriteString(`<p lang="` + lang + `" class="s text">` + string(marked(hit.Snippet)) + "</p>\n")
	for _, m := range hit.Means {
		b.WriteString(`<p class="xs">` + html.EscapeString(p.T("search.means", m.Typed, m.Found)) + "</p>\n")
	}
	if hit.Foreign {
		b.WriteString(`<p class="xs">` + string(h.Icon("globe")) + " " + html.EscapeString(p.T("search.in_language", p.LangName(hit.Lang))) + "</p>\n")
	}
	b.WriteString(`<div class="row"><div class="tags">` + string(h.State(p, hit.Outcome, hit.Stage)) + `</div><span class="xs soft">` +
		html.EscapeString(p.T("search.found_in", whereIn(p, hit.Where))) + "</span></div>\n")
	if why := reasons(p, hit.Why); len(why) > 0 {
		b.WriteString(`<ul class="why xs">`)
		for _, reason := range why {
			b.WriteString("<li>" + html.EscapeString(reason) + "</li>\n")
		}
		b.WriteString("</ul>")
	}
	b.WriteString("</li>\n")
}

// kick is the line of small facts about a find.
func (h *Handlers) kick(b *strings.Builder, p web.Page, hit Hit) {
	b.WriteString(`<p class="kick"><span>` + html.EscapeString(p.T("search.kind_"+hit.Kind)) + "</span>")
	theme := ""
	if len(hit.Themes) > 0 {
		theme = hit.Themes[0]
	}
	for _, fact := range [][2]string{{"org", hit.Organisation}, {"size", hit.SizeClass}, {"theme", theme}} {
		if fact[1] == "" {
			continue
		}
		if label := h.Label(p.Lang, fact[0], fact[1]); label != "" {
			b.WriteString("<span>" + html.EscapeString(label) + "</span>")
		}
	}
	b.WriteString("</p>\n")
}

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
