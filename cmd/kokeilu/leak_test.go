package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/search/wanted"
)

// Every secret text holds both words.
const (
	secretWord  = "zqsecret"  // in none of what others see
	secretTwins = "zqkeyhole" // asked for in searches, which repeat it
)

// A secret is a thing that a stranger must not find, and where it lives.
type secret struct {
	name    string
	paths   []string // its addresses
	members bool     // members of any organisation may read it
}

// vault makes one thing of each kind that is not public.
type vault struct {
	t       *testing.T
	app     *App
	dev     *visitor
	secrets []secret
}

func (s *vault) text(name string) string { return secretWord + " " + secretTwins + " " + name }

func (s *vault) keep(name string, members bool, paths ...string) {
	s.secrets = append(s.secrets, secret{name, paths, members})
}

// experiment registers a card and returns its id.
func (s *vault) experiment(name string) string {
	s.t.Helper()
	p := s.dev.open("/en/experiments/new").send("/experiments/new", fields{
		"title": s.text(name), "summary": s.text(name), "problem": s.text(name), "sector": "08", "lang": "en",
	})
	return strings.Split(p.url.Path, "/")[3]
}

// shown registers a card with a visibility of its own and shows the idea.
func (s *vault) shown(name string, typed fields) string {
	s.t.Helper()
	id := s.experiment(name)
	s.dev.open("/en/experiments/"+id+"/edit/problem").send("/edit/problem", typed)
	s.dev.open("/en/experiments/"+id+"/plan").send("/advance", fields{"to": "idea"})
	return id
}

func (s *vault) experiments() {
	later := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	at := func(id string) []string {
		return []string{"/en/experiments/" + id, "/en/experiments/" + id + "/log", "/en/experiments/" + id + "/plan", "/api/v1/experiments/" + id,
			"/en/experiments/" + id + "/weeks", "/en/experiments/" + id + "/weeks/1/plan.ics", "/en/experiments/" + id + "/method", "/api/v1/experiments/" + id + "/weeks"}
	}
	s.keep("a draft", false, at(s.experiment("draft"))...)
	s.keep("an experiment for members", true, at(s.shown("members", fields{"visibility": "members"}))...)
	s.keep("an experiment under embargo", true, at(s.shown("embargo", fields{"visibility": "public", "embargo": later}))...)
	hidden := s.shown("hidden", fields{"visibility": "public"})
	if err := s.app.Experiments.Hide(s.t.Context(), accounts.System, hidden, "Not for the public."); err != nil {
		s.t.Fatal(err)
	}
	s.keep("a hidden experiment", false, at(hidden)...)
	open := s.dev.open("/en/experiments/new").send("/experiments/new", fields{"title": "An open card", "summary": "All may read it.", "problem": "None.", "sector": "08", "lang": "en"})
	id := strings.Split(open.url.Path, "/")[3]
	s.dev.open("/en/experiments/"+id+"/plan").send("/advance", fields{"to": "idea"})
	s.dev.open("/en/experiments/"+id+"/log").send("/log", fields{"text": s.text("team"), "reach": "team"})
	s.dev.open("/en/experiments/"+id+"/log").send("/log", fields{"text": s.text("members"), "reach": "members"})
	s.dev.open("/en/experiments/"+id+"/notes").send("/notes", fields{"note_obstacle": s.text("note")})
	s.dev.open("/en/my-work/purpose").send("/purpose", fields{"purpose": s.text("purpose")})
	s.planned(id)
}

// planned makes a week plan in the open, with a reason for the team alone.
func (s *vault) planned(id string) {
	s.t.Helper()
	plan := s.dev.open("/en/experiments/"+id+"/weeks/new").send("/weeks", fields{
		"goal_1_result": "Fewer meetings", "goal_1_measure": "Meetings", "goal_1_direction": "less", "goal_1_baseline": "20", "goal_1_target": "16",
	}).send("/actions", fields{"text": "Ask the departments"})
	s.dev.open(plan.url.Path+"/actions/1").send("/move", fields{"week": "9", "reason": s.text("reason")})
}

