package content

import (
	"regexp"
	"strings"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// How large a text may be, in bytes. Parsing Markdown can take time that grows
// with the square of a paragraph, so size alone is not enough: see cost.
const (
	FieldLimit = 30 << 10  // one field of a form
	CaseLimit  = 100 << 10 // the whole text of a case
)

// What one text may hold. Measured on one core: a text at any of these limits
// takes less than half a second, and an ordinary case a few hundred
// microseconds. Without them 100 kilobytes of "[a](" take seven seconds and a
// wide table of empty rows turns into 20 megabytes.
const (
	nestingLimit  = 40     // lists and quotations opened in one line
	bracketLimit  = 1500   // opening brackets in one paragraph
	markLimit     = 5000   // stars, underscores, tildes, backquotes in one paragraph
	columnLimit   = 40     // columns of a table
	paddingLimit  = 10_000 // cells that rows lack and that are filled in
	footnoteLimit = 400    // footnotes
)

// Faults of texts that are not rendered. Their texts take a size in kilobytes
// or the number of the line.
var (
	ErrTooLong      = fault.New(fault.TooLarge, "content.markdown_too_long")
	ErrTooDeep      = fault.New(fault.Invalid, "content.markdown_too_deep")
	ErrTooDense     = fault.New(fault.Invalid, "content.markdown_too_dense")
	ErrTableTooBig  = fault.New(fault.Invalid, "content.markdown_table_too_big")
	ErrTooManyNotes = fault.New(fault.Invalid, "content.markdown_too_many_footnotes")
)

// checkCost refuses what would keep the parser busy for longer than a reader
// waits. It looks at every byte once.
func checkCost(markdown string, limit int) error {
	if len(markdown) > limit {
		return ErrTooLong.With(limit>>10, (len(markdown)+1023)>>10)
	}
	c := cost{block: 1}
	for l := range strings.Lines(markdown) {
		if err := c.add(l); err != nil {
			return err
		}
	}
	return nil
}

var listItem = regexp.MustCompile(`^ {0,3}[-+*] +[^\s]`)

// cost is what has been seen of a text so far.
type cost struct {
	line, block     int // numbers of this line and of the first line of its block
	brackets, marks int // in this block
	columns         int // of the table in this block, 0 outside tables
	padding, notes  int // in the whole text
}

func (c *cost) add(l string) error {
	c.line++
	switch {
	case strings.TrimSpace(l) == "":
		c.block, c.brackets, c.marks, c.columns = c.line+1, 0, 0, 0
		return nil
	case listItem.MatchString(l): // starts a paragraph of its own
		c.block, c.brackets, c.marks = c.line, 0, 0
	}
	c.brackets += strings.Count(l, "[")
	for _, mark := range []string{"*", "_", "~", "`"} {
		c.marks += strings.Count(l, mark)
	}
	c.columns = max(c.columns, columns(l))
	c.padding += max(0, c.columns-strings.Count(l, "|"))
	c.notes += strings.Count(l, "[^")
	switch {
	case depth(l) > nestingLimit:
		return ErrTooDeep.With(c.line)
	case c.brackets > bracketLimit, c.marks > markLimit:
		return ErrTooDense.With(c.block)
	case c.columns > columnLimit, c.padding > paddingLimit:
		return ErrTableTooBig.With(c.line, columnLimit)
	case c.notes > 2*footnoteLimit: // a note and the place that refers to it
		return ErrTooManyNotes.With(footnoteLimit)
	}
	return nil
}

// depth is how many quotations and lists the start of one line opens.
func depth(l string) int {
	n := 0
	for i := range len(l) {
		switch c := l[i]; {
		case c == ' ', c == '\t', c >= '0' && c <= '9':
		case c == '>', c == '-', c == '+', c == '*':
			n++
		case (c == '.' || c == ')') && i > 0 && l[i-1] >= '0' && l[i-1] <= '9':
			n++
		case c == '\n', c == '\r':
			return bare(l, n)
		default:
			return n
		}
	}
	return bare(l, n)
}

// bare is the depth of a line without words: nothing for a rule, an underline
// or the dashes of a table.
func bare(l string, n int) int {
	if strings.Trim(l, "-* \t\r\n") == "" {
		return 0
	}
	return n
}

// columns is how many columns a line declares if it is the line of dashes
// under the head of a table, else 0. Every row is filled up to that number.
func columns(l string) int {
	if !strings.Contains(l, "-") || !strings.Contains(l, "|") || strings.Trim(l, "|:- \t\r\n>*+.)0123456789") != "" {
		return 0
	}
	return strings.Count(l, "|") + 1
}
