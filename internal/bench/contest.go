package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/search"
)

// A class of queries that a page offers.
type class string

// The classes of S5.
const (
	aTerm       class = "term"
	someWords   class = "words"
	aPhrase     class = "phrase"
	aBeginning  class = "prefix"
	misspelt    class = "fuzzy"
	leavingOut  class = "boolean, without"
	eitherOf    class = "boolean, or"
	withFacets  class = "words, 5 facets"
	highlighted class = "words, highlighted"
	byDate      class = "words, by date"
	newest      class = "newest list"
	browsing    class = "browse with counts"
	deep        class = "newest list at depth 5,000"
)

var classes = []class{aTerm, someWords, aPhrase, aBeginning, misspelt, leavingOut, eitherOf, withFacets, highlighted, byDate, newest, browsing, deep}

const depth = 5000

// An inquiry is what an engine is asked: words and the language they are of.
type inquiry struct {
	class class
	lang  string
	words []string
}

// An engine answers inquiries: ten finds and how many there are in all, as a page
// shows them.
type engine interface {
	name() string
	ask(ctx context.Context, q inquiry) error
	close() error
}

// contest is S5: the portal's index in this process beside what else one could
// search with, on the same texts, each asked in turn.
func (b *bench) contest(ctx context.Context) (err error) {
	s := b.newShelf(b.size)
	x, err := s.index(ctx, b.options, b.out)
	if err != nil {
		return err
	}
	us := &own{x: x}
	engines := []engine{us}
	defer func() {
		for _, e := range engines {
			err = errors.Join(err, e.close())
		}
	}()
	for _, peer := range []struct {
		name string
		open func(context.Context, *shelf) (engine, error)
	}{{"SQLite FTS5", b.openSQLite}, {"PostgreSQL", openPostgres}} {
		e, err := peer.open(ctx, s)
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			_, _ = fmt.Fprintf(b.out, "  S5 is not measured beside %s: %v\n", peer.name, err)
			continue
		}
		engines = append(engines, e)
	}
	took, err := b.askAll(ctx, engines, s)
	if err != nil {
		return err
	}
	b.judgeContest(engines, took)
	b.table.add(line{bar: "S5", what: "searches given up because they take too long, " + size(b.size), measured: fmt.Sprint(us.slow), judged: float64(us.slow), bound: atMost})
	return b.writeContest(engines, took)
}

// times are the answers' times by engine and class.
type times map[string]map[class][]time.Duration

// askAll asks every engine the same, one after the other.
func (b *bench) askAll(ctx context.Context, engines []engine, s *shelf) (times, error) {
	took := times{}
	for _, e := range engines {
		took[e.name()] = map[class][]time.Duration{}
	}
	r := rand.New(rand.NewPCG(b.seed, 5))
	each := max(b.queries/10, 10)
	for round := range b.rounds + 1 {
		for _, c := range classes {
			for range each {
				q := s.inquire(r, c)
				for _, i := range r.Perm(len(engines)) {
					start := time.Now()
					if err := engines[i].ask(ctx, q); err != nil {
						return nil, fmt.Errorf("%s, %s %q: %w", engines[i].name(), c, q.words, err)
					}
					if round > 0 { // the first warms
						took[engines[i].name()][c] = append(took[engines[i].name()][c], time.Since(start))
					}
				}
			}
		}
	}
	return took, nil
}

// p50 is the median in milliseconds.
func (t times) p50(e engine, c class) float64 { return milliseconds(percentile(t[e.name()][c], 0.5)) }

func (b *bench) judgeContest(engines []engine, took times) {
	us := engines[0]
	for _, c := range classes {
		for _, peer := range engines[1:] {
			p := pairs{{took.p50(us, c), took.p50(peer, c)}}
			b.table.ratio("S5", fmt.Sprintf("%s, p50, against %s, %s", c, peer.name(), size(b.size)), "ms", p, atMost, 1)
		}
	}
	p := pairs{{took.p50(us, deep), took.p50(us, newest)}}
	b.table.ratio("S5", "depth 5,000 against the first page, "+size(b.size), "ms", p, atMost, 3)
}

// writeContest prints the medians of all engines beside each other.
func (b *bench) writeContest(engines []engine, took times) error {
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(w, "\np50, ms, %s\t", size(b.size))
	for _, e := range engines {
		_, _ = fmt.Fprintf(w, "%s\t", e.name())
	}
	for _, c := range classes {
		_, _ = fmt.Fprintf(w, "\n%s\t", c)
		for _, e := range engines {
			_, _ = fmt.Fprintf(w, "%s\t", number(took.p50(e, c)))
		}
	}
	_, _ = fmt.Fprintln(w)
	return w.Flush()
}

// inquire makes up something to ask, of the words of a text.
func (s *shelf) inquire(r *rand.Rand, c class) inquiry {
	for {
		i := r.IntN(len(s.texts))
		q := inquiry{class: c, lang: s.texts[i].Lang}
		list := strings.FieldsFunc(strings.ToLower(s.texts[i].Summary+" . "+s.plain[i]), func(r rune) bool { return !unicode.IsLetter(r) })
		list = list[:len(list)-1]
		at := r.IntN(len(list) - 1)
		long := slices.DeleteFunc(slices.Clone(list[at:]), func(w string) bool { return utf8.RuneCountInString(w) < 5 })
		if len(long) < 2 {
			continue
		}
		switch c {
		case aPhrase:
			q.words = list[at : at+2]
		case aTerm, aBeginning, misspelt:
			q.words = long[:1]
		default:
			q.words = long[:2]
		}
		switch runes := []rune(q.words[0]); {
		case c == aBeginning:
			q.words = []string{string(runes[:4])}
		case c == misspelt && len(runes) < 7:
			continue
		case c == misspelt:
			q.words = []string{string(slices.Delete(runes, 3, 4))}
		}
		return q
	}
}

// own is the portal's index.
type own struct {
	x    *search.Index
	slow int // how often it gave up
}

func (o *own) name() string { return "Kokeilu" }
func (o *own) close() error { return o.x.Close() }

// ask marks what was found in every answer; only the classes that ask for
// counts are given them.
func (o *own) ask(ctx context.Context, q inquiry) error {
	r := search.Request{Lang: q.lang, Text: strings.Join(q.words, " ")}
	switch q.class {
	case aPhrase:
		r.Text = `"` + r.Text + `"`
	case aBeginning:
		r.Text += "*"
	case leavingOut:
		r.Text = q.words[0] + " -" + q.words[1]
	case eitherOf:
		r.Text = q.words[0] + " OR " + q.words[1]
	case withFacets:
		r.Count = true
	case byDate:
		r.Order = search.Newest
	case newest:
		r.Text, r.Order = "kind:case", search.Newest
	case deep:
		r.Text, r.Order, r.From = "kind:case", search.Newest, depth
	case browsing:
		r.Text, r.Count = "kind:case", true
	}
	_, err := o.x.Search(ctx, r)
	if errors.Is(err, search.ErrSlow) && ctx.Err() == nil {
		o.slow++
		return nil
	}
	return err
}
