// Package corpus makes up cases for measuring: as many as one likes, in five
// languages, with a vocabulary that grows with their number as that of real
// texts does. Nobody should read them for their sense.
package corpus

import (
	"math/rand/v2"
	"time"

	"github.com/kokeilu/kokeilu/content"
)

// A Text is one made-up case.
type Text struct {
	ID            string
	Lang          string
	Title         string
	Summary       string
	Body          string // Markdown
	Organisation  string // key of the owner, "FI:020"
	Organisations []string
	Sector        string
	Themes        []string
	Outcome       string // empty: nobody has said
	Start, End    time.Time
	Cost          int // whole units of Currency
	Currency      string
	Hours         int
	Published     time.Time
}

// A Maker makes the texts of one corpus. It is safe for many goroutines.
type Maker struct {
	// Headings are those of a case in a language. Set before the first text.
	Headings func(lang string) []string

	seed      uint64
	languages map[string]*language
	owners    map[string][]content.Municipality
	themes    []content.Term
	groups    []content.Sector
}

// New returns the maker of the corpus with a seed.
func New(seed uint64, headings func(lang string) []string) *Maker {
	m := &Maker{Headings: headings, seed: seed, languages: languages(), owners: owners(), themes: content.Themes()}
	for _, s := range content.Sectors() {
		if s.Parent != "" {
			m.groups = append(m.groups, s)
		}
	}
	return m
}

// shares is how many of a hundred texts are in each language.
var shares = []struct {
	lang  string
	share int
}{{"fi", 38}, {"sv", 22}, {"ru", 16}, {"en", 14}, {"kk", 10}}

// Text makes one text. The same seed and number always give the same, however
// many others are made.
func (m *Maker) Text(number int) Text {
	r := rand.New(rand.NewPCG(m.seed, uint64(number)))
	t := Text{ID: newID(r), Lang: pickLang(r)}
	m.facts(r, &t)
	w := newWriter(r, m.languages[t.Lang], m.owners[t.Lang], t.Lang)
	t.Title, t.Summary = w.title(), w.summary()
	t.Body = w.body(m.Headings(t.Lang))
	return t
}

func pickLang(r *rand.Rand) string {
	n := r.IntN(100)
	for _, s := range shares {
		if n -= s.share; n < 0 {
			return s.lang
		}
	}
	return shares[0].lang
}

// newID has the form of the portal's ids.
func newID(r *rand.Rand) string {
	const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	var b [12]byte
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b[:])
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
