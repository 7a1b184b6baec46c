package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A Visitor is a person in a test: a tab whose every mishap fails the test.
//
//	anna := e2e.Visit(t, portal.URL)
//	anna.SignIn("developer")
//	anna.Goto("/en/experiments/new")
//	anna.Fill("title", "Chatbot for permit questions")
//	anna.Press("Register")
//	anna.Sees("Saved")
//	anna.Check("experiment")
type Visitor struct {
	*Tab
	t testing.TB
}

// Visit opens a tab without cookies for the site at base. The test is skipped
// when there is no browser, and fails for it under CI=true.
func Visit(t testing.TB, base string) *Visitor {
	t.Helper()
	browser, err := shared()
	if err != nil {
		Missing(t, err)
	}
	tab, err := browser.NewTab(base)
	if err != nil {
		t.Fatal(err)
	}
	v := &Visitor{Tab: tab, t: t}
	t.Cleanup(func() {
		v.unharmed("the last page")
		tab.Close()
	})
	return v
}

// Missing ends a test that cannot run here: as a failure under CI=true, as
// skipped with the reason otherwise.
func Missing(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	t.Skip(err)
}

// The tests of one package share one browser; Run closes it.
var (
	mu      sync.Mutex
	started *Browser
)

func shared() (*Browser, error) {
	mu.Lock()
	defer mu.Unlock()
	if started != nil {
		return started, nil
	}
	var err error
	started, err = Launch(context.Background())
	return started, err
}

// Run runs the tests of a package and closes their browser. Call it in TestMain.
func Run(m *testing.M) int {
	defer func() {
		mu.Lock()
		defer mu.Unlock()
		if started != nil {
			started.Close()
		}
	}()
	return m.Run()
}

// SignIn signs in as a role of the demo.
func (v *Visitor) SignIn(role string) {
	v.t.Helper()
	v.must(v.Tab.SignIn(role))
}

// Goto opens a page and expects it to be there.
func (v *Visitor) Goto(path string) {
	v.t.Helper()
	v.must(v.Tab.Goto(path))
	if v.Status >= 400 {
		v.t.Fatalf("%s answers %d", path, v.Status)
	}
	v.unharmed(path)
}

// Press clicks a link or button and waits for the page it leads to.
func (v *Visitor) Press(text string) {
	v.t.Helper()
	v.must(v.Tab.Press(text))
	v.unharmed("after pressing " + text)
}

// Click clicks something that stays on the page.
func (v *Visitor) Click(text string) {
	v.t.Helper()
	v.must(v.Tab.Click(text))
}

// Choose clicks the radio button or checkbox with this name and value.
func (v *Visitor) Choose(name, value string) {
	v.t.Helper()
	v.must(v.Tab.Choose(name, value))
}

// Fill puts a value into the field with this label or name.
func (v *Visitor) Fill(field, value string) {
	v.t.Helper()
	v.must(v.Tab.Fill(field, value))
}

// Attach puts a file into the file field with this name.
func (v *Visitor) Attach(name, file string) {
	v.t.Helper()
	v.must(v.Tab.Attach(name, file))
}

// Text returns what the first element that a selector finds says.
func (v *Visitor) Text(css string) string {
	v.t.Helper()
	text, err := v.Tab.Text(css)
	v.must(err)
	return text
}

// Path returns the path and query of the open page.
func (v *Visitor) Path() string {
	v.t.Helper()
	path, err := v.Tab.Path()
	v.must(err)
	return path
}

// Sees expects a text on the page, in any case and spacing.
func (v *Visitor) Sees(text string) {
	v.t.Helper()
	if body := v.Text("body"); !strings.Contains(strings.ToLower(body), strings.ToLower(text)) {
		v.t.Fatalf("%s does not say %q; it says:\n%s", v.Path(), text, body)
	}
}

// SeesNot expects that a text is not on the page.
func (v *Visitor) SeesNot(text string) {
	v.t.Helper()
	if strings.Contains(strings.ToLower(v.Text("body")), strings.ToLower(text)) {
		v.t.Fatalf("%s says %q", v.Path(), text)
	}
}

// Check audits the page in every view. With SHOTS set to a folder, it also
// leaves a picture of each there, under the name given.
func (v *Visitor) Check(name string) {
	v.t.Helper()
	defer func() { v.must(v.Look(Views[0])) }()
	for _, view := range Views {
		v.must(v.Look(view))
		findings, err := v.Audit()
		v.must(err)
		for _, finding := range findings {
			v.t.Errorf("%s (%s, %s)\n    %v", v.Path(), name, view, finding)
		}
		if folder := os.Getenv("SHOTS"); folder != "" {
			v.must(v.Save(filepath.Join(folder, fmt.Sprintf("%s-%s.png", name, view))))
		}
	}
	v.unharmed(name)
}

// unharmed fails the test for every trouble seen since it was last asked.
func (v *Visitor) unharmed(where string) {
	v.t.Helper()
	for _, trouble := range v.Troubles() {
		v.t.Errorf("%s: %s", where, trouble)
	}
}

func (v *Visitor) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}
