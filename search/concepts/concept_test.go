package concepts_test

import (
	"slices"
	"testing"

	"github.com/kokeilu/kokeilu/search/concepts"
)

func TestNamesAreReadLineByLine(t *testing.T) {
	got := concepts.Names("  kirjasto \r\n\nKirjasto\n kirjaston   palvelut\n")
	if !slices.Equal(got, []string{"kirjasto", "kirjaston palvelut"}) {
		t.Errorf("names are %q", got)
	}
	if got := concepts.Names(" \n"); len(got) != 0 {
		t.Errorf("nothing is %q", got)
	}
}

func TestTheTitleIsInTheReadersLanguageWhenThereIsOne(t *testing.T) {
	c := concepts.Concept{Names: map[string][]string{"sv": {"bibliotek"}, "ru": {"библиотека"}}}
	for lang, want := range map[string]string{"sv": "bibliotek", "ru": "библиотека", "kk": "bibliotek"} {
		if got := c.Title(lang); got != want {
			t.Errorf("title in %s is %q", lang, got)
		}
	}
}
