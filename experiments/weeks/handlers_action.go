package weeks

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// actionPage is everything weeks/action.html may use.
type actionPage struct {
	web.Page
	V      *View
	Row    rowView
	Owners []web.Option
	Open   []web.Option // weeks it may be moved to
	Moves  []moveView
	DoneBy string
	From   string // address of the plan it was carried from
	Begun  bool   // moving asks for a reason
	MayCut bool
}

type moveView struct {
	From, To             int
	Reason, Day, ByWhoms string
}

func (h *Handlers) action(c *fiber.Ctx) error { return h.showAction(c, h.Web.Page(c, section)) }

func (h *Handlers) showAction(c *fiber.Ctx, p web.Page) error {
	_, v, err := h.own(c, p.Lang)
	if err != nil {
		return err
	}
	n, err := number(c, "action")
	if err != nil {
		return err
	}
	x, err := v.Plan.action(n)
	if err != nil {
		return err
	}
	show := showPage{Page: p, V: v, Total: v.Cal.Total()}
	page := actionPage{Page: p, V: v, Row: show.row(*x), Begun: v.Week > 0, DoneBy: v.Names[x.DoneBy]}
	for _, person := range teamOf(&v.Card, x.Owner) {
		page.Owners = append(page.Owners, web.Option{Value: person, Label: v.Names[person]})
	}
	for _, o := range openWeeks(p.Printer, v) {
		if o.Value != strconv.Itoa(x.Due) {
			page.Open = append(page.Open, o)
		}
	}
	for _, m := range x.Moves {
		page.Moves = append(page.Moves, moveView{m.From, m.To, m.Reason, p.DateShort(m.At), v.Names[m.By]})
	}
	if x.Carried != nil {
		page.From = p.URL(at(v.Card.ID, x.Carried.Plan))
	}
	cut := *v.Plan
	cut.Actions = append([]Action(nil), v.Plan.Actions...)
	page.MayCut = v.MayEdit && cut.remove(n, v.Week) == nil
	page.NoIndex = true
	page.Crumbs = crumbs(p, &v.Card, v.Plan.N, x.Text)
	return h.Web.Render(c, "weeks/action", page)
}

func (h *Handlers) addAction(c *fiber.Ctx) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	return h.change(c, "weeks_action_added", func(a accounts.Actor, f web.Form) (string, error) {
		r := reader{Form: f, zone: h.Weeks.Zone}
		x := Action{Text: f.Get("text"), Owner: f.Get("owner"), Due: r.whole("week"), Help: f.Has("help")}
		if err := r.err(); err != nil {
			return "", err
		}
		_, err := h.Weeks.AddAction(web.Context(c), a, idOf(c), n, x)
		return at(idOf(c), n) + "#plan", err
	}, func(p web.Page) error { return h.showPlan(c, p, n) })
}

// onAction runs the form of one action and goes to where that leads; refused,
// it shows the action's page.
func (h *Handlers) onAction(c *fiber.Ctx, done string, do func(a accounts.Actor, f web.Form, plan, action int) (string, error)) error {
	plan, err := number(c, "plan")
	if err != nil {
		return err
	}
	action, err := number(c, "action")
	if err != nil {
		return err
	}
	return h.change(c, done, func(a accounts.Actor, f web.Form) (string, error) {
		return do(a, f, plan, action)
	}, func(p web.Page) error { return h.showAction(c, p) })
}

func (h *Handlers) changeAction(c *fiber.Ctx) error {
	return h.onAction(c, "weeks_saved", func(a accounts.Actor, f web.Form, plan, action int) (string, error) {
		to := Action{Text: f.Get("text"), Owner: f.Get("owner"), Help: f.Has("help")}
		return at(idOf(c), plan) + "#plan", h.Weeks.ChangeAction(web.Context(c), a, idOf(c), plan, action, to)
	})
}

// finishAction marks an action done, or, with undo, not done after all, and goes
// back to where the button stands.
func (h *Handlers) finishAction(c *fiber.Ctx) error {
	return h.onAction(c, "weeks_action_done", func(a accounts.Actor, f web.Form, plan, action int) (string, error) {
		to := at(idOf(c), plan) + "#now"
		if f.Has("mine") {
			to = "my-work"
		}
		return to, h.Weeks.Finish(web.Context(c), a, idOf(c), plan, action, !f.Has("undo"))
	})
}

func (h *Handlers) moveAction(c *fiber.Ctx) error {
	return h.onAction(c, "weeks_action_moved", func(a accounts.Actor, f web.Form, plan, action int) (string, error) {
		r := reader{Form: f, zone: h.Weeks.Zone}
		week := r.whole("week")
		if err := r.err(); err != nil {
			return "", err
		}
		return at(idOf(c), plan) + "#plan", h.Weeks.MoveAction(web.Context(c), a, idOf(c), plan, action, week, f.Get("reason"))
	})
}

func (h *Handlers) removeAction(c *fiber.Ctx) error {
	return h.onAction(c, "weeks_action_removed", func(a accounts.Actor, _ web.Form, plan, action int) (string, error) {
		return at(idOf(c), plan) + "#plan", h.Weeks.RemoveAction(web.Context(c), a, idOf(c), plan, action)
	})
}
