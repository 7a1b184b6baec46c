package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/search"
)

// A reader looks at every page of a portal twice: as it is kept, and as it is
// made for somebody whose session is none.
type reader struct {
	t     *testing.T
	app   *App
	base  string
	pages []string
}

func (r *reader) get(path, cookie string) (status int, body string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.base+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if cookie != "" {
		req.Header.Set("Cookie", cookie)
	}
	resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

// compare looks at a page both ways.
func (r *reader) compare(path string) {
	r.t.Helper()
	status, kept := r.get(path, "")
	want, made := r.get(path, "session=none")
	if status != want || kept != made {
		r.t.Errorf("%s is kept as %d, made as %d; they differ at:\n%s", path, status, want, differ(kept, made))
	}
}

// differ is where two texts begin to be different.
func differ(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, min(i, len(s))-80):min(len(s), i+120)] }
	return fmt.Sprintf("kept %q\nmade %q", cut(a), cut(b))
}

// discover follows the links of pages that anybody can open.
func (r *reader) discover(from ...string) {
	r.t.Helper()
	for _, path := range from {
		for _, link := range visit(r.t, r.base).open(path).links() {
			link, _, _ = strings.Cut(link, "#")
			if strings.HasPrefix(link, "/fi") || strings.HasPrefix(link, "/ru") {
				if !slices.Contains(r.pages, link) && !strings.Contains(link, "sign-in") {
					r.pages = append(r.pages, link)
				}
			}
		}
	}
}

// settled waits until the index has followed what was changed.
func (r *reader) settled() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	if err := r.app.Journal.Wait(ctx, search.FollowerName, r.app.Journal.Seq()); err != nil {
		r.t.Fatal(err)
	}
}

// words for what somebody types without thinking.
var typedWords = strings.Fields("kirjasto omaolo koulukyyti avoin data digituki библиотека школа e-tjänst pilot kotihoito lomake")

// scribble fills in a form at random.
func scribble(rng *rand.Rand, p page, form *html.Node) fields {
	typed := fields{}
	sentence := func() string {
		var list []string
		for range 4 + rng.IntN(12) {
			list = append(list, typedWords[rng.IntN(len(typedWords))])
		}
		return strings.Join(list, " ") + "."
	}
	for name, values := range p.values(form) {
		if strings.HasPrefix(name, "_") || name == "version" {
			continue
		}
		if values[0] == "" || rng.IntN(4) == 0 {
			typed[name] = sentence()
		}
	}
	for n := range form.Descendants() {
		name := attr(n, "name")
		switch {
		case n.Data == "input" && (attr(n, "type") == "radio" || attr(n, "type") == "checkbox") && rng.IntN(2) == 0,
			n.Data == "button" && name != "" && rng.IntN(2) == 0:
			typed[name] = attr(n, "value")
		case n.Data == "option" && n.Parent != nil && rng.IntN(3) == 0:
			typed[attr(n.Parent, "name")] = attr(n, "value")
		}
	}
	return typed
}

// meddle opens a page as somebody and sends one of its forms.
func meddle(rng *rand.Rand, v *visitor, paths []string) string {
	path := paths[rng.IntN(len(paths))]
	p := v.try(path)
	var actions []string
	for n := range p.root.Descendants() {
		action := attr(n, "action")
		if n.Data == "form" && attr(n, "method") == "post" && action != "" && !strings.Contains(action, "sign-out") && !strings.Contains(action, "erase") {
			actions = append(actions, action)
		}
	}
	if len(actions) == 0 {
		return ""
	}
	action := actions[rng.IntN(len(actions))]
	next := p.trySend(action, scribble(rng, p, p.form(action)))
	return fmt.Sprintf("%s from %s: %d", action, path, next.status)
}

// Whatever people do, the very next reader sees: every page that is kept is
// the page that would be made.
func TestKeptPagesAreThePagesThatWouldBeMade(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	a, base := portal(t, t.TempDir())
	r := &reader{t: t, app: a, base: base, pages: []string{"/fi", "/ru", "/sitemap.xml", "/fi/search?q=kirjasto", "/ru/search?q=omaolo", "/fi/feeds/cases.atom", "/fi/feeds/top10.rss", "/ru/feeds/experiments.json"}}
	r.discover("/fi", "/ru", "/fi/cases", "/fi/experiments", "/fi/top10", "/fi/calls", "/fi/mentors", "/ru/cases")
	people := map[string]*visitor{}
	for _, role := range accounts.DemoRoles {
		people[role] = visit(t, base).as(role)
	}
	changes := 0
	for step := range 150 {
		role := accounts.DemoRoles[rng.IntN(len(accounts.DemoRoles))]
		before := a.Journal.Seq()
		done := ""
		if step%5 == 0 {
			status := people["developer"].post("/api/v1/cases", fmt.Sprint("kept-", step), map[string]any{
				"title": fmt.Sprint("Kirjasto ", step), "body": "## Omaolo\n\nKirjasto ja " + typedWords[rng.IntN(len(typedWords))], "lang": "fi"}, &struct{}{})
			done = fmt.Sprint("publish: ", status)
		} else {
			done = meddle(rng, people[role], r.pages)
		}
		r.settled()
		if a.Journal.Seq() == before {
			continue
		}
		changes++
		for range 6 {
			r.compare(r.pages[rng.IntN(len(r.pages))])
		}
		r.compare("/fi")
		r.compare("/fi/cases")
		if t.Failed() {
			t.Fatalf("after %s did %s", role, done)
		}
	}
	if s := a.Web.Pages.Stats(); changes < 30 || s.Hits == 0 {
		t.Errorf("%d changes, %+v: too little to show anything", changes, s)
	}
	for _, page := range r.pages {
		r.compare(page)
	}
	r.throughTime()
}

// throughTime lets the clock go on: embargoes end, weeks begin.
func (r *reader) throughTime() {
	r.t.Helper()
	zone := r.app.Config.Zone
	y, m, d := time.Now().In(zone).Date()
	for _, moment := range []time.Time{
		time.Date(y, m, d, 23, 59, 58, 0, zone), time.Date(y, m, d+1, 0, 0, 1, 0, zone), time.Date(y, m, d+1, 0, 30, 0, 0, zone), time.Date(y, m, d+8, 12, 0, 0, 0, zone),
	} {
		r.app.moment.goTo(moment)
		for _, page := range r.pages {
			r.compare(page)
		}
	}
	r.app.moment.goTo(time.Time{})
}
