package mentoring

import (
	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// mentorshipPage is everything mentoring/mentorship.html may use.
type mentorshipPage struct {
	web.Page
	View       *View
	Role       string
	Place      string
	Size       string
	Skills     string // that were asked for
	Phases     string
	Turns      []turnLine // for the team: who was asked, and what they said
	MayAnswer  bool
	MayTake    bool // back, while it waits
	MayEnd     bool
	MayRate    bool
	AgainWords []Again
}

type turnLine struct{ Name, URL, Words, Reason string }

func (h *Handlers) mentorship(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	return h.showMentorship(c, h.Web.Page(c, section), a)
}

func (h *Handlers) showMentorship(c *fiber.Ctx, p web.Page, a accounts.Actor) error {
	v, err := h.Mentoring.See(web.Context(c), a, idOf(c), p.Lang)
	if err != nil {
		return err
	}
	page := mentorshipPage{Page: p, View: &v, Role: p.T("mentor.role_" + string(v.Wish.Role)), AgainWords: []Again{WouldAgain, WouldNotAgain}}
	page.NoIndex, page.Path = true, "/mentorships/"+v.ID
	page.Place, page.Size = home(p, v.Place)
	page.Phases = words(p, "stage.", v.Wish.Phases)
	for i, s := range v.Wish.Skills {
		if i > 0 {
			page.Skills += ", "
		}
		page.Skills += skillName(p, s.Skill)
	}
	page.MayAnswer = v.IsMentor && v.State == Waits
	page.MayTake = v.IsTeam && v.State == Waits
	page.MayEnd = v.State == Running
	page.MayRate = v.State == Over && (v.IsMentor && v.MentorAgain == "" || v.IsTeam && v.TeamAgain == "")
	page.way(&v)
	return h.Web.Render(c, "mentoring/mentorship", page)
}

// way fills in the crumbs and, for the team, who was asked.
func (p *mentorshipPage) way(v *View) {
	if !v.IsTeam {
		p.Crumbs = []web.Crumb{{Title: p.T("mentor.list"), URL: p.URL("mentors")}, {Title: p.T("mentor.own_profile"), URL: p.URL("mentors", "me")}, {Title: v.Card.Title}}
		return
	}
	p.Crumbs = []web.Crumb{
		{Title: p.T("theme.experiments"), URL: p.URL("experiments")}, {Title: v.Card.Title, URL: p.URL("experiments", v.Card.ID)}, {Title: p.T("mentor.mentorship")},
	}
	for i, t := range v.Turns {
		line := turnLine{Name: v.Names[i], URL: p.URL("mentors", t.Mentor), Reason: t.Reason}
		switch {
		case t.Answer != "":
			line.Words = p.T("mentor.turn_"+string(t.Answer), p.Date(t.Answered))
		case v.State == Waits:
			line.Words = p.T("mentor.note_asked", p.Date(t.Asked), p.Date(t.Due))
		default:
			line.Words = p.T("mentor.turn_withdrawn", p.Date(v.Closed))
		}
		p.Turns = append(p.Turns, line)
	}
}

// change runs one form of the page; refused, it shows the page again.
func (h *Handlers) change(c *fiber.Ctx, done, to string, do func(a accounts.Actor, f web.Form) error) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	if err := do(a, form); err != nil {
		return h.Web.Again(c, section, form, err, func(p web.Page) error { return h.showMentorship(c, p, a) })
	}
	return h.Web.See(c, to, done)
}

func (h *Handlers) accept(c *fiber.Ctx) error {
	id := idOf(c)
	return h.change(c, "mentor_accepted", "mentorships/"+id, func(a accounts.Actor, _ web.Form) error {
		return h.Mentoring.Accept(web.Context(c), a, id)
	})
}

func (h *Handlers) decline(c *fiber.Ctx) error {
	id := idOf(c)
	return h.change(c, "mentor_declined", "mentors/me", func(a accounts.Actor, f web.Form) error {
		return h.Mentoring.Decline(web.Context(c), a, id, f.Get("reason"))
	})
}

func (h *Handlers) end(c *fiber.Ctx) error {
	id := idOf(c)
	return h.change(c, "mentor_ended", "mentorships/"+id, func(a accounts.Actor, f web.Form) error {
		return h.Mentoring.End(web.Context(c), a, id, f.Get("reason"))
	})
}

func (h *Handlers) again(c *fiber.Ctx) error {
	id := idOf(c)
	return h.change(c, "mentor_rated", "mentorships/"+id, func(a accounts.Actor, f web.Form) error {
		return h.Mentoring.Rate(web.Context(c), a, id, Again(f.Get("again")))
	})
}
