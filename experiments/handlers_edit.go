package experiments

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// editPage is everything the pages experiments/edit_*.html and
// experiments/learning.html may use.
type editPage struct {
	web.Page
	Card    Experiment
	Part    Section
	Nth, Of int // which section of how many
	Locked  bool
	// Theirs is what somebody else saved while this was being written.
	Theirs     []labelled
	Sectors    []web.Option
	Themes     []web.Option
	Unit       string // of money
	Cost       string // really used, "" where nobody has said
	Start, End time.Time
	CheckIn    string // 1 is Monday
	Rows       editRows
	Wants      []web.Option // wanted cases it may answer
}

// File is the section as it stands in names of templates and words.
func (p editPage) File() string { return fileOf(p.Part) }

func (h *Handlers) edit(c *fiber.Ctx) error { return h.showEdit(c, h.Page(c, section), false) }

func (h *Handlers) showEdit(c *fiber.Ctx, p web.Page, theirs bool) error {
	e, _, err := h.own(c, accounts.EditExperiment)
	if err != nil {
		return err
	}
	s := Section(c.Params("section"))
	n := slices.Index(Sections, s)
	if n < 0 {
		return accounts.ErrUnseen
	}
	page := h.editPage(p, e, s, theirs)
	page.Nth, page.Of = n+1, len(Sections)
	if s == SectionProblem {
		wants, err := h.Experiments.OpenWants(web.Context(c), e.Wanted)
		if err != nil {
			return err
		}
		for _, w := range wants {
			page.Wants = append(page.Wants, web.Option{Value: w.ID, Label: w.Words})
		}
	}
	return h.Render(c, "experiments/edit_"+fileOf(s), page)
}

func (h *Handlers) editPage(p web.Page, e Experiment, s Section, theirs bool) editPage {
	page := editPage{
		Page: p, Card: e, Part: s, Locked: e.Lock != nil, Unit: e.currency(),
		Sectors: sectorOptions(p.Lang, e.Sector), Themes: themes(p.Lang), Rows: rowsOf(p, &e),
	}
	page.NoIndex = true
	page.Crumbs = append(crumbs(p, &e, ""), web.Crumb{Title: p.T("experiment.plan"), URL: p.URL("experiments", e.ID, "plan")}, web.Crumb{Title: p.T("experiment.section_" + fileOf(s))})
	page.Start, page.End = h.suggested(e)
	if e.Calendar.CheckIn != time.Sunday {
		page.CheckIn = strconv.Itoa(int(e.Calendar.CheckIn))
	}
	if e.Learning.Cents != nil {
		page.Cost = strings.TrimSuffix(fmt.Sprintf("%d,%02d", *e.Learning.Cents/100, *e.Learning.Cents%100), ",00")
	}
	if theirs {
		page.Theirs = textsOf(p.Printer, &e, s)
	}
	return page
}

// StepsOpen reports whether the steps are asked for, or there are some.
func (p editPage) StepsOpen() bool {
	return p.Card.Type == Complete || len(p.Card.Steps) > 0 || p.Form.Sent
}

// suggested is the calendar of the card, or twelve weeks from next Monday.
func (h *Handlers) suggested(e Experiment) (start, end time.Time) {
	if e.Calendar.Set() {
		return e.Calendar.Start, e.Calendar.End
	}
	start = day(h.Now(), h.Experiments.Zone)
	start = start.AddDate(0, 0, 1+(7-int(start.Weekday()))%7)
	weeks := DefaultWeeks
	if e.Type == Micro {
		weeks = MicroWeeks
	}
	return start, start.AddDate(0, 0, 7*weeks-1)
}

// fileOf is a section as it stands in names of templates and words.
func fileOf(s Section) string {
	if s == SectionBelief {
		return "belief"
	}
	return string(s)
}

// save writes a section. When somebody else was quicker the page shows both
// texts; saving again then keeps this one.
func (h *Handlers) save(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	s, id := Section(c.Params("section")), c.Params("id")
	read, ok := readers[s]
	if !ok || s == SectionLearning {
		return accounts.ErrUnseen
	}
	version, _ := form.Int("version") // none is an old version: nothing is overwritten
	edit, err := read(form, h.Experiments.Zone)
	if err == nil {
		_, err = h.Experiments.Save(web.Context(c), a, id, version, edit)
	}
	if err != nil {
		return h.Again(c, section, form, err, func(p web.Page) error { return h.showEdit(c, p, errors.Is(err, ErrEdited)) })
	}
	if form.Has("later") {
		return h.See(c, at(id, "plan"), "experiment_saved")
	}
	return h.See(c, h.after(c, a, id, s), "experiment_saved")
}

// after is where to go on after a section: the next one in which something is
// missing, else the plan.
func (h *Handlers) after(c *fiber.Ctx, a accounts.Actor, id string, s Section) string {
	e, _, err := h.Experiments.Get(web.Context(c), a, id)
	if err != nil {
		return at(id, "plan")
	}
	tasks := e.Tasks()
	here := slices.Index(Sections, s)
	for i := here + 1; i < len(Sections); i++ {
		if !tasks[i].Done() {
			return at(id, "edit", string(Sections[i]))
		}
	}
	return at(id, "plan")
}

func (h *Handlers) learning(c *fiber.Ctx) error { return h.showLearning(c, h.Page(c, section), false) }

func (h *Handlers) showLearning(c *fiber.Ctx, p web.Page, theirs bool) error {
	e, _, err := h.own(c, accounts.EditExperiment)
	if err != nil {
		return err
	}
	if !e.WasStarted() && !e.Over() {
		return ErrNotYet
	}
	return h.Render(c, "experiments/learning", h.editPage(p, e, SectionLearning, theirs))
}

// saveLearning writes the learning face. The button "finish" also takes an
// ended experiment to learned.
func (h *Handlers) saveLearning(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	id, done := c.Params("id"), "experiment_saved"
	version, _ := form.Int("version") // none is an old version: nothing is overwritten
	edit, err := readers[SectionLearning](form, h.Experiments.Zone)
	switch learned, ok := edit.(LearningEdit); {
	case err != nil:
	case ok && form.Has("finish"):
		done, err = "experiment_learned", h.Experiments.Learn(web.Context(c), a, id, version, learned)
	default:
		_, err = h.Experiments.Save(web.Context(c), a, id, version, edit)
	}
	if err != nil {
		return h.Again(c, section, form, err, func(p web.Page) error { return h.showLearning(c, p, errors.Is(err, ErrEdited)) })
	}
	return h.See(c, at(id), done)
}
