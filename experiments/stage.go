package experiments

import "time"

// Stage is how far an experiment has come.
type Stage string

// The ten stages.
const (
	Draft    Stage = "draft"
	Idea     Stage = "idea"
	Planned  Stage = "planned"
	Running  Stage = "running"
	Paused   Stage = "paused"
	Ended    Stage = "ended"
	Learned  Stage = "learned"
	Spread   Stage = "spread"
	Stopped  Stage = "stopped"
	Archived Stage = "archived"
)

// Stages lists the stages in their usual order.
var Stages = []Stage{Draft, Idea, Planned, Running, Paused, Ended, Learned, Spread, Stopped, Archived}

// Line is the way most experiments go: what the stage line of a page shows.
var Line = []Stage{Idea, Planned, Running, Ended, Learned}

// A Move is one change of stage.
type Move struct {
	From   Stage     `json:"from"`
	To     Stage     `json:"to"`
	At     time.Time `json:"at"`
	By     string    `json:"by"` // person, or "system"
	Reason string    `json:"reason,omitempty"`
}

// A Pause is a time the weeks do not count. Until is zero while it lasts.
type Pause struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until,omitzero"`
	Reason string    `json:"reason"`
}

// A Confirmation is the coordinator's yes to a start. Asked is when the owner
// asked for it.
type Confirmation struct {
	Asked time.Time `json:"asked,omitzero"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

// A SpreadNote says that it is done elsewhere, or in the whole house, too.
type SpreadNote struct {
	By           string    `json:"by"`
	Organisation string    `json:"organisation,omitempty"`
	At           time.Time `json:"at"`
	Note         string    `json:"note,omitempty"`
}
