package search

import "strings"

// finnishKeys are the keys of a Finnish word: what its forms have in common.
// Case endings, possessives and personal endings are taken off; consonant
// gradation, changing stem vowels and the -nen, -us, -in, -as patterns are
// evened out. A form that can come from two kinds of words has two keys. The
// word has no diacritics any more: ä and a alternate by vowel harmony.
func finnishKeys(w string) []string {
	if len(w) < 4 {
		return []string{w}
	}
	var k keySet
	for _, s := range finnishStems(withoutClitic(w)) {
		for _, key := range evened(s) {
			k.add(key)
		}
	}
	if len(k.list) == 0 {
		return []string{w}
	}
	return k.list
}

// dictionaryVerb are further keys of a word that may be the dictionary form of
// a verb: kokeilla, ratkaista, haluta, toimia.
func dictionaryVerb(w string) []string {
	var k keySet
	for _, r := range finnishInfinitives {
		if stem, ok := cutEnd(w, r.end, 2); ok {
			for _, put := range r.put {
				k.add(graded(stem + put))
			}
		}
	}
	return k.list
}

type rule struct {
	end string
	put []string
}

var finnishInfinitives = []rule{
	{"lla", []string{"li"}}, {"nna", []string{"ni"}}, {"rra", []string{"ri"}}, {"sta", []string{"si", "s"}},
	{"ita", []string{"itsi", "i"}}, {"eta", []string{"eni", "e"}}, {"ata", []string{"a", "ta"}}, {"ota", []string{"o", "oa"}}, {"uta", []string{"ua", "u"}},
	{"da", []string{""}}, {"aa", []string{"a", "i", "e"}}, {"ea", []string{"i"}}, {"ia", []string{"i"}}, {"oa", []string{"o"}}, {"ua", []string{"u"}},
}

// keySet collects keys, each once, at most four.
type keySet struct{ list []string }

func (k *keySet) add(key string) {
	if len(key) < 2 || len(k.list) >= 4 {
		return
	}
	for _, have := range k.list {
		if have == key {
			return
		}
	}
	k.list = append(k.list, key)
}

// cutEnd takes an ending off when at least rest letters are left.
func cutEnd(w, end string, rest int) (string, bool) {
	if len(w)-len(end) < rest || !strings.HasSuffix(w, end) {
		return w, false
	}
	return w[:len(w)-len(end)], true
}

func isVowel(b byte) bool { return strings.IndexByte("aeiouy", b) >= 0 }

func endsInVowel(w string) bool { return w != "" && isVowel(w[len(w)-1]) }

func withoutClitic(w string) string {
	for _, c := range []string{"kaan", "kin"} {
		if s, ok := cutEnd(w, c, 5); ok && (s[len(s)-1] == 'a' || s[len(s)-1] == 'n' || s[len(s)-1] == 't') {
			return s
		}
	}
	return w
}

// finnishStems are the stems a form may have, without its ending.
func finnishStems(w string) []string {
	w = withoutPossessive(w)
	// Forms of verbs that no noun has.
	for _, r := range finnishVerbs {
		if s, ok := cutEnd(w, r.end, 3); ok {
			list := make([]string, 0, len(r.put))
			for _, put := range r.put {
				list = append(list, s+put)
			}
			return list
		}
	}
	if s, ok := pluralCase(w); ok {
		return s
	}
	return singularCase(w)
}

var finnishVerbs = []rule{
	{"llaan", []string{"li", "lla"}}, {"ltiin", []string{"li", "la"}}, {"staan", []string{"si", "sta"}}, {"stiin", []string{"si"}},
	{"etaan", []string{"a", "e"}}, {"ettiin", []string{"a", "e"}}, {"ettu", []string{"a", "e"}}, {"etty", []string{"a", "e"}}, {"ettava", []string{"a", "e"}},
	{"taisiin", []string{""}}, {"ttiin", []string{"", "t"}}, {"daan", []string{""}}, {"tiin", []string{"ti", "", "t"}},
	{"maan", []string{"", "ma"}}, {"massa", []string{"", "ma"}}, {"malla", []string{"", "ma"}}, {"matta", []string{""}},
	{"isivat", []string{"i", ""}}, {"isi", []string{"i", "a", "is"}}, {"sivat", []string{"", "ta", "si"}}, {"ivat", []string{"i", "a"}}, {"vat", []string{""}},
	{"llut", []string{"li"}}, {"lleet", []string{"li"}}, {"ssut", []string{"si", "s"}}, {"sseet", []string{"si", "s"}}, {"nut", []string{""}}, {"nyt", []string{""}}, {"neet", []string{""}},
	{"ltu", []string{"li", "ltu"}}, {"lty", []string{"li", "lty"}}, {"stu", []string{"si", "stu"}}, {"sty", []string{"si", "sty"}}, {"ttu", []string{"", "ttu"}}, {"tty", []string{"", "tty"}},
}

