package cases_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// rich publishes a case that has everything a page can show.
func (s *site) rich(title string) cases.Case {
	s.t.Helper()
	before, limit, after := 61.0, 40.0, 58.0
	d := told(title)
	d.Start, d.End, d.CostCents, d.Currency, d.Hours, d.Licence = noon.AddDate(0, -4, 0), noon.AddDate(0, -1, 0), 640000, "EUR", 142, "CC BY 4.0"
	d.Organisations = []string{tampere, akaa}
	d.Measures = []cases.Measure{
		{Name: "Calls a week", Unit: "calls", Direction: cases.Down, Baseline: &before, Limit: &limit, Final: &after},
		{Name: "Wait", Unit: "h", Direction: cases.Down, Baseline: &before, Limit: &after, Final: &limit},
		{Name: "Not measured"},
	}
	c := s.publish(s.t, d)
	s.endorse(s.t, c.ID, oulu, sunds)
	s.adopt(s.t, c.ID, kemi)
	if err := s.Vote(s.t.Context(), member, c.ID, true); err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestEveryPageInEveryLanguage(t *testing.T) {
	s := newSite(t)
	c := s.rich("A chat assistant answered well")
	plain, err := s.Add(t.Context(), author, cases.Draft{Title: "Tuotu teksti", Body: "# Otsikko\n\nTeksti.", Lang: "fi"})
	if err != nil {
		t.Fatal(err)
	}
	draft := s.draft(t, told("A draft"))
	if _, err := s.Edit(t.Context(), author, c.ID, cases.Text{Revision: 1, Title: c.Title, Body: c.Body, Summary: c.Summary, Sector: c.Sector}); err != nil {
		t.Fatal(err)
	}
	if err := s.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.now = noon.AddDate(0, 0, 7)
	if err := s.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	pages := []struct{ path, as string }{
		{"cases", ""},
		{"cases", "author"},
		{"cases?theme=09&outcome=confirmed", ""},
		{"cases?lang=fi", ""},
		{c.Path(), ""},
		{c.Path(), "author"},
		{c.Path(), "moderator"},
		{c.Path(), "coordinator-fi240"},
		{c.Path(), "member"},
		{plain.Path(), ""},
		{"cases/" + draft, "author"},
		{"cases/" + draft + "/edit", "author"},
		{"cases/" + c.ID + "/edit", "author"},
		{"cases/" + plain.ID + "/edit", "author"},
		{"cases/" + c.ID + "/revisions", ""},
		{"top10", ""},
		{"top10?theme=09&country=FI&lang=en", ""},
		{"top10/2026-11-23", ""},
		{"feeds", ""},
	}
	for _, lang := range i18n.Languages {
		for _, p := range pages {
			if a := s.get("/"+lang+"/"+strings.TrimPrefix(p.path, "/"), p.as); a.StatusCode != 200 {
				t.Errorf("/%s/%s as %q: %d\n%s", lang, p.path, p.as, a.StatusCode, a.body)
			}
		}
	}
}

func TestACasesAddresses(t *testing.T) {
	s := newSite(t)
	c := s.rich("Where it lives")
	d := told("På svenska")
	d.Lang, d.Body = "sv", body("sv")
	other := s.publish(t, d)
	full := c.Path()
	for name, tt := range map[string]struct {
		path, accept string
		status       int
		location     string
	}{
		"by its id":                   {"/fi/cases/" + c.ID, "", 200, ""},
		"with a question behind it":   {"/fi/cases/" + c.ID + "?done=case_saved", "", 200, ""},
		"with a wrong name":           {"/ru/cases/" + c.ID + "/wrong", "", 302, "/ru" + full},
		"permanent, a Kazakh reader":  {"/c/" + c.ID, "kk-KZ", 302, "/kk" + full},
		"permanent, no preference":    {"/c/" + c.ID, "", 302, "/en" + full},
		"nothing there":               {"/fi/cases/nothing", "", 404, ""},
		"permanent, nothing there":    {"/c/nothing", "", 404, ""},
		"as a file":                   {"/fi" + full + ".md", "", 200, ""},
		"as a file with a wrong name": {"/fi/cases/" + c.ID + "/wrong.md", "", 302, "/fi" + full},
		"its own slug elsewhere":      {"/fi/cases/" + other.ID + "/" + c.Slug, "", 302, "/fi" + other.Path()},
		"a week that was not":         {"/sv/top10/2020-01-01", "", 404, ""},
		"a made-up cursor":            {"/sv/cases?cursor=xx", "", 422, ""},
	} {
		a := s.get(tt.path, "", "Accept-Language", tt.accept)
		if a.StatusCode != tt.status || a.location() != tt.location {
			t.Errorf("%s: %d %q, want %d %q", name, a.StatusCode, a.location(), tt.status, tt.location)
		}
	}
	if short := s.get("/fi/cases/"+c.ID, ""); !strings.Contains(short.body, `<link rel="canonical" href="`+portalURL+"/en"+full) {
		t.Errorf("by its id, the page does not name its full address:\n%.1500s", short.body)
	}
	file := s.get("/fi"+full+".md", "")
	if !strings.HasPrefix(file.body, "---\ncase: "+c.ID+"\n") || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/markdown") {
		t.Errorf("file %s\n%s", file.Header, file.body)
	}
	if again := s.get("/fi"+full+".md", "", "If-None-Match", file.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("the same file again: %d", again.StatusCode)
	}
}

