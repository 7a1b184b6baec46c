package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestAMunicipalityHasAPageOfItsOwn(t *testing.T) {
	_, base := portal(t, t.TempDir())
	stranger := visit(t, base)
	all := stranger.open("/fi/organisations")
	if !strings.Contains(all.body, "/fi/organisations/FI-889") || strings.Contains(all.body, "/fi/organisations/FI-005") {
		t.Error("the list has not those that have something, and them only")
	}
	page := stranger.open("/fi/organisations/FI-889")
	for _, text := range []string{"Utajärvi", "qamem8detun2", "/fi/feeds/experiments.rss?org=FI-889", "/fi/feeds/cases.rss?org=FI-889", "/fi/experiments.ics?org=FI-889", "/fi/cases?org=FI-889"} {
		if !strings.Contains(page.body, text) {
			t.Errorf("the page of Utajärvi lacks %q", text)
		}
	}
	for _, odd := range []string{"FI-999", "XX", "%00", "FI:889:1", strings.Repeat("a", 300)} {
		if got := visit(t, base).try("/fi/organisations/" + odd).status; got != http.StatusNotFound {
			t.Errorf("the page of %.20q: %d", odd, got)
		}
	}
	for feed, foreign := range map[string]string{"experiments": "Sundsvall", "cases": "Sundsvall"} {
		body := stranger.open("/fi/feeds/" + feed + ".rss?org=FI-889").body
		if !strings.Contains(body, "Utajärvi") || strings.Contains(body, foreign) {
			t.Errorf("the feed of %s is not that of Utajärvi", feed)
		}
	}
	admin := visit(t, base).as("admin")
	admin.open("/fi/organisations/FI-889/edit").send("/organisations/FI-889/edit", fields{
		"text": "Kokeilemme kylä kerrallaan.", "link_1_title": "Raportti", "link_1_url": "https://utajarvi.example/r.pdf",
	})
	if now := stranger.open("/fi/organisations/FI-889").body; !strings.Contains(now, "Kokeilemme kylä kerrallaan.") || !strings.Contains(now, "https://utajarvi.example/r.pdf") {
		t.Error("what was saved is not in the very next page")
	}
}
