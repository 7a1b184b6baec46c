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

// scores is a scratch pad: a number per document, and which are not zero.
type scores struct {
	of      []float32
	touched []uint32
}

func (s *scores) add(doc uint32, v float32) {
	if s.of[doc] == 0 {
		s.touched = append(s.touched, doc)
	}
	s.of[doc] += v
}

func (s *scores) raise(doc uint32, v float32) {
	if s.of[doc] == 0 {
		s.touched = append(s.touched, doc)
	}
	s.of[doc] = max(s.of[doc], v)
}

// raiseBy raises by others, and clears those.
func (s *scores) raiseBy(others *scores) {
	for _, d := range others.touched {
		s.raise(d, others.of[d])
	}
	others.clear()
}

func (s *scores) clear() {
	for _, d := range s.touched {
		s.of[d] = 0
	}
	s.touched = s.touched[:0]
}

func (s *scores) size(n int) {
	if len(s.of) < n {
		s.of, s.touched = make([]float32, n+n/8), s.touched[:0]
	}
}

// run scores one query. Documents are numbered as the reader numbers them.
type run struct {
	ctx      context.Context
	segments []segment
	docs     float64
	err      error

	total, covered scores            // of the query
	sum, share     scores            // of a group
	said, saidAll  scores            // of another saying
	tf, strength   scores            // of a word: how much it counts, and how near the best form is
	zone           [zoneCount]scores // of a word, in each
	asked          float64
	must           int
	mustHave       scores
	excluded       scores
	lists          map[string]*postings
}

var runs = sync.Pool{New: func() any { return &run{} }}

func newRun(ctx context.Context, segments []segment) *run {
	r := runs.Get().(*run)
	r.ctx, r.segments, r.err, r.asked, r.must, r.lists = ctx, segments, nil, 0, 0, map[string]*postings{}
	n := 0
	r.docs = 0
	for _, s := range segments {
		n += len(s.lengths)
		r.docs += float64(s.documents())
	}
	for _, s := range r.pads() {
		s.size(n)
	}
	return r
}

func (r *run) pads() []*scores {
	list := []*scores{&r.total, &r.covered, &r.sum, &r.share, &r.said, &r.saidAll, &r.tf, &r.strength, &r.mustHave, &r.excluded}
	for z := range r.zone {
		list = append(list, &r.zone[z])
	}
	return list
}

// done gives the scratch pads back.
func (r *run) done() {
	for _, s := range r.pads() {
		s.clear()
	}
	r.ctx, r.segments, r.lists = nil, nil, nil
	runs.Put(r)
}

