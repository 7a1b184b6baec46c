package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord bounds a word: anything longer is an identifier or an attack and is
// found by its beginning.
const maxWord = 64

// word is one word of a text and where it stands in it (bytes).
type word struct {
	text       string // lower case, composed
	start, end int
}

// words splits a text into its words. Letters, digits and the marks on them
// make words; an apostrophe or a soft hyphen inside one does not end it.
func words(text string) []word {
	var list []word
	start := -1
	for i, r := range text {
		if wordRune(r) || start >= 0 && joins(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			list = appendWord(list, text, start, i)
			start = -1
		}
	}
	if start >= 0 {
		list = appendWord(list, text, start, len(text))
	}
	return list
}

func appendWord(list []word, text string, start, end int) []word {
	raw := strings.TrimRightFunc(text[start:end], joins)
	clean := normal(raw)
	if clean == "" {
		return list
	}
	return append(list, word{text: clean, start: start, end: start + len(raw)})
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// joins reports whether a rune may stand inside a word: soft hyphen and
// apostrophes.
func joins(r rune) bool { return r == '\u00ad' || r == '\'' || r == '\u2019' }

// normal is a word as it is compared: composed, lower case, without what only
// joins its letters.
func normal(raw string) string {
	if isASCII(raw) && len(raw) <= maxWord && !strings.Contains(raw, "'") {
		return strings.ToLower(raw)
	}
	s := strings.ToLower(norm.NFC.String(raw))
	s = strings.Map(func(r rune) rune {
		if joins(r) {
			return -1
		}
		return r
	}, s)
	if len(s) > maxWord {
		s = s[:maxWord]
		for !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
	}
	return s
}

// cyrillic reports whether a word is written in Cyrillic letters.
func cyrillic(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.Is(unicode.Cyrillic, r)
}
