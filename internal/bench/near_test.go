package main

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestWordsALetterApartAreNear(t *testing.T) {
	w := words{}
	for _, one := range []string{"kirjasto", "kirjastot", "päiväkoti"} {
		for _, left := range without(one) {
			w[left] = append(w[left], one)
		}
	}
	for typed, want := range map[string]string{"kirjsto": "kirjasto", "kirjastox": "kirjastot", "päiväkoti": "päiväkoti", "paivakoti": "paivakoti"} {
		if got := w.near(typed); !slices.Contains(got, want) {
			t.Errorf("near %q are %q, without %q", typed, got, want)
		}
	}
}

func TestInquiriesAreOfTheirClass(t *testing.T) {
	s := options{seed: 1}.newShelf(20)
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range classes {
		q := s.inquire(r, c)
		want := 2
		if c == aTerm || c == aBeginning || c == misspelt {
			want = 1
		}
		if len(q.words) != want || len(q.lang) != 2 {
			t.Errorf("%s: %q in %q", c, q.words, q.lang)
		}
	}
	if order := s.byDate(); s.texts[order[0]].Published.After(s.texts[order[len(order)-1]].Published) {
		t.Error("the oldest does not come first")
	}
}
