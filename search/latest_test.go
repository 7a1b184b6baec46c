package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

// The newest list is read by dates alone; it is the same that all finds put in
// order would give, whatever changes meanwhile.
func TestTheNewestListIsThatOfAllFindsInOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	day := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	docs := shelf{}
	put := func(id string) {
		docs[id] = search.Document{
			Kind: "case", ID: id, Title: "Text " + id, Lang: []string{"fi", "en"}[random.IntN(2)], Outcome: []string{"", "confirmed", "refuted"}[random.IntN(3)],
			Members: random.IntN(5) == 0, Date: day.Add(time.Duration(random.IntN(400)) * time.Hour),
		}
	}
	for i := range 300 {
		put(fmt.Sprint("d", i))
	}
	x := open(t, docs)
	same := func(what string) {
		t.Helper()
		for _, r := range []search.Request{
			{Text: "kind:case", Lang: "fi"}, {Text: "kind:case", Lang: "en", Members: true}, {Text: "kind:case lang:fi", Lang: "en"}, {Text: "-outcome:failed", Lang: "en"},
			{Text: "kind:case", Lang: "fi", Filters: map[string][]string{"outcome": {"confirmed"}}}, {Text: "kind:case", Lang: "fi", Without: map[string][]string{"lang": {"en"}}},
			{Text: "kind:case", Lang: "fi", From: 120, Size: 7}, {Text: "kind:case", Lang: "fi", From: 290, Size: 50}, {Text: "year>2030", Lang: "fi"},
		} {
			r.Order, r.Now = search.Newest, day
			quick, err1 := x.Search(t.Context(), r)
			r.Count = true
			slow, err2 := x.Search(t.Context(), r)
			if err1 != nil || err2 != nil || quick.Total != slow.Total || !slices.Equal(ids(quick), ids(slow)) {
				t.Errorf("%s, %+v: %d %v, %v; all in order are %d %v, %v", what, r, quick.Total, ids(quick), err1, slow.Total, ids(slow), err2)
			}
		}
	}
	same("as made")
	same("asked again")
	for i := range 40 {
		id := fmt.Sprint("d", random.IntN(320))
		if put(id); i%3 == 0 {
			delete(docs, id)
		}
		if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: id}}, []byte(id)); err != nil {
			t.Fatal(err)
		}
		if i%8 == 0 {
			same(fmt.Sprint("after change ", i))
		}
	}
}

// A phrase is looked for in the texts that have all of its words: many that have
// one of them, and more often, do not stand before it.
func TestAPhraseIsFoundBehindManyThatHaveOneOfItsWords(t *testing.T) {
	docs := shelf{"it": {Kind: "case", ID: "it", Lang: "en", Title: "A story", Body: strings.Repeat("Other things were tried. ", 200) + "The reading lamp helped."}}
	for i := range 300 {
		id := fmt.Sprint("d", i)
		docs[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: "Reading, reading", Body: "Reading."}
	}
	r, err := open(t, docs).Search(t.Context(), search.Request{Text: `"reading lamp"`, Lang: "en", Count: true})
	if err != nil || r.Total != 1 || len(r.Hits) != 1 || r.Hits[0].ID != "it" || r.Facets["kind"][0].Count != 1 {
		t.Errorf("found %d: %v, %v", r.Total, ids(r), err)
	}
}

// A word that is left out takes its forms with it, not the longer words that it is
// a part of.
func TestOnlyTheWordItselfIsLeftOut(t *testing.T) {
	docs := shelf{}
	for id, title := range map[string]string{"form": "Kokeilu kouluissa", "longer": "Kokeilu koulukyydeistä", "end": "Kokeilu peruskoulussa", "other": "Kokeilu kirjastossa"} {
		docs[id] = search.Document{Kind: "case", ID: id, Lang: "fi", Title: title}
	}
	x := open(t, docs)
	for query, want := range map[string]string{"kokeilu -koulu": "end longer other", "kokeilu -koulu*": "end other", "kokeilu -peruskoulu": "form longer other"} {
		r, err := x.Search(t.Context(), search.Request{Text: query, Lang: "fi"})
		got := ids(r)
		if slices.Sort(got); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s finds %v, %v; want %s", query, got, err, want)
		}
	}
}

// What is left out does not change how the rest is weighed against each other,
// and is told of nowhere.
func TestWhatIsLeftOutIsLeftOutOfEverything(t *testing.T) {
	docs := shelf{
		"both": {Kind: "case", ID: "both", Lang: "en", Title: "Reminders by text message", Outcome: "refuted"},
		"one":  {Kind: "case", ID: "one", Lang: "en", Title: "Reminders by post", Outcome: "confirmed"},
	}
	r, err := open(t, docs).Search(t.Context(), search.Request{Text: "reminders -message", Lang: "en", Count: true, Explain: true})
	if err != nil || r.Total != 1 || r.Hits[0].ID != "one" || len(r.Facets["outcome"]) != 1 {
		t.Fatalf("found %d: %v, %v, %v", r.Total, ids(r), r.Facets, err)
	}
	if why := r.Hits[0].Why; len(why.Words) != 1 || why.Words[0].Points <= 0 || why.Share < 0.999 {
		t.Errorf("why: %+v", why)
	}
}
