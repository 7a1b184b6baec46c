package experiments_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/themes"
)

// site is a world that is served with the real theme and the real words.
type site struct {
	*world
	app     *fiber.App
	cookies map[string]string
}

var theme = sync.OnceValues(func() (*themes.Theme, error) { return themes.Open(nil) })

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{world: newWorld(t, storetest.Bolt(t)), cookies: map[string]string{"nobody": ""}}
	look, err := theme()
	s.must(err)
	pictures, err := files.Open(filepath.Join(t.TempDir(), "files"))
	s.must(err)
	t.Cleanup(func() { s.must(pictures.Close()) })
	s.PictureSize = func(hash string) (int, int, bool) {
		f, err := pictures.Look(hash)
		return f.Width, f.Height, err == nil
	}
	kit := &web.Kit{
		Portal: web.Portal{Name: "Kokeilu", PublicURL: "https://kokeilu.example"}, Locales: s.locales, Theme: look,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), Now: s.clock,
	}
	people := &accounts.Handlers{Web: kit, Accounts: s.people}
	kit.Visit = people.Visitor
	s.app = kit.NewApp(nil)
	s.app.Use(people.Identify)
	(&experiments.Handlers{Kit: kit, Experiments: s.Service, Files: pictures, Sessions: people}).Register(s.app)
	(&files.Handlers{Files: pictures}).Register(s.app)
	experiments.RegisterAPI(kit.NewAPI(s.app), s.Service)
	s.app.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
	return s
}

// answer is what the site said.
type answer struct {
	*http.Response
	body string
}

func (s *site) cookie(who string) string {
	s.t.Helper()
	if _, ok := s.cookies[who]; !ok {
		secret, err := s.people.Begin(s.ctx(), s.actors[who].ID, "")
		s.must(err)
		s.cookies[who] = "session=" + secret
	}
	return s.cookies[who]
}

func (s *site) do(who, method, path, contentType string, body io.Reader) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, path, body)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Origin", "http://example.com") // httptest's host
	}
	if cookie := s.cookie(who); cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	res, err := s.app.Test(r, -1)
	s.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	s.must(err)
	return answer{res, string(raw)}
}

func (s *site) get(who, path string) answer {
	s.t.Helper()
	return s.do(who, http.MethodGet, path, "", nil)
}

func (s *site) post(who, path string, form url.Values) answer {
	s.t.Helper()
	return s.do(who, http.MethodPost, path, fiber.MIMEApplicationForm, strings.NewReader(form.Encode()))
}

// want checks status and, if given, where a redirect leads.
func (s *site) want(got answer, status int, location string, contains ...string) answer {
	s.t.Helper()
	if to := got.Header.Get("Location"); got.StatusCode != status || location != "" && to != location {
		s.t.Errorf("%s %s: %d to %q, want %d to %q\n%.300s", got.Request.Method, got.Request.URL, got.StatusCode, to, status, location, visible(got.body))
	}
	for _, text := range contains {
		if !strings.Contains(got.body, text) {
			s.t.Errorf("%s %s: %q is missing in\n%.300s", got.Request.Method, got.Request.URL, text, visible(got.body))
		}
	}
	return got
}

var (
	tags = regexp.MustCompile(`(?s)<(svg|script|style).*?</(svg|script|style)>|<[^>]*>`)
	gaps = regexp.MustCompile(`\s+`)
)

func visible(page string) string {
	return gaps.ReplaceAllString(tags.ReplaceAllString(page, " "), " ")
}

var five = url.Values{
	"title": {"Reitti kartalle"}, "summary": {"Hoitajat piirtävät reitin."}, "problem": {"Ajoa on liikaa."},
	"organisation": {"FI:889"}, "sector": {"10"}, "lang": {"fi"}, "_key": {"k1"},
}

func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

