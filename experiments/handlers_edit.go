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
	// Conflicted says that somebody else has saved this section meanwhile: each
	// field then shows what is stored beside what was typed.
	Conflicted bool
	Draft      keptDraft
	Similar    []similarRow // for the section belief, when asked for
	Searched   bool
	Parents    []web.Option // experiments it may be a part of
	Split      bool         // splitting it is advised
	Sectors    []web.Option
	Themes     []web.Option
	Unit       string // of money
	Cost       string // really used, "" where nobody has said
	Start, End time.Time
	CheckIn    string // 1 is Monday
	Rows       editRows
	Wants      []web.Option // wanted cases it may answer
}

// Overtaken reports whether somebody else has saved the section meanwhile.
func (p editPage) Overtaken() bool { return p.Conflicted }

// File is the section as it stands in names of templates and words.
func (p editPage) File() string { return fileOf(p.Part) }

func (h *Handlers) edit(c *fiber.Ctx) error { return h.showEdit(c, h.Page(c, section), editState{}) }

// editState is why a page of the card is shown as it is.
type editState struct {
	conflicted, searched bool
	found                []Similar
}

func (h *Handlers) showEdit(c *fiber.Ctx, p web.Page, state editState) error {
	e, _, err := h.own(c, accounts.EditExperiment)
	if err != nil {
		return err
	}
	s := Section(c.Params("section"))
	n := slices.Index(Sections, s)
	if n < 0 && s != SectionMore && (s != SectionTrial || !e.HasTrial()) {
		return accounts.ErrUnseen
	}
	page, err := h.editPage(c, p, e, s, state)
	if err != nil {
		return err
	}
	if n >= 0 {
		page.Nth, page.Of = n+1, len(Sections)
	}
	if s == SectionMore {
		if page.Parents, err = h.parents(c, &e); err != nil {
			return err
		}
	}
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

func (h *Handlers) editPage(c *fiber.Ctx, p web.Page, e Experiment, s Section, state editState) (editPage, error) {
	p, kept, version, err := h.resume(c, p, e.ID, s)
	if err != nil {
		return editPage{}, err
	}
	if kept.At != "" && version != e.Version {
		if state.conflicted, err = h.Experiments.Overtaken(web.Context(c), &e, version, s); err != nil {
			return editPage{}, err
		}
	}
	page := editPage{
		Conflicted: state.conflicted, Draft: kept, Searched: state.searched, Similar: similarRows(p, state.found), Split: e.Oversize(h.Experiments.Zone),
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
	return page, nil
}

// parents are the experiments this one may be a part of, as options.
func (h *Handlers) parents(c *fiber.Ctx, e *Experiment) (list []web.Option, err error) {
	rows, err := h.Experiments.Parents(web.Context(c), accounts.ActorOf(c), e)
	for _, r := range rows {
		list = append(list, web.Option{Value: r.ID, Label: r.Title})
	}
	return list, err
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
	if form.Has("similar") {
		return h.askSimilar(c, a, id, form)
	}
	version, _ := form.Int("version") // none is an old version: nothing is overwritten
	edit, err := read(form, h.Experiments.Zone)
	if err == nil {
		_, err = h.Experiments.Save(web.Context(c), a, id, version, edit)
	}
	if err != nil {
		h.keepRefused(c, id, s, form, err)
		return h.Again(c, section, form, err, func(p web.Page) error { return h.showEdit(c, p, editState{conflicted: errors.Is(err, ErrEdited)}) })
	}
	if form.Has("later") {
		return h.See(c, at(id, "plan"), "experiment_saved")
	}
	return h.See(c, h.after(c, a, id, s), "experiment_saved")
}

// askSimilar is the button of the section belief: it shows what is alike,
// keeps that as a receipt, and keeps everything typed.
func (h *Handlers) askSimilar(c *fiber.Ctx, a accounts.Actor, id string, form web.Form) error {
	e, _, err := h.own(c, accounts.EditExperiment)
	if err != nil {
		return err
	}
	words := form.Get("checked_words")
	found, looked := h.find(web.Context(c), web.Lang(c), strings.Join([]string{words, e.Title, e.Summary, e.Problem}, "\n"))
	found = slices.DeleteFunc(found, func(s Similar) bool { return s.Kind == "experiment" && s.ID == id })
	if words == "" {
		words = e.Title
	}
	if looked {
		if err := h.Experiments.Showed(web.Context(c), a, id, words, found); err != nil {
			return err
		}
	}
	p := h.Page(c, section)
	p.Form = form
	return h.showEdit(c, p, editState{searched: looked, found: found})
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
	if here < 0 {
		return at(id, "card", string(FacePlan))
	}
	for i := here + 1; i < len(Sections); i++ {
		if !tasks[i].Done() {
			return at(id, "edit", string(Sections[i]))
		}
	}
	return at(id, "plan")
}

func (h *Handlers) learning(c *fiber.Ctx) error {
	return h.showLearning(c, h.Page(c, section), editState{})
}

func (h *Handlers) showLearning(c *fiber.Ctx, p web.Page, state editState) error {
	e, _, err := h.own(c, accounts.EditExperiment)
	if err != nil {
		return err
	}
	if !e.WasStarted() && !e.Over() {
		return ErrNotYet
	}
	page, err := h.editPage(c, p, e, SectionLearning, state)
	if err != nil {
		return err
	}
	return h.Render(c, "experiments/learning", page)
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
		h.keepRefused(c, id, SectionLearning, form, err)
		return h.Again(c, section, form, err, func(p web.Page) error {
			return h.showLearning(c, p, editState{conflicted: errors.Is(err, ErrEdited)})
		})
	}
	return h.See(c, at(id), done)
}
