package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

// Documents that cannot become finds are not looked at to the end, and where the
// best do not come first nobody counts points. What is found is the same as when
// each is asked for alone by what it has: found at all with a share, explained, of
// at least half.
func TestTheFindsAreThoseWithEnoughOfWhatWasAskedFor(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	vocabulary := strings.Fields("kirjasto kirjastoauto palvelu palvelukeskus koulu koulut kokeilu lomake lomakkeet tekoäly avoin data päiväkoti talous")
	docs := shelf{}
	day := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	put := func(id string) {
		var body []string
		for i, w := range vocabulary {
			if random.IntN(i+2) == 0 { // the first is in half of them, the last in few
				body = append(body, w)
			}
		}
		docs[id] = search.Document{Kind: "case", ID: id, Lang: "fi", Title: "Teksti " + id, Body: strings.Join(body, ". "), Members: random.IntN(6) == 0,
			Date: day.Add(time.Duration(random.IntN(900)) * time.Hour)}
	}
	for i := range 200 {
		put(fmt.Sprint("d", i))
	}
	x := open(t, docs)
	for i := range 60 { // some are there no more, in several segments
		id := fmt.Sprint("d", random.IntN(220))
		if put(id); i%4 == 0 {
			delete(docs, id)
		}
		if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: id}}, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	all := func(r search.Request) (list []search.Hit, total int) {
		t.Helper()
		r.Lang, r.Size, r.Now = "fi", 10, day
		for {
			got, err := x.Search(t.Context(), r)
			if err != nil {
				t.Fatalf("%+v: %v", r, err)
			}
			if list = append(list, got.Hits...); len(got.Hits) == 0 || len(list) >= got.Total {
				return list, got.Total
			}
			r.From += r.Size
		}
	}
	for range 80 {
		var words []string
		for range 1 + random.IntN(4) {
			words = append(words, vocabulary[random.IntN(len(vocabulary))])
		}
		r := search.Request{Text: strings.Join(words, " "), Members: random.IntN(2) == 0}
		var want []string
		explained := r
		explained.Explain = true
		best, total := all(explained)
		plain, plainTotal := all(r)
		if total != plainTotal || len(best) != len(plain) {
			t.Errorf("%q: %d found, explained %d", r.Text, plainTotal, total)
		}
		for i, h := range best {
			if h.ID != plain[i].ID || h.Score != plain[i].Score {
				t.Errorf("%q: %s stands before %s when explained", r.Text, h.ID, plain[i].ID)
			}
			if h.Why.Share > 0.4999 { // it is computed in another way
				want = append(want, h.ID)
			}
		}
		slices.Sort(want)
		for _, o := range []search.Order{search.Newest, search.Copied} {
			r.Order = o
			list, _ := all(r)
			var got []string
			for i, h := range list {
				if got = append(got, h.ID); h.Score != 0 {
					t.Errorf("%q by %s: %s scores %f", r.Text, o, h.ID, h.Score)
				}
				if o == search.Newest && i > 0 && h.Date.After(list[i-1].Date) {
					t.Errorf("%q: %s stands before something newer", r.Text, list[i-1].ID)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%q by %s finds %v, want %v", r.Text, o, got, want)
			}
		}
	}
}
