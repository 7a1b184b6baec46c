package search

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// onlyFields reports whether nothing but fields was asked for, so that all
// documents that meet them are found.
func (p planned) onlyFields() bool {
	return len(p.fields) > 0 && !slices.ContainsFunc(p.groups, func(g group) bool { return !g.not })
}

// latest picks a stretch of all that meets the conditions, the newest first. It
// goes through the documents by their dates and no further than the stretch; how
// many there are is remembered.
func (r *run) latest(parts []collectedPart, req Request, p planned, from, size int) (out collected) {
	asked := fingerprint(req, p)
	next := make([]int, len(parts)) // how far each segment is read
	for i := range parts {
		out.total += parts[i].total(asked)
	}
	now := float64(req.Now.Unix())
	for n := 0; len(out.best) < size; {
		newest := -1
		for i := range parts {
			if next[i] < len(parts[i].byDate()) && (newest < 0 || parts[i].dateOf(next[i]) > parts[newest].dateOf(next[newest])) {
				newest = i
			}
		}
		if newest < 0 {
			return out
		}
		part := &parts[newest]
		local := part.byDate()[next[newest]]
		next[newest]++
		if part.isDeleted(local) || !part.admits(local) {
			continue
		}
		if n++; n > from {
			out.best = append(out.best, part.ranked(part.from+local, 1, req.Order, now))
		}
	}
	return out
}

// dateOf is the date of the i-th newest document.
func (part *collectedPart) dateOf(i int) float64 { return part.rows[part.order[i]].date }

// byDate are the documents of the segment, the newest first. What has no kind
// only says which forms words have.
func (s *knownSegment) byDate() []uint32 {
	s.sorted.Do(func() {
		kind := s.columns["kind"]
		for doc := range s.rows {
			if kind != nil && kind.first[doc] > 0 {
				s.order = append(s.order, uint32(doc))
			}
		}
		slices.SortStableFunc(s.order, func(a, b uint32) int { return cmp.Compare(s.rows[b].date, s.rows[a].date) })
	})
	return s.order
}

// total is how many documents of the segment meet the conditions of what was
// asked. It is remembered until one of them is deleted.
func (part *collectedPart) total(asked string) (n int) {
	key := asked
	if part.deleted != nil {
		key += fmt.Sprint(" without ", part.deleted.GetCardinality())
	}
	if n, ok := part.memory.totals.get(key); ok {
		return n
	}
	for _, local := range part.byDate() {
		if !part.isDeleted(local) && part.admits(local) {
			n++
		}
	}
	part.memory.totals.put(key, n)
	return n
}

// fingerprint is the same for requests with the same conditions.
func fingerprint(r Request, p planned) string {
	s := fmt.Sprintf("%t %#v", r.Members, p.fields)
	for _, list := range []map[string][]string{r.Filters, r.Without} {
		s += "/"
		for _, name := range slices.Sorted(maps.Keys(list)) {
			s += fmt.Sprintf(" %s %q", name, list[name])
		}
	}
	return s
}
