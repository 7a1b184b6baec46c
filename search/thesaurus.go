package search

import (
	"cmp"
	"slices"
	"strings"
)

// maxLabel is how many words a label of a concept has at most.
const maxLabel = 4

// Thesaurus knows what the same thing is called in each language. The nil
// Thesaurus knows nothing. It does not change once made.
type Thesaurus struct {
	concepts []map[string][]string
	byLabel  map[string][]int // keys of a label → concepts
	labels   []conceptLabel   // for suggestions
}

// conceptLabel is one name of a concept.
type conceptLabel struct {
	label
	lang    string
	concept int
}

// NewThesaurus makes a thesaurus of concepts: each is its labels by language,
// the usual one first.
func NewThesaurus(concepts []map[string][]string) *Thesaurus {
	t := &Thesaurus{concepts: concepts, byLabel: map[string][]int{}}
	for i, c := range concepts {
		for lang, labels := range c {
			for _, label := range labels {
				t.labels = append(t.labels, conceptLabel{newLabel(label), lang, i})
				for _, key := range labelKeys(label, lang) {
					if !slices.Contains(t.byLabel[key], i) {
						t.byLabel[key] = append(t.byLabel[key], i)
					}
				}
			}
		}
	}
	slices.SortFunc(t.labels, func(a, b conceptLabel) int {
		return cmp.Or(strings.Compare(a.text, b.text), strings.Compare(a.lang, b.lang), cmp.Compare(a.concept, b.concept))
	})
	return t
}

// Reword lets the index use another thesaurus from now on. It is safe while
// searches run.
func (x *Index) Reword(t *Thesaurus) { x.reworded.Store(t) }

// thesaurus is the one in use.
func (x *Index) thesaurus() *Thesaurus {
	if t := x.reworded.Load(); t != nil {
		return t
	}
	return x.Thesaurus
}

// labelKeys are the names under which a label is kept: its words' keys in its
// language; a single word's every key, and its skeleton.
func labelKeys(label, lang string) []string {
	list := telltale(words(label))
	if len(list) == 0 || len(list) > maxLabel {
		return nil
	}
	if len(list) > 1 {
		var keys, bones []string
		for _, w := range list {
			k := keysOf(w.text, lang)[0]
			keys, bones = append(keys, k), append(bones, skeleton(k))
		}
		return []string{lang + keyMark + strings.Join(keys, " "), skeletonMark + strings.Join(bones, " ")}
	}
	all := []string{exactMark + list[0].text}
	for _, k := range keysOf(list[0].text, lang) {
		all = append(all, lang+keyMark+k)
	}
	return append(all, skeletonMark+skeleton(list[0].text))
}

// telltale leaves out words too frequent to tell labels apart.
func telltale(list []word) []word {
	kept := slices.DeleteFunc(slices.Clone(list), func(w word) bool { return isCommon(w.text) })
	if len(kept) == 0 {
		return list
	}
	return kept
}

// find are the concepts that words are a label of.
func (t *Thesaurus) find(typed []string) []int {
	if t == nil || len(typed) == 0 || len(typed) > maxLabel {
		return nil
	}
	label := strings.Join(typed, " ")
	var found []int
	for _, lang := range stemLanguages(typed[0]) {
		for _, key := range labelKeys(label, lang) {
			for _, c := range t.byLabel[key] {
				if !slices.Contains(found, c) {
					found = append(found, c)
				}
			}
		}
	}
	return found[:min(len(found), 4)]
}

// What another name of the same thing counts, in the language of the query
// and in others.
const (
	synonymWeight = 0.7
	foreignWeight = 0.55
)

// sayings are the other names of what was typed.
func (t *Thesaurus) sayings(typed []string, reader string) []saying {
	var list []saying
	for _, i := range t.find(typed) {
		for _, lang := range []string{"fi", "sv", "en", "ru", "kk"} {
			for n, label := range t.concepts[i][lang] {
				if s, ok := newSaying(label, lang); ok {
					s.weight = foreignWeight
					if lang == reader {
						s.weight = synonymWeight
					}
					if n > 0 {
						s.weight *= 0.95
					}
					list = append(list, s)
				}
			}
		}
	}
	return list
}

func newSaying(label, lang string) (saying, bool) {
	s := saying{lang: lang, label: label}
	for _, w := range words(label) {
		var forms termSet
		for i, k := range keysOf(w.text, lang) {
			weight := 1.0
			if i > 0 {
				weight = otherKeyWeight
			}
			forms.add(lang+keyMark+k, weight)
		}
		if !commonIn(w.text, lang) {
			s.words = append(s.words, forms.list)
		}
	}
	return s, len(s.words) > 0
}
