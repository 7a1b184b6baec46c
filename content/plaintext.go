package content

import (
	"bufio"
	"bytes"
	stdhtml "html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
)

// PlainText returns the words of a text without its marks, one line per block:
// what search reads and a feed's summary shows. A text too costly to parse
// comes back as it is.
func PlainText(markdown string) string {
	doc, err := parse(markdown, Options{Limit: CaseLimit})
	if err != nil {
		return strings.ToValidUTF8(markdown, "\ufffd")
	}
	var b strings.Builder
	blockText(&b, doc.root, doc.source)
	return strings.TrimSpace(b.String())
}

// Excerpt returns the beginning of a text, without its marks and headings, in
// one line of at most n characters. It ends with … where it was cut, at a word
// if there is one.
func Excerpt(markdown string, n int) string {
	doc, err := parse(markdown, Options{Limit: CaseLimit})
	if err != nil {
		return cut(markdown, n)
	}
	var b strings.Builder
	for c := doc.root.FirstChild(); c != nil && (n <= 0 || b.Len() <= n*utf8.UTFMax); c = c.NextSibling() {
		if k := c.Kind(); k != ast.KindHeading && k != extast.KindTable && k != ast.KindFencedCodeBlock {
			blockText(&b, c, doc.source)
		}
	}
	return cut(b.String(), n)
}

// cut shortens s to n characters in one line.
func cut(s string, n int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	if n <= 0 || utf8.RuneCountInString(s) <= n {
		return s
	}
	short := string([]rune(s)[:n-1])
	if i := strings.LastIndexFunc(short, unicode.IsSpace); i > len(short)/2 {
		short = short[:i]
	}
	return strings.TrimRightFunc(short, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:–-", r) }) + "…"
}

// blockText writes the words of n, each innermost block on a line of its own.
func blockText(b *strings.Builder, n ast.Node, source []byte) {
	switch n.Kind() {
	case ast.KindHTMLBlock, ast.KindLinkReferenceDefinition:
		return
	case ast.KindCodeBlock, ast.KindFencedCodeBlock:
		b.Write(n.Lines().Value(source))
		return
	case extast.KindTableHeader, extast.KindTableRow:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			b.WriteString(inlineText(c, source))
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
		return
	}
	if c := n.FirstChild(); c != nil && c.Type() == ast.TypeInline {
		b.WriteString(inlineText(n, source))
		b.WriteByte('\n')
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		blockText(b, c, source)
	}
}

// inlineText returns the words of a paragraph, heading or cell in one line.
func inlineText(n ast.Node, source []byte) string {
	var b strings.Builder
	walk(n, func(c ast.Node) {
		switch c := c.(type) {
		case *ast.Text:
			if c.IsRaw() || parentIs(c, ast.KindCodeSpan) {
				b.Write(c.Value(source))
			} else {
				b.WriteString(unescaped(c.Value(source)))
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(source))
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// unescaped resolves the backslashes and entities of Markdown as rendering
// does: through HTML and back.
func unescaped(s []byte) string {
	if !bytes.ContainsAny(s, `\&`) {
		return string(s)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	html.DefaultWriter.Write(w, s)
	_ = w.Flush()
	return stdhtml.UnescapeString(b.String())
}

func parentIs(n ast.Node, kind ast.NodeKind) bool {
	return n.Parent() != nil && n.Parent().Kind() == kind
}
