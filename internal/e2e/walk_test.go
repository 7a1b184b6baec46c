package e2e_test

import (
	"image"
	"image/color"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

// walkers are the people of the main job, each with a window of their own.
type walkers struct {
	t          *testing.T
	url        string
	experiment string // its address
	request    string
	mentorship string
	ofCase     string
}

func (w *walkers) as(role string) *e2e.Visitor {
	w.t.Helper()
	v := e2e.Visit(w.t, w.url)
	if role != "" {
		v.SignIn(role)
	}
	return v
}

var thing = regexp.MustCompile(`^/en/[a-z]+/[a-z0-9]{12}`)

// The main job in a browser, and every page it meets looked at for barriers, in
// light and dark, wide and narrow. The whole story is told in cmd/kokeilu.
func TestTheMainJobInABrowser(t *testing.T) {
	portal := e2e.StartPortal(t)
	w := &walkers{t: t, url: portal.URL}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"a stranger looks around", w.looksAround},
		{"a developer registers and plans", w.registers},
		{"asks for money, and it is decided", w.asksForMoney},
		{"starts and finds a mentor", w.startsWithAMentor},
		{"keeps the log and publishes", w.publishes},
		{"others adopt it", w.spreads},
	} {
		done := false
		t.Run(step.name, func(t *testing.T) { w.t = t; step.do(); done = true })
		if !done {
			t.FailNow() // a barrier on a page lets the story go on, a door that stays shut does not
		}
	}
}

func (w *walkers) looksAround() {
	v := w.as("")
	for _, page := range []struct{ path, name string }{
		{"/", "front"}, {"/en/experiments", "experiments"}, {"/en/cases", "cases"}, {"/en/top10", "top10"}, {"/en/calls", "calls"}, {"/en/mentors", "mentors"},
		{"/ru/search?q=" + url.QueryEscape("библиотека"), "search"}, {"/en/feeds", "feeds"}, {"/en/guide", "guide"}, {"/en/sign-in", "sign-in"},
	} {
		v.Goto(page.path)
		v.Check(page.name)
	}
	if err := v.Tab.Goto("/en/nowhere"); err != nil || v.Status != 404 {
		w.t.Errorf("a page that is not there answers %d: %v", v.Status, err)
	}
	v.Check("not-found")
}

func (w *walkers) registers() {
	v := w.as("")
	v.Goto("/en/sign-in")
	v.Press("Enter") // the first role is the developer
	v.Goto("/en/my-work")
	v.Check("my-work")
	v.Goto("/en/experiments/new")
	v.Fill("title", "Library parcels ride home with the school taxi")
	v.Fill("summary", "The taxi that drives home empty takes the reserved books to two villages.")
	v.Fill("problem", "The library bus has ended and the villages are without books.")
	v.Fill("sector", "08")
	v.Press("Is somebody ahead of us?")
	v.Sees("From your text we found")
	v.Check("register")
	v.Press("Save and go on")
	w.experiment = thing.FindString(v.Path())
	v.Press("Show the idea")
	w.plans(v)
	v.Goto(w.experiment + "/plan")
	v.Check("plan")
	v.Press("The plan is ready")
	v.Goto(w.experiment)
	v.Check("experiment")
}

func (w *walkers) plans(v *e2e.Visitor) {
	section := func(name string, fill func()) {
		v.Goto(w.experiment + "/edit/" + name)
		fill()
		v.Check("edit-" + name)
		v.Press("Save and go on")
	}
	section("belief-and-test", func() {
		v.Fill("belief", "If parcels ride along, lending comes back without a new car.")
		v.Fill("test", "Two villages, twelve weeks, we count the loans.")
		v.Fill("stop_rule", "If the driver's day gets too long.")
		v.Click("We searched and found none")
		v.Fill("checked_words", "library, taxi")
	})
	section("measures", func() {
		v.Fill("measure_1_name", "Loans in the villages a week")
		v.Fill("measure_1_unit", "loans")
		v.Choose("measure_1_direction", "more")
		v.Fill("measure_1_baseline", "3")
		v.Fill("measure_1_limit", "25")
		v.Fill("measure_1_how", "Report of the library system")
	})
	section("people", func() {
		v.Fill("number", "40")
		v.Fill("people", "People of two villages")
		v.Choose("personal_data", "no")
	})
	section("calendar", func() {})
	section("decisions", func() { v.Click("No decisions are needed") })
	section("money", func() {
		v.Fill("cost_1_text", "Boxes")
		v.Fill("cost_1_sum", "3000")
		v.Fill("seed", "1800")
		v.Fill("own", "1200")
	})
	section("after", func() { v.Fill("after", "The committee decides in autumn.") })
}

