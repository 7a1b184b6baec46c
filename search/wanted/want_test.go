package wanted_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search/wanted"
)

func TestWordsThatLookPersonalAreNeverCounted(t *testing.T) {
	tests := map[string]struct {
		typed, want string
	}{
		"words":                          {"  Jäteveden  LÄMMÖN talteenotto ", "jäteveden lämmön talteenotto"},
		"words in Cyrillic":              {"бродячие собаки", "бродячие собаки"},
		"a year":                         {"digitaalinen posti 2024", "digitaalinen posti 2024"},
		"a phrase is its words":          {`"digital post"`, "digital post"},
		"a mail address":                 {"matti.meikalainen@example.org", ""},
		"a mail address among words":     {"posti matti@example.org", ""},
		"a telephone number":             {"soita 040 123 4567", ""},
		"a telephone number with a plus": {"+358401234567", ""},
		"a Finnish identity code":        {"131052-308T", ""},
		"a Swedish identity number":      {"19811218-9876", ""},
		"a Kazakh identity number":       {"ЖСН 850101300123", ""},
		"a Russian insurance number":     {"СНИЛС 112-233-445 95", ""},
		"digits of another alphabet":     {"ملف ٠٤٠١٢٣٤٥٦٧", ""},
		"full-width digits":              {"puhelin ０４０１２３４", ""},
		"a bill":                         {"lasku 20231105", ""},
		"a web address":                  {"https://example.org/matti", ""},
		"the name of a host":             {"example.org", ""},
		"a handle":                       {"matti_meikalainen", ""},
		"too long":                       {strings.Repeat("sana ", 17), ""},
		"too short":                      {"ab", ""},
		"no words":                       {"!!! ---", ""},
		"a word to be left out":          {"posti -paperi", ""},
		"a field":                        {"kunta:Kemi posti", ""},
		"a beginning":                    {"kirjast*", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := wanted.Countable(tt.typed)
			if ok != (tt.want != "") || ok && got != tt.want {
				t.Errorf("Countable(%q) = %q, %v, want %q", tt.typed, got, ok, tt.want)
			}
		})
	}
}

func TestAWantIsPublicUntilAMonthAfterItWasFound(t *testing.T) {
	found := noon(3, 10)
	w := wanted.Want{State: wanted.Open, Words: "koirapuisto", Found: &wanted.Find{Case: "c", At: found}}
	for at, want := range map[time.Time]bool{found: true, noon(4, 9): true, noon(4, 10): false} {
		if got := w.IsPublic(at); got != want {
			t.Errorf("public on %s: %v, want %v", at, got, want)
		}
	}
	for _, state := range []wanted.State{wanted.Heard, wanted.Waiting, wanted.Hidden, wanted.Merged} {
		if w.State, w.Found = state, nil; w.IsPublic(found) {
			t.Errorf("public though %s", state)
		}
	}
}
