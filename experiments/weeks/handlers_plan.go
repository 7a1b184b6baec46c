package weeks

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// editPage is everything weeks/edit.html may use: the form of a new plan, or of
// the goals of one.
type editPage struct {
	web.Page
	Card       experiments.Experiment
	Plan       *Plan // that is changed; nil: a new one
	Number     int   // of the plan
	Start      time.Time
	MayStart   bool // the first Monday may still change
	Post       string
	Back       string
	Fields     []goalFields
	Directions []experiments.Direction
	Carry      []carryView // unfinished actions of the plan before
	Open       []web.Option
}

// goalFields is one goal of the form, with the names of its fields.
type goalFields struct {
	N int
	Goal
	Baseline, Target                                  *float64
	FResult, FMeasure, FUnit, FDirection, FBase, FAim string
	First                                             bool
}

// carryView is an unfinished action and the names of its fields.
type carryView struct {
	Action
	FTake, FWeek, FReason string
}

func fieldsOf(goals []Goal) []goalFields {
	var list []goalFields
	for i := range MaxGoals {
		f := goalFields{
			N: i + 1, First: i == 0, FResult: goalField(i, "result"), FMeasure: goalField(i, "measure"), FUnit: goalField(i, "unit"),
			FDirection: goalField(i, "direction"), FBase: goalField(i, "baseline"), FAim: goalField(i, "target"),
		}
		if i < len(goals) {
			f.Goal, f.Baseline, f.Target = goals[i], &goals[i].Baseline, &goals[i].Target
		}
		list = append(list, f)
	}
	return list
}

func (h *Handlers) beginForm(c *fiber.Ctx) error { return h.showBegin(c, h.Web.Page(c, section)) }

func (h *Handlers) showBegin(c *fiber.Ctx, p web.Page) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	v, err := h.Weeks.See(web.Context(c), a, idOf(c), 0, p.Lang)
	if err != nil {
		return err
	}
	if err := h.Weeks.mayChange(a, &v.Card, v.Thing); err != nil {
		return err
	}
	page := editPage{
		Page: p, Card: v.Card, Number: 1, MayStart: true, Post: p.URL("experiments", v.Card.ID, "weeks"), Back: p.URL("experiments", v.Card.ID),
		Directions: []experiments.Direction{experiments.Less, experiments.More}, Start: firstMonday(&v, h.Weeks.Zone),
	}
	var goals []Goal
	if last := v.Plan; last != nil {
		if !last.IsClosed() {
			return ErrOpen
		}
		page.Number, page.Back, goals = last.N+1, p.URL(at(v.Card.ID, last.N)), last.NextGoals()
		for _, x := range last.Unfinished() {
			page.Carry = append(page.Carry, carryView{x, carryField(x.N, "take"), carryField(x.N, "week"), carryField(x.N, "reason")})
		}
	} else {
		goals = goalsOf(&v.Card)
	}
	for n := 1; n <= FullLength; n++ {
		page.Open = append(page.Open, web.Option{Value: strconv.Itoa(n), Label: p.T("weeks.week_n", n)})
	}
	page.Fields = fieldsOf(goals)
	page.NoIndex = true
	page.Crumbs = crumbs(p, &v.Card, 0, p.T("weeks.begin_n", page.Number))
	return h.Web.Render(c, "weeks/edit", page)
}

// firstMonday is the Monday that is offered for a new plan: of the week in
// which the experiment starts, after the review of the plan before, or this
// week's.
func firstMonday(v *View, zone *time.Location) time.Time {
	switch {
	case v.Plan != nil && v.Week <= v.Cal.Review():
		return after(v.Cal.Monday(v.Cal.Review()), 7, zone)
	case v.Plan == nil && v.Card.Calendar.Set():
		return Monday(v.Card.Calendar.Start, zone)
	}
	return Monday(v.Now, zone)
}

