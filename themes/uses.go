package themes

import (
	"html/template"
	"text/template/parse"
)

// complete adds to a page what it and its root use of the base, and what that
// uses. A copy of all of it for every page would be most of what a portal keeps
// in memory.
func complete(page, base *template.Template, root string) error {
	seen := map[string]bool{}
	todo := []string{root}
	for _, t := range page.Templates() {
		todo = append(todo, t.Name())
	}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[name] {
			continue
		}
		seen[name] = true
		t := page.Lookup(name)
		if t == nil || t.Tree == nil {
			of := base.Lookup(name)
			if of == nil || of.Tree == nil {
				continue // the error of executing it says where it is missed
			}
			var err error
			if t, err = page.AddParseTree(name, of.Tree.Copy()); err != nil {
				return err
			}
		}
		todo = append(todo, used(t.Tree.Root)...)
	}
	return nil
}

// used are the names of the templates that a list of nodes calls.
func used(list *parse.ListNode) (names []string) {
	if list == nil {
		return nil
	}
	branch := func(b *parse.BranchNode) { names = append(append(names, used(b.List)...), used(b.ElseList)...) }
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.TemplateNode:
			names = append(names, n.Name)
		case *parse.IfNode:
			branch(&n.BranchNode)
		case *parse.RangeNode:
			branch(&n.BranchNode)
		case *parse.WithNode:
			branch(&n.BranchNode)
		}
	}
	return names
}
