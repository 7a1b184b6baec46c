package weeks_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/experiments/weeks"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/themes"
)

var civic = sync.OnceValues(func() (*themes.Theme, error) { return themes.Open(nil) })

// site serves the pages of a world. The header As says who asks.
func (w *world) site() *fiber.App {
	w.t.Helper()
	theme, err := civic()
	w.must(err)
	kit := &web.Kit{
		Portal:  web.Portal{Name: "Kokeilu", PublicURL: "https://kokeilu.example"},
		Locales: w.locales, Theme: theme, Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)), Now: w.clock,
		Visit: func(c *fiber.Ctx) web.Visitor { return web.Visitor{ID: accounts.ActorOf(c).ID} },
	}
	app := kit.NewApp(nil)
	app.Use(func(c *fiber.Ctx) error {
		actor := w.actors[c.Get("As")]
		c.Locals("visit", accounts.Visit{Actor: actor})
		c.SetUserContext(accounts.WithActor(c.UserContext(), actor))
		return c.Next()
	})
	(&weeks.Handlers{Web: kit, Weeks: w.Service}).Register(kit.Routes(app))
	weeks.RegisterAPI(kit.NewAPI(app), w.Service)
	return app
}

// answer is a page, or where it leads.
type answer struct {
	status         int
	location, kind string
	body           string
}

func visit(t *testing.T, app *fiber.App, as, path string, form url.Values) answer {
	t.Helper()
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Host = "kokeilu.example"
	req.Header.Set("As", as)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header.Get("Location"), resp.Header.Get("Content-Type"), string(raw)}
}

// has looks for words in a page as a reader sees it.
func (a answer) has(t *testing.T, words ...string) {
	t.Helper()
	text := a.text(t)
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing in:\n%s", w, text)
		}
	}
}

func (a answer) hasNot(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			t.Errorf("%q must not be there", w)
		}
	}
}

// text is the words of the page's main part, one space between them.
func (a answer) text(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for n := range a.root(t).Descendants() {
		if n.Type != html.ElementNode || n.Data != "main" {
			continue
		}
		for c := range n.Descendants() {
			if c.Type == html.TextNode {
				b.WriteString(c.Data + " ")
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (a answer) root(t *testing.T) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// sound checks what holds for every page: one h1, the language, labels, ids
// that are there once, and no text without words.
func (a answer) sound(t *testing.T, name, lang string) {
	t.Helper()
	ids, labels, controls, headings := map[string]int{}, map[string]bool{}, []string{}, 0
	for n := range a.root(t).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		switch n.Data {
		case "html":
			if attr(n, "lang") != lang {
				t.Errorf("%s: lang = %q, want %q", name, attr(n, "lang"), lang)
			}
		case "h1":
			headings++
		case "label":
			labels[attr(n, "for")] = true
		case "input", "select", "textarea":
			if attr(n, "type") != "hidden" {
				controls = append(controls, attr(n, "id"))
			}
		}
	}
	if headings != 1 {
		t.Errorf("%s: %d h1, want one", name, headings)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: id %q is there %d times", name, id, n)
		}
	}
	for _, id := range controls {
		if !labels[id] {
			t.Errorf("%s: control %q has no label", name, id)
		}
	}
	for _, wrong := range []string{"weeks.", "%!", "<no value>"} {
		if strings.Contains(a.text(t), wrong) {
			t.Errorf("%s shows %q", name, wrong)
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