func withoutPossessive(w string) string {
	for _, r := range []rule{{"ssaan", []string{"ssa"}}, {"ltaan", []string{"lta"}}, {"lleen", []string{"lle"}}, {"ssani", []string{"ssa"}}} {
		if s, ok := cutEnd(w, r.end, 4); ok {
			return s + r.put[0]
		}
	}
	for _, p := range []string{"nsa", "mme", "nne"} {
		if s, ok := cutEnd(w, p, 4); ok && endsInVowel(s) {
			return s
		}
	}
	return w
}

// pluralCase takes a plural ending off. Before the plural i the stem vowel may
// have changed: kirjoissa comes from kirja, kunnissa from kunta.
func pluralCase(w string) ([]string, bool) {
	for _, end := range []string{"isiin", "iissa", "issa", "ista", "illa", "ilta", "ille", "iksi", "iden", "itten", "ihin", "ina", "ita", "ien"} {
		s, ok := cutEnd(w, end, 3)
		if !ok {
			continue
		}
		stems := beforePlural(s)
		if end == "ista" && endsInVowel(s) { // kuntalaista is also the partitive of kuntalainen
			stems = append(stems, s+"is")
		}
		if end == "iksi" { // tuloksi, hakemuksi: no plural of another word
			stems = append(stems, s+"i")
		}
		return stems, true
	}
	for _, end := range []string{"jen", "ja"} {
		if s, ok := cutEnd(w, end, 3); ok && endsInVowel(s) && s[len(s)-1] != 'i' && s[len(s)-1] != 'a' {
			return append(beforePlural(s), w), true
		}
	}
	return nil, false
}

func beforePlural(s string) []string {
	switch last := s[len(s)-1]; {
	case last == 'o':
		return []string{s, s[:len(s)-1] + "a"}
	case last == 's':
		return []string{s, s + "i"}
	case isVowel(last):
		return []string{s}
	}
	return []string{s + "i", s + "a"}
}

func singularCase(w string) []string {
	if s, ok := cutEnd(w, "seen", 3); ok && endsInVowel(s) { // laitteeseen, yhteiseen
		return []string{s, s + "se"}
	}
	if s, ok := cutEnd(w, "kseen", 3); ok {
		return []string{s + "kse"}
	}
	for _, end := range []string{"ssa", "sta", "lla", "lta", "lle", "ksi", "tta", "na"} {
		if s, ok := cutEnd(w, end, 3); ok && (endsInVowel(s) || end == "na" && s[len(s)-1] == 's') {
			if end == "sta" && len(s) > 3 && s[len(s)-1] != 'a' { // hakemusta: partitive of -us
				return []string{s, s + "s"}
			}
			return []string{s}
		}
	}
	for _, end := range []string{"ten", "ta"} { // naisten, vastausta, maata
		if s, ok := cutEnd(w, end, 3); ok && (strings.IndexByte("snlrh", s[len(s)-1]) >= 0 || len(s) > 2 && isVowel(s[len(s)-1]) && isVowel(s[len(s)-2])) {
			return []string{s, w}
		}
	}
	n := len(w)
	switch {
	case w[n-1] == 'n' && n > 4 && isVowel(w[n-2]) && w[n-2] == w[n-3]: // kuntaan
		return []string{w[:n-2]}
	case n > 5 && w[n-1] == 'n' && w[n-3] == 'h' && w[n-2] == w[n-4]: // maahan
		return []string{w[:n-3]}
	case strings.HasSuffix(w, "nen"):
		return []string{w}
	case strings.HasSuffix(w, "ton"): // kirjaston, and maksuton
		return []string{w[:n-1], w}
	case n > 4 && strings.HasSuffix(w, "in"): // puhelin, avoin, and pankin
		return []string{w, w[:n-1]}
	case (w[n-1] == 'n' || w[n-1] == 't') && isVowel(w[n-2]):
		if strings.HasSuffix(w, "ien") {
			return []string{w[:n-2], w[:n-3] + "a"}
		}
		return []string{w[:n-1]}
	case w[n-1] == 'a' && w[n-2] == 'i' && n > 4: // asia, and the partitive plural kunnia
		return []string{w, w[:n-1], w[:n-2] + "a"}
	case w[n-1] == 'a' && isVowel(w[n-2]) && n > 4: // kuntaa, taloa
		return []string{w[:n-1]}
	}
	return []string{w}
}

