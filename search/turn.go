package search

import (
	"cmp"
	"math"
	"slices"
)

// score fills total, as far as documents may be finds.
func (r *run) score(p planned) error {
	r.inTurn(p, r.add)
	r.neighbours(p)
	return r.err
}

// weighed is a group of a plan with how much it tells.
type weighed struct {
	group
	place int       // among the groups
	idfs  []float64 // of its words
	tells float64   // all of them together; 0: nobody has written them
}

// inTurn leaves out what is not wanted and calls add with the groups of a plan:
// first what a find must have, then what tells most. As soon as what is left is
// not enough to make a find of a document, no more of those are looked at: most
// words are in many documents, and what tells most is in few.
func (r *run) inTurn(p planned, add func(weighed)) {
	list := make([]weighed, 0, len(p.groups))
	for i, g := range p.groups {
		if g.not {
			r.exclude(g)
			continue
		}
		list = append(list, r.weigh(i, g))
	}
	slices.SortStableFunc(list, func(a, b weighed) int { return cmp.Compare(b.urgency(), a.urgency()) })
	rest := 0.0
	for _, g := range list {
		rest += g.tells
	}
	for i, g := range list {
		if r.err == nil {
			r.err = r.ctx.Err()
		}
		if r.err != nil {
			return
		}
		add(g)
		if rest -= g.tells; i < len(list)-1 {
			r.close(p.least*(r.asked+rest) - rest - 1e-3) // sums of shares are not exact
		}
	}
	r.close(p.least * r.asked)
}

func (r *run) weigh(place int, g group) weighed {
	w := weighed{group: g, place: place}
	for _, u := range g.units {
		idf := r.tells(u.words, g.onlyName)
		w.idfs, w.tells = append(w.idfs, idf), w.tells+idf
	}
	return w
}

// urgency is how soon a group is to be scored. What its other names tell, where
// nobody has written it, is known then only.
func (g weighed) urgency() float64 {
	if g.must || g.tells == 0 {
		return math.Inf(1)
	}
	return g.tells
}

// close lets only documents be found that have a share by now.
func (r *run) close(share float64) {
	if share <= 0 {
		return
	}
	least := float32(share)
	for _, d := range r.total.touched {
		if r.total.of[d].share >= least {
			r.some.add(d)
		}
	}
	r.keepSome()
}

// keepSome lets only documents be found that are in some, and empties that.
func (r *run) keepSome() {
	r.open.keep(r.some)
	clear(r.some)
}
