package content

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"
)

// CaseKeys are the keys of a case's front matter that the portal knows, in the
// order in which it writes them.
var CaseKeys = []string{
	"case", "id", "title", "lang", "summary", "organisation", "sector", "themes", "outcome", "start", "end", "cost",
	"currency", "hours", "measures", "licence", "source", "published", "revision", "group",
}

// Meta is front matter: keys and values in the order of the file. A nil Meta
// is empty and read-only.
type Meta struct {
	name    string
	entries []entry
}

// entry is one key with its value, both as read and as it stands in the file,
// with the comment above it.
type entry struct {
	key   string
	raw   string
	value *yaml.Node
	line  int
}

// ParseMeta reads front matter without its marker lines, as Meta.YAML writes
// it. Faults name the file and the line as in ParseDocument.
func ParseMeta(name, text string) (*Meta, error) {
	src, err := cleanText(name, []byte(text))
	if err != nil {
		return nil, err
	}
	return parseMeta(name, src, 0)
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// parseMeta reads front matter that starts after skipped lines of its file.
func parseMeta(name, src string, skipped int) (*Meta, error) {
	if len(src) > metaLimit {
		return nil, ErrMetaTooLong.With(name, skipped+1, metaLimit>>10)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(src), &doc); err != nil {
		line := 1
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1])
		}
		return nil, ErrMetaBroken.With(name, line+skipped).Because(err)
	}
	m := &Meta{name: name}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		return m, nil
	}
	root := doc.Content[0]
	if bad, why := unsupported(root); bad != nil {
		return nil, ErrMetaBroken.With(name, bad.Line+skipped).Because(why)
	}
	if bad, r := findControl(root); bad != nil {
		return nil, ErrControl.With(name, bad.Line+skipped, int(r))
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if m.Has(key.Value) {
			return nil, ErrMetaTwice.With(name, key.Line+skipped, key.Value)
		}
		m.entries = append(m.entries, entry{key: key.Value, value: value, line: key.Line + skipped})
	}
	m.keepRaw(root, src)
	return m, nil
}

// unsupported returns the first node that front matter must not have.
func unsupported(root *yaml.Node) (*yaml.Node, error) {
	if root.Kind != yaml.MappingNode {
		return root, errors.New("not a list of keys and values")
	}
	for i := 0; i < len(root.Content); i += 2 {
		if k := root.Content[i]; k.Kind != yaml.ScalarNode || k.Value == "" {
			return k, errors.New("a key must be a word")
		}
	}
	return findAlias(root)
}

func findAlias(n *yaml.Node) (*yaml.Node, error) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return n, errors.New("anchors and aliases are not supported")
	}
	for _, c := range n.Content {
		if bad, why := findAlias(c); bad != nil {
			return bad, why
		}
	}
	return nil, nil
}

// findControl returns the first word that hides a control character behind an
// escape such as "\u0000".
func findControl(n *yaml.Node) (*yaml.Node, rune) {
	for _, r := range n.Value {
		if isControl(r) {
			return n, r
		}
	}
	for _, c := range n.Content {
		if bad, r := findControl(c); bad != nil {
			return bad, r
		}
	}
	return nil, 0
}

// keepRaw gives every entry the lines it was read from. Where keys do not each
// start a line of their own, entries are written anew instead.
func (m *Meta) keepRaw(root *yaml.Node, src string) {
	lines := slices.Collect(strings.Lines(src))
	var starts []int // index of the first line of each entry
	for i := 0; i < len(root.Content); i += 2 {
		k := root.Content[i]
		at := k.Line - 1
		if root.Style == yaml.FlowStyle || k.Column != 1 || at < 0 || at >= len(lines) || i > 0 && at <= starts[len(starts)-1] {
			m.encodeAll()
			return
		}
		for at > 0 && strings.HasPrefix(lines[at-1], "#") && i > 0 {
			at--
		}
		if i == 0 {
			at = 0
		}
		starts = append(starts, at)
	}
	for i := range m.entries {
		end := len(lines)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		raw := strings.Join(lines[starts[i]:end], "")
		if !strings.HasSuffix(raw, "\n") {
			raw += "\n"
		}
		m.entries[i].raw = raw
	}
}

func (m *Meta) encodeAll() {
	for i, e := range m.entries {
		m.entries[i].raw = encode(e.key, e.value)
	}
}

// encode writes one key and its value as YAML.
func encode(key string, value *yaml.Node) string {
	var k yaml.Node
	k.SetString(key)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	err := enc.Encode(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{&k, value}})
	if err != nil {
		panic("content: encode front matter: " + err.Error()) // a node that came from the parser or from Set
	}
	return out.String()
}

// YAML writes the front matter without its marker lines.
func (m *Meta) YAML() string {
	if m == nil {
		return ""
	}
	var b strings.Builder
	for _, e := range m.entries {
		b.WriteString(e.raw)
	}
	return b.String()
}

func (m *Meta) find(key string) int {
	if m == nil {
		return -1
	}
	return slices.IndexFunc(m.entries, func(e entry) bool { return e.key == key })
}
