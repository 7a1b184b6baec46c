package search

import (
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
	look           *looker
	title, summary []word
	body           string // the part of it that is looked through
	text           []word // found in body
	read           bool   // text is known
}

func (p planned) see(d Document) *seen {
	v := &seen{Document: d, look: p.look, body: d.Body}
	if len(v.body) > maxMarked {
		v.body = strings.ToValidUTF8(v.body[:maxMarked], "")
	}
	v.title, v.summary = v.look.in(d.Title, d.Lang), v.look.in(d.Summary, d.Lang)
	return v
}

// inBody are the words found in the body.
func (v *seen) inBody() []word {
	if !v.read {
		v.text, v.read = v.look.in(v.body, v.Lang), true
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
	start, end, ok := window(v.body, v.inBody())
	if !ok {
		if v.Summary != "" {
			return []Piece{{Text: v.Summary}}
		}
		start, end = 0, atSpace(v.body, min(len(v.body), snippetLength))
	}
	part := strings.Join(strings.Fields(v.body[start:end]), " ")
	list := mark(part, v.look.in(part, v.Lang))
	if start > 0 {
		list = append([]Piece{{Text: "… "}}, list...)
	}
	if end < len(v.body) {
		list = append(list, Piece{Text: " …"})
	}
	return list
}

// window finds the stretch of a body with the most different matches.
func window(body string, hits []word) (start, end int, ok bool) {
	best := 0
	for i := range hits {
		different := 0
		for j := i; j < len(hits) && hits[j].end-hits[i].start <= snippetLength; j++ {
			if !slices.ContainsFunc(hits[i:j], func(w word) bool { return w.text == hits[j].text }) {
				different++
			}
		}
		if different > best {
			best, start, end = different, hits[i].start, hits[i].start+snippetLength
		}
	}
	if best == 0 {
		return 0, 0, false
	}
	return beforeSpace(body, start-60), atSpace(body, end-60), true
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
