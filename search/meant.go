package search

import (
	"context"
	"fmt"
	"strings"
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
		b := mender{planner{newVocabulary(v), x.thesaurus(), x.Names, r.Lang, false}, v, total}
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
	r.Text, r.From, r.Size, r.Count, r.Explain = m.Query, 0, 1, false, false
	better, err := x.Search(ctx, r)
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
