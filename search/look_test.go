package search

import (
	"slices"
	"strings"
	"testing"
)

// What a query's words look like in texts of every language: the words that a
// looker finds are those that would be found by looking at every word's forms.
func TestALookerFindsWhatEveryWordsFormsTell(t *testing.T) {
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
		marks := map[string]bool{}
		for _, list := range [][]term{plainTerms(q), foreignTerms(q)} {
			for _, term := range list {
				marks[term.text] = true
			}
		}
		for lang, text := range texts {
			for _, tail := range formsOf(q, lang) {
				marks[tail] = true
			}
			var want []string
			slow := &looker{marks: marks}
			for _, w := range words(text) {
				if slow.matches(w.text, lang) {
					want = append(want, w.text)
				}
			}
			var got []string
			for _, w := range newLooker(marks).in(text, lang) {
				if text[w.start:w.end] == "" {
					t.Errorf("%q in %s: an empty word", q, lang)
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
	marks := map[string]bool{}
	for _, term := range plainTerms("kuljetus") {
		marks[term.text] = true
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		newLooker(marks).in(text, "fi")
	}
}
