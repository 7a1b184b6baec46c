package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// maxListed bounds the words that are kept of one segment.
const maxListed = 60_000

// listedWord is a word that stands in a title or a lead.
type listedWord struct {
	bones string // its skeleton, by which the list is sorted
	text  string
	count uint32 // documents of the segment that have it, whoever may read them
}

// wordlist is the words of the titles and leads of one segment, as they are
// written there. They are hints where to look, and no more: the words of
// documents for members only are among them.
type wordlist []listedWord

// beginning is the stretch of the list whose skeletons begin so.
func (l wordlist) beginning(bones string) wordlist {
	from := sort.Search(len(l), func(i int) bool { return l[i].bones >= bones })
	n := sort.Search(len(l)-from, func(i int) bool { return !strings.HasPrefix(l[from+i].bones, bones) })
	return l[from : from+n]
}

// wordlists keeps the lists of segments while they are in use; see segmentCache.
type wordlists struct {
	mu   sync.Mutex
	live any
	kept map[uint64]wordlist
}

// of returns the lists of a state of the index live, one for each segment.
func (c *wordlists) of(live any, reader *scorch.IndexSnapshot) ([]wordlist, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live != live {
		c.live, c.kept = live, nil
	}
	next := map[uint64]wordlist{}
	var all []wordlist
	for _, s := range reader.Segments() {
		list, ok := c.kept[s.Id()]
		if !ok {
			var err error
			if list, err = readWords(s); err != nil {
				return nil, err
			}
		}
		next[s.Id()] = list
		all = append(all, list)
	}
	c.kept = next
	return all, nil
}

// readWords lists the words of a segment; of more than there is room for, the
// first by the alphabet.
func readWords(s *scorch.SegmentSnapshot) (wordlist, error) {
	var list wordlist
	for _, name := range []string{"title", "lead"} {
		terms, err := s.Segment().Dictionary(name)
		if err != nil {
			return nil, err
		}
		if terms == nil {
			continue
		}
		words := terms.AutomatonIterator(nil, []byte(exactMark), after([]byte(exactMark)))
		for range maxListed {
			e, err := words.Next()
			if err != nil {
				return nil, err
			}
			if e == nil {
				break
			}
			w := e.Term[len(exactMark):]
			if bones := skeleton(w); len(bones) > 1 && !isCommon(w) {
				list = append(list, listedWord{bones, w, uint32(e.Count)})
			}
		}
	}
	slices.SortFunc(list, func(a, b listedWord) int {
		return cmp.Or(cmp.Compare(a.bones, b.bones), cmp.Compare(a.text, b.text), cmp.Compare(b.count, a.count))
	})
	list = slices.CompactFunc(list, func(a, b listedWord) bool { return a.text == b.text })
	return slices.Clip(list[:min(len(list), maxListed)]), nil
}

// beginsNearly reports whether a word begins with typed but for one letter that
// is wrong, missing, too much or swapped with its neighbour. The first letter is
// right.
func beginsNearly(w, typed string) bool {
	i := 0
	for i < len(w) && i < len(typed) && w[i] == typed[i] {
		i++
	}
	switch {
	case i == len(typed):
		return true
	case i == 0:
		return false
	case strings.HasPrefix(w[i:], typed[i+1:]): // one too much
		return true
	case i >= len(w):
		return false
	case strings.HasPrefix(w[i+1:], typed[i+1:]), strings.HasPrefix(w[i+1:], typed[i:]):
		return true
	}
	return i+1 < len(w) && i+1 < len(typed) && w[i] == typed[i+1] && w[i+1] == typed[i] && strings.HasPrefix(w[i+2:], typed[i+2:])
}
