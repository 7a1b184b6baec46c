package search

import (
	"slices"
	"strings"
	"testing"
)

// The words that a looker finds in texts of every language are those that would be
// found by comparing every word.
func TestALookerFindsEveryWordThatIsSought(t *testing.T) {
	texts := map[string]string{
		"fi": "Kaupungissa yöllä öisin kirjastokuljetuksia; Äänekosken koulut ja l’été. Työaikakokeilu, KAUPUNKIEN älykkäät ratkaisut, ylitöitä.",
		"sv": "Skolskjutsarna åkte på vägar i Sundsvall; bäst är öppna data och ålderdomshemmet, skolgårdens träd.",
		"en": "We went to the children's schools; better data was found, people wrote. The city's teeth are e-services.",
		"ru": "Шымкент и ёлки в школе; объявления жителей, Ёлка, библиотеки, щенки и яблоки, юный хор.",
		"kk": "Шымкент қаласында мектептерге әкімдік ұсынған; өңірлердегі үйлер һәм інілер.",
		"--": "Шымкент Shymkent Kharkiv Харьков Yekaterinburg Екатеринбург Kajaani Øresund",
	}
	queries := strings.Fields("kaupunki yö kirjasto kuljetus äänekoski koulu työ älykäs skola väg öppen ålder go child good find write city елка ёлка школа объявление " +
		"shymkent шымкент қала мектеп әкімдік үй kharkiv харьков yekaterinburg öresund oresund kajaani jabloki ghbdtn itä")
	for _, q := range queries {
		for lang, text := range texts {
			var want []string
			var sought []term
			for _, w := range words(text) {
				if skeleton(w.text)[0] == skeleton(q)[0] {
					sought = append(sought, term{written(w.text, lang), 1})
				}
			}
			for _, w := range words(text) {
				if slices.ContainsFunc(sought, func(t term) bool { return t.text == written(w.text, lang) }) {
					want = append(want, w.text)
				}
			}
			var got []string
			for _, w := range newLooker(nil, [][]term{sought, {{written(q, "xx"), 1}}}).in(text, lang) {
				if normal(text[w.start:w.end]) != w.text {
					t.Errorf("%q in %s: %q is taken for %q", q, lang, text[w.start:w.end], w.text)
				}
				got = append(got, w.text)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q in %s: found %q, want %q", q, lang, got, want)
			}
		}
	}
}

func BenchmarkLookThroughAText(b *testing.B) {
	text := strings.Repeat("Kaupungin kirjasto kokeili kirjastokuljetuksia koulukyytien paluumatkalla kahdessa kylässä. ", 50)
	sought := [][]term{{{written("kirjastokuljetuksia", "fi"), 1}, {written("kaupungin", "fi"), 1}}}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		newLooker(nil, sought).in(text, "fi")
	}
}
