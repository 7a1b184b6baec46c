package experiments

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// extendPage is everything experiments/extend.html may use.
type extendPage struct {
	web.Page
	Card  Experiment
	Weeks []web.Option // that may be added
}

func (h *Handlers) extendForm(c *fiber.Ctx) error { return h.showExtend(c, h.Page(c, section)) }

func (h *Handlers) showExtend(c *fiber.Ctx, p web.Page) error {
	e, _, err := h.own(c, accounts.MoveExperiment)
	switch {
	case err != nil:
		return err
	case e.Stage != Running:
		return ErrExtendNow
	}
	page := extendPage{Page: p, Card: e}
	for n := 1; n <= min(MaxExtension, e.WeeksLeftToAdd(h.Experiments.Zone)); n++ {
		page.Weeks = append(page.Weeks, web.Option{Value: strconv.Itoa(n), Label: p.N("experiment.weeks", n)})
	}
	page.NoIndex = true
	page.Crumbs = crumbs(p, &e, p.T("experiment.extend"))
	return h.Render(c, "experiments/extend", page)
}

func (h *Handlers) extend(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	weeks, _ := form.Int("weeks") // what is no number is none that may be added
	if err := h.Experiments.Extend(web.Context(c), a, c.Params("id"), weeks, form.Get("reason")); err != nil {
		return h.Again(c, section, form, err, func(p web.Page) error { return h.showExtend(c, p) })
	}
	return h.See(c, at(c.Params("id")), "experiment_extended")
}

// still says that the idea is alive, or the lesson valid.
func (h *Handlers) still(c *fiber.Ctx) error {
	return h.do(c, "plan", func(a accounts.Actor, _ web.Form) (string, error) {
		return "experiment_still", h.Experiments.Still(web.Context(c), a, c.Params("id"))
	})
}

// stepsFor are the steps with a reason that somebody beside the team may take:
// say that it is done elsewhere, send a lesson back.
func stepsFor(a accounts.Actor, e *Experiment, thing accounts.Thing) (list []Stage) {
	if accounts.Can(a, accounts.PauseExperiment, thing) && !accounts.Can(a, accounts.ReturnLesson, thing) {
		return nil // the plan offers them
	}
	for _, to := range NextStages(e.Stage) {
		if t, _ := TransitionOf(e.Stage, to); t.Reason && t.Allows(a, thing) && (to != Ended || returnReady(e, e.Changed, nil) == nil) && (to != Spread || e.CaseID == "") {
			list = append(list, to)
		}
	}
	return list
}
