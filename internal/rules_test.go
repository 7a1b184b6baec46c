package internal_test

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// A rule that cannot fail is worth nothing: each of these breaks one.
func TestRulesAreBroken(t *testing.T) {
	const ours = module + "/"
	tests := map[string]struct {
		path, imports string
		broken        bool
	}{
		"cases may use search":                    {"cases/service.go", ours + "search", false},
		"cases must not know experiments":         {"cases/service.go", ours + "experiments", true},
		"a parent must not know its own part":     {"experiments/service.go", ours + "experiments/funding", true},
		"a part may know its parent":              {"experiments/funding/service.go", ours + "experiments", false},
		"parts must not know each other":          {"experiments/funding/service.go", ours + "experiments/mentoring", true},
		"content must not know themes":            {"content/markdown.go", ours + "themes", true},
		"plumbing knows no domain":                {"internal/web/page.go", ours + "content", true},
		"plumbing may know plumbing":              {"internal/web/page.go", ours + "internal/fault", false},
		"everyone may use plumbing":               {"search/index.go", ours + "internal/store", false},
		"cmd may know everything":                 {"cmd/kokeilu/app.go", ours + "experiments/funding", false},
		"a new top-level folder is no place":      {"utils/strings.go", "strings", true},
		"a service must not know Fiber":           {"cases/service.go", "github.com/gofiber/fiber/v2", true},
		"handlers may know Fiber":                 {"cases/handlers_edit.go", "github.com/gofiber/fiber/v2", false},
		"tests may use Fiber":                     {"cases/service_test.go", "github.com/gofiber/fiber/v2", false},
		"handlers must not know huma":             {"cases/handlers.go", "github.com/danielgtaylor/huma/v2", true},
		"the API may know huma":                   {"cases/api.go", "github.com/danielgtaylor/huma/v2", false},
		"bbolt belongs to its driver":             {"internal/store/kernel.go", "go.etcd.io/bbolt", true},
		"even tests leave bbolt alone":            {"cases/service_test.go", "go.etcd.io/bbolt", true},
		"the driver may know bbolt":               {"internal/store/boltstore/bolt.go", "go.etcd.io/bbolt", false},
		"Bleve belongs to search":                 {"cases/find.go", "github.com/blevesearch/bleve/v2", true},
		"Markdown belongs to content":             {"cases/case.go", "github.com/yuin/goldmark", true},
		"templates are no business of a slice":    {"cases/handlers.go", "html/template", true},
		"PostgreSQL belongs to its driver":        {"internal/store/boltstore/x.go", "github.com/jackc/pgx/v5", true},
		"counting needs no Prometheus":            {"internal/web/traffic.go", "github.com/prometheus/client_golang/prometheus", true},
		"metrics may know Prometheus":             {"internal/metrics/serve.go", "github.com/prometheus/client_golang/prometheus", false},
		"profiles belong to the metrics' address": {"cmd/kokeilu/serve.go", "net/http/pprof", true},
		"search must not know its own parts":      {"search/index.go", ours + "search/wanted", true},
		"a part of search may know search":        {"search/wanted/look.go", ours + "search", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := source(t, tt.path, "package p\nimport _ \""+tt.imports+"\"\n")
			wrong := append(wrongLayers(f), misplacedLibraries(f)...)
			if (len(wrong) > 0) != tt.broken {
				t.Errorf("broken = %v, want %v: %v", len(wrong) > 0, tt.broken, wrong)
			}
		})
	}
}

func TestMissingCommentsAreSeen(t *testing.T) {
	f := source(t, "p/p.go", `package p
func Bare() {}
func (*T) Bare2() {}
func (l list) Fine() {}
func (*T2[K]) Bare3() {}
type Bare4 struct{}
// T has a comment.
type T struct{}
// The group has one.
var ( A = 1; B = 2 )
const Bare5 = 1
var (
	// C has one.
	C = 1
	Bare6 = 2 // not this
	Bare7 = 3
)
`)
	var got []string
	for _, decl := range f.syntax.Decls {
		got = append(got, undocumented(decl)...)
	}
	if want := []string{"Bare", "Bare2", "Bare3", "Bare4", "Bare5", "Bare7"}; !slices.Equal(got, want) {
		t.Errorf("undocumented = %v, want %v", got, want)
	}
}

func TestOutsideAddressesAreSeen(t *testing.T) {
	tests := map[string]struct {
		found bool
		text  string
		rule  interface{ MatchString(string) bool }
	}{
		"a font":                  {true, `src: url("https://fonts.example/a.woff2")`, outsideCSS},
		"an import":               {true, `@import '//cdn.example/a.css'`, outsideCSS},
		"an inline picture":       {false, `background: url("data:image/svg+xml,%3Csvg")`, outsideCSS},
		"a script's address":      {true, `fetch("https://api.example")`, outsideJS},
		"a comment is no address": {false, `// see https://example.org`, outsideJS},
		"a picture":               {true, `<img src="https://cdn.example/a.png">`, outsideTemplate},
		"a style sheet":           {true, `<link rel=stylesheet href=//cdn.example/a.css>`, outsideTemplate},
		"a link for people":       {false, `<a href="https://example.org">`, outsideTemplate},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.rule.MatchString(tt.text); got != tt.found {
				t.Errorf("found = %v in %q", got, tt.text)
			}
		})
	}
}

// source parses a text as if it were a file of the repository.
func source(t *testing.T, path, text string) goFile {
	t.Helper()
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, path, strings.NewReader(text), parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return goFile{path: path, syntax: syntax, fset: fset}
}
