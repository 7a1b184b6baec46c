package accounts

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/web"
)

// joinPage is everything accounts/join.html may use.
type joinPage struct {
	web.Page
	Email   string
	Choices []web.Option
}

func joinFormOf(f web.Form) JoinForm {
	return JoinForm{Organisation: f.Get("organisation"), Name: f.Get("name"), Message: f.Get("message")}
}

func (h *Handlers) joinForm(c *fiber.Ctx) error { return h.showJoin(c, h.Web.Page(c, "")) }

func (h *Handlers) showJoin(c *fiber.Ctx, p web.Page) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	email, err := h.Accounts.LinkEmail(web.Context(c), "join", strings.Clone(c.Params("token")))
	if errors.Is(err, ErrLink) {
		return h.linkOver(c, err)
	}
	if err != nil {
		return err
	}
	p.NoIndex = true
	page := joinPage{Page: p, Email: email}
	if page.Choices, err = h.choices(web.Context(c), p.Lang); err != nil {
		return err
	}
	return h.Web.Render(c, "accounts/join", page)
}

func (h *Handlers) join(c *fiber.Ctx) error {
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	err = h.Accounts.AskToJoin(web.Context(c), strings.Clone(c.Params("token")), joinFormOf(form))
	if errors.Is(err, ErrLink) {
		return h.linkOver(c, err)
	}
	if err != nil {
		return h.Web.Again(c, "", form, err, func(p web.Page) error { return h.showJoin(c, p) })
	}
	return h.Web.See(c, "join/sent", "")
}

func (h *Handlers) joinSent(c *fiber.Ctx) error {
	p := h.Web.Page(c, "")
	p.NoIndex = true
	return h.Web.Render(c, "accounts/join_sent", joinPage{Page: p})
}

// peoplePage is everything accounts/people.html may use.
type peoplePage struct {
	web.Page
	Organisation Organisation
	Members      []memberRow
	Joins        []Join
	Roles        []Role
	Languages    []web.Option
	MayDomains   bool
	DomainLines  string // the mail domains, one on a line
}

// memberRow is somebody who belongs to the organisation, with the roles held
// there.
type memberRow struct {
	Person
	In string
}

// Holds reports whether the row's person holds a role in the organisation.
func (m memberRow) Holds(r Role) bool { return m.Has(Grant{Role: r, Organisation: m.In}) }

// orgRoles are the roles a coordinator gives beside membership.
var orgRoles = []Role{Coordinator, Manager, Elected}

// keptOrganisation is the organisation in the address, for somebody who may
// say who belongs to it.
func (h *Handlers) keptOrganisation(c *fiber.Ctx) (Actor, Organisation, error) {
	a, err := signedIn(c)
	if err != nil {
		return a, Organisation{}, err
	}
	o, err := h.Accounts.Organisation(web.Context(c), SlugKey(strings.Clone(c.Params("key"))))
	if err != nil {
		return a, o, err
	}
	return a, o, See(a, GrantRole, Thing{Organisations: []string{o.Key}})
}

func (h *Handlers) people(c *fiber.Ctx) error {
	a, o, err := h.keptOrganisation(c)
	if err != nil {
		return err
	}
	return h.showPeople(c, h.Web.Page(c, ""), a, o)
}

func (h *Handlers) showPeople(c *fiber.Ctx, p web.Page, a Actor, o Organisation) error {
	page := peoplePage{Page: p, Organisation: o, Roles: orgRoles, Languages: languages(), MayDomains: Can(a, RunPortal, Thing{})}
	page.DomainLines = strings.Join(o.Domains, "\n")
	page.NoIndex, page.Path = true, "/organisations/"+o.Slug()+"/people"
	var err error
	if page.Members, err = h.members(web.Context(c), a, o.Key); err != nil {
		return err
	}
	if page.Joins, err = h.Accounts.Joins(web.Context(c), a, o.Key); err != nil {
		return err
	}
	return h.Web.Render(c, "accounts/people", page)
}

func (h *Handlers) members(ctx context.Context, a Actor, key string) ([]memberRow, error) {
	list, err := h.Accounts.Members(ctx, a, key)
	if err != nil {
		return nil, err
	}
	rows := make([]memberRow, 0, len(list))
	for _, p := range list {
		rows = append(rows, memberRow{Person: p, In: key})
	}
	slices.SortStableFunc(rows, func(a, b memberRow) int { return strings.Compare(a.Email, b.Email) })
	return rows, nil
}

// changePeople does what a form of the organisation's page asks for, and shows
// the page again when that is refused.
func (h *Handlers) changePeople(c *fiber.Ctx, done string, do func(Actor, Organisation, web.Form) error) error {
	a, o, err := h.keptOrganisation(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	if err := do(a, o, form); err != nil {
		stored := map[string]string{"domains": strings.Join(o.Domains, "\n"), "lang": web.Lang(c)}
		return h.stay(c, form, err, stored, func(p web.Page) error { return h.showPeople(c, p, a, o) })
	}
	// Whoever gave the own role away sees this page no more.
	if a, err = h.Accounts.Actor(web.Context(c), a.ID); err != nil || !Can(a, GrantRole, Thing{Organisations: []string{o.Key}}) {
		return h.Web.See(c, "profile", done)
	}
	return h.Web.See(c, "organisations/"+o.Slug()+"/people", done)
}

func (h *Handlers) invite(c *fiber.Ctx) error {
	return h.changePeople(c, "accounts_invited", func(a Actor, o Organisation, f web.Form) error {
		if err := h.allow(c, &h.person, a.ID); err != nil {
			return err
		}
		role := Role(f.Get("role"))
		if role == "" {
			role = Member
		}
		n := NewPerson{Email: f.Get("email"), Name: f.Get("name"), Lang: f.Get("lang")}
		return h.Accounts.Invite(web.Context(c), a, n, Grant{Role: role, Organisation: o.Key})
	})
}

func (h *Handlers) answer(c *fiber.Ctx) error {
	return h.changePeople(c, "accounts_answered", func(a Actor, _ Organisation, f web.Form) error {
		return h.Accounts.Answer(web.Context(c), a, strings.Clone(c.Params("id")), f.Get("answer") == "yes")
	})
}

func (h *Handlers) setRoles(c *fiber.Ctx) error {
	return h.changePeople(c, "accounts_roles", func(a Actor, o Organisation, f web.Form) error {
		var roles []Role
		if f.Get("do") != "remove" {
			roles = append(rolesOf(f), Member)
		}
		return h.Accounts.SetRoles(web.Context(c), a, strings.Clone(c.Params("id")), o.Key, roles)
	})
}

func (h *Handlers) domains(c *fiber.Ctx) error {
	return h.changePeople(c, "accounts_domains", func(a Actor, o Organisation, f web.Form) error {
		return h.Accounts.SetDomains(web.Context(c), a, o.Key, strings.Fields(strings.ReplaceAll(f.Get("domains"), ",", " ")))
	})
}

func rolesOf(f web.Form) []Role {
	var roles []Role
	for _, r := range f.All("roles") {
		roles = append(roles, Role(r))
	}
	return roles
}
