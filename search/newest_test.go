package search_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

func TestPlainIsTheSameForWhoeverAsksForTheSame(t *testing.T) {
	for typed, want := range map[string]string{
		"  Jäteveden LÄMMÖN  talteenotto": "jäteveden lämmön talteenotto", `"digital  post"`: "digital post", "бродячие собаки": "бродячие собаки",
		"posti -paperi": "", "kunta:Kemi posti": "", "kirjast*": "", "posti OR kirje": "", "?!": "",
	} {
		if got := search.Plain(typed); got != want {
			t.Errorf("Plain(%q) = %q, want %q", typed, got, want)
		}
	}
}

// Newest gives feeds and letters what everybody may read, by its day.
func TestNewestAreWhatEverybodyMayReadByDay(t *testing.T) {
	s := shelf{}
	for i, id := range []string{"first", "second", "third", "fourth"} {
		s[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: "A library at night", Date: time.Date(2026, 3, 1+i, 0, 0, 0, 0, time.UTC), Members: id == "third"}
	}
	x := open(t, s)
	ids := func(filters map[string][]string, n int) (list []string) {
		t.Helper()
		got, err := x.Newest(t.Context(), search.Request{Text: "library", Lang: "en", Members: true, Filters: filters}, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range got {
			list = append(list, d.ID)
		}
		return list
	}
	if got := ids(nil, 10); !slices.Equal(got, []string{"fourth", "second", "first"}) {
		t.Errorf("newest: %v", got)
	}
	if got := ids(nil, 2); !slices.Equal(got, []string{"fourth", "second"}) {
		t.Errorf("the newest two: %v", got)
	}
	if got := ids(map[string][]string{"kind": {"page"}}, 10); len(got) != 0 {
		t.Errorf("guides are no news: %v", got)
	}
	if _, ok, err := x.Glance(t.Context(), search.Ref{Kind: "case", ID: "third"}); ok || err != nil {
		t.Errorf("what members may read is seen by all: %v, %v", ok, err)
	}
}
