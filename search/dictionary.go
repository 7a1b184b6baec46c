package search

import (
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"
)

// dictionary yields terms of a field in order, with the number of documents
// that have each. It is read in the goroutine of the search alone: the library
// would read each segment in a goroutine of its own, where the fault of memory
// that a file cut short makes ends the process.
type dictionary struct{ cursors []cursor }

type cursor struct {
	terms api.DictionaryIterator
	entry index.DictEntry
}

// lookUp opens the terms that begin with prefix, and that a accepts if there
// is one; then they are not counted.
func lookUp(reader *scorch.IndexSnapshot, field, prefix string, a api.Automaton) (dictionary, error) {
	var d dictionary
	for _, s := range reader.Segments() {
		terms, err := s.Segment().Dictionary(field)
		if err != nil {
			return dictionary{}, err
		}
		if terms == nil {
			continue
		}
		c := cursor{terms: within(terms, []byte(prefix), a)}
		ok, err := c.next()
		if err != nil {
			return dictionary{}, err
		}
		if ok {
			d.cursors = append(d.cursors, c)
		}
	}
	return d, nil
}

// uncounted is a dictionary that can leave out the counting, which takes longer
// than the finding.
type uncounted interface {
	AutomatonIteratorOmitCount(a api.Automaton, begin, end []byte) api.DictionaryIterator
}

func within(terms api.TermDictionary, prefix []byte, a api.Automaton) api.DictionaryIterator {
	if u, ok := terms.(uncounted); ok && a != nil {
		return u.AutomatonIteratorOmitCount(a, prefix, after(prefix))
	}
	return terms.AutomatonIterator(a, prefix, after(prefix))
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

func (c *cursor) next() (ok bool, err error) {
	e, err := c.terms.Next()
	if err != nil || e == nil {
		return false, err
	}
	c.entry = *e
	return true, nil
}

// next is the next term. ok is false at the end.
func (d *dictionary) next() (term string, count uint64, ok bool, err error) {
	if len(d.cursors) == 0 {
		return "", 0, false, nil
	}
	term = d.cursors[0].entry.Term
	for _, c := range d.cursors[1:] {
		term = min(term, c.entry.Term)
	}
	kept := d.cursors[:0]
	for _, c := range d.cursors {
		more := true
		if c.entry.Term == term {
			count += c.entry.Count
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

// spellings builds what accepts the words two letters away from one.
var spellings = func() *levenshtein.LevenshteinAutomatonBuilder {
	b, err := levenshtein.NewLevenshteinAutomatonBuilder(2, true)
	if err != nil {
		panic(err) // the numbers above are constants
	}
	return b
}()
