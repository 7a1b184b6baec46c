package search

import (
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// columnFields are the fields with one short value (or several, for themes).
var columnFields = []string{"kind", "lang", "audience", "org", "theme", "sector", "outcome", "stage", "country", "size", "year", "date", "cost", "evidence", "copies"}

// countedFields are those that are numbers too.
var countedFields = []string{"year", "date", "cost", "evidence", "copies"}

// column is one field of the documents of a segment: numbers into the list of
// values; 0 stands for none.
type column struct {
	values  []string
	numbers []float64 // of values: seconds for dates, NaN for what is no number
	plain   []float64 // the same, and 0 for what is no number
	first   []uint32
	more    []uint32   // per document, 1 + its place in further; nil when no document has several values
	further [][]uint32 // further values
}

// others are the values of a document behind its first one.
func (c *column) others(doc uint32) []uint32 {
	if c.more == nil || c.more[doc] == 0 {
		return nil
	}
	return c.further[c.more[doc]-1]
}

// of calls f with each value a document has.
func (c *column) of(doc uint32, f func(value uint32)) {
	if c == nil || int(doc) >= len(c.first) || c.first[doc] == 0 {
		return
	}
	f(c.first[doc])
	for _, v := range c.others(doc) {
		f(v)
	}
}

// value is a document's first value.
func (c *column) value(doc uint32) string {
	if c == nil || int(doc) >= len(c.first) {
		return ""
	}
	return c.values[c.first[doc]]
}

// numeric is a document's first value as a number, 0 when it is none.
func (c *column) numeric(doc uint32) float64 {
	if c == nil || int(doc) >= len(c.first) {
		return 0
	}
	return c.plain[c.first[doc]]
}

// count reads the values as numbers.
func (c *column) count(name string) {
	c.numbers, c.plain = make([]float64, len(c.values)), make([]float64, len(c.values))
	for i, v := range c.values {
		n, err := strconv.ParseFloat(v, 64)
		switch {
		case name == "date":
			n = seconds(v)
		case err != nil:
			n = math.NaN() // compares with nothing
		}
		if c.numbers[i] = n; !math.IsNaN(n) && i > 0 {
			c.plain[i] = n
		}
	}
	if name == "date" {
		c.values = nil // nobody asks for a date by its text, and each document has another
	}
}

// number is the number of a value, 0 when no document has it.
func (c *column) number(value string) uint32 {
	if c == nil || value == "" {
		return 0
	}
	for i, v := range c.values {
		if v == value {
			return uint32(i)
		}
	}
	return 0
}

// segment is an immutable part of the index with what is known about it.
type segment struct {
	*knownSegment
	index   *scorch.SegmentSnapshot
	from    uint32          // number of its first document
	deleted *roaring.Bitmap // documents that are there no more; nil: none
}

// knownSegment is what does not change while a segment is there.
type knownSegment struct {
	columns map[string]*column
	rows    []row     // of each document
	lengths []lengths // of each document
	all     docSet    // documents that have a kind; the others only say which forms words have
	public  docSet    // those of them that everybody may see
	memory  *memory
	sorted  sync.Once
	order   []uint32 // see byDate
}

// terms is about how much is in the dictionaries of the segment: what only says
// which forms words have is asked about as many things as many documents.
func (s *segment) terms() int64 {
	things := int64(s.all.size())
	return things + lexiconWords/4*(s.index.FullSize()-things)
}

// segmentCache keeps what is known about segments while they are in use.
// Segments never change, so a new state of the index is mostly known.
type segmentCache struct {
	mu   sync.Mutex
	live any // the index they are of
	kept map[uint64]*knownSegment
}

// segments returns the segments of a state of the index live.
func (c *segmentCache) segments(live any, reader *scorch.IndexSnapshot) ([]segment, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live != live {
		c.live, c.kept = live, nil
	}
	next := map[uint64]*knownSegment{}
	list := make([]segment, 0, len(reader.Segments()))
	from := uint32(0)
	for _, s := range reader.Segments() {
		known, ok := c.kept[s.Id()]
		if !ok {
			var err error
			if known, err = readSegment(s); err != nil {
				return nil, err
			}
		}
		next[s.Id()] = known
		one := segment{known, s, from, s.Deleted()}
		if one.deleted != nil && one.deleted.IsEmpty() {
			one.deleted = nil
		}
		list = append(list, one)
		from += uint32(s.FullSize())
	}
	terms := int64(0)
	for _, s := range list {
		terms += s.terms()
	}
	for _, s := range list {
		s.memory.share(s.index.FullSize(), int64(from), s.terms(), terms)
	}
	c.kept = next
	return list, nil
}

func readSegment(s *scorch.SegmentSnapshot) (*knownSegment, error) {
	known := &knownSegment{columns: map[string]*column{}, memory: newMemory()}
	for _, name := range columnFields {
		col, err := readColumn(s, name)
		if err != nil {
			return nil, err
		}
		if col != nil && slices.Contains(countedFields, name) {
			col.count(name)
		}
		known.columns[name] = col
	}
	known.all.empty(int(s.FullSize()))
	known.public.empty(int(s.FullSize()))
	if kind, audience := known.columns["kind"], known.columns["audience"]; kind != nil {
		public := audience.number("public")
		for doc, v := range kind.first {
			if v > 0 {
				known.all.add(uint32(doc))
			}
			if v > 0 && public > 0 && audience.first[doc] == public {
				known.public.add(uint32(doc))
			}
		}
	}
	known.rows = rowsOf(known.columns, int(s.FullSize()))
	length, err := readColumn(s, "length")
	known.lengths = lengthsOf(length, int(s.FullSize()))
	return known, err
}

func readColumn(s *scorch.SegmentSnapshot, name string) (*column, error) {
	dict, err := s.Segment().Dictionary(name)
	if err != nil || dict == nil {
		return nil, err
	}
	c := &column{values: []string{""}, first: make([]uint32, s.FullSize())}
	terms := dict.AutomatonIterator(nil, nil, nil)
	for {
		entry, err := terms.Next()
		if err != nil || entry == nil {
			return c, err
		}
		n := uint32(len(c.values))
		c.values = append(c.values, entry.Term)
		list, err := dict.PostingsList([]byte(entry.Term), nil, nil)
		if err != nil {
			return nil, err
		}
		docs := list.Iterator(false, false, false, nil)
		for {
			p, err := docs.Next()
			if err != nil {
				return nil, err
			}
			if p == nil {
				break
			}
			doc := uint32(p.Number())
			if c.first[doc] == 0 {
				c.first[doc] = n
				continue
			}
			if c.more == nil {
				c.more = make([]uint32, len(c.first))
			}
			if c.more[doc] == 0 {
				c.further = append(c.further, nil)
				c.more[doc] = uint32(len(c.further))
			}
			at := &c.further[c.more[doc]-1]
			*at = append(*at, n)
		}
	}
}

// condition says whether a document of a segment may be found.
type condition func(doc uint32) bool

// conditions prepares what a request asks of the fields for one segment, beside
// who asks.
func (s segment) conditions(r Request, fields []part) []condition {
	var list []condition
	for _, name := range filterFields {
		if values := r.Filters[name]; len(values) > 0 {
			list = append(list, s.anyOf(name, values[:min(len(values), maxTerms)]))
		}
		if values := r.Without[name]; len(values) > 0 {
			list = append(list, not(s.anyOf(name, values[:min(len(values), maxTerms)])))
		}
	}
	for i, p := range fields {
		if !p.isRange() && slices.ContainsFunc(fields[:i], p.asksWith) {
			continue // asked with the first of them
		}
		list = append(list, s.asked(p, fields))
	}
	return list
}

// isRange reports whether a part asks for more or less than a number.
func (p part) isRange() bool { return p.op != ':' }

// asksWith reports whether two parts ask for values of the same field, either
// of which will do.
func (p part) asksWith(other part) bool {
	return p.field == other.field && p.not == other.not && !p.isRange() && !other.isRange()
}

// asked is the condition of a part, together with those that ask with it.
func (s segment) asked(p part, fields []part) condition {
	var c condition
	if p.isRange() || p.field == "cost" {
		c = s.compared(p)
	} else {
		var values []string
		for _, other := range fields {
			if p.asksWith(other) {
				values = append(values, other.raw)
			}
		}
		c = s.anyOf(p.field, values)
	}
	if p.not {
		return not(c)
	}
	return c
}

func not(c condition) condition { return func(doc uint32) bool { return !c(doc) } }

func (s segment) anyOf(name string, values []string) condition {
	c := s.columns[name]
	if c == nil {
		return func(uint32) bool { return false }
	}
	wanted := make([]bool, len(c.values))
	for i, v := range c.values {
		for _, w := range values {
			wanted[i] = wanted[i] || i > 0 && v == w
		}
	}
	if c.more == nil {
		return func(doc uint32) bool { return wanted[c.first[doc]] }
	}
	return func(doc uint32) (ok bool) {
		c.of(doc, func(v uint32) { ok = ok || wanted[v] })
		return ok
	}
}

// compared is cost<5000 or year>2020.
func (s segment) compared(p part) condition {
	c := s.columns[p.field]
	if c == nil {
		return func(uint32) bool { return false }
	}
	return func(doc uint32) (ok bool) {
		c.of(doc, func(v uint32) { ok = ok || p.admits(c.numbers[v]) })
		return ok
	}
}

// admits reports whether a number is what a part asks for.
func (p part) admits(n float64) bool {
	return p.op == '<' && n < p.limit || p.op == '>' && n > p.limit || (p.op == ':' || p.equal) && n == p.limit
}
