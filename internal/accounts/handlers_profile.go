package accounts

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// profilePage is everything accounts/profile.html may use.
type profilePage struct {
	web.Page
	Person        Person
	Shown         string // what others see
	Organisations []membership
	PortalRoles   []Role
	Tokens        []Token
	NewToken      string // just made: the only time it can be read
	Choices       []web.Option
	Languages     []web.Option
}

// membership is an organisation the person belongs to.
type membership struct {
	Key, Slug, Name string
	Roles           []Role
	Keeps           bool // may say who else belongs to it
}

func (h *Handlers) profile(c *fiber.Ctx) error {
	if _, err := signedIn(c); err != nil {
		return err
	}
	return h.showProfile(c, h.Web.Page(c, ""), "")
}

func (h *Handlers) showProfile(c *fiber.Ctx, p web.Page, newToken string) error {
	ctx, a := web.Context(c), ActorOf(c)
	person, err := h.Accounts.Person(ctx, a.ID)
	if err != nil {
		return err
	}
	page := profilePage{Page: p, Person: person, Shown: h.Accounts.DisplayName(ctx, a.ID, p.Lang), NewToken: newToken, Languages: languages()}
	page.NoIndex, page.Path = true, "/profile"
	if page.Organisations, err = h.memberships(ctx, a, p.Lang); err != nil {
		return err
	}
	for _, g := range person.Grants {
		if g.Organisation == "" {
			page.PortalRoles = append(page.PortalRoles, g.Role)
		}
	}
	if page.Tokens, err = h.Accounts.Tokens(ctx, a); err != nil {
		return err
	}
	if page.Choices, err = h.choices(ctx, p.Lang); err != nil {
		return err
	}
	return h.Web.Render(c, "accounts/profile", page)
}

func languages() []web.Option {
	var list []web.Option
	for _, l := range i18n.Languages {
		list = append(list, web.Option{Value: l, Label: i18n.Name(l)})
	}
	return list
}

func (h *Handlers) memberships(ctx context.Context, a Actor, lang string) ([]membership, error) {
	var list []membership
	for _, key := range a.Organisations() {
		o, err := h.Accounts.Organisation(ctx, key)
		if err != nil {
			return nil, err
		}
		m := membership{Key: key, Slug: o.Slug(), Name: o.Name(lang), Keeps: Can(a, GrantRole, Thing{Organisations: []string{key}})}
		for _, g := range a.Grants {
			if g.Organisation == key {
				m.Roles = append(m.Roles, g.Role)
			}
		}
		list = append(list, m)
	}
	return list, nil
}

// choices are the organisations one can belong to, for a list.
func (h *Handlers) choices(ctx context.Context, lang string) ([]web.Option, error) {
	all, err := h.Accounts.Organisations(ctx, lang, OrganisationQuery{})
	if err != nil {
		return nil, err
	}
	list := make([]web.Option, 0, len(all))
	for _, o := range all {
		list = append(list, web.Option{Value: o.Key, Label: o.Name(lang) + " (" + o.Country + ")"})
	}
	return list, nil
}

// profileForm reads a form of the profile page of somebody signed in.
func (h *Handlers) profileForm(c *fiber.Ctx) (Actor, web.Form, error) {
	a, err := signedIn(c)
	if err != nil {
		return a, web.Form{}, err
	}
	form, err := h.Web.Form(c)
	return a, form, err
}

// profileAgain shows the profile with a form that was refused; the other forms
// of the page keep what is stored.
func (h *Handlers) profileAgain(c *fiber.Ctx, form web.Form, err error) error {
	p := visitOf(c).Person
	stored := map[string]string{"name": p.Name, "lang": p.Lang}
	if p.ShowName && !form.Has("name") {
		stored["show_name"] = "1"
	}
	return h.stay(c, form, err, stored, func(page web.Page) error { return h.showProfile(c, page, "") })
}

func (h *Handlers) saveProfile(c *fiber.Ctx) error {
	a, form, err := h.profileForm(c)
	if err != nil {
		return err
	}
	err = h.Accounts.SaveProfile(web.Context(c), a, Profile{Name: form.Get("name"), ShowName: form.Has("show_name"), Lang: form.Get("lang")})
	if err != nil {
		return h.profileAgain(c, form, err)
	}
	return h.Web.See(c, "profile", "accounts_saved")
}

func (h *Handlers) addToken(c *fiber.Ctx) error {
	a, form, err := h.profileForm(c)
	if err != nil {
		return err
	}
	_, secret, err := h.Accounts.AddToken(web.Context(c), a, form.Get("token"))
	if err != nil {
		return h.profileAgain(c, form, at(err, ErrTokenName, "token"))
	}
	return h.showProfile(c, h.Web.Page(c, ""), secret)
}

func (h *Handlers) revokeToken(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	if err := h.Accounts.RevokeToken(web.Context(c), a, strings.Clone(c.Params("id"))); err != nil {
		return err
	}
	return h.Web.See(c, "profile#tokens", "accounts_token_revoked")
}

func (h *Handlers) signOutEverywhere(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	if err := h.Accounts.EndAll(web.Context(c), a); err != nil {
		return err
	}
	h.dropCookie(c)
	return h.Web.See(c, "sign-in", "accounts_signed_out")
}

func (h *Handlers) joinAnother(c *fiber.Ctx) error {
	a, form, err := h.profileForm(c)
	if err != nil {
		return err
	}
	if err := h.allow(c, &h.person, a.ID); err != nil {
		return err
	}
	f := joinFormOf(form)
	f.Name = visitOf(c).Person.Name
	if err := h.Accounts.AskToJoinAs(web.Context(c), a, f); err != nil {
		return h.profileAgain(c, form, err)
	}
	return h.Web.See(c, "profile", "accounts_join_asked")
}

func (h *Handlers) leave(c *fiber.Ctx) error {
	a, form, err := h.profileForm(c)
	if err != nil {
		return err
	}
	if err := h.Accounts.Leave(web.Context(c), a, form.Get("organisation")); err != nil {
		return h.profileAgain(c, form, err)
	}
	return h.Web.See(c, "profile", "accounts_left")
}

// erasePage is everything accounts/erase.html may use.
type erasePage struct {
	web.Page
	Person Person
}

func (h *Handlers) eraseForm(c *fiber.Ctx) error {
	if _, err := signedIn(c); err != nil {
		return err
	}
	return h.showErase(c, h.Web.Page(c, ""))
}

func (h *Handlers) showErase(c *fiber.Ctx, p web.Page) error {
	p.NoIndex = true
	return h.Web.Render(c, "accounts/erase", erasePage{Page: p, Person: visitOf(c).Person})
}

// ErrNotSure is returned when an account was to be erased without the box that
// says that one means it.
var ErrNotSure = fault.New(fault.Invalid, "accounts.erase_not_sure").On("sure")

func (h *Handlers) erase(c *fiber.Ctx) error {
	a, form, err := h.profileForm(c)
	if err != nil {
		return err
	}
	if !form.Has("sure") {
		err = ErrNotSure
	} else {
		err = h.Accounts.Erase(web.Context(c), a, a.ID)
	}
	if err != nil {
		return h.Web.Again(c, "", form, err, func(p web.Page) error { return h.showErase(c, p) })
	}
	h.dropCookie(c)
	return h.Web.See(c, "sign-in", "accounts_erased")
}
