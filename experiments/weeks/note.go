package weeks

import (
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// maxNote is how long a line of a daily note may be, in characters.
const maxNote = 140

// A Note is what somebody of the team says on one day in three lines: what was
// done, what is done today, what is in the way. There is one for each person
// and day; only the team reads it.
type Note struct {
	Experiment string    `json:"experiment"`
	Person     string    `json:"person"`
	Day        string    `json:"day"` // 2026-03-02, in the portal's zone
	Done       string    `json:"done,omitempty"`
	Today      string    `json:"today,omitempty"`
	Obstacle   string    `json:"obstacle,omitempty"`
	Written    time.Time `json:"written"`
}

// ErrNoteEmpty is returned for a note without a word.
var ErrNoteEmpty = fault.New(fault.Invalid, "weeks.note_empty").On("note_done")

func (n *Note) check() error {
	n.Done, n.Today, n.Obstacle = strings.TrimSpace(n.Done), strings.TrimSpace(n.Today), strings.TrimSpace(n.Obstacle)
	var f findings
	f.when(n.Done == "" && n.Today == "" && n.Obstacle == "", ErrNoteEmpty)
	f.text("note_done", n.Done, maxNote)
	f.text("note_today", n.Today, maxNote)
	f.text("note_obstacle", n.Obstacle, maxNote)
	return f.err()
}

// A Purpose is why somebody does this work, in their own words. It is private
// unless they show it to their teams.
type Purpose struct {
	Person  string    `json:"person"`
	Text    string    `json:"text"`
	Shown   bool      `json:"shown,omitempty"` // to the teams they belong to
	Changed time.Time `json:"changed"`
}

// maxPurpose is how long a purpose may be, in characters.
const maxPurpose = 600
