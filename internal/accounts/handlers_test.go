package accounts_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
	"github.com/kokeilu/kokeilu/internal/web"
)

// site is a world that is served.
type site struct {
	*world
	app *fiber.App
	kit *web.Kit
}

// plainTheme prints the name of a page and what its view-model holds, without
// what differs between two requests.
type plainTheme struct{}

func (plainTheme) Render(w io.Writer, name string, data any) error {
	v := reflect.ValueOf(data)
	fmt.Fprintf(w, "page %s\n", name)
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Name != "Page" {
			fmt.Fprintf(w, "%s: %+v\n", f.Name, v.Field(i).Interface())
		}
	}
	if p, ok := v.FieldByName("Page").Interface().(web.Page); ok {
		fmt.Fprintf(w, "notice: %s\nfindings: %v\ntyped: %v\nvisitor: %+v\n", p.Notice, p.Findings(), p.Form.Values, p.Visitor)
	}
	return nil
}

func newSite(t *testing.T, change ...func(*accounts.Handlers)) *site {
	t.Helper()
	w := newWorld(t, storetest.Bolt(t))
	kit := &web.Kit{
		Portal: web.Portal{Name: "Kokeilu", PublicURL: portalURL}, Locales: w.Locales, Theme: plainTheme{},
		Log: slog.New(slog.DiscardHandler), Now: w.clock,
	}
	h := &accounts.Handlers{Web: kit, Accounts: w.Service}
	for _, f := range change {
		f(h)
	}
	app := kit.NewApp([]string{"0.0.0.0"}) // what app.Test says requests come from
	app.Use(h.Identify)
	h.Register(app, kit.Routes(app))
	app.Get("/en/my-work", func(c *fiber.Ctx) error {
		if !accounts.ActorOf(c).SignedIn() {
			return accounts.ErrSignIn
		}
		return kit.Render(c, "my-work", struct{ web.Page }{kit.Page(c, "")})
	})
	accounts.RegisterAPI(kit.NewAPI(app), w.Service)
	return &site{world: w, app: app, kit: kit}
}

func demo(h *accounts.Handlers) { h.Demo = true }

// answer is what the site said.
type answer struct {
	*http.Response
	body string
}

// cookie is the session cookie the answer sets, or "".
func (a answer) cookie() string {
	for _, c := range a.Cookies() {
		if strings.HasSuffix(c.Name, "session") {
			return c.Value
		}
	}
	return ""
}

func (a answer) location() string { return a.Header.Get("Location") }

// header changes a request.
type header struct{ name, value string }

func as(cookie string) header { return header{"Cookie", "session=" + cookie} }

func (s *site) do(method, path, contentType, body string, headers ...header) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" || method == http.MethodPost {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Origin", "http://example.com") // httptest's host
	}
	for _, h := range headers {
		r.Header.Set(h.name, h.value)
		if h.value == "" {
			r.Header.Del(h.name)
		}
	}
	res, err := s.app.Test(r, -1)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res, string(raw)}
}

func (s *site) get(path string, headers ...header) answer {
	s.t.Helper()
	return s.do(http.MethodGet, path, "", "", headers...)
}

func (s *site) send(path, form string, headers ...header) answer {
	s.t.Helper()
	return s.do(http.MethodPost, path, fiber.MIMEApplicationForm, form, headers...)
}

// in begins a session and returns its cookie.
func (s *site) in(p accounts.Person) header { return as(s.begin(p, "")) }

// want checks status, where a redirect leads (if not empty) and what must be
// in the page.
func (s *site) want(got answer, status int, location string, contains ...string) {
	s.t.Helper()
	if got.StatusCode != status || location != "" && got.location() != location {
		s.t.Errorf("%s %s: %d to %q, want %d to %q\n%.400s", got.Request.Method, got.Request.URL, got.StatusCode, got.location(), status, location, got.body)
	}
	for _, text := range contains {
		if !strings.Contains(got.body, text) {
			s.t.Errorf("%s %s: %q is missing in\n%s", got.Request.Method, got.Request.URL, text, got.body)
		}
	}
}

