package search

import (
	"log/slog"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"
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

// inLanguage marks a text with its language for the analyser.
func inLanguage(lang, text string) string {
	if len(lang) != 2 {
		lang = noLanguage
	}
	return lang + "\x1f" + text
}

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

const (
	analyser      = "kokeilu"
	pairsAnalyser = "kokeilu_pairs"
	leanAnalyser  = "kokeilu_lean"
)

func init() {
	for name, a := range map[string]analysis.Analyzer{analyser: forms{}, pairsAnalyser: forms{pairs: true}, leanAnalyser: forms{lean: true}} {
		err := registry.RegisterAnalyzer(name, func(map[string]interface{}, *registry.Cache) (analysis.Analyzer, error) { return guarded{a}, nil })
		if err != nil {
			panic(err)
		}
	}
}

// guarded is an analyser that does not panic: texts are analysed in goroutines
// of the index library, where a panic would end the process. A text that cannot
// be analysed is not found by its words.
type guarded struct{ analysis.Analyzer }

// Analyze gives the terms of a text, none when that panics.
func (g guarded) Analyze(input []byte) (stream analysis.TokenStream) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("a text cannot be analysed for the search", "bytes", len(input), "panic", r, "stack", string(debug.Stack()))
			stream = nil
		}
	}()
	return g.Analyzer.Analyze(input)
}

// forms is the analyser of the text fields; with pairs, of those that also
// know which words stand together; lean, of long texts, where only words with
// other letters than a to z have a skeleton.
type forms struct{ pairs, lean bool }

// Analyze gives the terms of a text that inLanguage marked.
func (f forms) Analyze(input []byte) analysis.TokenStream {
	text := string(input)
	lang := noLanguage
	if len(text) > 2 && text[2] == '\x1f' {
		lang, text = text[:2], text[3:]
	}
	list := words(text)
	stream := make(analysis.TokenStream, 0, 4*len(list))
	tokens := make([]analysis.Token, 0, 4*len(list)) // one piece of memory for most of them
	add := func(term []byte, i int) {
		if len(tokens) == cap(tokens) {
			tokens = make([]analysis.Token, 0, 64)
		}
		tokens = append(tokens, analysis.Token{Term: term, Start: list[i].start, End: list[i].end, Position: i + 1, Type: analysis.AlphaNumeric})
		stream = append(stream, &tokens[len(tokens)-1])
	}
	for i, w := range list {
		for _, form := range rememberedForms(w.text, lang) {
			if !f.lean || form[0] != skeletonMark[0] || !isASCII(w.text) {
				add(form, i)
			}
		}
		if i == 0 {
			continue
		}
		if joined(text, list[i-1], w) {
			for _, form := range rememberedForms(list[i-1].text+w.text, lang) {
				add(form, i)
			}
		}
		if f.pairs {
			add([]byte(pairOf(list[i-1].text, w.text, lang)), i)
		}
	}
	return stream
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