func TestAForeignTextKeepsItsLanguageUnderOurs(t *testing.T) {
	s := newSite(t)
	d := told("Etäkokoukset lyhenivät")
	d.Lang, d.Body = "fi", body("fi")
	c := s.publish(t, d)
	id, err := s.Translate(t.Context(), author, c.ID, "en")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.EditAndPublish(t.Context(), author, id, cases.Text{Revision: 1, Title: "Meetings got shorter", Body: body("en")}); err != nil {
		t.Fatal(err)
	}
	english, err := s.Get(t.Context(), nobody, id)
	if err != nil {
		t.Fatal(err)
	}
	page := s.get("/sv"+c.Path(), "").body
	if got := attribute(t, page, "html", "lang", nil); got != "sv" {
		t.Errorf("the page is in %q", got)
	}
	if got := attribute(t, page, "h1", "lang", nil); got != "fi" {
		t.Errorf("the title is in %q", got)
	}
	if got := attribute(t, page, "link", "href", func(a map[string]string) bool { return a["rel"] == "canonical" }); got != portalURL+"/fi"+c.Path() {
		t.Errorf("canonical %q", got)
	}
	alternate := func(lang string) string {
		return attribute(t, page, "link", "href", func(a map[string]string) bool { return a["rel"] == "alternate" && a["hreflang"] == lang })
	}
	if alternate("en") != portalURL+"/en"+english.Path() || alternate("fi") != portalURL+"/fi"+c.Path() || alternate("sv") != "" || alternate("ru") != "" {
		t.Errorf("alternates en %q, fi %q, sv %q", alternate("en"), alternate("fi"), alternate("sv"))
	}
	if a := s.get("/c/"+c.ID, "", "Accept-Language", "en"); a.location() != "/en"+english.Path() {
		t.Errorf("an English reader is led to %q", a.location())
	}
}

