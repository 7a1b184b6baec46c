package search

import (
	"slices"
	"unicode/utf8"
)

// misspellings is an automaton that accepts the words a few letters away from
// one: letters put in, taken out, changed, or swapped with their neighbour, as
// distance counts them. It reads bytes, and makes its states only when they are
// reached: a dictionary leads to few of them. What follows a word in the
// dictionary does not matter. One search uses it, no more.
type misspellings struct {
	word    []rune
	allowed byte
	classes map[rune]int // of the letters of the word, from 1; 0 are all others
	rows    []distances
	numbers map[string]int
	next    [][]int // state → class of the letter → state, -1 when not known yet
}

// distances is what is known after some letters: for each place of the word, with
// how few mistakes they lead there, and to the middle of a swap there; more
// than allowed when they do not.
type distances struct{ at, swapping []byte }

// A state is the number of a row and, in the lower bits, the bytes of a letter
// that is not read to its end.
const partBits = 24

func newMisspellings(text string, allowed int) *misspellings {
	m := &misspellings{word: []rune(text), allowed: byte(allowed), classes: map[rune]int{}, numbers: map[string]int{}}
	for _, r := range m.word {
		if m.classes[r] == 0 {
			m.classes[r] = len(m.classes) + 1
		}
	}
	first := distances{make([]byte, len(m.word)+1), make([]byte, len(m.word)+1)}
	for i := range first.at {
		first.at[i], first.swapping[i] = m.most(i), m.allowed+1
	}
	m.number(first)
	return m
}

func (m *misspellings) most(n int) byte { return byte(min(n, int(m.allowed)+1)) }

// number is the number of a row.
func (m *misspellings) number(r distances) int {
	key := string(r.at) + string(r.swapping)
	n, ok := m.numbers[key]
	if !ok {
		n = len(m.rows)
		m.numbers[key] = n
		m.rows = append(m.rows, r)
		m.next = append(m.next, slices.Repeat([]int{-1}, len(m.classes)+1))
	}
	return n
}

// read is the row after one more letter.
func (m *misspellings) read(n int, letter rune) int {
	class := m.classes[letter]
	if known := m.next[n][class]; known >= 0 {
		return known
	}
	from := m.rows[n]
	to := distances{make([]byte, len(from.at)), make([]byte, len(from.at))}
	for i := range from.at {
		best := from.at[i] + 1 // put in
		if i > 0 {
			step := from.at[i-1]
			if m.word[i-1] != letter {
				step++ // changed
			}
			best = min(best, step, to.at[i-1]+1) // or taken out
		}
		if i > 1 && m.word[i-2] == letter {
			best = min(best, from.swapping[i-2])
		}
		to.at[i] = min(best, m.allowed+1)
		to.swapping[i] = m.allowed + 1
		if i+1 < len(m.word) && m.word[i+1] == letter {
			to.swapping[i] = min(from.at[i]+1, m.allowed+1)
		}
	}
	next := m.number(to)
	m.next[n][class] = next
	return next
}

// Start is the state before the first byte.
func (m *misspellings) Start() int { return 0 }

// The states behind a word.
const isNear, isFar = -1, -2

// Accept is the state after one more byte.
func (m *misspellings) Accept(state int, b byte) int {
	if state < 0 {
		return state
	}
	if b == betweenParts[0] {
		if m.ends(state) {
			return isNear
		}
		return isFar
	}
	n, part := state>>partBits, state&(1<<partBits-1)
	if part == 0 && b < utf8.RuneSelf {
		return m.read(n, rune(b)) << partBits
	}
	var raw [utf8.UTFMax]byte
	letter := raw[:0]
	for shift := partBits - 8; shift >= 0; shift -= 8 {
		if c := byte(part >> shift); c != 0 {
			letter = append(letter, c)
		}
	}
	letter = append(letter, b)
	if utf8.FullRune(letter) {
		r, _ := utf8.DecodeRune(letter)
		return m.read(n, r) << partBits
	}
	return n<<partBits | part<<8 | int(b)
}

// IsMatch reports whether the bytes so far begin with a word near enough, and go on.
func (m *misspellings) IsMatch(state int) bool { return state == isNear }

// ends reports whether the bytes so far are a word near enough.
func (m *misspellings) ends(state int) bool {
	at := m.rows[state>>partBits].at
	return state&(1<<partBits-1) == 0 && at[len(at)-1] <= m.allowed
}

// CanMatch reports whether more bytes may lead to one.
func (m *misspellings) CanMatch(state int) bool {
	if state < 0 {
		return state == isNear
	}
	r := m.rows[state>>partBits]
	return slices.Min(r.at) <= m.allowed || slices.Min(r.swapping) <= m.allowed
}

// WillAlwaysMatch reports that nothing matches whatever follows.
func (m *misspellings) WillAlwaysMatch(int) bool { return false }