func TestSignInByMailOverHTTP(t *testing.T) {
	s := newSite(t)
	s.person("aino@x.example", "member/FI:020")
	s.want(s.get("/en/sign-in?next=/en/cases/abc"), 200, "", "page accounts/sign_in", "Next: /en/cases/abc")
	if got := s.get("/en/sign-in").Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the page with a one-time key is kept: %q", got)
	}
	s.want(s.send("/en/sign-in", "email=Aino@x.example&next=/en/cases/abc"), 303, "/en/sign-in/sent")
	s.want(s.get("/en/sign-in/sent"), 200, "", "page accounts/sign_in_sent")
	m := linkRE.FindStringSubmatch(s.mail()[0].Text)
	path := "/en/sign-in/" + m[3]
	for range 3 {
		looked := s.get(path)
		s.want(looked, 200, "", "page accounts/sign_in_confirm", "aino@x.example")
		if looked.cookie() != "" || looked.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("looking at the link: cookie %q, %q", looked.cookie(), looked.Header.Get("Cache-Control"))
		}
	}
	used := s.send(path, "")
	s.want(used, 303, "/en/cases/abc")
	s.want(s.get("/en/my-work", as(used.cookie())), 200, "", "page my-work")
	s.want(s.send(path, ""), 410, "", "page accounts/sign_in", "used already")
	s.want(s.get(path), 410, "", "page accounts/sign_in")
}

func TestLogsHoldNoLinks(t *testing.T) {
	s := newSite(t)
	var logged strings.Builder
	s.kit.AccessLog = true
	s.kit.Log = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.person("aino@x.example")
	_, signIn := s.link("aino@x.example")
	_, join := s.link("bo@elsewhere.example")
	s.get("/en/sign-in/" + signIn)
	s.send("/en/sign-in/"+signIn, "")
	s.get("/en/join/" + join)
	if text := logged.String(); !strings.Contains(text, "/en/sign-in/…") || strings.Contains(text, signIn) || strings.Contains(text, join) {
		t.Errorf("the log: %s", text)
	}
}

func TestCookies(t *testing.T) {
	s := newSite(t, demo)
	if _, err := s.AddDemo(t.Context(), "developer", accounts.NewPerson{Lang: "en"}); err != nil {
		t.Fatal(err)
	}
	plain := s.send("/demo/sign-in", "as=developer").Header.Get("Set-Cookie")
	for _, part := range []string{"session=", "; path=/", "; HttpOnly", "; SameSite=Lax", "; max-age=604800"} {
		if !strings.Contains(plain, part) {
			t.Errorf("cookie %q lacks %q", plain, part)
		}
	}
	if strings.Contains(plain, "secure") || strings.Contains(plain, "domain") {
		t.Errorf("over plain HTTP: %q", plain)
	}
	https := []header{{"X-Forwarded-Proto", "https"}, {"Origin", "https://example.com"}}
	in := s.send("/demo/sign-in", "as=developer", https...)
	if got := in.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-session=") || !strings.Contains(got, "; secure") || !strings.Contains(got, "; path=/") {
		t.Errorf("behind a proxy with HTTPS: %q", got)
	}
	s.want(s.get("/en/my-work", append(https, header{"Cookie", "__Host-session=" + in.cookie()})...), 200, "")
	s.want(s.get("/en/my-work", append(https, as(in.cookie()))...), 303, "") // the name without the promise
	for _, path := range []string{"/en/sign-in", "/en/sign-in/sent", "/en/my-work", "/en/profile", "/nowhere"} {
		if got := s.get(path).Header.Get("Set-Cookie"); got != "" {
			t.Errorf("%s sets a cookie for a stranger: %q", path, got)
		}
		if got := s.get(path, as("stale-stale-stale-stale-stale-stale")).Header.Get("Set-Cookie"); got != "" {
			t.Errorf("%s sets a cookie for a stale session: %q", path, got)
		}
	}
}

func TestFixationAndSignOut(t *testing.T) {
	s := newSite(t, demo)
	if _, err := s.AddDemo(t.Context(), "officer", accounts.NewPerson{}); err != nil {
		t.Fatal(err)
	}
	planted := strings.Repeat("A", 43)
	first := s.send("/demo/sign-in", "as=officer", as(planted)).cookie()
	if first == planted || s.get("/en/my-work", as(planted)).StatusCode == 200 {
		t.Error("a planted id was taken over")
	}
	second := s.send("/demo/sign-in", "as=officer", as(first)).cookie()
	if second == first {
		t.Error("signing in again keeps the id")
	}
	s.want(s.get("/en/my-work", as(first)), 303, "/en/sign-in?next=%2Fen%2Fmy-work")
	s.want(s.get("/sign-out", as(second)), 405, "")
	s.want(s.get("/en/my-work", as(second)), 200, "")
	out := s.send("/sign-out", "lang=sv", as(second))
	s.want(out, 303, "/sv")
	if got := out.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "session=;") {
		t.Errorf("signing out leaves the cookie: %q", got)
	}
	s.want(s.get("/en/my-work", as(second)), 303, "")
	s.want(s.send("/sign-out", ""), 303, "/en")
}

