package search

import api "github.com/blevesearch/scorch_segment_api/v2"

// A posting is a document of a segment that has a term, and how often, as the
// index has it.
type posting struct {
	doc  uint32 // in the segment
	freq uint32
}

// postings reads which documents have the terms of one field. It reads the
// segments itself: what the library puts around them costs as much as they do.
type postings struct {
	field    string
	segments []segment
	dicts    []api.TermDictionary
	lists    []api.PostingsList     // used again for the next term
	docs     []api.PostingsIterator // likewise
}

func newPostings(segments []segment, field string) (*postings, error) {
	p := &postings{
		field: field, segments: segments, dicts: make([]api.TermDictionary, len(segments)),
		lists: make([]api.PostingsList, len(segments)), docs: make([]api.PostingsIterator, len(segments)),
	}
	for i, s := range segments {
		var err error
		if p.dicts[i], err = s.index.Segment().Dictionary(field); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// each calls f with every document that has a term until f returns false: its
// number in the whole index, and the frequency that the index has.
func (p *postings) each(term string, f func(doc uint32, freq uint64) bool) error {
	for i := range p.segments {
		s := &p.segments[i]
		if known, ok := s.memory.lists.get(listKey{p.field, term}); ok {
			for _, one := range known {
				if !s.isDeleted(one.doc) && !f(s.from+one.doc, uint64(one.freq)) {
					return nil
				}
			}
			continue
		}
		if err := p.open(i, term, true); err != nil {
			return err
		}
		for {
			hit, err := p.docs[i].Next()
			if err != nil {
				return err
			}
			if hit == nil {
				break
			}
			if doc := uint32(hit.Number()); !s.isDeleted(doc) && !f(s.from+doc, hit.Frequency()) {
				return nil
			}
		}
	}
	return nil
}

// of are the documents of one segment that have a term, those that were deleted
// among them. They are remembered; nobody may change them.
func (p *postings) of(i int, term string) ([]posting, error) {
	s := &p.segments[i]
	if known, ok := s.memory.lists.get(listKey{p.field, term}); ok {
		return known, nil
	}
	if err := p.open(i, term, true); err != nil {
		return nil, err
	}
	list := make([]posting, 0, p.lists[i].Count())
	for {
		hit, err := p.docs[i].Next()
		if err != nil {
			return nil, err
		}
		if hit == nil {
			break
		}
		list = append(list, posting{uint32(hit.Number()), uint32(hit.Frequency())})
	}
	s.memory.lists.put(listKey{p.field, term}, list)
	return list, nil
}

// few is up to how many documents a term's list is read in whole and remembered,
// though only the documents are asked for.
const few = 64

// documents calls f with the documents of one segment that have a term, those that
// were deleted among them. That costs less than what of gives, as it need not read
// how often they have it.
func (p *postings) documents(i int, term string, f func(doc uint32)) error {
	known, ok := p.segments[i].memory.lists.get(listKey{p.field, term})
	if !ok {
		if err := p.open(i, term, false); err != nil {
			return err
		}
		if list, ok := p.docs[i].(api.OptimizablePostingsIterator); ok && p.lists[i].Count() > few {
			var some [256]uint32
			for all := list.ActualBitmap().ManyIterator(); ; {
				n := all.NextMany(some[:])
				for _, doc := range some[:n] {
					f(doc)
				}
				if n < len(some) {
					return nil
				}
			}
		}
		var err error
		if known, err = p.of(i, term); err != nil {
			return err
		}
	}
	for _, one := range known {
		f(one.doc)
	}
	return nil
}

// open begins to read the documents of a segment that have a term, and how often
// if that is wanted.
func (p *postings) open(i int, term string, often bool) error {
	list, err := p.dicts[i].PostingsList([]byte(term), nil, p.lists[i])
	if err != nil {
		return err
	}
	p.lists[i] = list
	p.docs[i] = list.Iterator(often, false, false, p.docs[i])
	return nil
}

// isDeleted reports whether a document of the segment is there no more.
func (s *segment) isDeleted(doc uint32) bool { return s.deleted != nil && s.deleted.Contains(doc) }

// eachDeleted calls f with those documents of the segment.
func (s *segment) eachDeleted(f func(doc uint32)) {
	if s.deleted == nil {
		return
	}
	for docs := s.deleted.Iterator(); docs.HasNext(); {
		f(docs.Next())
	}
}