func TestRegisteringOverHTTP(t *testing.T) {
	s := newSite(t)
	s.want(s.get("nobody", "/en/experiments/new"), 303, "/en/sign-in?next=%2Fen%2Fexperiments%2Fnew")
	page := s.want(s.get("developer", "/en/experiments/new"), 200, "", "Utajärvi")
	if n := strings.Count(page.body, "<h1"); n != 1 {
		t.Errorf("%d h1", n)
	}
	long := strings.Repeat("x", 81)
	refused := s.want(s.post("developer", "/en/experiments/new", with(five, "title", long, "problem", "")), 422, "",
		long, "Hoitajat piirtävät reitin.", `href="#title"`, `href="#problem"`, "at most 80 characters, now there are 81")
	if !strings.Contains(refused.body, `value="k1"`) {
		t.Error("the one-time key is lost")
	}
	first := s.post("developer", "/en/experiments/new", five)
	to := first.Header.Get("Location")
	if first.StatusCode != 303 || !regexp.MustCompile(`^/en/experiments/id\d+/plan\?done=experiment_registered$`).MatchString(to) {
		t.Fatalf("%d to %q", first.StatusCode, to)
	}
	s.want(s.post("developer", "/en/experiments/new", five), 303, to)
	s.want(s.get("developer", to), 200, "", "The draft is saved", "Show the idea", "Name what you found alike")
	id := strings.Split(to, "/")[3]
	s.want(s.get("developer", "/en/experiments/"+id), 200, "", "Reitti kartalle", "Only the team")
	for _, who := range []string{"nobody", "developer2", "coordinator"} {
		s.want(s.get(who, "/en/experiments/"+id), 404, "")
	}
	for _, who := range []string{"developer2", "coordinator"} {
		s.want(s.get(who, "/en/experiments/"+id+"/plan"), 404, "")
		s.want(s.post(who, "/en/experiments/"+id+"/advance", url.Values{"to": {"idea"}}), 404, "")
	}
}

// forms are the sections as a browser sends them.
func forms() map[string]url.Values {
	return map[string]url.Values{
		"problem":         {"title": {"Reitti kartalle"}, "summary": {"Hoitajat piirtävät reitin."}, "problem": {"Ajoa on liikaa."}, "sector": {"10"}, "visibility": {"public"}},
		"belief-and-test": {"type": {"pilot"}, "belief": {"Jos reitti on oma, ajo vähenee."}, "test": {"Kaksi tiimiä."}, "stop_rule": {"Jos käynti jää väliin."}, "checked_none": {"1"}, "checked_words": {"reitti"}},
		"measures":        {"measure_1_name": {"Ajokilometrit"}, "measure_1_unit": {"km"}, "measure_1_direction": {"less"}, "measure_1_baseline": {"530,5"}, "measure_1_limit": {"424"}, "measure_1_how": {"Ajopäiväkirja"}},
		"people":          {"number": {"9"}, "people": {"Hoitajat"}, "personal_data": {"no"}, "partner_1_name": {"akaa"}, "partner_1_role": {"kartta"}},
		"calendar":        {"start": {"2026-03-09"}, "end": {"2026-05-31"}, "check_in": {"5"}},
		"decisions":       {"none": {"1"}},
		"money":           {"none": {"1"}},
		"after":           {"after": {"Jos toimii: kaikki tiimit."}},
	}
}

// fill sends a section with the version that its page shows.
func (s *site) fill(who, id, section string, form url.Values) answer {
	s.t.Helper()
	return s.post(who, "/fi/experiments/"+id+"/edit/"+section, with(form, "version", strconv.Itoa(s.card(id).Version)))
}

