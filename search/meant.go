package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Meant is what somebody probably meant who searched for something else.
type Meant struct {
	Query  string   // the whole of it, as it would have been typed
	Total  int      // how much that finds
	Typed  []string // the words that were changed, as typed
	Better []string // and as they stand in Query
	// Instead says that nothing has the words as typed: what the search found,
	// it found for Better.
	Instead bool
}

// When a word is taken for another.
const (
	littleFound = 3  // documents; with fewer, a word may be a slip
	muchMore    = 10 // times as many must have the other word
	leastMore   = 5  // and so many at least
	maxMended   = 4  // words of a query that are looked at
	maxCounted  = 200
)

// Meant returns what was probably meant by a request that found total
// documents, ok false when there is nothing better to ask. What it proposes
// finds something for this reader, with the same filters. Phrases, fields, words
// left out and beginnings are as they were meant. It fails as Search does.
func (x *Index) Meant(ctx context.Context, r Request, total int) (m Meant, ok bool, err error) {
	r.Text = short(r.Text)
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	var list []mended
	err = x.see(ctx, r, func(v *eyes, _ *edition) error {
		b := mender{planner{newVocabulary(v), x.thesaurus(), x.Names, r.Lang}, v, total}
		list, err = b.all(parse(r.Text))
		return err
	})
	if err != nil && ctx.Err() != nil {
		err = ErrSlow.Because(err)
	}
	if err != nil {
		return m, false, fmt.Errorf("what %q means: %w", r.Text, err)
	}
	m = Meant{Query: r.Text, Instead: total > 0}
	for _, d := range list {
		query, ok := inPlace(m.Query, d.raw, d.better)
		if !ok {
			continue
		}
		m.Query, m.Typed, m.Better = query, append(m.Typed, d.raw), append(m.Better, d.better)
		m.Instead = m.Instead && d.unknown
	}
	if len(m.Typed) == 0 {
		return m, false, nil
	}
	better, err := x.Search(ctx, Request{Text: m.Query, Lang: r.Lang, Filters: r.Filters, Members: r.Members, Size: 1})
	m.Total = better.Total
	return m, err == nil && m.Total > 0 && (m.Instead || m.Total > total), err
}

// mended is a piece of a query and what it should have been.
type mended struct {
	raw, better string
	unknown     bool // the reader may see no document with raw
}

// inPlace puts other words in the place of a piece of a query.
func inPlace(query, raw, better string) (string, bool) {
	for from := 0; ; {
		i := strings.Index(query[from:], raw)
		if i < 0 {
			return query, false
		}
		i += from
		end := i + len(raw)
		if (i == 0 || query[i-1] == ' ') && (end == len(query) || query[end] == ' ') {
			return query[:i] + better + query[end:], true
		}
		from = i + 1
	}
}

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
	for _, t := range plainTerms(w) {
		if t.weight < otherKeyWeight {
			continue
		}
		c, err := b.eyes.count(t.text, littleFound)
		if n = max(n, c); err != nil || n >= littleFound {
			return n, false, err
		}
	}
	if n > 0 {
		return n, false, nil
	}
	if len(b.thesaurus.find([]string{w})) > 0 {
		return 0, false, nil
	}
	known, err := b.eyes.any(b.unit(w, false).terms)
	return 0, !known, err
}

// closest is the nearest word that documents the reader may see have, and how
// many do; n is 0 when there is none.
func (b mender) closest(w string) (better string, n int, err error) {
	type candidate struct {
		text   string
		weight float64
		n      int
	}
	var list []candidate
	for _, t := range b.near(exactMark, w) {
		c := candidate{text: strings.TrimPrefix(t.text, exactMark), weight: t.weight}
		if c.n, err = b.eyes.count(t.text, maxCounted); err != nil {
			return "", 0, err
		}
		if c.n > 0 && c.text != w {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return "", 0, nil
	}
	best := slices.MinFunc(list, func(a, c candidate) int {
		return cmp.Or(cmp.Compare(c.weight, a.weight), cmp.Compare(c.n, a.n), strings.Compare(a.text, c.text))
	})
	return best.text, best.n, nil
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
