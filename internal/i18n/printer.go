package i18n

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Printer writes in one language. Its zero value prints keys.
type Printer struct {
	Lang   string
	bundle *Bundle
}

// T translates key. Arguments fill the verbs of the text. A key without a
// text comes back as itself, where a reviewer will see it.
func (p Printer) T(key string, args ...any) string {
	if p.bundle == nil {
		return key
	}
	text, ok := p.bundle.plain[p.Lang][key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fill(text, args)
}

// N translates key in the plural form that n takes. n fills the first verb,
// args the others.
func (p Printer) N(key string, n int, args ...any) string {
	if p.bundle == nil {
		return key
	}
	forms := p.bundle.plural[p.Lang][key]
	if forms == nil {
		return p.T(key, append([]any{p.Num(n)}, args...)...)
	}
	text, ok := forms[p.form(n)]
	if !ok {
		text = forms["other"]
	}
	return fill(text, append([]any{p.Num(n)}, args...))
}

// fill fills the verbs of text. A sentence that ends in a Russian date has one
// full stop, not two.
func fill(text string, args []any) string {
	return strings.ReplaceAll(fmt.Sprintf(text, args...), nbsp+"г..", nbsp+"г.")
}

// Has reports whether there is a text for key.
func (p Printer) Has(key string) bool { return p.bundle != nil && p.bundle.Has(p.Lang, key) }

// In returns the printer of another language.
func (p Printer) In(lang string) Printer { return Printer{Lang: lang, bundle: p.bundle} }

// LangName returns the name of a language in that language.
func (p Printer) LangName(lang string) string { return Name(lang) }

// Zone is the time zone days and clocks are shown in.
func (p Printer) Zone() *time.Location {
	if p.bundle == nil || p.bundle.zone == nil {
		return time.UTC
	}
	return p.bundle.zone
}

func (p Printer) form(n int) string {
	if n < 0 {
		n = -n
	}
	switch plural.Cardinal.MatchPlural(language.MustParse(p.Lang), n, 0, 0, 0, 0) {
	case plural.One:
		return "one"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	default:
		return "other"
	}
}

// And joins names as a sentence does: "a, b and c".
func (p Printer) And(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	and := map[string]string{"fi": "ja", "sv": "och", "en": "and", "ru": "и", "kk": "және"}[p.Lang]
	return strings.Join(items[:last], ", ") + " " + and + " " + items[last]
}
