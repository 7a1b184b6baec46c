package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// latin writes the Cyrillic letters of Russian and Kazakh in Latin ones, in
// the looser of the spellings in use: what people type on a foreign keyboard.
var latin = map[rune]string{
	'а': "a", 'ә': "a", 'б': "b", 'в': "v", 'г': "g", 'ғ': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z",
	'и': "i", 'й': "i", 'к': "k", 'қ': "k", 'л': "l", 'м': "m", 'н': "n", 'ң': "n", 'о': "o", 'ө': "o", 'п': "p",
	'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ұ': "u", 'ү': "u", 'ф': "f", 'х': "h", 'һ': "h", 'ц': "ts", 'ч': "ch",
	'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "i", 'і': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
}

// loose evens out spellings that differ between transliterations.
var loose = strings.NewReplacer(
	"shch", "sh", "sch", "sh", "kh", "h", "gh", "g", "yo", "e", "ye", "e", "yu", "iu", "ya", "ia", "ju", "iu", "ja", "ia",
	"ii", "i", "yi", "i", "iy", "i", "y", "i", "j", "i", "q", "k", "w", "v", "ß", "ss", "æ", "a", "ø", "o", "ı", "i",
)

// skeleton is the form of a word that survives missing diacritics and another
// alphabet: "Шымкент" and "Shymkent" have the same.
func skeleton(w string) string {
	var b strings.Builder
	for _, r := range w {
		if s, ok := latin[r]; ok {
			b.WriteString(s)
			continue
		}
		b.WriteRune(r)
	}
	s := norm.NFD.String(b.String())
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, s)
	return loose.Replace(s)
}

var (
	onLatin    = []rune("qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
	onCyrillic = []rune("йцукенгшщзхъфывапролджэячсмитьбюё")
)

// otherLayout is what the same keys give on the other keyboard: "ghbdtn" was
// meant as "привет". It is empty when a key has no counterpart.
func otherLayout(w string) string {
	from, to := onLatin, onCyrillic
	if cyrillic(w) {
		from, to = to, from
	}
	var b strings.Builder
	for _, r := range w {
		i := indexRune(from, r)
		if i < 0 {
			return ""
		}
		b.WriteRune(to[i])
	}
	return b.String()
}

func indexRune(list []rune, r rune) int {
	for i, v := range list {
		if v == r {
			return i
		}
	}
	return -1
}
