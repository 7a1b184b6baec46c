package themes_test

import (
	"bytes"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/themes"
)

func TestPagesHaveTheFrameOfThePortal(t *testing.T) {
	theme := openSample(t)
	for _, lang := range i18n.Languages {
		for _, name := range []string{"sample/parts", "sample/front", "sample/form", "error"} {
			page := render(t, theme, name, sampleOf(t, lang))
			checkFrame(t, lang+" "+name, page)
			if got := attr(nodes(t, page, element("html"))[0], "lang"); got != lang {
				t.Errorf("%s: lang is %q, want %q", name, got, lang)
			}
		}
	}
}

// checkFrame holds what every page of the portal promises.
func checkFrame(t *testing.T, name, page string) {
	t.Helper()
	for tag, want := range map[string]int{"h1": 1, "main": 1, "header.head": 1, "footer.foot": 1, "title": 1} {
		tag, class, _ := strings.Cut(tag, ".")
		got := nodes(t, page, func(n *html.Node) bool { return n.Data == tag && strings.Contains(attr(n, "class"), class) })
		if len(got) != want {
			t.Errorf("%s: %d <%s %s>, want %d", name, len(got), tag, class, want)
		}
	}
	first := nodes(t, page, element("a"))[0]
	if attr(first, "class") != "ds-skip-link" || attr(first, "href") != "#main" {
		t.Errorf("%s: the first link is not the skip link", name)
	}
	ids := map[string]bool{}
	for _, n := range nodes(t, page, func(n *html.Node) bool { return attr(n, "id") != "" }) {
		if ids[attr(n, "id")] {
			t.Errorf("%s: id %q is there twice", name, attr(n, "id"))
		}
		ids[attr(n, "id")] = true
	}
	for _, n := range nodes(t, page, func(*html.Node) bool { return true }) {
		for _, of := range []string{"for", "aria-describedby", "aria-labelledby"} {
			for _, id := range strings.Fields(attr(n, of)) {
				if !ids[id] {
					t.Errorf("%s: <%s %s=%q> points nowhere", name, n.Data, of, id)
				}
			}
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: <%s> has %s", name, n.Data, a.Key)
			}
			if (a.Key == "href" || a.Key == "src") && n.Data != "a" && strings.HasPrefix(a.Val, "http") && !strings.HasPrefix(a.Val, "https://kokeilu.example") {
				t.Errorf("%s: <%s> loads %s", name, n.Data, a.Val)
			}
		}
	}
}

func element(tag string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == tag }
}

func TestThePageOffersEveryLanguage(t *testing.T) {
	page := render(t, openSample(t), "sample/parts", sampleOf(t, "ru"))
	var switcher, alternates []string
	for _, n := range nodes(t, page, func(n *html.Node) bool { return attr(n, "hreflang") != "" }) {
		if n.Data == "a" {
			switcher = append(switcher, attr(n, "href")+" "+n.FirstChild.Data)
		} else {
			alternates = append(alternates, attr(n, "href"))
		}
	}
	want := []string{"/fi/experiments/x Suomi", "/sv/experiments/x Svenska", "/en/experiments/x English", "/ru/experiments/x Русский", "/kk/experiments/x Қазақша"}
	if !slices.Equal(switcher, want) {
		t.Errorf("switcher: got %q", switcher)
	}
	if len(alternates) != 5 || alternates[0] != "https://kokeilu.example/fi/experiments/x" {
		t.Errorf("alternates: got %q", alternates)
	}
}

func TestAPageKeptFromSearchEnginesSaysSoAndNamesNoAlternates(t *testing.T) {
	p := sampleOf(t, "en")
	p.NoIndex = true
	page := render(t, openSample(t), "error", p)
	if !strings.Contains(page, `<meta name="robots" content="noindex">`) || strings.Contains(page, `rel="canonical"`) || strings.Contains(page, `rel="alternate" hreflang`) {
		t.Error("noindex page has the wrong head")
	}
}

func TestTheHeaderFitsTheVisitor(t *testing.T) {
	theme, p := openSample(t), sampleOf(t, "en")
	known := render(t, theme, "error", p)
	p.Portal.Demo = false
	p.Visitor.ID = ""
	stranger := render(t, theme, "error", p)
	for text, want := range map[string][2]bool{
		`action="/sign-out"`: {true, false}, `href="/en/my-work"`: {true, false}, `3 things wait for you`: {true, false},
		`href="/en/sign-in?next=`: {false, true}, `class="demo`: {true, false},
	} {
		if got := [2]bool{strings.Contains(known, text), strings.Contains(stranger, text)}; got != want {
			t.Errorf("%s for known, stranger: got %v, want %v", text, got, want)
		}
	}
}

func TestAFragmentComesWithoutTheLayout(t *testing.T) {
	if got := render(t, openSample(t), "sample/piece", sampleOf(t, "en")); got != "<p>Next</p>" {
		t.Errorf("got %q", got)
	}
}

func TestRenderOfAnUnknownPageFails(t *testing.T) {
	if err := openSample(t).Render(&bytes.Buffer{}, "no/such", nil); err == nil {
		t.Error("no error")
	}
}

