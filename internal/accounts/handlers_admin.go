package accounts

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/web"
)

const adminList = 50

// adminPage is everything accounts/admin.html may use.
type adminPage struct {
	web.Page
	Text      string // what was looked for
	People    []Person
	Full      bool // there may be more than are shown
	Languages []web.Option
	Roles     []Role
}

// portalRoles are the roles an administrator gives in the whole portal.
var portalRoles = []Role{Reviewer, Officer, Mentor, Cohort, Methodologist, Moderator, Admin}

// administrator is who asks, or a fault: the page is not there for others.
func administrator(c *fiber.Ctx) (Actor, error) {
	a, err := signedIn(c)
	if err != nil {
		return a, err
	}
	return a, See(a, RunPortal, Thing{})
}

func (h *Handlers) admin(c *fiber.Ctx) error {
	a, err := administrator(c)
	if err != nil {
		return err
	}
	return h.showAdmin(c, h.Web.Page(c, ""), a)
}

func (h *Handlers) showAdmin(c *fiber.Ctx, p web.Page, a Actor) error {
	page := adminPage{Page: p, Languages: languages(), Roles: portalRoles}
	page.NoIndex, page.Path = true, "/admin/people"
	page.Text, _ = web.CleanText(c.Query("q"))
	var err error
	page.People, err = h.Accounts.Find(web.Context(c), a, page.Text, adminList)
	if err != nil {
		return err
	}
	page.Full = len(page.People) == adminList
	return h.Web.Render(c, "accounts/admin", page)
}

func (h *Handlers) addPerson(c *fiber.Ctx) error {
	a, err := administrator(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	n := NewPerson{Email: form.Get("email"), Name: form.Get("name"), Lang: form.Get("lang")}
	for _, r := range rolesOf(form) {
		n.Grants = append(n.Grants, Grant{Role: r})
	}
	p, err := h.Accounts.Add(web.Context(c), a, n)
	if err != nil {
		return h.Web.Again(c, "", form, err, func(p web.Page) error { return h.showAdmin(c, p, a) })
	}
	return h.Web.See(c, "admin/people/"+p.ID, "accounts_added")
}

// personPage is everything accounts/admin_person.html may use.
type personPage struct {
	web.Page
	Person        Person
	Shown         string
	Organisations []membership
	PortalRoles   []Role
	OrgRoles      []Role
	Choices       []web.Option
}

// Holds reports whether the person holds a role of the whole portal.
func (p personPage) Holds(r Role) bool { return p.Person.Has(Grant{Role: r}) }

func (h *Handlers) adminPerson(c *fiber.Ctx) error {
	if _, err := administrator(c); err != nil {
		return err
	}
	return h.showPerson(c, h.Web.Page(c, ""), strings.Clone(c.Params("id")))
}

func (h *Handlers) showPerson(c *fiber.Ctx, p web.Page, id string) error {
	ctx := web.Context(c)
	person, err := h.Accounts.Person(ctx, id)
	if err != nil {
		return err
	}
	page := personPage{
		Page: p, Person: person, Shown: h.Accounts.DisplayName(ctx, id, p.Lang),
		PortalRoles: portalRoles, OrgRoles: append([]Role{Member}, orgRoles...),
	}
	page.NoIndex, page.Path = true, "/admin/people/"+id
	if page.Organisations, err = h.memberships(ctx, person.Actor(""), p.Lang); err != nil {
		return err
	}
	if page.Choices, err = h.choices(ctx, p.Lang); err != nil {
		return err
	}
	return h.Web.Render(c, "accounts/admin_person", page)
}

// changePerson does what a form of the person's page asks for, and shows the
// page again when that is refused.
func (h *Handlers) changePerson(c *fiber.Ctx, done string, do func(a Actor, id string, f web.Form) error) error {
	a, err := administrator(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	id := strings.Clone(c.Params("id"))
	person, err := h.Accounts.Person(web.Context(c), id)
	if err != nil {
		return err
	}
	if err := do(a, id, form); err != nil {
		return h.stay(c, form, err, map[string]string{"email": person.Email}, func(p web.Page) error { return h.showPerson(c, p, id) })
	}
	return h.Web.See(c, "admin/people/"+id, done)
}

func (h *Handlers) setPortalRoles(c *fiber.Ctx) error {
	return h.changePerson(c, "accounts_roles", func(a Actor, id string, f web.Form) error {
		return h.Accounts.SetRoles(web.Context(c), a, id, "", rolesOf(f))
	})
}

func (h *Handlers) setOrganisationRole(c *fiber.Ctx) error {
	return h.changePerson(c, "accounts_roles", func(a Actor, id string, f web.Form) error {
		g := Grant{Role: Role(f.Get("role")), Organisation: f.Get("organisation")}
		if f.Get("do") == "revoke" {
			return h.Accounts.Revoke(web.Context(c), a, id, g)
		}
		return h.Accounts.Grant(web.Context(c), a, id, g)
	})
}

func (h *Handlers) rebind(c *fiber.Ctx) error {
	return h.changePerson(c, "accounts_rebound", func(a Actor, id string, f web.Form) error {
		return h.Accounts.Rebind(web.Context(c), a, id, f.Get("email"))
	})
}

func (h *Handlers) erasePerson(c *fiber.Ctx) error {
	return h.changePerson(c, "accounts_erased", func(a Actor, id string, f web.Form) error {
		if !f.Has("sure") {
			return ErrNotSure
		}
		return h.Accounts.Erase(web.Context(c), a, id)
	})
}
