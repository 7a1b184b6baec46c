package themes_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// field returns the control of a page with an id.
func control(t *testing.T, page, id string) *html.Node {
	t.Helper()
	found := nodes(t, page, func(n *html.Node) bool { return attr(n, "id") == id })
	if len(found) != 1 {
		t.Fatalf("%d elements with the id %q", len(found), id)
	}
	return found[0]
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// What a label, a description or the error summary refers to is there, once.
func TestIdsOfAFormAreUnique(t *testing.T) {
	for name, data := range map[string]samplePage{"fresh": sampleOf(t, "fi"), "refused": refused(sampleOf(t, "fi"))} {
		t.Run(name, func(t *testing.T) {
			page := render(t, openSample(t), "sample/form", data)
			ids := map[string]int{}
			all := nodes(t, page, func(*html.Node) bool { return true })
			for _, n := range all {
				ids[attr(n, "id")]++
			}
			delete(ids, "")
			for id, n := range ids {
				if n > 1 {
					t.Errorf("the id %q stands %d times", id, n)
				}
			}
			for _, n := range all {
				for _, to := range strings.Fields(attr(n, "for") + " " + attr(n, "aria-describedby")) {
					if ids[to] == 0 {
						t.Errorf("<%s id=%q> refers to %q, which is not there", n.Data, attr(n, "id"), to)
					}
				}
			}
		})
	}
}

func TestAFreshFormShowsWhatIsStored(t *testing.T) {
	page := render(t, openSample(t), "sample/form", sampleOf(t, "fi"))
	for id, want := range map[string]string{"owner": "Esihenkilö", "start": "2026-05-12", "hours": "12", "asked": "4800,50", "code": ""} {
		if got := attr(control(t, page, id), "value"); got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
	if got := textOf(control(t, page, "title")); got != "Tallessa" {
		t.Errorf("title: got %q", got)
	}
	if got := textOf(control(t, page, "title-count")); got != "8 / 80 merkkiä" {
		t.Errorf("counter: got %q", got)
	}
	for id, want := range map[string]bool{"type": false, "type-2": true, "skills": true, "skills-2": true, "skills-3": false, "public": true, "need": false, "need-4": true} {
		if got := has(control(t, page, id), "checked"); got != want {
			t.Errorf("%s: checked is %v, want %v", id, got, want)
		}
	}
	if strings.Contains(page, "ds-error-summary") || strings.Contains(page, "aria-invalid") {
		t.Error("a fresh form has errors")
	}
}

func TestARefusedFormKeepsWhatWasTypedAndLeadsToTheFaults(t *testing.T) {
	page := render(t, openSample(t), "sample/form", refused(sampleOf(t, "fi")))
	if !strings.Contains(page, "<title>Virhe: ") {
		t.Error("the title does not say that something is wrong")
	}
	if got := textOf(control(t, page, "title")); got != "Liian <pitkä> otsikko" {
		t.Errorf("title: got %q", got)
	}
	if got := attr(control(t, page, "hours"), "value"); got != "kaksi" {
		t.Errorf("hours: got %q", got)
	}
	if has(control(t, page, "public"), "checked") || !has(control(t, page, "skills-3"), "checked") || has(control(t, page, "skills"), "checked") {
		t.Error("boxes are not as they were ticked")
	}
	summary := control(t, page, "errors")
	var links []string
	for n := range summary.Descendants() {
		if n.Data == "a" {
			links = append(links, attr(n, "href"))
			control(t, page, strings.TrimPrefix(attr(n, "href"), "#"))
		}
	}
	if got := strings.Join(links, " "); got != "#title #type #hours #need #code" {
		t.Errorf("the summary leads to %s", got)
	}
	for _, id := range []string{"title", "hours", "code"} {
		n := control(t, page, id)
		if attr(n, "aria-invalid") != "true" || !strings.Contains(attr(n, "aria-describedby"), id+"-wrong") {
			t.Errorf("%s is not marked", id)
		}
	}
}

func TestEveryControlHasAName(t *testing.T) {
	page := render(t, openSample(t), "sample/form", refused(sampleOf(t, "kk")))
	labels := map[string]bool{}
	for _, n := range nodes(t, page, element("label")) {
		if textOf(n) == "" {
			t.Error("a label is empty")
		}
		labels[attr(n, "for")] = true
	}
	for _, n := range nodes(t, page, func(n *html.Node) bool { return n.Data == "input" || n.Data == "select" || n.Data == "textarea" }) {
		if attr(n, "type") != "hidden" && !labels[attr(n, "id")] {
			t.Errorf("%s %q has no label", n.Data, attr(n, "name"))
		}
	}
}

func TestAFormCarriesItsKey(t *testing.T) {
	page := render(t, openSample(t), "sample/form", sampleOf(t, "en"))
	found := nodes(t, page, func(n *html.Node) bool { return attr(n, "name") == "_key" })
	if len(found) != 1 || attr(found[0], "value") != "KEY" || attr(found[0], "type") != "hidden" {
		t.Errorf("got %d keys", len(found))
	}
}
