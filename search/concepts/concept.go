// Package concepts keeps what the administrators of a portal add to its
// thesaurus: names of the same thing in five languages.
package concepts

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// A Concept is one thing and what it is called, by language, the usual name
// first.
type Concept struct {
	ID      string              `json:"id"`
	Names   map[string][]string `json:"names"`
	By      string              `json:"by"`
	Created time.Time           `json:"created"`
	Changed time.Time           `json:"changed"`
}

const (
	// Most is how many concepts a portal may add.
	Most = 2000

	maxNames = 12 // in one language
	maxName  = 60 // characters of a name
	maxWords = 4  // the search looks for no more together
)

// Faults of a concept. Their field is the language in which the name is.
var (
	ErrFew   = fault.New(fault.Invalid, "concept.few").On("fi")
	ErrMany  = fault.New(fault.Invalid, "concept.many_names", maxNames)
	ErrLong  = fault.New(fault.Invalid, "concept.long_name", maxName)
	ErrWords = fault.New(fault.Invalid, "concept.many_words", maxWords)
	ErrMost  = fault.New(fault.Conflict, "concept.too_many", Most)
)

// Names reads one name per line; each counts once.
func Names(lines string) []string {
	var list []string
	for line := range strings.Lines(lines) {
		name := strings.Join(strings.Fields(line), " ")
		if name != "" && !slices.ContainsFunc(list, func(known string) bool { return strings.EqualFold(known, name) }) {
			list = append(list, name)
		}
	}
	return list
}

// check says what is wrong with a concept, at each language.
func (c *Concept) check() error {
	var wrong []*fault.Error
	n := 0
	for _, lang := range i18n.Languages {
		names := c.Names[lang]
		if n += len(names); len(names) == 0 {
			delete(c.Names, lang)
			continue
		}
		switch {
		case len(names) > maxNames:
			wrong = append(wrong, ErrMany.On(lang))
		case slices.ContainsFunc(names, func(s string) bool { return utf8.RuneCountInString(s) > maxName }):
			wrong = append(wrong, ErrLong.On(lang))
		case slices.ContainsFunc(names, func(s string) bool { return wordsOf(s) > maxWords || wordsOf(s) == 0 }):
			wrong = append(wrong, ErrWords.On(lang))
		}
	}
	if n < 2 {
		wrong = append(wrong, ErrFew)
	}
	return fault.Join(wrong...)
}

// wordsOf counts words as the thesaurus does.
func wordsOf(name string) int {
	return len(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' }))
}

// Title is the usual name in lang, or in the first language that has one.
func (c Concept) Title(lang string) string {
	for _, l := range append([]string{lang}, i18n.Languages...) {
		if names := c.Names[l]; len(names) > 0 {
			return names[0]
		}
	}
	return ""
}
