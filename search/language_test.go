package search_test

import (
	"fmt"
	"testing"

	"github.com/kokeilu/kokeilu/search"
)

// one puts every text into an index of its own document.
func one(t *testing.T, lang string, texts ...string) *search.Index {
	t.Helper()
	docs := shelf{}
	for i, text := range texts {
		id := fmt.Sprint(lang, i)
		docs[id] = search.Document{Kind: "case", ID: id, Lang: lang, Title: text, Body: text}
	}
	return open(t, docs)
}

func TestAFormFindsAnotherFormOfTheWord(t *testing.T) {
	tests := []struct{ lang, text, typed string }{
		{"fi", "kaupungissa", "kaupunki"}, {"fi", "kunnan", "kunta"}, {"fi", "vuoden", "vuosi"}, {"fi", "hakemuksia", "hakemus"},
		{"fi", "asiakkaille", "asiakas"}, {"fi", "puhelimella", "puhelin"}, {"fi", "naisten", "nainen"}, {"fi", "mahdollisuuksien", "mahdollisuus"},
		{"fi", "laitteisiin", "laite"}, {"fi", "kokeillaan", "kokeilla"}, {"fi", "palveluitamme", "palvelu"}, {"fi", "virkojen", "virka"},
		{"fi", "kirjastokokeilu", "kokeilu"}, {"fi", "kirjastokokeiluista", "kirjasto"}, {"fi", "ylityötä yliopistossa", "työ"},
		{"sv", "reglerna", "regel"}, {"sv", "invånarnas", "invånare"}, {"sv", "digitaliseringens", "digitalisering"}, {"sv", "kartlägga", "kartläggning"},
		{"sv", "städerna", "stad"}, {"sv", "beslutet togs och gavs", "beslut"}, {"sv", "skolbibliotek", "bibliotek"}, {"sv", "biblioteket", "bibliotek"}, {"sv", "digitala sammanträden", "digitalt sammanträde"}, {"sv", "gemensamma viktigt", "gemensam viktiga"}, {"sv", "äldreomsorgen", "omsorg"},
		{"en", "taught", "teach"}, {"en", "children", "child"}, {"en", "strongest", "strong"}, {"en", "municipalities", "municipality"},
		{"ru", "жителей", "житель"}, {"ru", "размещённой", "размещенный"}, {"ru", "данных", "данные"},
		{"kk", "қызметтеріміздің", "қызмет"}, {"kk", "кітабын", "кітап"}, {"kk", "алынады", "алу"}, {"kk", "мектептерде", "мектеп"},
	}
	for _, tt := range tests {
		t.Run(tt.typed+" finds "+tt.text, func(t *testing.T) {
			x := one(t, tt.lang, tt.text)
			got, err := x.Search(t.Context(), search.Request{Text: tt.typed, Lang: tt.lang})
			if err != nil || got.Total != 1 {
				t.Errorf("%d finds, %v", got.Total, err)
			}
		})
	}
}

func TestAnotherWordIsNotFound(t *testing.T) {
	tests := []struct{ lang, text, typed string }{
		{"fi", "kirje", "koulu"}, {"sv", "skog", "skola"}, {"en", "university", "universe"}, {"ru", "город", "горох"}, {"kk", "алма", "мектеп"},
	}
	for _, tt := range tests {
		t.Run(tt.typed+" misses "+tt.text, func(t *testing.T) {
			x := one(t, tt.lang, tt.text, "kirjasto bibliotek library", tt.typed)
			got, err := x.Search(t.Context(), search.Request{Text: tt.typed, Lang: tt.lang})
			if err != nil || len(got.Hits) == 0 || got.Hits[0].ID != tt.lang+"2" {
				t.Errorf("finds %v first, %v", ids(got), err)
			}
		})
	}
}

