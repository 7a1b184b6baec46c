package experiments_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

var fieldNumber = regexp.MustCompile(`<dt><span class="num soft">(\d+)</span>`)

func TestTheThreeFacesHaveAllFieldsWithExamples(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Learned)
	s.must(s.save("developer", id, experiments.TrialEdit{Observations: []string{"Viesti bussista."}}))
	for _, lang := range i18n.Languages {
		n := 0
		for _, face := range experiments.Faces {
			page := s.want(s.get("developer", fmt.Sprintf("/%s/experiments/%s/card/%s", lang, id, face)), 200, "")
			for _, m := range fieldNumber.FindAllStringSubmatch(page.body, -1) {
				if n++; m[1] != fmt.Sprint(n) {
					t.Errorf("%s: field %s stands at place %d", lang, m[1], n)
				}
			}
			if key := regexp.MustCompile(`\b(experiment|theme|outcome)\.[a-z_0-9]+`).FindString(visible(page.body)); key != "" {
				t.Errorf("%s %s shows the key %s: a field without help or example", lang, face, key)
			}
			if strings.Contains(page.body, "%!") {
				t.Errorf("%s %s prints a broken format", lang, face)
			}
		}
		if n != 27 {
			t.Errorf("%s: %d fields, want 27", lang, n)
		}
	}
	public := s.want(s.get("nobody", "/en/experiments/"+id+"/card/plan"), 200, "", "Viesti bussista.", "P1")
	for _, text := range []string{"/versions", "/edit/", "What was checked"} {
		if strings.Contains(public.body, text) {
			t.Errorf("a reader is shown %q", text)
		}
	}
	s.want(s.get("developer", "/en/experiments/"+id+"/card/other"), 404, "")
}

func TestTheCardNamesOneNextThing(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	page := s.want(s.get("developer", "/en/experiments/"+id+"/card/plan"), 200, "", "Name what you found alike", `href="/en/experiments/`+id+`/edit/belief-and-test#checked"`)
	if n := strings.Count(page.body, `class="do"`); n != 1 {
		t.Errorf("%d next things, want 1", n)
	}
}

func TestRisksAreNotForEverybody(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	path := "/en/experiments/" + id
	form := url.Values{
		"need_1_text": {"a designer"}, "risk_1_what": {"The kitchen is short of people"}, "sponsor": {"Head of education"}, "sponsor_says": {"Two hours a week"},
		"timing": {"A merger"}, "barrier": {"Nobody decides alone"}, "lat": {"64,75"}, "lon": {"26.42"}, "benefit_minutes": {"6"}, "benefit_times": {"1 000"}, "benefit_hour": {"30"}, "assumption": {"25 a day"},
	}
	s.want(s.fillIn("developer", id, "more", form), 303, "")
	s.want(s.get("developer", path+"/edit/more"), 200, "", "a designer", "64.75", "The kitchen is short of people")
	s.want(s.get("developer", path+"/card/plan"), 200, "", "a designer", "The kitchen is short of people", "Two hours a week", "A merger", "25 a day")
	public := s.want(s.get("nobody", path+"/card/plan"), 200, "", "a designer", "Nobody decides alone", "25 a day")
	open := s.want(s.get("nobody", "/api/v1/experiments/"+id), 200, "", `"needs":["a designer"]`, `"lat":64.75`, `"hours_a_year":100`, `"cents_a_year":300000`, `"rung":"small"`)
	for _, text := range []string{"kitchen is short", "Head of education", "Two hours", "A merger"} {
		if strings.Contains(public.body, text) || strings.Contains(open.body, text) {
			t.Errorf("everybody is shown %q", text)
		}
	}
	refused := s.want(s.fillIn("developer", id, "more", with(form, "risk_1_what", strings.Repeat("ж", 121))), 422, "", "at most 120 characters, now there are 121", "Two hours a week")
	s.want(s.fillIn("developer", id, "more", with(form, "lon", "")), 422, "", `href="#lat"`)
	if strings.Contains(refused.body, "%!") {
		t.Error("a broken format")
	}
}

// fillIn is fill in English.
func (s *site) fillIn(who, id, section string, form url.Values) answer {
	s.t.Helper()
	return s.post(who, "/en/experiments/"+id+"/edit/"+section, with(form, "version", fmt.Sprint(s.card(id).Version)))
}

