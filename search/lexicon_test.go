package search

import (
	"slices"
	"testing"
)

func TestTheLexiconSaysWhatAWordIs(t *testing.T) {
	for _, tt := range []struct {
		word, lang string
		documents  int
		about      uint64 // how many of them it tells, at least half
	}{
		{"kirjastoissa", "fi", 1, 1}, {"välfärdsteknik", "sv", 5, 4}, {"Шымкент", noLanguage, 1000, 512}, {"ёлки", "ru", 3, 2}, {"мектептер", "kk", 1 << 30, 1 << 23},
	} {
		term := written(normal(tt.word), tt.lang)
		var forms []string
		for _, text := range entriesOf(term, tt.documents) {
			form, of, documents := entry(text)
			if of != term || documents != tt.about {
				t.Errorf("%q says that %q, in %d documents, has the form %q", text, of, documents, form)
			}
			forms = append(forms, form)
		}
		want := formsOf(normal(tt.word), tt.lang)[1:] // without the word itself
		if !slices.Equal(forms, want) {
			t.Errorf("%s has the forms %q, want %q", tt.word, forms, want)
		}
	}
	if list := entriesOf(written("ja", "fi"), 9); len(list) > 0 {
		t.Errorf("a word that says nothing has the entries %q", list)
	}
}
