package search

import (
	"cmp"
	"container/heap"
	"slices"
	"sort"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// scored is a find before it is read.
type scored struct {
	doc   uint32
	score float64
	date  string
}

// before reports whether a stands before b: more points, then newer, then
// indexed earlier.
func (a scored) before(b scored) bool {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.date, a.date), cmp.Compare(a.doc, b.doc)) < 0
}

// topFinds are the best finds so far, the worst of them on top of the heap.
type topFinds []scored

func (t topFinds) Len() int           { return len(t) }
func (t topFinds) Less(i, j int) bool { return t[j].before(t[i]) }
func (t topFinds) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *topFinds) Push(v any)        { *t = append(*t, v.(scored)) } //nolint:forcetypeassert // nothing else is pushed
func (t *topFinds) Pop() any          { panic("nothing is taken off") }

// offer keeps a find if it is among the best keep.
func (t *topFinds) offer(s scored, keep int) {
	switch {
	case len(*t) < keep:
		heap.Push(t, s)
	case keep > 0 && s.before((*t)[0]):
		(*t)[0] = s
		heap.Fix(t, 0)
	}
}

// collected are the finds of a run.
type collected struct {
	total  int
	best   []scored
	facets map[string][]Bucket
}

// collect picks the best keep finds that meet the conditions, and counts.
func (r *run) collect(segments []segment, p planned, req Request, keep int) collected {
	best := make(topFinds, 0, keep)
	total := 0
	counts := newCounts()
	lists := r.bySegment(segments, p)
	for i, s := range segments {
		if len(lists[i]) == 0 {
			continue
		}
		conditions := s.conditions(req, p.fields)
		lang, date := s.columns["lang"], s.columns["date"]
		own := lang.number(req.Lang)
		if req.Count {
			counts.open(s)
		}
		for _, c := range lists[i] {
			local := c.doc - s.from
			if !meets(conditions, local) {
				continue
			}
			total++
			if req.Count {
				counts.add(local)
			}
			if own > 0 && lang.first[local] == own {
				c.score *= ownLang
			}
			if len(best) < keep || c.score >= best[0].score {
				c.date = date.value(local)
				best.offer(c, keep)
			}
		}
		if req.Count {
			counts.close()
		}
	}
	slices.SortFunc(best, func(a, b scored) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	return collected{total, best, counts.buckets()}
}

// bySegment are the documents that have enough of what was asked for, each in
// the list of its segment.
func (r *run) bySegment(segments []segment, p planned) [][]scored {
	lists := make([][]scored, len(segments))
	if r.asked == 0 && len(p.fields) > 0 && !slices.ContainsFunc(p.groups, func(g group) bool { return !g.not }) {
		for i, s := range segments {
			lists[i] = r.everything(s, r.reader.Segments()[i])
		}
		return lists
	}
	in := 0
	for _, d := range r.total.touched {
		share := float64(r.covered.of[d]) / r.asked
		if share < p.least || r.excluded.of[d] > 0 || int(r.mustHave.of[d]) < r.must {
			continue
		}
		for d < segments[in].from { // neighbours are mostly in one segment
			in--
		}
		for in+1 < len(segments) && d >= segments[in+1].from {
			in++
		}
		lists[in] = append(lists[in], scored{doc: d, score: float64(r.total.of[d]) * (0.3 + 0.7*share*share)})
	}
	return lists
}

// everything is every document of a segment that is not left out: only fields
// were asked for.
func (r *run) everything(s segment, snapshot *scorch.SegmentSnapshot) []scored {
	var list []scored
	docs := snapshot.DocNumbersLive().Iterator()
	for docs.HasNext() {
		if d := s.from + docs.Next(); r.excluded.of[d] == 0 {
			list = append(list, scored{doc: d, score: 1})
		}
	}
	return list
}

func meets(list []condition, doc uint32) bool {
	for _, c := range list {
		if !c(doc) {
			return false
		}
	}
	return true
}

// counts are the numbers beside the filters.
type counts struct {
	columns []*column // of the segment being counted, as Facets
	seen    [][]int   // how many finds have each of a column's values
	sum     []map[string]int
}

func newCounts() *counts {
	c := &counts{columns: make([]*column, len(Facets)), seen: make([][]int, len(Facets))}
	for range Facets {
		c.sum = append(c.sum, map[string]int{})
	}
	return c
}

// open begins to count in a segment.
func (c *counts) open(s segment) {
	for i, name := range Facets {
		c.columns[i] = s.columns[name]
		c.seen[i] = c.seen[i][:0]
		if c.columns[i] != nil {
			c.seen[i] = append(c.seen[i], make([]int, len(c.columns[i].values))...)
		}
	}
}

// add counts a document; what has no value is counted as number 0.
func (c *counts) add(doc uint32) {
	for i, col := range c.columns {
		if col == nil {
			continue
		}
		seen := c.seen[i]
		seen[col.first[doc]]++
		if col.more != nil {
			for _, v := range col.more[doc] {
				seen[v]++
			}
		}
	}
}

// close adds the segment up.
func (c *counts) close() {
	for i, col := range c.columns {
		for v, n := range c.seen[i] {
			if n > 0 && col.values[v] != "" {
				c.sum[i][col.values[v]] += n
			}
		}
	}
}

// maxBuckets is how many values of a facet are shown.
const maxBuckets = 20

func (c *counts) buckets() map[string][]Bucket {
	all := map[string][]Bucket{}
	for i, name := range Facets {
		var list []Bucket
		for v, n := range c.sum[i] {
			list = append(list, Bucket{v, n})
		}
		sort.Slice(list, func(a, b int) bool {
			return list[a].Count > list[b].Count || list[a].Count == list[b].Count && list[a].Value < list[b].Value
		})
		if len(list) > 0 {
			all[name] = list[:min(len(list), maxBuckets)]
		}
	}
	return all
}
