package search

import (
	"cmp"
	"container/heap"
	"slices"
	"sort"
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

// A collectedPart is a segment prepared for collecting.
type collectedPart struct {
	segment
	conditions []condition
	date       *column
	lang       *column
	own        uint32 // number of the reader's language in lang
	counts     []count
}

// collect picks the best keep finds that meet the conditions, and counts.
func (r *run) collect(segments []segment, p planned, req Request, keep int) collected {
	parts := make([]collectedPart, len(segments))
	for i, s := range segments {
		parts[i] = collectedPart{segment: s, conditions: s.conditions(req, p.fields), date: s.columns["date"], lang: s.columns["lang"]}
		parts[i].own = parts[i].lang.number(req.Lang)
		if req.Count {
			parts[i].counts = s.counts()
		}
	}
	out := collected{}
	best := make(topFinds, 0, keep)
	r.candidates(parts, p, func(part *collectedPart, doc uint32, score float64) {
		local := doc - part.from
		if !meets(part.conditions, local) {
			return
		}
		out.total++
		for i := range part.counts {
			part.counts[i].add(local)
		}
		if part.own > 0 && part.lang.first[local] == part.own {
			score *= ownLang
		}
		if len(best) < keep || score >= best[0].score {
			best.offer(scored{doc, score, part.date.value(local)}, keep)
		}
	})
	slices.SortFunc(best, func(a, b scored) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	out.best = best
	sums := newSums()
	for _, part := range parts {
		sums.add(part.counts)
	}
	out.facets = sums.buckets()
	return out
}

// candidates calls f with the documents that have enough of what was asked for
// and the parts they are in.
func (r *run) candidates(parts []collectedPart, p planned, f func(part *collectedPart, doc uint32, score float64)) {
	if r.asked == 0 && len(p.fields) > 0 && !slices.ContainsFunc(p.groups, func(g group) bool { return !g.not }) {
		r.everything(parts, f)
		return
	}
	in := 0
	for _, d := range r.total.touched {
		share := float64(r.covered.of[d]) / r.asked
		if share < p.least || r.excluded.of[d] > 0 || int(r.mustHave.of[d]) < r.must {
			continue
		}
		for d < parts[in].from { // neighbours are mostly in one segment
			in--
		}
		for in+1 < len(parts) && d >= parts[in+1].from {
			in++
		}
		f(&parts[in], d, float64(r.total.of[d])*(0.3+0.7*share*share))
	}
}

// everything calls f with every document that is not left out: only fields
// were asked for.
func (r *run) everything(parts []collectedPart, f func(part *collectedPart, doc uint32, score float64)) {
	for i, s := range r.reader.Segments() {
		docs := s.DocNumbersLive().Iterator()
		for docs.HasNext() {
			if d := parts[i].from + docs.Next(); r.excluded.of[d] == 0 {
				f(&parts[i], d, 1)
			}
		}
	}
}

func meets(list []condition, doc uint32) bool {
	for _, c := range list {
		if !c(doc) {
			return false
		}
	}
	return true
}

// count is how many finds of a segment have each value of a facet.
type count struct {
	column *column
	seen   []int
}

// counts begins to count the facets of a segment.
func (s segment) counts() []count {
	list := make([]count, len(Facets))
	for i, name := range Facets {
		if c := s.columns[name]; c != nil {
			list[i] = count{c, make([]int, len(c.values))}
		}
	}
	return list
}

// add counts a document; what has no value is counted as number 0.
func (c *count) add(doc uint32) {
	if c.column == nil {
		return
	}
	c.seen[c.column.first[doc]]++
	for _, v := range c.column.others(doc) {
		c.seen[v]++
	}
}

// sums are the numbers beside the filters: for each facet, how many finds have
// each value.
type sums []map[string]int

func newSums() sums {
	s := make(sums, len(Facets))
	for i := range s {
		s[i] = map[string]int{}
	}
	return s
}

// add adds a segment.
func (s sums) add(counts []count) {
	for i, c := range counts {
		for v, n := range c.seen {
			if n > 0 && c.column.values[v] != "" {
				s[i][c.column.values[v]] += n
			}
		}
	}
}

// maxBuckets is how many values of a facet are shown.
const maxBuckets = 20

func (s sums) buckets() map[string][]Bucket {
	all := map[string][]Bucket{}
	for i, name := range Facets {
		var list []Bucket
		for v, n := range s[i] {
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
