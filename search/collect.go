package search

import (
	"cmp"
	"slices"
	"sort"
)

// scored is a find before it is read.
type scored struct {
	doc   uint32
	score float64
	date  string
}

// collected are the finds of a run.
type collected struct {
	total  int
	best   []scored
	facets map[string][]Bucket
}

// collect picks the best keep finds that meet the conditions, and counts.
func (r *run) collect(segments []segment, p planned, req Request, keep int) collected {
	var out collected
	all := r.candidates(p)
	slices.SortFunc(all, func(a, b scored) int { return cmp.Compare(a.doc, b.doc) })
	counts := newCounts()
	kept := all[:0]
	next := 0
	for i, s := range segments {
		end := ^uint32(0)
		if i+1 < len(segments) {
			end = segments[i+1].from
		}
		conditions := s.conditions(req, p.fields)
		lang, date := s.columns["lang"], s.columns["date"]
		for ; next < len(all) && all[next].doc < end; next++ {
			c := all[next]
			local := c.doc - s.from
			if !meets(conditions, local) {
				continue
			}
			if lang.value(local) == req.Lang {
				c.score *= ownLang
			}
			c.date = date.value(local)
			if req.Count {
				counts.add(s, local)
			}
			kept = append(kept, c)
		}
		counts.close()
	}
	out.total, out.facets = len(kept), counts.buckets()
	slices.SortFunc(kept, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.date, a.date), cmp.Compare(a.doc, b.doc))
	})
	out.best = slices.Clone(kept[:min(len(kept), keep)])
	return out
}

// candidates are the documents that have enough of what was asked for.
func (r *run) candidates(p planned) []scored {
	if r.asked == 0 && len(p.fields) > 0 && !slices.ContainsFunc(p.groups, func(g group) bool { return !g.not }) {
		return r.everything()
	}
	list := make([]scored, 0, len(r.total.touched))
	for _, d := range r.total.touched {
		share := float64(r.covered.of[d]) / r.asked
		if share < p.least || r.excluded.of[d] > 0 || int(r.mustHave.of[d]) < r.must {
			continue
		}
		list = append(list, scored{doc: d, score: float64(r.total.of[d]) * (0.3 + 0.7*share*share)})
	}
	return list
}

// everything is every document that is not left out: only fields were asked
// for.
func (r *run) everything() []scored {
	var list []scored
	from := uint32(0)
	for _, s := range r.reader.Segments() {
		docs := s.DocNumbersLive().Iterator()
		for docs.HasNext() {
			if d := from + docs.Next(); r.excluded.of[d] == 0 {
				list = append(list, scored{doc: d, score: 1})
			}
		}
		from += uint32(s.FullSize())
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
	seen    [][]int
	sum     []map[string]int
}

func newCounts() *counts {
	c := &counts{}
	for range Facets {
		c.sum = append(c.sum, map[string]int{})
	}
	return c
}

func (c *counts) add(s segment, doc uint32) {
	if c.columns == nil {
		for _, name := range Facets {
			col := s.columns[name]
			n := 0
			if col != nil {
				n = len(col.values)
			}
			c.columns, c.seen = append(c.columns, col), append(c.seen, make([]int, n))
		}
	}
	for i, col := range c.columns {
		seen := c.seen[i]
		col.of(doc, func(v uint32) { seen[v]++ })
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
	c.columns, c.seen = nil, nil
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
