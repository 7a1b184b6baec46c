package search

// A pad is a scratch pad: what each document has got, and which have something.
type pad struct {
	of      []got
	touched []uint32
}

// got is what a document gets for something asked for: points, and how much of
// it the document has.
type got struct{ points, share float32 }

// at is what a document has; the caller leaves a share there.
func (p *pad) at(doc uint32) *got {
	g := &p.of[doc]
	if g.share == 0 {
		p.touched = append(p.touched, doc)
	}
	return g
}

func (p *pad) add(doc uint32, points, share float32) {
	g := p.at(doc)
	g.points += points
	g.share += share
}

// raise makes both as much as they are elsewhere, if that is more.
func (p *pad) raise(doc uint32, points, share float32) {
	g := p.at(doc)
	g.points, g.share = max(g.points, points), max(g.share, share)
}

// take adds what documents have on another pad, and clears that.
func (p *pad) take(other *pad) {
	if len(p.touched) == 0 {
		*p, *other = *other, *p
		return
	}
	for _, d := range other.touched {
		g := &other.of[d]
		p.add(d, g.points, g.share)
		*g = got{}
	}
	other.touched = other.touched[:0]
}

func (p *pad) clear() {
	for _, d := range p.touched {
		p.of[d] = got{}
	}
	p.touched = p.touched[:0]
}

func (p *pad) size(n int) {
	if len(p.of) < n {
		p.of, p.touched = make([]got, n+n/8), p.touched[:0]
	}
}

// scores is a pad of one number.
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
