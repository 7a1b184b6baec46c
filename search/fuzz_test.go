package search_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

// hostile are queries that somebody may type who wishes us ill.
var hostile = []string{
	"kirjasto", `"a b`, "-", "*", "- -x", strings.Repeat("ы ", 300), "\xff", "a:b^2~", "ﬀ İ ß",
	"kirjasto OR palvelu | post", "OR OR |", `-"digital post" reminders`, "lang:fi place:Kemerovo year>2020 cost<1e999",
	"lang:\"\x00 year>>> cost<NaN", "„ab“ «cd» “ef” ”gh”", "jnrhsnst ,.l;tn", "a\x00b\x1fc", "e\u0301\u0301\u0301",
	"\xed\xa0\x80", "=a fi~b ^c fi<d +e f", strings.Repeat("a-", 100), strings.Repeat("x", 300), "/(a+)+$/ ((((", "kieli:suomi kunta:Äänekoski*",
}

func FuzzParse(f *testing.F) {
	for _, typed := range hostile {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		parts, words := search.Parsed(typed)
		if parts > 16 || words > 48 {
			t.Errorf("%q asks for %d parts with %d words", typed, parts, words)
		}
	})
}

func FuzzSearchNeverFails(f *testing.F) {
	x, _, err := search.Open(f.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = x.Close() })
	x.Sources = []search.Source{library()}
	if err := x.Rebuild(context.Background(), nil); err != nil {
		f.Fatal(err)
	}
	for i, typed := range hostile {
		f.Add(typed, []string{"fi", "", "xx", "\x00"}[i%4], []string{"", "case", "\xff*"}[i%3], i*1000-3000, i-5)
	}
	f.Fuzz(func(t *testing.T, typed, lang, value string, from, size int) {
		req := search.Request{Text: typed, Lang: lang, Count: true, From: from, Size: size}
		if value != "" {
			req.Filters = map[string][]string{"kind": {value}, value: {value}, "theme": {value, typed}}
		}
		start := time.Now()
		got, err := x.Search(t.Context(), req)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%q: %s", typed, took)
		}
		if len(got.Hits) > search.MaxSize {
			t.Errorf("%q: %d hits", typed, len(got.Hits))
		}
		for _, h := range got.Hits {
			if h.Members {
				t.Errorf("%q: the public sees %s", typed, h.ID)
			}
		}
		if _, err := x.Like(t.Context(), lang, typed, "", 3); err != nil {
			t.Errorf("like %q: %v", typed, err)
		}
	})
}

func TestAskingTwiceIsAskingOnce(t *testing.T) {
	if parts, _ := search.Parsed(strings.Repeat("kirjasto OR ", 15) + `"kirjasto" -kirjasto`); parts != 3 {
		t.Errorf("%d parts, want the word, the phrase and what is left out", parts)
	}
}
