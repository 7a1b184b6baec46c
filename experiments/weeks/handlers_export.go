package weeks

import (
	ics "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// planCalendar is the days of a plan as iCalendar, for whoever may read it, and
// for a member of the team their own actions too.
func (h *Handlers) planCalendar(c *fiber.Ctx) error {
	n, err := number(c, "plan")
	if err != nil {
		return err
	}
	p, a := h.Web.Page(c, section), accounts.ActorOf(c)
	v, err := h.Weeks.See(web.Context(c), a, idOf(c), n, p.Lang)
	if err != nil {
		return err
	}
	cal := calendar(p.Portal.Name, p.T("weeks.ics_name", v.Card.Title))
	v.Events(cal, p)
	if a.SignedIn() && v.IsTeam {
		for _, x := range v.Plan.Actions {
			if x.Owner == a.ID {
				line := Line{Action: x, Experiment: v.Card.ID, Title: v.Card.Title, Plan: n, Week: v.Week, Until: v.Cal.Sunday(x.Due)}
				line.event(cal, p)
			}
		}
	}
	if !v.Card.IsPublic(p.Now) || a.SignedIn() {
		return private(c, "text/calendar; charset=utf-8", "plan.ics", cal.Serialize(ics.WithNewLineWindows))
	}
	return web.SendCached(c, "text/calendar; charset=utf-8", v.Plan.Changed, []byte(cal.Serialize(ics.WithNewLineWindows)))
}

// private sends a file that is for this reader alone.
func private(c *fiber.Ctx, mediaType, name, body string) error {
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.SendString(body)
}

// lines are the reader's own actions.
func (h *Handlers) lines(c *fiber.Ctx) ([]Line, error) {
	return h.Weeks.Own(web.Context(c), accounts.ActorOf(c))
}

func (h *Handlers) ownCSV(c *fiber.Ctx) error {
	lines, err := h.lines(c)
	if err != nil {
		return err
	}
	if err := private(c, "text/csv; charset=utf-8", "plan.csv", ""); err != nil {
		return err
	}
	return WriteCSV(c.Response().BodyWriter(), h.Web.Page(c, "").Printer, lines)
}

func (h *Handlers) ownMarkdown(c *fiber.Ctx) error {
	lines, err := h.lines(c)
	if err != nil {
		return err
	}
	p := h.Web.Page(c, "")
	return private(c, "text/markdown; charset=utf-8", "plan.md", Markdown(p.Printer, lines, p.Now))
}

func (h *Handlers) ownCalendar(c *fiber.Ctx) error {
	lines, err := h.lines(c)
	if err != nil {
		return err
	}
	p := h.Web.Page(c, "")
	cal := calendar(p.Portal.Name, p.T("weeks.own_plan"))
	for _, l := range lines {
		l.event(cal, p)
	}
	return private(c, "text/calendar; charset=utf-8", "plan.ics", cal.Serialize(ics.WithNewLineWindows))
}
