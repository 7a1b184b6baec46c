package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/swedish"
)

// stem returns the stem of a word in a language: Snowball's for Finnish,
// Swedish, English and Russian, our own for Kazakh, which Snowball lacks.
func stem(w, lang string) string {
	switch lang {
	case "fi":
		return snowball(w, finnish.Stem)
	case "sv":
		return snowball(w, swedish.Stem)
	case "en":
		return snowball(w, english.Stem)
	case "ru":
		return snowball(strings.ReplaceAll(w, "ё", "е"), russian.Stem)
	case "kk":
		return stemKazakh(w)
	}
	return w
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

// kazakhSuffixes are the endings of Kazakh nouns from the outermost in: case,
// then possession, then number, then the adjective of place.
var kazakhSuffixes = [][]string{
	{"ның", "нің", "дың", "дің", "тың", "тің", "нда", "нде", "нан", "нен", "дан", "ден", "тан", "тен", "ға", "ге", "қа", "ке",
		"на", "не", "ны", "ні", "ды", "ді", "ты", "ті", "да", "де", "та", "те", "мен", "бен", "пен", "дағы", "дегі", "тағы", "тегі", "ндағы", "ндегі", "н", "а", "е"},
	{"ымыз", "іміз", "мыз", "міз", "ыңыз", "іңіз", "ңыз", "ңіз", "ым", "ім", "ың", "ің", "сы", "сі", "ы", "і", "м", "ң"},
	{"лар", "лер", "дар", "дер", "тар", "тер"},
}

// stemKazakh takes the endings off a Kazakh noun, at most one of each layer,
// and leaves at least three letters.
func stemKazakh(w string) string {
	for _, layer := range kazakhSuffixes {
		w = trimLongest(w, layer)
	}
	return w
}

func trimLongest(w string, suffixes []string) string {
	best := ""
	for _, s := range suffixes {
		if len(s) > len(best) && strings.HasSuffix(w, s) && utf8.RuneCountInString(w)-utf8.RuneCountInString(s) >= 3 {
			best = s
		}
	}
	return strings.TrimSuffix(w, best)
}

// common are words too frequent to be looked for beside others.
var common = map[string][]string{
	"fi": strings.Fields("ja on ei se että oli ovat kun kuin myös tai jos joka jotka mutta sekä ole olla hän he ne tämä"),
	"sv": strings.Fields("och i att det som en på är av för med till den har de inte om ett var vi kan från"),
	"en": strings.Fields("the of and to in a is that it for on are as with was be this by at from or an we not"),
	"ru": strings.Fields("и в на не что с по как это к за из от для о у же то так а но его при все или"),
	"kk": strings.Fields("және мен үшін бұл бір деп да де осы ол бойынша болып емес"),
}

// isCommon reports whether a word is too frequent in any language to select
// by.
func isCommon(w string) bool {
	for _, list := range common {
		if slices.Contains(list, w) {
			return true
		}
	}
	return false
}