func TestQueryLanguage(t *testing.T) {
	docs := shelf{}
	for _, d := range []search.Document{
		{ID: "a", Lang: "fi", Title: "Kirjaston digitaalinen kortti", Places: "Kemi", Year: 2023, Cost: 4000, Themes: []string{"ai", "rural"}, Outcome: "confirmed"},
		{ID: "b", Lang: "sv", Title: "Digitalt kort i biblioteket", Places: "Umeå", Year: 2021, Cost: 9000, Themes: []string{"ai"}},
		{ID: "c", Lang: "fi", Title: "Kortin digitaalinen historia", Places: "Oulu", Year: 2020, Body: "Kirjasto mainitaan: e-kirja."},
	} {
		d.Kind = "case"
		docs[d.ID] = d
	}
	x := open(t, docs)
	tests := map[string]struct {
		typed string
		want  string
	}{
		"a field in Finnish":                        {"kieli:sv", "b"},
		"a language by its name":                    {"språk:finska kortti", "a c"},
		"a place":                                   {"paikka:Kemi", "a"},
		"a place with words":                        {"ort:Umeå kort", "b"},
		"a number below":                            {"hinta<5000", "a"},
		"a year above":                              {"year>2020 lang:fi", "a"},
		"a field to be left out":                    {"kieli:fi -tulos:confirmed", "c"},
		"a value no document has is words":          {"theme:kirjaston", "a c"},
		"a field without a value is words":          {"kieli: kortti", "a c"},
		"a quoted phrase is found whole":            {`"kirjaston digitaalinen"`, "a"},
		"typographic quotation marks":               {"”digitaalinen historia”", "c"},
		"a phrase nobody wrote falls back to words": {`"digitaalinen kirjaston"`, "a c"},
		"either of two":                             {"Kemi OR Oulu", "a c"},
		"a word to be left out":                     {"kortti -historia", "a"},
		"a hyphenated word written together":        {"ekirja", "c"},
		"a beginning":                               {"bibl*", "b"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := x.Search(t.Context(), search.Request{Text: tt.typed, Lang: "fi"})
			if err != nil {
				t.Fatal(err)
			}
			list := map[string]bool{}
			for _, id := range ids(got) {
				list[id] = true
			}
			sorted := ""
			for _, id := range []string{"a", "b", "c"} {
				if list[id] {
					sorted += " " + id
				}
			}
			if sorted != " "+tt.want {
				t.Errorf("%q finds%s, want %s", tt.typed, sorted, tt.want)
			}
		})
	}
}

func TestFindsInOtherLanguagesAreMarkedAndRankedBelow(t *testing.T) {
	docs := shelf{}
	for _, d := range []search.Document{
		{ID: "en", Lang: "en", Title: "Home care at night"}, {ID: "fi", Lang: "fi", Title: "Kotihoito yöllä"}, {ID: "other", Lang: "fi", Title: "Hoitoa koulussa"},
	} {
		d.Kind = "case"
		docs[d.ID] = d
	}
	x := open(t, docs)
	x.Thesaurus = search.NewThesaurus([]map[string][]string{{"fi": {"kotihoito"}, "en": {"home care"}, "sv": {"hemtjänst"}}})
	got, err := x.Search(t.Context(), search.Request{Text: "kotihoidon", Lang: "fi"})
	if err != nil || len(got.Hits) < 2 || got.Hits[0].ID != "fi" || got.Hits[1].ID != "en" {
		t.Fatalf("finds %v, %v", ids(got), err)
	}
	if m := got.Hits[1].Means; !got.Hits[1].Foreign || len(m) != 1 || m[0] != (search.Meaning{Typed: "kotihoidon", Found: "home care"}) {
		t.Errorf("the English find is marked %v, %v", got.Hits[1].Foreign, m)
	}
	if len(got.Hits[0].Means) != 0 {
		t.Errorf("the Finnish find is explained: %v", got.Hits[0].Means)
	}
}

func TestFacetsCountWhatIsFound(t *testing.T) {
	docs := shelf{}
	for i := range 60 {
		id := fmt.Sprint("d", i)
		docs[id] = search.Document{Kind: "case", ID: id, Lang: []string{"fi", "sv", "en"}[i%3], Title: []string{"kirjasto", "koulu"}[i%2], Themes: []string{"ai", fmt.Sprint("t", i%4)}, Year: 2020 + i%2, Members: i%10 == 0}
	}
	x := open(t, docs)
	if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "d2"}}, nil); err != nil { // a second segment
		t.Fatal(err)
	}
	got, err := x.Search(t.Context(), search.Request{Text: "kirjasto", Lang: "fi", Count: true, Filters: map[string][]string{"lang": {"fi", "en"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]int{"lang": {}, "theme": {}, "year": {}}
	total := 0
	for _, d := range docs {
		if d.Title == "kirjasto" && !d.Members && d.Lang != "sv" {
			total++
			want["lang"][d.Lang]++
			want["year"][fmt.Sprint(d.Year)]++
			for _, theme := range d.Themes {
				want["theme"][theme]++
			}
		}
	}
	if got.Total != total {
		t.Errorf("%d finds, want %d", got.Total, total)
	}
	for facet, values := range want {
		for _, b := range got.Facets[facet] {
			if values[b.Value] != b.Count {
				t.Errorf("%s %s: %d, want %d", facet, b.Value, b.Count, values[b.Value])
			}
			delete(values, b.Value)
		}
		if len(values) > 0 {
			t.Errorf("%s lacks %v", facet, values)
		}
	}
}
