package funding_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments/funding"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/themes"
)

// site is a house with its pages and its API. Whoever asks is named by a
// header: signing in is the business of accounts.
type site struct {
	*house
	app *fiber.App
}

// locales and theme are loaded once for all tests.
var (
	locales = sync.OnceValue(func() *i18n.Bundle {
		b, err := i18n.Load(content.Locales(), helsinki)
		if err != nil {
			panic(err)
		}
		return b
	})
	theme = sync.OnceValue(func() *themes.Theme {
		t, err := themes.Open(nil)
		if err != nil {
			panic(err)
		}
		return t
	})
)

// onSite runs fn with the pages of an empty house.
func onSite(t *testing.T, fn func(t *testing.T, s *site)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, st store.Store) {
		h := newHouse(t, st)
		kit := &web.Kit{
			Portal:  web.Portal{Name: "Kokeilu", PublicURL: "https://kokeilu.example"},
			Locales: locales(), Theme: theme(), Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: h.clock,
		}
		kit.Visit = func(c *fiber.Ctx) web.Visitor {
			a := accounts.ActorIn(c.UserContext())
			return web.Visitor{ID: a.ID, Name: a.Name}
		}
		app := kit.NewApp(nil)
		app.Use(func(c *fiber.Ctx) error {
			if id := c.Get("X-Actor"); id != "" {
				a := h.again(t, id)
				c.SetUserContext(accounts.WithActor(c.UserContext(), a))
				c.Locals("visit", accounts.Visit{Actor: a})
			}
			return c.Next()
		})
		(&funding.Handlers{Web: kit, Funding: h.Service}).Register(app, kit.Routes(app))
		funding.RegisterAPI(kit.NewAPI(app), h.Service)
		fn(t, &site{house: h, app: app})
	})
}

// answer is what came back: status, place to go, text and header.
type answer struct {
	code     int
	location string
	body     string
	header   http.Header
}

func (s *site) send(t testing.TB, as accounts.Actor, r *http.Request) answer {
	t.Helper()
	if as.ID != "" {
		r.Header.Set("X-Actor", as.ID)
	}
	res, err := s.app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header.Get("Location"), string(body), res.Header}
}

func (s *site) get(t testing.TB, as accounts.Actor, path string) answer {
	t.Helper()
	return s.send(t, as, httptest.NewRequest(http.MethodGet, path, nil))
}

func (s *site) post(t testing.TB, as accounts.Actor, path string, fields ...string) answer {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(t, as, r)
}

func (s *site) api(t testing.TB, as accounts.Actor, method, path, body, key string) answer {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	return s.send(t, as, r)
}

// untranslated is a key in the place of its text, or a verb without its value.
var untranslated = regexp.MustCompile(`^(request|call|done|theme|experiment)\.[a-z_]+|%!`)

// wellMade fails for a page without its language, landmark or heading, with a
// translation that is missing, or with two elements of one id.
func wellMade(t *testing.T, path, body string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	must(t, err)
	count, ids := map[string]int{}, map[string]bool{}
	lang := ""
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			for _, word := range strings.Fields(n.Data) {
				if untranslated.MatchString(word) {
					t.Errorf("%s: a text is missing: %s", path, word)
				}
			}
		}
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		for _, a := range n.Attr {
			switch {
			case a.Key == "id" && ids[a.Val] && n.Namespace == "":
				t.Errorf("%s: the id %q is there twice", path, a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "lang" && n.Data == "html":
				lang = a.Val
			}
		}
	}
	if count["h1"] != 1 || count["main"] != 1 || lang == "" || !strings.HasPrefix(path, "/"+lang) {
		t.Errorf("%s: %d h1, %d main, language %q", path, count["h1"], count["main"], lang)
	}
}
