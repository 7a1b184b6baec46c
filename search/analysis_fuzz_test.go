package search

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

// FuzzForms takes odd texts apart in every language: it never panics, a word has
// a bounded number of forms, and a text takes a bounded time.
func FuzzForms(f *testing.F) {
	for _, text := range []string{
		"", "kirjastoissa lähipalvelut", "upphandlingarna för välfärdsteknik", "ёлки открытых данных", "мектептеріміздегілердікіндей", "reminders’ children's",
		"e-tjänst‑portal ﬀ İ ß ǆ", "\xff\xfe kirja\x00sto", strings.Repeat("aа", 200), strings.Repeat("ō̈́", 90), "ъьъьъ қғңұүһі", "-'’\u00ad",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			return
		}
		start := time.Now()
		for _, lang := range append([]string{"", "xx", noLanguage}, i18n.Languages...) {
			c := &counting{document: Document{Lang: lang, Title: text, Body: text, Places: text}}
			for said := range c.lexicon().count() {
				if form, term, n := entry(said); n != 1 || c.text[term] == nil || !slices.Contains(rememberedForms(wordOf(term)), form) {
					t.Errorf("%q in %q: the lexicon says %q", text, lang, said)
				}
			}
			for _, w := range words(text) {
				list := rememberedForms(w.text, spoken(lang))
				if len(list) == 0 || len(list) > 40 {
					t.Errorf("%q in %q has %d forms", w.text, lang, len(list))
				}
				for _, form := range list {
					if len(form) > 8*maxWord || utf8.ValidString(w.text) && !utf8.ValidString(form) {
						t.Errorf("%q in %q has the form %q", w.text, lang, form)
					}
				}
			}
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%d bytes took %s", len(text), took)
		}
	})
}
