package search

import (
	"strings"
	"unicode/utf8"
)

// looker finds the words of a query in texts: those that the index says are
// written there. A text has hundreds of words and a query a handful, so it first
// looks at the letter a word begins with.
type looker struct {
	marks map[string]bool    // forms that are looked for
	by    map[string]*sought // what is written for them, by language
}

// sought are the words that are looked for in texts of a language.
type sought struct {
	words   map[string]bool
	letters letterSet       // that they begin with
	known   map[string]bool // whether a piece of a text, as it stands there, is one
}

// newLooker looks for written words that have one of some forms.
func newLooker(marks map[string]bool, words [][]term) *looker {
	l := &looker{marks: marks, by: map[string]*sought{}}
	for _, list := range words {
		for _, t := range list {
			w, lang := wordOf(t.text)
			s := l.by[lang]
			if s == nil {
				s = &sought{words: map[string]bool{}, known: map[string]bool{}}
				l.by[lang] = s
			}
			s.words[w] = true
			s.letters.begin(w)
		}
	}
	return l
}

// spoken is the language of a text, noLanguage when it says none.
func spoken(lang string) string {
	if len(lang) != 2 {
		return noLanguage
	}
	return lang
}

// in returns the words of a text that are found.
func (l *looker) in(text, lang string) (list []word) {
	l.each(text, lang, func(w word) bool {
		list = append(list, w)
		return true
	})
	return list
}

// each calls f with the words of a text that are found until f returns false.
func (l *looker) each(text, lang string, f func(word) bool) {
	lang = spoken(lang)
	s := l.by[lang]
	if s == nil {
		return
	}
	start, maybe := -1, false
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		inside := false
		if r < utf8.RuneSelf {
			inside = asciiWord[r] || r == '\'' && start >= 0
		} else {
			r, size = utf8.DecodeRuneInString(text[i:])
			inside = wordRune(r) || start >= 0 && joins(r)
		}
		switch {
		case inside && start < 0:
			start, maybe = i, s.letters.has(plainLetter(r))
		case !inside && start >= 0:
			if maybe {
				if w, ok := s.word(text, start, i); ok && !f(w) {
					return
				}
			}
			start = -1
		}
		i += size
	}
	if start >= 0 && maybe {
		if w, ok := s.word(text, start, len(text)); ok {
			f(w)
		}
	}
}

// asciiWord are the letters and digits of ASCII.
var asciiWord = func() (set [128]bool) {
	for r := range rune(128) {
		set[r] = wordRune(r)
	}
	return set
}()

// word is the word between two places of a text if it is found.
func (s *sought) word(text string, start, end int) (w word, found bool) {
	raw := strings.TrimRightFunc(text[start:end], joins)
	found, looked := s.known[raw]
	if !looked {
		found = s.words[normal(raw)]
		s.known[raw] = found
	}
	if found {
		w = word{text: normal(raw), start: start, end: start + len(raw)}
	}
	return w, found
}

// formsOf are the forms of words, of those that are looked for.
func (l *looker) formsOf(found []word, lang string, into map[string]bool) {
	lang = spoken(lang)
	for _, w := range found {
		for _, f := range rememberedForms(w.text, lang) {
			if l.marks[f] {
				into[f] = true
			}
		}
	}
}
