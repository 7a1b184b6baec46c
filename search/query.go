package search

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// Limits of a query: what is longer is cut, never refused.
const (
	maxQuery = 200 // characters
	maxTerms = 16
	maxGrown = 48 // index words that one query word may grow into
)

// part is one thing asked for: a word, a quoted phrase, or either to be left
// out.
type part struct {
	words  []string
	phrase bool
	prefix bool
	not    bool
}

// parse reads what a person typed. Nothing is an error: what is no syntax is
// searched as words.
func parse(typed string) []part {
	if utf8.RuneCountInString(typed) > maxQuery {
		typed = string([]rune(typed)[:maxQuery])
	}
	var parts []part
	for typed = strings.TrimSpace(typed); typed != "" && len(parts) < maxTerms; typed = strings.TrimSpace(typed) {
		var p part
		if rest, ok := strings.CutPrefix(typed, "-"); ok && rest != "" && rest[0] != ' ' {
			p.not, typed = true, rest
		}
		var raw string
		if rest, ok := strings.CutPrefix(typed, `"`); ok {
			raw, typed, _ = strings.Cut(rest, `"`)
			p.phrase = true
		} else if i := strings.IndexAny(typed, " \t\n\""); i >= 0 {
			raw, typed = typed[:i], typed[i:]
		} else {
			raw, typed = typed, ""
		}
		p.prefix = !p.phrase && strings.HasSuffix(raw, "*")
		for _, w := range words(raw) {
			p.words = append(p.words, w.text)
		}
		parts = appendPart(parts, p)
	}
	return parts
}

func appendPart(parts []part, p part) []part {
	if len(p.words) > maxTerms {
		p.words = p.words[:maxTerms]
	}
	if p.phrase && len(p.words) > 1 {
		return append(parts, p)
	}
	for _, w := range p.words {
		parts = append(parts, part{words: []string{w}, prefix: p.prefix, not: p.not})
	}
	return parts
}

// selective leaves out the words that are too common to select by, unless
// nothing else was asked for.
func selective(parts []part) []part {
	var kept []part
	for _, p := range parts {
		if p.phrase || p.not || !isCommon(p.words[0]) {
			kept = append(kept, p)
		}
	}
	for _, p := range kept {
		if !p.not {
			return kept
		}
	}
	return parts
}

// weights of the fields, and of the forms of a word.
var fields = []struct {
	name   string
	weight float64
}{{"title", 3}, {"names", 2.5}, {"summary", 1.5}, {"text", 1}}

const (
	exactWeight    = 1.0
	stemWeight     = 0.8
	skeletonWeight = 0.5
	layoutWeight   = 0.5
	grownWeight    = 0.35
	typoWeight     = 0.4
)

// term is one index term a query word stands for, and how much it counts.
type term struct {
	text   string
	weight float64
}

// planned is a query ready to run, with what its matches look like in a text.
type planned struct {
	query query.Query
	marks map[string]bool // terms whose words are shown as found
}

// plan builds the index query for what was typed. lang is the reader's.
func plan(live bleve.Index, typed, lang string) (planned, bool) {
	parts := selective(parse(typed))
	p := planned{marks: map[string]bool{}}
	var should, mustNot []query.Query
	for _, part := range parts {
		q := p.part(live, part, lang)
		if part.not {
			mustNot = append(mustNot, q)
		} else {
			should = append(should, q)
		}
	}
	if len(should) == 0 {
		return p, false
	}
	any := bleve.NewDisjunctionQuery(should...)
	any.SetMin(math.Ceil(float64(len(should)) / 2))
	b := bleve.NewBooleanQuery()
	b.AddMust(any)
	b.AddMustNot(mustNot...)
	p.query = b
	return p, true
}

func (p *planned) part(live bleve.Index, part part, lang string) query.Query {
	var all []query.Query
	for _, w := range part.words {
		terms := termsOf(live, w, lang, part.prefix)
		if !part.not {
			for _, t := range terms {
				p.marks[t.text] = true
			}
		}
		all = append(all, anywhere(terms))
	}
	if len(all) == 1 {
		return all[0]
	}
	together := bleve.NewConjunctionQuery(all...)
	if !part.phrase {
		return together
	}
	choices := []query.Query{together}
	for _, f := range fields[:3] {
		exact := make([]string, len(part.words))
		for i, w := range part.words {
			exact[i] = exactMark + w
		}
		phrase := query.NewPhraseQuery(exact, f.name)
		phrase.SetBoost(4 * f.weight)
		choices = append(choices, phrase)
	}
	return bleve.NewDisjunctionQuery(choices...)
}

// anywhere looks for any of the terms in every field.
func anywhere(terms []term) query.Query {
	var list []query.Query
	for _, f := range fields {
		for _, t := range terms {
			q := bleve.NewTermQuery(t.text)
			q.SetField(f.name)
			q.SetBoost(f.weight * t.weight)
			list = append(list, q)
		}
	}
	return bleve.NewDisjunctionQuery(list...)
}

// termsOf are the index terms a query word stands for: itself, its stems in
// the languages of its alphabet, its skeleton, longer words it begins, and,
// when the index does not know it, what may have been meant.
func termsOf(live bleve.Index, w, lang string, prefix bool) []term {
	terms := []term{{exactMark + w, exactWeight}, {skeletonMark + skeleton(w), skeletonWeight}}
	for _, l := range stemLanguages(w) {
		weight := stemWeight
		if l == lang {
			weight *= 1.15
		}
		terms = append(terms, term{l + stemMark + stem(w, l), weight})
	}
	if prefix || utf8.RuneCountInString(w) >= 4 {
		terms = append(terms, grown(live, w, prefix)...)
	}
	if !known(live, w) {
		terms = append(terms, meant(live, w)...)
	}
	return terms
}

// known reports whether the index holds the word in any of its forms.
func known(live bleve.Index, w string) bool {
	for _, t := range []string{exactMark + w, skeletonMark + skeleton(w)} {
		for range dictionary(live, t, true) {
			return true
		}
	}
	return false
}
