package content

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// headingLevels moves the headings of a text to where the page needs them: the
// highest becomes Options.Heading and no level is skipped on the way down.
type headingLevels struct{}

// Transform implements goldmark's parser.ASTTransformer.
func (headingLevels) Transform(doc *ast.Document, _ text.Reader, pc parser.Context) {
	o, _ := pc.Get(optionsKey).(Options)
	var open []int
	walk(doc, func(n ast.Node) {
		h, ok := n.(*ast.Heading)
		if !ok {
			return
		}
		for len(open) > 0 && open[len(open)-1] >= h.Level {
			open = open[:len(open)-1]
		}
		open = append(open, h.Level)
		h.Level = min(6, o.Heading+len(open)-1)
	})
}

// linkRules lets links lead only where a reader may be led, and shows pictures
// only from this portal: a picture elsewhere becomes a link to it.
type linkRules struct{}

// Transform implements goldmark's parser.ASTTransformer.
func (linkRules) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	var links []*ast.Link
	var images []*ast.Image
	var autos []*ast.AutoLink
	walk(doc, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Link:
			links = append(links, n)
		case *ast.Image:
			images = append(images, n)
		case *ast.AutoLink:
			autos = append(autos, n)
		}
	})
	for _, l := range links {
		guardLink(l, address(l.Destination), source)
	}
	for _, a := range autos {
		guardLink(a, string(a.URL(source)), source)
	}
	for _, img := range images {
		if !isOwn(address(img.Destination)) {
			imageToLink(img)
		}
	}
}

// guardLink takes a link away that may not lead where it does, and marks one
// that leads to another site.
func guardLink(n ast.Node, dest string, source []byte) {
	switch {
	case !mayLink(dest):
		unwrap(n, source)
	case linkScheme.MatchString(dest) || strings.HasPrefix(dest, "//"):
		n.SetAttributeString("rel", "nofollow ugc noopener")
	}
}

// address is where a destination leads once its entities are resolved.
func address(dest []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(dest)))
}

var linkScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// mayLink reports whether a link may lead to dest: http, https, mailto, or an
// address without a scheme.
func mayLink(dest string) bool {
	dest = strings.TrimSpace(dest)
	scheme := strings.ToLower(linkScheme.FindString(dest))
	switch scheme {
	case "http:", "https:", "mailto:", "":
		return true
	}
	return false
}

// isOwn reports whether dest is an address on this portal.
func isOwn(dest string) bool {
	if strings.HasPrefix(dest, "//") || strings.ContainsAny(dest, "\\\t\r\n") {
		return false
	}
	u, err := url.Parse(dest)
	return err == nil && u.Scheme == "" && u.Host == "" && u.Opaque == ""
}

// unwrap leaves the words of a link and takes the link away.
func unwrap(n ast.Node, source []byte) {
	parent := n.Parent()
	if a, ok := n.(*ast.AutoLink); ok {
		parent.InsertBefore(parent, n, ast.NewString(bytes.Clone(a.Label(source))))
	}
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		parent.InsertBefore(parent, n, c)
		c = next
	}
	parent.RemoveChild(parent, n)
}

func imageToLink(img *ast.Image) {
	if insideLink(img) || !mayLink(address(img.Destination)) {
		unwrap(img, nil)
		return
	}
	link := ast.NewLink()
	link.Destination, link.Title = img.Destination, img.Title
	guardLink(link, address(img.Destination), nil)
	for c := img.FirstChild(); c != nil; {
		next := c.NextSibling()
		link.AppendChild(link, c)
		c = next
	}
	if link.FirstChild() == nil {
		link.AppendChild(link, ast.NewString(img.Destination))
	}
	img.Parent().ReplaceChild(img.Parent(), img, link)
}

func insideLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

// hardBreaks removes the spaces before a line break, which the parser of bare
// links leaves behind.
type hardBreaks struct{}

// Transform implements goldmark's parser.ASTTransformer.
func (hardBreaks) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	walk(doc, func(n ast.Node) {
		t, ok := n.(*ast.Text)
		if !ok || !t.HardLineBreak() {
			return
		}
		for {
			t.Segment = t.Segment.TrimRightSpace(source)
			before, ok := t.PreviousSibling().(*ast.Text)
			if !ok || t.Segment.Len() > 0 || before.SoftLineBreak() || before.HardLineBreak() {
				return
			}
			t = before
		}
	})
}

// tableLabels names every table after the heading above it, so that the region
// it scrolls in has a name of its own.
type tableLabels struct{}

// labelKey is the attribute in which a table carries its name to the renderer.
const labelKey = "kokeilu-label"

// Transform implements goldmark's parser.ASTTransformer.
func (tableLabels) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	o, _ := pc.Get(optionsKey).(Options)
	words, heading, n := o.words(), o.Name, 0
	walk(doc, func(node ast.Node) {
		switch node.Kind() {
		case ast.KindHeading:
			heading = inlineText(node, reader.Source())
		case extast.KindTable:
			n++
			label := words.T("content.table", n)
			if heading != "" {
				label = words.T("content.table_titled", n, heading)
			}
			node.SetAttributeString(labelKey, label)
		}
	})
}
