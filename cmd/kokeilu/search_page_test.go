package main

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheSearchPageIsItsAddress narrows a search, leaves something out, puts it
// in another order and asks why: each step is a link or a form, and what was
// chosen stays chosen.
func TestTheSearchPageIsItsAddress(t *testing.T) {
	_, base := portal(t, t.TempDir())
	reader := visit(t, base)
	first := reader.open("/en/search?q=digital").sees("Sort by", "best match", "Found in:", "Leave out")

	newest := reader.open(linkTo(t, first, "sort=newest"))
	if dates := first.links(); slices.Equal(dates, newest.links()) {
		t.Error("the newest first is the same page as the best first")
	}
	newest.sees("newest")

	// A press on the minus beside a value sends the form with what is ticked.
	without := reader.open("/en/search?q=digital&sort=newest&lang=en&lang=-en&kind=case")
	without.sees("not English", "Kind: Case")
	for _, link := range without.links() {
		if strings.HasPrefix(link, "/en/cases/") && strings.Contains(without.body, `<h3 lang="en"><a href="`+link) {
			t.Errorf("%s is in English, which is left out", link)
		}
	}
	// Its chip lifts it, and keeps the rest.
	lifted := reader.open(linkTo(t, without, "kind=case&q=digital&sort=newest"))
	lifted.sees("Kind: Case").seesNot("not English")

	why := reader.open(linkTo(t, lifted, "explain=1"))
	why.sees("points", "Together", "Of what was asked for")

	// The form keeps the order and the reasons when it is sent.
	if form := regexp.MustCompile(`name="(sort|explain)" value="(newest|1)"`).FindAllString(why.body, -1); len(form) != 2 {
		t.Errorf("the form of filters keeps %v of order and reasons", form)
	}
}

// TestTheLastPageLeadsBack asks for pages that are not there.
func TestTheLastPageLeadsBack(t *testing.T) {
	_, base := portal(t, t.TempDir())
	reader := visit(t, base)
	for _, page := range []string{"99", "99999999999", "-1", "0", "x"} {
		got := reader.open("/fi/search?q=digi&page=" + page)
		if page == "99" && !slices.ContainsFunc(got.links(), func(l string) bool { return strings.Contains(l, "q=digi") && !strings.Contains(l, "page=98") }) {
			t.Errorf("page %s leads nowhere: %v", page, got.links())
		}
	}
}

func linkTo(t *testing.T, p page, query string) string {
	t.Helper()
	want, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range p.links() {
		u, err := url.Parse(link)
		if err != nil || !strings.HasSuffix(u.Path, "/search") {
			continue
		}
		got := u.Query()
		ok := true
		for name, values := range want {
			ok = ok && slices.Equal(got[name], values)
		}
		if ok && (len(want) == 1 || len(got) == len(want)) {
			return link
		}
	}
	t.Fatalf("no link asks %s: %v", query, p.links())
	return ""
}
