package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// suggestionsAnswer is what the script of the search fields gets.
type suggestionsAnswer struct {
	Said string
	List []struct{ Text, Lang, Note, URL string }
}

func suggestions(t *testing.T, v *visitor, path string) (a suggestionsAnswer, header http.Header) {
	t.Helper()
	p := v.open(path)
	if err := json.Unmarshal([]byte(p.body), &a); err != nil {
		t.Fatalf("%s: %v: %s", path, err, p.body)
	}
	return a, p.header
}

func TestTheSearchHelps(t *testing.T) {
	_, base := portal(t, t.TempDir())
	t.Run("suggestions", func(t *testing.T) { suggestsWhileTyping(t, base) })
	t.Run("the page", func(t *testing.T) { helpsOn(t, base) })
	t.Run("places like ours", func(t *testing.T) { comparesPlaces(t, base) })
	t.Run("similar cases", func(t *testing.T) { saysWhyCasesAreSimilar(t, base) })
}

func suggestsWhileTyping(t *testing.T, base string) {
	t.Helper()
	v := visit(t, base)
	t.Run("for the script", func(t *testing.T) {
		a, header := suggestions(t, v, "/fi/search/suggest?q=kirj")
		if len(a.List) == 0 || len(a.List) > 8 || !strings.Contains(a.Said, "ehdotus") || header.Get("Cache-Control") != "private, max-age=60" {
			t.Errorf("got %+v, %q", a, header.Get("Cache-Control"))
		}
		for _, s := range a.List {
			if s.Text == "" || !strings.HasPrefix(s.URL, "/fi/") {
				t.Errorf("a suggestion leads to %q: %q", s.URL, s.Text)
			}
			v.open(s.URL)
		}
	})
	t.Run("for one signed in they are kept nowhere", func(t *testing.T) {
		if _, header := suggestions(t, visit(t, base).as("developer"), "/fi/search/suggest?q=kirj"); header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("Cache-Control: %q", header.Get("Cache-Control"))
		}
	})
	t.Run("nothing typed", func(t *testing.T) {
		for _, q := range []string{"", "k", "%FF%FE", "%00", strings.Repeat("a", 900)} {
			if a, _ := suggestions(t, v, "/en/search/suggest?q="+q); len(a.List) > 0 {
				t.Errorf("%q suggests %+v", q, a.List)
			}
		}
	})
	t.Run("in the API", func(t *testing.T) {
		var a struct {
			Suggestions []struct{ Kind, Text, Lang, URL string }
		}
		p := v.open("/api/v1/suggestions?q=kirj&lang=fi&limit=2")
		if err := json.Unmarshal([]byte(p.body), &a); err != nil || len(a.Suggestions) != 2 || !strings.Contains(a.Suggestions[0].URL, "/fi/") {
			t.Errorf("%v: %s", err, p.body)
		}
		if p := v.open("/api/v1/suggestions"); !strings.Contains(p.body, `"suggestions":[]`) {
			t.Errorf("nothing typed: %s", p.body)
		}
	})
}

func helpsOn(t *testing.T, base string) {
	t.Helper()
	v := visit(t, base)
	t.Run("did you mean, filters kept", func(t *testing.T) {
		p := v.open("/fi/search?q=kirjastp&lang=fi").sees("Tarkoititko", "kirjasto")
		if !slices.Contains(p.links(), "/fi/search?lang=fi&q=kirjasto") {
			t.Errorf("no link keeps the filter: %v", p.links())
		}
		v.open("/fi/search?q=kirjasto").seesNot("Tarkoititko")
	})
	t.Run("did you mean in the API", func(t *testing.T) {
		var a struct {
			Meant *struct {
				Query string
				Total int
			} `json:"did_you_mean"`
		}
		p := v.open("/api/v1/search?q=kirjastp&lang=fi")
		if err := json.Unmarshal([]byte(p.body), &a); err != nil || a.Meant == nil || a.Meant.Query != "kirjasto" || a.Meant.Total == 0 {
			t.Errorf("%v: %s", err, p.body)
		}
		if p := v.open("/api/v1/search?q=kirjasto"); strings.Contains(p.body, "did_you_mean") {
			t.Errorf("what is right is mended: %s", p.body)
		}
	})
	t.Run("suggestions as links where nothing is found", func(t *testing.T) {
		v.open("/en/search?q=lbrary").sees("Perhaps one of these", "library")
	})
}

func comparesPlaces(t *testing.T, base string) {
	t.Helper()
	v := visit(t, base)
	count := regexp.MustCompile(`(\d+) of these comes? from (?:a municipality|municipalities) like yours \(50,000–100,000 inhabitants, Sweden\)`)
	p := v.open("/en/search?q=digital&like=SE:2281")
	m := count.FindStringSubmatch(p.text())
	if m == nil {
		t.Fatalf("nothing is said of places like Sundsvall: %s", p.text())
	}
	narrowed := v.open("/en/search?" + url.Values{"q": {"digital"}, "size": {"50k_100k"}, "country": {"SE"}}.Encode())
	if !regexp.MustCompile(`^` + m[1] + ` finds?`).MatchString(strings.TrimSpace(narrowed.heading())) {
		t.Errorf("%s are said to be alike; the filters leave %q", m[1], narrowed.heading())
	}
	narrowed.seesNot("like yours")
	for _, path := range []string{"/en/search?q=digital", "/en/search?q=digital&like=XX:1", "/en/search?q=digital&like=%FF"} {
		v.open(path).seesNot("like yours")
	}
	found := false
	member := visit(t, base).as("developer")
	for _, q := range []string{"digital", "kirjasto", "kokeilu", "library"} {
		found = found || strings.Contains(member.open("/en/search?q="+q).text(), "like yours")
	}
	if !found {
		t.Error("a member is never told of places like theirs")
	}
}

func saysWhyCasesAreSimilar(t *testing.T, base string) {
	t.Helper()
	v := visit(t, base)
	for _, link := range v.open("/en/cases").links() {
		if strings.HasPrefix(link, "/en/cases/") && strings.Contains(v.open(link).text(), "Same words:") {
			return
		}
	}
	t.Error("no case says what it shares with similar ones")
}

// heading is what the first heading says.
func (p page) heading() string {
	p.v.t.Helper()
	m := regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`).FindStringSubmatch(p.body)
	if m == nil {
		p.v.t.Fatalf("%s has no heading", p.url)
	}
	return m[1]
}
