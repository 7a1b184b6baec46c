package search

import (
	"context"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// eyes look at one state of the index as one reader may: what they count and
// find is never in documents for members only, unless the reader is a member.
type eyes struct {
	ctx      context.Context
	reader   *scorch.IndexSnapshot
	segments []segment
	members  bool
	own      string // the reader's language
	lists    map[string]*postings
	forms    map[string][]string // the written words of forms that were looked up
	begun    []string            // forms that begin so were all looked up
	budget   int                 // postings that may still be read
}

// maxGlimpsed bounds the postings that are read for one reader's question.
const maxGlimpsed = 30_000

func newEyes(ctx context.Context, reader *scorch.IndexSnapshot, segments []segment, r Request) *eyes {
	return &eyes{ctx, reader, segments, r.Members, r.Lang, map[string]*postings{}, map[string][]string{}, nil, maxGlimpsed}
}

// see lets f look at the index as it is now.
func (x *Index) see(ctx context.Context, r Request, f func(*eyes, *edition) error) error {
	return x.use(ctx, func(e *edition) error {
		reader, err := e.snapshot()
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }()
		segments, err := x.columns.segments(e, reader)
		if err != nil {
			return err
		}
		return f(newEyes(ctx, reader, segments, r), e)
	})
}

// size is one more than the highest number of a document.
func (v *eyes) size() (n int) {
	for _, s := range v.reader.Segments() {
		n += int(s.FullSize())
	}
	return n
}

// each calls f with the documents the reader may see that have a term in a
// field, until f returns false.
func (v *eyes) each(field, term string, f func(doc uint32) bool) error {
	list, ok := v.lists[field]
	if !ok {
		var err error
		if list, err = newPostings(v.segments, field); err != nil {
			return err
		}
		v.lists[field] = list
	}
	at := place{eyes: v}
	return list.each(term, func(doc uint32, _ uint64) bool {
		if v.budget--; v.budget < 0 || v.ctx.Err() != nil {
			return false
		}
		return !at.may(doc) || f(doc)
	})
}

// maxShapes bounds the written words of a form.
const maxShapes = 200

// words are the written words that have a form, as terms of the index.
func (v *eyes) words(form string) ([]string, error) {
	list, ok := v.forms[form]
	if ok || slices.ContainsFunc(v.begun, func(begin string) bool { return strings.HasPrefix(form, begin) }) {
		return list, nil
	}
	_, err := shapes(v.segments, form+betweenParts, maxShapes, func(s shape) bool {
		list = s.words
		return false
	})
	v.note(form, list)
	return list, err
}

// note remembers the written words that have a form.
func (v *eyes) note(form string, words []string) { v.forms[form] = words }

// noteAll remembers that all forms that begin so were noted.
func (v *eyes) noteAll(begin string) { v.begun = append(v.begun, begin) }

// count is how many documents the reader may see that have a form in their
// text; from most on they are not counted.
func (v *eyes) count(form string, most int) (int, error) {
	list, err := v.words(form)
	seen := make(map[uint32]bool, min(most, enough))
	for _, term := range list {
		if err == nil && len(seen) < most {
			err = v.each("text", term, func(doc uint32) bool {
				seen[doc] = true
				return len(seen) < most
			})
		}
	}
	return len(seen), err
}

// any reports whether the reader may see a document with one of the terms.
func (v *eyes) any(terms []term) (bool, error) {
	for _, t := range terms {
		if n, err := v.count(t.text, 1); n > 0 || err != nil {
			return n > 0, err
		}
	}
	return false, nil
}

// about reports whether the reader may see documents with the words of one of a
// concept's labels.
func (v *eyes) about(concept map[string][]string) (bool, error) {
	for lang, labels := range concept {
		for _, text := range labels {
			if ok, err := v.said(text, lang); ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

// said reports whether the reader may see the words of a label, be it in
// several documents.
func (v *eyes) said(text, lang string) (bool, error) {
	said, ok := newSaying(text, lang)
	for _, w := range said.words {
		if !ok {
			break
		}
		var err error
		if ok, err = v.any(w); err != nil {
			return false, err
		}
	}
	return ok, nil
}

// place walks over the documents of a term, whose numbers grow.
type place struct {
	*eyes
	in     int    // number of the segment
	public uint32 // number of "public" among the values of its audience
	ready  bool
}

// may reports whether the reader may see a document.
func (p *place) may(doc uint32) bool {
	p.move(doc)
	if p.members {
		return true
	}
	c := p.segments[p.in].columns["audience"]
	return c != nil && p.public > 0 && c.first[doc-p.segments[p.in].from] == p.public
}

// move finds the segment of a document.
func (p *place) move(doc uint32) {
	from := p.in
	for p.in > 0 && doc < p.segments[p.in].from {
		p.in--
	}
	for p.in+1 < len(p.segments) && doc >= p.segments[p.in+1].from {
		p.in++
	}
	if !p.ready || from != p.in {
		p.public, p.ready = p.segments[p.in].columns["audience"].number("public"), true
	}
}

// value is a document's value of a column.
func (p *place) value(doc uint32, name string) string {
	p.move(doc)
	return p.segments[p.in].columns[name].value(doc - p.segments[p.in].from)
}

// numeric is a document's value of a column that is a number.
func (p *place) numeric(doc uint32, name string) float64 {
	p.move(doc)
	return p.segments[p.in].columns[name].numeric(doc - p.segments[p.in].from)
}
