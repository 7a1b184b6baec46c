package content_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// allowed is everything that rendered text may consist of.
var allowed = map[string][]string{
	"p": nil, "br": nil, "hr": nil, "blockquote": nil, "pre": nil, "em": nil, "strong": nil, "del": nil, "ul": nil,
	"thead": nil, "tbody": nil, "tr": nil, "code": {"class"}, "ol": {"start"}, "li": {"id"}, "sup": {"id"},
	"h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
	"a":   {"href", "title", "rel", "class", "role", "aria-label"},
	"img": {"src", "alt", "title"}, "input": {"type", "disabled", "checked", "aria-label"},
	"table": {"class"}, "th": {"scope", "class"}, "td": {"class"},
	"div": {"class", "role", "tabindex", "aria-label"}, "section": {"class", "role", "aria-label"},
}

var safeAddress = regexp.MustCompile(`^(?i:https?:|mailto:)|^[^:]*$|^[^:]*[^A-Za-z0-9+.:-][^:]*:`)

// checkSafe reads html as a browser does and complains about anything that a
// text must not bring along.
func checkSafe(t *testing.T, source string) {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "main", DataAtom: atom.Main})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	var check func(n *html.Node)
	check = func(n *html.Node) {
		if n.Type == html.CommentNode || n.Type == html.DoctypeNode {
			t.Errorf("a comment or doctype: %q", n.Data)
		}
		if n.Type == html.ElementNode {
			attrs, ok := allowed[n.Data]
			if !ok {
				t.Errorf("an element <%s>", n.Data)
			}
			for _, a := range n.Attr {
				if !slices.Contains(attrs, a.Key) {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
				checkAttribute(t, ids, a)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			check(c)
		}
	}
	for _, n := range nodes {
		check(n)
	}
}

func checkAttribute(t *testing.T, ids map[string]bool, a html.Attribute) {
	t.Helper()
	switch a.Key {
	case "id":
		if !strings.HasPrefix(a.Val, "u-") || strings.ContainsAny(a.Val, " \t\n") || ids[a.Val] {
			t.Errorf("id %q is not ours, or there twice", a.Val)
		}
		ids[a.Val] = true
	case "href", "src":
		control := strings.ContainsFunc(a.Val, func(r rune) bool { return r <= ' ' || r == 0x7f })
		if !safeAddress.MatchString(a.Val) || control {
			t.Errorf("%s=%q", a.Key, a.Val)
		}
		if a.Key == "src" && (strings.Contains(a.Val, ":") || strings.HasPrefix(a.Val, "//") || strings.Contains(a.Val, `\`)) {
			t.Errorf("a picture from elsewhere: %q", a.Val)
		}
	case "class":
		if !strings.HasPrefix(a.Val, "language-") && !slices.Contains([]string{"n", "c", "ds-table", "scroll", "footnotes", "footnote-ref", "footnote-backref"}, a.Val) {
			t.Errorf("class %q", a.Val)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{
		"# A\n\n## A\n\ntext[^1] ![x](https://e.fi/a.png)\n\n[^1]: note\n",
		"| a | b |\n|--:|---|\n| `x\\|y` | |\n\n- [x] b\n- [ ] c\n",
		"[a](javascript&colon;alert(1)) <javascript:x> [b][c]\n\n[c]: data:text/html,x 'y'\n",
		"<a href=javascript:x onclick=y>z</a> <!-- x --> <?php ?> <![CDATA[x]]>",
		"[a](<java\tscript:x>) [b](&#x6A;avascript:x) ![c](//evil/x \"t\")",
		"http://a.fi/<x> www.b.fi. a@b.fi <a@b.fi> ftp://c.fi/",
		"## fn-1\n\n# fnref-1\n\n# fnref 1\n\na[^x] b[^x]\n\n[^x]: c[^x]\n",
		"``` \"><script>\nx\n```\n~~~ a'b\ny\n~~~\n",
		"> - 1. > x\n\n\tcode\n\n***\n- - -\n\\*\\[x](y)\n&lt;script&gt;",
		"Общий бассейн\n===\n\nАуыл әкімдігі\n---\n\n\u202e\u0085\u00ad\ufeff\x00\x1b",
		strings.Repeat("> ", 30) + "[" + strings.Repeat("*a_ ", 200),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		start := time.Now()
		out, err := content.Render(markdown, content.Options{Lang: "fi"})
		if d := time.Since(start); d > 3*time.Second {
			t.Errorf("took %v", d)
		}
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		if !utf8.ValidString(out) {
			t.Error("not UTF-8")
		}
		checkSafe(t, out)
		headings, err := content.Headings(markdown, content.Options{Lang: "fi"})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range headings {
			if !strings.Contains(out, `id="`+h.ID+`"`) {
				t.Errorf("no id %q in the text", h.ID)
			}
		}
		if text := content.PlainText(markdown); !utf8.ValidString(text) {
			t.Error("the plain text is not UTF-8")
		}
		if e := content.Excerpt(markdown, 40); utf8.RuneCountInString(e) > 40 || strings.ContainsAny(e, "\n\t") {
			t.Errorf("excerpt %q", e)
		}
	})
}
