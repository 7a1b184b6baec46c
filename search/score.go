package search

import (
	"cmp"
	"context"
	"math"
	"slices"
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

	live  docSet            // documents that are there, and that the reader may see
	open  docSet            // those of them that may still be finds
	some  docSet            // for a while
	total pad               // of the query
	group pad               // of a group
	said  pad               // of another saying of it
	word  pad               // of a word: how much it counts, and how near the best form is
	zone  [zoneCount]scores // of a word, in each
	near  scores            // of words side by side
	asked float64
	lists map[string]*postings

	sharesOnly bool                // how much of what was asked for documents have, not how well: no points
	read       map[string][]uint32 // the documents of terms, remembered then
	pages      []uint32            // what they are written on
}

var runs = sync.Pool{New: func() any { return &run{} }}

func newRun(ctx context.Context, segments []segment, members bool) *run {
	r := runs.Get().(*run)
	r.ctx, r.segments, r.err, r.lists = ctx, segments, nil, map[string]*postings{}
	r.asked, r.docs, r.sharesOnly = 0, 0, false
	r.read, r.pages = map[string][]uint32{}, r.pages[:0]
	n := 0
	for _, s := range segments {
		n += len(s.lengths)
	}
	for _, p := range r.pads() {
		p.size(n)
	}
	r.live.empty(n)
	for _, s := range segments {
		if members {
			r.live.put(s.from, s.all)
		} else {
			r.live.put(s.from, s.public)
		}
		s.eachDeleted(func(doc uint32) { r.live.remove(s.from + doc) })
	}
	r.docs = float64(r.live.size())
	r.open = append(r.open[:0], r.live...)
	r.some.empty(n)
	return r
}

// scratch is what a run writes on.
type scratch interface {
	size(documents int)
	clear()
}

func (r *run) pads() []scratch {
	list := []scratch{&r.total, &r.group, &r.said, &r.word, &r.near}
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
	r.ctx, r.segments, r.lists, r.read = nil, nil, nil, nil
	runs.Put(r)
}

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

// neighbours adds points for words that follow each other in a title or summary
// as they do in the query.
func (r *run) neighbours(p planned) {
	if len(p.pairs) == 0 || r.asked == 0 || r.sharesOnly {
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

// exclude leaves out what has half of a group, or one word in half of its form.
func (r *run) exclude(g group) {
	if len(g.units) == 1 && !g.onlyName {
		r.having(g.units[0].words, 0.5, r.open.remove)
		return
	}
	w := r.weigh(0, g)
	for i, u := range g.units {
		r.count(u.words, w.idfs[i], g.onlyName, &r.group)
	}
	for _, d := range r.group.touched {
		if float64(r.group.of[d].share) >= 0.5*w.tells {
			r.open.remove(d)
		}
	}
	r.group.clear()
}

// having calls f with the documents that have a word of some weight at least, the
// deleted ones among them. The words that count most come first.
func (r *run) having(words []term, least float64, f func(doc uint32)) {
	for _, t := range words {
		if t.weight < least {
			return
		}
		r.documents(t.text, f)
	}
}

// add scores words that belong together.
func (r *run) add(g weighed) {
	for i, u := range g.units {
		r.count(u.words, g.idfs[i], g.onlyName, &r.group)
	}
	if g.isOneThing() && !r.sharesOnly {
		r.scatter(g.pairs())
	}
	idfs, own := g.tells, r.nearest(g.tells)
	for _, s := range g.sayings {
		if !s.literal {
			s.weight *= own
		}
		if said := r.saying(s, idfs); idfs == 0 {
			idfs = said
		}
	}
	r.asked += idfs
	for _, d := range r.group.touched {
		if g.must {
			r.some.add(d)
		}
		g := &r.group.of[d]
		g.share = min(g.share, float32(idfs))
	}
	if g.must {
		r.keepSome()
	}
	r.total.take(&r.group)
}

// tells is the idf of a word, given as what is written for it: by how many
// documents have the word itself, or anything for it where none has. It is 0
// when the word is nowhere.
func (r *run) tells(words []term, onlyName bool) float64 {
	itself := 0
	for itself < len(words) && words[itself].weight >= strong {
		itself++
	}
	n := r.documentsWith(words[:itself], onlyName)
	if n == 0 {
		n = r.documentsWith(words[itself:], onlyName)
	}
	if n == 0 {
		return 0
	}
	return math.Log1p(max(r.docs-float64(n)+0.5, 0.5) / (float64(n) + 0.5))
}

// documentsWith is how many documents have one of some written words.
func (r *run) documentsWith(words []term, onlyName bool) int {
	if len(words) == 0 {
		return 0
	}
	for _, t := range words {
		if !onlyName {
			r.documents(t.text, r.some.add)
			continue
		}
		r.postings("text", t.text, func(s *segment, list []posting) {
			for _, p := range list {
				if unpacked(p.freq)[nameZone] > 0 {
					r.some.add(s.from + p.doc)
				}
			}
		})
	}
	n := r.some.common(r.live)
	clear(r.some)
	return n
}

// count scores one word that tells so much.
func (r *run) count(words []term, idf float64, onlyName bool, into *pad) {
	if r.sharesOnly && !onlyName {
		r.meet(words)
	} else {
		r.find(words, onlyName)
	}
	tells := float32(idf)
	for _, d := range r.word.touched {
		g := &r.word.of[d]
		g.points, g.share = tells*g.points*(saturation+1)/(g.points+saturation), tells*g.share
	}
	into.take(&r.word)
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
	idfs, tells := 0.0, make([]float64, len(s.written))
	for i, w := range s.written {
		if tells[i] = r.tells(w, false); tells[i] == 0 { // a word of it is nowhere
			return 0
		}
		idfs += tells[i]
	}
	if idfs == 0 {
		return 0
	}
	for i, w := range s.written {
		r.count(w, tells[i], false, &r.said)
	}
	if whole == 0 {
		whole = idfs
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
	for _, t := range words {
		weight, own := float32(t.weight), t.weight >= ownForm
		r.postings("text", t.text, func(s *segment, list []posting) {
			for _, p := range list {
				doc := s.from + p.doc
				if !r.open.has(doc) {
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

// meet finds the same documents as find, but not how well they match.
func (r *run) meet(words []term) {
	for _, t := range words {
		weight := float32(t.weight)
		r.documents(t.text, func(doc uint32) {
			if r.open.has(doc) {
				g := r.word.at(doc)
				g.share = max(g.share, weight)
			}
		})
	}
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
					if r.open.has(s.from + p.doc) {
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

// documents calls f with the documents that have a term in their text, those that
// were deleted among them.
func (r *run) documents(term string, f func(doc uint32)) {
	if r.err != nil {
		return
	}
	known, ok := r.read[term]
	for _, doc := range known {
		f(doc)
	}
	if ok {
		return
	}
	lists, err := r.postingsOf("text")
	begin := len(r.pages)
	for i := range r.segments {
		if err == nil {
			from := r.segments[i].from
			err = lists.documents(i, term, func(doc uint32) {
				if f(from + doc); r.sharesOnly {
					r.pages = append(r.pages, from+doc)
				}
			})
		}
		if err == nil {
			err = r.ctx.Err()
		}
	}
	if r.err = err; err == nil && r.sharesOnly {
		r.read[term] = r.pages[begin:]
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