func TestForeignSitesChangeNothing(t *testing.T) {
	s := newSite(t, demo)
	if _, err := s.AddDemo(t.Context(), "officer", accounts.NewPerson{}); err != nil {
		t.Fatal(err)
	}
	cookie := as(s.send("/demo/sign-in", "as=officer").cookie())
	for name, h := range map[string]header{
		"another site": {"Origin", "https://evil.example"}, "no site": {"Origin", "null"}, "a lookalike": {"Origin", "http://example.com.evil.example"},
		"another port": {"Origin", "http://example.com:1"}, "as the browser says": {"Sec-Fetch-Site", "cross-site"}, "a sister": {"Sec-Fetch-Site", "same-site"},
	} {
		for path, form := range map[string]string{"/sign-out": "", "/demo/sign-in": "as=officer", "/en/sign-in": "email=a@x.example", "/en/profile": "name=Evil"} {
			got := s.send(path, form, cookie, h)
			if got.StatusCode != 403 || got.cookie() != "" {
				t.Errorf("%s, %s: %d, want 403", name, path, got.StatusCode)
			}
		}
	}
	s.want(s.get("/en/my-work", cookie), 200, "")
}

func TestOpenRedirects(t *testing.T) {
	s := newSite(t, demo)
	if _, err := s.AddDemo(t.Context(), "officer", accounts.NewPerson{}); err != nil {
		t.Fatal(err)
	}
	for _, next := range []string{
		"https://evil.example/", "//evil.example/", `/\evil.example/`, `\\evil.example`, "https:evil.example", "/\t/evil.example",
		"javascript:alert(1)", "http://127.0.0.1.evil.example/", "\r\nSet-Cookie:a=b", "", strings.Repeat("/a", 400),
	} {
		esc := url.QueryEscape(next)
		s.want(s.send("/demo/sign-in?next="+esc, "as=officer&lang=en&next="+esc), 303, "/en/my-work")
		if got := s.get("/en/sign-in?next=" + esc).body; strings.Contains(got, "evil") {
			t.Errorf("the page keeps %q: %s", next, got)
		}
	}
	s.want(s.send("/demo/sign-in", "as=officer&next=/fi/cases?q=1"), 303, "/fi/cases?q=1")
	s.want(s.send("/demo/sign-in?next=/fi/cases", "as=officer"), 303, "/fi/cases")
}

func TestDemoSignIn(t *testing.T) {
	s := newSite(t, demo)
	if _, err := s.AddDemo(t.Context(), "officer", accounts.NewPerson{Grants: []accounts.Grant{{Role: accounts.Officer}}}); err != nil {
		t.Fatal(err)
	}
	for range 40 { // not limited
		s.want(s.send("/demo/sign-in", "as=officer"), 303, "")
	}
	cookie := s.send("/demo/sign-in", "as=officer&lang=kk")
	s.want(cookie, 303, "/kk/my-work")
	s.want(s.get("/en/my-work", as(cookie.cookie())), 200, "", "DemoRole:officer", "MayDecide:true")
	for _, odd := range []string{"", "as=", "as=x", "as=OFFICER", "as=officer+", "as=officer%00", "as=../officer", "as=officer,officer", "as=%ff", "as=" + strings.Repeat("a", 100_000), "as=admin"} {
		got := s.send("/demo/sign-in", odd)
		s.want(got, 422, "")
		if got.cookie() != "" {
			t.Errorf("%.20q signs in", odd)
		}
	}
	if got := s.get("/demo/sign-in?as=officer"); got.cookie() != "" || got.StatusCode == 200 {
		t.Errorf("a GET signs in: %d", got.StatusCode)
	}
	s.want(newSite(t).send("/demo/sign-in", "as=officer"), 404, "")
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	s := newSite(t)
	s.person("known@x.example", "member/FI:020")
	say := func(email string) string {
		a := s.send("/en/sign-in", "email="+url.QueryEscape(email))
		sent := s.get(a.location())
		a.Header.Del("X-Request-Id")
		return fmt.Sprint(a.StatusCode, a.Header, a.body, sent.StatusCode, sent.body)
	}
	known := say("known@x.example")
	for _, other := range []string{"nobody@x.example", "new@akaa.example"} {
		if got := say(other); got != known {
			t.Errorf("%s: %s\nwant %s", other, got, known)
		}
	}
	s.want(s.send("/en/sign-in", "email=nonsense"), 422, "", "page accounts/sign_in", "email This is not a mail address", "typed: map[email:[nonsense]]")
}

