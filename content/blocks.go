package content

import (
	"fmt"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// blockRenderer writes tables, task boxes and footnotes the way the pages need
// them: tables scroll in a named region, boxes and back links have a name for
// those who do not see them.
type blockRenderer struct{}

// RegisterFuncs implements goldmark's renderer.NodeRenderer.
func (r blockRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(extast.KindTable, r.table)
	reg.Register(extast.KindTableHeader, r.tableHeader)
	reg.Register(extast.KindTableRow, r.tableRow)
	reg.Register(extast.KindTableCell, r.tableCell)
	reg.Register(extast.KindTaskCheckBox, r.taskBox)
	reg.Register(extast.KindFootnoteLink, r.footnoteLink)
	reg.Register(extast.KindFootnoteBacklink, r.footnoteBacklink)
	reg.Register(extast.KindFootnote, r.footnote)
	reg.Register(extast.KindFootnoteList, r.footnoteList)
}

func escape(s string) string { return string(util.EscapeHTML([]byte(s))) }

// write is fmt.Fprintf to a buffer whose errors the renderer reports itself.
func write(w util.BufWriter, format string, args ...any) {
	_, _ = fmt.Fprintf(w, format, args...)
}

func (blockRenderer) table(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		label, _ := n.AttributeString(labelKey)
		name, _ := label.(string)
		write(w, `<div class="scroll" role="region" tabindex="0" aria-label="%s"><table class="ds-table">`+"\n", escape(name))
		return ast.WalkContinue, nil
	}
	if n.ChildCount() > 1 {
		write(w, "</tbody>\n")
	}
	write(w, "</table></div>\n")
	return ast.WalkContinue, nil
}

func (blockRenderer) tableHeader(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		write(w, "<thead>\n<tr>\n")
		return ast.WalkContinue, nil
	}
	write(w, "</tr>\n</thead>\n")
	if n.NextSibling() != nil {
		write(w, "<tbody>\n")
	}
	return ast.WalkContinue, nil
}

func (blockRenderer) tableRow(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		write(w, "<tr>\n")
	} else {
		write(w, "</tr>\n")
	}
	return ast.WalkContinue, nil
}

func (blockRenderer) tableCell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	cell, ok := n.(*extast.TableCell)
	if !ok {
		return ast.WalkContinue, nil
	}
	// A head without words is no head: an empty <th> has nothing to say.
	tag, scope := "td", ""
	if cell.Parent().Kind() == extast.KindTableHeader && cell.HasChildren() {
		tag, scope = "th", ` scope="col"`
	}
	if !entering {
		write(w, "</%s>\n", tag)
		return ast.WalkContinue, nil
	}
	class := map[extast.Alignment]string{extast.AlignRight: ` class="n"`, extast.AlignCenter: ` class="c"`}[cell.Alignment]
	write(w, "<%s%s%s>", tag, scope, class)
	return ast.WalkContinue, nil
}

func (blockRenderer) taskBox(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	box, ok := n.(*extast.TaskCheckBox)
	if !entering || !ok {
		return ast.WalkContinue, nil
	}
	key, checked := "content.task_open", ""
	if box.IsChecked {
		key, checked = "content.task_done", ` checked=""`
	}
	write(w, `<input type="checkbox" disabled=""%s aria-label="%s"> `, checked, escape(optionsOf(n).words().T(key)))
	return ast.WalkContinue, nil
}

// footnotePrefix starts the ids of the footnotes of n's text.
func footnotePrefix(n ast.Node) string { return escape(newAnchors(optionsOf(n).Prefix).prefix) }

func refID(prefix string, index, ref int) string {
	if ref > 0 {
		return fmt.Sprintf("%sfnref:%d-%d", prefix, index, ref+1)
	}
	return fmt.Sprintf("%sfnref:%d", prefix, index)
}

func (blockRenderer) footnoteLink(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if link, ok := n.(*extast.FootnoteLink); entering && ok {
		p := footnotePrefix(n)
		write(w, `<sup id="%s"><a href="#%sfn:%d" class="footnote-ref" role="doc-noteref">%d</a></sup>`,
			refID(p, link.Index, link.RefIndex), p, link.Index, link.Index)
	}
	return ast.WalkContinue, nil
}

func (blockRenderer) footnoteBacklink(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if link, ok := n.(*extast.FootnoteBacklink); entering && ok {
		label := optionsOf(n).words().T("content.footnote_back", link.Index)
		if link.RefIndex > 0 {
			label = fmt.Sprintf("%s (%d)", label, link.RefIndex+1)
		}
		write(w, `&#160;<a href="#%s" class="footnote-backref" role="doc-backlink" aria-label="%s">&#x21a9;&#xfe0e;</a>`,
			refID(footnotePrefix(n), link.Index, link.RefIndex), escape(label))
	}
	return ast.WalkContinue, nil
}

func (blockRenderer) footnote(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	note, ok := n.(*extast.Footnote)
	if !ok {
		return ast.WalkContinue, nil
	}
	if entering {
		write(w, "<li id=\"%sfn:%d\">\n", footnotePrefix(n), note.Index)
	} else {
		write(w, "</li>\n")
	}
	return ast.WalkContinue, nil
}

func (blockRenderer) footnoteList(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		o := optionsOf(n)
		label := o.words().T("content.footnotes")
		if o.Name != "" {
			label = o.words().T("content.footnotes_titled", o.Name)
		}
		write(w, "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"%s\">\n<hr>\n<ol>\n", escape(label))
	} else {
		write(w, "</ol>\n</section>\n")
	}
	return ast.WalkContinue, nil
}
