package main

import (
	"net/http"
	"strings"
	"testing"
)

// TestAnAdministratorTeachesTheSearchAWord adds a name that no text has. The
// very next search by it finds the texts that use the usual name, in every
// language; when the concept is removed it finds nothing again.
func TestAnAdministratorTeachesTheSearchAWord(t *testing.T) {
	_, base := portal(t, t.TempDir())
	reader, admin := visit(t, base), visit(t, base).as("admin")
	const search = "/en/search?q=blorkinate"
	reader.open(search).seesNot("blorkinate = ").sees("Nothing was found")

	form := admin.open("/en/my-work")
	if !strings.Contains(form.body, `href="/en/concepts"`) {
		t.Error("my work does not lead an administrator to the thesaurus")
	}
	refused := admin.open("/en/concepts").trySend("/en/concepts", fields{"en": "blorkinate"})
	refused.sees("at least two names", "blorkinate")
	refused = refused.trySend("/en/concepts", fields{"en": "blorkinate", "fi": "yksi kaksi kolme neljä viisi", "sv": strings.Repeat("x", 61)})
	refused.sees("at most 4 words", "at most 60 characters", "yksi kaksi kolme neljä viisi")
	refused.send("/en/concepts", fields{"en": "blorkinate", "fi": "kirjasto\nKirjasto\n\nkirjastopalvelut", "sv": "bibliotek"}).
		sees("The search knows it now", "blorkinate", "kirjasto, kirjastopalvelut")

	found := reader.open(search)
	if found.seesNot("Nothing was found"); !strings.Contains(strings.ToLower(found.text()), "kirjasto") {
		t.Error("the new name does not find what the usual one finds")
	}
	if api := reader.open("/api/v1/concepts"); !strings.Contains(api.body, `"blorkinate"`) || !strings.Contains(api.body, `"own":true`) {
		t.Error("open data do not have the new concept")
	}

	concept := ""
	for _, link := range admin.open("/en/concepts").links() {
		if strings.HasPrefix(link, "/en/concepts/") && strings.Contains(admin.open(link).text(), "blorkinate") {
			concept = link
		}
	}
	admin.open(concept).send(concept+"/remove", nil).sees("has been removed")
	reader.open(search).sees("Nothing was found")
}

func TestOnlyAdministratorsNameConcepts(t *testing.T) {
	_, base := portal(t, t.TempDir())
	for _, role := range []string{"developer", "coordinator", "reviewer", "officer"} {
		v := visit(t, base).as(role)
		if got := v.try("/en/concepts"); got.status != http.StatusForbidden {
			t.Errorf("the %s gets %d for the thesaurus", role, got.status)
		}
		if strings.Contains(v.open("/en/my-work").body, "/en/concepts") {
			t.Errorf("the %s is led to a page that is closed", role)
		}
	}
}
