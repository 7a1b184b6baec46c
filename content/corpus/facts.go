package corpus

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/content"
)

// The five years in which the cases were published. They are fixed, so that a
// corpus is the same whenever it is made.
var (
	firstDay = time.Date(2021, time.January, 1, 0, 0, 0, 0, time.UTC)
	span     = 5 * 365 * 24 * time.Hour
)

// owners are the municipalities that write in each language.
func owners() map[string][]content.Municipality {
	countries := map[string][]string{"fi": {"FI"}, "sv": {"SE", "FI"}, "ru": {"RU", "KZ"}, "en": {"FI", "SE", "KZ"}, "kk": {"KZ"}}
	all := map[string][]content.Municipality{}
	for lang, list := range countries {
		for _, m := range content.Municipalities() {
			speaks := lang == "en" || slices.Contains(m.Languages, lang)
			if m.IsMunicipal() && speaks && slices.Contains(list, m.Country) {
				all[lang] = append(all[lang], m)
			}
		}
	}
	return all
}

var currencies = map[string]string{"FI": "EUR", "SE": "SEK", "KZ": "KZT", "RU": "RUB"}

// facts makes what the front matter says. Some of it is often missing, as in
// real cases.
func (m *Maker) facts(r *rand.Rand, t *Text) {
	owner := skewed(r, m.owners[t.Lang])
	t.Organisation = owner.Key
	if r.IntN(8) == 0 {
		if other := pick(r, m.owners[t.Lang]); other.Key != owner.Key {
			t.Organisations = []string{other.Key}
		}
	}
	t.Sector = skewed(r, m.groups).Code
	for range 1 + r.IntN(3) {
		if theme := skewed(r, m.themes).Key; !slices.Contains(t.Themes, theme) {
			t.Themes = append(t.Themes, theme)
		}
	}
	t.Outcome = pick(r, []string{"confirmed", "confirmed", "confirmed", "partly", "partly", "not_confirmed", "not_confirmed", "not_tested", ""})
	t.Published = firstDay.Add(time.Duration(r.Int64N(int64(span)))).Truncate(time.Second)
	t.End = t.Published.AddDate(0, 0, -r.IntN(120)).Truncate(24 * time.Hour)
	t.Start = t.End.AddDate(0, 0, -14-r.IntN(170))
	if r.IntN(5) > 0 {
		t.Cost, t.Currency = int(500*math.Exp(r.NormFloat64()*1.3+1.2)), currencies[owner.Country]
	}
	t.Hours = 8 * r.IntN(90)
}

// skewed picks from a list in which the first come much oftener than the last.
func skewed[T any](r *rand.Rand, list []T) T {
	x := r.Float64()
	return list[int(x*x*float64(len(list)))]
}
