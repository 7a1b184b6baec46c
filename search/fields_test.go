package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

// shelves are eight documents about boats that differ in everything else.
func shelves() shelf {
	s := shelf{}
	for i, d := range []search.Document{
		{Lang: "fi", Outcome: "confirmed", Themes: []string{"care", "mobility"}, Country: "FI", SizeClass: "small", Year: 2019, Cost: 500, Copies: 1, Places: "Äänekoski"},
		{Lang: "fi", Outcome: "not_confirmed", Themes: []string{"care"}, Country: "FI", SizeClass: "large", Year: 2021, Cost: 5000, Places: "Oulu"},
		{Lang: "sv", Outcome: "confirmed", Themes: []string{"school"}, Country: "SE", SizeClass: "middle", Year: 2022, Cost: 12000, Copies: 4, Places: "Nizhny Tagil"},
		{Lang: "en", Outcome: "partly", Country: "KZ", SizeClass: "small", Year: 2024, Body: "With the Efecte system."},
	} {
		d.Kind, d.ID, d.Title = "case", fmt.Sprint("d", i), "Boats"
		d.Date = time.Date(2020+i, 3, 1, 0, 0, 0, 0, time.UTC)
		s[d.ID] = d
	}
	return s
}

func fieldNames() *search.Names {
	n := search.NewNames()
	n.Add("outcome", "confirmed", "Vahvistui", "Confirmed")
	n.Add("outcome", "not_confirmed", "Ei vahvistunut", "Failed")
	n.Add("theme", "care", "Hoito", "Hälsa och vård")
	n.Add("theme", "mobility", "Liikkuminen", "Көлік")
	n.AddSpan("size", "small", 0, 5000)
	n.AddSpan("size", "middle", 5000, 20000)
	n.AddSpan("size", "large", 20000, 1e9)
	return n
}

func TestFieldsNarrowASearch(t *testing.T) {
	x := open(t, shelves())
	x.Names = fieldNames()
	tests := map[string]string{
		"boats lang:sv":                  "d2",
		"boats -lang:sv":                 "d0 d1 d3",
		"boats lang:sv lang:en":          "d2 d3",
		"boats lang:sv OR lang:en":       "d2 d3",
		"boats kieli:suomi":              "d0 d1",
		"boats outcome:failed":           "d1",
		"boats tulos:vahvistui":          "d0 d2",
		`boats outcome:"ei vahvistunut"`: "d1",
		"boats theme:halsa":              "d0 d1",
		"boats тақырып:көлік":            "d0",
		"boats theme:care -theme:liikku": "d1",
		"boats year:2021":                "d1",
		"boats year>2021":                "d2 d3",
		"boats year>=2021":               "d1 d2 d3",
		"boats year:2019-2021":           "d0 d1",
		"boats cost<5000":                "d0",
		"boats cost<=5k":                 "d0 d1",
		"boats kustannus>5000€":          "d2",
		"boats cost:500":                 "d0",
		"boats size<5000":                "d0 d3",
		"boats size>5000":                "d1 d2",
		"boats size:small":               "d0 d3",
		"boats size:1000000000000":       "",
		"boats place:Aanekoski":          "d0",
		`boats place:"Nizhny Tagil"`:     "d2",
		"boats -place:Oulu":              "d0 d2 d3",
		"boats org:Oulu":                 "d1",
		"boats system:efecte":            "d3",
		"theme:care":                     "d0 d1",
		"-theme:care":                    "d2 d3",
		// What is no field, or a value nobody has, is searched as words.
		"boats colour:red":   "d0 d1 d2 d3",
		"boats outcome:qqqq": "d0 d1 d2 d3",
		"boats cost<cheap":   "d0 d1 d2 d3",
		"boats year:soon":    "d0 d1 d2 d3",
		"boats lang:":        "d0 d1 d2 d3",
		"boats :<>-":         "d0 d1 d2 d3",
	}
	for typed, want := range tests {
		t.Run(typed, func(t *testing.T) {
			got, err := x.Search(t.Context(), search.Request{Text: typed, Lang: "en"})
			if err != nil {
				t.Fatal(err)
			}
			list := ids(got)
			slices.Sort(list)
			if strings.Join(list, " ") != want {
				t.Errorf("%q finds %v, want %s", typed, list, want)
			}
		})
	}
}

func TestOrders(t *testing.T) {
	x := open(t, shelves())
	tests := map[search.Order]string{search.Newest: "[d3 d2 d1 d0]", search.Copied: "[d2 d0"}
	for order, want := range tests {
		got, err := x.Search(t.Context(), search.Request{Text: "boats", Lang: "fi", Order: order})
		if err != nil || !strings.HasPrefix(fmt.Sprint(ids(got)), want) {
			t.Errorf("%s: %v, %v, want %s", order, ids(got), err, want)
		}
	}
}

func TestValuesAreLeftOutAndCounted(t *testing.T) {
	x := open(t, shelves())
	got, err := x.Search(t.Context(), search.Request{
		Text: "boats", Lang: "en", Count: true,
		Filters: map[string][]string{"country": {"FI", "SE"}}, Without: map[string][]string{"theme": {"school", "mobility"}},
	})
	if err != nil || fmt.Sprint(ids(got)) != "[d1]" || got.Total != 1 {
		t.Fatalf("finds %v, %v", ids(got), err)
	}
	if c := got.Facets["theme"]; len(c) != 1 || c[0] != (search.Bucket{Value: "care", Count: 1}) {
		t.Errorf("themes of the finds: %v", c)
	}
}

// TestEveryPageIsThere goes through 1,200 finds page by page: each is shown
// once, in order, and the last page is as good as the first.
func TestEveryPageIsThere(t *testing.T) {
	docs := shelf{}
	for i := range 1200 {
		id := fmt.Sprintf("d%04d", i)
		docs[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: "Boats", Date: time.Date(2020, 1, 1, 0, i%500, 0, 0, time.UTC)}
	}
	x := open(t, docs)
	for _, order := range search.Orders {
		seen := map[string]bool{}
		var last time.Time
		for from := 0; from < 1200; from += 50 {
			got, err := x.Search(t.Context(), search.Request{Text: "boats", Lang: "en", From: from, Size: 50, Order: order})
			if err != nil || got.Total != 1200 || len(got.Hits) != 50 {
				t.Fatalf("%s from %d on: %d of %d, %v", order, from, len(got.Hits), got.Total, err)
			}
			for _, h := range got.Hits {
				if seen[h.ID] || order == search.Newest && !last.IsZero() && h.Date.After(last) {
					t.Fatalf("%s from %d on: %s of %v again or out of order", order, from, h.ID, h.Date)
				}
				seen[h.ID], last = true, h.Date
			}
		}
	}
}
