package search

import (
	"strings"
	"unicode/utf8"
)

// The index keeps words as they are written, each with the language of its text;
// the lexicon says which forms they have. A form is told apart by how it begins:
// "=word" as written, "fi~key" what the forms of a word share in a language,
// "^skeleton" without diacritics and in Latin letters when that is different,
// and "fi<yek" the key of a long word backwards, so that compounds are found by
// their last part. "+key key" are two neighbours of a title.
const (
	exactMark    = "="
	skeletonMark = "^"
	keyMark      = "~"
	tailMark     = "<"
	pairMark     = "+"
)

// noLanguage marks texts that are names: they belong to every language.
const noLanguage = "--"

// minTail is how long a key is at least to be taken for a compound.
const minTail = 6

// formsOf are the forms of a word of a text in lang.
func formsOf(w, lang string) []string {
	forms := make([]string, 0, 5)
	forms = append(forms, exactMark+w)
	if lang == noLanguage {
		for _, l := range stemLanguages(w) {
			for _, k := range keysOf(w, l) {
				forms = append(forms, l+keyMark+k)
			}
		}
		return append(forms, skeletonMark+skeleton(w))
	}
	if commonIn(w, lang) {
		return forms
	}
	for i, k := range keysOf(w, lang) {
		forms = append(forms, lang+keyMark+k)
		if s := skeleton(k); i == 0 && s != k {
			forms = append(forms, skeletonMark+s)
		}
		if compounds(lang) && utf8.RuneCountInString(k) >= minTail {
			forms = append(forms, lang+tailMark+backwards(k))
		}
	}
	return forms
}

// compounds reports whether a language writes compounds as one word.
func compounds(lang string) bool { return lang == "fi" || lang == "sv" }

func backwards(s string) string {
	runes := []rune(s)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}

// tally is how often a text has each word.
type tally map[string]int

// tallied counts the words of a text. Words that only a hyphen parts are counted
// joined too: e-tjänst is also found as etjänst.
func tallied(text string) (list []word, times tally, length int) {
	list = words(text)
	times, length = make(tally, len(list)/2+1), len(list)
	for i, w := range list {
		times[w.text]++
		if i > 0 && joined(text, list[i-1], w) {
			times[list[i-1].text+w.text]++
			length++
		}
	}
	return list, times, length
}

// joined reports whether a hyphen is all that parts two words.
func joined(text string, a, b word) bool {
	between := text[a.end:b.start]
	return (between == "-" || between == "\u2011") && len(a.text)+len(b.text) <= maxWord
}

func pairOf(a, b, lang string) string {
	if lang == noLanguage {
		return pairMark + a + " " + b
	}
	return pairMark + keysOf(a, lang)[0] + " " + keysOf(b, lang)[0]
}

// lines joins the parts of a text that belong together but are not one
// sentence.
func lines(parts ...string) string { return strings.Join(parts, "\n") }