func (w *walkers) asksForMoney() {
	v := w.as("developer")
	// The lesson of an earlier experiment comes first.
	v.Goto("/en/experiments/symar7vuzej7/learning")
	v.Choose("outcome", "not_tested")
	v.Fill("surprise", "The screen was taken inside for the winter.")
	v.Fill("learnt", "Agree on the place for the whole year.")
	v.Press("Save")

	v.Goto("/en/requests/new?call=jenyf3banum5&experiment=" + filepath.Base(w.experiment))
	v.Fill("amount_cents", "1800")
	v.Fill("account", "FI2112345600000785")
	v.Choose("company_benefit", "no")
	v.Check("request-new")
	v.Press("Save and look at the whole")
	w.request = thing.FindString(v.Path())
	v.Press("Send the request")
	v.Sees("Decision clock")

	officer := w.as("officer")
	officer.Goto("/en/requests")
	officer.Check("desk")
	officer.Goto(w.request)
	officer.Check("request-assign")
	officer.Press("Send to review")
	for _, role := range []string{"reviewer", "reviewer2"} {
		r := w.as(role)
		r.Goto(w.request)
		for _, criterion := range []string{"need", "learning", "feasibility", "sharing", "benefit"} {
			r.Choose(criterion, "3")
		}
		r.Click("I have no tie to this team")
		if role == "reviewer" {
			r.Check("request-score")
		}
		r.Press("Send the review")
	}
	officer.Goto(w.request)
	officer.Choose("outcome", "granted")
	officer.Fill("reason", "Small, clear, and others can do it again.")
	officer.Check("request-decide")
	officer.Press("Make it the decision")
	officer.Goto("/en/calls/jenyf3banum5")
	officer.Sees("Library parcels")
	officer.Check("call")
}

func (w *walkers) startsWithAMentor() {
	v := w.as("developer")
	v.Goto(w.experiment)
	v.Press("Ask to start")
	c := w.as("coordinator")
	c.Goto(w.experiment + "/plan")
	c.Press("Confirm the start")
	v.Goto(w.experiment)
	v.Press("Start the experiment")
	v.Sees("locked")

	v.Goto(w.experiment + "/mentors?role=mentor&skill1=service-design&weight1=3&lang1=fi&hours=1")
	v.Fill("message", "How do we bring the drivers along?")
	v.Check("mentors-found")
	v.Press("Ask the best fit")
	v.Goto(w.experiment + "/mentors")
	m := w.as("mentor")
	m.Goto("/en/my-work")
	m.Check("my-work-mentor")
	m.Press("Library parcels")
	w.mentorship = thing.FindString(m.Path())
	m.Check("mentorship")
	m.Press("Yes, I help")
}

func (w *walkers) publishes() {
	v := w.as("developer")
	v.Goto(w.experiment + "/log")
	v.Fill("text", "The first box went to the village.")
	v.Attach("picture", w.picture())
	v.Fill("alt", "Two boxes on the back seat of a taxi")
	v.Press("Save the entry")
	v.Goto(w.experiment + "/log")
	v.Check("log")
	v.Goto(w.experiment + "/plan")
	v.Press("End the experiment")
	v.Goto(w.experiment + "/learning")
	v.Fill("result_1_value", "27")
	v.Choose("outcome", "confirmed")
	v.Fill("surprise", "Drivers began to recommend books.")
	v.Fill("learnt", "The way home is enough for two villages.")
	v.Fill("conditions", "School taxis drive every working day.")
	v.Fill("cost_real", "60")
	v.Fill("cost", "2900")
	v.Choose("decision", "spread")
	v.Fill("decision_who", "The committee")
	v.Fill("decision_day", time.Now().AddDate(0, 1, 0).Format(time.DateOnly))
	v.Check("learning")
	v.Press("Save and finish the lesson")
	v.Goto(w.experiment)
	v.Press("Make a case of it")
	w.ofCase = thing.FindString(v.Path())
	v.Press("Preview")
	v.Sees("Drivers began to recommend books")
	v.Check("case-editor")
	v.Press("Publish")
	v.Check("case")
}

// picture is a file with a small picture.
func (w *walkers) picture() string {
	w.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for x := range 320 {
		for y := range 200 {
			img.Set(x, y, color.RGBA{uint8(x / 2), uint8(y), 140, 255})
		}
	}
	path := filepath.Join(w.t.TempDir(), "boxes.png")
	file, err := os.Create(path)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := png.Encode(file, img); err != nil {
		w.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func (w *walkers) spreads() {
	c := w.as("coordinator3")
	c.Goto(w.ofCase)
	c.Click("We have done the same")
	c.Choose("result", "confirmed")
	c.Fill("note", "Two villages, twice the loans.")
	c.Click("I confirm that our municipality has done this itself")
	c.Press("Register our result")
	anyone := w.as("")
	anyone.Goto(w.ofCase)
	anyone.Sees("Two villages, twice the loans.")
	anyone.Check("case-adopted")
	anyone.Goto("/en/search?q=parcels")
	anyone.Sees("Library parcels")
	if !strings.Contains(anyone.Text("main"), "Library parcels") {
		w.t.Error("the case is not found")
	}
	for _, page := range []struct{ role, path, name string }{
		{"admin", "/en/admin/people", "admin-people"}, {"developer", "/en/profile", "profile"}, {"coordinator", "/en/organisations/FI-889/people", "organisation-people"},
	} {
		v := w.as(page.role)
		v.Goto(page.path)
		v.Check(page.name)
	}
}
