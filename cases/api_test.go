package cases_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

func TestAProgramPublishesACase(t *testing.T) {
	s := newSite(t)
	good := `{"title":"From a program","body":"Any *text*.","lang":"sv"}`
	tests := []struct {
		name, as, key, body string
		status              int
		want                string
	}{
		{"nobody", "", "k1", good, 401, ""},
		{"a moderator without an organisation", "moderator", "k1", good, 403, ""},
		{"a member", "author", "k1", good, 201, `"url":"https://kokeilu.test/sv/cases/`},
		{"the same again", "author", "k1", good, 201, `"url":"https://kokeilu.test/sv/cases/`},
		{"the same key, another body", "author", "k1", strings.Replace(good, "Any", "Some", 1), 422, ""},
		{"no title", "author", "k2", `{"title":"","body":"b","lang":"sv"}`, 422, `"body.title"`},
		{"a language nobody speaks here", "author", "k3", `{"title":"t","body":"b","lang":"xx"}`, 422, `"body.lang"`},
		{"no JSON", "author", "k4", `{"title":`, 400, ""},
		{"a day that is none", "author", "k5", `{"title":"t","body":"b","lang":"en","start":"13.3."}`, 422, `"body.start"`},
		{"somebody else's municipality", "author", "k6", `{"title":"t","body":"b","lang":"en","organisation":"FI:564"}`, 403, ""},
		{"all there is", "author", "k7", `{"title":"t\u0000\u0001","body":"b\r\nc","lang":"en","summary":"s","sector":"09.1","themes":["open-data"],"outcome":"partly","start":"2026-01-01","end":"2026-02-01","cost_cents":100,"currency":"EUR","hours":1.5,"licence":"CC0"}`, 201, ""},
	}
	for _, tt := range tests {
		a := s.json("/api/v1/cases", tt.as, tt.body, "Idempotency-Key", tt.key)
		if a.StatusCode != tt.status || !strings.Contains(a.body, tt.want) {
			t.Errorf("%s: %d, want %d with %q\n%s", tt.name, a.StatusCode, tt.status, tt.want, a.body)
		}
	}
	var list struct {
		Cases []struct{ ID, Title, URL string }
	}
	if err := json.Unmarshal([]byte(s.get("/api/v1/cases", "").body), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Cases) != 2 || list.Cases[0].Title != "t" || list.Cases[1].Title != "From a program" {
		t.Fatalf("list %+v", list)
	}
	var whole map[string]any
	if err := json.Unmarshal([]byte(s.get("/api/v1/cases/"+list.Cases[0].ID, "").body), &whole); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{"body": "b\nc", "start": "2026-01-01", "cost_cents": 100.0, "hours": 1.5, "outcome": "partly", "sector": "09.1"} {
		if whole[key] != want {
			t.Errorf("%s is %v, want %v", key, whole[key], want)
		}
	}
}

func TestAProgramReadsAListPageByPage(t *testing.T) {
	s := newSite(t)
	for i := range 5 {
		s.now = noon.Add(time.Duration(i) * time.Second)
		s.publish(t, told(fmt.Sprint(i)))
	}
	seen, path := "", "/api/v1/cases?limit=2&lang=en"
	for range 4 {
		var page struct {
			Cases []struct{ Title string }
			Next  string `json:"next_cursor"`
		}
		if err := json.Unmarshal([]byte(s.get(path, "").body), &page); err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Cases {
			seen += c.Title
		}
		if page.Next == "" {
			break
		}
		path = "/api/v1/cases?limit=2&lang=en&cursor=" + page.Next
	}
	if seen != "43210" {
		t.Errorf("pages hold %q", seen)
	}
	if a := s.get("/api/v1/cases?cursor=%00", ""); a.StatusCode != 422 {
		t.Errorf("a made-up cursor: %d", a.StatusCode)
	}
	if a := s.get("/api/v1/cases/nothing", ""); a.StatusCode != 404 || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("nothing there: %d %s", a.StatusCode, a.Header)
	}
}