func TestTheWholeWayOverHTTP(t *testing.T) {
	s := newSite(t)
	to := s.post("developer", "/fi/experiments/new", five).Header.Get("Location")
	id := strings.Split(to, "/")[3]
	path := "/fi/experiments/" + id
	advance := func(to string) answer { return s.post("developer", path+"/advance", url.Values{"to": {to}}) }
	s.want(advance("idea"), 303, path+"?done=experiment_idea")
	s.want(s.get("nobody", path), 200, "", "Reitti kartalle", `lang="fi"`)
	s.want(advance("planned"), 422, "", `href="#belief"`, `id="belief"`)
	for section, form := range forms() {
		s.want(s.get("developer", path+"/edit/"+section), 200, "")
		s.want(s.fill("developer", id, section, form), 303, "")
		page := s.get("developer", path+"/edit/"+section)
		for name, values := range form {
			if text := values[0]; len(text) > 6 && name != "measure_1_direction" && !strings.Contains(page.body, text) {
				t.Errorf("section %s: %q is not there again", section, text)
			}
		}
	}
	if got := s.card(id).Partners; len(got) != 1 || got[0].Key != "FI:020" {
		t.Errorf("partners %+v: a municipality is known by its name", got)
	}
	s.want(advance("planned"), 303, path+"?done=experiment_planned")
	s.want(s.get("developer", path), 200, "", "Käynnistä kokeilu")
	s.want(advance("running"), 303, path+"?done=experiment_running")
	s.want(s.get("nobody", path), 200, "", "Viikko 1 / 12", "Rajat lukittu 2.3.2026")
	s.want(s.fill("developer", id, "measures", with(forms()["measures"], "measure_1_limit", "600")), 409, "", "600", "lukittiin")
	s.want(s.get("developer", path+"/log"), 200, "")
	s.want(s.get("developer", path+"/stage/paused"), 200, "", "Keskeytä kokeilu")
	s.want(s.post("developer", path+"/advance", url.Values{"to": {"paused"}, "reason": {""}}), 422, "", "Kerro syy")
	s.want(s.post("developer", path+"/advance", url.Values{"to": {"paused"}, "reason": {"Talviloma"}}), 303, "")
	s.want(s.get("nobody", path), 200, "", "Talviloma")
	s.want(advance("running"), 303, "")
	s.want(advance("ended"), 303, "")
	s.want(s.get("developer", path+"/learning"), 200, "", "Ajokilometrit")
	learning := url.Values{
		"result_1_value": {"412"}, "outcome": {"not_confirmed"}, "surprise": {"Kahvi ehdittiin juoda."}, "learnt": {"Oma reitti."}, "conditions": {"Kartta."},
		"cost_real": {"40,5"}, "cost": {"0"}, "decision": {"retry"}, "decision_who": {"Johtaja"}, "decision_day": {"2026-03-02"},
	}
	learn := func(form url.Values) answer {
		return s.post("developer", path+"/learning", with(form, "finish", "1", "version", strconv.Itoa(s.card(id).Version)))
	}
	s.want(learn(with(learning, "surprise", "")), 422, "", `href="#surprise"`, "Oma reitti.")
	s.want(learn(learning), 303, path+"?done=experiment_learned")
	s.want(s.get("nobody", path), 200, "", "Kahvi ehdittiin juoda.", "Ei vahvistunut", "Raja saavutettu")
	published := s.post("developer", path+"/publish", url.Values{})
	if to := published.Header.Get("Location"); published.StatusCode != 303 || !strings.HasPrefix(to, "/fi/cases/"+s.card(id).CaseID+"/edit") {
		t.Errorf("%d to %q", published.StatusCode, to)
	}
}

func TestTheFeedHoldsWhatEverybodyMayRead(t *testing.T) {
	s := newSite(t)
	to := s.post("developer", "/en/experiments/new", five).Header.Get("Location")
	id := strings.Split(to, "/")[3]
	for _, ending := range []string{"rss", "atom", "json"} {
		if draft := s.want(s.get("developer", "/en/feeds/experiments."+ending), 200, ""); strings.Contains(draft.body, id) {
			t.Errorf("a draft is in the %s feed", ending)
		}
	}
	s.want(s.post("developer", "/en/experiments/"+id+"/advance", url.Values{"to": {"idea"}}), 303, "")
	for _, ending := range []string{"rss", "atom", "json"} {
		s.want(s.get("nobody", "/en/feeds/experiments."+ending), 200, "", "/en/experiments/"+id, "Reitti kartalle")
	}
	s.want(s.get("nobody", "/en/experiments"), 200, "", "/en/feeds/experiments.rss")
}

func TestTheSecondEditorSeesBothTexts(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	old := strconv.Itoa(s.card(id).Version)
	path := "/en/experiments/" + id + "/edit/after"
	s.want(s.post("developer", path, url.Values{"after": {"The first text"}, "version": {old}}), 303, "")
	page := s.want(s.post("developer", path, url.Values{"after": {"The second text"}, "version": {old}}), 409, "", "The first text", "The second text")
	if version := strconv.Itoa(s.card(id).Version); !strings.Contains(page.body, `name="version" value="`+version+`"`) {
		t.Error("saving again must be possible")
	}
}

