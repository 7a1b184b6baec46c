package cases

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// A Verdict is what became of a file.
type Verdict string

// The verdicts.
const (
	Imported  Verdict = "imported"
	Updated   Verdict = "updated"
	Unchanged Verdict = "unchanged"
	Rejected  Verdict = "rejected"
)

// A Line tells what became of one file.
type Line struct {
	Path    string    `json:"path"`
	Verdict Verdict   `json:"verdict"`
	Case    string    `json:"case,omitempty"`    // its id, unless rejected
	Missing []string  `json:"missing,omitempty"` // keys that stayed empty
	Wrong   []Finding `json:"wrong,omitempty"`   // why it was rejected
}

// A Finding is one reason for rejecting a file.
type Finding struct {
	Line int    `json:"line,omitempty"` // of the file; 0: the file as a whole
	Key  string `json:"key"`            // of the translation
	Args []any  `json:"args,omitempty"`
	Text string `json:"text,omitempty"` // a failure of reading, in the system's words
}

// Total counts the verdicts of an import.
type Total struct {
	Imported  int `json:"imported"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Rejected  int `json:"rejected"`
}

// String is the last line of a report.
func (t Total) String() string {
	return fmt.Sprintf("%d imported, %d updated, %d unchanged, %d rejected", t.Imported, t.Updated, t.Unchanged, t.Rejected)
}

// Count adds one verdict.
func (t *Total) Count(v Verdict) {
	switch v {
	case Imported:
		t.Imported++
	case Updated:
		t.Updated++
	case Unchanged:
		t.Unchanged++
	case Rejected:
		t.Rejected++
	}
}

// Text is the line in words, one line of text for each finding.
func (l Line) Text(p i18n.Printer) string {
	if l.Verdict != Rejected {
		s := string(l.Verdict) + " " + l.Path
		if l.Case != "" {
			s += " " + l.Case
		}
		if len(l.Missing) > 0 {
			s += " (" + p.T("case.file_missing", strings.Join(l.Missing, ", ")) + ")"
		}
		return s
	}
	var list []string
	for _, f := range l.Wrong {
		text := f.Text
		if f.Key != "" {
			text = p.T(f.Key, f.Args...)
		}
		list = append(list, fmt.Sprintf("%s %s:%d: %s", l.Verdict, l.Path, max(f.Line, 1), text))
	}
	return strings.Join(list, "\n")
}

// report makes the line of a file.
func (in *incoming) report(v Verdict) Line {
	l := Line{Path: in.file.path, Verdict: v, Case: in.id}
	if in.err == nil {
		if v != Unchanged {
			l.Missing = in.file.missing()
		}
		return l
	}
	l.Verdict, l.Case = Rejected, ""
	for _, f := range fault.All(in.err) {
		finding := Finding{Key: f.Key, Args: f.Args, Line: in.file.lineOf(f)}
		l.Wrong = append(l.Wrong, finding)
	}
	if len(l.Wrong) == 0 {
		cause := in.err
		for errors.Unwrap(cause) != nil {
			cause = errors.Unwrap(cause)
		}
		l.Wrong = []Finding{{Text: cause.Error()}}
	}
	return l
}

// lineOf is the line of the file that a fault is about. Faults of the content
// package bring it; others name the key.
func (f caseFile) lineOf(e *fault.Error) int {
	if len(e.Args) > 1 && e.Args[0] == any(f.path) {
		if n, ok := e.Args[1].(int); ok {
			return n
		}
	}
	switch {
	case f.meta == nil:
		return 1
	case e.Field == "body":
		return f.bodyLine
	}
	return max(f.meta.Line(e.Field), 1)
}
