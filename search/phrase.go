package search

import (
	"context"
	"slices"
	"strings"
)

// maxVerified bounds how many finds are read to see whether they hold a
// phrase; the best ones are.
const maxVerified = 200

// phraseWords are the written words that each word of the phrases may be, but for
// those that are in almost every text.
func (p planned) phraseWords() (list [][]term) {
	typed := map[string]unit{}
	for _, g := range p.groups {
		for _, u := range g.units {
			typed[u.typed] = u
		}
	}
	for _, f := range p.finders {
		for i, w := range f.words {
			u, ok := typed[w]
			if !ok || isCommon(w) {
				continue
			}
			var words []term
			for _, t := range u.words {
				if w, _ := wordOf(t.text); f.which(w)&(1<<i) > 0 {
					words = append(words, t)
				}
			}
			list = append(list, words)
		}
	}
	return list
}

// hold lets only documents be found that have one of each of some lists of
// written words.
func (r *run) hold(list [][]term) {
	for _, words := range list {
		r.having(words, 0, r.some.add)
		r.keepSome()
	}
}

// withPhrases keeps the finds that hold every quoted phrase, in the words' order
// and next to each other, and counts them.
func (x *Index) withPhrases(ctx context.Context, refs []found, p planned, r Request, out *Results) ([]found, error) {
	var kept []found
	var docs []Document
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		source := x.source(ref.Kind)
		if source == nil {
			continue
		}
		d, ok, err := source.Glance(ctx, ref.ID)
		if err != nil {
			return nil, err
		}
		if ok && (!d.Members || r.Members) && p.holdsPhrases(ctx, d) {
			kept, docs = append(kept, ref), append(docs, d)
		}
	}
	out.Total, out.Facets = len(kept), nil
	if r.Count {
		out.Facets = countDocuments(docs)
	}
	return kept[min(r.From, len(kept)):min(r.From+r.Size, len(kept))], nil
}

// countDocuments counts the facets of documents.
func countDocuments(docs []Document) map[string][]Bucket {
	c := newSums()
	for _, d := range docs {
		for _, f := range d.values() {
			i := slices.Index(Facets[:], f.field)
			for _, v := range f.values {
				if i >= 0 && v != "" {
					c[i][v]++
				}
			}
		}
	}
	return c.buckets()
}

func (p planned) holdsPhrases(ctx context.Context, d Document) bool {
	body := d.text(ctx)
	for _, f := range p.finders {
		if !f.isIn(d.Title) && !f.isIn(d.Summary) && !f.isIn(body) && !f.isIn(d.Places) {
			return false
		}
	}
	return true
}

// meanings are the names in a text's language that stand for what was typed,
// as far as the text has them and lacks the words as typed.
func (p planned) meanings(v *seen) []Meaning {
	var list []Meaning
	var top, here map[string]bool // terms in title and summary, and in all of it
	for _, g := range p.groups {
		for _, s := range g.sayings {
			if s.literal || s.lang != v.Lang || len(list) >= 3 {
				continue
			}
			if top == nil {
				top = v.terms(v.title, v.summary)
			}
			if g.isIn(top) {
				break
			}
			if here == nil {
				here = v.terms(v.title, v.summary, v.inBody())
			}
			typed := g.typed()
			if !hasAll(here, s.words) || slices.ContainsFunc(list, func(m Meaning) bool { return m.Typed == typed }) ||
				strings.EqualFold(typed, s.label) || g.isIn(here) {
				continue
			}
			list = append(list, Meaning{Typed: typed, Found: s.label})
		}
	}
	return list
}

// terms are the terms of the query that words of a document have.
func (v *seen) terms(found ...[]word) map[string]bool {
	here := map[string]bool{}
	for _, list := range found {
		v.look.formsOf(list, v.Lang, here)
	}
	return here
}

func hasAll(here map[string]bool, list [][]term) bool {
	for _, w := range list {
		if !slices.ContainsFunc(w, func(t term) bool { return here[t.text] }) {
			return false
		}
	}
	return true
}

// isIn reports whether a group's own words are all there as typed.
func (g group) isIn(here map[string]bool) bool {
	for _, u := range g.units {
		if !slices.ContainsFunc(u.terms, func(t term) bool { return t.weight >= otherKeyWeight && here[t.text] }) {
			return false
		}
	}
	return true
}

// typed are a group's words as they were typed.
func (g group) typed() string {
	var list []string
	for _, u := range g.units {
		list = append(list, u.typed)
	}
	return strings.Join(list, " ")
}
