package search

import (
	"context"
	"math"
	"sync"
)

const (
	saturation = 4.0  // how soon more of a word stops to count
	pairShare  = 0.5  // what neighbours in a title add
	leastShare = 0.3  // of what was asked for, in a find
	likeShare  = 0.12 // of a whole text, in one that is like it
	scattered  = 0.55 // what the words of one thing count that may stand apart
	apartShare = 0.8  // and those of another name for it
	ownForm    = 0.6  // what counts so much is the word in one of its forms
	strong     = 0.85 // from here on a form is the word itself
)

// run scores one query. Documents are numbered as the reader numbers them.
type run struct {
	ctx      context.Context
	segments []segment
	docs     float64
	err      error

	total    pad               // of the query
	group    pad               // of a group
	said     pad               // of another saying of it
	word     pad               // of a word: how much it counts, and how near the best form is
	zone     [zoneCount]scores // of a word, in each
	near     scores            // of words side by side
	asked    float64
	must     int
	mustHave scores
	excluded scores
	held     scores // words of phrases that a document has
	holding  int    // of so many; what has less is of no interest
	lists    map[string]*postings
}

var runs = sync.Pool{New: func() any { return &run{} }}

func newRun(ctx context.Context, segments []segment) *run {
	r := runs.Get().(*run)
	r.ctx, r.segments, r.err, r.lists = ctx, segments, nil, map[string]*postings{}
	r.asked, r.must, r.holding, r.docs = 0, 0, 0, 0
	n := 0
	for _, s := range segments {
		n += len(s.lengths)
		r.docs += float64(s.documents())
	}
	for _, p := range r.pads() {
		p.size(n)
	}
	return r
}

// scratch is what a run writes on.
type scratch interface {
	size(documents int)
	clear()
}

func (r *run) pads() []scratch {
	list := []scratch{&r.total, &r.group, &r.said, &r.word, &r.near, &r.mustHave, &r.excluded, &r.held}
	for z := range r.zone {
		list = append(list, &r.zone[z])
	}
	return list
}

// done gives the scratch pads back.
func (r *run) done() {
	for _, p := range r.pads() {
		p.clear()
	}
	r.ctx, r.segments, r.lists = nil, nil, nil
	runs.Put(r)
}

// score fills total.
func (r *run) score(p planned) error {
	r.leaveOut(p)
	for _, g := range p.groups {
		if !g.not {
			r.add(g)
		}
		if r.err == nil {
			r.err = r.ctx.Err()
		}
		if r.err != nil {
			return r.err
		}
	}
	r.neighbours(p)
	return r.err
}

// neighbours adds points for words that follow each other in a title or summary
// as they do in the query.
func (r *run) neighbours(p planned) {
	if len(p.pairs) == 0 || r.asked == 0 {
		return
	}
	r.side(p.pairs)
	for _, d := range r.near.touched {
		if g := &r.total.of[d]; g.share > 0 {
			tf := float64(r.near.of[d])
			g.points += float32(pairShare * r.asked * tf / (tf + saturation))
		}
	}
	r.near.clear()
}

// leaveOut leaves out what is not wanted, so that nothing else is done with it.
func (r *run) leaveOut(p planned) {
	for _, g := range p.groups {
		if g.not && r.err == nil {
			r.exclude(g)
		}
	}
}

// exclude leaves out what has half of a group, or one word in half of its form.
func (r *run) exclude(g group) {
	if len(g.units) == 1 && !g.onlyName {
		r.mark(&r.excluded, g.units[0].words, 0.5)
		return
	}
	var idfs float64
	for _, u := range g.units {
		idfs += r.count(u.words, g.onlyName, &r.group)
	}
	for _, d := range r.group.touched {
		if float64(r.group.of[d].share) >= 0.5*idfs {
			r.excluded.add(d, 1)
		}
	}
	r.group.clear()
}

// mark marks the documents that have a word of some weight at least. The words
// that count most come first.
func (r *run) mark(on *scores, words []term, least float64) {
	for _, t := range words {
		if t.weight < least {
			return
		}
		r.postings("text", t.text, func(s *segment, list []posting) {
			for _, p := range list {
				on.raise(s.from+p.doc, 1)
			}
		})
	}
}

// add scores words that belong together.
func (r *run) add(g group) {
	var idfs float64
	for _, u := range g.units {
		idfs += r.count(u.words, g.onlyName, &r.group)
	}
	if g.isOneThing() {
		r.scatter(g.pairs())
	}
	own := r.nearest(idfs)
	for _, s := range g.sayings {
		if !s.literal {
			s.weight *= own
		}
		if said := r.saying(s, idfs); idfs == 0 {
			idfs = said
		}
	}
	r.asked += idfs
	if g.must {
		for _, d := range r.group.touched {
			r.mustHave.add(d, 1)
		}
		r.must++
	}
	for _, d := range r.group.touched {
		g := &r.group.of[d]
		g.share = min(g.share, float32(idfs))
	}
	r.total.take(&r.group)
}

// count scores one word, given as what is written for it, and returns how much
// it tells: its idf, 0 when it is nowhere.
func (r *run) count(words []term, onlyName bool, into *pad) float64 {
	r.find(words, onlyName)
	n, strongest := len(r.word.touched), 0
	for _, d := range r.word.touched {
		if r.word.of[d].share >= strong {
			strongest++
		}
	}
	if strongest > 0 {
		n = strongest
	}
	idf := 0.0
	if n > 0 {
		idf = math.Log1p(max(r.docs-float64(n)+0.5, 0.5) / (float64(n) + 0.5))
	}
	tells := float32(idf)
	for _, d := range r.word.touched {
		g := &r.word.of[d]
		g.points, g.share = tells*g.points*(saturation+1)/(g.points+saturation), tells*g.share
	}
	into.take(&r.word)
	return idf
}

