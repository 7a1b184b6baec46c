package search

import (
	"context"
	"math"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// A field of the index, how much a find in it counts, and how much its length
// matters. A find in several fields counts as one that is heavier (BM25F), not
// as several.
type field struct {
	name   string
	weight float64
	b      float64 // 0: length does not matter
	usual  float64 // usual length in terms
}

// The text holds everything, so it comes first: a term it lacks is nowhere.
var fields = []field{{"text", 1, 0.5, 1500}, {"title", 6, 0.3, 25}, {"lead", 1.2, 0.4, 120}, {"names", 2, 0, 1}}

const (
	saturation = 4.0  // how soon more of a word stops to count
	pairShare  = 0.5  // what neighbours in a title add
	leastShare = 0.3  // of what was asked for, in a find
	likeShare  = 0.12 // of a whole text, in one that is like it
	scattered  = 0.55 // what the words of one thing count that may stand apart
	apartShare = 0.8  // and those of another name for it
	strong     = 0.85 // from here on a form is the word itself

	checkEvery = 4096 // postings between two looks at the deadline
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
	ctx    context.Context
	reader *scorch.IndexSnapshot
	docs   float64
	err    error

	total, covered     scores // of the query
	sum, share         scores // of a group
	said, saidAll      scores // of another saying
	tf, strength, once scores // of a word
	asked              float64
	must               int
	mustHave           scores
	excluded           scores
	there              []term // those of a word that are anywhere
	lists              map[string]*postings
}

var runs = sync.Pool{New: func() any { return &run{} }}

func newRun(ctx context.Context, reader *scorch.IndexSnapshot) *run {
	r := runs.Get().(*run)
	r.ctx, r.reader, r.err, r.asked, r.must, r.lists = ctx, reader, nil, 0, 0, map[string]*postings{}
	n := 0
	for _, s := range reader.Segments() {
		n += int(s.FullSize())
	}
	live, _ := reader.DocCount()
	r.docs = float64(live)
	for _, s := range r.pads() {
		s.size(n)
	}
	return r
}

func (r *run) pads() []*scores {
	return []*scores{&r.total, &r.covered, &r.sum, &r.share, &r.said, &r.saidAll, &r.tf, &r.strength, &r.once, &r.mustHave, &r.excluded}
}

// done gives the scratch pads back.
func (r *run) done() {
	for _, s := range r.pads() {
		s.clear()
	}
	r.ctx, r.reader, r.lists = nil, nil, nil
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
	var list []term
	for _, pair := range p.pairs {
		list = append(list, term{pair, 1})
	}
	r.word(list, fields[1:3])
	for _, d := range r.tf.touched {
		if r.total.of[d] > 0 {
			tf := float64(r.tf.of[d])
			r.total.add(d, float32(pairShare*r.asked*tf/(tf+saturation)))
		}
	}
	r.tf.clear()
	r.strength.clear()
}

// group scores words that belong together, or what is to be left out.
func (r *run) group(g group) {
	used := fields
	if g.onlyName {
		used = fields[3:]
	}
	var idfs float64
	for _, u := range g.units {
		idfs += r.add(u.terms, used, &r.sum, &r.share)
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

// add scores one word and returns how much it tells: its idf, 0 when it is
// nowhere.
func (r *run) add(terms []term, used []field, sum, share *scores) float64 {
	r.word(terms, used)
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
func (r *run) scatter(pairs []term) {
	r.word(pairs, fields[1:3])
	for _, d := range r.sum.touched {
		if r.tf.of[d] == 0 {
			r.sum.of[d] *= scattered
		}
	}
	r.tf.clear()
	r.strength.clear()
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
	for _, w := range s.words {
		idf := r.add(w, fields, &r.said, &r.saidAll)
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
		if len(s.words) > 1 && !s.literal {
			scale *= apartShare
		}
		r.sum.raise(d, float32(s.weight*scale)*r.said.of[d])
		r.share.raise(d, float32(math.Sqrt(s.weight)*1.2*whole*min(said, 1)))
	}
	r.said.clear()
	r.saidAll.clear()
	return idfs
}

// word adds up the weighted frequencies of a word's terms, and how much the
// word itself each document has. A term that the whole text of no document has
// is in none of its parts.
func (r *run) word(terms []term, used []field) {
	for _, f := range used {
		if f.name == fields[0].name {
			r.there = r.there[:0]
			for _, t := range terms {
				if r.postings(f, t) {
					r.there = append(r.there, t)
				}
			}
			terms = r.there
		} else {
			for _, t := range terms {
				r.postings(f, t)
			}
		}
		for _, d := range r.once.touched {
			r.tf.add(d, float32(f.weight)*r.once.of[d])
		}
		r.once.clear()
	}
}

// postings scores one term in one field and reports whether it is anywhere.
func (r *run) postings(f field, t term) bool {
	found := false
	if r.err != nil {
		return found
	}
	n := 0
	list, err := r.postingsOf(f)
	if err == nil {
		short := 1 - f.b
		err = list.each(t.text, func(doc uint32, freq uint64, norm float64) bool {
			if n++; n%checkEvery == 0 && r.ctx.Err() != nil {
				r.err = r.ctx.Err()
				return false
			}
			found = true
			tf := float64(freq)
			if norm > 0 {
				tf /= short + f.b/(norm*norm*f.usual)
			}
			r.once.raise(doc, float32(t.weight*tf))
			r.strength.raise(doc, float32(t.weight))
			return true
		})
	}
	if err != nil {
		r.err = err
	}
	return found
}

func (r *run) postingsOf(f field) (*postings, error) {
	if p, ok := r.lists[f.name]; ok {
		return p, nil
	}
	p, err := newPostings(r.reader, f.name, f.b > 0)
	if err == nil {
		r.lists[f.name] = p
	}
	return p, err
}