func TestWhatIsNotPublicIsNotThere(t *testing.T) {
	s := newSite(t)
	draft := s.draft(t, told("Secret draft"))
	closed := s.rich("Secret for members")
	if _, err := s.Edit(t.Context(), author, closed.ID, cases.Text{Revision: 1, Title: closed.Title, Body: closed.Body, Visibility: cases.Members}); err != nil {
		t.Fatal(err)
	}
	hidden := s.rich("Secret, hidden")
	if err := errors.Join(s.Freeze(t.Context()), s.Hide(t.Context(), moderator, hidden.ID, "Personal data")); err != nil {
		t.Fatal(err)
	}
	s.now = noon.AddDate(0, 0, 7)
	if err := s.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	paths := []string{
		"/en/cases", "/en/top10", "/en/top10/2026-11-16", "/en/top10/2026-11-23", "/api/v1/cases", "/api/v1/topten", "/api/v1/topten?week=2026-11-16",
		"/en/feeds/cases.rss", "/en/feeds/cases.atom", "/en/feeds/cases.json", "/en/feeds/top10.rss", "/en/feeds/lessons.json",
	}
	for _, id := range []string{draft, closed.ID, hidden.ID} {
		for _, path := range []string{"/en/cases/" + id, "/c/" + id, "/api/v1/cases/" + id, "/en/cases/" + id + "/edit", "/en/cases/" + id + "/revisions", "/en" + closed.Path() + ".md", "/en" + hidden.Path()} {
			if a := s.get(path, ""); a.StatusCode != 404 {
				t.Errorf("%s: %d", path, a.StatusCode)
			}
			paths = append(paths, path)
		}
		for _, act := range []string{"edit", "publish", "endorse", "adopt", "vote", "take-back", "translate"} {
			if a := s.post("/en/cases/"+id+"/"+act, "", "why", "x", "lang", "sv"); a.StatusCode != 404 {
				t.Errorf("POST %s: %d", act, a.StatusCode)
			}
		}
	}
	for _, path := range paths {
		if a := s.get(path, ""); strings.Contains(a.body, "Secret") {
			t.Errorf("%s shows a secret", path)
		}
	}
	if a := s.get("/en"+closed.Path(), "member"); a.StatusCode != 200 || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") || !strings.Contains(a.body, `content="noindex"`) {
		t.Errorf("a member: %d, %s", a.StatusCode, a.Header)
	}
	if a := s.get("/api/v1/cases", "member"); !strings.Contains(a.body, "Secret for members") {
		t.Errorf("a member's list: %s", a.body)
	}
}

func TestAWithdrawnCaseIsGoneWithItsReason(t *testing.T) {
	s := newSite(t)
	c := s.rich("Taken back")
	if a := s.post("/en/cases/"+c.ID+"/take-back", "author", "do", "withdraw", "why", ""); a.StatusCode != 422 || !strings.Contains(a.body, "Give the reason.") {
		t.Errorf("without a reason: %d", a.StatusCode)
	}
	if a := s.post("/en/cases/"+c.ID+"/take-back", "author", "do", "withdraw", "why", "The numbers were <wrong>."); a.StatusCode != 303 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, path := range []string{"/fi/cases/" + c.ID, "/fi" + c.Path()} {
		a := s.get(path, "")
		if a.StatusCode != 410 || !strings.Contains(a.body, "Taken back") || !strings.Contains(a.body, "The numbers were &lt;wrong&gt;.") || strings.Contains(a.body, "Text under") {
			t.Errorf("%s: %d\n%s", path, a.StatusCode, a.body)
		}
	}
	if a := s.get("/api/v1/cases/"+c.ID, ""); a.StatusCode != 410 || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("API: %d %s", a.StatusCode, a.Header)
	}
	for _, path := range []string{"/fi/cases", "/fi/top10", "/fi/feeds/cases.rss", "/api/v1/cases"} {
		if a := s.get(path, ""); strings.Contains(a.body, "Taken back") {
			t.Errorf("%s still shows it", path)
		}
	}
}