// evened are the keys of a stem: patterns of whole word families, then
// gradation.
func evened(s string) []string {
	if n := len(s); n > 3 && isVowel(s[n-1]) && s[n-1] == s[n-2] && !strings.HasSuffix(s, "uu") {
		s = s[:n-1]
	}
	for _, r := range finnishFamilies {
		if head, ok := cutEnd(s, r.end, 3); ok && (r.end[0] != 's' && r.end[0] != 'k' || endsInVowel(head)) {
			return []string{graded(head + r.put[0])}
		}
	}
	n := len(s)
	if n > 4 && s[n-1] == 's' && (s[n-2] == 'a' || s[n-2] == 'i') && !isVowel(s[n-3]) { // asiakas, valmis
		return []string{graded(s[:n-1])}
	}
	if strings.HasSuffix(s, "si") && n < 9 { // vuosi, vuoden
		return []string{graded(s), graded(s[:n-2] + "ti")}
	}
	return []string{graded(s)}
}

var finnishFamilies = []rule{
	{"uude", []string{"uus"}}, {"uute", []string{"uus"}}, {"uuks", []string{"uus"}}, {"uuksi", []string{"uus"}}, {"uut", []string{"uus"}}, {"suu", []string{"suus"}}, {"syy", []string{"syys"}},
	{"yyde", []string{"yys"}}, {"yyte", []string{"yys"}}, {"yyks", []string{"yys"}}, {"yyksi", []string{"yys"}}, {"yyt", []string{"yys"}},
	{"ttoma", []string{"ton"}}, {"ttomi", []string{"ton"}}, {"kse", []string{"s"}}, {"ks", []string{"s"}}, {"ksi", []string{"s"}}, {"nen", []string{"s"}}, {"se", []string{"s"}},
	{"ime", []string{"in"}}, {"mpa", []string{"mpi"}}, {"mma", []string{"mpi"}},
}

// gradation evens out the strong and the weak grade of a consonant cluster.
var gradation = map[string]string{
	"kk": "", "pp": "v", "tt": "d", "p": "v", "t": "d", "nk": "ng", "nt": "nn", "mp": "mm", "lt": "ll", "rt": "rr", "ht": "hd",
	"lp": "lv", "rp": "rv", "lk": "l", "rk": "r", "hk": "h", "lj": "l", "rj": "r", "ntt": "nn", "ltt": "ll", "rtt": "rr", "lkk": "l", "nkk": "ng", "rkk": "r", "mpp": "mm", "rpp": "rv", "lpp": "lv",
}

// graded evens out the last consonant cluster of a stem: kunta and kunna(n)
// become one.
func graded(s string) string {
	s = lastVowel(s)
	end := len(s)
	for end > 0 && !isVowel(s[end-1]) {
		end--
	}
	for end > 0 && isVowel(s[end-1]) {
		end--
	}
	start := end
	for start > 0 && !isVowel(s[start-1]) {
		start--
	}
	if start == 0 || end == start {
		return s
	}
	cluster, tail := s[start:end], s[end:]
	if cluster == "k" || cluster == "v" && len(tail) == 1 && tail[0] == s[start-1] && strings.Contains("uy", tail) { // teko, teon; luku, luvun
		return s[:start] + tail
	}
	if even, ok := gradation[cluster]; ok {
		cluster = even
	}
	return s[:start] + cluster + tail
}

// lastVowel writes the last e as i: nimi, nimen.
func lastVowel(s string) string {
	if strings.HasSuffix(s, "e") {
		return s[:len(s)-1] + "i"
	}
	return s
}
