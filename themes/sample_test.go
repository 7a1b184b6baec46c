package themes_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/themes"
)

// samplePage has what the pages in testdata/sample print: every part, field
// and drawing once.
type samplePage struct {
	web.Page
	Readings []float64
	States   []string
	Lists    []string
	Weeks    []int
	Themes   []web.Option
	// what error.html prints
	Status               int
	Title, Text, Request string
}

func sampleOf(t *testing.T, lang string) samplePage {
	t.Helper()
	locales, err := i18n.Load(os.DirFS("../content/locales"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	p := samplePage{
		Readings: []float64{530, 522, 468, 430, 412},
		States:   []string{"done", "done", "", "", "late", "", "moved", "now", "todo", "todo", "", ""},
		Lists:    []string{"Käytännöt", "Opit", "Pienet kunnat"},
		Themes:   []web.Option{{Value: "health", Label: "Terveys", Help: "Koko kunnassa"}, {Value: "homes", Label: "Asuminen", Help: "Yhdessä kylässä"}},
		Status:   404, Title: locales.For(lang).T("error.status_not_found"), Text: locales.For(lang).T("error.status_not_found_text"), Request: "AB12",
	}
	for i := range 34 {
		p.Weeks = append(p.Weeks, i*11/33+1)
	}
	p.Page = web.Page{
		Printer: locales.For(lang), Portal: web.Portal{Name: "Kokeilu", PublicURL: "https://kokeilu.example", Demo: true, Contact: "portal@kokeilu.example"},
		Visitor: web.Visitor{ID: "p1", Name: "Aino, kehittäjä", Waiting: 3}, Now: time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC), Section: "experiments",
		Path: "/experiments/x", Notice: "Tallennettu.", Feeds: []web.Feed{{Title: "Kokeilut", Path: "feeds/experiments"}},
		Crumbs: []web.Crumb{{Title: "Kokeilut", URL: "/fi/experiments"}, {Title: "Kotihoidon reitit", URL: "/fi/experiments/x"}},
	}
	p.Page = p.WithKey("KEY")
	return p
}

// refused is the sample page after a form that was not accepted.
func refused(p samplePage) samplePage {
	form := web.Form{Sent: true, Values: map[string][]string{"title": {"Liian <pitkä> otsikko"}, "type": {"micro"}, "skills": {"data"}, "hours": {"kaksi"}}}
	p.Page = p.Refused(form, fault.Join(
		fault.New(fault.Invalid, "error.text_unreadable").On("title"), fault.New(fault.Invalid, "error.busy").On("type"),
		fault.New(fault.Invalid, "error.busy").On("hours"), fault.New(fault.Invalid, "error.busy").On("need"), fault.New(fault.Invalid, "error.busy").On("code"),
		fault.New(fault.Invalid, "error.too_often")))
	return p
}

func openSample(t *testing.T) *themes.Theme {
	t.Helper()
	theme, err := sampleTheme()
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

var sampleTheme = sync.OnceValues(func() (*themes.Theme, error) { return themes.Open(os.DirFS("testdata/sample")) })

// civic is the theme without an overlay, opened once: it never changes.
var civic = sync.OnceValues(func() (*themes.Theme, error) { return themes.Open(nil) })

func open(t *testing.T, overlay fs.FS) *themes.Theme {
	t.Helper()
	opens := civic
	if overlay != nil {
		opens = func() (*themes.Theme, error) { return themes.Open(overlay) }
	}
	theme, err := opens()
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

func render(t *testing.T, theme *themes.Theme, name string, data any) string {
	t.Helper()
	var b bytes.Buffer
	if err := theme.Render(&b, name, data); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// nodes returns the elements of a page for which want is true.
func nodes(t *testing.T, page string, want func(*html.Node) bool) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && want(n) {
			found = append(found, n)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestPreview writes the sample pages as files that a browser can open, when
// KOKEILU_PREVIEW names a folder.
func TestPreview(t *testing.T) {
	dir := os.Getenv("KOKEILU_PREVIEW")
	if dir == "" {
		t.Skip("KOKEILU_PREVIEW is not set")
	}
	theme := openSample(t)
	write := func(name string, body []byte) {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"civic.css", "civic.js", "icons.svg", "favicon.svg"} {
		f, _ := theme.File(theme.Asset(name))
		write(theme.Asset(name), f.Body)
	}
	for _, lang := range i18n.Languages {
		for _, name := range []string{"parts", "front", "form"} {
			write(lang+"/"+name+".html", []byte(render(t, theme, "sample/"+name, sampleOf(t, lang))))
		}
		write(lang+"/refused.html", []byte(render(t, theme, "sample/form", refused(sampleOf(t, lang)))))
		write(lang+"/error.html", []byte(render(t, theme, "error", sampleOf(t, lang))))
	}
}
