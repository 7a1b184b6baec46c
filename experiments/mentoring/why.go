package mentoring

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// Why says in one sentence of the reader's language what speaks for a
// candidate.
func (s Scored) Why(p i18n.Printer, w Wish) string {
	var parts, known []string
	for _, a := range s.strongest(w) {
		if t, ok := content.Skill(a); ok {
			known = append(known, inSentence(t.In(p.Lang)))
		}
	}
	if s.Parts.Sector >= 0.8 {
		known = append(known, p.T("mentor.why_sector"))
	}
	if len(known) > 0 {
		parts = append(parts, p.T("mentor.why_knows", p.And(known)))
	}
	if lang := s.common(w); lang != "" {
		parts = append(parts, p.T("mentor.speaks_"+lang))
	}
	if s.Parts.Context == 1 {
		parts = append(parts, p.T("mentor.why_place"))
	}
	parts = append(parts, p.T("mentor.why_free", p.Decimal(s.FreeHours(s.Load), 1)))
	return capital(strings.Join(parts, ", ")) + "."
}

// strongest are the asked skills that the mentor knows, what matters most first.
func (s Scored) strongest(w Wish) []string {
	asked := slices.Clone(w.Skills)
	slices.SortStableFunc(asked, func(x, y Asked) int {
		return cmp.Compare(float64(y.Weight)*float64(s.Skills[y.Skill]), float64(x.Weight)*float64(s.Skills[x.Skill]))
	})
	var list []string
	for _, a := range asked {
		if s.Skills[a.Skill] > 0 {
			list = append(list, a.Skill)
		}
	}
	return list
}

// common is the language they would best talk in.
func (s Scored) common(w Wish) string {
	for _, lang := range w.Languages {
		if slices.Contains(s.Languages, lang) && languageShare([]string{lang}, s.Languages) >= s.Parts.Language {
			return lang
		}
	}
	return ""
}

// capital begins a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// inSentence is a name as it stands inside a sentence: "service design", but
// "AI" stays.
func inSentence(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	second, _ := utf8.DecodeRuneInString(name[n:])
	if !unicode.IsLower(second) || strings.HasPrefix(name, "Lean") {
		return name
	}
	return string(unicode.ToLower(first)) + name[n:]
}
