package search

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
)

// onlyFields reports whether nothing but fields was asked for, so that all
// documents that meet them are found.
func (p planned) onlyFields() bool {
	return len(p.fields) > 0 && !slices.ContainsFunc(p.groups, func(g group) bool { return !g.not })
}

// newestFinds picks a stretch of many finds, the newest first, where they are to meet no
// conditions: going through the documents by date until that is full takes less
// than going through the finds. ok is false where it would not.
func (r *run) newestFinds(parts []collectedPart, req Request, from, size int) (out collected, ok bool) {
	if req.Order != Newest || !req.unscored() || req.Count || r.asked == 0 {
		return collected{}, false
	}
	for _, part := range parts {
		if len(part.conditions) > 0 {
			return collected{}, false
		}
	}
	out.total = r.open.size()
	if out.total*out.total < len(r.open)*64*(from+size) {
		return collected{}, false
	}
	picked := newPicker(from, size)
	for i := range parts {
		part, left := &parts[i], from+size
		for _, local := range part.byDate() {
			if left == 0 {
				break
			}
			if doc := part.from + local; r.open.has(doc) {
				picked.offer(part.ranked(doc, 0, req, 0))
				left--
			}
		}
	}
	out.best = picked.stretch()
	return out, true
}

// latest picks a stretch of all that meets the conditions, the newest first. What
// meets them is remembered for each segment.
func (r *run) latest(parts []collectedPart, req Request, p planned, from, size int) (out collected) {
	asked := fingerprint(req, p)
	left := make(queues, 0, len(parts))
	for i := range parts {
		docs := r.latestOf(&parts[i], asked)
		out.total += len(docs)
		left = append(left, queue{part: &parts[i], docs: docs})
	}
	now := float64(req.Now.Unix())
	for left = left.without(from); len(left) > 0 && len(out.best) < size; left = left.without(1) {
		q := left[left.newest(1)]
		out.best = append(out.best, q.part.ranked(q.part.from+q.docs[0], 1, req, now))
	}
	return out
}

// A queue is what is left of a segment's documents, the newest of them in front.
type queue struct {
	part *collectedPart
	docs []uint32
}

// date is that of the n-th document, or of the last.
func (q queue) date(n int) float64 { return q.part.rows[q.docs[min(n, len(q.docs))-1]].date }

type queues []queue

// newest is the queue whose n-th document is the newest.
func (left queues) newest(n int) int {
	best, date := 0, math.Inf(-1)
	for i, q := range left {
		if d := q.date(n); d > date {
			best, date = i, d
		}
	}
	return best
}

// without leaves out the n newest documents. Of k queues it looks at the documents
// n/k from the front: before the newest of those come fewer than n others, so its
// queue is left out up to there at once. That takes no time for each of them.
func (left queues) without(n int) queues {
	for {
		left = slices.DeleteFunc(left, func(q queue) bool { return len(q.docs) == 0 })
		if n == 0 || len(left) == 0 {
			return left
		}
		step := max(n/len(left), 1)
		q := &left[left.newest(step)]
		step = min(step, len(q.docs))
		q.docs, n = q.docs[step:], n-step
	}
}

// latestOf are the documents of a segment that meet the conditions of what was
// asked, the newest first. They are remembered until one is deleted.
func (r *run) latestOf(part *collectedPart, asked string) []uint32 {
	if part.deleted != nil {
		asked += fmt.Sprint(" without ", part.deleted.GetCardinality())
	}
	if known, ok := part.memory.latest.get(asked); ok {
		return known
	}
	list := []uint32{}
	for _, local := range part.byDate() {
		if r.live.has(part.from+local) && part.admits(local) {
			list = append(list, local)
		}
	}
	part.memory.latest.put(asked, slices.Clip(list))
	return list
}

// byDate are the documents of the segment, the newest first.
func (s *knownSegment) byDate() []uint32 {
	s.sorted.Do(func() {
		s.order = make([]uint32, 0, s.all.size())
		s.all.each(0, uint32(len(s.rows)), func(doc uint32) { s.order = append(s.order, doc) })
		slices.SortStableFunc(s.order, func(a, b uint32) int { return cmp.Compare(s.rows[b].date, s.rows[a].date) })
	})
	return s.order
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