func TestBothTextsStandAtTheField(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	s.must(s.AddMember(s.ctx(), s.actors["developer"], id, "mate@kunta.example", ""))
	path := "/en/experiments/" + id + "/edit/belief-and-test"
	version := fmt.Sprint(s.card(id).Version)
	form := url.Values{"type": {"pilot"}, "belief": {"Все семьи пишут."}, "test": {"Five families."}, "stop_rule": {"Never."}, "checked_none": {"1"}, "checked_words": {"sms"}, "version": {version}}
	s.want(s.post("developer", path, form), 303, "")
	mine := with(form, "belief", "Только пять семей пишут.", "type", "micro", "_key", "second")
	page := s.want(s.post("mate", path, mine), 409, "", "Somebody else saved this page", "Только пять семей пишут.", "Saved now: Все семьи пишут.", "Saved now: Pilot")
	if n := strings.Count(page.body, "Saved now:"); n != 2 {
		t.Errorf("%d fields show two texts, want the two that differ", n)
	}
	if s.card(id).Belief != "Все семьи пишут." {
		t.Errorf("belief %q", s.card(id).Belief)
	}
	// The page was closed: what was typed is there again, beside the other text.
	s.want(s.get("mate", path), 200, "", "Только пять семей пишут.", "Saved now: Все семьи пишут.", "This is your text of")
	s.want(s.get("developer", path), 200, "", "Все семьи пишут.")
	s.want(s.post("mate", path, with(mine, "version", fmt.Sprint(s.card(id).Version))), 303, "")
	if e := s.card(id); e.Belief != "Только пять семей пишут." || e.Type != experiments.Micro {
		t.Errorf("saving again keeps %q, %s", e.Belief, e.Type)
	}
	last := s.card(id).Version
	s.want(s.get("developer", fmt.Sprintf("/en/experiments/%s/versions/%d", id, last)), 200, "", "<del>Все", "<ins>Только пять", "<del>Pilot</del>", "<ins>Micro", "experiment")
	s.want(s.get("developer", "/ru/experiments/"+id+"/versions"), 200, "", fmt.Sprintf("Версия %d", last))
	s.want(s.get("developer", "/en/experiments/"+id+"/versions/99"), 404, "")
	s.want(s.get("developer2", "/en/experiments/"+id+"/versions"), 403, "")
	s.want(s.get("nobody", "/en/experiments/"+id+"/versions"), 303, "")
}

func TestAMegabyteIsRefusedAndKept(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	large := strings.Repeat("x", 1<<20)
	page := s.want(s.fillIn("developer", id, "after", url.Values{"after": {large}}), 422, "", "at most 400 characters, now there are 1048576")
	if !strings.Contains(page.body, large) {
		t.Error("the text is lost")
	}
	if page = s.post("developer", "/en/experiments/new", with(five, "problem", large)); page.StatusCode != 422 || !strings.Contains(page.body, large) {
		t.Errorf("registering: %d, the text is lost", page.StatusCode)
	}
	if got := s.post("developer", "/en/experiments/"+id+"/draft/after", url.Values{"after": {large}}); got.StatusCode != 413 {
		t.Errorf("a draft of a megabyte: %d, want 413", got.StatusCode)
	}
	if s.card(id).After != "" {
		t.Error("something was saved")
	}
}

