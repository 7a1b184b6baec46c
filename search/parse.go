package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a query: what is longer is cut, never refused.
const (
	maxQuery = 200 // characters
	maxTerms = 16  // words and phrases
	maxWords = 32  // words in all of them
)

// short cuts a query.
func short(typed string) string {
	n := 0
	for i := range typed {
		if n++; n > maxQuery {
			return typed[:i]
		}
	}
	return typed
}

// part is one thing asked for: a word, a quoted phrase, or either to be left
// out, or a field and the value it has to have.
type part struct {
	raw    string // as typed
	words  []string
	phrase bool
	prefix bool
	not    bool
	or     bool // instead of the part before it
	field  string
	op     byte // ':', '<' or '>'
	equal  bool // "<=" and ">="
	limit  float64
}

// parse reads what a person typed. Nothing is an error: what is no syntax is
// searched as words.
func parse(typed string) []part {
	typed = short(typed)
	var parts []part
	or, asked := false, 0
	for typed = strings.TrimSpace(typed); typed != "" && len(parts) < maxTerms && asked < maxWords; typed = strings.TrimSpace(typed) {
		p, rest := next(typed)
		typed = rest
		if p.raw == "OR" || p.raw == "|" {
			or = len(parts) > 0
			continue
		}
		before := len(parts)
		if slices.ContainsFunc(parts, p.repeats) {
			continue
		}
		if parts = appendPart(parts, p); len(parts) > before {
			asked += len(parts[before].words)
		}
		if or && len(parts) > before {
			parts[before].or = true
			or = false
		}
	}
	return parts
}

// repeats reports whether another part asks for the same.
func (p part) repeats(other part) bool {
	return p.raw == other.raw && p.phrase == other.phrase && p.not == other.not && p.field == other.field && p.op == other.op && p.equal == other.equal
}

// next takes one part off the beginning.
func next(typed string) (p part, rest string) {
	if after, ok := strings.CutPrefix(typed, "-"); ok && after != "" && after[0] != ' ' {
		p.not, typed = true, after
	}
	if name, op, value, ok := fieldOf(typed); ok {
		p.field, p.op = name, op
		typed, p.equal = strings.CutPrefix(value, "=")
	}
	for _, quotes := range []string{`""`, "“”", "„“", "«»", "””"} {
		open, size := utf8.DecodeRuneInString(quotes)
		if after, ok := strings.CutPrefix(typed, string(open)); ok {
			p.phrase = true
			p.raw, rest, _ = strings.Cut(after, quotes[size:])
			return p, rest
		}
	}
	p.raw = typed
	if i := strings.IndexAny(typed, " \t\n\""); i >= 0 {
		p.raw, rest = typed[:i], typed[i:]
	}
	p.prefix = strings.HasSuffix(p.raw, "*")
	return p, rest
}

func appendPart(parts []part, p part) []part {
	for _, w := range words(p.raw) {
		if len(p.words) < maxTerms {
			p.words = append(p.words, w.text)
		}
	}
	if len(p.words) == 0 {
		if p.field == "" && !p.phrase && len(otherLayouts(p.raw)) > 0 && utf8.RuneCountInString(p.raw) > 2 {
			parts = append(parts, p) // ",.l;tn" may be a word on the other keyboard
		}
		return parts
	}
	return append(parts, p)
}

// fieldNames are the names of the fields as people write them.
var fieldNames = map[string]string{}

func init() {
	for field, names := range map[string]string{
		"lang":    "lang language kieli språk язык тіл til",
		"place":   "place paikka kunta plats ort kommun место город муниципалитет орын қала",
		"theme":   "theme teema tema тема тақырып",
		"outcome": "outcome result tulos utfall resultat итог результат нәтиже",
		"size":    "size koko storlek размер көлем",
		"year":    "year vuosi år ar год жыл",
		"kind":    "kind type laji tyyppi typ slag тип вид түр",
		"country": "country maa land страна ел",
		"sector":  "sector sektori sektor отрасль сала",
		"org":     "org organisation organisaatio организация ұйым",
		"stage":   "stage vaihe skede этап кезең",
		"cost":    "cost kustannus hinta kostnad стоимость цена құны бағасы",
		"system":  "system järjestelmä система жүйе",
	} {
		for _, name := range strings.Fields(names) {
			fieldNames[name] = field
		}
	}
}

// fieldOf reads "field:value", "year>2020" and "cost<5000".
func fieldOf(typed string) (name string, op byte, value string, ok bool) {
	i := strings.IndexAny(typed, ":<> \"")
	if i <= 0 || i+1 >= len(typed) || typed[i] == ' ' || typed[i] == '"' || typed[i+1] == ' ' {
		return "", 0, typed, false
	}
	name, ok = fieldNames[strings.ToLower(typed[:i])]
	if !ok || typed[i] != ':' && name != "year" && name != "cost" && name != "size" {
		return "", 0, typed, false
	}
	return name, typed[i], typed[i+1:], true
}

// languageNames are the languages as people write them in lang:.
var languageNames = map[string]string{
	"suomi": "fi", "finska": "fi", "finnish": "fi", "финский": "fi", "фин": "fi",
	"ruotsi": "sv", "svenska": "sv", "swedish": "sv", "шведский": "sv", "швед": "sv",
	"englanti": "en", "engelska": "en", "english": "en", "английский": "en", "ағылшын": "en",
	"venäjä": "ru", "ryska": "ru", "russian": "ru", "русский": "ru", "орыс": "ru",
	"kazakki": "kk", "kazakiska": "kk", "kazakh": "kk", "казахский": "kk", "қазақ": "kk",
}

// selective leaves out the words that are too common to select by, unless
// nothing else was asked for.
func selective(parts []part) []part {
	var kept []part
	for _, p := range parts {
		if p.phrase || p.not || p.field != "" || len(p.words) != 1 || !isCommon(p.words[0]) {
			kept = append(kept, p)
		}
	}
	if slices.ContainsFunc(kept, func(p part) bool { return !p.not && p.field == "" }) {
		return kept
	}
	return parts
}
