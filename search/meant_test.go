package search_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kokeilu/kokeilu/search"
)

// roads is an index with many documents about routes and few about other
// things.
func roads(t *testing.T) *search.Index {
	t.Helper()
	lib := library()
	for i := range 30 {
		id := fmt.Sprintf("r%d", i)
		lib[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: "Home care routes", Body: "Nurses drive the routes of home care.", Country: "FI"}
	}
	add := func(id, title string, members bool) {
		lib[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: title, Members: members}
	}
	add("one", "A bridge of rotes", false)
	add("m1", "Zebrafish for members", true)
	add("m2", "Zebrafish again", true)
	add("fi2", "Kirjastoauto kiertää", false)
	return open(t, lib)
}

func TestMeant(t *testing.T) {
	x := roads(t)
	tests := map[string]struct {
		typed, want string
		instead     bool
	}{
		"a slip in one of several words":       {"home care rutes", "home care routes", true},
		"a slip alone: its finds are fuzzy":    {"rotues", "routes", true},
		"a letter missing":                     {"remnders", "reminders", true},
		"a rare word beside a frequent one":    {"rotes", "routes", false},
		"another keyboard":                     {"jnrhsnst", "открытые", true},
		"two words written as one":             {"homecare", "home care", true},
		"one word written as two":              {"kirjasto autox", "", false},
		"a word in another form is no slip":    {"reminder", "", false},
		"what is right":                        {"home care routes", "", false},
		"a phrase":                             {`"home care rutes"`, "", false},
		"a word left out":                      {"home -rutes", "", false},
		"a beginning":                          {"rutes*", "", false},
		"a field":                              {"place:rutes", "", false},
		"a number":                             {"2033", "", false},
		"what nobody wrote":                    {"qqqqzzzz", "", false},
		"a word of documents for members only": {"zebrafsh", "", false},
		"a slip among phrases and fields":      {`"home care" rutes -bus lang:en`, `"home care" routes -bus lang:en`, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := search.Request{Text: tt.typed, Lang: "en"}
			found, err := x.Search(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			got, ok, err := x.Meant(t.Context(), r, found.Total)
			if err != nil {
				t.Fatal(err)
			}
			if ok != (tt.want != "") || ok && got.Query != tt.want {
				t.Fatalf("%q (%d found) meant %q (%v), want %q", tt.typed, found.Total, got.Query, ok, tt.want)
			}
			if !ok {
				return
			}
			if got.Instead != tt.instead {
				t.Errorf("%q instead of %q: %v, want %v (%d found)", got.Better, got.Typed, got.Instead, tt.instead, found.Total)
			}
			if better, err := x.Search(t.Context(), search.Request{Text: got.Query, Lang: "en"}); err != nil || better.Total != got.Total || got.Total == 0 {
				t.Errorf("%q finds %d, said %d: %v", got.Query, better.Total, got.Total, err)
			}
		})
	}
}

func TestMeantKeepsToWhatTheReaderMaySee(t *testing.T) {
	x := roads(t)
	for _, typed := range []string{"zebrafsh", "zebrafihs", "zebra fish", "яуикфашыр", "membrs"} {
		got, ok, err := x.Meant(t.Context(), search.Request{Text: typed, Lang: "en"}, 0)
		if err != nil || ok {
			t.Errorf("everybody who types %q is proposed %+v, %v", typed, got, err)
		}
	}
	got, ok, err := x.Meant(t.Context(), search.Request{Text: "zebrafsh", Lang: "en", Members: true}, 0)
	if err != nil || !ok || got.Query != "zebrafish" || got.Total != 2 {
		t.Errorf("a member is proposed %+v, %v, %v", got, ok, err)
	}
}

// What the search takes for a slip must not depend on what members wrote.
func TestMembersWordsAreSlipsToEverybodyElse(t *testing.T) {
	lib := library()
	before, err := open(t, lib).Search(t.Context(), search.Request{Text: "remimders", Lang: "en"})
	if err != nil || before.Total == 0 {
		t.Fatal(before.Total, err)
	}
	lib["slip"] = search.Document{Kind: "case", ID: "slip", Lang: "en", Title: "Remimders", Members: true}
	after, err := open(t, lib).Search(t.Context(), search.Request{Text: "remimders", Lang: "en"})
	if err != nil || after.Total != before.Total {
		t.Errorf("%d found when members have the word too, %d before, %v", after.Total, before.Total, err)
	}
}

func TestMeantFindsSomethingWithTheSameFilters(t *testing.T) {
	x := roads(t)
	r := search.Request{Text: "rutes", Lang: "en", Filters: map[string][]string{"country": {"SE"}}}
	if got, ok, err := x.Meant(t.Context(), r, 0); err != nil || ok {
		t.Errorf("nothing is there: proposed %+v, %v", got, err)
	}
	left := search.Request{Text: "rutes", Lang: "en", Without: map[string][]string{"country": {"FI"}}}
	if got, ok, err := x.Meant(t.Context(), left, 0); err != nil || ok {
		t.Errorf("what is there is left out: proposed %+v, %v", got, err)
	}
	r.Filters["country"] = []string{"FI"}
	got, ok, err := x.Meant(t.Context(), r, 0)
	if err != nil || !ok || !slices.Equal(got.Typed, []string{"rutes"}) || !slices.Equal(got.Better, []string{"routes"}) {
		t.Errorf("proposed %+v, %v, %v", got, ok, err)
	}
}
