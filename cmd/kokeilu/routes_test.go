package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// routeRoles are who the table of routes asks for, in its order.
var routeRoles = []string{"", "developer", "officer", "admin"}

// A guarded world has one thing of each kind that is not everybody's: a draft
// of the developer, a request that was not sent and one that was, and so on.
type guarded struct {
	base                              string
	experiment, request, sent, person string
	call, other, ownCase, week        string
}

func guard(t *testing.T, base string) guarded {
	t.Helper()
	g := guarded{base: base}
	dev, officer := visit(t, base).as("developer"), visit(t, base).as("officer")
	dev.open("/en/experiments/new").send("/experiments/new", fields{"title": "A draft", "summary": "Nobody sees it.", "problem": "None yet.", "sector": "08", "lang": "en", "later": "1"})
	for _, link := range dev.open("/en/my-work").links() {
		if m := regexp.MustCompile(`^/en/experiments/([a-z0-9]{12})`).FindStringSubmatch(link); m != nil && visit(t, base).try("/en/experiments/"+m[1]).status == http.StatusNotFound {
			g.experiment = m[1]
		}
	}
	dev.open("/en/experiments/"+g.experiment+"/weeks/new").send("/weeks", fields{
		"goal_1_result": "Fewer meetings", "goal_1_measure": "Meetings", "goal_1_direction": "less", "goal_1_baseline": "20", "goal_1_target": "16",
	}).send("/actions", fields{"text": "Ask the departments"})
	var made struct{ ID string }
	officer.post("/api/v1/calls", "call", map[string]any{"title": "For members", "budget_cents": 100_000, "currency": "EUR", "members_only": true}, &made)
	g.call = made.ID
	officer.post("/api/v1/calls", "other", map[string]any{"title": "Another", "budget_cents": 100_000, "currency": "EUR"}, &made)
	g.other = made.ID // whoever asks in a call does not decide in it
	for _, into := range []*string{&g.request, &g.sent} {
		dev.post("/api/v1/requests", "ask-"+g.request, map[string]any{"call": g.call, "amount_cents": 1000}, &made)
		*into = made.ID
	}
	dev.post("/api/v1/requests/"+g.sent+"/submit", "send", map[string]any{}, &made)
	dev.post("/api/v1/cases", "case", map[string]any{"title": "A case of the developer", "body": "Text.", "lang": "en"}, &made)
	g.ownCase = made.ID
	for _, link := range visit(t, base).as("admin").open("/en/admin/people?q=developer2").links() {
		if id, ok := strings.CutPrefix(link, "/en/admin/people/"); ok {
			g.person = id
		}
	}
	var ranks struct{ Weeks []string }
	if err := json.Unmarshal([]byte(dev.open("/api/v1/topten").body), &ranks); err != nil || len(ranks.Weeks) == 0 {
		t.Fatalf("no week is frozen: %v", err)
	}
	g.week = ranks.Weeks[0]
	for name, id := range map[string]string{"experiment": g.experiment, "request": g.request, "sent": g.sent, "person": g.person, "call": g.call, "case": g.ownCase} {
		if id == "" {
			t.Fatalf("the guarded world has no %s", name)
		}
	}
	return g
}

// officerActs are what officers and reviewers do with a request that was sent.
var officerActs = []string{"ask", "go-on", "assign", "score", "conflict", "decide", "advance", "rest", "recover", "decision"}

// path fills in the address of a route.
func (g guarded) path(route string) string {
	parts := strings.Split(route, "/")
	kind := ""
	for i, part := range parts {
		switch part {
		case ":lang":
			parts[i] = "en"
		case ":face":
			parts[i] = "idea"
		case ":n":
			parts[i] = "1"
		case ":section":
			parts[i] = "problem"
		case ":to":
			parts[i] = "stopped"
		case ":plan", ":action", ":practice":
			parts[i] = "1"
		case ":week":
			parts[i] = "4"
		case ":day":
			parts[i] = g.week
		case ":slug":
			parts[i] = "any"
		case ":key":
			parts[i] = "FI-889"
		case ":token", ":hash", ":width", ":person", ":invitation", "*":
			parts[i] = "0123456789ab"
		case ":id":
			parts[i] = map[string]string{"experiments": g.experiment, "requests": g.request, "calls": g.call, "cases": g.ownCase, "c": g.ownCase, "people": g.person,
				"mentors": "bypeb6depum8", "mentorships": "pazeg2rutum2", "wanted": "wlupef9nagyk", "saved-searches": "skofyr6pabez", "concepts": "cotoku7lanem"}[kind] // of the sample
			if kind == "saved-searches" && parts[1] == "api" {
				parts[i] = "sgatem3zybuq" // it is deleted before the pages are asked
			}
			if kind == "requests" && slices.Contains(officerActs, parts[len(parts)-1]) {
				parts[i] = g.sent
			}
			if parts[i] == "" {
				parts[i] = "0123456789ab"
			}
		}
		kind = part
	}
	return strings.Join(parts, "/")
}