// scatter lessens what the words of one thing count where no title or summary
// has two of them side by side.
func (r *run) scatter(pairs []string) {
	r.side(pairs)
	for _, d := range r.group.touched {
		if r.near.of[d] == 0 {
			r.group.of[d].points *= scattered
		}
	}
	r.near.clear()
}

// nearest is how near the best find comes to the words as they were typed; 1
// when nothing does. Another name for a thing must not outdo the thing itself
// where that is known in a weak form only, without its diacritics for instance.
func (r *run) nearest(whole float64) float64 {
	best := float32(0)
	for _, d := range r.group.touched {
		best = max(best, r.group.of[d].share)
	}
	if best == 0 || whole == 0 {
		return 1
	}
	return 0.6 + 0.4*min(float64(best)/whole, 1)
}

// saying scores another way to say a group that tells whole; it counts where
// it is better than the group's own words. It returns how much it tells itself.
func (r *run) saying(s saying, whole float64) float64 {
	idfs := 0.0
	for _, w := range s.written {
		idf := r.count(w, false, &r.said)
		if idf == 0 { // a word of it is nowhere
			idfs = 0
			break
		}
		idfs += idf
	}
	if whole == 0 {
		whole = idfs
	}
	if idfs == 0 {
		r.said.clear()
		return 0
	}
	scale := s.weight * min(max(whole/idfs, 0.5), 2)
	if len(s.written) > 1 && !s.literal {
		scale *= apartShare
	}
	all := math.Sqrt(s.weight) * 1.2 * whole
	for _, d := range r.said.touched {
		g := r.said.of[d]
		if said := float64(g.share) / idfs; said >= 0.65 {
			r.group.raise(d, float32(scale)*g.points, float32(all*min(said, 1)))
		}
	}
	r.said.clear()
	return idfs
}

// find finds the documents that have what is written for a word, that which
// counts most first: how much it counts in each zone, and how much it is the word
// itself. Forms of the word count together; what only contains or resembles it
// counts where it is more than those.
func (r *run) find(words []term, onlyName bool) {
	choosy := len(r.excluded.touched) > 0 || r.holding > 0
	for _, t := range words {
		weight, own := float32(t.weight), t.weight >= ownForm
		r.postings("text", t.text, func(s *segment, list []posting) {
			for _, p := range list {
				doc := s.from + p.doc
				if choosy && !r.mayBe(doc) || s.deleted != nil && s.deleted.Contains(p.doc) {
					continue
				}
				var here float32
				switch long := &s.lengths[p.doc]; {
				case onlyName:
					n := unpacked(p.freq)[nameZone]
					if n == 0 {
						continue
					}
					here = weight * long.in(nameZone, n)
				case p.freq%2 == 1:
					here = weight * long.in(textZone, onlyText(p.freq))
				default:
					r.inZones(doc, weight, own, long, unpacked(p.freq))
				}
				g := r.word.at(doc)
				if own {
					g.points += here
				} else {
					g.points = max(g.points, here)
				}
				g.share = max(g.share, weight)
			}
		})
	}
	for z := range r.zone {
		for _, d := range r.zone[z].touched {
			r.word.of[d].points += r.zone[z].of[d]
		}
		r.zone[z].clear()
	}
}

// mayBe reports whether a document is not left out, and has the words of the
// phrases.
func (r *run) mayBe(doc uint32) bool {
	return r.excluded.of[doc] == 0 && int(r.held.of[doc]) >= r.holding
}

// inZones notes a find in several zones.
func (r *run) inZones(doc uint32, weight float32, own bool, long *lengths, counts zoneCounts) {
	for z, n := range counts {
		switch {
		case n == 0:
		case own:
			r.zone[z].add(doc, weight*long.in(zone(z), n))
		default:
			r.zone[z].raise(doc, weight*long.in(zone(z), n))
		}
	}
}

// side finds the documents in whose title or summary neighbours stand side by
// side.
func (r *run) side(pairs []string) {
	for _, z := range []zone{titleZone, leadZone} {
		for _, pair := range pairs {
			r.postings(zones[z].name, pair, func(s *segment, list []posting) {
				for _, p := range list {
					if !s.isDeleted(p.doc) {
						r.zone[z].raise(s.from+p.doc, s.lengths[p.doc].in(z, int(p.freq)))
					}
				}
			})
		}
		for _, d := range r.zone[z].touched {
			r.near.add(d, r.zone[z].of[d])
		}
		r.zone[z].clear()
	}
}

// postings calls f with the documents of each segment that have a term in a field,
// those that were deleted among them.
func (r *run) postings(field, term string, f func(*segment, []posting)) {
	if r.err != nil {
		return
	}
	lists, err := r.postingsOf(field)
	if err != nil {
		r.err = err
		return
	}
	for i := range r.segments {
		s := &r.segments[i]
		list, err := lists.of(i, term)
		if err == nil {
			err = r.ctx.Err()
		}
		if err != nil {
			r.err = err
			return
		}
		f(s, list)
	}
}

func (r *run) postingsOf(field string) (*postings, error) {
	if p, ok := r.lists[field]; ok {
		return p, nil
	}
	p, err := newPostings(r.segments, field)
	if err == nil {
		r.lists[field] = p
	}
	return p, err
}
