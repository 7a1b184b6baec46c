package search

import "math/bits"

// A docSet is a set of documents, a bit for each.
type docSet []uint64

func (s docSet) has(doc uint32) bool { return s[doc/64]&(1<<(doc%64)) != 0 }
func (s docSet) add(doc uint32)      { s[doc/64] |= 1 << (doc % 64) }
func (s docSet) remove(doc uint32)   { s[doc/64] &^= 1 << (doc % 64) }

// keep takes out what is not in another set of the same size.
func (s docSet) keep(other docSet) {
	for i := range s {
		s[i] &= other[i]
	}
}

// common is how many documents are in both of two sets of the same size.
func (s docSet) common(other docSet) (n int) {
	for i, b := range s {
		n += bits.OnesCount64(b & other[i])
	}
	return n
}

// each calls f with the documents from one number up to another, in their order.
func (s docSet) each(from, to uint32, f func(doc uint32)) {
	for at := from / 64; at*64 < to; at++ {
		left := s[at]
		if at == from/64 {
			left &= ^uint64(0) << (from % 64)
		}
		for ; left != 0; left &= left - 1 {
			doc := at*64 + uint32(bits.TrailingZeros64(left))
			if doc >= to {
				return
			}
			f(doc)
		}
	}
}

// fill puts the first n documents in, and nothing else; it makes room for them.
func (s *docSet) fill(n int) {
	s.empty(n)
	for i := range *s {
		(*s)[i] = ^uint64(0)
	}
	if n%64 > 0 {
		(*s)[n/64] = 1<<(n%64) - 1
	}
}

// empty takes everything out; it makes room for n documents.
func (s *docSet) empty(n int) {
	size := (n + 63) / 64
	if cap(*s) < size {
		*s = make(docSet, size, size+size/8)
	}
	*s = (*s)[:size]
	clear(*s)
}
