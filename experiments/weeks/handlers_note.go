package weeks

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// notesPage is everything weeks/notes.html may use.
type notesPage struct {
	web.Page
	NotePage
	Today    string
	MayWrite bool
	OlderURL string
	TeamOpen bool
}

func (h *Handlers) notes(c *fiber.Ctx) error { return h.showNotes(c, h.Web.Page(c, section)) }

func (h *Handlers) showNotes(c *fiber.Ctx, p web.Page) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	before := c.Query("before")
	if _, err := time.Parse(time.DateOnly, before); err != nil {
		before = "" // what is no day asks for the newest
	}
	list, err := h.Weeks.Notes(web.Context(c), a, idOf(c), strings.Clone(before), p.Lang)
	if err != nil {
		return err
	}
	page := notesPage{Page: p, NotePage: list, Today: p.Date(p.Now), TeamOpen: list.Thing.TeamOpen}
	page.MayWrite = accounts.Can(a, accounts.EditExperiment, list.Thing) && list.Card.Stage != experiments.Archived
	if list.Older != "" {
		page.OlderURL = p.URL("experiments", list.Card.ID, "notes") + "?before=" + list.Older
	}
	page.NoIndex = true
	page.Crumbs = crumbs(p, &list.Card, 0, p.T("weeks.notes"))
	return h.Web.Render(c, "weeks/notes", page)
}

func (h *Handlers) saveNote(c *fiber.Ctx) error {
	return h.change(c, "weeks_noted", func(a accounts.Actor, f web.Form) (string, error) {
		to := "experiments/" + idOf(c) + "/notes"
		if f.Has("mine") {
			to = "my-work"
		}
		return to, h.Weeks.Note(web.Context(c), a, Note{Experiment: idOf(c), Done: f.Get("note_done"), Today: f.Get("note_today"), Obstacle: f.Get("note_obstacle")})
	}, func(p web.Page) error { return h.showNotes(c, p) })
}

// purposePage is everything weeks/purpose.html may use.
type purposePage struct {
	web.Page
	Purpose Purpose
}

func (h *Handlers) purpose(c *fiber.Ctx) error { return h.showPurpose(c, h.Web.Page(c, "")) }

func (h *Handlers) showPurpose(c *fiber.Ctx, p web.Page) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	own, err := h.Weeks.Purpose(web.Context(c), a)
	if err != nil {
		return err
	}
	page := purposePage{Page: p, Purpose: own}
	page.NoIndex = true
	page.Crumbs = []web.Crumb{{Title: p.T("theme.my_work"), URL: p.URL("my-work")}, {Title: p.T("weeks.purpose")}}
	return h.Web.Render(c, "weeks/purpose", page)
}

func (h *Handlers) savePurpose(c *fiber.Ctx) error {
	return h.change(c, "weeks_saved", func(a accounts.Actor, f web.Form) (string, error) {
		return "my-work", h.Weeks.KeepPurpose(web.Context(c), a, f.Get("purpose"), f.Has("shown"))
	}, func(p web.Page) error { return h.showPurpose(c, p) })
}
