package search_test

import (
	"slices"
	"testing"

	"github.com/kokeilu/kokeilu/search"
)

// TestWhatIsMeantIsFoundFirst asks for words that stand in no text as typed,
// among texts that have something like them.
func TestWhatIsMeantIsFoundFirst(t *testing.T) {
	tests := map[string]struct {
		lang, typed, want string
		others            []string
	}{
		"a compound's parts in the other order":    {"sv", "råd för användare", "Ett användarråd inrättas", []string{"Råd om upphandling", "En användare frågar", "Åldersrådet"}},
		"a compound's parts joined with s":         {"sv", "välfärd teknik", "Välfärdstekniken sprids", []string{"Välfärd i dag", "Teknik i kyrkan"}},
		"a compound nobody wrote":                  {"sv", "bygglovshandläggare", "Bygglovsfrågor tar handläggare tid", []string{"Handläggare möts", "Byggloven och staketen"}},
		"a Finnish compound nobody wrote":          {"fi", "kirjastokirjuri", "Kirjastonhoitaja ja kirjuri", []string{"Kirjuri kunnassa"}},
		"the definite form before a longer word":   {"sv", "bibliotek", "Biblioteket Biblioteket", []string{"Biblioteksbussen biblioteksbussar"}},
		"the plural of a word in -ium":             {"sv", "gymnasium", "Två gymnasier", []string{"Gymnastik"}},
		"two letters wrong":                        {"sv", "uphandlinng", "Upphandling", []string{"Uppfinning"}},
		"a letter wrong in the first of compounds": {"sv", "bibloitek", "Biblioteksbuss och bibliotek", []string{"Bilbesiktning"}},
		"a Finnish name as Russian writes it":      {"fi", "Юлёярви", "Ylöjärvi", []string{"Seinäjoki"}},
		"a Swedish name by ear":                    {"sv", "Вестерос", "Västerås", []string{"Vetlanda"}},
		"қ on the row of numbers":                  {"kk", "r3nfg[fyf 0fkf", "Кітапхана мен қала", []string{"Мектеп"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			x := one(t, tt.lang, append(slices.Clone(tt.others), tt.want)...)
			got, err := x.Search(t.Context(), search.Request{Text: tt.typed, Lang: tt.lang})
			if err != nil || len(got.Hits) == 0 || got.Hits[0].Document.Title != tt.want {
				t.Errorf("%q finds %v first, %v", tt.typed, ids(got), err)
			}
		})
	}
}

// TestTheThingItselfStandsBeforeItsOtherNames has a word known without its
// diacritics only, whose name in another language is written in full.
func TestTheThingItselfStandsBeforeItsOtherNames(t *testing.T) {
	docs := shelf{}
	for _, d := range []search.Document{
		{ID: "own", Lang: "sv", Title: "Snöröjning i kommunen", Body: "Snöröjning."},
		{ID: "other", Lang: "en", Title: "Ploughing roads", Body: "Ploughing."},
		{ID: "apart", Lang: "en", Title: "Roads and schools", Body: "Snow fell; later they removed the desks, and removal was slow."},
		{ID: "beside", Lang: "en", Title: "Snow removal", Body: "Once."},
	} {
		d.Kind = "case"
		docs[d.ID] = d
	}
	x := open(t, docs)
	x.Thesaurus = search.NewThesaurus([]map[string][]string{{"sv": {"snöröjning"}, "en": {"snow removal", "ploughing"}}})
	for typed, want := range map[string][]string{"snorojning": {"own"}, "snow removal": {"beside"}} {
		got, err := x.Search(t.Context(), search.Request{Text: typed, Lang: "sv"})
		if err != nil || len(got.Hits) < 3 || got.Hits[0].ID != want[0] {
			t.Errorf("%q finds %v, %v", typed, ids(got), err)
		}
	}
}
