package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

// somebody sends forms without a browser.
type somebody struct {
	*http.Client
	t    *testing.T
	base string
}

func signedIn(t *testing.T, base, role string) somebody {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := somebody{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, t, base}
	s.send("/demo/sign-in", url.Values{"as": {role}})
	return s
}

// send posts a form, which must be taken, and returns where it leads.
func (s somebody) send(path string, form url.Values) string {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", s.base)
	answer, err := s.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("POST %s: %s", path, answer.Status)
	}
	return answer.Header.Get("Location")
}

// get returns what a page says.
func (s somebody) get(path string) string {
	s.t.Helper()
	answer, err := s.Get(s.base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

var versionOf = regexp.MustCompile(`name="version" value="(\d+)"`)

// edit fills in a section of a card.
func (s somebody) edit(path, section string, form url.Values) {
	s.t.Helper()
	page := path + "/edit/" + section
	if section == "learning" {
		page = path + "/learning"
	}
	m := versionOf.FindStringSubmatch(s.get(page))
	if m == nil {
		s.t.Fatalf("%s has no version", page)
	}
	form.Set("version", m[1])
	s.send(page, form)
}

// words are so many characters of running text of a language, as long words as
// its officials use.
func words(text string, n int) string {
	r := []rune(strings.Repeat(text+" ", n/len([]rune(text))+1))
	return strings.TrimSpace(string(r[:n-1])) + "."
}

var officialese = map[string]string{
	"fi": "Toimintakulttuurin muutos edellyttää varhaiskasvatuksen palveluohjauksen yhteensovittamista ja asiakasraadin kuulemista ennen käyttöönottoa",
	"ru": "Муниципальное управление согласовывает межведомственное взаимодействие подразделений и ответственность за предоставление услуги населению",
}

// full is a card whose every text is at its limit.
func full(dev somebody, lang string) (path string) {
	w := func(n int) string { return words(officialese[lang], n) }
	at := strings.Split(dev.send("/"+lang+"/experiments/new", url.Values{"title": {w(80)}, "summary": {w(280)}, "problem": {w(600)}, "sector": {"09"}, "lang": {lang}}), "/")
	path = "/" + lang + "/experiments/" + at[3]
	today := time.Now()
	day := func(n int) string { return today.AddDate(0, 0, n).Format("2006-01-02") }
	dev.send(path+"/advance", url.Values{"to": {"idea"}})
	dev.edit(path, "belief-and-test", url.Values{"type": {"pilot"}, "belief": {w(300)}, "test": {w(600)}, "stop_rule": {w(200)}, "checked_none": {"1"}, "checked_words": {w(100)}})
	measures, people := url.Values{}, url.Values{"number": {"1234"}, "people": {w(300)}, "consent": {w(300)}, "personal_data": {"yes"}}
	for i := 1; i <= 3; i++ {
		measures[fmt.Sprintf("measure_%d_name", i)] = []string{w(80)}
		measures[fmt.Sprintf("measure_%d_unit", i)] = []string{"asiakaskäyntiä/vko"}
		measures[fmt.Sprintf("measure_%d_direction", i)] = []string{"less"}
		measures[fmt.Sprintf("measure_%d_baseline", i)] = []string{"123456"}
		measures[fmt.Sprintf("measure_%d_limit", i)] = []string{"100000"}
		measures[fmt.Sprintf("measure_%d_how", i)] = []string{w(80)}
	}
	dev.edit(path, "measures", measures)
	dev.edit(path, "people", people)
	dev.edit(path, "calendar", url.Values{"start": {day(0)}, "end": {day(83)}, "check_in": {"2"}})
	decisions, money := url.Values{"rules": {w(300)}}, url.Values{"seed": {"800000"}, "own": {"60000"}, "other": {"1"}}
	for i := 1; i <= 12; i++ {
		decisions[fmt.Sprintf("decision_%d_what", i)] = []string{w(120)}
		decisions[fmt.Sprintf("decision_%d_body", i)] = []string{w(120)}
		decisions[fmt.Sprintf("decision_%d_by", i)] = []string{day(30)}
		decisions[fmt.Sprintf("decision_%d_state", i)] = []string{"open"}
		money[fmt.Sprintf("cost_%d_text", i)] = []string{w(80)}
		money[fmt.Sprintf("cost_%d_sum", i)] = []string{"123456,78"}
	}
	dev.edit(path, "decisions", decisions)
	dev.edit(path, "money", money)
	dev.edit(path, "after", url.Values{"after": {w(400)}, "comms": {w(200)}})
	more := url.Values{}
	for i := 1; i <= 6; i++ {
		more[fmt.Sprintf("risk_%d_what", i)] = []string{w(120)}
		more[fmt.Sprintf("risk_%d_remedy", i)] = []string{w(120)}
	}
	dev.edit(path, "more", more)
	dev.send(path+"/advance", url.Values{"to": {"planned"}})
	return path
}

// learnt takes a full card to its end, with every text of the learning full.
func learnt(dev, coordinator somebody, path, lang string) {
	w := func(n int) string { return words(officialese[lang], n) }
	dev.edit(path, "decisions", url.Values{"none": {"1"}, "rules": {w(300)}})
	dev.send(path+"/ask-start", url.Values{})
	coordinator.send(path+"/confirm", url.Values{})
	dev.send(path+"/advance", url.Values{"to": {"running"}})
	dev.send(path+"/advance", url.Values{"to": {"ended"}})
	form := url.Values{
		"outcome": {"partly"}, "surprise": {w(400)}, "learnt": {w(340)}, "does_not": {w(330)}, "unclear": {w(330)}, "conditions": {w(600)},
		"cost_real": {"1234,5"}, "cost": {"123456"}, "decision": {"retry"}, "decision_who": {w(120)}, "decision_day": {time.Now().Format("2006-01-02")}, "decision_text": {w(200)},
	}
	for i := 1; i <= 3; i++ {
		form[fmt.Sprintf("result_%d_value", i)] = []string{"98765"}
		form[fmt.Sprintf("result_%d_n", i)] = []string{"5"}
		form[fmt.Sprintf("result_%d_source", i)] = []string{w(120)}
	}
	dev.edit(path, "learning", form)
}

func TestABriefIsOneSheetHoweverLongTheTextsAre(t *testing.T) {
	portal := e2e.StartPortal(t)
	v := e2e.Visit(t, portal.URL)
	v.SignIn("developer")
	dev, coordinator := signedIn(t, portal.URL, "developer"), signedIn(t, portal.URL, "coordinator")
	for _, lang := range []string{"fi", "ru"} {
		path := full(dev, lang)
		id := path[strings.LastIndex(path, "/"):]
		sheet(t, v, "/fi/experiments"+id+"/brief", "brief-"+lang+"-fi")
		sheet(t, v, "/ru/experiments"+id+"/brief", "brief-"+lang+"-ru")
		learnt(dev, coordinator, path, lang)
		sheet(t, v, "/fi/experiments"+id+"/one-pager", "one-pager-"+lang+"-fi")
		sheet(t, v, "/ru/experiments"+id+"/one-pager", "one-pager-"+lang+"-ru")
	}
	for _, lang := range []string{"fi", "sv", "en", "ru", "kk"} {
		sheet(t, v, "/"+lang+"/what-is-an-experiment", "what-"+lang)
	}
	for _, id := range []string{"qamem8detun2"} { // of the sample: a short one fills no second sheet either
		sheet(t, v, "/kk/experiments/"+id+"/brief", "short-brief")
		sheet(t, v, "/sv/experiments/"+id+"/one-pager", "short-one-pager")
	}
}

// sheet expects that a page is printed on one sheet. With SHOTS set to a folder
// it leaves the PDF there.
func sheet(t *testing.T, v *e2e.Visitor, path, name string) {
	t.Helper()
	v.Goto(path)
	pdf, err := v.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv("SHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name+".pdf"), pdf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n := e2e.Sheets(pdf); n != 1 {
		t.Errorf("%s is printed on %d sheets, want 1", path, n)
	}
}
