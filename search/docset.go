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

// put puts another set in, its documents numbered from a number on.
func (s docSet) put(from uint32, other docSet) {
	at, shift := from/64, from%64
	for i, b := range other {
		s[at+uint32(i)] |= b << shift
		if over := b >> (64 - shift); over != 0 {
			s[at+uint32(i)+1] |= over
		}
	}
}

// size is how many documents are in a set.
func (s docSet) size() (n int) {
	for _, b := range s {
		n += bits.OnesCount64(b)
	}
	return n
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

// empty takes everything out; it makes room for n documents.
func (s *docSet) empty(n int) {
	size := (n + 63) / 64
	if cap(*s) < size {
		*s = make(docSet, size, size+size/8)
	}
	*s = (*s)[:size]
	clear(*s)
}
