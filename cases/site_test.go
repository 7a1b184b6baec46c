package cases_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/themes"
)

const portalURL = "https://kokeilu.test"

var (
	realTheme   = sync.OnceValues(func() (*themes.Theme, error) { return themes.Open(nil) })
	realLocales = sync.OnceValues(func() (*i18n.Bundle, error) { return i18n.Load(content.Locales(), time.UTC) })
)

// site is a bank that is served with the real theme and the real words.
type site struct {
	*bank
	t   *testing.T
	app *fiber.App
}

// PublicName names people as the accounts would.
func (b *bank) PublicName(_ context.Context, person, _ string) string { return "Name of " + person }

// SimilarCase finds one thing that is always alike.
func (b *bank) SimilarCase(context.Context, string, string, int) ([]cases.Related, error) {
	return []cases.Related{{Kind: "experiment", Title: "A running one", Lang: "sv", Path: "/experiments/x", Place: "Kemi"}}, nil
}

func newSite(t *testing.T) *site {
	t.Helper()
	theme, err := realTheme()
	if err != nil {
		t.Fatal(err)
	}
	locales, err := realLocales()
	if err != nil {
		t.Fatal(err)
	}
	b := newBank(t, storetest.Bolt(t))
	b.People, b.Similar = b, b
	people := map[string]accounts.Actor{}
	for _, a := range []accounts.Actor{author, colleague, moderator, member, coordinator(oulu), coordinator(kemi), coordinator(sunds)} {
		people[a.ID] = a
	}
	kit := &web.Kit{
		Portal: web.Portal{Name: "Kokeilu", PublicURL: portalURL, Contact: "portal@kokeilu.test"}, Locales: locales, Theme: theme,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), Now: func() time.Time { return b.now },
	}
	kit.Visit = func(c *fiber.Ctx) web.Visitor {
		a := accounts.ActorOf(c)
		return web.Visitor{ID: a.ID, Name: a.Name}
	}
	app := kit.NewApp(nil)
	app.Use(func(c *fiber.Ctx) error {
		if a, ok := people[c.Get("X-Test-As")]; ok {
			c.Locals("visit", accounts.Visit{Actor: a})
			c.SetUserContext(accounts.WithActor(c.UserContext(), a))
		}
		return c.Next()
	})
	(&cases.Handlers{Web: kit, Cases: b.Service}).Register(app, kit.Routes(app))
	cases.RegisterAPI(kit.NewAPI(app), b.Service)
	return &site{bank: b, t: t, app: app}
}

// answer is what the site said.
type answer struct {
	*http.Response
	body string
}

func (a answer) location() string { return a.Header.Get("Location") }

func (s *site) send(r *http.Request, as string, headers ...string) answer {
	s.t.Helper()
	r.Header.Set("X-Test-As", as)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.app.Test(r, -1)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(text)}
}

// get asks for a page and checks the HTML that came.
func (s *site) get(path, as string, headers ...string) answer {
	s.t.Helper()
	a := s.send(httptest.NewRequest(http.MethodGet, path, nil), as, headers...)
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		checkPage(s.t, path, a.body)
	}
	return a
}

// post sends a form given as name, value, name, value.
func (s *site) post(path, as string, fields ...string) answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://example.com") // httptest's host
	a := s.send(r, as)
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		checkPage(s.t, path, a.body)
	}
	return a
}

// json sends a body to the interface for programs.
func (s *site) json(path, as, body string, headers ...string) answer {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "http://example.com")
	return s.send(r, as, headers...)
}

// checkPage looks at what every page must have: one h1, ids that are there
// once, links inside the page that lead somewhere, words for every key.
func checkPage(t *testing.T, path, text string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	ids, inside, headings := map[string]int{}, []string{}, 0
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			for _, word := range strings.Fields(n.Data) {
				if keyShown.MatchString(word) || strings.Contains(word, "%!") {
					t.Errorf("%s shows the key %q", path, word)
				}
			}
		}
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "h1" {
			headings++
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style":
				t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"), a.Key == "for", a.Key == "aria-labelledby", a.Key == "aria-describedby":
				target, err := url.PathUnescape(strings.TrimPrefix(a.Val, "#"))
				if err != nil {
					t.Errorf("%s: %q: %v", path, a.Val, err)
				}
				inside = append(inside, strings.Fields(target)...)
			}
		}
	}
	if headings != 1 {
		t.Errorf("%s has %d first headings", path, headings)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s has the id %q %d times", path, id, n)
		}
	}
	for _, id := range inside {
		if ids[id] == 0 {
			t.Errorf("%s leads to #%s, which is not there", path, id)
		}
	}
}

// keyShown is a translation key that has no words.
var keyShown = regexp.MustCompile(`^(case|topten|feed|theme|outcome|stage|content)\.[a-z]`)

// attribute returns an attribute of the first element that fits.
func attribute(t *testing.T, text, element, key string, fits func(map[string]string) bool) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != element {
			continue
		}
		attrs := map[string]string{}
		for _, a := range n.Attr {
			attrs[a.Key] = a.Val
		}
		if fits == nil || fits(attrs) {
			return attrs[key]
		}
	}
	return ""
}
