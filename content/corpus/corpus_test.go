package corpus_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/content/corpus"
)

func headings(string) []string { return []string{"One", "Two", "Three", "Four"} }

func TestTheSameSeedGivesTheSameTexts(t *testing.T) {
	a, b, other := corpus.New(7, headings), corpus.New(7, headings), corpus.New(8, headings)
	for _, n := range []int{0, 1, 99, 12345} {
		if !reflect.DeepEqual(a.Text(n), b.Text(n)) {
			t.Errorf("text %d differs between two makers of one seed", n)
		}
		if a.Text(n).Body == other.Text(n).Body || a.Text(n).ID == other.Text(n).ID {
			t.Errorf("text %d is the same under another seed", n)
		}
	}
	if a.Text(1).Body == a.Text(2).Body {
		t.Error("two texts of one corpus are the same")
	}
}

func TestTextsAreWholeInEveryLanguage(t *testing.T) {
	m, seen, bytes := corpus.New(1, headings), map[string]int{}, 0
	const n = 1000
	for i := range n {
		text := m.Text(i)
		seen[text.Lang]++
		bytes += len(text.Body)
		if strings.ContainsAny(text.Title+text.Summary+text.Body, "{}") {
			t.Fatalf("text %d (%s) has a hole:\n%s", i, text.Lang, text.Body)
		}
		if l := utf8.RuneCountInString(text.Title); l == 0 || l > 200 {
			t.Errorf("the title of text %d has %d characters", i, l)
		}
		if l := utf8.RuneCountInString(text.Summary); l == 0 || l > 600 {
			t.Errorf("the summary of text %d has %d characters", i, l)
		}
		if _, ok := content.MunicipalityOf(text.Organisation); !ok {
			t.Errorf("text %d is by %q, whom nobody knows", i, text.Organisation)
		}
	}
	for _, lang := range []string{"fi", "sv", "en", "ru", "kk"} {
		if seen[lang] < n/20 {
			t.Errorf("%d of %d texts are in %s", seen[lang], n, lang)
		}
	}
	if mean := float64(bytes) / n; math.Abs(mean-4500) > 500 {
		t.Errorf("bodies have %.0f bytes on average, want about 4500", mean)
	}
}

// Real texts bring new words for ever, but fewer and fewer.
func TestTheVocabularyGrows(t *testing.T) {
	m, words := corpus.New(1, headings), map[string]bool{}
	var sizes []int
	for i := range 4000 {
		for _, w := range strings.FieldsFunc(m.Text(i).Body, func(r rune) bool { return !unicode.IsLetter(r) }) {
			words[strings.ToLower(w)] = true
		}
		if i == 999 || i == 3999 {
			sizes = append(sizes, len(words))
		}
	}
	if ratio := float64(sizes[1]) / float64(sizes[0]); ratio < 1.5 || ratio > 3.8 {
		t.Errorf("%d words in 1,000 texts, %d in 4,000: a growth of %.2f", sizes[0], sizes[1], ratio)
	}
}

func TestFilesAreReadAsTheyWereMeant(t *testing.T) {
	m := corpus.New(3, headings)
	for i := range 200 {
		text := m.Text(i)
		d, err := content.ParseDocument(text.Name(), text.File())
		if err != nil {
			t.Fatal(err)
		}
		if d.Meta.Text("case") != text.ID || d.Meta.Text("title") != text.Title || d.Meta.Text("summary") != text.Summary || strings.TrimSpace(d.Body) != text.Body {
			t.Fatalf("text %d was read as something else:\n%s", i, text.File())
		}
	}
}
