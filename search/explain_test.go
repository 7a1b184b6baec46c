package search_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

// TestReasonsAddUpToTheScore asks for reasons in many ways: the points of the
// words times the factors are the score, always.
func TestReasonsAddUpToTheScore(t *testing.T) {
	docs := readTexts(t, "../content/sample/cases")
	for id, d := range docs {
		d.Date, d.Evidence = time.Now().AddDate(0, -len(d.Body)%80, 0), len(d.Body)%4
		docs[id] = d
	}
	x := open(t, docs)
	x.Thesaurus = thesaurus(t)
	for _, lang := range allLanguages {
		for _, q := range readJudged(t, "testdata/queries/"+lang+".txt", lang, docs) {
			got, err := x.Search(t.Context(), search.Request{Text: q.typed, Lang: lang, Explain: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range got.Hits {
				sum := h.Why.Neighbours
				for _, w := range h.Why.Words {
					sum += w.Points
					if (w.Points > 0) != (len(w.Where) > 0) || w.Points > 0 && w.How == "" {
						t.Errorf("%s in %s: %+v", q.typed, h.ID, w)
					}
				}
				if len(h.Why.Words) == 0 {
					sum = 1 // only fields were asked for
				}
				for _, f := range h.Why.Factors {
					sum *= f.Times
				}
				if math.Abs(sum-h.Score) > 0.001*h.Score || h.Why.Score != h.Score {
					t.Errorf("%s in %s: %.4f by its reasons, score %.4f: %+v", q.typed, h.ID, sum, h.Score, h.Why)
				}
			}
		}
	}
}

func TestReasonsAreSaidInWords(t *testing.T) {
	docs := library()
	x := open(t, docs)
	x.Thesaurus = search.NewThesaurus([]map[string][]string{{"sv": {"brev"}, "en": {"letter"}}})
	tests := map[string]struct{ typed, want string }{
		"as written":                 {"reminders", "written in title as [reminders]"},
		"another form":               {"reminder", "form in title as [reminders]"},
		"without diacritics":         {"aanekoski", "form in names as []"},
		"a part of a longer word":    {"auto", "joined in text as [kirjastoautoa]"},
		"another word, other tongue": {"letter", "meant in text as [breven]"},
		"a misspelt word":            {"remimders", "misspelt in title as [reminders]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := x.Search(t.Context(), search.Request{Text: tt.typed, Lang: "en", Explain: true})
			if err != nil || len(got.Hits) == 0 || len(got.Hits[0].Why.Words) != 1 {
				t.Fatalf("finds %v, %v", ids(got), err)
			}
			w := got.Hits[0].Why.Words[0]
			if said := fmt.Sprintf("%s in %s as %v", w.How, strings.Join(w.Where, ","), w.Found); said != tt.want {
				t.Errorf("%q is found: %s, want %s", tt.typed, said, tt.want)
			}
		})
	}
}