func TestWhatIsNoNumberStaysAsTyped(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	s.want(s.fill("developer", id, "measures", url.Values{"measure_1_name": {"Kilometrit"}, "measure_1_baseline": {"about ten"}}), 422, "",
		"about ten", "Kilometrit", `href="#measure_1_baseline"`)
	s.want(s.fill("developer", id, "money", url.Values{"cost_2_text": {"Viestit"}, "cost_2_sum": {"1.234.5"}}), 422, "", "1.234.5", `href="#cost_2_sum"`)
	s.want(s.fill("developer", id, "calendar", url.Values{"start": {"2026-05-01"}, "end": {"2026-04-01"}}), 422, "", `href="#end"`)
	s.want(s.get("developer", "/fi/experiments/"+id+"/edit/nothing"), 404, "")
}

func TestTheLogTakesAPictureWithWords(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	path := "/fi/experiments/" + id + "/log"
	var picture bytes.Buffer
	s.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 600, 40))))
	send := func(content []byte, fields map[string]string) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, value := range fields {
			s.must(form.WriteField(name, value))
		}
		part, err := form.CreateFormFile("picture", "../../etc/passwd.png")
		s.must(err)
		_, err = part.Write(content)
		s.must(err)
		s.must(form.Close())
		return s.do("developer", http.MethodPost, path, form.FormDataContentType(), &body)
	}
	entry := map[string]string{"text": "Kaksi autoa kohtaa.", "kind": "picture", "reach": "public"}
	s.want(send(picture.Bytes(), entry), 422, "", "Kaksi autoa kohtaa.", `href="#alt"`)
	entry["alt"] = "Kaksi autoa samalla tiellä"
	s.want(send([]byte("<svg onload=alert(1)>"), entry), 422, "", `href="#picture"`, "JPEG", "Kaksi autoa samalla tiellä")
	s.want(send(picture.Bytes(), entry), 303, "/fi/experiments/"+id+"?done=experiment_logged#log")
	page := s.want(s.get("nobody", "/fi/experiments/"+id), 200, "", `alt="Kaksi autoa samalla tiellä"`, "Kaksi autoa kohtaa.")
	src := regexp.MustCompile(`<img src="(/files/[0-9a-f]{64}/960)"`).FindStringSubmatch(page.body)
	if src == nil {
		t.Fatal("no picture on the page")
	}
	got := s.want(s.get("nobody", src[1]), 200, "")
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want)
		}
	}
	s.want(s.get("nobody", "/files/"+strings.Repeat("0", 64)), 404, "")
	s.want(s.get("nobody", src[1]+"x"), 404, "")
}

func TestThePublicPageShowsNoTeamText(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	_, err := s.note("developer", id, experiments.Entry{Kind: experiments.Obstacle, Text: "Pelkäämme johtajaa.", Reach: experiments.ForTeam})
	s.must(err)
	for who, sees := range map[string]bool{"nobody": false, "developer2": false, "manager": false, "coordinator": false, "developer": true, "methodologist": true} {
		for _, path := range []string{"", "/log"} {
			page := s.want(s.get(who, "/en/experiments/"+id+path), 200, "")
			if strings.Contains(page.body, "Pelkäämme") != sees {
				t.Errorf("%s at %q sees the team's text: %v", who, path, !sees)
			}
		}
	}
	if page := s.want(s.get("nobody", "/api/v1/experiments/"+id), 200, ""); strings.Contains(page.body, "Pelkäämme") {
		t.Error("the API tells it")
	}
}

