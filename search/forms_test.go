package search_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/search"
)

// Forms of a word outlive the documents they were first seen in, and come with
// those that are brought later.
func TestFormsAreKnownWhicheverDocumentGoes(t *testing.T) {
	docs := shelf{}
	put := func(id, text string) { docs[id] = search.Document{Kind: "case", ID: id, Lang: "fi", Title: text} }
	put("a", "Koulukyytien ohjaus")
	put("b", "Koulukyytien hinta")
	x := open(t, docs)
	apply := func(id string) {
		if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: id}}, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	finds := func(query string, want ...string) {
		t.Helper()
		r, err := x.Search(t.Context(), search.Request{Text: query, Lang: "fi"})
		if got := ids(r); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q finds %v, %v; want %v", query, got, err, want)
		}
	}
	delete(docs, "a")
	apply("a")
	finds("koulukyyti", "b")
	put("c", "Latupohjien kunto")
	apply("c")
	finds("latupohja", "c")
	put("d", "Latupohjilla hiihto")
	apply("d")
	delete(docs, "c")
	apply("c")
	finds("latupohja", "d")
	finds("latupohjia", "d")
}

// odd is a source of documents of a kind of its own.
type odd struct{ shelf }

func (odd) Kind() string { return "page" }

func (o odd) IDs(context.Context) iter.Seq2[string, error] { return o.shelf.IDs(context.Background()) }

// What only says which forms words have is no document.
func TestALexiconIsNeitherFoundNorCounted(t *testing.T) {
	x := open(t, library(), odd{shelf{"p": {Kind: "page", ID: "p", Lang: "en", Title: "About", Body: "A page."}}})
	if n, err := x.Count(); err != nil || n != 7 {
		t.Errorf("%d documents, %v; want 7", n, err)
	}
	for query, want := range map[string]int{"kind:case": 6, "-kind:case": 1, "-kind:page": 6, "-kind:case -kind:page": 0, "-lang:en": 4} {
		r, err := x.Search(t.Context(), search.Request{Text: query, Lang: "en", Members: true, Count: true})
		if err != nil || r.Total != want || len(r.Hits) != want {
			t.Errorf("%s finds %d and shows %d, %v; want %d", query, r.Total, len(r.Hits), err, want)
		}
	}
}

// A text that writes a word in several forms has it more often than one that
// writes it once.
func TestFormsOfAWordCountTogether(t *testing.T) {
	filler := strings.Repeat("Muuta tekstiä päivästä. ", 20)
	docs := shelf{
		"once":  {Kind: "case", ID: "once", Lang: "fi", Title: "Yksi", Body: "Kirjaston aukiolo. " + filler},
		"often": {Kind: "case", ID: "often", Lang: "fi", Title: "Kaksi", Body: "Kirjastoissa, kirjastoihin ja kirjastosta käsin. " + filler},
	}
	r, err := open(t, docs).Search(t.Context(), search.Request{Text: "kirjasto", Lang: "fi"})
	if got := ids(r); err != nil || len(got) != 2 || got[0] != "often" {
		t.Errorf("found %v, %v; want the one with three forms first", got, err)
	}
}

// Values beyond those that stand in a document's row are counted like others.
func TestManyThemesOfADocumentAreCounted(t *testing.T) {
	docs, want := shelf{}, map[string]int{}
	for i := range 8 {
		id := fmt.Sprint("d", i)
		var themes []string
		for j := range i + 1 {
			theme := fmt.Sprintf("theme-%d", j)
			themes = append(themes, theme)
			want[theme]++
		}
		docs[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: "Reminders", Themes: themes}
	}
	r, err := open(t, docs).Search(t.Context(), search.Request{Text: "reminders", Lang: "en", Count: true})
	if err != nil || len(r.Facets["theme"]) != len(want) {
		t.Fatalf("%v, %v", r.Facets["theme"], err)
	}
	for _, b := range r.Facets["theme"] {
		if want[b.Value] != b.Count {
			t.Errorf("%s is counted %d times, want %d", b.Value, b.Count, want[b.Value])
		}
	}
}

// One text that writes a slip in several forms is still one text.
func TestASlipInSeveralFormsIsOneTextsSlip(t *testing.T) {
	docs := shelf{"slip": {Kind: "case", ID: "slip", Lang: "fi", Title: "Kirjaso, kirjasot ja kirjason"}}
	for i := range 20 {
		id := fmt.Sprint("d", i)
		docs[id] = search.Document{Kind: "case", ID: id, Lang: "fi", Title: "Kirjasto"}
	}
	m, ok, err := open(t, docs).Meant(t.Context(), search.Request{Text: "kirjaso", Lang: "fi"}, 1)
	if err != nil || !ok || m.Query != "kirjasto" {
		t.Errorf("meant %q, %v, %v; want kirjasto", m.Query, ok, err)
	}
}
