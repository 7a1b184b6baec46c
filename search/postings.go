package search

import (
	"github.com/blevesearch/bleve/v2/index/scorch"
	api "github.com/blevesearch/scorch_segment_api/v2"
)

// postings reads which documents have the terms of one field. It reads the
// segments itself: what the library puts around them costs as much as they do.
type postings struct {
	segments []*scorch.SegmentSnapshot
	normed   bool // lengths of the field are wanted
	dicts    []api.TermDictionary
	lists    []api.PostingsList     // used again for the next term
	docs     []api.PostingsIterator // likewise
}

func newPostings(reader *scorch.IndexSnapshot, field string, normed bool) (*postings, error) {
	segments := reader.Segments()
	p := &postings{
		segments: segments, normed: normed, dicts: make([]api.TermDictionary, len(segments)),
		lists: make([]api.PostingsList, len(segments)), docs: make([]api.PostingsIterator, len(segments)),
	}
	for i, s := range segments {
		var err error
		if p.dicts[i], err = s.Segment().Dictionary(field); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// each calls f with every document that has a term until f returns false:
// its number in the whole index, how often it has the term and the norm of its
// length.
func (p *postings) each(term string, f func(doc uint32, freq uint64, norm float64) bool) error {
	from := uint32(0)
	for i, s := range p.segments {
		list, err := p.dicts[i].PostingsList([]byte(term), s.Deleted(), p.lists[i])
		if err != nil {
			return err
		}
		p.lists[i] = list
		p.docs[i] = list.Iterator(true, p.normed, false, p.docs[i])
		for {
			hit, err := p.docs[i].Next()
			if err != nil {
				return err
			}
			if hit == nil {
				break
			}
			norm := 0.0
			if p.normed {
				norm = hit.Norm()
			}
			if !f(from+uint32(hit.Number()), hit.Frequency(), norm) {
				return nil
			}
		}
		from += uint32(s.FullSize())
	}
	return nil
}
