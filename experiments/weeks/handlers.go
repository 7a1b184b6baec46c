package weeks

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// section is the main place these pages belong to.
const section = "experiments"

// Handlers are the pages of plans, of daily notes and of one's own purpose. The
// fields are set once, before Register.
type Handlers struct {
	Web   *web.Kit
	Weeks *Service
}

// Register adds the pages below a language.
func (h *Handlers) Register(r web.Routes) {
	r.Get("/experiments/:id/weeks", h.newest)
	r.Post("/experiments/:id/weeks", h.begin)
	r.Get("/experiments/:id/weeks/new", h.beginForm)
	r.Get("/experiments/:id/weeks/:plan", h.show)
	r.Get("/experiments/:id/weeks/:plan/plan.ics", h.planCalendar)
	r.Get("/experiments/:id/weeks/:plan/goals", h.goalsForm)
	r.Post("/experiments/:id/weeks/:plan/goals", h.saveGoals)
	r.Post("/experiments/:id/weeks/:plan/actions", h.addAction)
	r.Get("/experiments/:id/weeks/:plan/actions/:action", h.action)
	r.Post("/experiments/:id/weeks/:plan/actions/:action", h.changeAction)
	r.Post("/experiments/:id/weeks/:plan/actions/:action/done", h.finishAction)
	r.Post("/experiments/:id/weeks/:plan/actions/:action/move", h.moveAction)
	r.Post("/experiments/:id/weeks/:plan/actions/:action/remove", h.removeAction)
	r.Get("/experiments/:id/weeks/:plan/results/:week", h.resultsForm)
	r.Post("/experiments/:id/weeks/:plan/results/:week", h.saveResults)
	r.Get("/experiments/:id/weeks/:plan/review", h.review)
	r.Post("/experiments/:id/weeks/:plan/review", h.closePlan)
	r.Post("/experiments/:id/weeks/:plan/practices", h.conclude)
	r.Post("/experiments/:id/weeks/:plan/practices/:practice/remove", h.unconclude)
	r.Get("/experiments/:id/method", h.method)
	r.Get("/experiments/:id/notes", h.notes)
	r.Post("/experiments/:id/notes", h.saveNote)
	r.Get("/my-work/purpose", h.purpose)
	r.Post("/my-work/purpose", h.savePurpose)
	r.Get("/my-work/plan.csv", h.ownCSV)
	r.Get("/my-work/plan.md", h.ownMarkdown)
	r.Get("/my-work/plan.ics", h.ownCalendar)
}

// signedIn is who asks, or the fault to sign in first.
func signedIn(c *fiber.Ctx) (accounts.Actor, error) {
	if a := accounts.ActorOf(c); a.SignedIn() {
		return a, nil
	}
	return accounts.Actor{}, accounts.ErrSignIn
}

func idOf(c *fiber.Ctx) string { return strings.Clone(c.Params("id")) }

// number is a number in an address; what is none is not found.
func number(c *fiber.Ctx, name string) (int, error) {
	n, err := strconv.Atoi(c.Params(name))
	if err != nil || n < 1 || n > 9999 {
		return 0, fiber.ErrNotFound
	}
	return n, nil
}

// own is a plan for a page that only its team may use.
func (h *Handlers) own(c *fiber.Ctx, lang string) (accounts.Actor, *View, error) {
	a, err := signedIn(c)
	if err != nil {
		return a, nil, err
	}
	n, err := number(c, "plan")
	if err != nil {
		return a, nil, err
	}
	v, err := h.Weeks.See(web.Context(c), a, idOf(c), n, lang)
	if err != nil {
		return a, nil, err
	}
	return a, &v, accounts.Must(a, accounts.EditExperiment, v.Thing)
}

// at is the address of a page of a plan, below the language.
func at(experiment string, plan int, parts ...string) string {
	return strings.Join(append([]string{"experiments", experiment, "weeks", strconv.Itoa(plan)}, parts...), "/")
}

// crumbs lead from the list of experiments to a page of a plan.
func crumbs(p web.Page, e *experiments.Experiment, plan int, here string) []web.Crumb {
	list := []web.Crumb{{Title: p.T("theme.experiments"), URL: p.URL("experiments")}, {Title: e.Title, URL: p.URL("experiments", e.ID)}}
	if plan == 0 {
		return append(list, web.Crumb{Title: here})
	}
	list = append(list, web.Crumb{Title: p.T("weeks.plan_n", plan), URL: p.URL(at(e.ID, plan))})
	if here != "" {
		list = append(list, web.Crumb{Title: here})
	}
	return list
}

// change runs what a form asks for and goes on; refused, it shows a page again.
func (h *Handlers) change(c *fiber.Ctx, done string, do func(a accounts.Actor, f web.Form) (to string, err error), show func(p web.Page) error) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	to, err := do(a, form)
	if err == nil {
		return h.Web.See(c, to, done)
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict:
		return h.Web.Again(c, section, form, err, show)
	}
	return err
}

// reader reads the fields of a form and remembers what is none of the kind.
type reader struct {
	web.Form
	findings
	zone *time.Location
}

func (r *reader) number(field string) float64 {
	n, ok := r.Number(field)
	r.when(!ok && r.Get(field) == "", ErrMissing.On(field))
	r.when(!ok && r.Get(field) != "", ErrNumber.On(field))
	return n
}

func (r *reader) whole(field string) int {
	n, ok := r.Int(field)
	r.when(!ok && r.Get(field) != "", ErrNumber.On(field))
	return n
}

func (r *reader) day(field string, wrong *fault.Error) time.Time {
	d, ok := r.Day(field, r.zone)
	r.when(!ok, wrong.On(field))
	return d
}
