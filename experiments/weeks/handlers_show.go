package weeks

import (
	"math"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// showPage is everything weeks/show.html may use. Without a plan only V.Card
// and V.MayEdit are set.
type showPage struct {
	web.Page
	V         *View
	Total     int
	When      string // which week it is, in words
	Begun     bool
	This, Sum *scoreView
	Goals     []goalView
	Missing   []linkView
	Now       []rowView // this week's
	Late      []rowView
	Grid      []rowView
	Weeks     []weekView
	Overdue   []countView
	Purposes  []purposeView
	Plans     []linkView
	Owners    []web.Option
	Open      []web.Option // weeks that an action may be put into
	Next      int          // week that is offered
	MayReview bool
	Me        string
}

type linkView struct {
	Title, URL string
	Here       bool
}

type countView struct {
	Name string
	N    int
}

type purposeView struct{ Name, Text string }

// scoreView is a score in words: never by its colour alone.
type scoreView struct {
	Score
	Percent string // 78.6 %
	Colour  string
	Icon    string
	Word    string
}

var levelLooks = map[Level][2]string{Green: {"success", "check"}, Yellow: {"brand1", "s-run"}, Red: {"danger", "warn"}}

func scoreOf(p i18n.Printer, s Score) *scoreView {
	look, ok := levelLooks[s.Level()]
	if !ok {
		look = [2]string{"neutral", "o-none"}
	}
	return &scoreView{Score: s, Percent: p.Percent(s.Share(), 1), Colour: look[0], Icon: look[1], Word: p.T("weeks.level_" + string(s.Level()))}
}

// rowView is an action in a list or the grid.
type rowView struct {
	Page web.Page
	Action
	URL, Lang, Owner, State, Until, Note string
	MayDo                                bool
	States                               []string
}

// weekView is one week with its actions.
type weekView struct {
	N           int
	First, Last string
	Now         bool
	Score       *scoreView // nil: the week has not begun
	Rows        []rowView
	Gate        string // address of its results, or ""
	GateMissing bool
}

// goalView is a goal with what was measured last.
type goalView struct {
	Goal
	Before, Wanted string
	Last           *resultView
}

// resultView is an interim result in words.
type resultView struct {
	Week                     int
	Now, Change, Trend, Look string
	How, Day                 string
}

func (h *Handlers) newest(c *fiber.Ctx) error { return h.showPlan(c, h.Web.Page(c, section), 0) }

func (h *Handlers) show(c *fiber.Ctx) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	return h.showPlan(c, h.Web.Page(c, section), n)
}

func (h *Handlers) showPlan(c *fiber.Ctx, p web.Page, n int) error {
	a := accounts.ActorOf(c)
	v, err := h.Weeks.See(web.Context(c), a, idOf(c), n, p.Lang)
	if err != nil {
		return err
	}
	page := showPage{Page: p, V: &v, Me: a.ID}
	page.NoIndex = !v.Card.IsPublic(p.Now)
	page.Description = p.T("weeks.description", v.Card.Title)
	page.Crumbs = crumbs(p, &v.Card, 0, p.T("weeks.title"))
	if v.Plan == nil {
		return h.Web.Render(c, "weeks/show", page)
	}
	numbers, err := h.Weeks.numbers(web.Context(c), v.Card.ID)
	if err != nil {
		return err
	}
	for _, one := range numbers {
		page.Plans = append(page.Plans, linkView{Title: p.T("weeks.plan_n", one), URL: p.URL(at(v.Card.ID, one)), Here: one == v.Plan.N})
	}
	page.fill()
	return h.Web.Render(c, "weeks/show", page)
}

// fill puts the plan into words.
func (page *showPage) fill() {
	v := page.V
	page.Total, page.Begun = v.Cal.Total(), v.Week > 0
	page.When = whenWords(page.Printer, v)
	if n := min(v.Week, page.Total); n > 0 {
		page.This = scoreOf(page.Printer, v.Plan.Score(n, v.Cal))
		if sum := v.Plan.Sum(v.Cal, v.Week); sum.Due > 0 {
			page.Sum = scoreOf(page.Printer, sum)
		}
	}
	for i, g := range v.Plan.Goals {
		page.Goals = append(page.Goals, goalOf(page.Printer, v.Plan, i, g))
	}
	if !v.Plan.IsClosed() {
		for _, gate := range v.Plan.Missing(v.Week) {
			page.Missing = append(page.Missing, linkView{Title: page.T("weeks.results_missing_link", gate), URL: resultsPath(page.Lang, v.Plan, gate)})
		}
	}
	page.weeks()
	page.team()
	over := v.Week >= v.Cal.Total() || v.Card.Over()
	page.MayReview = v.MayEdit && over
}

