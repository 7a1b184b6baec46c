package id_test

import (
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/id"
)

func TestNewIDsAreValidAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 10_000 {
		s := id.New()
		if !id.Valid(s) {
			t.Fatalf("New() = %q is not valid", s)
		}
		if seen[s] {
			t.Fatalf("New() = %q twice", s)
		}
		seen[s] = true
	}
}

func TestEveryCharacterComesAtEveryPlace(t *testing.T) {
	var places [id.Length]map[byte]bool
	for i := range places {
		places[i] = map[byte]bool{}
	}
	for range 5_000 {
		s := id.New()
		for i := range places {
			places[i][s[i]] = true
		}
	}
	for i, seen := range places {
		if len(seen) != 32 {
			t.Errorf("%d characters at place %d, want 32", len(seen), i)
		}
	}
}

func TestValid(t *testing.T) {
	tests := map[string]struct {
		id   string
		want bool
	}{
		"twelve characters":           {"0123456789ab", true},
		"one missing":                 {"0123456789a", false},
		"one too many":                {"0123456789abc", false},
		"empty":                       {"", false},
		"upper case":                  {"0123456789AB", false},
		"a letter that looks like 1":  {"0123456789al", false},
		"a letter that looks like 0":  {"0123456789ao", false},
		"not ASCII":                   {"0123456789ä", false},
		"a path":                      {"../../../etc", false},
		"NUL":                         {"0123456789a\x00", false},
		"twelve bytes of other signs": {strings.Repeat("-", 12), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := id.Valid(tt.id); got != tt.want {
				t.Errorf("Valid(%q) = %t", tt.id, got)
			}
		})
	}
}
