package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

// named is the library with what names are needed for suggestions.
func named(t *testing.T) (*search.Index, shelf) {
	t.Helper()
	lib := library()
	for id, d := range lib {
		switch id {
		case "fi1":
			d.Organisation, d.Themes, d.Country = "FI:992", []string{"libraries"}, "FI"
		case "secret":
			d.Organisation, d.Themes, d.Country, d.Title, d.Summary = "SE:secret", []string{"hidden"}, "SE", "Zqxmembers only reminders", "A zqxlead for members."
		}
		lib[id] = d
	}
	x := open(t, lib)
	x.Thesaurus = search.NewThesaurus([]map[string][]string{
		{"fi": {"kirjasto"}, "sv": {"bibliotek"}, "en": {"library"}, "ru": {"библиотека"}, "kk": {"кітапхана"}},
		{"fi": {"zqxkäsite"}, "en": {"zqxconcept"}},
	})
	names := map[string]string{"FI:992": "Äänekoski", "libraries": "Libraries and lending", "FI": "Finland", "SE:secret": "Zqxplace", "hidden": "Zqxtheme"}
	x.Label = func(_, _, value string) string { return names[value] }
	return x, lib
}

func suggested(t *testing.T, x *search.Index, r search.Request) (texts []string) {
	t.Helper()
	list, err := x.Suggest(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		texts = append(texts, s.Kind+" "+s.Text)
	}
	return texts
}

func TestSuggests(t *testing.T) {
	x, _ := named(t)
	tests := map[string]struct{ typed, lang, want string }{
		"a title by how it begins":             {"text mess", "en", "case Text message reminders"},
		"a title by a later word":              {"remind", "en", "case Text message reminders"},
		"a title in another language":          {"post", "en", "case Digital post till invånare"},
		"a word that a title has":              {"remin", "en", "word reminders"},
		"a word that a lead has":               {"appointm", "en", "word appointments"},
		"what was typed before the word stays": {"Text mess", "en", "word Text message"},
		"a place, without diacritics":          {"aanek", "en", "org Äänekoski"},
		"a title, without diacritics":          {"lahikirj", "fi", "case Kirjaston palvelut lähikirjastossa"},
		"a theme":                              {"lend", "en", "theme Libraries and lending"},
		"a country":                            {"finl", "en", "country Finland"},
		"a concept in the reader's language":   {"kirja", "fi", "concept kirjasto"},
		"a concept in another one":             {"kirja", "en", "concept kirjasto"},
		"Cyrillic typed in Latin letters":      {"otkryt", "ru", "case Открытые данные города"},
		"Latin typed in Cyrillic letters":      {"дигитал", "sv", "case Digital post till invånare"},
		"the wrong keyboard":                   {"jnrhs", "ru", "case Открытые данные города"},
		"a letter that is wrong":               {"remimde", "en", "case Text message reminders"},
		"a letter that is missing":             {"remnder", "en", "case Text message reminders"},
		"a letter too much":                    {"remiinder", "en", "case Text message reminders"},
		"two letters swapped":                  {"remidner", "en", "case Text message reminders"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := suggested(t, x, search.Request{Text: tt.typed, Lang: tt.lang}); !slices.Contains(got, tt.want) {
				t.Errorf("%q suggests %q, want %q among them", tt.typed, got, tt.want)
			}
		})
	}
	for name, typed := range map[string]string{"one letter": "r", "nothing": "  ", "signs": "?!*", "a short word with a slip": "txet", "what nobody wrote": "qqqqzzzz"} {
		t.Run(name, func(t *testing.T) {
			if got := suggested(t, x, search.Request{Text: typed, Lang: "en"}); len(got) > 0 {
				t.Errorf("%q suggests %q", typed, got)
			}
		})
	}
}

func TestWhatMembersReadIsSuggestedToThemOnly(t *testing.T) {
	x, _ := named(t)
	for _, typed := range []string{"zq", "zqx", "zqxm", "zqxmembers", "zqxmembres", "zqxlead", "zqxpl", "zqxth", "members", "remind", "зкхм"} {
		for _, lang := range []string{"en", "fi"} {
			got := strings.Join(suggested(t, x, search.Request{Text: typed, Lang: lang}), "; ")
			if strings.Contains(strings.ToLower(got), "zqx") || strings.Contains(got, "embers") {
				t.Errorf("everybody who types %q is suggested %q", typed, got)
			}
		}
	}
	for typed, want := range map[string]string{"zqxm": "case Zqxmembers only reminders", "zqxlea": "word zqxlead", "zqxpl": "org Zqxplace", "zqxth": "theme Zqxtheme"} {
		if got := suggested(t, x, search.Request{Text: typed, Lang: "en", Members: true}); !slices.Contains(got, want) {
			t.Errorf("a member who types %q is suggested %q, want %q", typed, got, want)
		}
	}
}

func TestSuggestionsFollowTheThing(t *testing.T) {
	x, lib := named(t)
	apply := func() {
		t.Helper()
		if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "en1"}}, []byte("there")); err != nil {
			t.Fatal(err)
		}
	}
	d := lib["en1"]
	d.Title = "Letters by carrier pigeon"
	lib["en1"] = d
	apply()
	if got := suggested(t, x, search.Request{Text: "pige", Lang: "en"}); !slices.Equal(got, []string{"word pigeon", "case Letters by carrier pigeon"}) {
		t.Errorf("a new title: %q", got)
	}
	d.Members = true
	lib["en1"] = d // the index has not heard of it yet
	if got := suggested(t, x, search.Request{Text: "pigeon", Lang: "en"}); slices.Contains(got, "case Letters by carrier pigeon") {
		t.Errorf("a title that is not public any more: %q", got)
	}
	apply()
	if got := suggested(t, x, search.Request{Text: "pige", Lang: "en"}); len(got) > 0 {
		t.Errorf("a thing that became the members': %q", got)
	}
	delete(lib, "en1")
	apply()
	if got := suggested(t, x, search.Request{Text: "pige", Lang: "en", Members: true}); len(got) > 0 {
		t.Errorf("a thing that is gone: %q", got)
	}
}

func TestSuggestionsAreFewAndQuick(t *testing.T) {
	lib := shelf{}
	for i := range 3000 {
		id := fmt.Sprintf("c%d", i)
		lib[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: fmt.Sprintf("Library number%d lends robots", i), Summary: "Robots are lent out."}
	}
	x := open(t, lib)
	suggested(t, x, search.Request{Text: "lib", Lang: "en"})
	var took []time.Duration
	for _, typed := range []string{"li", "lib", "libr", "library", "library n", "library nu", "library num", "lends ro", "robtos", "libarry"} {
		start := time.Now()
		got := suggested(t, x, search.Request{Text: typed, Lang: "en"})
		took = append(took, time.Since(start))
		if len(got) == 0 || len(got) > search.MaxSuggested {
			t.Errorf("%q: %d suggestions: %q", typed, len(got), got)
		}
	}
	slices.Sort(took)
	t.Logf("median %s, longest %s", took[len(took)/2], took[len(took)-1])
}
