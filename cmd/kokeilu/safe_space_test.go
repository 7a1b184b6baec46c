package main

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/search"
)

// safeWord stands in what a team writes for itself, and nowhere else.
const safeWord = "zqsafespace"

// teamText is an entry of the team's; a search for the word alone repeats it.
var teamText = regexp.MustCompile(safeWord + ` (observation|obstacle|decision|quote|thanks)`)

// somebody is a browser signed in as a new person of an organisation.
func somebody(t *testing.T, a *App, base, email string, grants ...accounts.Grant) *visitor {
	t.Helper()
	p, err := a.Accounts.Add(t.Context(), accounts.System, accounts.NewPerson{Email: email, Name: email, Lang: "en", Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := a.Accounts.Begin(t.Context(), p.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	v := visit(t, base)
	home, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar.SetCookies(home, []*http.Cookie{{Name: "session", Value: secret, Path: "/"}})
	return v
}

// The team's own managers and coordinators, signed in, look for what the team
// wrote for itself on every page, feed, search and interface that could show
// it. The setting opens it, and then the pages say so.
func TestTheTeamsManagersCannotReadWhatIsForTheTeam(t *testing.T) {
	a, base := portal(t, t.TempDir())
	dev := visit(t, base).as("developer")
	begun := dev.open("/en/experiments/new").send("/experiments/new", fields{"title": "A safe space", "summary": "All may read this.", "problem": "None.", "sector": "08", "lang": "en"})
	id := strings.Split(begun.url.Path, "/")[3]
	at := "/en/experiments/" + id
	dev.open(at+"/plan").send("/advance", fields{"to": "idea"})
	for _, kind := range []string{"observation", "obstacle", "decision", "quote", "thanks"} {
		dev.open(at+"/log").send("/log", fields{"text": safeWord + " " + kind, "kind": kind, "reach": "team"})
	}
	dev.open(at+"/log").send("/log", fields{"text": "An open word.", "reach": "public"})
	dev.open(at + "/log").sees(safeWord)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := a.Journal.Wait(ctx, search.FollowerName, a.Journal.Seq()); err != nil {
		t.Fatal(err)
	}

	home := func(role accounts.Role) accounts.Grant { return accounts.Grant{Role: role, Organisation: "FI:889"} }
	bosses := map[string]*visitor{
		"the manager":                      somebody(t, a, base, "boss@utajarvi.example", home(accounts.Manager)),
		"the coordinator":                  visit(t, base).as("coordinator"),
		"a manager who is a methodologist": somebody(t, a, base, "boss2@utajarvi.example", home(accounts.Manager), accounts.Grant{Role: accounts.Methodologist}),
		"an administrator":                 visit(t, base).as("admin"),
		"a colleague":                      somebody(t, a, base, "colleague@utajarvi.example", home(accounts.Member)),
		"an elected member":                somebody(t, a, base, "elected@utajarvi.example", home(accounts.Elected)),
	}
	paths := []string{
		at, at + "/log", at + "/log?kind=obstacle", at + "/log?kind=decision", at + "/log?before=4", at + "/log?corrects=1", at + "/team", at + "/plan", at + "/learning", at + "/edit/after",
		"/api/v1/experiments/" + id, "/api/v1/experiments?limit=100", "/en/experiments", "/en/my-work", "/en/profile/data", "/en/organisations/FI-889/people", "/en", "/sitemap.xml",
		"/en/search?q=" + safeWord, "/en/search?q=safe+space&explain=1", "/en/search/suggest?q=" + safeWord[:5], "/api/v1/search?q=" + safeWord, "/api/v1/search?q=safe+space", "/api/v1/suggestions?lang=en&q=" + safeWord[:5],
	}
	for _, ending := range []string{".rss", ".atom", ".json"} {
		paths = append(paths, "/en/feeds/experiments"+ending, "/en/feeds/lessons"+ending, "/en/feeds/search"+ending+"?q=safe+space")
	}
	for name, boss := range bosses {
		for _, path := range paths {
			if p := boss.try(path); teamText.MatchString(p.body) {
				t.Errorf("%s reads the team's words at %s", name, path)
			}
		}
		boss.open(at + "/team").sees("It is closed to managers and coordinators of: Utajärvi")
	}
	bosses["a manager who is a methodologist"].open(at + "/log").sees("It is closed to managers and coordinators of: Utajärvi") // beside the form
	if p := bosses["the manager"].open("/api/v1/search?q=" + safeWord); !strings.Contains(p.body, `"total":0`) {
		t.Errorf("the manager's search finds something: %s", p.body)
	}

	a.Experiments.TeamOpen = true
	bosses["the manager"].open(at + "/log").sees(safeWord)
	bosses["a colleague"].open(at + "/log").seesNot(safeWord)
	dev.open(at + "/log").sees("your own managers can read the entries for the team")
	dev.open(at + "/team").sees("your own managers can read the entries for the team")
}