func TestDraftsOverHTTP(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	path := "/kk/experiments/" + id
	kept := s.want(s.post("developer", path+"/draft/after", url.Values{"after": {"Жұмыс істесе: барлық топ."}, "version": {"2"}}), 200, "", `{"at":"`)
	if kept.Header.Get("Cache-Control") != "no-store" {
		t.Error("the answer may be kept by others")
	}
	page := s.want(s.get("developer", path+"/edit/after"), 200, "", "Жұмыс істесе: барлық топ.", "data-draft=", "data-draft-status", "draft.", `role="status"`)
	if !strings.Contains(page.body, `name="discard"`) {
		t.Error("the draft cannot be discarded")
	}
	s.want(s.post("developer", path+"/draft/after", url.Values{"discard": {"1"}}), 303, path+"/edit/after?done=experiment_draft_dropped")
	if page := s.get("developer", path+"/edit/after"); strings.Contains(page.body, "барлық топ") {
		t.Error("a discarded draft is shown")
	}
	s.want(s.post("developer", path+"/draft/nothing", url.Values{"after": {"x"}}), 404, "")
	s.want(s.post("developer2", path+"/draft/after", url.Values{"after": {"x"}}), 403, "")
	s.want(s.post("nobody", path+"/draft/after", url.Values{"after": {"x"}}), 401, "")

	s.want(s.post("developer", "/fi/experiments/new/draft", url.Values{"title": {"Kesken jäänyt"}}), 200, "")
	s.want(s.get("developer", "/fi/experiments/new"), 200, "", "Kesken jäänyt")
	s.want(s.post("developer", "/fi/experiments/new", five), 303, "")
	if page := s.get("developer", "/fi/experiments/new"); strings.Contains(page.body, "Kesken jäänyt") {
		t.Error("the draft outlives the registration")
	}
}

func TestSimilarOnesOnThePageOfTheBelief(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	s.Finder = finderFunc(func(string) []experiments.Similar {
		return []experiments.Similar{{Kind: "case", ID: "c1", Lang: "sv", Title: "Ruttkarta", URL: "/en/cases/c1", Outcome: "not_confirmed"}, {Kind: "experiment", ID: id, Lang: "fi", Title: "Itse", URL: "/x"}}
	})
	page := s.want(s.fillIn("developer", id, "belief-and-test", url.Values{"similar": {"1"}, "belief": {"Kesken"}, "checked_words": {"reitti"}}), 200, "", "Ruttkarta", "did not go as believed", "Kesken", "Failures are among")
	if strings.Contains(visible(page.body), "Itse") {
		t.Error("it is found to be like itself")
	}
	s.want(s.get("developer", "/en/experiments/"+id+"/card/plan"), 200, "", "1 alike was shown", "Ruttkarta", "(reitti)")
	if s.card(id).Belief == "Kesken" {
		t.Error("asking has saved")
	}
}

func TestStartingFromWhatIsThere(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Learned)
	page := s.want(s.get("developer", "/en/experiments/new?parent="+id), 200, "", "You continue the experiment", `name="parent" value="`+id+`"`, "Hoitoajan vaihto tekstiviestillä")
	if strings.Contains(page.body, `name="from_case"`) {
		t.Error("it names a case")
	}
	got := s.post("developer", "/en/experiments/new", with(five, "parent", id))
	child := strings.Split(got.Header.Get("Location"), "/")[3]
	s.want(s.get("developer", "/en/experiments/"+child+"/card/idea"), 200, "", "Where this comes from", "/en/experiments/"+id)
	s.want(s.get("developer", "/en/experiments/"+child+"/edit/belief-and-test"), 200, "", "What went wrong elsewhere", "Käsin vastaaminen")
	s.want(s.get("developer", "/en/experiments/"+id), 200, "", "/en/experiments/"+child, "1 child or part")
	if public := s.get("nobody", "/en/experiments/"+id); strings.Contains(public.body, child) {
		t.Error("a stranger is told of a draft")
	}
	s.want(s.get("developer2", "/en/experiments/new?parent="+child+"&case=nothing"), 200, "")
	s.want(s.post("developer2", "/en/experiments/new", with(five, "organisation", "FI:020", "parent", child)), 422, "", `href="#parent"`)
}

func TestLargeExperimentsAreAdvisedToSplit(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	people := url.Values{"number": {"31"}, "people": {"Families"}, "personal_data": {"no"}}
	s.want(s.fillIn("developer", id, "people", people), 303, "")
	s.want(s.get("developer", "/en/experiments/"+id+"/plan"), 200, "", "split it into smaller parts", "not a block")
	s.want(s.fillIn("developer", id, "people", with(people, "number", "30")), 303, "")
	if page := s.get("developer", "/en/experiments/"+id+"/plan"); strings.Contains(page.body, "split it into") {
		t.Error("thirty people are advised to split")
	}
}

// finderFunc finds what a test says.
type finderFunc func(text string) []experiments.Similar

// Similar is the function itself.
func (f finderFunc) Similar(_ context.Context, _, text string, _ int) ([]experiments.Similar, error) {
	return f(text), nil
}
