package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var fileAddress = regexp.MustCompile(`/files/[0-9a-f]{64}`)

func (s *story) logsLearnsPublishes(t *testing.T) {
	dev := s.as(t, "developer")
	dev.open(s.at("log")).send("/log", fields{"text": "Ensimmäinen laatikko kulki Särkijärvelle.", "kind": "observation", "reach": "public"})
	dev.open(s.at("log")).trySend("/log", fields{"text": "Kuva ilman sanoja", "picture": pictureFile(t)}).sees("to go on")
	logged := dev.open(s.at("log")).send("/log", fields{"text": "Laatikot odottavat.", "kind": "picture", "reach": "public", "picture": pictureFile(t), "alt": "Kaksi laatikkoa taksin takapenkillä"})
	s.picture = fileAddress.FindString(dev.open(s.at("log")).body)
	if s.picture == "" {
		t.Fatalf("the log shows no picture:\n%s", logged.text())
	}
	dev.open(s.at("log")).send("/log", fields{"text": "Viikon lukema", "kind": "number", "measure": "1", "value": "19", "reach": "public"})
	dev.open(s.at("log")).send("/log", fields{"text": "Riitelimme aikatauluista: salainen.", "reach": "team"})
	dev.open(s.at("log")).sees("salainen")
	for who, v := range map[string]*visitor{"a stranger": visit(t, s.base), "their own coordinator": s.as(t, "coordinator")} {
		p := v.open(s.at("log")).sees("Särkijärvelle").seesNot("salainen")
		if !strings.Contains(p.body, `alt="Kaksi laatikkoa taksin takapenkillä"`) {
			t.Errorf("%s does not get the words of the picture", who)
		}
		if p = v.try(s.picture); p.status != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Type"), "image/") {
			t.Errorf("%s cannot see the picture: %d %s", who, p.status, p.header.Get("Content-Type"))
		}
	}

	dev.open(s.at("plan")).send("/advance", fields{"to": "ended"}).sees("Now the lesson")
	// The gate: nothing is learned or published without the lesson.
	gate := dev.open(s.at("plan"))
	if p := gate.postRaw(s.at("advance"), fields{"to": "learned"}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("learned without a lesson: %d", p.status)
	}
	if p := gate.postRaw(s.at("publish"), nil); p.status < 400 {
		t.Errorf("published without a lesson: %d at %s", p.status, p.url)
	}
	dev.open(s.at("learning")).trySend("/learning", fields{"outcome": "partly", "finish": "1"}).sees("to go on")
	dev.open(s.at("learning")).send("/learning", fields{
		"result_1_value": "21", "outcome": "partly", "surprise": "Kuljettajista tuli kirjojen suosittelijoita.", "learnt": "Paluumatka riittää kahdelle kylälle.",
		"does_not": "Kolmas kylä on liian kaukana.", "conditions": "Koulukyydit ajetaan joka arkipäivä.", "cost_real": "60", "cost": "2900",
		"decision": "spread", "decision_who": "Sivistyslautakunta", "decision_day": time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "finish": "1",
	}).sees("The lesson is finished")
	s.publishes(t, dev)
}

// publishes opens the draft that was made of card, log and measures, looks at
// its preview and makes it a case.
func (s *story) publishes(t *testing.T, dev *visitor) {
	t.Helper()
	editor := dev.open(s.at()).send("/publish", nil)
	s.caseID = strings.Split(editor.url.Path, "/")[3]
	for _, part := range []string{"Kirjastoauto lopetettiin", "Jos varaukset kulkevat koulukyydissä", "Paluumatka riittää kahdelle kylälle", s.picture} {
		if !strings.Contains(editor.body, part) {
			t.Errorf("the draft does not have %q", part)
		}
	}
	if strings.Contains(editor.body, "salainen") {
		t.Error("the draft holds what only the team may read")
	}
	if p := visit(t, s.base).try("/en/cases/" + s.caseID); p.status != http.StatusNotFound {
		t.Errorf("the draft of a case is open: %d", p.status)
	}
	editor.send("/edit", fields{"do": "preview"}).sees("Kuljettajista tuli kirjojen suosittelijoita")
	published := editor.send("/edit", fields{"do": "publish"})
	published.sees("Kirjastokuljetus koulukyydin paluumatkalla")
}

