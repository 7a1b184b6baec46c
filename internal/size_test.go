package internal_test

import (
	"bytes"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The largest sizes that still let a newcomer read the file in one go. Aim for
// half of them.
const (
	maxFile     = 600
	maxTestFile = 800
	maxFunction = 80
	maxTemplate = 150
)

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	for _, f := range goFiles(t) {
		limit := maxFile
		if f.isTest() {
			limit = maxTestFile
		}
		if n := f.lines(); n > limit && !ast.IsGenerated(f.syntax) {
			t.Errorf("%s has %d lines, at most %d: one concept a file", f.path, n, limit)
		}
		if f.isTest() {
			continue
		}
		for _, decl := range f.syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1; n > maxFunction {
				t.Errorf("%s: %s has %d lines, at most %d", f.path, fn.Name.Name, n, maxFunction)
			}
		}
	}
}

func TestTemplatesStaySmall(t *testing.T) {
	for _, name := range repositoryFiles(t, "themes") {
		if path.Ext(name) != ".html" {
			continue
		}
		if n := bytes.Count(read(t, name), []byte("\n")); n > maxTemplate {
			t.Errorf("%s has %d lines, at most %d: move parts to _parts/", name, n, maxTemplate)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	documented := map[string]bool{} // packages with a package comment
	for _, f := range goFiles(t) {
		if f.isTest() && strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		documented[f.dir()] = documented[f.dir()] || f.syntax.Doc != nil
		if f.syntax.Name.Name == "main" {
			continue
		}
		for _, decl := range f.syntax.Decls {
			for _, name := range undocumented(decl) {
				t.Errorf("%s: %s has no comment that says what it promises", f.path, name)
			}
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// undocumented returns the exported names of a declaration that no comment
// covers. A comment on a group covers the group's names.
func undocumented(decl ast.Decl) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			return nil
		}
		var list []string
		for _, spec := range d.Specs {
			list = append(list, undocumentedSpec(spec)...)
		}
		return list
	}
	return nil
}

func undocumentedSpec(spec ast.Spec) []string {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Doc == nil && s.Comment == nil && s.Name.IsExported() {
			return []string{s.Name.Name}
		}
	case *ast.ValueSpec:
		var list []string
		for _, name := range s.Names {
			if s.Doc == nil && s.Comment == nil && name.IsExported() {
				list = append(list, name.Name)
			}
		}
		return list
	}
	return nil
}

// exportedReceiver reports whether a function is no method, or the method of an
// exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return false
		}
	}
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX)\b`)

func TestNothingIsLeftForLater(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, group := range f.syntax.Comments {
			if m := unfinished.FindString(group.Text()); m != "" {
				t.Errorf("%s: a comment says %s; open an issue instead", f.path, m)
			}
		}
	}
}

// What makes a browser load something from another host.
var (
	outsideCSS      = regexp.MustCompile(`(?i)(url\(\s*['"]?|@import\s+['"]?)(https?:)?//`)
	outsideJS       = regexp.MustCompile("(?i)['\"`](https?:)?//[a-z0-9]")
	outsideTemplate = regexp.MustCompile(`(?i)(\b(src|srcset|poster|data|action|formaction)|<link[^>]*\bhref)\s*=\s*["']?(https?:)?//`)
	namespaces      = regexp.MustCompile(`https?://www\.w3\.org/`)
)

func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	rules := map[string]*regexp.Regexp{".css": outsideCSS, ".js": outsideJS, ".html": outsideTemplate, ".svg": outsideTemplate}
	for _, name := range repositoryFiles(t, "themes", "content") {
		rule := rules[path.Ext(name)]
		if rule == nil {
			continue
		}
		text := namespaces.ReplaceAll(read(t, name), nil)
		if found := rule.Find(text); found != nil {
			t.Errorf("%s loads something from elsewhere: %q", name, found)
		}
	}
}

// read returns a file of the repository.
func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
