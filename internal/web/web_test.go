package web_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// plain renders a page as the fields a test looks at.
type plain struct{}

func (plain) Render(w io.Writer, name string, data any) error {
	_, err := fmt.Fprintf(w, "%s %+v", name, data)
	return err
}

func kit(t *testing.T) *web.Kit {
	t.Helper()
	locales, err := i18n.Load(fstest.MapFS{"e.fi.toml": {Data: []byte("\"error.not_found\" = \"Sivua ei ole\"\n\"done.saved\" = \"Tallennettu\"\n")}}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return &web.Kit{Portal: web.Portal{Name: "Kokeilu", PublicURL: "http://kokeilu.test"}, Locales: locales, Theme: plain{}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
}

func server(t *testing.T) *fiber.App {
	t.Helper()
	k := kit(t)
	app := k.NewApp(nil)
	pages := k.Routes(app)
	pages.Get("/cases/:id", func(c *fiber.Ctx) error { return c.SendString(web.Lang(c) + " " + c.Params("id")) })
	pages.Get("/fails", func(*fiber.Ctx) error { return errors.New("disk on fire at /var/secret") })
	pages.Get("/closed", func(*fiber.Ctx) error { return fault.New(fault.Unauthenticated, "k") })
	pages.Post("/form", func(c *fiber.Ctx) error {
		f, err := k.Form(c)
		if err != nil {
			return err
		}
		return k.Again(c, "", f, fault.New(fault.Invalid, "error.not_found").On("title"), func(p web.Page) error {
			return k.Render(c, "form", p.Value("title")+"|"+p.Wrong("title"))
		})
	})
	return app
}

func request(method, path, body string) *http.Request {
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Host = "kokeilu.test"
	return req
}

func do(t *testing.T, app *fiber.App, req *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestRequests(t *testing.T) {
	app := server(t)
	tests := map[string]struct {
		method, path string
		header       map[string]string
		status       int
		holds        string
	}{
		"a page below a language":             {"GET", "/fi/cases/abc", nil, 200, "fi abc"},
		"no language":                         {"GET", "/xx/cases/abc", nil, 404, ""},
		"a missing page, in the page's words": {"GET", "/fi/nothing", nil, 404, ""},
		"a wrong method":                      {"DELETE", "/fi/cases/abc", nil, 405, ""},
		"a slash at the end":                  {"GET", "/fi/cases/abc/", nil, 301, ""},
		"a closed page leads to sign-in":      {"GET", "/fi/closed?a=b", nil, 303, ""},
		"a packed body":                       {"POST", "/fi/form", map[string]string{"Content-Encoding": "gzip"}, 415, ""},
		"another site's form":                 {"POST", "/fi/form", map[string]string{"Origin": "http://evil.test"}, 403, ""},
		"a form of another site's frame":      {"POST", "/fi/form", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			req := request(tt.method, tt.path, "")
			for k, v := range tt.header {
				req.Header.Set(k, v)
			}
			resp, body := do(t, app, req)
			if resp.StatusCode != tt.status || !strings.Contains(body, tt.holds) {
				t.Errorf("%d %q, want %d with %q", resp.StatusCode, body, tt.status, tt.holds)
			}
			if resp.Header.Get("Content-Security-Policy") == "" || resp.Header.Get("Set-Cookie") != "" {
				t.Errorf("headers %v: want a policy and no cookie", resp.Header)
			}
		})
	}
}

func TestOwnFailureTellsNothing(t *testing.T) {
	resp, body := do(t, server(t), request("GET", "/fi/fails", ""))
	if resp.StatusCode != 500 || strings.Contains(body, "secret") || strings.Contains(body, "fire") {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
}

func TestAnErrorPageMayAskTheStore(t *testing.T) {
	k := kit(t)
	k.Visit = func(*fiber.Ctx) web.Visitor { return web.Visitor{ID: "p1"} }
	asked := errors.New("not asked")
	k.Waiting = func(c *fiber.Ctx) int {
		asked = web.Context(c).Err()
		return 3
	}
	app := k.NewApp(nil)
	k.Routes(app).Get("/fails", func(*fiber.Ctx) error { return fault.New(fault.NotFound, "error.not_found") })
	if do(t, app, request("GET", "/fi/fails", "")); asked != nil {
		t.Errorf("the header of the error page: %v", asked)
	}
}

func TestRefusedFormKeepsWhatWasTyped(t *testing.T) {
	req := request("POST", "/fi/form", "title=Kirje&_key=abc")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "http://kokeilu.test")
	resp, body := do(t, server(t), req)
	if resp.StatusCode != 422 || !strings.Contains(body, "Kirje|Sivua ei ole") {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
}

func TestStatus(t *testing.T) {
	tests := map[string]struct {
		err  error
		want int
	}{
		"unclassified":        {errors.New("disk on fire"), 500},
		"classified, wrapped": {fmt.Errorf("publish %q: %w", "x", fault.New(fault.Invalid, "k")), 422},
		"from the router":     {fiber.ErrMethodNotAllowed, 405},
		"no room":             {fault.New(fault.Full, "k"), 507},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := web.Status(tt.err); got != tt.want {
				t.Errorf("Status(%v) = %d, want %d", tt.err, got, tt.want)
			}
		})
	}
}

func TestSafeNextStaysHere(t *testing.T) {
	for next, want := range map[string]string{
		"/fi/my-work": "/fi/my-work", "": "/d", "//evil.test": "/d", "https://evil.test": "/d", "/\\evil.test": "/d", "javascript:alert(1)": "/d",
		"/a\r\nSet-Cookie: x": "/d", "/fi/search?q=a b": "/fi/search?q=a b",
	} {
		if got := web.SafeNext(next, "/d"); got != want {
			t.Errorf("SafeNext(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestParseCents(t *testing.T) {
	tests := map[string]struct {
		cents int64
		ok    bool
	}{
		"1": {100, true}, "1 234,50": {123450, true}, "1234.5": {123450, true}, "0": {0, true}, "9999999999,99": {999999999999, true},
		"": {0, false}, "-5": {0, false}, "1,234": {0, false}, "1e9": {0, false}, "12345678901": {0, false}, ",5": {0, false}, "5,": {0, false}, "٣": {0, false},
	}
	for typed, tt := range tests {
		cents, ok := web.ParseCents(typed)
		if ok != tt.ok || ok && cents != tt.cents {
			t.Errorf("ParseCents(%q) = %d, %v; want %d, %v", typed, cents, ok, tt.cents, tt.ok)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for typed, want := range map[string]float64{"1,5": 1.5, "-3": -3, "1 000": 1000, "0.25": 0.25} {
		if got, ok := web.ParseNumber(typed); !ok || got != want {
			t.Errorf("ParseNumber(%q) = %v, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "NaN", "Inf", "1e5", "0x10", "a", "1_000", "1.2.3"} {
		if got, ok := web.ParseNumber(typed); ok {
			t.Errorf("ParseNumber(%q) = %v, want refused", typed, got)
		}
	}
}

func TestCleanText(t *testing.T) {
	for typed, want := range map[string]string{"a\r\nb\rc": "a\nb\nc", "a\x00b\x1bc": "abc", "ä\ufeffö": "äö", "tab\tstays": "tab\tstays"} {
		if got, ok := web.CleanText(typed); !ok || got != want {
			t.Errorf("CleanText(%q) = %q, %v", typed, got, ok)
		}
	}
	if _, ok := web.CleanText("\xff\xfe"); ok {
		t.Error("bytes that are no UTF-8 were accepted")
	}
}

func TestShortIP(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.77": "192.0.2.0", "2001:db8:1:2::3": "2001:db8:1::", "2001:db8::3": "2001:db8::", "fe80::1%eth0": "fe80::",
		"::ffff:192.0.2.77": "192.0.2.0", "": "", "garbage": "",
	} {
		if got := web.ShortIP(ip); got != want {
			t.Errorf("ShortIP(%q) = %q, want %q", ip, got, want)
		}
	}
}

func TestLimiter(t *testing.T) {
	l := &web.Limiter{Max: 2, Window: time.Minute}
	at := time.Unix(0, 0)
	for i, want := range []bool{true, true, false} {
		if got := l.Allow("a", at) == nil; got != want {
			t.Errorf("act %d allowed: %v, want %v", i+1, got, want)
		}
	}
	if l.Allow("b", at) != nil || l.Allow("a", at.Add(time.Minute)) != nil {
		t.Error("another key, or another window, was refused")
	}
}

func TestWhoComesWhileTooMuchIsWorkedOnIsToldToComeAgain(t *testing.T) {
	k := kit(t)
	app := k.NewApp(nil)
	const many = 600
	release := make(chan struct{})
	k.Routes(app).Get("/slow", func(c *fiber.Ctx) error {
		<-release
		return c.SendString("done")
	})
	answers := make(chan *http.Response, many)
	for range many {
		go func() {
			resp, err := app.Test(request("GET", "/fi/slow", ""), -1)
			if err != nil {
				t.Error(err)
			}
			answers <- resp
		}()
	}
	refused := <-answers // before anybody was let through
	close(release)
	if refused == nil || refused.StatusCode != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" {
		t.Fatalf("the first answer is %v, want 503 and when to come again", refused)
	}
	served := 0
	for range many - 1 {
		if resp := <-answers; resp != nil && resp.StatusCode == http.StatusOK {
			served++
		}
	}
	if served < 500 {
		t.Errorf("%d were served, want those that came first", served)
	}
}
