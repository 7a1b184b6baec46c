package weeks

import (
	"github.com/kokeilu/kokeilu/internal/web"
)

// IsAny reports whether the person takes part in something that runs or is
// planned.
func (d Desk) IsAny() bool {
	return len(d.Overdue)+len(d.ThisWeek)+len(d.Done)+len(d.Later)+len(d.Notes) > 0
}

// LinesPart is a list of one's own actions for its part of a page.
type LinesPart struct {
	Page  web.Page
	Lines []Line
}

// On is a list of actions with the page they are shown on.
func (Desk) On(p web.Page, lines []Line) LinesPart { return LinesPart{p, lines} }

// A NoteLine is one line of a daily note as a field of a form.
type NoteLine struct{ ID, Name, Label, Value string }

// Lines are the three fields of a note; several notes may be on one page.
func (Desk) Lines(p web.Page, n OwnNote) []NoteLine {
	line := func(name, value string) NoteLine {
		return NoteLine{ID: name + "-" + n.Experiment, Name: name, Label: p.T("weeks." + name), Value: value}
	}
	return []NoteLine{line("note_done", n.Note.Done), line("note_today", n.Note.Today), line("note_obstacle", n.Note.Obstacle)}
}
