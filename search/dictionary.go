package search

import (
	"container/heap"
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"
	api "github.com/blevesearch/scorch_segment_api/v2"
)

// dictionary yields terms of a field in order, with the number of documents
// that have each. It is read in the goroutine of the search alone: the library
// would read each segment in a goroutine of its own, where the fault of memory
// that a file cut short makes ends the process.
type dictionary struct {
	cursors []*cursor
	all     []*cursor
}

// lookUp opens the terms of a field that begin with prefix.
func lookUp(segments []segment, field, prefix string) (*dictionary, error) {
	d := &dictionary{}
	for i := range segments {
		s := &segments[i]
		c := &cursor{segment: s, key: listKey{field, prefix}}
		c.begun, _ = s.memory.begun.get(c.key)
		c.remembered = len(c.begun.terms)
		d.all = append(d.all, c)
		ok, err := c.next()
		if err != nil {
			return nil, err
		}
		if ok {
			d.cursors = append(d.cursors, c)
		}
	}
	return d, nil
}

// next is the next term. ok is false at the end.
func (d *dictionary) next() (term string, count uint64, ok bool, err error) {
	if len(d.cursors) == 0 {
		return "", 0, false, nil
	}
	term = d.cursors[0].term.text
	for _, c := range d.cursors[1:] {
		term = min(term, c.term.text)
	}
	kept := d.cursors[:0]
	for _, c := range d.cursors {
		more := true
		if c.term.text == term {
			count += c.term.count
			if more, err = c.next(); err != nil {
				return "", 0, false, err
			}
		}
		if more {
			kept = append(kept, c)
		}
	}
	d.cursors = kept
	return term, count, true, nil
}

// keep remembers what was read.
func (d *dictionary) keep() {
	for _, c := range d.all {
		if len(c.begun.terms) > c.remembered || c.begun.whole && c.rest != nil {
			c.segment.memory.begun.put(c.key, c.begun)
		}
	}
}

// cursor walks over the terms of a segment that begin with something: first
// over those that are remembered.
type cursor struct {
	segment    *segment
	key        listKey
	begun      begun
	remembered int // terms of begun
	at         int // the next of them
	rest       api.DictionaryIterator
	term       listed
}

func (c *cursor) next() (ok bool, err error) {
	if c.at == len(c.begun.terms) && !c.begun.whole {
		if err := c.read(); err != nil {
			return false, err
		}
	}
	if c.at == len(c.begun.terms) {
		return false, nil
	}
	c.term = c.begun.terms[c.at]
	c.at++
	return true, nil
}

// read reads one more term from the segment.
func (c *cursor) read() error {
	if c.rest == nil {
		terms, err := c.segment.index.Segment().Dictionary(c.key.field)
		if err != nil {
			return err
		}
		from := []byte(c.key.text)
		if n := len(c.begun.terms); n > 0 {
			from = append([]byte(c.begun.terms[n-1].text), 0)
		}
		if terms == nil {
			c.begun.whole = true
			return nil
		}
		c.rest = terms.AutomatonIterator(nil, from, after([]byte(c.key.text)))
		c.begun.terms = append(make([]listed, 0, len(c.begun.terms)+4), c.begun.terms...) // others read what is remembered
	}
	e, err := c.rest.Next()
	if err != nil {
		return err
	}
	if c.begun.whole = e == nil; e != nil {
		c.begun.terms = append(c.begun.terms, listed{e.Term, e.Count})
	}
	return nil
}

// everyTerm calls f with all terms of a field, in their order, until it fails.
func everyTerm(reader *scorch.IndexSnapshot, field string, f func(listed) error) error {
	var all nextTerms
	for _, s := range reader.Segments() {
		terms, err := s.Segment().Dictionary(field)
		if err != nil {
			return err
		}
		if terms != nil {
			all = append(all, &nextTerm{list: terms.AutomatonIterator(nil, nil, nil)})
		}
	}
	for i := len(all) - 1; i >= 0; i-- {
		if ok, err := all[i].next(); err != nil {
			return err
		} else if !ok {
			all = slices.Delete(all, i, i+1)
		}
	}
	heap.Init(&all)
	for len(all) > 0 {
		one := listed{text: all[0].text}
		for len(all) > 0 && all[0].text == one.text {
			one.count += all[0].count
			ok, err := all[0].next()
			switch {
			case err != nil:
				return err
			case ok:
				heap.Fix(&all, 0)
			default:
				heap.Pop(&all)
			}
		}
		if err := f(one); err != nil {
			return err
		}
	}
	return nil
}

// nextTerm walks over the terms of a segment.
type nextTerm struct {
	list api.DictionaryIterator
	listed
}

func (n *nextTerm) next() (ok bool, err error) {
	e, err := n.list.Next()
	if err != nil || e == nil {
		return false, err
	}
	n.listed = listed{e.Term, e.Count}
	return true, nil
}

// nextTerms is a heap of them.
type nextTerms []*nextTerm

func (h nextTerms) Len() int           { return len(h) }
func (h nextTerms) Less(i, j int) bool { return h[i].text < h[j].text }
func (h nextTerms) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *nextTerms) Push(x any)        { *h = append(*h, x.(*nextTerm)) }
func (h *nextTerms) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// after is the first key behind all that begin with prefix, nil when there is
// none.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// uncounted is a dictionary that can leave out the counting, which takes longer
// than the finding.
type uncounted interface {
	AutomatonIteratorOmitCount(a api.Automaton, begin, end []byte) api.DictionaryIterator
}

// matching calls f with the terms of a segment's field that begin with prefix
// and that a accepts, until f returns false.
func matching(s *scorch.SegmentSnapshot, field, prefix string, a api.Automaton, f func(term string) bool) error {
	terms, err := s.Segment().Dictionary(field)
	if err != nil || terms == nil {
		return err
	}
	var list api.DictionaryIterator
	if u, ok := terms.(uncounted); ok {
		list = u.AutomatonIteratorOmitCount(a, []byte(prefix), after([]byte(prefix)))
	} else {
		list = terms.AutomatonIterator(a, []byte(prefix), after([]byte(prefix)))
	}
	for {
		e, err := list.Next()
		if err != nil || e == nil || !f(e.Term) {
			return err
		}
	}
}