func TestTheCoordinatorConfirmsOverHTTP(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	for section, form := range forms() {
		s.want(s.fill("developer", id, section, form), 303, "")
	}
	s.want(s.fill("developer", id, "people", with(forms()["people"], "personal_data", "yes")), 303, "")
	path := "/en/experiments/" + id
	s.want(s.post("developer", path+"/advance", url.Values{"to": {"planned"}}), 303, "")
	s.want(s.get("developer", path), 200, "", "Ask to start")
	s.want(s.post("developer", path+"/advance", url.Values{"to": {"running"}}), 422, "", "coordinator has to confirm")
	s.want(s.post("developer", path+"/ask-start", url.Values{}), 303, path+"?done=experiment_start_asked")
	s.want(s.get("coordinator", path), 200, "", "Confirm the start?")
	s.want(s.post("developer2", path+"/confirm", url.Values{}), 403, "")
	s.want(s.post("coordinator", path+"/confirm", url.Values{}), 303, path+"?done=experiment_confirmed")
	s.want(s.post("developer", path+"/advance", url.Values{"to": {"running"}}), 303, "")
}

// alike finds one thing, whatever is asked.
type alike struct{ asked *string }

func (f alike) Similar(_ context.Context, _, text string, _ int) ([]experiments.Similar, error) {
	*f.asked = text
	return []experiments.Similar{{Kind: "case", ID: "c1", Lang: "sv", Title: "Rutter på karta", URL: "/sv/cases/c1/rutter", Place: "Kalix", Outcome: "not_confirmed", Why: []string{"karta"}}}, nil
}

func TestSimilarOnesAreShownAndKeptAsAReceipt(t *testing.T) {
	s := newSite(t)
	var asked string
	s.Finder = alike{&asked}
	s.want(s.post("developer", "/en/experiments/new", with(five, "similar", "1")), 200, "",
		"Rutter på karta", "Not confirmed", "In common: karta", "Reitti kartalle", "Ajoa on liikaa.")
	if !strings.Contains(asked, "Hoitajat piirtävät") {
		t.Errorf("asked %q", asked)
	}
	fragment := s.want(s.get("developer", "/en/experiments/similar?title=Reitti+kartalle"), 200, "", "Rutter på karta")
	if strings.Contains(fragment.body, "<html") {
		t.Error("the panel is a whole page")
	}
	s.want(s.get("nobody", "/en/experiments/similar?q=reitti"), 303, "")
	to := s.post("developer", "/en/experiments/new", five).Header.Get("Location")
	id := strings.Split(to, "/")[3]
	if got := s.card(id).Checked; len(got.Shown) != 1 || got.Shown[0].ID != "c1" || got.Words != "Reitti kartalle" {
		t.Errorf("receipt %+v", got)
	}
	s.want(s.get("developer", to), 200, "", "What was checked", "Rutter på karta")
}

func TestAButtonPressedTwiceActsOnce(t *testing.T) {
	s := newSite(t)
	id := s.registered()
	for range 2 {
		s.want(s.post("developer", "/en/experiments/"+id+"/advance", url.Values{"to": {"idea"}, "_key": {"k2"}}), 303, "/en/experiments/"+id+"?done=experiment_idea")
	}
	if n := len(s.card(id).Moves); n != 1 {
		t.Errorf("%d moves, want 1", n)
	}
}

func TestEveryPageInEveryLanguage(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Learned)
	_, err := s.note("developer", id, experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(4.5), Reach: experiments.ForAll})
	s.must(err)
	pages := []string{"", "/new", "/similar?q=hoitoaika", "?stage=learned&theme=09&country=FI", "?stage=nothing&after=nothing-here", "/" + id, "/" + id + "/plan", "/" + id + "/log", "/" + id + "/log?kind=number&before=9", "/" + id + "/log?corrects=1", "/" + id + "/learning", "/" + id + "/team", "/map", "/map?stage=soon", "?stage=soon&sort=starting", "/" + id + "/brief", "/" + id + "/one-pager"}
	for section := range forms() {
		pages = append(pages, "/"+id+"/edit/"+section)
	}
	for _, lang := range i18n.Languages {
		for _, page := range pages {
			got := s.want(s.get("developer", "/"+lang+"/experiments"+page), 200, "")
			if key := regexp.MustCompile(`\b(experiment|done|stage|outcome|place|needs)\.[a-z_0-9]+`).FindString(visible(got.body)); key != "" {
				t.Errorf("%s%s shows the key %s", lang, page, key)
			}
			if strings.Contains(got.body, "%!") || strings.Contains(got.body, "ZgotmplZ") {
				t.Errorf("%s%s prints a broken format", lang, page)
			}
		}
	}
}
