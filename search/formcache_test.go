package search

import (
	"fmt"
	"slices"
	"testing"
)

func TestFormsAreTheSameWhetherRememberedOrNot(t *testing.T) {
	for i := range 3 * maxRemembered { // so that all is forgotten in between
		w := fmt.Sprintf("kirjasto%d", i%(2*maxRemembered))
		for again := range 2 {
			got := rememberedForms(w, "fi")
			if again == 0 && i%1000 != 0 {
				break
			}
			if want := formsOf(w, "fi"); !slices.Equal(got, want) {
				t.Fatalf("forms of %s are %q, want %q", w, got, want)
			}
		}
	}
	if n := len(formCaches["fi"].now) + len(formCaches["fi"].before); n > 2*maxRemembered {
		t.Errorf("%d words are remembered, at most %d may be", n, 2*maxRemembered)
	}
}
