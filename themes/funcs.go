package themes

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

// words is what a helper needs of a page to speak the reader's language: any
// view-model that embeds web.Page has it, so templates pass $.
type words interface {
	T(key string, args ...any) string
	N(key string, n int, args ...any) string
	Has(key string) bool
	Num(n any) string
	Decimal(f float64, digits int) string
}

// funcs are the functions of the templates, fixed before the first one is
// parsed. Each is described in README.md.
func (t *Theme) funcs() template.FuncMap {
	return template.FuncMap{
		"asset": t.asset, "icon": t.icon, "languages": func() []string { return i18n.Languages },
		"add": func(a, b int) int { return a + b }, "list": list,
		// tags and short lines
		"tag": t.tag, "bare": bare, "outcome": t.outcome, "stage": t.stage, "kick": kick, "fact": fact,
		// fields of a form
		"field": newField, "help": help, "max": limit, "rows": rows, "optional": optional, "options": options,
		"choices": choices, "kind": kind, "unit": unit, "cents": cents, "autocomplete": autocomplete, "empty": newEmpty,
		"weight": weight, "accept": accept, "label": label,
		"pages": newPages, "stages": newStages, "receipt": newReceipt,
		// drawings
		"weeks": weeks, "weekline": weekline, "clockdots": clockdots, "clockline": clockline, "sky": sky, "measure": measure,
		"spark": spark, "trend": trend, "budget": budget, "scorebar": scorebar, "townmap": townmap, "planhead": planhead, "plancells": t.plancells,
	}
}

func (t *Theme) asset(name string) (string, error) {
	if at := t.Asset(name); at != "" {
		return at, nil
	}
	return "", fmt.Errorf("static/ has no %q", name)
}

// list makes a list of words for the helpers that take one.
func list(items ...string) []string { return items }

// pages are the neighbours of a page of a list.
type pages struct {
	Words      words
	Prev, Next string
}

func newPages(w words, prev, next string) pages { return pages{w, prev, next} }

// emptyList says what will be in a list that has nothing yet.
type emptyList struct {
	Words          words
	Icon, Key, URL string
}

func newEmpty(w words, icon, key string, url ...string) emptyList {
	return emptyList{w, icon, key, strings.Join(url, "")}
}

// kick is the line of small facts above or below a title. Facts that are empty
// are left out, and so is a line with none.
func kick(facts ...any) template.HTML {
	var b strings.Builder
	for _, f := range facts {
		if s := markup(f); s != "" {
			b.WriteString("<span>" + string(s) + "</span>")
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return template.HTML(`<p class="kick">` + b.String() + `</p>`)
}

// fact is one line of a dl.facts, or nothing when there is no value.
func fact(name string, value any) template.HTML {
	v := markup(value)
	if v == "" {
		return ""
	}
	return "<div><dt>" + escape(name) + "</dt><dd>" + v + "</dd></div>"
}

// markup is a value as HTML: text is escaped, HTML stays, and what a reader
// would not want to see (nil, zero, the empty text) is empty.
func markup(v any) template.HTML {
	if h, ok := v.(template.HTML); ok {
		return h
	}
	return escape(text(v))
}

// text is a value as a person reads it. Zero is nothing.
func text(v any) string {
	if v == nil || reflect.ValueOf(v).IsZero() {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(v))
}

func escape(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }
