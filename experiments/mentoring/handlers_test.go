package mentoring_test

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

	"github.com/kokeilu/kokeilu/experiments/mentoring"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
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
	(&mentoring.Handlers{Web: kit, Mentoring: w.Service}).Register(kit.Routes(app))
	mentoring.RegisterAPI(kit.NewAPI(app), w.Service)
	return app
}

// answer is a page, or where it leads.
type answer struct {
	status   int
	location string
	body     string
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
	return answer{resp.StatusCode, resp.Header.Get("Location"), string(raw)}
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
	text := a.text(t)
	for _, w := range words {
		if strings.Contains(text, w) {
			t.Errorf("%q must not be there", w)
		}
	}
}

// text is the words of the page's main part, one space between them.
func (a answer) text(t *testing.T) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
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

// sound checks what holds for every page: one h1, the language, labels, ids
// that are there once, links of the error summary that lead somewhere.
func (a answer) sound(t *testing.T, lang string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	ids, labels, controls, headings := map[string]int{}, map[string]bool{}, []string{}, 0
	var links []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		switch n.Data {
		case "html":
			if attr(n, "lang") != lang {
				t.Errorf("lang = %q, want %q", attr(n, "lang"), lang)
			}
		case "h1":
			headings++
		case "label":
			labels[attr(n, "for")] = true
		case "input", "select", "textarea":
			if attr(n, "type") != "hidden" {
				controls = append(controls, attr(n, "id"))
			}
		case "a":
			if target, ok := strings.CutPrefix(attr(n, "href"), "#"); ok {
				links = append(links, target)
			}
		}
	}
	if headings != 1 {
		t.Errorf("%d h1, want one", headings)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is there %d times", id, n)
		}
	}
	for _, id := range controls {
		if !labels[id] {
			t.Errorf("control %q has no label", id)
		}
	}
	for _, id := range links {
		if ids[id] == 0 {
			t.Errorf("a link leads to #%s, which is not there", id)
		}
	}
	if main := a.text(t); strings.Contains(main, "mentor.") || strings.Contains(main, "%!") || strings.Contains(main, "theme.") {
		t.Errorf("a word is missing in:\n%s", main)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// first runs fn on one driver: pages do not know which it is.
func first(t *testing.T, fn func(t *testing.T, w *world, app *fiber.App)) {
	t.Helper()
	done := false
	each(t, func(t *testing.T, w *world) {
		if !done {
			done = true
			fn(t, w, w.site())
		}
	})
}

func TestEveryPageIsSoundInEveryLanguage(t *testing.T) {
	first(t, func(t *testing.T, w *world, app *fiber.App) {
		exp := w.experiment()
		wished := "?role=mentor&skill1=service-design&weight1=3&lang1=fi&lang2=sv&hours=1&phases=idea"
		pages := map[string]string{ // path: as whom
			"/mentors": "nobody", "/mentors?skill=lean&language=fi&role=mentor": "nobody", "/mentors/" + w.mentors["aino"].ID: "nobody",
			"/mentors/me": "aino", "/mentors/" + w.mentors["bo"].ID: "developer",
			"/experiments/" + exp + "/mentors": "developer", "/experiments/" + exp + "/mentors" + wished: "developer",
			"/experiments/" + exp + "/mentors?role=mentor": "developer", "/experiments/" + exp + "/mentors?mentor=" + w.mentors["bo"].ID: "mate",
		}
		pages["/mentorships/"+w.asked(exp)] = "aino"
		pages["/mentorships/"+w.asked(exp)] = "bo"
		for _, lang := range i18n.Languages {
			for path, as := range pages {
				got := visit(t, app, as, "/"+lang+path, nil)
				if got.status != http.StatusOK {
					t.Errorf("%s %s: %d %s", lang, path, got.status, got.text(t))
					continue
				}
				got.sound(t, lang)
			}
			visit(t, app, "mate", "/"+lang+"/experiments/"+exp+"/mentors", nil).sound(t, lang)
		}
	})
}

func TestFindingAskingAndAnsweringOnPages(t *testing.T) {
	first(t, func(t *testing.T, w *world, app *fiber.App) {
		exp := w.experiment()
		page := "/en/experiments/" + exp + "/mentors"
		form := visit(t, app, "developer", page, nil)
		form.has(t, "Find a mentor", "Hoitoajan vaihto viestillä", "Which skills do you need?", "From your card")
		if !strings.Contains(form.body, `value="service-design" selected`) || !strings.Contains(form.body, `value="idea" checked`) {
			t.Error("the wish is not filled in from the card")
		}
		wrong := visit(t, app, "developer", page+"?role=mentor&hours=x&lang1=fi", nil)
		wrong.has(t, "Choose at least one skill", "Write the hours as a number")
		wrong.sound(t, "en")

		wished := url.Values{"role": {"mentor"}, "skill1": {"service-design"}, "weight1": {"3"}, "lang1": {"fi"}, "lang2": {"sv"}, "hours": {"1"}, "phases": {"idea"}}
		found := visit(t, app, "developer", page+"?"+wished.Encode(), nil)
		found.has(t, "2 mentors fit", "Aino", "93 / 100", "Knows service design and your sector, speaks Finnish", "28 of 35", "Ask: Aino", "Developer, Stockholm")
		if strings.Count(found.body, `class="f-a"`) != 12 || !strings.Contains(found.body, `width="80%"`) {
			t.Error("six bars each are missing")
		}

		empty := visit(t, app, "developer", page, with(wished, "ask", w.mentors["aino"].ID))
		if empty.status != http.StatusUnprocessableEntity {
			t.Errorf("without a message: %d", empty.status)
		}
		empty.has(t, "Write what you would like help with.", "Aino")
		empty.sound(t, "en")
		gone := visit(t, app, "developer", page, with(wished, "ask", w.mentors["marina"].ID, "message", "Help!"))
		if gone.status != http.StatusConflict || !strings.Contains(gone.body, "Help!") {
			t.Errorf("somebody who does not fit: %d", gone.status)
		}
		gone.has(t, "This mentor is not free any more")

		sent := visit(t, app, "developer", page, with(wished, "ask", w.mentors["aino"].ID, "message", "How do we ask grandparents?", "move_on", "1", "_key", "k1"))
		if sent.status != http.StatusSeeOther || !strings.HasSuffix(sent.location, "?done=mentor_asked") {
			t.Fatalf("asked: %d %s", sent.status, sent.location)
		}
		again := visit(t, app, "developer", page, with(wished, "ask", w.mentors["aino"].ID, "message", "How do we ask grandparents?", "move_on", "1", "_key", "k1"))
		if again.location != sent.location {
			t.Errorf("sent twice: %d %s", again.status, again.location)
		}
		visit(t, app, "developer", sent.location, nil).has(t, "The request has been sent", "Answer by 5 March 2026", "Who was asked", "Take the request back")

		where, _, _ := strings.Cut(sent.location, "?")
		asked := visit(t, app, "aino", where, nil)
		asked.has(t, "Your answer", "Yes, I help", "How do we ask grandparents?", "Yhdeksän turhaa annosta.")
		asked.hasNot(t, "Who was asked", "Take the request back")
		silent := visit(t, app, "aino", where+"/decline", url.Values{"reason": {""}})
		if silent.status != http.StatusUnprocessableEntity {
			t.Errorf("declined without a reason: %d", silent.status)
		}
		silent.has(t, "Write briefly why you cannot.")
		silent.sound(t, "en")
		yes := visit(t, app, "aino", where+"/accept", url.Values{})
		if yes.status != http.StatusSeeOther {
			t.Fatalf("accepted: %d", yes.status)
		}
		visit(t, app, "aino", yes.location, nil).has(t, "You help the team now.", "Running", "End the mentorship")

		end := visit(t, app, "mate", where+"/end", url.Values{"reason": {"All done."}})
		if end.status != http.StatusSeeOther {
			t.Fatalf("ended: %d", end.status)
		}
		visit(t, app, "aino", where, nil).has(t, "Would you help this team again?", "All done.")
		if maybe := visit(t, app, "mate", where+"/again", url.Values{"again": {""}}); maybe.status != http.StatusUnprocessableEntity {
			t.Errorf("rated with nothing: %d", maybe.status)
		}
		visit(t, app, "mate", visit(t, app, "mate", where+"/again", url.Values{"again": {"yes"}}).location, nil).has(t, "Thank you for the answer.", "Find another mentor")
	})
}

// with is a copy of a form with more fields.
func with(form url.Values, fields ...string) url.Values {
	all := url.Values{}
	for name, values := range form {
		all[name] = values
	}
	for i := 0; i < len(fields); i += 2 {
		all[fields[i]] = []string{fields[i+1]}
	}
	return all
}

func TestPagesThatAreNotForEverybody(t *testing.T) {
	first(t, func(t *testing.T, w *world, app *fiber.App) {
		exp, draft := w.experiment(), w.draft()
		id := w.asked(exp)
		w.goTo(w.clock().AddDate(0, 0, 7))
		moved := w.asked(w.experiment())
		w.must(w.Decline(t.Context(), w.actors["aino"], moved, "Not now."))
		for name, tt := range map[string]struct {
			as, path string
			post     bool
			status   int
		}{
			"finding, nobody":                     {"nobody", "/en/experiments/" + exp + "/mentors", false, 303},
			"finding, another municipality":       {"outsider", "/en/experiments/" + exp + "/mentors", false, 403},
			"finding, the own coordinator":        {"coordinator", "/en/experiments/" + exp + "/mentors", false, 403},
			"finding, for a draft that is unseen": {"outsider", "/en/experiments/" + draft + "/mentors", false, 404},
			"finding, for an own draft":           {"developer", "/en/experiments/" + draft + "/mentors", false, 409},
			"finding, for nothing":                {"developer", "/en/experiments/nothing/mentors", false, 404},
			"asking, nobody":                      {"nobody", "/en/experiments/" + exp + "/mentors", true, 401},
			"asking, another municipality":        {"outsider", "/en/experiments/" + exp + "/mentors", true, 403},
			"a mentorship, nobody":                {"nobody", "/en/mentorships/" + id, false, 303},
			"a mentorship, another mentor":        {"bo", "/en/mentorships/" + id, false, 404},
			"a mentorship, the manager":           {"boss", "/en/mentorships/" + id, false, 404},
			"a mentorship that moved on":          {"aino", "/en/mentorships/" + moved, false, 410},
			"accepting, another mentor":           {"bo", "/en/mentorships/" + id + "/accept", true, 404},
			"accepting, the team":                 {"developer", "/en/mentorships/" + id + "/accept", true, 403},
			"the own profile, nobody":             {"nobody", "/en/mentors/me", false, 303},
			"keeping a profile, nobody":           {"nobody", "/en/mentors/me", true, 401},
			"a mentor who is not there":           {"nobody", "/en/mentors/nothing", false, 404},
			"an odd address":                      {"nobody", "/en/mentors/%00", false, 404},
		} {
			var form url.Values
			if tt.post {
				form = with(url.Values{}, "role", "mentor", "skill1", "lean", "weight1", "1", "lang1", "fi", "hours", "1", "message", "x")
			}
			if got := visit(t, app, tt.as, tt.path, form); got.status != tt.status {
				t.Errorf("%s: %d, want %d", name, got.status, tt.status)
			}
		}
	})
}

func TestAProfileInFiveMinutes(t *testing.T) {
	first(t, func(t *testing.T, w *world, app *fiber.App) {
		w.experiment()
		blank := visit(t, app, "outsider", "/en/mentors/me", nil)
		blank.has(t, "What you offer")
		form := url.Values{
			"roles": {"mentor", "godparent"}, "skill_lean": {"good"}, "lang1": {"sv"}, "lang2": {"en"}, "hours": {"1,5"}, "max_mentees": {"2"},
			"organisation": {"SE:0180"}, "sector1": {"09.1"}, "phases": {"idea"}, "cost": {"free"}, "years": {"x"}, "presentation": {"Hej! <b>"},
			"text_lang": {"sv"}, "active": {"1"},
		}
		wrong := visit(t, app, "outsider", "/en/mentors/me", form)
		if wrong.status != http.StatusUnprocessableEntity {
			t.Errorf("with mistakes: %d", wrong.status)
		}
		wrong.has(t, "A godparent declares the commercial interest", "Write the years as a number")
		wrong.sound(t, "en")
		if !strings.Contains(wrong.body, `value="1,5"`) || !strings.Contains(wrong.body, "Hej! &lt;b&gt;") || !strings.Contains(wrong.body, `value="good" selected`) {
			t.Error("what was typed is lost")
		}
		kept := visit(t, app, "outsider", "/en/mentors/me", with(form, "interest", "None", "years", "9"))
		if kept.status != http.StatusSeeOther || kept.location != "/en/mentors/me?done=mentor_kept" {
			t.Fatalf("kept: %d %s", kept.status, kept.location)
		}
		p, ok, err := w.Mine(t.Context(), w.actors["outsider"], "en")
		if err != nil || !ok || p.Hours != 1.5 || p.Skills["lean"] != mentoring.Good || len(p.Skills) != 1 || p.Years != 9 || strings.Join(p.Languages, " ") != "sv en" {
			t.Errorf("kept %+v, %v", p.Mentor, err)
		}
		shown := visit(t, app, "developer", "/en/mentors/"+p.ID, nil)
		shown.has(t, "Lean", "good", "Stockholm", "Swedish, English", "9 years", "Free of charge", "None", "For which experiment?")
		shown.hasNot(t, "Outsider", "outsider@")
		visit(t, app, "developer", "/fi/mentors/"+p.ID, nil).has(t, "Koulutus")
		if !strings.Contains(visit(t, app, "outsider", "/fi/mentors/me", nil).body, `value="09.1" selected`) {
			t.Error("a group without a Finnish name is lost")
		}
		none := visit(t, app, "aino", "/en/mentors/me", url.Values{})
		none.has(t, "Choose a level for at least one skill.")
		none.sound(t, "en")
	})
}

func TestTheAPIListsMentorsWithoutPersons(t *testing.T) {
	first(t, func(t *testing.T, w *world, app *fiber.App) {
		all := visit(t, app, "nobody", "/api/v1/mentors", nil)
		if all.status != http.StatusOK || strings.Count(all.body, `"id":`) != 3 || !strings.Contains(all.body, `"free_hours":2`) || !strings.Contains(all.body, "/mentors/"+w.mentors["aino"].ID) {
			t.Errorf("%d %s", all.status, all.body)
		}
		for _, secret := range []string{"Aino", "Kysyn", "person", w.actors["aino"].ID} {
			if strings.Contains(all.body, secret) {
				t.Errorf("the list tells %q", secret)
			}
		}
		if one := visit(t, app, "nobody", "/api/v1/mentors?language=ru&role=mentor&skill=service-design", nil); strings.Count(one.body, `"id":`) != 1 {
			t.Errorf("filtered: %s", one.body)
		}
		if part := visit(t, app, "nobody", "/api/v1/mentors?limit=2", nil); strings.Count(part.body, `"id":`) != 2 || !strings.Contains(part.body, `"next":`) {
			t.Errorf("part: %s", part.body)
		}
		if bad := visit(t, app, "nobody", "/api/v1/mentors?role=king", nil); bad.status != http.StatusUnprocessableEntity {
			t.Errorf("an unknown role: %d", bad.status)
		}
	})
}
