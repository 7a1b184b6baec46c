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

// markup is HTML that is being written.
type markup struct{ strings.Builder }

// raw adds HTML as it is.
func (b *markup) raw(parts ...string) {
	for _, p := range parts {
		b.WriteString(p)
	}
}

// text adds what people have written, or a translation.
func (b *markup) text(s string) { b.WriteString(html.EscapeString(s)) }

// marked adds a text with what was found marked.
func (b *markup) marked(pieces []Piece) {
	for _, p := range pieces {
		if p.Found {
			b.raw("<mark>")
		}
		b.text(p.Text)
		if p.Found {
			b.raw("</mark>")
		}
	}
}

// What the parts take at most, in most pages.
const (
	rowsBytes  = 12 << 10
	boxesBytes = 20 << 10
)

// rows are the finds, an item of a list for each.
func (h *Handlers) rows(p web.Page, hits []Hit) web.HTML {
	var b markup
	b.Grow(rowsBytes)
	for _, hit := range hits {
		h.row(&b, p, hit)
	}
	return web.HTML(b.String())
}

func (h *Handlers) row(b *markup, p web.Page, hit Hit) {
	lang := html.EscapeString(hit.Lang)
	b.raw("<li>\n<h3 lang=\"", lang, `"><a href="`)
	b.text(web.Path(p.Lang, hit.Path))
	b.raw(`">`)
	b.marked(hit.Title)
	b.raw("</a></h3>\n")
	h.kick(b, p, hit)
	b.raw(`<p lang="`, lang, `" class="s text">`)
	b.marked(hit.Snippet)
	b.raw("</p>\n")
	for _, m := range hit.Means {
		b.raw(`<p class="xs">`)
		b.text(p.T("search.means", m.Typed, m.Found))
		b.raw("</p>\n")
	}
	if hit.Foreign {
		b.raw(`<p class="xs">`, string(h.Icon("globe")), " ")
		b.text(p.T("search.in_language", p.LangName(hit.Lang)))
		b.raw("</p>\n")
	}
	b.raw(`<div class="row"><div class="tags">`, string(h.State(p, hit.Outcome, hit.Stage)), `</div><span class="xs soft">`)
	b.text(p.T("search.found_in", whereIn(p, hit.Where)))
	b.raw("</span></div>\n")
	if why := reasons(p, hit.Why); len(why) > 0 {
		b.raw(`<ul class="why xs">`)
		for _, reason := range why {
			b.raw("<li>")
			b.text(reason)
			b.raw("</li>\n")
		}
		b.raw("</ul>")
	}
	b.raw("</li>\n")
}

// kick is the line of small facts about a find.
func (h *Handlers) kick(b *markup, p web.Page, hit Hit) {
	b.raw(`<p class="kick"><span>`)
	b.text(p.T("search.kind_" + hit.Kind))
	b.raw("</span>")
	theme := ""
	if len(hit.Themes) > 0 {
		theme = hit.Themes[0]
	}
	for _, fact := range [...][2]string{{"org", hit.Organisation}, {"size", hit.SizeClass}, {"theme", theme}} {
		if fact[1] == "" {
			continue
		}
		if label := h.Label(p.Lang, fact[0], fact[1]); label != "" {
			b.raw("<span>")
			b.text(label)
			b.raw("</span>")
		}
	}
	b.raw("</p>\n")
}

// boxes are the filters: for each value of each facet a box, and a button that
// leaves it out.
func boxes(p web.Page, groups []facetGroup) web.HTML {
	var b markup
	b.Grow(boxesBytes)
	without := html.EscapeString(p.T("search.leave_out"))
	for _, g := range groups {
		name := html.EscapeString(g.Name)
		b.raw(`<fieldset class="ds-fieldset s"><legend class="ds-label">`)
		b.text(p.T("search.facet_" + g.Name))
		b.raw("</legend>\n")
		for i, o := range g.Options {
			b.box(name, strconv.Itoa(i), without, o)
		}
		b.raw("</fieldset>\n")
	}
	return web.HTML(b.String())
}

// box is one value of a facet.
func (b *markup) box(name, n, without string, o facetOption) {
	value, label := html.EscapeString(o.Value), html.EscapeString(o.Label)
	b.raw(`<div class="ds-field"><input class="ds-input" type="checkbox" id="f-`, name, "-", n, `" name="`, name, `" value="`, value, `"`)
	if o.On {
		b.raw(" checked")
	}
	b.raw(`><label class="ds-label" for="f-`, name, "-", n, `">`, label)
	if !o.Out {
		b.raw(` <span class="soft num">`, strconv.Itoa(o.Count), "</span>")
	}
	b.raw("</label>")
	if !o.On {
		b.raw(`<button class="not" name="`, name, `" value="`, leftOut, value, `" title="`, without, `"><span aria-hidden="true">−</span><span class="ds-sr-only">`, without, ": ", label, "</span></button>")
	}
	b.raw("</div>\n")
}
