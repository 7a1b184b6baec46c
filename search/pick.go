package search

import (
	"container/heap"
	"slices"
	"sync"
)

// deep is from where on all finds are held to pick a stretch of them: keeping
// the best ones in order costs more the deeper it is, picking does not.
const deep = 300

// A picker picks one stretch of the finds in their order.
type picker struct {
	from, size int
	best       topFinds  // of a stretch near the beginning
	all        *[]scored // of a deep one
}

// allFinds are lists of finds to be used again.
var allFinds = sync.Pool{New: func() any { return &[]scored{} }}

func newPicker(from, size int) *picker {
	p := &picker{from: from, size: size}
	if from+size > deep {
		p.all = allFinds.Get().(*[]scored) //nolint:forcetypeassert // nothing else is in it
		return p
	}
	p.best = make(topFinds, 0, from+size)
	return p
}

func (p *picker) offer(s scored) {
	if p.all != nil {
		*p.all = append(*p.all, s)
		return
	}
	if keep := p.from + p.size; len(p.best) < keep || s.before(p.best[0]) {
		p.best.offer(s, keep)
	}
}

// stretch returns what was picked. The picker is of no use any more.
func (p *picker) stretch() []scored {
	list := []scored(p.best)
	if p.all != nil {
		list = *p.all
		defer func() {
			*p.all = list[:0]
			allFinds.Put(p.all)
		}()
		bring(list, p.from, min(p.from+p.size, len(list)))
	} else {
		slices.SortFunc(list, scored.compare)
	}
	return slices.Clone(list[min(p.from, len(list)):min(p.from+p.size, len(list))])
}

// bring puts those that stand at places from to to of the order there, in
// order. It takes time for each once or twice, however deep they are.
func bring(list []scored, from, to int) {
	left, right := 0, len(list)
	for right-left > 64 {
		low, high := parted(list[left:right])
		low, high = left+low, left+high
		switch {
		case to <= low:
			right = low
		case from >= high:
			left = high
		case from >= low && to <= high:
			return // the middle alone
		default: // the stretch lies across: both sides are needed
			bring(list[left:low], max(from-left, 0), min(to, low)-left)
			bring(list[high:right], max(from, high)-high, to-high)
			return
		}
	}
	if from < right && left < to {
		slices.SortFunc(list[left:right], scored.compare)
	}
}

// parted puts those before a middle one in front and those after it behind. It
// returns where the middle begins and ends.
func parted(list []scored) (low, high int) {
	n := len(list)
	a, b, c := list[0], list[n/2], list[n-1]
	middle := b
	if a.before(b) == b.before(c) {
		middle = b
	} else if b.before(a) == a.before(c) {
		middle = a
	} else {
		middle = c
	}
	i, low, high := 0, 0, n
	for i < high {
		switch {
		case list[i].before(middle):
			list[i], list[low] = list[low], list[i]
			low++
			i++
		case middle.before(list[i]):
			high--
			list[i], list[high] = list[high], list[i]
		default:
			i++
		}
	}
	return low, high
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
