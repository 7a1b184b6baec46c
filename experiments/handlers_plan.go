package experiments

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// planPage is everything experiments/plan.html may use.
type planPage struct {
	web.Page
	Card     Experiment
	Tasks    []taskView
	Do       *actionView
	Complete float64
	Team     []personLine
	Asides   []Stage // stages beside the usual way: pause, stop
	Need     bool    // a coordinator's yes is needed
	MayEdit  bool
	WeekPlan WeeksView
	Confirm  bool // this reader may say yes
	TeamOpen bool
	Family   familyView
	Split    bool // splitting it is advised
	// MayArchive says that this reader may close the card for good, MayEnd that
	// they may end the trying before its last day.
	MayArchive, MayEnd bool
	Waits              Question // that the calendar asked
	Stuck, MayExtend   bool
}

// taskView is one line of the task list.
type taskView struct {
	Task
	N       int
	URL     string
	Anchors []string // ids of missing fields, where the error summary leads
}

func (h *Handlers) plan(c *fiber.Ctx) error { return h.showPlan(c, h.Page(c, section)) }

// showPlan is for the team and for the coordinator who confirms.
func (h *Handlers) showPlan(c *fiber.Ctx, p web.Page) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	sheet, err := h.Experiments.Sheet(web.Context(c), a, c.Params("id"), p.Lang, LogQuery{Limit: 1})
	if err != nil {
		return err
	}
	if err := accounts.Must(a, accounts.PauseExperiment, sheet.Thing); err != nil {
		return err
	}
	e := &sheet.Card
	page := planPage{
		Page: p, Card: *e, Complete: e.Completeness(), Need: e.NeedsConfirmation(), TeamOpen: h.Experiments.TeamOpen,
		Family: familyViewOf(p, sheet, h.Experiments.Zone), Split: h.Experiments.splits(sheet),
		MayEdit: accounts.Can(a, accounts.EditExperiment, sheet.Thing), WeekPlan: sheet.WeekPlan,
		Confirm: accounts.Can(a, accounts.ConfirmStart, sheet.Thing) && e.Stage == Planned && e.NeedsConfirmation() && e.Confirmed.At.IsZero(),
	}
	page.NoIndex = true
	page.Waits, page.Stuck = e.Waits(), e.IsStuck(p.Now, h.Experiments.Zone)
	page.MayExtend = page.MayEdit && e.Stage == Running && e.WeeksLeftToAdd(h.Experiments.Zone) > 0
	page.Crumbs = crumbs(p, e, p.T("experiment.plan"))
	if page.MayEdit {
		page.Do = actionOf(p, e, e.NextAction(p.Now, h.Experiments.Zone))
	}
	for i, t := range e.Tasks() {
		page.Tasks = append(page.Tasks, taskViewOf(p, e.ID, i+1, t))
	}
	for _, to := range NextStages(e.Stage) {
		t, _ := TransitionOf(e.Stage, to)
		switch {
		case !t.Allows(a, sheet.Thing):
		case t.Reason:
			page.Asides = append(page.Asides, to)
		case to == Archived:
			page.MayArchive = true
		case to == Ended:
			page.MayEnd = page.Do == nil || page.Do.To != Ended
		}
	}
	show := showPage{Sheet: sheet}
	show.people(e)
	page.Team = show.Team
	return h.Render(c, "experiments/plan", page)
}

func taskViewOf(p web.Page, id string, n int, t Task) taskView {
	v := taskView{Task: t, N: n, URL: p.URL("experiments", id, "edit", string(t.Section))}
	if t.Section == SectionLearning {
		v.URL = p.URL("experiments", id, "learning")
	}
	for _, key := range t.Missing {
		if key != string(t.Section) {
			v.Anchors = append(v.Anchors, key)
		}
	}
	return v
}

// File is the section as it stands in names of words.
func (v taskView) File() string { return fileOf(v.Section) }

// stagePage is everything experiments/stage.html may use: a stage that needs a
// reason.
type stagePage struct {
	web.Page
	Card   Experiment
	To     Stage
	Lesson bool // the lesson must be written first
	Max    int  // characters of the reason
}

func (h *Handlers) stageForm(c *fiber.Ctx) error {
	return h.showStage(c, h.Page(c, section), Stage(c.Params("to")))
}

func (h *Handlers) showStage(c *fiber.Ctx, p web.Page, to Stage) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	e, thing, err := h.Experiments.Get(web.Context(c), a, c.Params("id"))
	if err != nil {
		return err
	}
	t, ok := TransitionOf(e.Stage, to)
	switch {
	case !ok || !t.Reason:
		return ErrStage
	case !t.Allows(a, thing):
		return accounts.ErrForbidden
	}
	page := stagePage{Page: p, Card: e, To: to, Lesson: to == Stopped && e.WasStarted() && !e.HasLesson(), Max: t.maxReason()}
	page.NoIndex = true
	page.Crumbs = crumbs(p, &e, p.T("experiment.to_"+string(to)))
	return h.Render(c, "experiments/stage", page)
}

// advance takes the experiment to the stage the button names.
func (h *Handlers) advance(c *fiber.Ctx) error {
	return h.do(c, "", func(a accounts.Actor, form web.Form) (string, error) {
		to := Stage(form.Get("to"))
		return "experiment_" + string(to), h.Experiments.Advance(web.Context(c), a, c.Params("id"), to, form.Get("reason"))
	})
}

func (h *Handlers) askStart(c *fiber.Ctx) error {
	return h.do(c, "", func(a accounts.Actor, _ web.Form) (string, error) {
		return "experiment_start_asked", h.Experiments.AskStart(web.Context(c), a, c.Params("id"))
	})
}

func (h *Handlers) confirm(c *fiber.Ctx) error {
	return h.do(c, "", func(a accounts.Actor, _ web.Form) (string, error) {
		return "experiment_confirmed", h.Experiments.ConfirmStart(web.Context(c), a, c.Params("id"))
	})
}

// do runs what a button asks for and goes to a page of the experiment; what
// is refused is said on the plan, or beside the reason that was typed.
func (h *Handlers) do(c *fiber.Ctx, page string, fn func(a accounts.Actor, form web.Form) (done string, err error)) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	done, err := fn(a, form)
	if err == nil {
		return h.See(c, at(c.Params("id"), slices.DeleteFunc([]string{page}, func(s string) bool { return s == "" })...), done)
	}
	to := Stage(form.Get("to"))
	return h.Again(c, section, form, err, func(p web.Page) error {
		if form.Has("reason") && fault.KindOf(err) == fault.Invalid {
			return h.showStage(c, p, to)
		}
		if shown := h.showPlan(c, p); !errors.Is(shown, accounts.ErrForbidden) {
			return shown
		}
		return err // who may not see the plan is told on a page of its own
	})
}

// publish drafts a case and opens it in its editor.
func (h *Handlers) publish(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	caseID, err := h.Experiments.Publish(web.Context(c), a, c.Params("id"), h.Locales)
	if err != nil {
		return h.Again(c, section, form, err, func(p web.Page) error { return h.showPlan(c, p) })
	}
	return h.See(c, "/cases/"+caseID+"/edit", "experiment_published")
}
