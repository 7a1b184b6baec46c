package search

import "unicode/utf8"

// maxPhrase is how many words of a phrase count: one bit each.
const maxPhrase = 64

// phraseFinder finds the words of a phrase in a text, in their order and next to
// each other; diacritics and the alphabet do not matter.
type phraseFinder struct {
	words, bones []string          // the words and their skeletons
	letters      letterSet         // that words with such skeletons may begin with
	known        map[string]uint64 // words of texts → the words of the phrase they are, a bit each
}

func newPhraseFinder(phrase []string) *phraseFinder {
	phrase = phrase[:min(len(phrase), maxPhrase)]
	f := &phraseFinder{words: phrase, known: map[string]uint64{}}
	for _, w := range phrase {
		bones := skeleton(w)
		f.bones = append(f.bones, bones)
		f.letters.begin(w)
		f.letters.skeleton(bones)
	}
	return f
}

// isIn reports whether a text holds the phrase. It goes through the text once:
// alive has a bit for each beginning of the phrase that ends at the last word.
func (f *phraseFinder) isIn(text string) bool {
	whole := uint64(1) << (len(f.words) - 1)
	alive, start, maybe := uint64(0), -1, false
	flush := func(end int) bool {
		if start < 0 {
			return false
		}
		is := uint64(0)
		if maybe {
			is = f.which(text[start:end])
		}
		alive, start = (alive<<1|1)&is, -1
		return alive&whole != 0
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch inside := isInWord(r, start >= 0); {
		case inside && start < 0:
			start, maybe = i, f.letters.has(plainLetter(r))
		case !inside:
			if flush(i) {
				return true
			}
		}
		i += size
	}
	return flush(len(text))
}

// isInWord reports whether a rune belongs to a word; begun says that one has
// begun.
func isInWord(r rune, begun bool) bool {
	if r < utf8.RuneSelf {
		return asciiWord[r] || r == '\'' && begun
	}
	return wordRune(r) || begun && joins(r)
}

// which are the words of the phrase that a word of a text is.
func (f *phraseFinder) which(raw string) (is uint64) {
	is, looked := f.known[raw]
	if looked {
		return is
	}
	w := normal(raw)
	bones := skeleton(w)
	for i := range f.words {
		if w == f.words[i] || bones == f.bones[i] {
			is |= 1 << i
		}
	}
	f.known[raw] = is
	return is
}

// skeletonStarts are the letters that words may begin with whose skeleton
// begins with another one: see latin.
var skeletonStarts = map[byte]string{
	'a': "æаә", 'b': "б", 'c': "ч", 'd': "д", 'e': "yеёэ", 'f': "ф", 'g': "гғ", 'h': "kgхһ", 'i': "yjıиійыюя", 'k': "qкқ", 'l': "л", 'm': "м", 'n': "нң",
	'o': "øоө", 'p': "п", 'r': "р", 's': "ßсшщ", 't': "тц", 'u': "уұү", 'v': "wв", 'z': "зж",
}

// skeleton adds how words with a skeleton may begin. Signs without a sound may
// stand before any of them.
func (s *letterSet) skeleton(bones string) {
	if bones == "" || bones[0] >= utf8.RuneSelf {
		s.any = true
		return
	}
	s.begin(bones)
	for _, r := range skeletonStarts[bones[0]] {
		s.add(plainLetter(r))
	}
	s.add('ь')
	s.add('ъ')
}