func (s *story) theCaseSpreads(t *testing.T) {
	anyone := visit(t, s.base)
	if p := anyone.open("/c/" + s.caseID); !strings.Contains(p.url.Path, "/cases/"+s.caseID+"/kirjastokuljetus") {
		t.Errorf("the permanent address leads to %s", p.url)
	}
	for _, lang := range []string{"fi", "sv", "en", "ru", "kk"} {
		anyone.open("/" + lang + "/search?q=kirjastokuljetus").leadsTo(s.caseID)
		anyone.open("/" + lang + "/cases/" + s.caseID).sees("Kirjastokuljetus koulukyydin paluumatkalla")
	}
	anyone.open("/fi/search?q=" + url.QueryEscape("kirjastokuljetuksista kylissä")).leadsTo(s.caseID) // inflected
	s.isFollowed(t)

	before := s.score(t)
	for _, one := range []struct{ role, action, sees string }{{"coordinator2", "endorse", ""}, {"coordinator3", "adopt", ""}} {
		v := s.as(t, one.role)
		form := v.open("/en/cases/" + s.caseID)
		if one.action == "endorse" {
			form.send("/endorse", fields{"reason": "Meillä on samat kylät ja samat tyhjät paluumatkat. Tämä kannattaa lukea ennen seuraavaa kilpailutusta."})
		} else {
			form.send("/adopt", fields{"result": "confirmed", "note": "Kokeilimme kahdessa kylässä; lainat kaksinkertaistuivat.", "confirmed": "1"})
		}
	}
	if p := s.as(t, "coordinator").open("/en/cases/" + s.caseID); strings.Contains(p.body, "/"+s.caseID+"/endorse") {
		t.Error("the own coordinator may endorse")
	}
	if after := s.score(t); after <= before {
		t.Errorf("the score was %.2f and is %.2f after an endorsement and an adoption", before, after)
	}
	page := anyone.open("/en/cases/" + s.caseID)
	page.sees("Its place in the TOP-10", "Skellefteå", "lainat kaksinkertaistuivat")
	s.as(t, "coordinator3").open(s.at())
	anyone.open(s.at()).sees("Spread")
}

// leadsTo ends the test when no link of the page leads to the thing.
func (p page) leadsTo(id string) page {
	p.v.t.Helper()
	for _, link := range p.links() {
		if strings.Contains(link, id) {
			return p
		}
	}
	p.v.t.Fatalf("%s does not lead to %s:\n%s", p.url, id, p.text())
	return p
}

// isFollowed looks for the case in the three forms of the feed.
func (s *story) isFollowed(t *testing.T) {
	t.Helper()
	for form, kind := range map[string]string{"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"} {
		p := visit(t, s.base).open("/fi/feeds/cases." + form)
		if !strings.HasPrefix(p.header.Get("Content-Type"), kind) || !strings.Contains(p.body, s.caseID) || !strings.Contains(p.body, "Kirjastokuljetus") {
			t.Errorf("feed %s (%s) does not have the case", form, p.header.Get("Content-Type"))
		}
	}
}

// score is the case's score in the TOP-10 as its receipt on the page and the
// interface say it.
func (s *story) score(t *testing.T) float64 {
	t.Helper()
	p := visit(t, s.base).open("/api/v1/topten")
	var answer struct {
		Lists map[string][]struct {
			Case  string
			Score struct{ Total float64 }
		}
	}
	if err := json.Unmarshal([]byte(p.body), &answer); err != nil {
		t.Fatal(err)
	}
	for _, list := range answer.Lists {
		for _, one := range list {
			if one.Case == s.caseID {
				return one.Score.Total
			}
		}
	}
	return 0
}

func (s *story) importsAndExports(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "out")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(from, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, lang := range []string{"fi", "sv", "en"} {
		write(fmt.Sprintf("%d.md", i), fmt.Sprintf("---\nid: story-%d\nsource: https://example.org/%d\ntitle: Imported text %d\nlang: %s\nflavour: salty\n---\n\n## What\n\nWord zqimport%d.\n", i, i, i, lang, i))
	}
	write("broken.md", "---\ntitle: No language\nlang: xx\n---\n\nText.\n")

	out, code := command(t, s.dir, "import", "cases", from)
	if code != 1 || !strings.Contains(out, "3 imported, 0 updated, 0 unchanged, 1 rejected") || !strings.Contains(out, "broken.md:3") {
		t.Fatalf("first import: exit code %d\n%s", code, out)
	}
	if err := os.Remove(filepath.Join(from, "broken.md")); err != nil {
		t.Fatal(err)
	}
	if out := must(t, s.dir, "import", "cases", from); !strings.Contains(out, "0 imported, 0 updated, 3 unchanged, 0 rejected") {
		t.Fatalf("second import:\n%s", out)
	}
	visit(t, s.base).open("/en/search?q=zqimport1").sees("Imported text 1")

	must(t, s.dir, "export", "cases", to)
	kept := 0
	files, err := filepath.Glob(filepath.Join(to, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "flavour: salty") {
			kept++
		}
	}
	if kept != 3 {
		t.Errorf("%d of 3 files kept the key that the portal does not know", kept)
	}
	if out := must(t, s.dir, "import", "cases", to); !strings.Contains(out, fmt.Sprintf("0 imported, 0 updated, %d unchanged, 0 rejected", len(files))) {
		t.Errorf("re-import of an export changed something:\n%s", out)
	}
}
