package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// A seeker is a portal in which something is looked for that is not there.
type seeker struct {
	app       *App
	dir, base string
	words     string
	want      string // id
	days      int    // from the first
}

// goes lets some days go by.
func (s *seeker) goes(days int) {
	s.days += days
	y, m, d := time.Now().In(s.app.Config.Zone).Date()
	s.app.moment.goTo(time.Date(y, m, d+1+s.days, 9, 0, 0, 0, s.app.Config.Zone))
}

func (s *seeker) path() string { return "/en/search?q=" + url.QueryEscape(s.words) }

// indexed waits until the index has what was written.
func (s *seeker) indexed(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.app.Journal.Wait(ctx, search.FollowerName, s.app.Journal.Seq()); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsLookedForInVainIsTriedFoundAndTold(t *testing.T) {
	dir := t.TempDir()
	a, base := portal(t, dir)
	s := &seeker{app: a, dir: dir, base: base, words: "riistakamera hautausmaalla"}
	defer a.moment.goTo(time.Time{})
	live(t,
		chapter{"nobody finds it on three days", s.isNotFound},
		chapter{"a moderator approves the words", s.isApproved},
		chapter{"a developer answers it with an experiment", s.isTried},
		chapter{"somebody keeps the search", s.isKept},
		chapter{"a case is published and the list says so", s.isFound},
		chapter{"one letter tells of it, and its link ends the letters", s.isTold},
		chapter{"a month later it is off the list", s.isGone},
	)
}

func (s *seeker) isNotFound(t *testing.T) {
	for range 3 {
		s.goes(1)
		visit(t, s.base).open(s.path()).sees("0 finds", "without saying who asked").leadsTo("/en/wanted").leadsTo("/en/saved-searches/new")
		visit(t, s.base).open(s.path() + "&kind=case") // a narrowed search is no want
		if err := s.app.Wanted.Count(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	visit(t, s.base).open("/en/search?q=040+123+4567+riistakamera").seesNot("without saying who asked")
	visit(t, s.base).open("/en/wanted").seesNot(s.words)
}

var decideForm = regexp.MustCompile(`/wanted/([a-z0-9]{12})/decide`)

func (s *seeker) isApproved(t *testing.T) {
	admin := visit(t, s.base).as("admin")
	admin.open("/en/my-work").sees("2 searches wait for your decision").leadsTo("/en/wanted/desk")
	desk := admin.open("/en/wanted/desk").sees(s.words)
	before, _, _ := strings.Cut(desk.body[strings.Index(desk.body, s.words):], "</form>")
	s.want = decideForm.FindStringSubmatch(before)[1]
	if p := desk.trySend(s.want+"/decide", fields{"do": "hide"}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("hidden without a reason: %d", p.status)
	}
	desk.send(s.want+"/decide", fields{"do": "approve"}).sees("it is on the public list now")
	list := visit(t, s.base).open("/en/wanted").sees(s.words, "Searched for 3 times").leadsTo("/en/experiments/new?wanted=" + s.want)
	if !strings.Contains(list.body, "/en/feeds/wanted.atom") {
		t.Error("the list does not say where its feed is")
	}
	for _, path := range []string{"/en/feeds/wanted.rss", "/sv/feeds/wanted.atom", "/kk/feeds/wanted.json", "/api/v1/wanted"} {
		if p := visit(t, s.base).open(path); !strings.Contains(p.body, s.words) {
			t.Errorf("%s does not have it", path)
		}
	}
}

func (s *seeker) isTried(t *testing.T) {
	dev := visit(t, s.base).as("developer")
	form := dev.open("/en/experiments/new?wanted=" + s.want)
	if got := form.values(form.form("/experiments/new")); got.Get("title") != s.words || got.Get("wanted") != s.want {
		t.Errorf("the form begins with %v", got)
	}
	plan := form.send("/experiments/new", fields{"title": "Animals among the graves", "summary": "They are counted.", "problem": "Nobody knows.", "sector": "06", "lang": "en"})
	id := strings.Split(plan.url.Path, "/")[3]
	visit(t, s.base).open("/en/wanted").seesNot("Animals among the graves") // a draft is nobody's to see
	dev.open("/en/experiments/"+id+"/plan").send("/advance", fields{"to": "idea"})
	visit(t, s.base).open("/en/wanted").sees("Being tried by", "Animals among the graves").leadsTo("/en/experiments/" + id)
	visit(t, s.base).open("/en/experiments/"+id).sees("Answers a wanted case", s.words)
	edit := dev.open("/en/experiments/" + id + "/edit/problem")
	if got := edit.values(edit.form("/edit/problem")).Get("wanted"); got != s.want {
		t.Errorf("the card says it answers %q", got)
	}
	if p := edit.trySend("/edit/problem", fields{"wanted": "0123456789ab"}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("answers what nobody wants: %d", p.status)
	}
}

func (s *seeker) isKept(t *testing.T) {
	s.goes(1)
	if p := visit(t, s.base).open("/en/saved-searches/new?q=x"); !strings.HasSuffix(p.url.Path, "/sign-in") {
		t.Errorf("a stranger saves a search at %s", p.url)
	}
	dev := visit(t, s.base).as("developer2")
	form := dev.open("/en/saved-searches/new?"+url.Values{"q": {s.words}}.Encode()).sees("Exactly this will come", "at most ten")
	if p := form.trySend("/saved-searches", fields{"mail": "hourly"}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a letter every hour: %d", p.status)
	}
	form.send("/saved-searches", fields{"mail": "daily"}).sees("has been saved", s.words)
	list := form.send("/saved-searches", fields{"mail": "daily"}) // the button pressed twice
	if n := strings.Count(list.body, "Change or delete"); n != 1 {
		t.Errorf("%d searches are saved", n)
	}
	if p := visit(t, s.base).as("developer").open("/en/saved-searches"); strings.Contains(p.body, s.words) {
		t.Error("somebody else sees the search")
	}
}

func (s *seeker) isFound(t *testing.T) {
	dev := visit(t, s.base).as("developer")
	var made struct{ ID string }
	dev.post("/api/v1/cases", "pier", map[string]any{"title": "Riistakamera hautausmaalla", "body": "Kuvia otettiin.", "lang": "fi"}, &made)
	s.indexed(t)
	visit(t, s.base).open(s.path()).leadsTo(made.ID)
	for _, format := range []string{"rss", "atom", "json"} {
		if p := visit(t, s.base).open("/en/feeds/search." + format + "?" + url.Values{"q": {s.words}}.Encode()); !strings.Contains(p.body, "/c/"+made.ID) {
			t.Errorf("the feed of the search (%s) does not have the case", format)
		}
	}
	for range 2 {
		if _, err := s.app.Wanted.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	visit(t, s.base).open("/en/wanted").sees("Found now", "Riistakamera hautausmaalla").leadsTo(made.ID)
	if err := s.app.Cases.Hide(t.Context(), accounts.System, made.ID, "By mistake."); err != nil {
		t.Fatal(err)
	}
	visit(t, s.base).open("/en/wanted").seesNot("Riistakamera hautausmaalla")
	if err := s.app.Cases.Unhide(t.Context(), accounts.System, made.ID); err != nil {
		t.Fatal(err)
	}
	s.indexed(t)
}

var stopLink = regexp.MustCompile(`/[a-z]{2}/saved-searches/stop/\S+`)

// letters are the letters so far that end with a link to stop them.
func (s *seeker) letters(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(s.dir, "mail", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if stopLink.Match(raw) && strings.Contains(string(raw), s.words) {
			list = append(list, string(raw))
		}
	}
	return list
}

// send writes the letters that are due and sends them.
func (s *seeker) send(t *testing.T) []string {
	t.Helper()
	if _, err := s.app.Saved.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		if _, err := s.app.mail.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		status, err := store.Get(t.Context(), s.app.Store, notify.StatusTx)
		if err != nil {
			t.Fatal(err)
		}
		if status.Waiting == 0 {
			return s.letters(t)
		}
	}
	t.Fatal("the letters do not leave")
	return nil
}

func (s *seeker) isTold(t *testing.T) {
	if got := s.send(t); len(got) != 0 {
		t.Errorf("a letter before the morning: %q", got)
	}
	s.goes(1)
	s.send(t)
	s.goes(1)
	letters := s.send(t)
	if len(letters) != 1 || !strings.Contains(letters[0], "Riistakamera hautausmaalla") || strings.Contains(letters[0], "Animals among the graves") {
		t.Fatalf("letters: %q", letters)
	}
	link := strings.TrimSuffix(stopLink.FindString(letters[0]), ">")
	anyone := visit(t, s.base)
	page := anyone.open(link).sees(s.words)
	if cache := page.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("the page of the link may be kept: %q", cache)
	}
	page.send(link, nil).sees("Inga fler brev")
	var made struct{ ID string }
	visit(t, s.base).as("developer").post("/api/v1/cases", "pier2", map[string]any{"title": "Toinen riistakamera hautausmaalla", "body": "Taas.", "lang": "fi"}, &made)
	s.indexed(t)
	s.goes(1)
	if got := s.send(t); len(got) != 1 {
		t.Errorf("a letter after the end: %q", got[1:])
	}
	if p := anyone.try(link[:len(link)-1] + "!"); p.status != http.StatusNotFound {
		t.Errorf("a wrong link answers %d", p.status)
	}
}

func (s *seeker) isGone(t *testing.T) {
	if _, err := s.app.Wanted.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	visit(t, s.base).open("/en/wanted").sees("Found now")
	s.goes(33)
	visit(t, s.base).open("/en/wanted").seesNot(s.words)
	var answer struct{ Wanted []struct{ ID string } }
	if err := json.Unmarshal([]byte(visit(t, s.base).open("/api/v1/wanted").body), &answer); err != nil || slices.Contains(answer.Wanted, struct{ ID string }{s.want}) {
		t.Errorf("%v, %v", answer, err)
	}
}
