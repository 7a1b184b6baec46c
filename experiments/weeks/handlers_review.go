package weeks

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// resultsPage is everything weeks/results.html may use.
type resultsPage struct {
	web.Page
	V      *View
	Week   int
	Fields []resultFields
	Early  bool
}

// resultFields is one goal with the names of its fields and what was written.
type resultFields struct {
	goalView
	N                int
	FNow, FHow, FDay string
	Now              *float64
	How              string
	Day              time.Time
	Less             bool
	Written          *resultView
}

func (h *Handlers) resultsForm(c *fiber.Ctx) error { return h.showResults(c, h.Web.Page(c, section)) }

// showResults shows the results of a week: as a form to the team, to everybody
// else as they are.
func (h *Handlers) showResults(c *fiber.Ctx, p web.Page) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	gate, err := number(c, "week")
	if err != nil {
		return err
	}
	v, err := h.Weeks.See(web.Context(c), accounts.ActorOf(c), idOf(c), n, p.Lang)
	if err != nil {
		return err
	}
	if !slices.Contains(v.Plan.Gates(), gate) {
		return ErrGate
	}
	page := resultsPage{Page: p, V: &v, Week: gate, Early: v.Week < gate}
	for i, g := range v.Plan.Goals {
		f := resultFields{
			goalView: goalOf(p.Printer, v.Plan, i, g), N: i + 1, FNow: goalField(i, "now"), FHow: goalField(i, "how"), FDay: goalField(i, "day"),
			Day: p.Now.In(h.Weeks.Zone), Less: g.Direction == experiments.Less,
		}
		if r, ok := v.Plan.ResultOf(gate, i+1); ok {
			f.Now, f.How, f.Day, f.Written = &r.Now, r.How, r.Day.In(h.Weeks.Zone), resultOf(p.Printer, g, r)
		} else if r, ok := v.Plan.LastResult(i + 1); ok {
			f.How = r.How // it is counted in the same way, as a rule
		}
		page.Fields = append(page.Fields, f)
	}
	page.NoIndex = true
	page.Crumbs = crumbs(p, &v.Card, n, p.T("weeks.results_of", gate))
	return h.Web.Render(c, "weeks/results", page)
}

func (h *Handlers) saveResults(c *fiber.Ctx) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	gate, err := number(c, "week")
	if err != nil {
		return err
	}
	return h.change(c, "weeks_measured", func(a accounts.Actor, f web.Form) (string, error) {
		_, v, err := h.own(c, h.Web.Page(c, section).Lang)
		if err != nil {
			return "", err
		}
		r := reader{Form: f, zone: h.Weeks.Zone}
		var results []InterimResult
		for i := range v.Plan.Goals {
			results = append(results, InterimResult{Now: r.number(goalField(i, "now")), How: f.Get(goalField(i, "how")), Day: r.day(goalField(i, "day"), ErrDay)})
		}
		if err := r.err(); err != nil {
			return "", err
		}
		return at(idOf(c), n), h.Weeks.Measure(web.Context(c), a, idOf(c), n, gate, results)
	}, func(p web.Page) error { return h.showResults(c, p) })
}

// reviewPage is everything weeks/review.html may use.
type reviewPage struct {
	web.Page
	V         *View
	Practices []practiceView
	Verdicts  []Verdict
	Evidence  []web.Option
	Excuses   []linkView // weeks without results; Title is the name of the field
	ExcuseOf  []int
	Sum       *scoreView
	Early     bool
}

// practiceView is a conclusion with its evidence in words.
type practiceView struct {
	Practice
	Look, Icon string
	Proof      []proofView
	Plan       int
}

type proofView struct {
	N              int
	URL, Day, Text string
	Kind           experiments.LogKind
}

var verdictLooks = map[Verdict][2]string{Works: {"success", "check"}, DoesNot: {"danger", "cross"}, Unclear: {"neutral", "o-none"}}

func practiceOf(p web.Page, experiment string, plan int, one Practice, proof map[int]experiments.Entry) practiceView {
	v := practiceView{Practice: one, Look: verdictLooks[one.Verdict][0], Icon: verdictLooks[one.Verdict][1], Plan: plan}
	for _, n := range one.Evidence {
		entry, ok := proof[n]
		if !ok {
			continue // it is not for this reader
		}
		v.Proof = append(v.Proof, proofView{
			N: n, Day: p.DateShort(entry.At), Text: short(entry.Text), Kind: entry.Kind,
			URL: p.URL("experiments", experiment, "log") + "?before=" + strconv.Itoa(n+1) + "#n" + strconv.Itoa(n),
		})
	}
	return v
}

// short is the beginning of a text.
func short(s string) string {
	const most = 90
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}

func (h *Handlers) review(c *fiber.Ctx) error { return h.showReview(c, h.Web.Page(c, section)) }

