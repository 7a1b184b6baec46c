package search

import (
	"unicode"
	"unicode/utf8"
)

// letterSet is a set of letters without marks, in lower case.
type letterSet struct {
	ascii [128]bool
	other map[rune]bool
	any   bool // every letter is in it
}

func (s *letterSet) add(r rune) {
	if r < utf8.RuneSelf {
		s.ascii[r] = true
		return
	}
	if s.other == nil {
		s.other = map[rune]bool{}
	}
	s.other[r] = true
}

func (s *letterSet) has(r rune) bool {
	if r < utf8.RuneSelf {
		return s.ascii[r] || s.any
	}
	return s.other[r] || s.any
}

// begin adds the letter that a word begins with.
func (s *letterSet) begin(w string) {
	r, _ := utf8.DecodeRuneInString(w)
	s.add(plainLetter(r))
}

// plainLetter is a letter in lower case and without marks.
func plainLetter(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	if plain, ok := plainLetters[r]; ok {
		return plain
	}
	plain, _ := utf8.DecodeRuneInString(folded(string(unicode.ToLower(r))))
	return plain
}

// plainLetters are the letters of the five languages that have marks, or that
// are not Latin, as plainLetter gives them.
var plainLetters = func() map[rune]rune {
	all := map[rune]rune{}
	for _, r := range "åäöéèüáàóíøæßабвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі" {
		for _, c := range []rune{r, unicode.ToUpper(r)} {
			plain, _ := utf8.DecodeRuneInString(folded(string(unicode.ToLower(c))))
			all[c] = plain
		}
	}
	return all
}()
