package corpus

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/content"
)

// meanBody is how long the bodies are on average, in bytes.
const meanBody = 4500

// The made-up words are drawn so that few come often and most come once: the
// more texts, the more words.
const (
	tailSlope = 1.12
	tailFlat  = 20
	tailEnd   = 1 << 26
)

// writer writes one text.
type writer struct {
	r      *rand.Rand
	tail   *rand.Zipf
	l      *language
	places []content.Municipality
	lang   string
	topics [][]string // the concepts this text is about
}

func newWriter(r *rand.Rand, l *language, places []content.Municipality, lang string) *writer {
	w := &writer{r: r, tail: rand.NewZipf(r, tailSlope, tailFlat, tailEnd), l: l, places: places, lang: lang}
	for range 3 {
		w.topics = append(w.topics, skewed(r, l.concepts))
	}
	return w
}

func (w *writer) title() string   { return w.fill(pick(w.r, w.l.titles)) }
func (w *writer) summary() string { return w.sentences(2) }

// body writes sections under all headings, their length drawn so that some
// texts are short and a few very long.
func (w *writer) body(headings []string) string {
	length := meanBody * math.Exp(w.r.NormFloat64()*0.45-0.1)
	var b strings.Builder
	for i, h := range headings {
		b.WriteString("## " + h + "\n\n")
		until := int(length * float64(i+1) / float64(len(headings)))
		for first := true; first || b.Len() < until; first = false {
			b.WriteString(w.block() + "\n\n")
		}
	}
	return strings.TrimSpace(b.String())
}

// block is a paragraph, or now and then a list, a quotation or a table.
func (w *writer) block() string {
	switch w.r.IntN(14) {
	case 0, 1:
		return "- " + w.sentences(1) + "\n- **" + w.fill("{noun}") + "**: " + w.fill("{form} {word} {form}") + "\n- " + w.sentences(1)
	case 2:
		return "> " + w.sentences(1)
	case 3:
		return w.fill("| {form} | {other} |\n|---|---|\n| {word} {form} | {n} |\n| {noun} | {n} |\n| {name} | {n} |")
	case 4:
		return "### " + w.fill("{noun} {form}") + "\n\n" + w.sentences(2)
	case 5:
		return w.sentences(1) + w.fill(" [{name} {form}](https://example.org/{n})")
	}
	return w.sentences(2 + w.r.IntN(3))
}

func (w *writer) sentences(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = w.fill(pick(w.r, w.l.sentences))
	}
	return strings.Join(list, " ")
}

// fill puts words into the holes of a sentence and begins it with a capital
// letter.
func (w *writer) fill(sentence string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !found {
			return capital(b.String())
		}
		hole, after, _ := strings.Cut(rest, "}")
		b.WriteString(w.word(hole))
		sentence = after
	}
}

func (w *writer) word(hole string) string {
	switch hole {
	case "noun":
		return pick(w.r, pick(w.r, w.topics))
	case "other":
		return pick(w.r, skewed(w.r, w.l.concepts))
	case "form":
		return w.l.form(w.r, w.tail.Uint64())
	case "name":
		name := w.l.made(w.tail.Uint64())
		if w.r.IntN(2) == 0 {
			name = capital(name)
		}
		return name + pick(w.r, w.l.endings)
	case "word":
		return pick(w.r, w.l.words)
	case "place":
		return skewed(w.r, w.places).In(w.lang)
	case "n":
		return strconv.Itoa(2 + int(1000*w.r.Float64()*w.r.Float64()))
	}
	panic("corpus: no words for {" + hole + "}")
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
