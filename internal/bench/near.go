package main

import (
	"slices"
	"strings"
	"unicode"
)

// words are those of all texts, by what is left when one letter is taken out:
// the quickest way to the words one letter apart. It stands in for the fuzzy
// search that SQLite does not have.
type words map[string][]string

// longestNear bounds the words that are remembered.
const longestNear = 24

func wordsIn(s *shelf) words {
	w, seen := words{}, map[string]bool{}
	for i, t := range s.texts {
		for _, one := range strings.FieldsFunc(strings.ToLower(t.Title+" "+t.Summary+" "+s.plain[i]), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if seen[one] {
				continue
			}
			one = strings.Clone(one)
			seen[one] = true
			for _, left := range without(one) {
				w[left] = append(w[left], one)
			}
		}
	}
	return w
}

// without are a word and what is left of it without one of its letters.
func without(w string) []string {
	runes := []rune(w)
	list := []string{w}
	for i := range min(len(runes), longestNear) {
		list = append(list, string(slices.Delete(slices.Clone(runes), i, i+1)))
	}
	return list
}

// near are some words that are at most a letter off, the word itself when
// there is none.
func (w words) near(typed string) []string {
	list := []string{typed}
	for _, left := range without(typed) {
		for _, one := range w[left] {
			if !slices.Contains(list, one) && len(list) < 8 {
				list = append(list, one)
			}
		}
	}
	return list
}
