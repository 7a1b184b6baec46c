package search

import (
	"context"
	"slices"
	"strings"
)

// Piece is a stretch of text, found or not.
type Piece struct {
	Text  string
	Found bool
}

// snippetLength is about how many bytes of a body a hit shows.
const snippetLength = 240

// maxMarked bounds how much of a body is looked through for matches.
const maxMarked = 40_000

// seen is a document as a query looks at it: where its words are found. Its
// body is looked through only when somebody asks.
type seen struct {
	Document
	ctx            context.Context
	look           *looker
	title, summary []word
	body           string // the part of it that is looked through
	loaded         bool   // body is there
	text           []word // found in body
	read           bool   // text is known
	asked          int    // words that were asked for
}

func (p planned) see(ctx context.Context, d Document) *seen {
	v := &seen{Document: d, ctx: ctx, look: p.look, asked: p.asked()}
	v.title, v.summary = v.look.in(d.Title, d.Lang), v.look.in(d.Summary, d.Lang)
	return v
}

// whole is the part of the body that is looked through.
func (v *seen) whole() string {
	if !v.loaded {
		v.body, v.loaded = v.Document.text(v.ctx), true
		if len(v.body) > maxMarked {
			v.body = strings.ToValidUTF8(v.body[:maxMarked], "")
		}
	}
	return v.body
}

// inBody are the words found in the body.
func (v *seen) inBody() []word {
	if !v.read {
		v.text, v.read = v.look.in(v.whole(), v.Lang), true
	}
	return v.text
}

// mark cuts a text into pieces that matched and pieces that did not.
func mark(text string, found []word) []Piece {
	var list []Piece
	from := 0
	for _, w := range found {
		if w.start > from {
			list = append(list, Piece{Text: text[from:w.start]})
		}
		list = append(list, Piece{Text: text[w.start:w.end], Found: true})
		from = w.end
	}
	if from < len(text) {
		list = append(list, Piece{Text: text[from:]})
	}
	return list
}

// snippet is the part of a document where most of the query is found; the
// summary, when the body has nothing.
func (v *seen) snippet() []Piece {
	if len(v.summary) > 0 {
		return mark(v.Summary, v.summary)
	}
	start, end, ok := v.window()
	if !ok {
		if v.Summary != "" {
			return []Piece{{Text: v.Summary}}
		}
		start, end = 0, atSpace(v.whole(), min(len(v.whole()), snippetLength))
	}
	part := strings.Join(strings.Fields(v.whole()[start:end]), " ")
	list := mark(part, v.look.in(part, v.Lang))
	if start > 0 {
		list = append([]Piece{{Text: "… "}}, list...)
	}
	if end < len(v.whole()) {
		list = append(list, Piece{Text: " …"})
	}
	return list
}

// window finds the stretch of the body with the most different matches; the
// first that has as many as words were asked for is good enough.
func (v *seen) window() (start, end int, ok bool) {
	best := 0
	var near []word // matches in the last stretch
	look := func(w word) bool {
		for len(near) > 0 && w.end-near[0].start > snippetLength {
			near = near[1:]
		}
		near = append(near, w)
		if n := different(near); n > best {
			best, start, end = n, near[0].start, near[0].start+snippetLength
		}
		return best < v.asked
	}
	if v.read {
		for _, w := range v.text {
			if !look(w) {
				break
			}
		}
	} else {
		v.look.each(v.whole(), v.Lang, look)
	}
	if best == 0 {
		return 0, 0, false
	}
	return beforeSpace(v.whole(), start-60), atSpace(v.whole(), end-60), true
}

// different counts the words that are not the same.
func different(list []word) (n int) {
	for i, w := range list {
		if !slices.ContainsFunc(list[:i], func(o word) bool { return o.text == w.text }) {
			n++
		}
	}
	return n
}

// atSpace moves i forward to the end of a word.
func atSpace(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	if j := strings.IndexAny(s[max(i, 0):], " \n\t"); j >= 0 {
		return max(i, 0) + j
	}
	return len(s)
}

// beforeSpace moves i back to the beginning of a word.
func beforeSpace(s string, i int) int {
	if i <= 0 {
		return 0
	}
	if j := strings.LastIndexAny(s[:i], " \n\t"); j >= 0 {
		return j + 1
	}
	return 0
}