func TestTheSmallFormsOfACase(t *testing.T) {
	s := newSite(t)
	c := s.publish(t, told("Forms"))
	at := "/en/cases/" + c.ID
	tests := []struct {
		name, path, as string
		fields         []string
		status         int
		want           string
	}{
		{"an endorsement too short", "/endorse", "coordinator-fi564", []string{"reason", "Good & short"}, 422, "Good &amp; short</textarea>"},
		{"an endorsement", "/endorse", "coordinator-fi564", []string{"reason", goodReason}, 303, ""},
		{"a second one", "/endorse", "coordinator-fi564", []string{"reason", goodReason}, 409, "endorsed this already"},
		{"by a member", "/endorse", "member", []string{"reason", goodReason}, 403, ""},
		{"by nobody", "/endorse", "", []string{"reason", goodReason}, 401, ""},
		{"an adoption without a result", "/adopt", "coordinator-fi240", []string{"note", "It works."}, 422, "Choose how it went with you."},
		{"an adoption unconfirmed", "/adopt", "coordinator-fi240", []string{"note", "It works.", "result", "confirmed"}, 422, "It works.</textarea>"},
		{"an adoption", "/adopt", "coordinator-fi240", []string{"note", "It works.", "result", "running", "confirmed", "1"}, 303, ""},
		{"a vote", "/vote", "member", []string{"useful", "yes"}, 303, ""},
		{"an own vote", "/vote", "author", []string{"useful", "yes"}, 403, ""},
		{"hiding by an author", "/take-back", "author", []string{"do", "hide", "why", "x"}, 403, ""},
		{"hiding", "/take-back", "moderator", []string{"do", "hide", "why", "x"}, 303, ""},
		{"showing again", "/take-back", "moderator", []string{"do", "unhide"}, 303, ""},
	}
	for _, tt := range tests {
		a := s.post(at+tt.path, tt.as, tt.fields...)
		if a.StatusCode != tt.status || !strings.Contains(a.body, tt.want) {
			t.Errorf("%s: %d, want %d with %q\n%s", tt.name, a.StatusCode, tt.status, tt.want, a.body)
		}
	}
	page := s.get("/en"+c.Path()+"?done=case_voted", "").body
	for _, want := range []string{goodReason, "It works.", "Running, too early to say", "Yes 1, no 0.", "Thank you for your answer."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestEditingWithPreviewAndPublishing(t *testing.T) {
	s := newSite(t)
	id := s.draft(t, told("Draft"))
	at := "/en/cases/" + id + "/edit"
	typed := []string{"_key", "K1", "revision", "1", "title", "New title", "summary", "S", "body", body("en") + "\n*seen*", "sector", "09.1", "visibility", "public"}
	with := func(more ...string) []string { return append(append([]string{}, typed...), more...) }
	a := s.post(at, "author", with("do", "preview")...)
	if a.StatusCode != 200 || !strings.Contains(a.body, "<em>seen</em>") || !strings.Contains(a.body, `value="New title"`) {
		t.Errorf("preview: %d\n%s", a.StatusCode, a.body)
	}
	a = s.post(at, "author", with("do", "save", "cost", "lots", "start", "x")...)
	if a.StatusCode != 422 || !strings.Contains(a.body, `value="lots"`) || !strings.Contains(a.body, `href="#cost"`) || !strings.Contains(a.body, `href="#start"`) {
		t.Errorf("wrong figures: %d", a.StatusCode)
	}
	broken := []string{"_key", "K2", "revision", "1", "title", "New title", "body", "No headings.", "do", "publish"}
	a = s.post(at, "author", broken...)
	if a.StatusCode != 422 || !strings.Contains(a.body, "What surprised us") || !strings.Contains(a.body, "No headings.</textarea>") {
		t.Errorf("headings missing: %d", a.StatusCode)
	}
	if c, err := s.Get(t.Context(), author, id); err != nil || c.Revision != 1 || c.Title != "Draft" {
		t.Errorf("something was stored: revision %d, %q, %v", c.Revision, c.Title, err)
	}
	if a = s.post(at, "author", with("do", "publish")...); a.StatusCode != 303 {
		t.Errorf("published: %d\n%s", a.StatusCode, a.body)
	}
	if a = s.get(a.location(), "author"); !strings.Contains(a.body, "New title") || !strings.Contains(a.body, "The case is published.") {
		t.Errorf("afterwards: %d\n%s", a.StatusCode, a.body)
	}
}

func TestAFormSentTwiceActsOnce(t *testing.T) {
	s := newSite(t)
	id := s.draft(t, told("Once"))
	fields := []string{"_key", "same", "revision", "1", "title", "Once", "body", body("en"), "visibility", "public", "do", "publish"}
	first, second := s.post("/en/cases/"+id+"/edit", "author", fields...), s.post("/en/cases/"+id+"/edit", "author", fields...)
	if first.StatusCode != 303 || second.StatusCode != 303 || first.location() != second.location() {
		t.Errorf("%d %s and %d %s", first.StatusCode, first.location(), second.StatusCode, second.location())
	}
	endorsement := []string{"_key", "e", "reason", goodReason}
	for range 2 {
		if a := s.post("/en/cases/"+id+"/endorse", "coordinator-fi564", endorsement...); a.StatusCode != 303 {
			t.Errorf("endorsed: %d", a.StatusCode)
		}
	}
	if got := s.kinds(t, id); got != "drafted published endorsed" {
		t.Errorf("journal says %q", got)
	}
}

func TestFeedsAreValidAndFresh(t *testing.T) {
	s := newSite(t)
	if a := s.get("/fi/feeds/cases.json", ""); !strings.Contains(a.body, `"items":[]`) {
		t.Errorf("an empty feed: %s", a.body)
	}
	before := s.get("/fi/feeds/cases.rss", "")
	c := s.rich("Fed <b> & \x0bmore")
	a := s.get("/fi/feeds/cases.rss", "", "If-None-Match", before.Header.Get("ETag"))
	if a.StatusCode != 200 || !strings.Contains(a.body, portalURL+"/en"+c.Path()) {
		t.Errorf("right after publishing: %d\n%s", a.StatusCode, a.body)
	}
	for _, path := range []string{"/fi/feeds/cases.rss", "/kk/feeds/cases.atom", "/fi/feeds/top10.atom", "/sv/feeds/lessons.rss"} {
		a := s.get(path, "")
		d := xml.NewDecoder(strings.NewReader(a.body))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", path, err, a.body)
			}
		}
		if !strings.Contains(a.body, portalURL+"/c/"+c.ID) || strings.Contains(a.body, `href="/`) {
			t.Errorf("%s\n%s", path, a.body)
		}
	}
	var feed struct {
		Language string
		Items    []struct {
			ID, Language string
			HTML         string `json:"content_html"`
		}
	}
	if err := json.Unmarshal([]byte(s.get("/sv/feeds/cases.json", "").body), &feed); err != nil {
		t.Fatal(err)
	}
	if feed.Language != "sv" || len(feed.Items) != 1 || feed.Items[0].Language != "en" || !strings.Contains(feed.Items[0].HTML, "Text under Problem.") {
		t.Errorf("%+v", feed)
	}
}