// may reports whether an answer lets somebody in. Being sent to sign in, being
// told no and not finding are all the same: out.
func may(p page, route string) bool {
	switch p.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return false
	}
	return !strings.HasSuffix(p.url.Path, "/sign-in") || strings.Contains(route, "/sign-")
}

// body is a whole request of an operation of the interface, so that who asks
// is what decides.
func (g guarded) body(route string) string {
	fill := strings.NewReplacer("CALL", g.other, "CARD", g.experiment)
	return fill.Replace(map[string]string{
		"/api/v1/calls":                     `{"title":"x","budget_cents":1}`,
		"/api/v1/cases":                     `{"title":"x","body":"x","lang":"en"}`,
		"/api/v1/cases/import":              `{"path":"x.md","text":"---\ntitle: x\nlang: en\n---\n\nx\n"}`,
		"/api/v1/experiments/:id/log":       `{"text":"x"}`,
		"/api/v1/experiments/:id/stage":     `{"to":"paused","reason":"x"}`,
		"/api/v1/experiments/:id/extension": `{"weeks":1,"reason":"x"}`,
		"/api/v1/requests":                  `{"call":"CALL","amount_cents":1}`,
		"/api/v1/requests/:id/decision":     `{"outcome":"declined","reason":"No."}`,
		"/api/v1/requests/:id/experiment":   `{"experiment":"CARD"}`,
		"/api/v1/saved-searches":            `{"q":"x"}`,
		"/api/v1/tokens":                    `{"name":"x"}`,
	}[route])
}

// Every address the portal answers is in testdata/routes.txt with who gets in.
// A new route fails this test until somebody has decided about it.
func TestEveryRouteLetsInWhomItShould(t *testing.T) {
	raw, err := os.ReadFile("testdata/routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	expected := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) == 3 && !strings.HasPrefix(line, "#") {
			expected[f[1]+" "+f[2]] = f[0]
		}
	}
	a, base := portal(t, t.TempDir())
	g := guard(t, base)
	seen := map[string]bool{}
	routes := a.NewServer().GetRoutes(true)
	slices.SortFunc(routes, func(a, b fiber.Route) int { return strings.Compare(a.Method+a.Path, b.Method+b.Path) }) // looking comes before changing
	for _, r := range routes {
		name := r.Method + " " + r.Path
		if r.Method == http.MethodHead || seen[name] {
			continue
		}
		seen[name] = true
		want, known := expected[name]
		if !known {
			t.Errorf("%s is not in testdata/routes.txt: who may use it? Now: %s", name, g.now(t, r.Method, r.Path, "????"))
			continue
		}
		if got := g.now(t, r.Method, r.Path, want); got != want {
			t.Errorf("%s lets in %s, want %s (anybody, developer, officer, admin)", name, got, want)
		}
	}
	for name := range expected {
		if !seen[name] {
			t.Errorf("%s is in testdata/routes.txt, but there is no such route", name)
		}
	}
}

// now asks a route as each of the roles; where a dot is wanted it does not ask.
func (g guarded) now(t *testing.T, method, route, want string) string {
	t.Helper()
	var b strings.Builder
	for i, role := range routeRoles {
		if want[i] == '.' {
			b.WriteByte('.')
			continue
		}
		v := visit(t, g.base)
		if role != "" {
			v.as(role)
		}
		kind, body := "application/x-www-form-urlencoded", url.Values{"similar": {"1"}, "do": {"preview"}}.Encode()
		if strings.HasPrefix(route, "/api/") {
			kind, body = "application/json", g.body(route)
		}
		if method == http.MethodGet {
			body = ""
		}
		req, err := http.NewRequestWithContext(t.Context(), method, g.base+g.path(route), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		resp, err := v.client.Do(req)
		if may(v.read(resp, err), route) {
			b.WriteByte('y')
		} else {
			b.WriteByte('n')
		}
	}
	return b.String()
}
