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
	left := make([]line, 0, len(parts))
	for i := range parts {
		out.total += parts[i].total(asked)
		if l := (line{part: &parts[i], order: parts[i].byDate()}); l.step() {
			left = append(left, l)
		}
	}
	now := float64(req.Now.Unix())
	for n := 0; len(left) > 0 && len(out.best) < size; {
		newest := 0
		for i := range left {
			if left[i].date > left[newest].date {
				newest = i
			}
		}
		part, local := left[newest].part, left[newest].doc
		if !left[newest].step() {
			left = slices.Delete(left, newest, newest+1)
		}
		if n++; n > from {
			out.best = append(out.best, part.ranked(part.from+local, 1, req.Order, now))
		}
	}
	return out
}

// line is what is left of a segment's documents, the newest of them in front.
type line struct {
	part  *collectedPart
	order []uint32
	doc   uint32
	date  float64
}

// step goes on to the next document that is to be found; ok is false behind the
// last.
func (l *line) step() (ok bool) {
	for len(l.order) > 0 {
		l.doc, l.order = l.order[0], l.order[1:]
		if !l.part.isDeleted(l.doc) && l.part.admits(l.doc) {
			l.date = l.part.rows[l.doc].date
			return true
		}
	}
	return false
}

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
