package search

import "strings"

// Piece is a stretch of text, found or not.
type Piece struct {
	Text  string
	Found bool
}

// snippetLength is about how many bytes of a body a hit shows.
const snippetLength = 240

// maxMarked bounds how much of a body is looked through for matches.
const maxMarked = 40_000

// mark cuts a text into pieces that matched and pieces that did not.
func (p planned) mark(text, lang string) []Piece {
	var list []Piece
	from := 0
	for _, w := range words(text) {
		if !p.matches(w.text, lang) {
			continue
		}
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

func (p planned) matches(w, lang string) bool {
	if len(lang) != 2 {
		lang = noLanguage
	}
	for _, f := range rememberedForms(w, lang) {
		if p.marks[string(f)] {
			return true
		}
	}
	return false
}

// snippet is the part of a document where most of the query is found; the
// summary, when the body has nothing.
func (p planned) snippet(d Document) []Piece {
	if marked := p.mark(d.Summary, d.Lang); countFound(marked) > 0 {
		return marked
	}
	body := d.Body
	if len(body) > maxMarked {
		body = strings.ToValidUTF8(body[:maxMarked], "")
	}
	start, end, ok := p.window(body, d.Lang)
	if !ok {
		if d.Summary != "" {
			return []Piece{{Text: d.Summary}}
		}
		start, end = 0, atSpace(body, min(len(body), snippetLength))
	}
	list := p.mark(strings.Join(strings.Fields(body[start:end]), " "), d.Lang)
	if start > 0 {
		list = append([]Piece{{Text: "… "}}, list...)
	}
	if end < len(body) {
		list = append(list, Piece{Text: " …"})
	}
	return list
}

func countFound(list []Piece) (n int) {
	for _, p := range list {
		if p.Found {
			n++
		}
	}
	return n
}

// window finds the stretch of a body with the most different matches.
func (p planned) window(body, lang string) (start, end int, ok bool) {
	var hits []word
	for _, w := range words(body) {
		if p.matches(w.text, lang) {
			hits = append(hits, w)
		}
	}
	best := 0
	for i := range hits {
		different := map[string]bool{}
		for j := i; j < len(hits) && hits[j].end-hits[i].start <= snippetLength; j++ {
			different[hits[j].text] = true
		}
		if len(different) > best {
			best, start, end = len(different), hits[i].start, hits[i].start+snippetLength
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
