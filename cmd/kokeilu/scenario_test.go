package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/quotedprintable"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// story is the main job as people live it: each step goes on where the one
// before ended, over real HTTP, with real forms and without any script.
type story struct {
	base, dir  string
	experiment string // id of the card
	request    string // id of the request for seed money
	mentorship string
	caseID     string
	picture    string // address of the picture in the log
}

// as signs somebody in with one click.
func (s *story) as(t *testing.T, role string) *visitor {
	t.Helper()
	return visit(t, s.base).as(role)
}

var (
	signInLink     = regexp.MustCompile(`/[a-z]{2}/sign-in/\S+`)
	invitationLink = regexp.MustCompile(`/[a-z]{2}/invitations/\S+`)
)

// byMail signs somebody in with the link of a letter, and returns the link.
func (s *story) byMail(t *testing.T, email string) (*visitor, string) {
	t.Helper()
	v, before := visit(t, s.base), s.letters(t)
	v.open("/en/sign-in").send("/en/sign-in", fields{"email": email})
	link := s.letter(t, before, email, signInLink)
	v.open(link).sees(email).send(link, nil)
	v.open("/en/my-work")
	return v, link
}

// letters are the files of the letters that were sent.
func (s *story) letters(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(s.dir, "mail", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// letter waits for a new letter to somebody with a link of a kind, and returns
// the link.
func (s *story) letter(t *testing.T, before []string, to string, link *regexp.Regexp) string {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		for _, path := range s.letters(t) {
			raw, err := os.ReadFile(path)
			if err != nil || slices.Contains(before, path) || !strings.Contains(string(raw), to) {
				continue
			}
			text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
			if err != nil {
				text = raw // it is written plainly
			}
			if found := link.Find(text); found != nil {
				return string(found)
			}
		}
	}
	t.Fatalf("no letter to %s", to)
	return ""
}

// at is the address of a page of the experiment.
func (s *story) at(parts ...string) string {
	return strings.Join(append([]string{"/en/experiments", s.experiment}, parts...), "/")
}

// last is the last part of a page's address: the id of what was made.
func (p page) last() string {
	path := strings.TrimRight(p.url.Path, "/")
	return path[strings.LastIndex(path, "/")+1:]
}

// pictureFile is a small real picture, as a field's value.
func pictureFile(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			img.Set(x, y, color.RGBA{uint8(x * 4), uint8(y * 5), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return "file:" + b.String()
}

func TestTheMainJobEndToEnd(t *testing.T) {
	dir := t.TempDir()
	_, base := portal(t, dir)
	(&story{base: base, dir: dir}).tell(t)
}

// tell lives the whole story.
func (s *story) tell(t *testing.T) {
	t.Helper()
	live(t,
		chapter{"1 Anyone opens the front page", s.anyoneOpensTheFrontPage},
		chapter{"2 A municipal developer signs in by mail link", s.aDeveloperSignsIn},
		chapter{"3 Registers an experiment and completes its plan", s.registersAndPlans},
		chapter{"4 Asks for seed money from that same card and it is decided", s.seedMoney},
		chapter{"3 Starts, and belief and measures are locked", s.startsAndLocks},
		chapter{"5 Finds a mentor by the explained ranking, who accepts", s.findsAMentor},
		chapter{"6 Keeps the log, learns, and publishes a case", s.logsLearnsPublishes},
		chapter{"4 The second payment came only after the lesson", s.theRestIsPaid},
		chapter{"7 The case is found, followed, endorsed and adopted", s.theCaseSpreads},
		chapter{"8 A folder of Markdown comes in and goes out again", s.importsAndExports},
	)
}

// A chapter is one part of a story: what happens, and how.
type chapter struct {
	name string
	do   func(*testing.T)
}

// live goes through a story in its order. When a chapter fails, the rest cannot
// follow.
func live(t *testing.T, chapters ...chapter) {
	t.Helper()
	for _, c := range chapters {
		if !t.Run(c.name, c.do) {
			t.FailNow()
		}
	}
}

func (s *story) anyoneOpensTheFrontPage(t *testing.T) {
	anyone := visit(t, s.base)
	p := anyone.open("/")
	p.sees("TOP-10")
	for _, path := range []string{"/experiments", "/cases", "/calls", "/search", "/top10"} {
		if !strings.Contains(p.body, path) {
			t.Errorf("the front page does not lead to %s", path)
		}
	}
	if cookies := p.header.Values("Set-Cookie"); len(cookies) != 0 {
		t.Errorf("the front page sets cookies: %q", cookies)
	}
	for n := range p.root.Descendants() {
		for _, name := range []string{"src", "srcset", "href", "action", "poster", "data"} {
			loads := n.Data != "a" && (n.Data != "link" || strings.Contains(attr(n, "rel"), "stylesheet") || strings.Contains(attr(n, "rel"), "icon"))
			if address := attr(n, name); loads && strings.Contains(address, "//") && !strings.HasPrefix(address, s.base) {
				t.Errorf("the front page loads %s from elsewhere", address)
			}
		}
		if n.Data == "script" && attr(n, "src") == "" && attr(n, "type") != "application/ld+json" {
			t.Error("the front page carries a script in itself")
		}
	}
	anyone.open("/en/search?q=library").seesNot("error")
}

func (s *story) aDeveloperSignsIn(t *testing.T) {
	stranger := visit(t, s.base)
	if p := stranger.try("/en/my-work"); p.url.Path == "/en/my-work" && p.status == http.StatusOK {
		t.Fatal("my work opens without signing in")
	}
	dev, link := s.byMail(t, "developer@example.org")
	dev.open("/en/profile").sees("developer@example.org")
	if p := stranger.try(link); p.status != http.StatusGone {
		t.Errorf("a link that was used answers %d", p.status)
	}
}

func (s *story) registersAndPlans(t *testing.T) {
	dev := s.as(t, "developer")
	five := fields{
		"title":   "Kirjastokuljetus koulukyydin paluumatkalla",
		"summary": "Koulutaksi tuo kirjaston varaukset kyliin samalla matkalla, jolla se muuten palaisi tyhjänä.",
		"problem": "Kirjastoauto lopetettiin, ja kylien lapset ja vanhukset jäävät ilman kirjoja.",
		"sector":  "08", "type": "pilot", "lang": "fi",
	}
	form := dev.open("/en/experiments/new")
	form.trySend("/experiments/new", fields{"title": "Vain otsikko"}).sees("to go on")
	similar := form.send("/experiments/new", with(five, fields{"similar": "1"}))
	similar.sees("Kirjaston palautuslaatikko") // what another has tried, while the form is filled in
	plan := similar.send("/experiments/new", five)
	s.experiment = strings.Split(plan.url.Path, "/")[3]
	if p := visit(t, s.base).try(s.at()); p.status != http.StatusNotFound {
		t.Errorf("a draft is open to a stranger: %d", p.status)
	}

	next := dev.open(s.at("plan")).send("/advance", fields{"to": "idea"})
	next.sees(five["title"])
	for _, part := range []struct {
		section string
		typed   fields
	}{
		{"belief-and-test", fields{
			"belief": "Jos varaukset kulkevat koulukyydissä, lainaus kylissä palaa entiselleen ilman uutta autoa.",
			"test":   "Kuljetamme kahden kylän varaukset kahdentoista viikon ajan ja laskemme lainat.", "stop_rule": "Keskeytämme, jos kuljettajan työaika ylittyy.",
			"checked_none": "1", "checked_words": "kirjastoauto, koulukyyti",
		}},
		{"measures", fields{
			"measure_1_name": "Lainat kylissä viikossa", "measure_1_unit": "kpl", "measure_1_direction": "more",
			"measure_1_baseline": "3", "measure_1_limit": "25", "measure_1_how": "Kirjastojärjestelmän raportti",
		}},
		{"people", fields{"number": "40", "people": "Kahden kylän asukkaat", "personal_data": "no", "step_1_what": "Varaus pakataan", "step_1_who": "Kirjasto", "step_1_channel": "Koulutaksi"}},
		{"calendar", nil},
		{"decisions", fields{"none": "1"}},
		{"money", fields{"cost_1_text": "Kuljetuslaatikot", "cost_1_sum": "3000", "seed": "1800", "own": "1200"}},
		{"after", fields{"after": "Sivistyslautakunta päättää jatkosta syksyllä."}},
	} {
		p := dev.open(s.at("edit", part.section))
		p.send("/edit/"+part.section, part.typed)
	}
	dev.open(s.at("plan")).send("/advance", fields{"to": "planned"})
	dev.open(s.at()).sees("Planned")
	visit(t, s.base).open(s.at()).sees(five["title"]) // it is public now
}

// with is a form's fields with some more.
func with(f, more fields) fields {
	all := fields{}
	for _, list := range []fields{f, more} {
		for name, value := range list {
			all[name] = value
		}
	}
	return all
}

func (s *story) startsAndLocks(t *testing.T) {
	dev := s.as(t, "developer")
	dev.open(s.at("plan")).trySend("/ask-start", nil)
	if p := dev.try(s.at("plan")); strings.Contains(p.body, `value="running"`) {
		t.Error("an experiment with money can start without the coordinator's yes")
	}
	s.as(t, "coordinator").open(s.at("plan")).send("/confirm", nil)
	dev.open(s.at("plan")).send("/advance", fields{"to": "running"}).sees("The experiment is running")
	dev.open(s.at()).sees("Limits locked on")
	form := dev.open(s.at("edit", "measures"))
	form.sees("locked")
	refused := form.postRaw(s.at("edit", "measures"), fields{
		"measure_1_name": "Lainat kylissä viikossa", "measure_1_unit": "kpl", "measure_1_direction": "more",
		"measure_1_baseline": "3", "measure_1_limit": "2", "measure_1_how": "Kirjastojärjestelmän raportti",
	})
	if refused.status < 400 {
		t.Errorf("a locked measure was changed: %d", refused.status)
	}
	dev.open(s.at()).sees("25").seesNot("Mend ")
}
