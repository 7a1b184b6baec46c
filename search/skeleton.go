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
func skeleton(w string) string { return loose.Replace(folded(inLatin(w))) }

// inLatin is a word with its Cyrillic letters written in Latin ones.
func inLatin(w string) string {
	var b strings.Builder
	for _, r := range w {
		if s, ok := latin[r]; ok {
			b.WriteString(s)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// nordic is a Finnish or Swedish name that is written in Cyrillic, in Latin
// letters without marks: я stands for ä, ю for y, ё for ö. Хямеэнлинна,
// Hämeenlinna.
func nordic(w string) string { return inLatin(nordicLetters.Replace(w)) }

var nordicLetters = strings.NewReplacer("я", "a", "ю", "y", "ё", "o", "й", "j")

// folded is a word without the marks on its letters.
func folded(w string) string {
	if isASCII(w) {
		return w
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(w))
}

func isASCII(w string) bool {
	for i := range len(w) {
		if w[i] >= 0x80 {
			return false
		}
	}
	return true
}

// fromLatin are the Russian letters of the usual transliterations, longest
// first.
var fromLatin = strings.NewReplacer(
	"shch", "щ", "sch", "щ", "zh", "ж", "kh", "х", "ts", "ц", "ch", "ч", "sh", "ш", "yo", "ё", "yu", "ю", "ya", "я", "ye", "е", "iu", "ю", "ia", "я", "ju", "ю", "ja", "я",
	"yy", "ый", "iy", "ий", "ay", "ай", "ey", "ей", "oy", "ой", "uy", "уй",
	"a", "а", "b", "б", "v", "в", "w", "в", "g", "г", "d", "д", "e", "е", "z", "з", "i", "и", "y", "ы", "j", "й", "k", "к", "q", "қ", "l", "л", "m", "м", "n", "н",
	"o", "о", "p", "п", "r", "р", "s", "с", "t", "т", "u", "у", "f", "ф", "h", "х", "c", "ц", "x", "кс", "'", "ь",
)

// inCyrillic is a guess at how a transliterated word is written in Cyrillic.
func inCyrillic(w string) string { return fromLatin.Replace(folded(w)) }

// Keyboards: the same keys, top row first, as Latin, Russian and Kazakh
// layouts have them.
var (
	onLatin    = []rune("qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
	onRussian  = []rune("йцукенгшщзхъфывапролджэячсмитьбюё")
	onNumbers  = []rune("2345890-=")
	onKazakh   = []rune("әіңғүұқөһ")
	otherBoard = boards()
)

func boards() (maps [3]map[rune]rune) {
	for i := range maps {
		maps[i] = map[rune]rune{}
	}
	for i, r := range onLatin {
		maps[0][r], maps[1][r], maps[2][onRussian[i]] = onRussian[i], onRussian[i], r
	}
	for i, r := range onNumbers {
		maps[1][r] = onKazakh[i]
		maps[2][onKazakh[i]] = r
	}
	return maps
}

// otherLayouts are what the same keys give on other keyboards: "ghbdtn" was
// meant as "привет". Keys without a counterpart make it none.
func otherLayouts(typed string) []string {
	var list []string
	for _, board := range otherBoard {
		s, ok := onBoard(board, strings.ToLower(typed))
		if ok && s != "" && (len(list) == 0 || list[0] != s) {
			list = append(list, s)
		}
	}
	return list
}

func onBoard(board map[rune]rune, typed string) (string, bool) {
	var b strings.Builder
	for _, r := range typed {
		other, ok := board[r]
		if !ok {
			return "", false
		}
		b.WriteRune(other)
	}
	return b.String(), true
}