// published makes a case and returns its id.
func (s *vault) published(title, body string) string {
	s.t.Helper()
	var made struct{ ID string }
	if status := s.dev.post("/api/v1/cases", strings.ReplaceAll(title, " ", "-"), map[string]any{"title": title, "body": body, "lang": "en"}, &made); status != http.StatusCreated {
		s.t.Fatalf("publish a case: %d", status)
	}
	return made.ID
}

func (s *vault) cases() {
	at := func(id string) []string {
		return []string{"/en/cases/" + id, "/c/" + id, "/en/cases/" + id + "/revisions", "/en/cases/" + id + "/x.md", "/api/v1/cases/" + id}
	}
	edited := func(name string, typed fields) string {
		id := s.published(s.text(name), s.text(name))
		s.dev.open("/en/cases/"+id+"/edit").send("/edit", with(typed, fields{"do": "save"}))
		return id
	}
	s.keep("a case for members", true, at(edited("members", fields{"visibility": "members"}))...)
	s.keep("a case under embargo", false, at(edited("embargo", fields{"visibility": "public", "embargo": time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}))...)
	withdrawn := s.published("A withdrawn case", s.text("withdrawn")) // the title stays on its stone
	s.dev.open("/en/cases/"+withdrawn).trySend("/take-back", fields{"why": "It was wrong.", "do": "withdraw"})
	s.keep("a withdrawn case", false, at(withdrawn)...)
	hidden := s.published(s.text("hidden"), s.text("hidden"))
	if err := s.app.Cases.Hide(s.t.Context(), accounts.System, hidden, "Not for the public."); err != nil {
		s.t.Fatal(err)
	}
	s.keep("a hidden case", false, at(hidden)...)
	open := s.published("An open case", "All may read it.")
	draft := s.dev.open("/en/cases/"+open).send("/translate", fields{"lang": "sv"})
	id := strings.Split(draft.url.Path, "/")[3]
	draft.send("/edit", fields{"title": s.text("translation"), "body": s.text("translation"), "do": "save"})
	s.keep("a draft of a case", false, at(id)...)
}

func (s *vault) money() {
	var made struct{ ID string }
	officer := visit(s.t, s.dev.base).as("officer")
	officer.post("/api/v1/calls", "members", map[string]any{"title": s.text("call"), "budget_cents": 1000, "currency": "EUR", "members_only": true}, &made)
	s.keep("a call for members", true, "/en/calls/"+made.ID, "/api/v1/calls/"+made.ID, "/api/v1/calls/"+made.ID+"/requests")
	s.dev.post("/api/v1/requests", "draft", map[string]any{"call": made.ID, "amount_cents": 100, "title": s.text("request"), "conflicts": s.text("tie")}, &made)
	s.keep("a request that was not sent", false, "/en/requests/"+made.ID, "/api/v1/requests/"+made.ID)
}

