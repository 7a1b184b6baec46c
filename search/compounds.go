package search

import "strings"

// madeOf are the compounds of the index that two words make, in either order:
// välfärd and teknik välfärdsteknik, råd för användare användarråd.
func madeOf(a, b unit) []term {
	var s termSet
	for _, pair := range [2][2]unit{{a, b}, {b, a}} {
		ends := map[string]bool{}
		for _, t := range pair[1].terms {
			if lang, key, ok := strings.Cut(t.text, tailMark); ok && compounds(lang) {
				ends[lang+keyMark+backwards(key)] = true
			}
		}
		for _, t := range pair[0].terms {
			if ends[t.text] {
				s.add(t.text, exactWeight)
			}
		}
	}
	return s.list
}

// makeOne reports whether two words asked for are parts of a compound.
func makeOne(a, b group) bool {
	return len(a.units) == 1 && len(b.units) == 1 && len(madeOf(a.units[0], b.units[0])) > 0
}

// apart splits a word that hardly anybody wrote into two that are known. Of a
// word that nobody wrote in any form, it is enough that others begin as its
// first part does: bygglovshandläggare, where there is only bygglovsärende.
func (b planner) apart(u unit) (saying, bool) {
	runes := []rune(u.typed)
	for i := len(runes) - 3; i >= 3; i-- {
		head, tail := string(runes[:i]), string(runes[i:])
		if b.isWritten(head) && b.isWritten(tail) {
			return saying{words: [][]term{plainTerms(head), plainTerms(tail)}, weight: 0.6, literal: true}, true
		}
	}
	if cyrillic(u.typed) || b.known(u.terms) {
		return saying{}, false
	}
	for i := len(runes) - 4; i >= 4; i-- {
		if tail := string(runes[i:]); b.isWritten(tail) {
			for _, lang := range []string{"fi", "sv"} {
				if begun := b.headTerms(trimJoint(string(runes[:i]), lang), lang); len(begun) > 0 {
					return saying{words: [][]term{begun, plainTerms(tail)}, weight: 0.6, literal: true}, true
				}
			}
		}
	}
	return saying{}, false
}

// isWritten reports whether the index has a word as it is.
func (b planner) isWritten(w string) bool { return b.count(exactMark+w) > 0 }

// headTerms are the words of the index that a head of compounds is, or begins.
func (b planner) headTerms(head, lang string) []term {
	var s termSet
	for _, prefix := range prefixesOf(head, lang) {
		s.addAll(b.beginning(lang+keyMark+prefix, func(rest string) float64 {
			if rest == "" {
				return exactWeight
			}
			return otherKeyWeight
		}))
	}
	return s.list
}
