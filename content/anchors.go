package content

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// idPrefix starts every id that comes from a text, so that no heading can take
// the id (or, in a browser, the global name) of something of ours.
const idPrefix = "u-"

// anchorLength keeps ids of very long headings short; in runes.
const anchorLength = 80

// anchors gives the headings of one text their ids: the letters and digits of
// any alphabet, in lower case, joined by hyphens, each id once.
type anchors struct {
	prefix string
	taken  map[string]bool
	next   map[string]int
}

func newAnchors(prefix string) *anchors {
	p := idPrefix
	if prefix != "" {
		p += prefix + ":"
	}
	return &anchors{prefix: p, taken: map[string]bool{}, next: map[string]int{}}
}

// Generate implements goldmark's parser.IDs.
func (a *anchors) Generate(value []byte, _ ast.NodeKind) []byte {
	base := slugOf(string(value))
	if base == "" {
		base = "section"
	}
	id := base
	for n := a.next[base]; a.taken[id]; n++ {
		id = base + "-" + strconv.Itoa(n+2)
		a.next[base] = n + 1
	}
	a.taken[id] = true
	return []byte(a.prefix + id)
}

// Put implements goldmark's parser.IDs.
func (a *anchors) Put(value []byte) { a.taken[strings.TrimPrefix(string(value), a.prefix)] = true }

func slugOf(s string) string {
	var b strings.Builder
	gap, n := false, 0
	for _, r := range s {
		if n >= anchorLength {
			break
		}
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
			n++
		default:
			gap = true
		}
	}
	return b.String()
}
