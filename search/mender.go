package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// mender finds what words should have been.
type mender struct {
	planner
	eyes  *eyes
	total int // how much the query finds as it is
}

// all looks at the words of a query, and at neighbours that may be one word.
func (b mender) all(parts []part) (list []mended, err error) {
	looked := 0
	for i := 0; i < len(parts) && looked < maxMended; i++ {
		if !mendable(parts[i]) {
			continue
		}
		looked++
		if i+1 < len(parts) && mendable(parts[i+1]) {
			d, ok, err := b.joined(parts[i], parts[i+1])
			if err != nil {
				return nil, err
			}
			if ok {
				list = append(list, d)
				i++
				continue
			}
		}
		d, ok, err := b.mend(parts[i])
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, d)
		}
	}
	return list, nil
}

// mendable reports whether a part is a plain word that may have been mistyped.
func mendable(p part) bool {
	return !p.phrase && !p.not && !p.or && !p.prefix && p.field == "" && len(p.words) <= 1 &&
		utf8.RuneCountInString(p.raw) >= 3 && !strings.ContainsAny(p.raw, "0123456789@/") && (len(p.words) == 0 || !isCommon(p.words[0]))
}

// mend says what one word should have been.
func (b mender) mend(p part) (d mended, ok bool, err error) {
	d = mended{raw: p.raw, unknown: true}
	seen := 0
	if len(p.words) == 1 {
		if seen, d.unknown, err = b.seen(p.words[0]); err != nil || seen >= littleFound || !d.unknown && b.total >= littleFound {
			return d, false, err
		}
	}
	if d.unknown {
		if d.better, err = b.otherKeyboard(p.raw); d.better != "" || err != nil {
			return d, err == nil, err
		}
	}
	if len(p.words) == 0 {
		return d, false, nil
	}
	better, n, err := b.closest(p.words[0])
	if err != nil || n > 0 && (d.unknown || n >= max(leastMore, muchMore*seen)) {
		d.better = better
		return d, err == nil, err
	}
	if d.unknown {
		d.better, err = b.inTwo(p.words[0])
	}
	return d, err == nil && d.better != "", err
}

// seen counts the documents the reader may see that have a word in one of its
// forms, and says whether there is nothing at all that the search takes it for.
func (b mender) seen(w string) (n int, unknown bool, err error) {
	if n, err = b.forms(w, littleFound); err != nil || n > 0 {
		return n, false, err
	}
	if ok, err := b.inLabel(w); ok || err != nil {
		return 0, false, err
	}
	known, err := b.eyes.any(b.unit(w, false).terms)
	return 0, !known, err
}

// candidate is what a word may have been meant to be.
type candidate struct {
	text   string
	weight float64
	n      int // documents that have it
}

// closest is the nearest word that the search finds something for, and how many
// documents have it; n is 0 when there is none.
func (b mender) closest(w string) (better string, n int, err error) {
	list, err := b.labels(w)
	if err != nil {
		return "", 0, err
	}
	for _, t := range b.near(exactMark, w) {
		c := candidate{text: strings.TrimPrefix(t.text, exactMark), weight: t.weight}
		written, err := b.eyes.count(t.text, 1)
		if err != nil {
			return "", 0, err
		}
		if written == 0 || c.text == w {
			continue
		}
		if c.n, err = b.forms(c.text, maxCounted); err != nil {
			return "", 0, err
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return "", 0, nil
	}
	best := slices.MinFunc(list, func(a, c candidate) int {
		return cmp.Or(cmp.Compare(c.weight, a.weight), cmp.Compare(c.n, a.n), strings.Compare(a.text, c.text))
	})
	return best.text, best.n, nil
}

// labels are words near one that stand in names of things which documents the
// reader may see are about: they may be written there in other forms only, or in
// other languages.
func (b mender) labels(w string) (list []candidate, err error) {
	runes := []rune(w)
	if b.thesaurus == nil || len(runes) < 4 {
		return nil, nil
	}
	allowed := 1
	if len(runes) >= 8 {
		allowed = 2
	}
	for _, l := range b.thesaurus.labels {
		for _, text := range l.words {
			d := distance(runes, []rune(text), allowed)
			if d == 0 || d > allowed || !sameStart(text, w) || isCommon(text) || len(list) >= maxTried {
				continue
			}
			ok, err := b.eyes.about(b.thesaurus.concepts[l.concept])
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			n, err := b.forms(text, maxCounted)
			if err != nil {
				return nil, err
			}
			list = append(list, candidate{text, typoWeight / float64(d), max(n, 1)})
		}
	}
	return list, nil
}

// inLabel reports whether a word stands in the name of a thing that documents
// the reader may see are about.
func (b mender) inLabel(w string) (bool, error) {
	if b.thesaurus == nil {
		return false, nil
	}
	for _, l := range b.thesaurus.labels {
		if !slices.Contains(l.words, w) {
			continue
		}
		if ok, err := b.eyes.about(b.thesaurus.concepts[l.concept]); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// sameStart reports whether two words begin with the same letter.
func sameStart(a, b string) bool {
	first, _ := utf8.DecodeRuneInString(a)
	other, _ := utf8.DecodeRuneInString(b)
	return first == other
}

// forms counts the documents the reader may see that have a word in the form
// that most of them have; from most on they are not counted.
func (b mender) forms(w string, most int) (n int, err error) {
	for _, t := range plainTerms(w) {
		if t.weight < otherKeyWeight {
			continue
		}
		c, err := b.eyes.count(t.text, most)
		if n = max(n, c); err != nil || n >= most {
			return n, err
		}
	}
	return n, nil
}

// otherKeyboard is what the same keys give on another keyboard, if the reader
// may see documents with each of its words.
func (b mender) otherKeyboard(raw string) (string, error) {
	for _, other := range otherLayouts(raw) {
		list := words(other)
		ok := len(list) > 0
		for _, w := range list {
			if !ok {
				break
			}
			var err error
			if ok, err = b.eyes.any(plainTerms(w.text)); err != nil {
				return "", err
			}
		}
		if ok {
			return other, nil
		}
	}
	return "", nil
}

// inTwo is a word nobody wrote as the two that people write, "" for none.
func (b mender) inTwo(w string) (string, error) {
	runes := []rune(w)
	for i := len(runes) - 3; i >= 3; i-- {
		head, tail := string(runes[:i]), string(runes[i:])
		for _, half := range []string{head, tail} {
			ok, err := b.eyes.any(plainTerms(half)[:1])
			if err != nil {
				return "", err
			}
			if !ok {
				head = ""
				break
			}
		}
		if head != "" {
			return head + " " + tail, nil
		}
	}
	return "", nil
}

// joined is two words as one, when people write it so and one of the two alone
// is nowhere.
func (b mender) joined(first, second part) (d mended, ok bool, err error) {
	d = mended{raw: first.raw + " " + second.raw}
	if len(first.words) == 0 || len(second.words) == 0 || len(first.raw) != len(first.words[0]) {
		return d, false, nil
	}
	d.better = first.words[0] + second.words[0]
	if ok, err = b.eyes.any(plainTerms(d.better)[:1]); !ok || err != nil {
		return d, false, err
	}
	for _, p := range []part{first, second} {
		_, unknown, err := b.seen(p.words[0])
		if err != nil {
			return d, false, err
		}
		d.unknown = d.unknown || unknown
	}
	return d, d.unknown, nil
}
