package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestAPhraseIsFoundInATextAsItIsRead(t *testing.T) {
	tests := map[string]struct {
		phrase, text string
		want         bool
	}{
		"as it is":                    {"digital post", "Kommunen skickar digital post.", true},
		"other case and marks":        {"aanekosken lahikirjasto", "ÄÄNEKOSKEN lähikirjasto", true},
		"over the end of a line":      {"open data", "open\n  data", true},
		"over marks between":          {"open data", "open (data)", true},
		"the other way about":         {"data open", "open data", false},
		"with another word between":   {"open data", "open city data", false},
		"another form":                {"open data", "opened data", false},
		"after a false beginning":     {"a a b", "a a a b", true},
		"at the end":                  {"the end", "this is the end", true},
		"one word short":              {"this is the end", "this is the", false},
		"in the other alphabet":       {"gorod kemerovo", "Наш город Кемерово растёт", true},
		"with a word that has joints": {"l'école ouverte", "l’école ouverte", true},
		"in nothing":                  {"open data", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var phrase []string
			for _, w := range words(tt.phrase) {
				phrase = append(phrase, w.text)
			}
			if got := newPhraseFinder(phrase).isIn(tt.text); got != tt.want {
				t.Errorf("%q in %q: %v", tt.phrase, tt.text, got)
			}
		})
	}
}

// TestAPhraseIsFoundAsLookingAtEveryWordWould compares the finder with the plain
// way on random texts of few words.
func TestAPhraseIsFoundAsLookingAtEveryWordWould(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	vocabulary := []string{"tie", "talo", "Äiti", "aiti", "школа", "мектеп", "x1", "data"}
	some := func(n int) string {
		var list []string
		for range n {
			list = append(list, vocabulary[random.IntN(len(vocabulary))])
		}
		return strings.Join(list, " ")
	}
	for range 2000 {
		text, phrase := some(random.IntN(30)), some(1+random.IntN(4))
		var wanted []string
		for _, w := range words(phrase) {
			wanted = append(wanted, w.text)
		}
		list, want := words(text), false
		for i := 0; i+len(wanted) <= len(list); i++ {
			want = want || slices.EqualFunc(list[i:i+len(wanted)], wanted, func(w word, typed string) bool {
				return w.text == typed || skeleton(w.text) == skeleton(typed)
			})
		}
		if got := newPhraseFinder(wanted).isIn(text); got != want {
			t.Fatalf("%q in %q: %v, want %v", phrase, text, got, want)
		}
	}
}