// goalsOf offers the measures of the card as goals, so that nobody writes them
// twice.
func goalsOf(e *experiments.Experiment) (goals []Goal) {
	for _, m := range e.Measures {
		g := Goal{Measure: m.Name, Unit: m.Unit, Direction: m.Direction}
		if m.Baseline != nil {
			g.Baseline = *m.Baseline
		}
		if m.Limit != nil {
			g.Target = *m.Limit
		}
		goals = append(goals, g)
	}
	return goals
}

func (h *Handlers) begin(c *fiber.Ctx) error {
	return h.change(c, "weeks_begun", func(a accounts.Actor, f web.Form) (string, error) {
		r := reader{Form: f, zone: h.Weeks.Zone}
		start, goals := r.day("start", ErrStart), r.goals()
		carry := r.carried()
		if err := r.err(); err != nil {
			return "", err
		}
		n, err := h.Weeks.Begin(web.Context(c), a, idOf(c), start, goals, carry)
		return at(idOf(c), n), err
	}, func(p web.Page) error { return h.showBegin(c, p) })
}

// goals reads the goals of a form; the lines that are empty are left out.
func (r *reader) goals() (list []Goal) {
	for i := range MaxGoals {
		g := Goal{
			Result: r.Get(goalField(i, "result")), Measure: r.Get(goalField(i, "measure")), Unit: r.Get(goalField(i, "unit")),
			Direction: experiments.Direction(r.Get(goalField(i, "direction"))),
		}
		if g.Result == "" && g.Measure == "" {
			continue
		}
		g.Baseline, g.Target = r.number(goalField(i, "baseline")), r.number(goalField(i, "target"))
		list = append(list, g)
	}
	return list
}

// carried reads which actions are taken along.
func (r *reader) carried() (list []Carry) {
	for name := range r.Values {
		rest, ok := strings.CutPrefix(name, "carry_")
		if !ok || !strings.HasSuffix(rest, "_take") || !r.Has(name) {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSuffix(rest, "_take"))
		if err != nil {
			continue
		}
		list = append(list, Carry{N: n, Week: r.whole(carryField(n, "week")), Reason: r.Get(carryField(n, "reason"))})
	}
	slices.SortFunc(list, func(x, y Carry) int { return x.N - y.N })
	return list
}

func (h *Handlers) goalsForm(c *fiber.Ctx) error { return h.showGoals(c, h.Web.Page(c, section)) }

func (h *Handlers) showGoals(c *fiber.Ctx, p web.Page) error {
	_, v, err := h.own(c, p.Lang)
	if err != nil {
		return err
	}
	if v.Plan.IsClosed() {
		return ErrClosed
	}
	page := editPage{
		Page: p, Card: v.Card, Plan: v.Plan, Number: v.Plan.N, Start: v.Plan.Start.In(h.Weeks.Zone), MayStart: v.Week == 0,
		Post: p.URL(at(v.Card.ID, v.Plan.N, "goals")), Back: p.URL(at(v.Card.ID, v.Plan.N)), Fields: fieldsOf(v.Plan.Goals),
		Directions: []experiments.Direction{experiments.Less, experiments.More},
	}
	page.NoIndex = true
	page.Crumbs = crumbs(p, &v.Card, v.Plan.N, p.T("weeks.goals"))
	return h.Web.Render(c, "weeks/edit", page)
}

func (h *Handlers) saveGoals(c *fiber.Ctx) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	return h.change(c, "weeks_saved", func(a accounts.Actor, f web.Form) (string, error) {
		r := reader{Form: f, zone: h.Weeks.Zone}
		var start time.Time
		if f.Get("start") != "" {
			start = r.day("start", ErrStart)
		}
		goals, version := r.goals(), r.whole("version")
		if err := r.err(); err != nil {
			return "", err
		}
		return at(idOf(c), n), h.Weeks.Aim(web.Context(c), a, idOf(c), n, version, start, goals)
	}, func(p web.Page) error { return h.showGoals(c, p) })
}
