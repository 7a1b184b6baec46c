package corpus

import (
	"embed"
	"math/rand/v2"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"github.com/kokeilu/kokeilu/content"
)

//go:embed *.yaml
var files embed.FS

// language is the vocabulary of one language. fi.yaml says what each list is.
type language struct {
	titles, sentences []string
	heads             [][]string // each word in its inflected forms
	starts            []string   // of compounds
	words             []string
	syllables         []string
	endings           []string
	concepts          [][]string // the thesaurus: each concept's names
}

func languages() map[string]*language {
	all := map[string]*language{}
	for _, s := range shares {
		all[s.lang] = readLanguage(s.lang)
	}
	return all
}

// readLanguage panics on a broken file: it is embedded, and a test reads each.
func readLanguage(lang string) *language {
	raw, err := files.ReadFile(lang + ".yaml")
	if err != nil {
		panic("corpus: " + err.Error())
	}
	var f struct {
		Titles, Sentences, Heads          []string
		Starts, Words, Syllables, Endings string
	}
	if err := yaml.Unmarshal(raw, &f); err != nil {
		panic("corpus: " + lang + ".yaml: " + err.Error())
	}
	l := &language{
		titles: f.Titles, sentences: f.Sentences, starts: strings.Fields(f.Starts), words: strings.Fields(f.Words),
		syllables: strings.Fields(f.Syllables), endings: strings.Split(f.Endings, ","),
	}
	for _, forms := range f.Heads {
		l.heads = append(l.heads, strings.Fields(forms))
	}
	for _, c := range content.Thesaurus() {
		l.concepts = append(l.concepts, c[lang])
	}
	return l
}

// made is a word that nobody uses, the same for the same rank. Low ranks are
// short.
func (l *language) made(rank uint64) string {
	n := uint64(len(l.syllables))
	count, words := 2, n*n
	for rank >= words {
		rank, count, words = rank-words, count+1, words*n
	}
	var b strings.Builder
	code := (rank*7919 + 13) % words
	for range count {
		b.WriteString(l.syllables[code%n])
		code /= n
	}
	return b.String()
}

// form is an inflected word: a plain one, or a compound of which many are made
// up.
func (l *language) form(r *rand.Rand, rank uint64) string {
	head := pick(r, pick(r, l.heads))
	switch n := r.IntN(100); {
	case n < 50:
		return head
	case n < 85:
		return pick(r, l.starts) + head
	default:
		return l.made(rank) + head
	}
}
