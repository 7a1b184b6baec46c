package search

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

// namedFields are the fields whose values have names of their own.
var namedFields = []string{"theme", "org", "country"}

// names are the themes, places and organisations that are typed, of those that
// documents the reader may see have.
func (s *suggester) names() ([]Suggestion, error) {
	if s.index.Label == nil {
		return nil, nil
	}
	type named struct {
		Suggestion
		n int
	}
	var all []named
	for _, field := range namedFields {
		for value, text := range s.values(field) {
			n := 0
			err := s.each(field, value, func(uint32) bool { n++; return n < maxCounted })
			if err != nil {
				return nil, err
			}
			query := text
			if field != "org" {
				query = field + ":" + value
			}
			if n > 0 {
				all = append(all, named{Suggestion{Kind: field, Text: text, Lang: s.own, Query: query}, n})
			}
		}
	}
	slices.SortFunc(all, func(a, b named) int {
		return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.Text, b.Text))
	})
	var list []Suggestion
	for _, n := range all[:min(len(all), namesShown)] {
		list = append(list, n.Suggestion)
	}
	return list, nil
}

// values are those of a field whose names are typed, whoever may see the
// documents that have them, with their names.
func (s *suggester) values(field string) map[string]string {
	typed := map[string]string{}
	for _, part := range s.segments {
		c := part.columns[field]
		if c == nil {
			continue
		}
		for _, value := range c.values[1:] {
			l := s.index.labels.of(s.index.Label, s.own, field, value)
			if l.text != "" && l.text != value && l.begins(s.typed) && len(typed) < maxTried {
				typed[value] = l.text
			}
		}
	}
	return typed
}

// label is a name, its words and their skeletons.
type label struct {
	text         string
	words, bones []string
}

func newLabel(text string) label {
	l := label{text: text}
	for _, w := range words(text) {
		l.words, l.bones = append(l.words, w.text), append(l.bones, skeleton(w.text))
	}
	return l
}

// begins reports whether each typed word begins a word of the label, in its
// order; a longer one may have a letter wrong.
func (l label) begins(typed []string) bool {
	i := 0
	for _, t := range typed {
		for ; i < len(l.bones); i++ {
			if strings.HasPrefix(l.bones[i], t) || len(t) >= 5 && beginsNearly(l.bones[i], t) {
				break
			}
		}
		if i++; i > len(l.bones) {
			return false
		}
	}
	return len(typed) > 0
}

// labelCache remembers the names of values for a while: they are looked up for
// every letter that is typed.
type labelCache struct {
	mu    sync.Mutex
	since time.Time
	kept  map[[3]string]label
}

const (
	maxLabels = 20_000
	labelsFor = 10 * time.Minute
)

func (c *labelCache) of(name func(lang, field, value string) string, lang, field, value string) label {
	key := [3]string{lang, field, value}
	c.mu.Lock()
	if c.kept == nil || len(c.kept) >= maxLabels || time.Since(c.since) > labelsFor {
		c.kept, c.since = map[[3]string]label{}, time.Now()
	}
	l, ok := c.kept[key]
	c.mu.Unlock()
	if ok {
		return l
	}
	l = newLabel(name(lang, field, value)) // may ask the store: not under the lock
	c.mu.Lock()
	c.kept[key] = l
	c.mu.Unlock()
	return l
}

// concepts are labels of the thesaurus that are typed, those in the reader's
// language first, of things that a document the reader may see is about: the
// search finds it whatever language it is in.
func (s *suggester) concepts() (list []Suggestion, err error) {
	t := s.index.thesaurus()
	if t == nil {
		return nil, nil
	}
	written := map[int]bool{}
	for _, own := range []bool{true, false} {
		for _, l := range t.labels {
			if len(list) >= wordsShown || (l.lang == s.own) != own || !l.begins(s.typed) {
				continue
			}
			if _, looked := written[l.concept]; looked || len(written) >= maxTried {
				continue
			}
			if written[l.concept], err = s.about(t.concepts[l.concept]); err != nil {
				return nil, err
			}
			if written[l.concept] {
				list = append(list, Suggestion{Kind: "concept", Text: l.text, Lang: l.lang, Query: l.text})
			}
		}
	}
	return list, nil
}
