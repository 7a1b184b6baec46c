package content

import (
	"fmt"
	"regexp"
	"slices"

	yaml "go.yaml.in/yaml/v3"
)

// Keys returns the keys in their order.
func (m *Meta) Keys() []string {
	if m == nil {
		return nil
	}
	keys := make([]string, len(m.entries))
	for i, e := range m.entries {
		keys[i] = e.key
	}
	return keys
}

// Has reports whether key is there, even without a value.
func (m *Meta) Has(key string) bool { return m.find(key) >= 0 }

// Line returns the line of the file on which key stands, 0 if it does not.
func (m *Meta) Line(key string) int {
	if i := m.find(key); i >= 0 {
		return m.entries[i].line
	}
	return 0
}

// Text returns a simple value as it is written: a word, a number, a date. It
// is empty when the key is missing or holds a list.
func (m *Meta) Text(key string) string {
	i := m.find(key)
	if i < 0 {
		return ""
	}
	return scalar(m.entries[i].value)
}

func scalar(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// List returns the simple values of a list; a single value is a list of one.
func (m *Meta) List(key string) []string {
	i := m.find(key)
	if i < 0 {
		return nil
	}
	nodes := []*yaml.Node{m.entries[i].value}
	if nodes[0].Kind == yaml.SequenceNode {
		nodes = nodes[0].Content
	}
	var list []string
	for _, n := range nodes {
		if s := scalar(n); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// Decode reads the value of key into v, as YAML does; a missing key leaves v
// alone. It fails with ErrMetaValue when the value has another shape.
func (m *Meta) Decode(key string, v any) error {
	i := m.find(key)
	if i < 0 {
		return nil
	}
	if err := m.entries[i].value.Decode(v); err != nil {
		return ErrMetaValue.With(m.name, m.entries[i].line, key).Because(err)
	}
	return nil
}

var isoDate = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// Set gives key a value: a string, a number, a list, or anything else YAML can
// write. A value that is the same already stays as it was written; a new key
// comes last. It panics on values YAML cannot write, such as functions.
func (m *Meta) Set(key string, value any) {
	n := &yaml.Node{}
	if err := n.Encode(value); err != nil {
		panic(fmt.Sprintf("content: front matter %q: %v", key, err))
	}
	if n.Kind == yaml.ScalarNode && isoDate.MatchString(n.Value) {
		n.Tag, n.Style = "!!timestamp", 0 // a date needs no quotation marks
	}
	i := m.find(key)
	if i < 0 {
		m.entries = append(m.entries, entry{key: key, value: n, raw: encode(key, n)})
		return
	}
	if same(m.entries[i].value, n) {
		return
	}
	m.entries[i].value, m.entries[i].raw = n, encode(key, n)
}

// same reports whether two values mean the same, however they are written.
func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || len(a.Content) != len(b.Content) {
		return false
	}
	if a.Kind == yaml.ScalarNode && a.Value != b.Value {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

// Delete removes key, with the comment above it.
func (m *Meta) Delete(key string) {
	if i := m.find(key); i >= 0 {
		m.entries = slices.Delete(m.entries, i, i+1)
	}
}

// Arrange puts the given keys first, in that order. The others follow in the
// order they had.
func (m *Meta) Arrange(keys ...string) {
	rank := func(e entry) int {
		if i := slices.Index(keys, e.key); i >= 0 {
			return i
		}
		return len(keys)
	}
	slices.SortStableFunc(m.entries, func(a, b entry) int { return rank(a) - rank(b) })
}

// Without returns a copy that lacks the given keys: what is left of a file
// once the portal has taken what it knows.
func (m *Meta) Without(keys ...string) *Meta {
	rest := &Meta{}
	if m != nil {
		rest.name = m.name
		rest.entries = slices.DeleteFunc(slices.Clone(m.entries), func(e entry) bool { return slices.Contains(keys, e.key) })
	}
	return rest
}

// Append adds the entries of other whose keys are not there yet.
func (m *Meta) Append(other *Meta) {
	if other == nil {
		return
	}
	for _, e := range other.entries {
		if !m.Has(e.key) {
			m.entries = append(m.entries, e)
		}
	}
}
