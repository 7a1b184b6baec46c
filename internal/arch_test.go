// Package internal_test holds the rules of the whole repository as tests: who
// may import whom, how large a file may grow, what must be documented. A test
// that fails here names the file and says which rule it breaks.
package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the import path of this repository.
const module = "github.com/kokeilu/kokeilu"

// layers is the order of the top-level folders. A package may import those
// listed behind its folder and, always, internal packages. A folder ending in
// "/*" stands for its sub-folders: a parent never imports its own.
var layers = map[string][]string{
	"cmd/*":         {"experiments/*", "experiments", "cases/*", "cases", "search/*", "search", "content", "themes"},
	"experiments/*": {"experiments", "cases", "search", "content"},
	"experiments":   {"cases", "search", "content"},
	"cases/*":       {"cases", "search", "content"},
	"cases":         {"search", "content"},
	"search/*":      {"search"},
	"search":        {},
	"content":       {"content"},
	"themes":        {"themes"},
	"internal/*":    {},
}

// A libraryRule says where a library may be imported. Tests are exempt from it
// when inTests is true.
type libraryRule struct {
	library string // import path or its beginning
	allowed func(file goFile) bool
	where   string
	inTests bool
}

var libraryRules = []libraryRule{
	{"github.com/gofiber/fiber", speaksHTTP, "handlers*.go, internal/web and cmd", true},
	{"github.com/valyala/fasthttp", speaksHTTP, "handlers*.go, internal/web and cmd", true},
	{"github.com/danielgtaylor/huma", speaksAPI, "api*.go, internal/web and cmd", true},
	{"go.etcd.io/bbolt", keepsBolt, "internal/store/boltstore (and search/mend.go, whose index library has a bbolt file of its own)", false},
	{"github.com/jackc/pgx", below("internal/store/pgstore"), "internal/store/pgstore", false},
	{"github.com/blevesearch/", below("search"), "search", false},
	{"github.com/yuin/goldmark", below("content"), "content", false},
	{"github.com/prometheus/", below("internal/metrics", "cmd"), "internal/metrics and cmd", false},
	{"net/http/pprof", below("internal/metrics"), "internal/metrics, on an address of its own", false},
	{"html/template", below("themes", "internal/web"), "themes and internal/web", false},
}

func keepsBolt(f goFile) bool {
	return below("internal/store/boltstore")(f) || f.path == "search/mend.go"
}

func speaksHTTP(f goFile) bool {
	return below("internal/web", "cmd")(f) || strings.HasPrefix(f.name(), "handlers") || strings.HasPrefix(f.name(), "api")
}

func speaksAPI(f goFile) bool {
	return below("internal/web", "cmd")(f) || strings.HasPrefix(f.name(), "api")
}

func below(folders ...string) func(goFile) bool {
	return func(f goFile) bool {
		return slices.ContainsFunc(folders, func(folder string) bool {
			return f.dir() == folder || strings.HasPrefix(f.dir(), folder+"/")
		})
	}
}

func TestPackagesImportOnlyTheLayersBelow(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, wrong := range wrongLayers(f) {
			t.Errorf("%s: %s", f.path, wrong)
		}
	}
}

func TestLibrariesStayInTheirPlace(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, wrong := range misplacedLibraries(f) {
			t.Errorf("%s: %s", f.path, wrong)
		}
	}
}

// wrongLayers says which of our own packages a file must not import.
func wrongLayers(f goFile) (wrong []string) {
	layer := layerOf(f.dir())
	allowed, ok := layers[layer]
	switch {
	case f.dir() == "internal": // this file's own folder
		return nil
	case !ok:
		return []string{f.dir() + " is not a folder of the architecture"}
	}
	for _, imported := range f.imports() {
		folder, ours := strings.CutPrefix(imported, module+"/")
		if !ours || folder == f.dir() || layerOf(folder) == "internal/*" {
			continue
		}
		if f.isTest() && folder == "themes" { // pages are tested as they look
			continue
		}
		if target := layerOf(folder); !slices.Contains(allowed, target) {
			wrong = append(wrong, fmt.Sprintf("imports %s: %s must not know %s", folder, layer, target))
		}
	}
	return wrong
}

// misplacedLibraries says which libraries a file imports that belong elsewhere.
func misplacedLibraries(f goFile) (wrong []string) {
	for _, imported := range f.imports() {
		for _, rule := range libraryRules {
			exempt := rule.allowed(f) || rule.inTests && f.isTest()
			if strings.HasPrefix(imported, rule.library) && !exempt {
				wrong = append(wrong, fmt.Sprintf("imports %s, which belongs to %s", imported, rule.where))
			}
		}
	}
	return wrong
}

func TestEveryPackageHasTests(t *testing.T) {
	tested := map[string]bool{}
	for _, f := range goFiles(t) {
		tested[f.dir()] = tested[f.dir()] || f.isTest()
	}
	for dir, ok := range tested {
		if !ok {
			t.Errorf("%s has no test", dir)
		}
	}
}

// layerOf returns the entry of layers that a folder belongs to.
func layerOf(dir string) string {
	top, _, nested := strings.Cut(dir, "/")
	if nested && slices.Contains([]string{"cmd", "experiments", "cases", "search", "internal"}, top) {
		return top + "/*"
	}
	return top // sub-folders of content and themes belong to them
}

// A goFile is one parsed source file of the main module.
type goFile struct {
	path   string // from the root of the repository, with slashes
	syntax *ast.File
	fset   *token.FileSet
}

func (f goFile) dir() string  { return path.Dir(f.path) }
func (f goFile) name() string { return path.Base(f.path) }
func (f goFile) isTest() bool {
	return strings.HasSuffix(f.path, "_test.go") || strings.HasSuffix(f.dir(), "test") // storetest and the like
}
func (f goFile) lines() int { return f.fset.File(f.syntax.FileStart).LineCount() }

func (f goFile) imports() []string {
	var list []string
	for _, spec := range f.syntax.Imports {
		list = append(list, strings.Trim(spec.Path.Value, `"`))
	}
	return list
}

// goFiles parses every Go file of the main module. Nested modules, build
// results and data folders are not part of it.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	for _, name := range repositoryFiles(t, "cmd", "experiments", "cases", "search", "content", "themes", "internal") {
		if path.Ext(name) != ".go" {
			continue
		}
		fset := token.NewFileSet()
		syntax, err := parser.ParseFile(fset, filepath.Join("..", name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, goFile{path: name, syntax: syntax, fset: fset})
	}
	return files
}

// repositoryFiles lists the files below the given folders, as paths from the
// root. A folder that does not exist has none.
func repositoryFiles(t *testing.T, folders ...string) []string {
	t.Helper()
	var files []string
	for _, folder := range folders {
		start := filepath.Join("..", folder)
		if _, err := os.Stat(start); os.IsNotExist(err) {
			continue
		}
		err := filepath.WalkDir(start, func(file string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && isForeign(file, entry):
				return filepath.SkipDir
			case !entry.IsDir():
				name, _ := filepath.Rel("..", file)
				files = append(files, filepath.ToSlash(name))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// isForeign reports whether a folder is not this module's source: test data, or
// a nested module.
func isForeign(folder string, entry fs.DirEntry) bool {
	if entry.Name() == "testdata" || entry.Name() == "node_modules" {
		return true
	}
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}
