package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content/corpus"
)

// maker makes the texts that the portal was filled with.
func (o options) maker() *corpus.Maker {
	return corpus.New(o.seed, func(lang string) []string { return cases.HeadingsIn(lang).Fixed() })
}

// A searcher asks what readers could ask: one to three words of a text. It
// never asks the same twice, so that no cache helps.
type searcher struct {
	mu    sync.Mutex
	r     *rand.Rand
	texts *corpus.Maker
	size  int
	asked map[string]bool
	usual map[string]bool // words that tell nothing: every tenth text has them
}

// looked is how many texts tell which words are usual.
const looked = 500

func newSearcher(o options, size int) *searcher {
	s := &searcher{r: rand.New(rand.NewPCG(o.seed, 99)), texts: o.maker(), size: size, asked: map[string]bool{}, usual: map[string]bool{}}
	seen := map[string]int{}
	for i := range looked {
		t, once := s.texts.Text(i), map[string]bool{}
		for _, w := range wordsOf(t.Title + " " + t.Summary + " " + t.Body) {
			if !once[w] {
				once[w] = true
				seen[w]++
			}
			s.usual[w] = seen[w] > looked/10
		}
	}
	return s
}

// A question is words and the language of who asks.
type question struct{ lang, words string }

func (q question) path() string { return "/" + q.lang + "/search?q=" + url.QueryEscape(q.words) }

// next is a question that was not asked before.
func (s *searcher) next() question {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		t := s.texts.Text(s.r.IntN(s.size))
		from := t.Title + " " + t.Summary
		if s.r.IntN(2) == 0 {
			from = t.Body
		}
		words := slices.DeleteFunc(wordsOf(from), func(w string) bool { return s.usual[w] })
		n := 1 + s.r.IntN(3)
		if len(words) < n {
			continue
		}
		start := s.r.IntN(len(words) - n + 1)
		q := question{t.Lang, strings.Join(words[start:start+n], " ")}
		if !s.asked[q.words] {
			s.asked[q.words] = true
			return q
		}
	}
}

// some are the next n questions.
func (s *searcher) some(n int) []question {
	list := make([]question, n)
	for i := range list {
		list[i] = s.next()
	}
	return list
}

// wordsOf are the words of a text that somebody would look for.
func wordsOf(text string) []string {
	var list []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if utf8.RuneCountInString(w) >= 4 {
			list = append(list, w)
		}
	}
	return list
}

// An author writes cases that nobody has yet, each with a word of its own.
type author struct {
	texts *corpus.Maker
	count atomic.Int64
}

func newAuthor(o options) *author {
	return &author{texts: corpus.New(o.seed+1_000_000, o.maker().Headings)}
}

// A manuscript is a text on its way to the portal.
type manuscript struct {
	corpus.Text
	word string // that only it has
}

func (a *author) next() manuscript {
	for {
		n := a.count.Add(1)
		m := manuscript{Text: a.texts.Text(int(n)), word: fmt.Sprintf("zq%dxw", n)}
		if m.Lang != "en" { // one list and one feed shall have them all
			continue
		}
		m.Organisation, m.Organisations = "FI:889", nil // the developer's own
		m.Title = m.word + " " + m.Title
		return m
	}
}

// request is the API request that publishes it.
func (m manuscript) request(p *portal) ([]byte, error) {
	file := string(m.File())
	file = strings.Replace(file, "published: ", "was_published: ", 1) // today, not years ago
	return p.post("/api/v1/cases/import", map[string]string{"path": m.Name(), "text": file})
}
