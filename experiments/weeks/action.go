package weeks

import (
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// An Action is one line of a plan: what is done, who answers for it, and in
// which week. Due is the week it is planned for now; Moves tell from which
// weeks it was moved there.
type Action struct {
	N       int       `json:"n"`
	Text    string    `json:"text"`
	Owner   string    `json:"owner"`
	Due     int       `json:"due"`
	Help    bool      `json:"help,omitempty"` // a helping hand is wanted
	Done    time.Time `json:"done,omitzero"`
	DoneBy  string    `json:"done_by,omitempty"`
	Moves   []Move    `json:"moves,omitempty"`
	Carried *Carried  `json:"carried,omitempty"`
	Created time.Time `json:"created"`
	By      string    `json:"by"`
}

// A Move says that an action was put off, or brought forward, and why.
type Move struct {
	From   int       `json:"from"`
	To     int       `json:"to"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
}

// Carried says which unfinished action of the plan before this one was, and why
// it is taken along.
type Carried struct {
	Plan   int    `json:"plan"`
	N      int    `json:"n"`
	Reason string `json:"reason"`
}

// Faults of actions.
var (
	ErrOwner    = fault.New(fault.Invalid, "weeks.owner_unknown").On("owner")
	ErrWeek     = fault.New(fault.Invalid, "weeks.week_unknown").On("week")
	ErrWeekPast = fault.New(fault.Invalid, "weeks.week_past").On("week")
	ErrSameWeek = fault.New(fault.Invalid, "weeks.week_same").On("week")
	ErrBegun    = fault.New(fault.Conflict, "weeks.begun_already")
	ErrNoAction = fault.New(fault.NotFound, "error.not_found")
	ErrIsDone   = fault.New(fault.Conflict, "weeks.done_already")
)

// IsDone reports whether the action was marked done.
func (a Action) IsDone() bool { return !a.Done.IsZero() }

// IsOverdue reports whether the action's week is over and it is not done.
func (a Action) IsOverdue(week int) bool { return !a.IsDone() && a.Due < week }

// wasDue reports whether the action counts in a week: it is planned for it, or
// was moved away from it.
func (a Action) wasDue(week int) bool {
	return a.Due == week || slices.ContainsFunc(a.Moves, func(m Move) bool { return m.From == week })
}

// States are what the grid shows of the action in each week: "" where nothing
// is planned, else done, now, todo, moved or late.
func (a Action) States(week, total int) []string {
	states := make([]string, total)
	set := func(n int, state string) {
		if n >= 1 && n <= total {
			states[n-1] = state
		}
	}
	for _, m := range a.Moves {
		set(m.From, "moved")
	}
	set(a.Due, a.State(week))
	return states
}

// State is how the action stands in its own week: done, late, now or todo.
func (a Action) State(week int) string {
	switch {
	case a.IsDone():
		return "done"
	case a.Due < week:
		return "late"
	case a.Due == week:
		return "now"
	}
	return "todo"
}

// action finds an action by its number.
func (p *Plan) action(n int) (*Action, error) {
	for i := range p.Actions {
		if p.Actions[i].N == n {
			return &p.Actions[i], nil
		}
	}
	return nil, ErrNoAction
}

// check cleans what was typed of an action and says all that is wrong with it.
func (a *Action) check(team []string) *findings {
	a.Text = strings.TrimSpace(a.Text)
	f := &findings{}
	f.must("text", a.Text, maxLine)
	f.when(!slices.Contains(team, a.Owner), ErrOwner)
	return f
}

// weekOf refuses a week that is not in the plan or is over.
func (c Calendar) weekOf(f *findings, n, now int) {
	f.when(n < 1 || n > c.Total(), ErrWeek)
	f.when(n >= 1 && n < now && now <= c.Total(), ErrWeekPast)
}

// add puts an action into the plan and returns its number.
func (p *Plan) add(a Action, team []string, c Calendar, now time.Time) (int, error) {
	f := a.check(team)
	c.weekOf(f, a.Due, c.Week(now))
	f.when(len(p.Actions) >= MaxActions, ErrTooMany.With(MaxActions).On("text"))
	if err := f.err(); err != nil {
		return 0, err
	}
	p.LastAction++
	a.N, a.Created = p.LastAction, now
	p.Actions = append(p.Actions, a)
	return a.N, nil
}

// move puts an action into another week. Once the plan runs, it stays counted
// in the week it is moved from, and a reason is asked for; before that, the
// plan is still being made.
func (p *Plan) move(n int, m Move, c Calendar) error {
	a, err := p.action(n)
	if err != nil {
		return err
	}
	if a.IsDone() {
		return ErrIsDone
	}
	m.From, m.Reason = a.Due, strings.TrimSpace(m.Reason)
	week := c.Week(m.At)
	f := &findings{}
	c.weekOf(f, m.To, week)
	f.when(m.To == a.Due, ErrSameWeek)
	if week > 0 {
		f.must("reason", m.Reason, maxReason)
	}
	if err := f.err(); err != nil {
		return err
	}
	a.Due = m.To
	if week > 0 {
		a.Moves = append(a.Moves, m)
	}
	return nil
}

// remove takes an action out that no week has counted yet.
func (p *Plan) remove(n, week int) error {
	a, err := p.action(n)
	if err != nil {
		return err
	}
	if week > 0 && (len(a.Moves) > 0 || a.IsDone() || a.Due <= week) {
		return ErrBegun
	}
	p.Actions = slices.DeleteFunc(p.Actions, func(a Action) bool { return a.N == n })
	return nil
}