func TestLinksAreLimited(t *testing.T) {
	s := newSite(t)
	for i := range 10 {
		s.want(s.send("/en/sign-in", "email=victim@x.example", header{"X-Forwarded-For", fmt.Sprint("10.0.0.", i)}), 303, "")
	}
	got := s.send("/en/sign-in", "email=Victim@x.example", header{"X-Forwarded-For", "10.0.1.1"})
	s.want(got, 429, "", "page accounts/sign_in")
	if got.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	for i := range 30 {
		s.send("/en/sign-in", fmt.Sprintf("email=p%d@x.example", i), header{"X-Forwarded-For", "10.0.2.2"})
	}
	s.want(s.send("/en/sign-in", "email=other@x.example", header{"X-Forwarded-For", "10.0.2.2"}), 429, "")
	s.want(s.send("/en/sign-in", "email=other@x.example", header{"X-Forwarded-For", "10.0.2.3"}), 303, "")
	s.wait(16 * 60e9)
	s.want(s.send("/en/sign-in", "email=victim@x.example", header{"X-Forwarded-For", "10.0.0.1"}), 303, "")
}

func TestSessionCookieIsRenewedWhenRolesChange(t *testing.T) {
	s := newSite(t)
	p := s.person("aino@x.example", "member/FI:020")
	cookie := s.in(p)
	s.wait(60e9)
	if err := s.Grant(t.Context(), accounts.System, p.ID, in(accounts.Coordinator, akaa.Key)); err != nil {
		t.Fatal(err)
	}
	got := s.get("/en/my-work", cookie)
	s.want(got, 200, "")
	if fresh := got.cookie(); fresh == "" || fresh == cookie.value {
		t.Errorf("cookie after the change: %q", fresh)
	}
}

func TestAPITokens(t *testing.T) {
	s := newSite(t)
	p := s.person("aino@x.example", "member/FI:020")
	cookie := s.in(p)
	s.want(s.get("/api/v1/me"), 401, "")
	s.want(s.get("/api/v1/me", cookie), 200, "", `"id":"`+p.ID+`"`, `"organisations":["FI:020"]`)
	made := s.do("POST", "/api/v1/tokens", "application/json", `{"name":"kit"}`, cookie)
	s.want(made, 201, "", `"token":"kk_`)
	var token struct{ ID, Token string }
	if err := json.Unmarshal([]byte(made.body), &token); err != nil {
		t.Fatal(err)
	}
	bearer := header{"Authorization", "Bearer " + token.Token}
	s.want(s.get("/api/v1/me", bearer), 200, "", p.ID)
	s.want(s.get("/api/v1/tokens", bearer), 200, "", `"name":"kit"`)
	for _, odd := range []string{"Bearer x", "Bearer", "Bearer ", "Basic " + token.Token, bearer.value[:len(bearer.value)-1], bearer.value + ", Bearer x", strings.ToUpper(bearer.value), "Bearer " + cookie.value[8:]} {
		s.want(s.get("/api/v1/me", header{"Authorization", odd}), 401, "")
		s.want(s.get("/api/v1/me", header{"Authorization", odd}, cookie), 401, "")
	}
	s.want(s.get("/en/my-work", bearer), 303, "")
	s.want(s.get("/en/my-work", as(token.Token)), 303, "")
	s.want(s.do("POST", "/api/v1/tokens", "application/json", `{"name":""}`, cookie), 422, "")
	s.want(s.do("POST", "/api/v1/tokens", "application/json", `{"name":"x"}`, cookie, header{"Origin", "https://evil.example"}), 403, "")
	s.want(s.do("DELETE", "/api/v1/tokens/"+token.ID, "application/json", "", bearer), 204, "")
	s.want(s.get("/api/v1/me", bearer), 401, "")
}
