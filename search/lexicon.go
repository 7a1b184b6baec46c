package search

import (
	"math/bits"
	"strings"
)

// What a term of the field "text" is: a word as it is written and the language of
// its text. Nothing that is written has the sign between the two.
const betweenParts = "\x00"

// written is a word of a text in lang as a term of the index.
func written(w, lang string) string { return w + betweenParts + lang }

// wordOf takes a term of the index apart.
func wordOf(term string) (w, lang string) {
	w, lang, _ = strings.Cut(term, betweenParts)
	return w, lang
}

// entriesOf are what the lexicon says of a written word: a form, the word that has
// it, and how common it is. The written word itself says what it is.
func entriesOf(term string, documents int) []string {
	w, lang := wordOf(term)
	forms := rememberedForms(w, lang)
	common := string(rune(1 + min(bits.Len(uint(documents)), maxCommon)))
	list := make([]string, 0, len(forms))
	for _, form := range forms {
		switch {
		case form[:1] == exactMark:
		case strings.HasPrefix(form, lang):
			list = append(list, form+betweenParts+w+common)
		default:
			list = append(list, form+betweenParts+term+common)
		}
	}
	return list
}

// maxCommon is the most that is told of how common a word is, as a power of two.
const maxCommon = 24

// entry reads what entriesOf writes.
func entry(text string) (form, term string, documents uint64) {
	form, term, _ = strings.Cut(text, betweenParts)
	last := len(term) - 1
	documents = 1 << term[last] >> 2
	term = term[:last]
	if !strings.Contains(term, betweenParts) {
		term = written(term, form[:2])
	}
	return form, term, documents
}

// A dictionaryPlace is where forms that begin with something stand: those as
// written among the words of texts, the others in the lexicon.
type dictionaryPlace struct {
	field, prefix string
	exact         bool
}

func placeOf(prefix string) dictionaryPlace {
	if w, ok := strings.CutPrefix(prefix, exactMark); ok {
		return dictionaryPlace{"text", w, true}
	}
	return dictionaryPlace{"lexicon", prefix, false}
}

// read takes a term of the dictionary apart, which so many documents have.
func (p dictionaryPlace) read(text string, count uint64) (form, term string, documents uint64) {
	if p.exact {
		w, _ := wordOf(text)
		return exactMark + w, text, count
	}
	return entry(text)
}

// A shape is a form with the written words that have it.
type shape struct {
	form  string
	words []string // terms of the field "text"
	count uint64   // about how common they are
}

// shapes calls f with the forms of a state of the index that begin with prefix,
// in their order, until f returns false; it reads so many terms at most, and says
// how many.
func shapes(segments []segment, prefix string, most int, f func(shape) bool) (read int, err error) {
	at := placeOf(prefix)
	dict, err := lookUp(segments, at.field, at.prefix)
	if err != nil {
		return 0, err
	}
	defer dict.keep()
	var one shape
	for ; read < most; read++ {
		text, count, ok, err := dict.next()
		if err != nil {
			return read, err
		}
		if !ok {
			break
		}
		form, term, documents := at.read(text, count)
		if form != one.form {
			if one.form != "" && !f(one) {
				return read, nil
			}
			one = shape{form: form}
		}
		if n := len(one.words); n == 0 || one.words[n-1] != term {
			one.words = append(one.words, term)
		}
		one.count += documents
	}
	if one.form != "" {
		f(one)
	}
	return read, nil
}
