package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

const (
	field    = `document.querySelector("#q")`
	listbox  = `document.querySelector("#q-list")`
	isOpen   = field + `.getAttribute("aria-expanded") === "true" && !` + listbox + `.hidden && ` + listbox + `.children.length > 0`
	isClosed = field + `.getAttribute("aria-expanded") === "false" && ` + listbox + `.hidden && !` + field + `.hasAttribute("aria-activedescendant")`
)

// active says that the option with a number is the active one, and no other.
func active(n string) string {
	return field + `.getAttribute("aria-activedescendant") === ` + listbox + `.children[` + n + `].id && ` +
		listbox + `.querySelectorAll("[aria-selected=true]").length === 1 && ` + listbox + `.children[` + n + `].getAttribute("aria-selected") === "true"`
}

// searchable starts a portal and waits until its search knows the sample.
func searchable(t *testing.T) string {
	t.Helper()
	portal := e2e.StartPortal(t)
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get(portal.URL + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		var state struct{ Index string }
		err = json.NewDecoder(answer.Body).Decode(&state)
		answer.Body.Close()
		if err == nil && state.Index == "ok" {
			return portal.URL
		}
		if time.Now().After(end) {
			t.Fatalf("the search is %q after a minute: %v", state.Index, err)
		}
	}
}

// The search field as the ARIA Authoring Practices describe an editable
// combobox with list autocomplete.
func TestTheSearchFieldIsACombobox(t *testing.T) {
	base := searchable(t)
	v := e2e.Visit(t, base)
	v.Goto("/fi/cases")
	v.Awaits(field + `.getAttribute("role") === "combobox" && ` + field + `.getAttribute("aria-autocomplete") === "list" && ` +
		field + `.getAttribute("aria-controls") === ` + listbox + `.id && ` + listbox + `.getAttribute("role") === "listbox" && ` + listbox + `.getAttribute("aria-label")`)
	v.Focus("#q")
	v.Awaits(isClosed) // nothing was searched yet
	v.Type("kirj")
	v.Awaits(isOpen)
	v.Awaits(`/^\d+ ehdotusta?$/.test(document.querySelector(".head [role=status]").textContent)`)
	v.Awaits(`[...` + listbox + `.children].every(o => o.getAttribute("role") === "option" && o.id)`)
	v.Check("suggestions")

	t.Run("keys move through the list", func(t *testing.T) {
		v.Key("ArrowDown")
		v.Awaits(active("0"))
		v.Key("ArrowDown")
		v.Awaits(active("1"))
		v.Key("ArrowUp", "ArrowUp") // back to the field
		v.Awaits("!" + field + `.hasAttribute("aria-activedescendant") && document.activeElement === ` + field)
		v.Key("ArrowUp") // round to the last one
		v.Awaits(active(listbox + ".children.length - 1"))
		v.Key("Home")
		v.Awaits("!" + field + `.hasAttribute("aria-activedescendant") && ` + field + ".selectionStart === 0")
		v.Key("End")
		v.Awaits(field + ".selectionStart === 4")
	})
	t.Run("Escape closes, then clears", func(t *testing.T) {
		v.Key("Escape")
		v.Awaits(isClosed + ` && ` + field + `.value === "kirj"`)
		v.Key("ArrowDown")
		v.Awaits(isOpen)
		v.Key("Escape", "Escape")
		v.Awaits(isClosed + ` && ` + field + `.value === ""`)
	})
	t.Run("Tab leaves", func(t *testing.T) {
		v.Type("kirj")
		v.Awaits(isOpen)
		v.Key("Tab")
		v.Awaits(isClosed + ` && document.activeElement !== ` + field)
	})
	t.Run("Enter goes to the active one, or searches", func(t *testing.T) {
		v.Focus("#q")
		v.Key("ArrowDown")
		v.Awaits(isOpen)
		v.Key("ArrowDown")
		v.Enter()
		if !strings.HasPrefix(v.Path(), "/fi/search?q=kirj") {
			t.Errorf("the first suggestion leads to %s", v.Path())
		}
		v.Focus("#q")
		v.Type("kirje")
		v.Enter()
		if v.Path() != "/fi/search?q=kirje" {
			t.Errorf("Enter without a choice leads to %s", v.Path())
		}
	})
	t.Run("a click chooses", func(t *testing.T) {
		v.Goto("/fi/cases")
		v.Focus("#q")
		v.Type("kirjasto")
		v.Awaits(`performance.getEntriesByType("resource").some(e => e.name.endsWith("?q=kirjasto"))`)
		v.Awaits(isOpen)
		v.ClickOn("#q-list li:last-child")
		if v.Path() == "/fi/cases" {
			t.Error("a click on a suggestion leads nowhere")
		}
	})
}

func TestTheSearchPageHelpsOn(t *testing.T) {
	v := e2e.Visit(t, searchable(t))
	v.Goto("/fi/search?q=kirjastp")
	v.Sees("Tarkoititko")
	v.Awaits(`["#q", "#query"].every(id => document.querySelector(id).getAttribute("role") === "combobox" && document.querySelector(id + "-list"))`)
	v.Check("search-meant")
	v.Goto("/en/search?q=digital&like=SE:2281")
	v.Sees("municipalities like yours")
	v.Check("search-alike")
	v.Press("Show only them")
	v.SeesNot("municipalities like yours")
}

func TestRecentSearchesStayInTheBrowser(t *testing.T) {
	base := searchable(t)
	v := e2e.Visit(t, base)
	v.Goto("/en/cases")
	v.Focus("#q")
	v.Type("robot bus")
	v.Enter()
	v.Goto("/ru/cases")
	v.Focus("#q")
	v.Awaits(isOpen + ` && ` + listbox + `.children[0].innerText === "robot bus" && ` + listbox + `.children.length === 2`)
	v.Check("recent")
	v.Key("ArrowDown")
	v.Enter()
	if v.Path() != "/ru/search?q="+url.QueryEscape("robot bus") {
		t.Errorf("a recent search leads to %s", v.Path())
	}
	v.Focus("#q")
	v.Awaits(isOpen)
	v.Key("ArrowUp", "Enter") // the last one forgets
	v.Awaits(isClosed + ` && localStorage.length === 0`)
	v.Key("ArrowDown")
	v.Awaits(isClosed)
	other := e2e.Visit(t, base)
	other.Goto("/en/cases")
	other.Focus("#q")
	other.Awaits(isClosed)
}

// Without scripts the form is a form, and what the script would suggest stands
// on the page that found nothing.
func TestSearchWithoutScripts(t *testing.T) {
	base := searchable(t)
	v := e2e.Visit(t, base)
	v.WithoutScripts()
	v.Goto("/fi/cases")
	v.Fill("q", "kirjastp")
	v.ClickOn(".head .find button")
	if v.Path() != "/fi/search?q=kirjastp" {
		t.Fatalf("the form leads to %s", v.Path())
	}
	v.Sees("Tarkoititko")
	v.Press("kirjasto")
	if v.Path() != "/fi/search?q=kirjasto" {
		t.Errorf("what was meant leads to %s", v.Path())
	}
}
