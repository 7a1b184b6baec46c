package content

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

// Options say how a text is rendered. The zero Options are those of an English
// text of at most FieldLimit bytes whose headings start at h2.
type Options struct {
	// Lang is the language of the text; words that rendering adds are in it.
	Lang string
	// Heading is the level of the highest heading, 2 when not set. Deeper
	// headings follow without a gap.
	Heading int
	// Prefix keeps ids apart where several texts share a page: ids start with
	// "u-", then the prefix and a colon, then the heading's own words.
	Prefix string
	// Name is what the text is called where several share a page, such as the
	// date of a log entry: it tells their tables and footnotes apart for those
	// who listen to the page. A table below a heading is named after that.
	Name string
	// Limit is the largest accepted size in bytes, FieldLimit when not set.
	Limit int
}

// A Heading of a text: its level on the page, the id to link to, its words.
type Heading struct {
	Level int
	ID    string
	Text  string
}

// Render turns Markdown (CommonMark, tables, task lists, strikethrough,
// autolinks, footnotes) into HTML that is safe to show: no script, no style,
// no id of ours, no picture from another site. It fails with a fault when the
// text is too long or would take too long; rendering itself never fails on any
// input. Render once, when the text is saved.
func Render(markdown string, o Options) (string, error) {
	doc, err := parse(markdown, o)
	if err != nil {
		return "", err
	}
	return doc.html()
}

// Headings returns the headings of a text with the ids that Render gives them
// under the same options. It fails as Render does.
func Headings(markdown string, o Options) ([]Heading, error) {
	doc, err := parse(markdown, o)
	if err != nil {
		return nil, err
	}
	return doc.headings(), nil
}

// RenderWithHeadings is Render and Headings of one text, which is parsed once.
func RenderWithHeadings(markdown string, o Options) (string, []Heading, error) {
	doc, err := parse(markdown, o)
	if err != nil {
		return "", nil, err
	}
	html, err := doc.html()
	return html, doc.headings(), err
}

// document is a parsed text and what its renderers need to know about it.
type document struct {
	root   ast.Node
	source []byte
}

var engine = goldmark.New(
	goldmark.WithExtensions(extension.Strikethrough, extension.TaskList, blocks{}),
	goldmark.WithParserOptions(
		parser.WithAutoHeadingID(),
		parser.WithASTTransformers(
			util.Prioritized(headingLevels{}, 900),
			util.Prioritized(linkRules{}, 901),
			util.Prioritized(tableLabels{}, 902),
			util.Prioritized(hardBreaks{}, 903),
		),
	),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(blockRenderer{}, 100))),
)

// blocks are the extensions of which only the parsing is taken; blockRenderer
// writes their HTML.
type blocks struct{}

// Extend adds the parsers of tables, footnotes and autolinks.
func (blocks) Extend(m goldmark.Markdown) {
	// Bare mail addresses stay words: a person's address becomes a link only
	// where the writer says so with <name@example.org>.
	bareLinks := extension.NewLinkifyParser(extension.WithLinkifyEmailRegexp(regexp.MustCompile(`^[^\s\S]`)))
	m.Parser().AddOptions(
		parser.WithParagraphTransformers(util.Prioritized(extension.NewTableParagraphTransformer(), 200)),
		parser.WithBlockParsers(util.Prioritized(extension.NewFootnoteBlockParser(), 999)),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewFootnoteParser(), 101),
			util.Prioritized(bareLinks, 999),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
		),
	)
}

// Keys under which the options of one rendering travel to transformers (in the
// parser's context) and renderers (in the document's metadata).
var optionsKey = parser.NewContextKey()

const metaKey = "kokeilu"

func parse(markdown string, o Options) (*document, error) {
	if o.Heading < 1 || o.Heading > 6 {
		o.Heading = 2
	}
	if o.Limit <= 0 {
		o.Limit = FieldLimit
	}
	markdown = strings.ReplaceAll(strings.TrimPrefix(markdown, "\ufeff"), "\r\n", "\n")
	if err := checkCost(markdown, o.Limit); err != nil {
		return nil, err
	}
	source := []byte(strings.ToValidUTF8(markdown, "\ufffd"))
	pc := parser.NewContext(parser.WithIDs(newAnchors(o.Prefix)))
	pc.Set(optionsKey, o)
	root := engine.Parser().Parse(text.NewReader(source), parser.WithContext(pc))
	if d, ok := root.(*ast.Document); ok {
		d.AddMeta(metaKey, o)
	}
	return &document{root: root, source: source}, nil
}

func (d *document) headings() (list []Heading) {
	walk(d.root, func(n ast.Node) {
		h, ok := n.(*ast.Heading)
		if !ok || h.Parent() != d.root {
			return
		}
		id, _ := h.AttributeString("id")
		b, _ := id.([]byte)
		list = append(list, Heading{Level: h.Level, ID: string(b), Text: inlineText(h, d.source)})
	})
	return list
}

func (d *document) html() (string, error) {
	var out bytes.Buffer
	if err := engine.Renderer().Render(&out, d.source, d.root); err != nil {
		return "", err
	}
	return string(policy().SanitizeBytes(out.Bytes())), nil
}

// optionsOf returns the options that n's document is rendered with.
func optionsOf(n ast.Node) Options {
	if d := n.OwnerDocument(); d != nil {
		if o, ok := d.Meta()[metaKey].(Options); ok {
			return o
		}
	}
	return Options{}
}

func (o Options) words() i18n.Printer { return ownWords().For(o.Lang) }

// walk calls fn for n and everything below it.
func walk(n ast.Node, fn func(ast.Node)) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			fn(n)
		}
		return ast.WalkContinue, nil
	})
}