// score fills total and covered.
func (r *run) score(p planned) error {
	for _, g := range p.groups {
		r.group(g)
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

// neighbours adds points for words that follow each other in a title or lead
// as they do in the query.
func (r *run) neighbours(p planned) {
	if len(p.pairs) == 0 || r.asked == 0 {
		return
	}
	r.side(p.pairs)
	for _, d := range r.tf.touched {
		if r.total.of[d] > 0 {
			tf := float64(r.tf.of[d])
			r.total.add(d, float32(pairShare*r.asked*tf/(tf+saturation)))
		}
	}
	r.tf.clear()
}

// group scores words that belong together, or what is to be left out.
func (r *run) group(g group) {
	var idfs float64
	for _, u := range g.units {
		idfs += r.add(u.words, g.onlyName, &r.sum, &r.share)
	}
	if g.not {
		for _, d := range r.share.touched {
			if float64(r.share.of[d]) >= 0.5*idfs {
				r.excluded.add(d, 1)
			}
		}
		r.sum.clear()
		r.share.clear()
		return
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
	for _, d := range r.share.touched {
		r.total.add(d, r.sum.of[d])
		r.covered.add(d, min(r.share.of[d], float32(idfs)))
		if g.must {
			r.mustHave.add(d, 1)
		}
	}
	if g.must {
		r.must++
	}
	r.sum.clear()
	r.share.clear()
}

// add scores one word, given as what is written for it, and returns how much it
// tells: its idf, 0 when it is nowhere.
func (r *run) add(words []term, onlyName bool, sum, share *scores) float64 {
	r.word(words, onlyName)
	n, strongest := 0, 0
	for _, d := range r.strength.touched {
		if n++; r.strength.of[d] >= strong {
			strongest++
		}
	}
	if strongest > 0 {
		n = strongest
	}
	idf := 0.0
	if n > 0 {
		idf = math.Log(1 + (r.docs-float64(n)+0.5)/(float64(n)+0.5))
	}
	for _, d := range r.tf.touched {
		tf := float64(r.tf.of[d])
		sum.add(d, float32(idf*tf*(saturation+1)/(tf+saturation)))
		share.add(d, float32(idf*float64(r.strength.of[d])))
	}
	r.tf.clear()
	r.strength.clear()
	return idf
}

// scatter lessens what the words of one thing count where no title or summary
// has two of them side by side.
func (r *run) scatter(pairs []string) {
	r.side(pairs)
	for _, d := range r.sum.touched {
		if r.tf.of[d] == 0 {
			r.sum.of[d] *= scattered
		}
	}
	r.tf.clear()
}

// nearest is how near the best find comes to the words as they were typed; 1
// when nothing does. Another name for a thing must not outdo the thing itself
// where that is known in a weak form only, without its diacritics for instance.
func (r *run) nearest(whole float64) float64 {
	best := 0.0
	for _, d := range r.share.touched {
		best = max(best, float64(r.share.of[d]))
	}
	if best == 0 || whole == 0 {
		return 1
	}
	return 0.6 + 0.4*min(best/whole, 1)
}

// saying scores another way to say a group that tells whole; it counts where
// it is better than the group's own words. It returns how much it tells itself.
func (r *run) saying(s saying, whole float64) float64 {
	idfs := 0.0
	for _, w := range s.written {
		idf := r.add(w, false, &r.said, &r.saidAll)
		if idf == 0 { // a word of it is nowhere
			idfs = 0
			break
		}
		idfs += idf
	}
	if whole == 0 {
		whole = idfs
	}
	for _, d := range r.saidAll.touched {
		said := float64(r.saidAll.of[d]) / max(idfs, 0.01)
		if idfs == 0 || said < 0.65 {
			continue
		}
		scale := min(max(whole/idfs, 0.5), 2)
		if len(s.written) > 1 && !s.literal {
			scale *= apartShare
		}
		r.sum.raise(d, float32(s.weight*scale)*r.said.of[d])
		r.share.raise(d, float32(math.Sqrt(s.weight)*1.2*whole*min(said, 1)))
	}
	r.said.clear()
	r.saidAll.clear()
	return idfs
}

// word finds the documents that have what is written for a word, that which
// counts most first: how much it counts in each zone, and how much it is the word
// itself. Forms of the word count together; what only contains or resembles it
// counts where it is more than those.
func (r *run) word(words []term, onlyName bool) {
	for _, t := range words {
		weight := float32(t.weight)
		count := (*scores).raise
		if t.weight >= ownForm {
			count = (*scores).add
		}
		r.postings("text", t.text, func(s *segment, p posting, doc uint32) {
			switch long := &s.lengths[p.doc]; {
			case onlyName:
				n := unpacked(p.freq)[nameZone]
				if n == 0 {
					return
				}
				count(&r.tf, doc, weight*long.in(nameZone, n))
			case p.freq%2 == 1:
				count(&r.tf, doc, weight*long.in(textZone, onlyText(p.freq)))
			default:
				for z, n := range unpacked(p.freq) {
					if n > 0 {
						count(&r.zone[z], doc, weight*long.in(zone(z), n))
					}
				}
			}
			r.strength.raise(doc, weight)
		})
	}
	r.gather(textZone)
	r.gather(titleZone, leadZone, nameZone)
}

// side finds the documents in whose title or lead neighbours stand side by side.
func (r *run) side(pairs []string) {
	for _, z := range []zone{titleZone, leadZone} {
		for _, pair := range pairs {
			r.postings(zones[z].name, pair, func(s *segment, p posting, doc uint32) {
				r.zone[z].raise(doc, s.lengths[p.doc].in(z, int(p.freq)))
			})
		}
	}
	r.gather(titleZone, leadZone)
}

// gather adds what a word counts in zones to the rest.
func (r *run) gather(list ...zone) {
	for _, z := range list {
		for _, d := range r.zone[z].touched {
			r.tf.add(d, r.zone[z].of[d])
		}
		r.zone[z].clear()
	}
}

// postings calls f with the documents that have a term in a field, and their
// numbers in the whole index.
func (r *run) postings(field, term string, f func(s *segment, p posting, doc uint32)) {
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
		for _, p := range list {
			if !s.isDeleted(p.doc) {
				f(s, p, s.from+p.doc)
			}
		}
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
