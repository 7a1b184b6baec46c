package search

import (
	"maps"
	"slices"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/russian"
)

// keysOf are the keys of a word in a language: what its forms have in common,
// the likeliest first.
func keysOf(w, lang string) []string {
	switch lang {
	case "fi":
		return finnishKeys(folded(w))
	case "sv":
		return []string{stemSwedish(w)}
	case "en":
		return []string{snowball(regularised(w), english.Stem)}
	case "ru":
		return []string{snowball(strings.ReplaceAll(w, "ё", "е"), russian.Stem)}
	case "kk":
		return []string{stemKazakh(w)}
	}
	return []string{w}
}

func snowball(w string, f func(*snowballstem.Env) bool) string {
	env := snowballstem.NewEnv(w)
	f(env)
	return env.Current()
}

// stemLanguages are the languages a query word may be in, by its alphabet.
func stemLanguages(w string) []string {
	if cyrillic(w) {
		return []string{"ru", "kk"}
	}
	return []string{"fi", "sv", "en"}
}

// common are words too frequent to be looked for beside others.
var common = map[string][]string{
	"fi": strings.Fields("ja on ei se että oli ovat kun kuin myös tai jos joka jotka mutta sekä ole olla hän he ne tämä miten mitä miksi mikä missä voiko voi"),
	"sv": strings.Fields("och i att det som en på är av för med till den har de inte om ett var vi kan från hur vad varför när så ska"),
	"en": strings.Fields("the of and to in a is that it for on are as with was be this by at from or an we not how what why when where which do does can i my your our"),
	"ru": strings.Fields("и в на не что с по как это к за из от для о у же то так а но его при все или где когда почему"),
	"kk": strings.Fields("және мен үшін бұл бір деп да де осы ол бойынша болып емес қалай қайда неге"),
}

// vague are words of questions that say little about what is looked for. They
// are in the index, but not looked for beside others.
var vague = strings.Fields(`tarkoittaa tarkoitetaan käyttää käytetään tehdä tehdään pitää pitäisi saada saako tulee onko kuka milloin kannattaa liittyy
	bli blir finns finnas göra gör gjorde få får kunna kunde skulle måste vem var vilka vilken vilket bara
	use using used get make makes need want would could should about into who has have had will there their they you if
	можно нужно надо есть быть был была было будет если чтобы какой какая какие который лучше
	керек бар жоқ кім қандай қашан туралы`)

var commonWords = func() map[string]bool {
	all := map[string]bool{}
	for _, list := range append(slices.Collect(maps.Values(common)), vague) {
		for _, w := range list {
			all[w] = true
		}
	}
	return all
}()

// isCommon reports whether a word is too frequent in any language to select
// by.
func isCommon(w string) bool { return commonWords[w] }

// commonIn reports whether a word is too frequent in a language to be worth
// more than its exact form.
func commonIn(w, lang string) bool { return slices.Contains(common[lang], w) }