// payloads try to become more than text in a page, a feed or an attribute.
var payloads = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `<svg/onload=alert(1)>`, `{{.T "x"}}`,
	`[a](javascript:alert(1))`, `<a href="data:text/html,x">x</a>`, "<style>*{display:none}</style>", `]]><script>alert(1)</script>`, `<iframe src="//x"></iframe>`,
}

func TestNothingThatIsTypedBecomesScript(t *testing.T) {
	s := newSite(t)
	all := strings.Join(payloads, "\n\n")
	c, err := s.Add(t.Context(), author, cases.Draft{
		Title: strings.Join(payloads[:4], " "), Summary: strings.Join(payloads[2:6], " "), Body: all, Lang: "en", Licence: payloads[1], Themes: []string{payloads[3]},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Endorse(t.Context(), coordinator(oulu), c.ID, all); err != nil {
		t.Fatal(err)
	}
	if err := s.Adopt(t.Context(), coordinator(kemi), c.ID, cases.Adopting{Note: payloads[1], Confirmed: true}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/en/cases", "/en" + c.Path(), "/en/cases/" + c.ID + "/revisions", "/en/cases/" + c.ID + "/edit", "/en/feeds/cases.rss", "/en/feeds/cases.atom", "/en/feeds/cases.json", "/en/cases?theme=%22%3E%3Cscript%3E"} {
		text := s.get(path, "author").body
		for _, bad := range []string{"<script>alert", "<img src=x", "<svg/onload", `href="javascript:`, `href="data:`, "<style>", "<iframe"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s holds %s", path, bad)
			}
		}
	}
}
