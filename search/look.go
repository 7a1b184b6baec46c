package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// looker finds the words of a query in texts. A text has hundreds of words and
// a query a handful, so it first looks at the letter a word begins with.
type looker struct {
	marks   map[string]bool       // terms whose words are found
	letters letterSet             // that such words may begin with, in every language
	own     map[string]*letterSet // and in one language: terms of its own
	loose   bool                  // any word may be found: its skeleton may begin with another letter
	known   map[wordIn]bool       // words looked at before
}

type wordIn struct{ text, lang string }

// letterSet is a set of letters without marks, in lower case.
type letterSet struct {
	ascii [128]bool
	other map[rune]bool
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
		return s.ascii[r]
	}
	return s.other[r]
}

// newLooker looks for the words that have one of the terms.
func newLooker(marks map[string]bool) *looker {
	l := &looker{marks: marks, own: map[string]*letterSet{}, known: map[wordIn]bool{}}
	for term := range marks {
		l.note(term)
	}
	return l
}

// note adds the letters that words with a term may begin with.
func (l *looker) note(term string) {
	switch {
	case strings.HasPrefix(term, exactMark):
		l.letters.begin(term[len(exactMark):])
	case strings.HasPrefix(term, skeletonMark):
		l.skeleton(term[len(skeletonMark):])
	case len(term) > 3 && term[2:3] == keyMark:
		l.of(term[:2]).begin(term[3:])
		if term[:2] == "en" {
			l.irregular(term[3:])
		}
	case len(term) > 3 && term[2:3] == tailMark:
		last, _ := utf8.DecodeLastRuneInString(term)
		l.of(term[:2]).add(plainLetter(last))
	}
}

// of is the set of a language.
func (l *looker) of(lang string) *letterSet {
	if l.own[lang] == nil {
		l.own[lang] = &letterSet{}
	}
	return l.own[lang]
}

// mayBegin reports whether a word of a text in lang may be found that begins with a
// letter. Names are of every language.
func (l *looker) mayBegin(r rune, lang string) bool {
	if l.loose || l.letters.has(r) {
		return true
	}
	if lang != noLanguage {
		own := l.own[lang]
		return own != nil && own.has(r)
	}
	for _, own := range l.own {
		if own.has(r) {
			return true
		}
	}
	return false
}

// begin adds the letter that a word begins with.
func (s *letterSet) begin(w string) {
	r, _ := utf8.DecodeRuneInString(w)
	s.add(plainLetter(r))
}

// irregular adds how the forms begin of which a key is the dictionary form.
func (l *looker) irregular(key string) {
	for form, base := range irregular {
		if base[0] == key[0] && form[0] != base[0] {
			l.of("en").begin(form)
		}
	}
}

// skeletonStarts are the letters that words may begin with whose skeleton
// begins with another one: see latin and loose.
var skeletonStarts = map[byte]string{
	'a': "æаә", 'b': "б", 'c': "ч", 'd': "д", 'e': "yеёэ", 'f': "ф", 'g': "гғ", 'h': "kgхһ", 'i': "yjıиійыюя", 'k': "qкқ", 'l': "л", 'm': "м", 'n': "нң",
	'o': "øоө", 'p': "п", 'r': "р", 's': "ßсшщ", 't': "тц", 'u': "уұү", 'v': "wв", 'z': "зж",
}

// skeleton adds how words with a skeleton may begin. Signs without a sound may
// stand before any of them.
func (l *looker) skeleton(s string) {
	if s == "" || s[0] >= utf8.RuneSelf {
		l.loose = true
		return
	}
	l.letters.begin(s)
	for _, r := range skeletonStarts[s[0]] {
		l.letters.add(plainLetter(r))
	}
	l.letters.add('ь')
	l.letters.add('ъ')
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
			start, maybe = i, l.mayBegin(plainLetter(r), lang)
		case !inside && start >= 0:
			if maybe {
				if w, ok := l.word(text, start, i, lang); ok && !f(w) {
					return
				}
			}
			start = -1
		}
		i += size
	}
	if start >= 0 && maybe {
		if w, ok := l.word(text, start, len(text), lang); ok {
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
func (l *looker) word(text string, start, end int, lang string) (w word, found bool) {
	raw := strings.TrimRightFunc(text[start:end], joins)
	key := wordIn{raw, lang}
	found, looked := l.known[key]
	if !looked {
		clean := normal(raw)
		found = clean != "" && l.matches(clean, lang)
		l.known[key] = found
	}
	if found {
		w = word{text: normal(raw), start: start, end: start + len(raw)}
	}
	return w, found
}

// matches reports whether a word has one of the terms.
func (l *looker) matches(w, lang string) bool {
	for _, f := range rememberedForms(w, lang) {
		if l.marks[f] {
			return true
		}
	}
	return false
}

// termsOf are the terms that words have of those that are looked for.
func (l *looker) termsOf(found []word, lang string, into map[string]bool) {
	lang = spoken(lang)
	for _, w := range found {
		for _, f := range rememberedForms(w.text, lang) {
			if l.marks[f] {
				into[f] = true
			}
		}
	}
}
