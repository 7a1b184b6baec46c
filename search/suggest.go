package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Suggestion is what somebody who types may mean: a word, the name of a thing,
// or a document by its title.
type Suggestion struct {
	Kind string // word, concept, theme, country, org, or a document's kind
	Text string
	Lang string // of Text
	Path string // of the document below its language, "" when Query is to be searched
	// Query is what to search.
	Query string
}

// Limits of suggestions.
const (
	MaxSuggested = 8
	minTyped     = 2 // characters before anything is suggested
	maxWritten   = 4 // words that are looked at; the last ones
	minStrange   = 3 // bytes of what may have been typed on another keyboard
	maxMatched   = 200
	maxTried     = 40 // completions of a word that are looked up
	wordsShown   = 3
	namesShown   = 2
	// hurry is how long suggestions may take: somebody is typing.
	hurry = 400 * time.Millisecond
)

// Suggest returns at most MaxSuggested suggestions for what was typed so far.
// None of them comes from a document that the reader may not see. It fails as
// Search does.
func (x *Index) Suggest(ctx context.Context, r Request) (list []Suggestion, err error) {
	r.Text = strings.TrimLeft(short(r.Text), " ")
	if utf8.RuneCountInString(r.Text) < minTyped {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, hurry)
	defer cancel()
	var said []Suggestion
	var titles []found
	err = x.see(ctx, r, func(v *eyes, e *edition) error {
		lists, err := x.listed.of(e, v.reader)
		if err != nil {
			return err
		}
		s := suggester{eyes: v, index: x, lists: lists, typed: typedWords(r.Text)}
		if !s.understand(r.Text) {
			return nil
		}
		said, titles, err = s.look()
		return err
	})
	if err == nil {
		list, err = x.withTitles(ctx, r, said, titles)
	}
	if err != nil && ctx.Err() != nil {
		err = ErrSlow.Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("suggest for %q: %w", r.Text, err)
	}
	return list, nil
}

// typedWords are the last words of what was typed, as they are compared.
func typedWords(text string) []string {
	var list []string
	for _, w := range words(text) {
		if bones := skeleton(w.text); bones != "" {
			list = append(list, bones)
		}
	}
	return list[max(0, len(list)-maxWritten):]
}

// suggester looks for what words may become.
type suggester struct {
	*eyes
	index   *Index
	lists   []wordlist
	typed   []string // skeletons of the words
	before  string   // what was typed before the last word
	matches [][]match
}

// match is a word that a typed one may become.
type match struct {
	listedWord
	share float64
}

// What a word counts as that a typed one may become.
const (
	wholeShare = 1.0
	beginShare = 0.8
	slipShare  = 0.4
)

// understand finds the words that each of the typed ones may become. What makes
// no sense may have been typed on another keyboard.
func (s *suggester) understand(text string) bool {
	if s.match(text) {
		return true
	}
	for _, other := range otherLayouts(strings.TrimSpace(text)) {
		if len(text) < minStrange || len(words(other)) != len(words(text)) && len(words(text)) > 0 {
			continue
		}
		if s.typed = typedWords(other); s.match(other) {
			return true
		}
	}
	s.typed = typedWords(text)
	s.match(text)
	return len(s.typed) > 0 // names may have them
}

// match fills matches and reports whether the last word has any.
func (s *suggester) match(text string) bool {
	s.matches, s.before = nil, ""
	if list := words(text); len(list) > 0 {
		s.before = text[:list[len(list)-1].start]
	}
	for _, bones := range s.typed {
		s.matches = append(s.matches, s.become(bones))
	}
	return len(s.matches) > 0 && len(s.matches[len(s.matches)-1]) > 0
}

// become are the words that one may become, the likely ones first.
func (s *suggester) become(bones string) []match {
	all := map[string]match{}
	add := func(w listedWord, share float64) {
		if len(w.bones) == len(bones) && share == beginShare {
			share = wholeShare
		}
		m := all[w.text]
		w.count += m.count
		all[w.text] = match{w, max(share, m.share)}
	}
	for _, l := range s.lists {
		for _, w := range l.beginning(bones) {
			add(w, beginShare)
		}
	}
	if len(all) == 0 && len(bones) >= 5 {
		for _, l := range s.lists {
			for _, w := range l.beginning(bones[:1]) {
				if beginsNearly(w.bones, bones) {
					add(w, slipShare)
				}
			}
		}
	}
	list := make([]match, 0, len(all))
	for _, m := range all {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(b.count, a.count), cmp.Compare(a.text, b.text))
	})
	return list[:min(len(list), maxMatched)]
}

// look gathers suggestions, and the documents whose titles are some.
func (s *suggester) look() (list []Suggestion, titles []found, err error) {
	last := len(s.typed) - 1
	var with *scores // documents with the words before the last one; nil: any
	for _, list := range s.matches[:last] {
		if len(list) == 0 { // no title has it: it says nothing about the rest
			continue
		}
		docs, err := s.titled(list, with)
		if err != nil {
			return nil, nil, err
		}
		with = docs
	}
	concepts, err := s.concepts()
	if err != nil {
		return nil, nil, err
	}
	completed, err := s.completed(s.matches[last], with)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range append(concepts, completed...) {
		if len(list) < wordsShown && !slices.ContainsFunc(list, func(o Suggestion) bool { return strings.EqualFold(o.Text, c.Text) }) {
			list = append(list, c)
		}
	}
	names, err := s.names()
	if err != nil {
		return nil, nil, err
	}
	list = append(list, names...)
	docs, err := s.titled(s.matches[last], with)
	if err != nil {
		return nil, nil, err
	}
	titles, err = s.best(docs)
	return list, titles, err
}

// titled are the documents whose titles have one of the words, of those in with.
func (s *suggester) titled(list []match, with *scores) (*scores, error) {
	docs := &scores{of: make([]float32, s.size())}
	for _, m := range list {
		err := s.each("title", exactMark+m.text, func(doc uint32) bool {
			switch {
			case with == nil:
				docs.raise(doc, float32(m.share))
			case with.of[doc] > 0:
				docs.raise(doc, with.of[doc]+float32(m.share))
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// completed are the words that the last one may become, in the documents that
// have those before it.
func (s *suggester) completed(list []match, with *scores) ([]Suggestion, error) {
	type counted struct {
		match
		n, own int
	}
	var all []counted
	for _, m := range list[:min(len(list), maxTried)] {
		c := counted{match: m}
		at := place{eyes: s.eyes}
		for _, field := range []string{"title", "lead"} {
			err := s.each(field, exactMark+m.text, func(doc uint32) bool {
				if with == nil || with.of[doc] > 0 {
					c.n++
					if at.value(doc, "lang") == s.own {
						c.own++
					}
				}
				return c.n < 100
			})
			if err != nil {
				return nil, err
			}
		}
		if c.n > 0 && !(m.share == wholeShare && len(s.typed) == 1) {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.own, a.own), cmp.Compare(b.n, a.n), cmp.Compare(len(a.text), len(b.text)))
	})
	var suggested []Suggestion
	for _, c := range all[:min(len(all), wordsShown)] {
		suggested = append(suggested, Suggestion{Kind: "word", Text: s.before + c.text, Lang: s.own, Query: s.before + c.text})
	}
	return suggested, nil
}