// searches keeps one, and lets another be asked for on three days: it waits for
// a moderator.
func (s *vault) searches() {
	var made struct{ ID string }
	s.dev.post("/api/v1/saved-searches", "saved", map[string]any{"q": s.text("saved"), "mail": "daily"}, &made)
	s.keep("a saved search", false, "/en/saved-searches/"+made.ID)
	defer s.app.moment.goTo(time.Time{})
	for day := range wanted.EnoughDays {
		s.app.moment.goTo(time.Now().AddDate(0, 0, day-wanted.EnoughDays))
		if !s.app.Wanted.Hear("en", s.text("wanted")) {
			s.t.Fatal("it is not counted")
		}
		if err := s.app.Wanted.Count(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestNothingSecretReachesAStranger(t *testing.T) {
	app, base := portal(t, t.TempDir())
	before := lists(visit(t, base))
	s := &vault{t: t, app: app, dev: visit(t, base).as("developer")}
	s.experiments()
	s.cases()
	s.money()
	s.searches()

	stranger, member := visit(t, base), visit(t, base).as("developer2")
	for _, secret := range s.secrets {
		for _, path := range secret.paths {
			if p := stranger.try(path); may(p, path) && p.status < 400 || strings.Contains(p.body, secretWord) {
				t.Errorf("%s is open to a stranger at %s: %d", secret.name, path, p.status)
			}
			if p := member.try(path); !secret.members && (may(p, path) && p.status < 400 || strings.Contains(p.body, secretWord)) {
				t.Errorf("%s is open to a member elsewhere at %s: %d", secret.name, path, p.status)
			}
		}
	}
	after := lists(stranger)
	for path, n := range before {
		if grown := after[path] - n; grown > 1 {
			t.Errorf("%s grew by %d", path, grown)
		}
	}
	searchesFindNothing(t, stranger)
	walkSeesNothing(t, stranger, s.secrets)
}

// lists counts what the open lists hold. One open card and one open case are
// added meanwhile.
func lists(v *visitor) map[string]int {
	v.t.Helper()
	count := map[string]int{}
	for path, key := range map[string]string{"/api/v1/cases?limit=100": "cases", "/api/v1/experiments?limit=100": "experiments", "/api/v1/calls": "calls"} {
		var answer map[string]json.RawMessage
		if err := json.Unmarshal([]byte(v.open(path).body), &answer); err != nil {
			v.t.Fatal(err)
		}
		var list []any
		if err := json.Unmarshal(answer[key], &list); err != nil {
			v.t.Fatalf("%s: %v", path, err)
		}
		count[path] = len(list)
	}
	return count
}

func searchesFindNothing(t *testing.T, v *visitor) {
	t.Helper()
	for _, kind := range []string{"", "case", "experiment", "page"} {
		path := "/api/v1/search?q=" + secretTwins
		if kind != "" {
			path += "&kind=" + kind
		}
		var answer struct{ Total int }
		p := v.open(path)
		if err := json.Unmarshal([]byte(p.body), &answer); err != nil || answer.Total != 0 || strings.Contains(p.body, secretWord) {
			t.Errorf("%s finds %d: %s", path, answer.Total, p.body)
		}
	}
	paths := []string{"/en/search?q=" + secretTwins, "/en/search?q=" + secretTwins[:6] + "*", "/en/search?q=zqkeyhol"}
	for n := 2; n <= len(secretTwins); n++ { // while it is typed
		paths = append(paths, "/en/search/suggest?q="+secretTwins[:n], "/api/v1/suggestions?lang=en&q="+secretTwins[:n], "/en/search/suggest?q="+secretWord[:min(n, len(secretWord))])
	}
	for _, path := range paths {
		if p := v.open(path); strings.Contains(p.body, secretWord) {
			t.Errorf("%s shows a secret", path)
		}
	}
}

// walkSeesNothing opens every page, feed, list and map of the site.
func walkSeesNothing(t *testing.T, v *visitor, secrets []secret) {
	t.Helper()
	queue := []string{
		"/en", "/sv", "/sitemap.xml", "/robots.txt", "/api/openapi.json", "/api/v1/topten", "/api/v1/mentors", "/api/v1/cases?limit=100", "/api/v1/experiments?limit=100", "/api/v1/calls",
		"/en/experiments?stage=idea", "/en/cases?lang=en", "/en/feeds",
		"/en/wanted", "/api/v1/wanted", "/en/wanted/desk", "/en/saved-searches", "/api/v1/saved-searches",
	}
	for _, list := range []string{"cases", "top10", "lessons", "calls", "wanted", "search"} {
		queue = append(queue, "/en/feeds/"+list+".rss", "/en/feeds/"+list+".atom", "/en/feeds/"+list+".json")
	}
	for i := 0; i < len(queue) && i < 300; i++ {
		p := v.try(queue[i])
		if strings.Contains(p.body, secretWord) {
			t.Errorf("%s shows a secret", queue[i])
		}
		for _, one := range secrets {
			if id := strings.Split(one.paths[0], "/")[3]; strings.Contains(p.body, id) {
				t.Errorf("%s leads to %s, %s", queue[i], id, one.name)
			}
		}
		if mail := "developer@example.org"; strings.Contains(p.body, mail) {
			t.Errorf("%s shows somebody's mail address", queue[i])
		}
		for _, link := range p.links() {
			link, _, _ = strings.Cut(link, "#")
			if strings.HasPrefix(link, "/en") && !slices.Contains(queue, link) {
				queue = append(queue, link)
			}
		}
	}
}
