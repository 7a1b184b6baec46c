package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// vocabulary looks words up in the terms of one state of the index. Every look
// is bounded.
type vocabulary struct {
	ctx    context.Context
	eyes   *eyes // the reader's
	budget *int  // terms that may still be looked at for this query
	fuzz   *int  // words that may still be looked up though they are misspelt
}

func newVocabulary(e *eyes) vocabulary {
	budget, fuzz := maxLooked, maxFuzzy
	return vocabulary{e.ctx, e, &budget, &fuzz}
}

const (
	maxScanned  = 2500   // terms looked at for one word
	maxLooked   = 16_000 // terms looked at for one query
	maxExpanded = 48     // terms one word may grow into
	maxFuzzy    = 32     // misspelt words looked up for one query: each takes milliseconds
)

// enough is how many documents of a word are counted.
const enough = 10

// count is how many documents the reader may see that have a term, enough when
// there are more: what the words of others are taken for is nobody's business.
func (v vocabulary) count(term string) int {
	n, err := v.eyes.count(term, enough)
	if err != nil {
		return 0
	}
	return n
}

// known reports whether any of the terms is in a document the reader may see.
func (v vocabulary) known(terms []term) bool {
	return slices.ContainsFunc(terms, func(t term) bool { return v.count(t.text) > 0 })
}

// each calls f with the forms that begin with prefix until f returns false or
// enough are seen. It reports whether the terms of the index ended before that.
func (v vocabulary) each(prefix string, f func(shape) bool) (whole bool) {
	if v.ctx.Err() != nil {
		return false
	}
	most := min(maxScanned, *v.budget)
	read, err := shapes(v.eyes.segments, prefix, most, f) // what cannot be read is not there
	*v.budget -= read
	return read < most && err == nil
}

// written are the words of texts that have one of some forms, those that count
// most first. A word counts as the best of its forms.
func (v vocabulary) written(forms []term) []term {
	var s termSet
	for _, f := range forms {
		list, err := v.eyes.words(f.text)
		if err != nil || v.ctx.Err() != nil {
			break
		}
		for _, w := range list {
			s.add(w, f.weight)
		}
	}
	slices.SortStableFunc(s.list, func(a, b term) int { return cmp.Compare(b.weight, a.weight) })
	return s.list
}

// grownTerm is a form that a word may grow into.
type grownTerm struct {
	term
	count uint64
}

// beginning are the forms that begin with prefix, those that count most first;
// weigh says what a form counts by what follows the prefix, 0 for not at all.
func (v vocabulary) beginning(prefix string, weigh func(rest string) float64) []term {
	var list []grownTerm
	left := false
	whole := v.each(prefix, func(s shape) bool {
		if w := weigh(s.form[len(prefix):]); w > 0 {
			list = append(list, grownTerm{term{s.form, w}, s.count})
			v.eyes.note(s.form, s.words)
		} else {
			left = true
		}
		return true
	})
	if whole && !left {
		v.eyes.noteAll(prefix)
	}
	return best(list)
}

func best(list []grownTerm) []term {
	slices.SortFunc(list, func(a, b grownTerm) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.count, a.count), cmp.Compare(a.text, b.text))
	})
	var terms []term
	for _, g := range list[:min(len(list), maxExpanded)] {
		terms = append(terms, g.term)
	}
	return terms
}

// near are the words a letter or two away from w that begin as it does.
func (v vocabulary) near(mark, w string) []term {
	runes := []rune(w)
	if len(runes) < 4 || strings.ContainsAny(w, "0123456789") {
		return nil
	}
	allowed := 1
	if len(runes) >= 8 {
		allowed = 2
	}
	var list []grownTerm
	for t := range v.fuzzy(mark, w, string(runes[:1]), allowed) {
		if d := distance(runes, []rune(t[len(mark):]), allowed); d <= allowed {
			weight := typoWeight
			if d > 1 {
				weight = twoTyposWeight
			}
			list = append(list, grownTerm{term: term{t, weight}})
		}
	}
	terms := best(list)
	return terms[:min(len(terms), 8)]
}

// fuzzy are the forms with a mark so many letters away from a text that begin as
// it does.
func (v vocabulary) fuzzy(mark, text, begin string, allowed int) map[string]bool {
	found := map[string]bool{}
	if *v.fuzz--; *v.fuzz < 0 || v.ctx.Err() != nil {
		return found
	}
	from, to := placeOf(mark+begin), placeOf(mark+text)
	a := newMisspellings(to.prefix, allowed)
	for _, s := range v.eyes.segments {
		err := matching(s.index, from.field, from.prefix, a, func(t string) bool {
			*v.budget--
			form, _, _ := from.read(t, 1)
			found[form] = true
			return *v.budget > 0 && len(found) < maxScanned
		})
		if err != nil || v.ctx.Err() != nil {
			break
		}
	}
	return found
}

// isHead reports whether a compound may begin with head: some other word does.
func (v vocabulary) isHead(head string) bool {
	n := utf8.RuneCountInString(head)
	if n < 3 {
		return false
	}
	if n > 5 {
		head = string([]rune(head)[:5])
	}
	seen := 0
	v.each(exactMark+head, func(shape) bool {
		seen++
		return seen < 2
	})
	return seen >= 2
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
