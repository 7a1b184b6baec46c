package experiments

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// teamPage is everything experiments/team.html may use.
type teamPage struct {
	web.Page
	Card           Experiment
	Team           []memberLine // the owner first
	Keepers        []memberLine // methodologists of this experiment
	Mentors        []MentorLine
	Others         []string // partners, with their roles
	Invited        []Invitation
	Choices        []web.Option // who may be offered the ownership
	Seats          []Seat
	OfferedTo      string // name
	Mine           bool   // the ownership is offered to this reader
	MayEdit        bool
	MayPass        bool
	MayTakeBack    bool
	Safe           safety
	InvitationDays int
}

// memberLine is somebody of the team, and where they work.
type memberLine struct {
	personLine
	Place     string
	MayRemove bool
}

// safety says who can read what is written for the team only.
type safety struct {
	Open    bool // the portal leaves it open to the members' own managers
	Team    int
	Others  []string // mentors and methodologists
	Closed  []string // organisations whose managers and coordinators cannot
	TeamURL string
}

func safetyOf(p web.Page, sheet Sheet, open bool) safety {
	var others []string
	for _, m := range sheet.Mentors.Mentors {
		others = append(others, m.Name)
	}
	for _, m := range sheet.Card.Methodologists {
		others = append(others, sheet.Names[m.Person])
	}
	return safetyFor(p, &sheet.Card, sheet.Thing, sheet.Places, others, open)
}

func safetyFor(p web.Page, e *Experiment, thing accounts.Thing, places map[string]accounts.Organisation, others []string, open bool) safety {
	s := safety{Open: open, Team: len(e.Persons()), Others: others, TeamURL: p.URL("experiments", e.ID, "team")}
	for _, key := range thing.TeamOrganisations {
		if name := places[key].Name(p.Lang); name != "" && !slices.Contains(s.Closed, name) {
			s.Closed = append(s.Closed, name)
		}
	}
	return s
}

func (h *Handlers) team(c *fiber.Ctx) error { return h.showTeam(c, h.Page(c, section)) }

func (h *Handlers) showTeam(c *fiber.Ctx, p web.Page) error {
	a := accounts.ActorOf(c)
	sheet, err := h.Experiments.Team(web.Context(c), a, c.Params("id"), p.Lang)
	if err != nil {
		return err
	}
	e := &sheet.Card
	page := teamPage{
		Page: p, Card: *e, Mentors: sheet.Mentors, Invited: sheet.Invited, Seats: Seats, InvitationDays: InvitationDays,
		MayEdit: accounts.Can(a, accounts.EditExperiment, sheet.Thing) && e.Stage != Archived, MayPass: accounts.Can(a, accounts.PassOn, sheet.Thing),
	}
	page.NoIndex = !e.IsPublic(p.Now)
	page.Crumbs = crumbs(p, e, p.T("experiment.team"))
	for _, one := range peopleOf(e, sheet.Names) {
		page.Team = append(page.Team, memberLine{one, sheet.Places[sheet.Homes[one.ID]].Name(p.Lang), one.ID != e.Owner && page.MayEdit})
		if one.ID != e.Owner {
			page.Choices = append(page.Choices, web.Option{Value: one.ID, Label: one.Name})
		}
	}
	var others []string
	for _, m := range sheet.Mentors {
		others = append(others, m.Name)
	}
	for _, m := range e.Methodologists {
		line := memberLine{personLine{m.Person, sheet.Names[m.Person], m.Role}, sheet.Places[sheet.Homes[m.Person]].Name(p.Lang), page.MayEdit || m.Person == a.ID}
		page.Keepers, others = append(page.Keepers, line), append(others, line.Name)
	}
	page.Others = partnerNames(p, e, sheet.Places)
	page.Safe = safetyFor(p, e, sheet.Thing, sheet.Places, others, h.Experiments.TeamOpen)
	if o := e.Offer; o != nil && (page.MayEdit || page.MayPass) {
		page.OfferedTo, page.Mine, page.MayTakeBack = sheet.Names[o.To], o.To == a.ID, page.MayPass && o.To != a.ID
	}
	return h.Render(c, "experiments/team", page)
}

// peopleOf are the owner and the team, the owner first.
func peopleOf(e *Experiment, names map[string]string) []personLine {
	owner := personLine{ID: e.Owner, Name: names[e.Owner]}
	var rest []personLine
	for _, m := range e.Team {
		if m.Person == e.Owner {
			owner.Role = m.Role
			continue
		}
		rest = append(rest, personLine{ID: m.Person, Name: names[m.Person], Role: m.Role})
	}
	return append([]personLine{owner}, rest...)
}

// partnerNames are the partners with their roles.
func partnerNames(p web.Page, e *Experiment, places map[string]accounts.Organisation) (list []string) {
	for _, one := range e.Partners {
		name := one.Name
		if o, ok := places[one.Key]; ok {
			name = o.Name(p.Lang)
		}
		list = append(list, join(", ", name, one.Role))
	}
	return list
}

// onTeam runs what a form of the team's page asks for; what is refused is said
// there.
func (h *Handlers) onTeam(c *fiber.Ctx, done string, fn func(a accounts.Actor, form web.Form) error) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	if err := fn(a, form); err != nil {
		return h.Again(c, section, form, err, func(p web.Page) error { return h.showTeam(c, p) })
	}
	if person := c.Params("person"); person == a.ID { // who has left a draft cannot see it
		return h.See(c, "/my-work", done)
	}
	return h.See(c, at(c.Params("id"), "team"), done)
}

func (h *Handlers) invite(c *fiber.Ctx) error {
	return h.onTeam(c, "experiment_invited", func(a accounts.Actor, form web.Form) error {
		n := Inviting{Email: form.Get("email"), Seat: Seat(form.Get("seat")), Role: form.Get("role"), Lang: web.Lang(c)}
		if n.Seat == "" {
			n.Seat = TeamSeat
		}
		return h.Experiments.Invite(web.Context(c), a, c.Params("id"), n)
	})
}

func (h *Handlers) withdraw(c *fiber.Ctx) error {
	return h.onTeam(c, "experiment_invitation_withdrawn", func(a accounts.Actor, _ web.Form) error {
		return h.Experiments.Withdraw(web.Context(c), a, c.Params("id"), c.Params("invitation"))
	})
}

func (h *Handlers) removeMember(c *fiber.Ctx) error {
	return h.onTeam(c, "experiment_team", func(a accounts.Actor, _ web.Form) error {
		return h.Experiments.RemoveMember(web.Context(c), a, c.Params("id"), c.Params("person"))
	})
}

func (h *Handlers) offer(c *fiber.Ctx) error {
	return h.onTeam(c, "experiment_offered", func(a accounts.Actor, form web.Form) error {
		return h.Experiments.OfferTo(web.Context(c), a, c.Params("id"), form.Get("to"))
	})
}

func (h *Handlers) answerOffer(c *fiber.Ctx) error {
	return h.onTeam(c, "experiment_team", func(a accounts.Actor, form web.Form) error {
		return h.Experiments.AnswerOffer(web.Context(c), a, c.Params("id"), form.Get("do") == "accept")
	})
}