func TestAnOverlayReplacesOneFile(t *testing.T) {
	theme := open(t, fstest.MapFS{
		"templates/_parts/brand.html": {Data: []byte(`{{define "brand"}}<a class="brand" href="{{.URL}}"><img src="{{asset "logo.svg"}}" alt="Hyrynsalmi"></a>{{end}}`)},
		"static/logo.svg":             {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		"theme.css":                   {Data: []byte(`@layer theme{:root{--k-band:#04291a}}`)},
	})
	page := render(t, theme, "error", sampleOf(t, "fi"))
	if !strings.Contains(page, `alt="Hyrynsalmi"`) {
		t.Error("the header does not have the new logo")
	}
	if _, ok := theme.File(theme.Asset("logo.svg")); !ok {
		t.Error("the logo is not served")
	}
	css, _ := theme.File(theme.Asset("civic.css"))
	if !strings.HasSuffix(string(css.Body), "@layer theme{:root{--k-band:#04291a}}") {
		t.Error("theme.css does not come last")
	}
}

func TestABrokenThemeFailsAtTheStartAndSaysWhere(t *testing.T) {
	page := func(main string) string {
		return `{{define "title"}}x{{end}}` + "\n" + `{{define "main"}}` + main + `{{end}}`
	}
	for name, tt := range map[string]struct{ file, text, want string }{
		"a template that does not parse":       {"templates/a/b.html", page("\n{{if}}"), "templates/a/b.html:3"},
		"a part that does not exist":           {"templates/a/b.html", page("{{template \"nosuch\" .}}"), "templates/a/b.html:2"},
		"a function that does not exist":       {"templates/a/b.html", page("{{nosuch}}"), "templates/a/b.html:2"},
		"an attribute that is never closed":    {"templates/a/b.html", page(`<a href="{{.Lang}}>`), "templates/a/b.html"},
		"a page without a title":               {"templates/a/b.html", `{{define "main"}}{{end}}`, "templates/a/b.html"},
		"a style attribute":                    {"templates/a/b.html", page("\n\n<p style=\"color:red\">"), "templates/a/b.html:4"},
		"an inline handler":                    {"templates/_parts/x.html", "<b\nonclick=\"x()\">", "templates/_parts/x.html:1"},
		"an inline script":                     {"templates/layout.html", "<script>x()</script>", "templates/layout.html:1"},
		"a picture whose kind nobody can tell": {"static/logo.zzz", "x", "static/logo.zzz"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := themes.Open(fstest.MapFS{tt.file: {Data: []byte(tt.text)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestFilesHaveAddressesThatFollowTheirBytes(t *testing.T) {
	one, two := open(t, nil), open(t, nil)
	changed := open(t, fstest.MapFS{"theme.css": {Data: []byte(":root{--k-band:#000}")}})
	for _, name := range []string{"civic.css", "civic.js", "icons.svg", "favicon.svg"} {
		at := one.Asset(name)
		if !regexp.MustCompile(`^/assets/[a-z]+\.[0-9a-f]{12}\.[a-z]+$`).MatchString(at) || at != two.Asset(name) {
			t.Errorf("%s: %q, then %q", name, at, two.Asset(name))
		}
		f, ok := one.File(at)
		if !ok || len(f.Body) == 0 || f.Type == "" || !strings.HasPrefix(f.ETag, `"`) {
			t.Errorf("%s: not served well", name)
		}
		if same := changed.Asset(name) == at; same != (name != "civic.css") {
			t.Errorf("%s: address kept = %v after theme.css changed", name, same)
		}
	}
	if _, ok := one.File("/assets/civic.000000000000.css"); ok || one.Asset("no.css") != "" {
		t.Error("a file that is not there is served")
	}
}

func TestTheFirstVisitIsSmall(t *testing.T) {
	theme, sum := open(t, nil), 0
	for _, name := range []string{"civic.css", "civic.js", "icons.svg", "favicon.svg"} {
		f, _ := theme.File(theme.Asset(name))
		if f.Gzip != nil {
			sum += len(f.Gzip)
		} else {
			sum += len(f.Body)
		}
	}
	if sum > 40_000 {
		t.Errorf("files of the theme take %d bytes compressed, at most 40 000 so that a first visit stays below 60 KB", sum)
	}
}

func TestTheScriptStaysSmall(t *testing.T) {
	f, _ := open(t, nil).File(open(t, nil).Asset("civic.js"))
	if n := bytes.Count(f.Body, []byte("\n")); n > 100 {
		t.Errorf("civic.js has %d lines, at most 100", n)
	}
}

// Every icon that a template names by a word exists; a name that comes from
// data falls back to a dot.
func TestEveryNamedIconIsInTheSprite(t *testing.T) {
	named := regexp.MustCompile(`(?:icon|tag "[a-z0-9]+"|empty \$) "([a-z0-9_-]+)"`)
	var names []string
	err := fs.WalkDir(os.DirFS("."), "civic/templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var calls []string
	for _, name := range names {
		calls = append(calls, `icon "`+name+`"`)
	}
	for i, out := range draw(t, drawingData(t, "en"), calls...) {
		if strings.Contains(out, "#i-dot") && names[i] != "dot" {
			t.Errorf("no icon %q", names[i])
		}
	}
}
