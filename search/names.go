package search

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Names are the values of fields as people write them after "outcome:" or
// "theme:", in every language. The nil Names knows none. It does not change
// while searches run.
type Names struct {
	values map[string]map[string]string // field → name → value
	spans  map[string][]span
}

// span is a value that stands for the numbers from one up to, and without,
// another: "size<5000" asks for the spans below.
type span struct {
	value    string
	from, to float64
}

// NewNames returns names that know nothing yet.
func NewNames() *Names {
	return &Names{values: map[string]map[string]string{}, spans: map[string][]span{}}
}

// Add says how a value of a field may be called. Letters without marks do, and
// so does the beginning of a name that no other value has.
func (n *Names) Add(field, value string, names ...string) {
	if n.values[field] == nil {
		n.values[field] = map[string]string{}
	}
	for _, name := range append(names, value) {
		if key := nameKey(name); key != "" {
			n.values[field][key] = value
		}
	}
}

// AddSpan says which numbers a value of a field stands for, from one up to and
// without another.
func (n *Names) AddSpan(field, value string, from, to float64) {
	n.spans[field] = append(n.spans[field], span{value, from, to})
}

func nameKey(name string) string {
	var list []string
	for _, w := range words(name) {
		list = append(list, folded(w.text))
	}
	return strings.Join(list, " ")
}

// value is the value of a field that somebody calls name.
func (n *Names) value(field, name string) (value string, ok bool) {
	if n == nil {
		return "", false
	}
	key := nameKey(name)
	if v, ok := n.values[field][key]; ok {
		return v, true
	}
	if len(key) < 3 {
		return "", false
	}
	for known, v := range n.values[field] {
		if strings.HasPrefix(known, key) {
			if value != "" && value != v {
				return "", false
			}
			value = v
		}
	}
	return value, value != ""
}

// within are the values of a field that stand for numbers below or above a
// limit.
func (n *Names) within(field string, op byte, limit float64) (list []string, ok bool) {
	if n == nil || len(n.spans[field]) == 0 {
		return nil, false
	}
	for _, s := range n.spans[field] {
		if op == '<' && s.to <= limit || op == '>' && s.from >= limit || op == ':' && s.from <= limit && limit < s.to {
			list = append(list, s.value)
		}
	}
	return list, true
}

// amount reads a number as people write it: 5000, 5k, 1,5m, 5000€.
func amount(typed string) (float64, bool) {
	typed = strings.TrimRightFunc(strings.ToLower(typed), func(r rune) bool { return unicode.Is(unicode.Sc, r) })
	times := 1.0
	for suffix, n := range map[string]float64{"k": 1e3, "t": 1e3, "т": 1e3, "m": 1e6, "м": 1e6} {
		if before, ok := strings.CutSuffix(typed, suffix); ok {
			typed, times = before, n
			break
		}
	}
	n, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
	return n * times, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}
