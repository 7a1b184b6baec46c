package search

import (
	"iter"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
)

// dictionary yields the index terms that begin with prefix and in how many
// documents each is; with whole set, only the term itself.
func dictionary(live bleve.Index, prefix string, whole bool) iter.Seq2[string, uint64] {
	return func(yield func(string, uint64) bool) {
		dict, err := live.FieldDictPrefix("text", []byte(prefix))
		if err != nil {
			return
		}
		defer func() { _ = dict.Close() }()
		for {
			e, err := dict.Next()
			if err != nil || e == nil {
				return
			}
			if whole && e.Term != prefix {
				return
			}
			if !yield(e.Term, e.Count) {
				return
			}
		}
	}
}

// maxScanned bounds how many index words one query word may look at.
const maxScanned = 4000

// shorten says how many letters at the end of a word may differ in another of
// its forms.
func shorten(w string) int {
	n := utf8.RuneCountInString(w)
	switch {
	case cyrillic(w) && n >= 6:
		return 1
	case cyrillic(w) || n < 6:
		return 0
	case n < 8:
		return 1
	}
	return 2
}

// grown are index words that begin as w does: other forms of it, and compounds
// that start with it. The longer the rest, the less it counts.
func grown(live bleve.Index, w string, asked bool) []term {
	cut := 0
	if !asked {
		cut = shorten(w)
	}
	runes := []rune(w)
	stemmed := string(runes[:len(runes)-cut])
	type found struct {
		term
		count uint64
	}
	var list []found
	scanned := 0
	for t, count := range dictionary(live, exactMark+stemmed, false) {
		if scanned++; scanned > maxScanned {
			break
		}
		rest := utf8.RuneCountInString(strings.TrimPrefix(t, exactMark)) - len(runes)
		if rest == 0 && t == exactMark+w {
			continue
		}
		weight := grownWeight
		if rest > 4 {
			weight *= 4 / float64(rest)
		}
		list = append(list, found{term{t, weight}, count})
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].weight != list[j].weight {
			return list[i].weight > list[j].weight
		}
		if list[i].count != list[j].count {
			return list[i].count > list[j].count
		}
		return list[i].text < list[j].text
	})
	var terms []term
	for i := 0; i < len(list) && i < maxGrown; i++ {
		terms = append(terms, list[i].term)
	}
	return terms
}

// meant are the terms somebody may have meant by a word the index does not
// know: the same keys on the other keyboard, or a word one letter away.
func meant(live bleve.Index, w string) []term {
	if other := otherLayout(w); other != "" {
		for _, o := range words(other) {
			if known(live, o.text) {
				list := []term{{exactMark + o.text, layoutWeight}}
				for _, l := range stemLanguages(o.text) {
					list = append(list, term{l + stemMark + stem(o.text, l), layoutWeight})
				}
				return list
			}
		}
	}
	return near(live, w)
}

// near are the index words whose skeleton is one letter away from w's (two,
// for long words) and begins with the same letter.
func near(live bleve.Index, w string) []term {
	want := []rune(skeleton(w))
	if len(want) < 4 {
		return nil
	}
	allowed := 1
	if len(want) >= 8 {
		allowed = 2
	}
	var terms []term
	for t := range dictionary(live, skeletonMark+string(want[:1]), false) {
		have := []rune(strings.TrimPrefix(t, skeletonMark))
		if d := distance(want, have, allowed); d <= allowed {
			terms = append(terms, term{t, typoWeight / float64(d+1)})
			if len(terms) >= maxGrown {
				break
			}
		}
	}
	return terms
}

// distance is how many letters have to be put in, taken out, changed or
// swapped with their neighbour to make b of a; limit+1 when more than limit.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(last[j]+1, next[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
			best = min(best, next[j])
		}
		if best > limit {
			return limit + 1
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}
