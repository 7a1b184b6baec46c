package search

import (
	"strings"
	"unicode/utf8"
)

// A term of the index is a word in one of several forms, told apart by how it
// begins: "=word" as written, "fi~key" what its forms in a language share,
// "^skeleton" without diacritics and in Latin letters when that is different,
// "fi<yek" the key of a long word backwards, so that compounds are found by
// their last part, and "+key key" two neighbours of a title.
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

// formsOf are the terms a word of a text in lang is indexed under.
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

// forms says in which forms a field has its words: with pairs, it also has
// which words stand together; lean, as long texts are, only words with other
// letters than a to z have a skeleton.
type forms struct{ pairs, lean bool }

// count counts the terms of a text in a language, and how many it has in all.
// A text has a few hundred different words and some thousand in all, so it counts
// words first, and then the forms of each.
func (f forms) count(lang, text string) (terms termCounts, length int) {
	lang = spoken(lang)
	list := words(text)
	times := make(map[string]int, len(list)/2+1)
	for _, w := range list {
		times[w.text]++
	}
	terms = make(termCounts, 4*len(times))
	for w, n := range times {
		for _, form := range rememberedForms(w, lang) {
			if !f.lean || form[0] != skeletonMark[0] || !isASCII(w) {
				length += n
				terms.add(form, n)
			}
		}
	}
	for i := 1; i < len(list); i++ {
		if joined(text, list[i-1], list[i]) {
			for _, form := range rememberedForms(list[i-1].text+list[i].text, lang) {
				length++
				terms.add(form, 1)
			}
		}
		if f.pairs {
			length++
			terms.add(pairOf(list[i-1].text, list[i].text, lang), 1)
		}
	}
	return terms, length
}

// joined reports whether a hyphen is all that parts two words: e-tjänst is
// also found as etjänst.
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
