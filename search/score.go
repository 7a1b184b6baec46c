package search

import "math"

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
