package search

import (
	"context"
	"runtime"
)

// run scores one query. Documents are numbered as the reader numbers them.
type run struct {
	ctx      context.Context
	segments []segment
	docs     float64
	err      error

	live  docSet            // documents that are there, and that the reader may see
	open  docSet            // those of them that may still be finds
	some  docSet            // for a while
	total pad               // of the query
	group pad               // of a group
	said  pad               // of another saying of it
	word  pad               // of a word: how much it counts, and how near the best form is
	zone  [zoneCount]scores // of a word, in each
	near  scores            // of words side by side
	asked float64
	lists map[string]*postings

	sharesOnly bool                // how much of what was asked for documents have, not how well: no points
	read       map[string][]uint32 // the documents of terms, remembered then
	pages      []uint32            // what they are written on
}

// runs are those that are free. As many as can work at the same time are kept for
// good: their pads are as long as the index, and to get new ones takes longer than
// to score a query.
var runs = make(chan *run, runtime.GOMAXPROCS(0))

func newRun(ctx context.Context, segments []segment, members bool) *run {
	var r *run
	select {
	case r = <-runs:
	default:
		r = &run{}
	}
	r.ctx, r.segments, r.err, r.lists = ctx, segments, nil, map[string]*postings{}
	r.asked, r.docs, r.sharesOnly = 0, 0, false
	r.read, r.pages = map[string][]uint32{}, r.pages[:0]
	n := 0
	for _, s := range segments {
		n += len(s.lengths)
	}
	for _, p := range r.pads() {
		p.size(n)
	}
	r.live.empty(n)
	for _, s := range segments {
		if members {
			r.live.put(s.from, s.all)
		} else {
			r.live.put(s.from, s.public)
		}
		s.eachDeleted(func(doc uint32) { r.live.remove(s.from + doc) })
	}
	r.docs = float64(r.live.size())
	r.open = append(r.open[:0], r.live...)
	r.some.empty(n)
	return r
}

// scratch is what a run writes on.
type scratch interface {
	size(documents int)
	clear()
}

func (r *run) pads() []scratch {
	list := []scratch{&r.total, &r.group, &r.said, &r.word, &r.near}
	for z := range r.zone {
		list = append(list, &r.zone[z])
	}
	return list
}

// maxPages is how many documents of terms a run keeps room for, 4 bytes each.
const maxPages = 1 << 19

// done gives the scratch pads back.
func (r *run) done() {
	for _, p := range r.pads() {
		p.clear()
	}
	if cap(r.pages) > maxPages {
		r.pages = nil
	}
	r.ctx, r.segments, r.lists, r.read = nil, nil, nil, nil
	select {
	case runs <- r:
	default:
	}
}

// postings calls f with the documents of each segment that have a term in a field,
// those that were deleted among them.
func (r *run) postings(field, term string, f func(*segment, []posting)) {
	if r.err != nil {
		return
	}
	lists, err := r.postingsOf(field)
	if err != nil {
		r.err = err
		return
	}
	for i := range r.segments {
		s := &r.segments[i]
		list, err := lists.of(i, term)
		if err == nil {
			err = r.ctx.Err()
		}
		if err != nil {
			r.err = err
			return
		}
		f(s, list)
	}
}

// documents calls f with the documents that have a term in their text, those that
// were deleted among them.
func (r *run) documents(term string, f func(doc uint32)) {
	if r.err != nil {
		return
	}
	known, ok := r.read[term]
	for _, doc := range known {
		f(doc)
	}
	if ok {
		return
	}
	lists, err := r.postingsOf("text")
	begin := len(r.pages)
	for i := range r.segments {
		if err == nil {
			from := r.segments[i].from
			err = lists.documents(i, term, func(doc uint32) {
				if f(from + doc); r.sharesOnly {
					r.pages = append(r.pages, from+doc)
				}
			})
		}
		if err == nil {
			err = r.ctx.Err()
		}
	}
	if r.err = err; err == nil && r.sharesOnly {
		r.read[term] = r.pages[begin:]
	}
}

func (r *run) postingsOf(field string) (*postings, error) {
	if p, ok := r.lists[field]; ok {
		return p, nil
	}
	p, err := newPostings(r.segments, field)
	if err == nil {
		r.lists[field] = p
	}
	return p, err
}
