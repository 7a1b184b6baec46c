package search

import (
	"strings"
	"unicode/utf8"
)

// Weights of the forms in which a word may be found.
const (
	exactWeight    = 1.0
	keyWeight      = 0.9
	otherKeyWeight = 0.7 // a second reading of the word
	skeletonWeight = 0.6
	guessWeight    = 0.6 // another alphabet or keyboard
	tailWeight     = 0.55
	headWeight     = 0.5
	typoWeight     = 0.5
	twoTyposWeight = 0.35 // still more than leastShare
	looseWeight    = 0.35 // shares the beginning only
)

// term is one index term a query word stands for, and how much it counts.
type term struct {
	text   string
	weight float64
}

// termSet collects terms with the most each counts.
type termSet struct {
	list  []term
	place map[string]int
}

func (s *termSet) add(text string, weight float64) {
	if s.place == nil {
		s.place = map[string]int{}
	}
	if i, ok := s.place[text]; ok {
		s.list[i].weight = max(s.list[i].weight, weight)
		return
	}
	s.place[text] = len(s.list)
	s.list = append(s.list, term{text, weight})
}

func (s *termSet) addAll(list []term) {
	for _, t := range list {
		s.add(t.text, t.weight)
	}
}

// plainTerms are the terms of a word's own forms.
func plainTerms(w string) []term {
	var s termSet
	s.add(exactMark+w, exactWeight)
	for _, l := range stemLanguages(w) {
		addKeys(&s, w, l, keyWeight, otherKeyWeight)
	}
	return s.list
}

func addKeys(s *termSet, w, lang string, first, others float64) {
	for i, k := range keysOf(w, lang) {
		weight := others
		if i == 0 {
			weight = first
		}
		s.add(lang+keyMark+k, weight)
		sk := skeleton(k)
		s.add(skeletonMark+sk, min(weight, skeletonWeight))
		if sk != k && !cyrillic(k) {
			s.add(lang+keyMark+folded(k), min(weight, skeletonWeight))
		}
	}
	if lang == "sv" {
		if k := contracted(w); k != "" {
			s.add(lang+keyMark+k, others)
		}
		if verb := verbOf(w); verb != "" {
			s.add(lang+keyMark+keysOf(verb, lang)[0], min(others, skeletonWeight))
		}
	}
	if lang == "fi" {
		for _, k := range dictionaryVerb(folded(w)) {
			s.add(lang+keyMark+k, others)
		}
	}
}

// foreignTerms are the forms of a word in the other alphabet.
func foreignTerms(w string) []term {
	var s termSet
	if cyrillic(w) {
		sk := skeleton(w)
		s.add(exactMark+sk, guessWeight)
		if name := nordic(w); name != sk {
			s.add(skeletonMark+skeleton(name), guessWeight)
			addKeys(&s, name, "fi", guessWeight, guessWeight)
		}
		for _, l := range stemLanguages(sk) {
			addKeys(&s, sk, l, guessWeight, guessWeight)
		}
		return s.list
	}
	s.add(skeletonMark+skeleton(w), guessWeight)
	if g := inCyrillic(w); cyrillic(g) {
		for _, l := range stemLanguages(g) {
			for _, k := range keysOf(g, l) {
				s.add(skeletonMark+skeleton(k), guessWeight)
			}
		}
	}
	return s.list
}

// compoundTerms are words of the index that begin or end with a form of w.
func (v vocabulary) compoundTerms(w string, asked bool) []term {
	var s termSet
	for _, lang := range stemLanguages(w) {
		for _, prefix := range prefixesOf(w, lang) {
			n := utf8.RuneCountInString(prefix)
			if n < 4 && !asked {
				continue
			}
			s.addAll(v.beginning(lang+keyMark+prefix, func(rest string) float64 { return headShare(lang, n, rest) }))
		}
		if compounds(lang) {
			s.addAll(v.tails(w, lang))
		}
	}
	if cyrillic(w) {
		s.addAll(v.kazakhForms(w))
	}
	if asked {
		s.addAll(v.beginning(exactMark+w, func(string) float64 { return exactWeight }))
	}
	return s.list
}

// prefixesOf are the beginnings that other words share with w in a language.
func prefixesOf(w, lang string) []string {
	if lang != "fi" || len(folded(w)) < 4 {
		return keysOf(w, lang)[:1]
	}
	var list keySet
	for _, stem := range finnishStems(folded(w)) {
		if n := len(stem); n > 6 && isVowel(stem[n-1]) || n > 5 && (stem[n-1] == 'i' || stem[n-1] == 'e') {
			stem = stem[:n-1]
		}
		list.add(stem)
	}
	// A key that lost its k between vowels would begin too many words.
	if k := finnishKeys(folded(w))[0]; len(k) > 2 && !isVowel(k[len(k)-2]) {
		list.add(strings.TrimSuffix(k, "i"))
	}
	return list.list
}

// headShare is what a longer word counts that begins with a word: little when
// much follows, and less in languages that seldom join words.
func headShare(lang string, n int, rest string) float64 {
	r := utf8.RuneCountInString(rest)
	if r == 0 {
		return otherKeyWeight
	}
	weight := headWeight
	if !compounds(lang) {
		weight = looseWeight
		if r > 3 && n < 5 {
			return 0
		}
	}
	if r > n+6 {
		weight *= 0.7
	}
	return weight
}

// tails are compounds whose last part is w.
func (v vocabulary) tails(w, lang string) []term {
	var s termSet
	keys := keysOf(w, lang)
	if lang == "fi" { // the first letter of a short last part may be weak: ylityö
		if k := "u" + folded(w); len(k) < 6 {
			keys = append(keys, strings.TrimPrefix(graded(k), "u"))
		}
	}
	for i, key := range keys {
		n := utf8.RuneCountInString(key)
		if n < 3 || i > 2 {
			continue
		}
		s.addAll(v.beginning(lang+tailMark+backwards(key), func(rest string) float64 {
			head := utf8.RuneCountInString(rest)
			switch {
			case head < 2, n < 4 && head < 5 && !v.isHead(trimJoint(backwards(rest), lang)):
				return 0
			case n < 4:
				return looseWeight
			case n < 5 && head < 4:
				return looseWeight
			}
			return tailWeight
		}))
	}
	return s.list
}

// trimJoint takes the letter off that joins a head to what follows: s in
// Swedish, the genitive n in Finnish.
func trimJoint(head, lang string) string {
	joint := map[string]string{"sv": "s", "fi": "n"}[lang]
	return strings.TrimSuffix(head, joint)
}
