package web

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// schemaNames names what operations take and answer. Slices name their types
// as they like: a body without a name is called after its operation, and of two
// types with one name the later gets the name of its package before it.
type schemaNames struct {
	operation string // that is being registered
	taken     map[string]reflect.Type
}

func (n *schemaNames) of(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	if t.Name() == "" {
		if i := max(strings.Index(name, "Input"), strings.Index(name, "Output")); i > 0 {
			name = name[i:]
		}
		name = camel(n.operation) + name
	}
	if other, ok := n.taken[name]; ok && other != t {
		name = camel(path.Base(t.PkgPath())) + name
	}
	n.taken[name] = t
	return name
}

// camel turns "list-cases" into "ListCases".
func camel(words string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(words, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
