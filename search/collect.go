package search

import "sort"

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
	copies     *column
	own        uint16 // number of the reader's language
	counts     []count
}

// collect picks the finds of one stretch of the order that meet the conditions,
// and counts all.
func (r *run) collect(segments []segment, p planned, req Request, from, size int) collected {
	parts := make([]collectedPart, len(segments))
	for i, s := range segments {
		parts[i] = s.collecting(p, req)
	}
	if len(p.fields) > 0 && len(p.groups) == 0 && req.Order == Newest && !req.Count {
		return r.latest(parts, req, p, from, size)
	}
	if out, ok := r.newestFinds(parts, req, from, size); ok {
		return out
	}
	out := collected{}
	picked := newPicker(from, size)
	now := float64(req.Now.Unix())
	r.candidates(parts, p, func(part *collectedPart, doc uint32, score float64) {
		local := doc - part.from
		if !part.admits(local) {
			return
		}
		out.total++
		part.count(local)
		picked.offer(part.ranked(doc, score, req, now))
	})
	out.best = picked.stretch()
	sums := newSums()
	for _, part := range parts {
		sums.add(part.counts)
	}
	out.facets = sums.buckets()
	return out
}

// collecting prepares a segment.
func (s segment) collecting(p planned, req Request) collectedPart {
	part := collectedPart{
		segment: s, conditions: s.conditions(req, p.fields), copies: s.columns["copies"],
		own: uint16(s.columns["lang"].number(req.Lang)),
	}
	if req.Count {
		part.counts = s.counts()
	}
	return part
}

// isOwn reports whether a document is in the reader's language.
func (part *collectedPart) isOwn(local uint32) bool {
	return part.own > 0 && part.rows[local].facets[langFacet] == part.own
}

// ranked weighs a find and says where it stands in an order.
func (part *collectedPart) ranked(doc uint32, score float64, req Request, now float64) scored {
	local := doc - part.from
	about := &part.rows[local]
	if req.unscored() {
		score = 0
	} else {
		score *= freshness(about.date, now) * proof(about.evidence)
		if part.isOwn(local) {
			score *= ownLang
		}
	}
	switch req.Order {
	case Newest:
		return scored{doc, about.date, score, score}
	case Copied:
		return scored{doc, part.copies.numeric(local), score, score}
	default:
		return scored{doc, score, about.date, score}
	}
}

// candidates calls f with the documents that have enough of what was asked for
// and the parts they are in.
func (r *run) candidates(parts []collectedPart, p planned, f func(part *collectedPart, doc uint32, score float64)) {
	if r.asked == 0 && !p.onlyFields() { // nobody has written any of it
		return
	}
	for i := range parts {
		part := &parts[i]
		r.open.each(part.from, part.from+uint32(len(part.rows)), func(d uint32) {
			if r.asked == 0 {
				f(part, d, 1)
				return
			}
			got := &r.total.of[d]
			f(part, d, float64(got.points)*wholeness(float64(got.share)/r.asked))
		})
	}
}

// admits reports whether a document meets the conditions.
func (part *collectedPart) admits(doc uint32) bool {
	for _, c := range part.conditions {
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
		if list[i] = (count{seen: make([]int, 1)}); s.columns[name] != nil {
			list[i] = count{s.columns[name], make([]int, len(s.columns[name].values))}
		}
	}
	return list
}

// count counts a document; what has no value is counted as number 0.
func (part *collectedPart) count(doc uint32) {
	if len(part.counts) == 0 {
		return
	}
	values := &part.rows[doc]
	for i := range part.counts {
		part.counts[i].seen[values.facets[i]]++
	}
	if !values.more {
		seen := part.counts[themeFacet].seen
		for _, v := range values.themes {
			seen[v]++ // 0: it has no more
		}
		return
	}
	for _, c := range part.counts {
		if c.column != nil {
			for _, v := range c.column.others(doc) {
				c.seen[v]++
			}
		}
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
			if n > 0 && c.column != nil && c.column.values[v] != "" {
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
