package content

import (
	"slices"
	"sync"
)

var (
	themes    = sync.OnceValue(func() []Term { return must(loadTerms("themes.yaml")) })
	skills    = sync.OnceValue(func() []Term { return must(loadTerms("skills.yaml")) })
	countries = sync.OnceValue(func() []Term { return must(loadTerms("countries.yaml")) })
)

// Themes returns the named tags of experiments and cases, at most twenty, in
// the order in which they are offered.
func Themes() []Term { return slices.Clone(themes()) }

// Theme returns one theme by its key, such as "open-data".
func Theme(key string) (Term, bool) { return find(themes(), key) }

// Skills returns what mentors offer and teams ask for.
func Skills() []Term { return slices.Clone(skills()) }

// Skill returns one skill by its key, such as "lean".
func Skill(key string) (Term, bool) { return find(skills(), key) }

// Countries returns the countries that have municipalities here, by ISO code.
func Countries() []Term { return slices.Clone(countries()) }

// Country returns one country by its ISO code, such as "FI".
func Country(code string) (Term, bool) { return find(countries(), code) }

func find(terms []Term, key string) (Term, bool) {
	i := slices.IndexFunc(terms, func(t Term) bool { return t.Key == key })
	if i < 0 {
		return Term{}, false
	}
	return terms[i], true
}
