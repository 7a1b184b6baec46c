package internal_test

import (
	"go/ast"
	"strconv"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
)

// Pages for readers who are not signed in are made and kept as if they had been
// asked with nothing but the names that web.Asks knows: a handler that reads
// another one would never see it.
func TestHandlersReadOnlyNamesThatPagesMayBeAskedWith(t *testing.T) {
	seen := 0
	for _, f := range goFiles(t) {
		if f.isTest() || strings.HasPrefix(f.name(), "api") || !speaksHTTP(f) {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				for _, name := range namesRead(call) {
					if seen++; !web.Asks(name) {
						t.Errorf("%s reads %q from the address, which web.Asks does not know", f.path, name)
					}
				}
			}
			return true
		})
	}
	for _, facet := range search.Facets {
		if !web.Asks(facet) {
			t.Errorf("the search narrows by %q, which web.Asks does not know", facet)
		}
	}
	for _, facet := range experiments.Facets {
		if !web.Asks(facet.Name) {
			t.Errorf("lists are narrowed by %q, which web.Asks does not know", facet.Name)
		}
	}
	if seen < 10 {
		t.Errorf("only %d names found: the test looks in the wrong place", seen)
	}
}

// namesRead are the names of the address that a call reads: c.Query("q"), or a
// helper of handlers, query(c, "q") or get("q").
func namesRead(call *ast.CallExpr) (names []string) {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if f.Sel.Name != "Query" && f.Sel.Name != "QueryInt" {
			return nil
		}
	case *ast.Ident:
		if f.Name != "query" && f.Name != "get" {
			return nil
		}
	default:
		return nil
	}
	for _, arg := range call.Args {
		if lit, ok := arg.(*ast.BasicLit); ok {
			if name, err := strconv.Unquote(lit.Value); err == nil {
				names = append(names, name)
			}
		}
	}
	return names
}