func (h *Handlers) showReview(c *fiber.Ctx, p web.Page) error {
	_, v, err := h.own(c, p.Lang)
	if err != nil {
		return err
	}
	if v.Plan.IsClosed() {
		return ErrClosed
	}
	page := reviewPage{Page: p, V: v, Verdicts: Verdicts, Early: v.Week < v.Cal.Total() && !v.Card.Over()}
	for _, one := range v.Plan.Practices {
		page.Practices = append(page.Practices, practiceOf(p, v.Card.ID, v.Plan.N, one, v.Proof))
	}
	for _, entry := range v.Log {
		page.Evidence = append(page.Evidence, web.Option{
			Value: strconv.Itoa(entry.N), Label: p.DateShort(entry.At) + " " + p.T("experiment.kind_"+string(entry.Kind)), Help: short(entry.Text),
		})
	}
	for _, gate := range v.Plan.Missing(v.Week) {
		page.Excuses = append(page.Excuses, linkView{Title: excuseField(gate), URL: resultsPath(p.Lang, v.Plan, gate)})
		page.ExcuseOf = append(page.ExcuseOf, gate)
	}
	if sum := v.Plan.Sum(v.Cal, v.Week); sum.Due > 0 {
		page.Sum = scoreOf(p.Printer, sum)
	}
	page.NoIndex = true
	page.Crumbs = crumbs(p, &v.Card, v.Plan.N, p.T("weeks.review"))
	return h.Web.Render(c, "weeks/review", page)
}

func (h *Handlers) conclude(c *fiber.Ctx) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	return h.change(c, "weeks_concluded", func(a accounts.Actor, f web.Form) (string, error) {
		one := Practice{Text: f.Get("text"), Verdict: Verdict(f.Get("verdict")), Why: f.Get("why")}
		for _, value := range f.All("evidence") {
			entry, err := strconv.Atoi(value)
			if err != nil {
				return "", ErrEvidence
			}
			one.Evidence = append(one.Evidence, entry)
		}
		return at(idOf(c), n, "review"), h.Weeks.Conclude(web.Context(c), a, idOf(c), n, 0, one)
	}, func(p web.Page) error { return h.showReview(c, p) })
}

func (h *Handlers) unconclude(c *fiber.Ctx) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	practice, err := number(c, "practice")
	if err != nil {
		return err
	}
	return h.change(c, "weeks_saved", func(a accounts.Actor, _ web.Form) (string, error) {
		return at(idOf(c), n, "review"), h.Weeks.Unconclude(web.Context(c), a, idOf(c), n, practice)
	}, func(p web.Page) error { return h.showReview(c, p) })
}

func (h *Handlers) closePlan(c *fiber.Ctx) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	return h.change(c, "weeks_closed", func(a accounts.Actor, f web.Form) (string, error) {
		excuses := map[int]string{}
		for _, gate := range GateWeeks {
			excuses[gate] = f.Get(excuseField(gate))
		}
		return at(idOf(c), n), h.Weeks.Close(web.Context(c), a, idOf(c), n, f.Get("review"), excuses)
	}, func(p web.Page) error { return h.showReview(c, p) })
}

// methodPage is everything weeks/method.html may use: what was found out, ready
// to print.
type methodPage struct {
	web.Page
	Card   experiments.Experiment
	Groups []methodGroup
	Parts  []methodPart
	Proof  []proofView // every entry that is pointed to, once, by its number
}

type methodGroup struct {
	Verdict   Verdict
	Practices []practiceView
}

type methodPart struct {
	N           int
	First, Last string
	Goals       []goalView
	Sum         *scoreView
	Review      string
}

func (h *Handlers) method(c *fiber.Ctx) error {
	p := h.Web.Page(c, section)
	m, err := h.Weeks.Method(web.Context(c), accounts.ActorOf(c), idOf(c))
	if err != nil {
		return err
	}
	page := methodPage{Page: p, Card: m.Card}
	for _, verdict := range Verdicts {
		g := methodGroup{Verdict: verdict}
		for _, part := range m.Parts {
			for _, one := range part.Plan.Practices {
				if one.Verdict == verdict {
					g.Practices = append(g.Practices, practiceOf(p, m.Card.ID, part.Plan.N, one, m.Proof))
				}
			}
		}
		page.Groups = append(page.Groups, g)
		for _, one := range g.Practices {
			page.Proof = append(page.Proof, one.Proof...)
		}
	}
	slices.SortFunc(page.Proof, func(x, y proofView) int { return x.N - y.N })
	page.Proof = slices.CompactFunc(page.Proof, func(x, y proofView) bool { return x.N == y.N })
	for _, part := range m.Parts {
		page.Parts = append(page.Parts, partOf(p, part))
	}
	page.NoIndex = !m.Card.IsPublic(p.Now)
	page.Description = p.T("weeks.method_description", m.Card.Title)
	page.Crumbs = crumbs(p, &m.Card, 0, p.T("weeks.method"))
	return h.Web.Render(c, "weeks/method", page)
}

func partOf(p web.Page, part MethodPart) methodPart {
	plan := part.Plan
	v := methodPart{N: plan.N, First: p.Date(part.Cal.Monday(1)), Last: p.Date(part.Cal.Sunday(part.Cal.Review()))}
	for i, g := range plan.Goals {
		v.Goals = append(v.Goals, goalOf(p.Printer, &plan, i, g))
	}
	if sum := plan.Sum(part.Cal, part.Cal.Week(p.Now)); sum.Due > 0 {
		v.Sum = scoreOf(p.Printer, sum)
	}
	if plan.Review != nil {
		v.Review = plan.Review.Text
	}
	return v
}

// GoalOf is a goal with what its part of the page needs.
func (page methodPage) GoalOf(g goalView) goalPart { return goalPart{page.Page, g, page.Card.Lang} }

// groupPart is the conclusions of one verdict for their part of the page.
type groupPart struct {
	Page      web.Page
	Card      experiments.Experiment
	Practices []practiceView
}

// Of is a group with what its part of the page needs.
func (page methodPage) Of(g methodGroup) groupPart {
	return groupPart{page.Page, page.Card, g.Practices}
}
