package internal_test

import (
	"go/ast"
	"slices"
	"testing"
)

// endings are the functions that may be given a context without an end: what
// they return ends by itself, or with the portal.
var endings = []string{"WithTimeout", "WithDeadline", "WithCancel", "NotifyContext", "limited", "rest"}

// endless are the calls that get one all the same.
var endless = map[string]string{
	"TermFieldReader": "search/vocabulary.go",              // reads what is in memory
	"NewWithConfig":   "internal/store/pgstore/pgstore.go", // connects later, with a limit of its own
	"Launch":          "internal/e2e/visitor.go",           // a browser for all tests
	"LogAttrs":        "internal/web/log.go",               // writes a line
}

// A request, a command or a duty that waits for ever keeps a connection, a
// lock or the end of the portal waiting too.
func TestEveryCallHasADeadline(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.isTest() {
			continue
		}
		for _, where := range f.endlessCalls() {
			t.Errorf("%s: a context without an end", where)
		}
	}
}

func TestCallsWithoutADeadlineAreSeen(t *testing.T) {
	f := source(t, "cases/x.go", `package p
func f() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	s.Update(context.Background(), nil)
	ctx = context.TODO()
	ctx = context.WithValue(context.WithoutCancel(ctx), key, 1)
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	TermFieldReader(context.Background())
}`)
	if got := f.endlessCalls(); len(got) != 4 {
		t.Errorf("found %q, want 4", got)
	}
}

// endlessCalls are the places where a context without an end is made and given
// to something else than one of endings.
func (f goFile) endlessCalls() (where []string) {
	fine := map[ast.Node]bool{}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := called(call)
		if slices.Contains(endings, name) || endless[name] == f.path {
			for _, arg := range call.Args {
				fine[arg] = true
			}
		}
		if slices.Contains([]string{"Background", "TODO", "WithoutCancel"}, name) && !fine[call] {
			where = append(where, f.fset.Position(call.Pos()).String())
		}
		return true
	})
	return where
}

// called is the name of the function that is called, without its package.
func called(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.Ident:
		return fun.Name
	}
	return ""
}