func TestTheTopTenCanBeCountedAgainFromTheAPI(t *testing.T) {
	s := newSite(t)
	c := s.rich("Counted")
	s.endorse(t, c.ID, "SE:0180")
	s.now = noon.AddDate(0, 0, 7)
	if err := s.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	read := func(path string) cases.Score {
		var got struct {
			Frozen bool
			Weeks  []string
			Lists  map[string][]struct {
				Rank  int
				Case  string
				Score cases.Score
			}
		}
		if err := json.Unmarshal([]byte(s.get(path, "").body), &got); err != nil {
			t.Fatal(err)
		}
		list := got.Lists["practices"]
		if len(list) != 1 || list[0].Case != c.ID || list[0].Rank != 1 || len(got.Weeks) != 1 || got.Frozen != strings.Contains(path, "week") {
			t.Fatalf("%s: %+v", path, got)
		}
		return list[0].Score
	}
	for _, path := range []string{"/api/v1/topten", "/api/v1/topten?week=2026-11-23"} {
		s := read(path)
		var a, e float64
		for _, w := range s.Adoptions {
			a += w.Weight
		}
		for _, w := range s.Endorsements {
			e += w.Weight
		}
		near(t, path, 35*a/(a+3)+25*e/(e+5)+20*cases.Wilson(s.Yes, s.Votes)+20*s.D, s.Total, 1e-9)
	}
	if a := s.get("/api/v1/topten?week=2020-01-06", ""); a.StatusCode != 404 {
		t.Errorf("a week that was not: %d", a.StatusCode)
	}
}

func TestAProgramImportsFiles(t *testing.T) {
	s := newSite(t)
	send := func(text, key string) answer {
		body, err := json.Marshal(map[string]string{"path": "a.md", "text": text})
		if err != nil {
			t.Fatal(err)
		}
		return s.json("/api/v1/cases/import", "author", string(body), "Idempotency-Key", key)
	}
	for _, tt := range []struct{ text, key, want string }{
		{plainFile, "1", `"verdict":"imported"`},
		{plainFile, "2", `"verdict":"unchanged"`},
		{"---\nlang: en\n---\nText", "3", `"verdict":"rejected"`},
	} {
		if a := send(tt.text, tt.key); a.StatusCode != 200 || !strings.Contains(a.body, tt.want) {
			t.Errorf("%d %s, want %s", a.StatusCode, a.body, tt.want)
		}
	}
}

func TestTheIndexGetsWhatMayBeFound(t *testing.T) {
	b := newBank(t, storetest.Bolt(t))
	documents := cases.Documents{Service: b.Service}
	d := told("Found")
	d.Organisation, d.Start, d.End = tampere, noon.AddDate(-1, 0, 0), noon.AddDate(-1, 3, 0)
	c := b.publish(t, d)
	draft := b.draft(t, told("Not found"))
	doc, ok, err := documents.Document(t.Context(), c.ID)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if doc.Path != c.Path() || doc.Lang != "en" || doc.Country != "FI" || doc.SizeClass != "over_100k" || doc.Year != 2026 || doc.Sector != "09" ||
		!strings.Contains(doc.Places, "Tammerfors") || !strings.HasPrefix(doc.Headings, "Problem\nWhat we tried") || strings.Contains(doc.Body, "#") || doc.Members {
		t.Errorf("%+v", doc)
	}
	var ids []string
	for id, err := range documents.IDs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if len(ids) != 1 || ids[0] != c.ID || documents.Kind() != "case" {
		t.Errorf("ids %v", ids)
	}
	for name, id := range map[string]string{"a draft": draft, "nothing": "nothing"} {
		if _, ok, err := documents.Document(t.Context(), id); ok || err != nil {
			t.Errorf("%s can be found: %v", name, err)
		}
	}
	if err := b.Withdraw(t.Context(), author, c.ID, "Wrong."); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := documents.Document(t.Context(), c.ID); ok {
		t.Error("a withdrawn case can be found")
	}
}
