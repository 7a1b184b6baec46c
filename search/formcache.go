package search

import "strings"

// maxRemembered bounds each generation of the forms of words to a few megabytes.
const maxRemembered = 10_000

// formCaches remember the forms of words: a few thousand words make up most of
// every text.
var formCaches = func() map[string]*generations[string, []string] {
	all := map[string]*generations[string, []string]{}
	for _, lang := range []string{"fi", "sv", "en", "ru", "kk", noLanguage} {
		all[lang] = newGenerations[string](maxRemembered, func([]string) int64 { return 1 })
	}
	return all
}()

// rememberedForms are formsOf a word. Nobody may change them.
func rememberedForms(w, lang string) []string {
	cache, ok := formCaches[lang]
	if !ok {
		return formsOf(w, lang)
	}
	list, ok := cache.get(w)
	if !ok {
		list = formsOf(w, lang)
		cache.put(strings.Clone(w), list) // w may be a piece of a whole text
	}
	return list
}