func (page *showPage) weeks() {
	v := page.V
	for n := 1; n <= page.Total; n++ {
		w := weekView{N: n, First: page.DateShort(v.Cal.Monday(n)), Last: page.DateShort(v.Cal.Sunday(n)), Now: n == v.Week}
		if n <= v.Week {
			w.Score = scoreOf(page.Printer, v.Plan.Score(n, v.Cal))
		}
		for _, gate := range v.Plan.Gates() {
			if gate == n {
				w.Gate, w.GateMissing = resultsPath(page.Lang, v.Plan, gate), !v.Plan.whole(gate)
			}
		}
		page.Weeks = append(page.Weeks, w)
	}
	for _, x := range v.Plan.Actions {
		row := page.row(x)
		page.Grid = append(page.Grid, row)
		for i := range page.Weeks {
			if n := i + 1; x.wasDue(n) {
				row.State = row.States[i]
				page.Weeks[i].Rows = append(page.Weeks[i].Rows, row)
			}
		}
		row.State = x.State(v.Week)
		switch {
		case x.IsOverdue(v.Week):
			page.Late = append(page.Late, row)
		case x.Due == v.Week:
			page.Now = append(page.Now, row)
		}
	}
	slices.SortStableFunc(page.Now, func(a, b rowView) int { return order(a) - order(b) }) // what is done comes last
}

func order(r rowView) int {
	if r.IsDone() {
		return 1
	}
	return 0
}

func (page *showPage) row(x Action) rowView {
	v := page.V
	row := rowView{
		Page: page.Page, Action: x, Lang: v.Card.Lang, State: x.State(v.Week), Until: page.DateShort(v.Cal.Sunday(x.Due)),
		MayDo: v.MayEdit, States: x.States(v.Week, page.Total), URL: page.URL(at(v.Card.ID, v.Plan.N, "actions", strconv.Itoa(x.N))),
	}
	if v.IsTeam {
		row.Owner = v.Names[x.Owner]
		if n := len(x.Moves); n > 0 {
			row.Note = page.T("weeks.moved_because", x.Moves[n-1].Reason)
		}
	}
	return row
}

func (page *showPage) team() {
	v := page.V
	for _, one := range v.Overdue {
		page.Overdue = append(page.Overdue, countView{v.Names[one.Person], one.N})
	}
	for _, one := range v.Purposes {
		page.Purposes = append(page.Purposes, purposeView{v.Names[one.Person], one.Text})
	}
	for _, person := range v.Team {
		page.Owners = append(page.Owners, web.Option{Value: person, Label: v.Names[person]})
	}
	page.Open = openWeeks(page.Printer, v)
	page.Next = min(max(v.Week, 1), page.Total)
}

// openWeeks are the weeks that an action may be put into, with their days.
func openWeeks(p i18n.Printer, v *View) (list []web.Option) {
	from := v.Week
	if from > v.Cal.Total() {
		from = 1 // all are over: the plan is being put in order
	}
	for n := max(from, 1); n <= v.Cal.Total(); n++ {
		list = append(list, web.Option{Value: strconv.Itoa(n), Label: p.T("weeks.week_days", n, p.DateShort(v.Cal.Monday(n)), p.DateShort(v.Cal.Sunday(n)))})
	}
	return list
}

// whenWords says which week it is.
func whenWords(p i18n.Printer, v *View) string {
	switch {
	case v.Plan.IsClosed():
		return p.T("weeks.when_closed", p.Date(v.Plan.Review.At))
	case v.Week == 0:
		return p.T("weeks.when_begins", p.Date(v.Cal.Monday(1)))
	case v.Cal.IsPaused(v.Now):
		return p.T("weeks.when_paused", v.Week, v.Cal.Total())
	case v.Week == v.Cal.Review():
		return p.T("weeks.when_review", v.Week)
	case v.Week > v.Cal.Review():
		return p.T("weeks.when_over", p.Date(v.Cal.Sunday(v.Cal.Review())))
	}
	return p.T("theme.week_of", v.Week, v.Cal.Total())
}

func goalOf(p i18n.Printer, plan *Plan, i int, g Goal) goalView {
	v := goalView{Goal: g, Before: amount(p, g.Baseline, g.Unit), Wanted: amount(p, g.Target, g.Unit)}
	if r, ok := plan.LastResult(i + 1); ok {
		v.Last = resultOf(p, g, r)
	}
	return v
}

var trendLooks = map[Trend]string{Reached: "success", Better: "success", Same: "neutral", Worse: "danger"}

func resultOf(p i18n.Printer, g Goal, r InterimResult) *resultView {
	trend := g.Trend(r.Now)
	return &resultView{
		Week: r.Week, Now: amount(p, r.Now, g.Unit), Change: changeWords(p, r.Before, r.Now), Trend: string(trend), Look: trendLooks[trend],
		How: r.How, Day: p.DateShort(r.Day),
	}
}

// changeWords is a change in per cent with its sign, or says that it cannot be
// counted.
func changeWords(p i18n.Printer, before, now float64) string {
	percent, ok := Change(before, now)
	if !ok {
		return p.T("weeks.change_from_nothing")
	}
	sign := map[bool]string{true: "−", false: "+"}[percent < 0]
	if percent == 0 {
		sign = "±"
	}
	return sign + p.Percent(math.Abs(percent)/100, 1)
}

// amount is a number with its unit.
func amount(p i18n.Printer, n float64, unit string) string {
	if unit == "" {
		return p.Decimal(n, 2)
	}
	return p.Decimal(n, 2) + " " + unit
}

// goalPart is a goal for a part of a page.
type goalPart struct {
	Page web.Page
	G    goalView
	Lang string
}

// GoalOf is a goal with what its part of the page needs.
func (page showPage) GoalOf(g goalView) goalPart { return goalPart{page.Page, g, page.V.Card.Lang} }
