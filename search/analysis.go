package search

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"
)

// A term of the index is a word in one of three forms, told apart by its first
// characters: "=" the word as written, "^" its skeleton, "fi~" its stem in a
// language. All of a word's forms stand at the same position.
const (
	exactMark    = "="
	skeletonMark = "^"
	stemMark     = "~"
)

// inLanguage marks a text with its language for the analyser.
func inLanguage(lang, text string) string {
	if len(lang) != 2 {
		lang = "--"
	}
	return lang + "\x1f" + text
}

// formsOf are the terms a word of a text in lang is indexed under.
func formsOf(w, lang string) []string {
	forms := []string{exactMark + w, skeletonMark + skeleton(w)}
	if lang != "--" {
		forms = append(forms, lang+stemMark+stem(w, lang))
	}
	return forms
}

const analyser = "kokeilu"

func init() {
	err := registry.RegisterAnalyzer(analyser, func(map[string]interface{}, *registry.Cache) (analysis.Analyzer, error) {
		return forms{}, nil
	})
	if err != nil {
		panic(err)
	}
}

// forms is the analyser of every text field.
type forms struct{}

// Analyze gives the terms of a text that inLanguage marked.
func (forms) Analyze(input []byte) analysis.TokenStream {
	text := string(input)
	lang := "--"
	if len(text) > 2 && text[2] == '\x1f' {
		lang, text = text[:2], text[3:]
	}
	list := words(text)
	stream := make(analysis.TokenStream, 0, 3*len(list))
	for i, w := range list {
		for _, f := range formsOf(w.text, lang) {
			stream = append(stream, &analysis.Token{Term: []byte(f), Start: w.start, End: w.end, Position: i + 1, Type: analysis.AlphaNumeric})
		}
	}
	return stream
}

// lines joins the parts of a text that belong together but are not one
// sentence.
func lines(parts ...string) string { return strings.Join(parts, "\n") }
