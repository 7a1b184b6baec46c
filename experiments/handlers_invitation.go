package experiments

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// invitationPage is everything experiments/invitation.html may use.
type invitationPage struct {
	web.Page
	Sent   Invited
	Own    bool   // it was sent to the address of who reads
	New    bool   // whoever follows it gets an account
	SignIn string // where to sign in
}

// invitation shows who invites to what, with one button. Programs that look
// into letters follow links, but press no buttons.
func (h *Handlers) invitation(c *fiber.Ctx) error { return h.showInvitation(c, h.Page(c, section)) }

func (h *Handlers) showInvitation(c *fiber.Ctx, p web.Page) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	secret, a := strings.Clone(c.Params("token")), accounts.ActorOf(c)
	v, err := h.Experiments.Invited(web.Context(c), secret, p.Lang)
	if err != nil {
		return err
	}
	if v.UsedBy != "" {
		if v.UsedBy == a.ID {
			return h.See(c, at(v.Experiment, "team"), "")
		}
		return ErrInvitation
	}
	page := invitationPage{Page: p, Sent: v, New: !v.Known && !a.SignedIn(), SignIn: p.URL("sign-in") + "?next=" + url.QueryEscape(p.URL("invitations", secret))}
	page.NoIndex = true
	if a.SignedIn() {
		mine, err := h.Experiments.HasAddress(web.Context(c), a, v.Email)
		if err != nil {
			return err
		}
		page.Own = mine
	}
	return h.Render(c, "experiments/invitation", page)
}

// join uses the link up and goes to the experiment. A newcomer is signed in.
func (h *Handlers) join(c *fiber.Ctx) error {
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	secret := strings.Clone(c.Params("token"))
	n := Newcomer{Name: form.Get("name"), ShowName: form.Has("show_name"), Lang: web.Lang(c)}
	if h.Sessions != nil {
		n.Cookie = h.Sessions.Cookie(c)
	}
	j, err := h.Experiments.Join(web.Context(c), accounts.ActorOf(c), secret, n)
	switch {
	case errors.Is(err, accounts.ErrSignIn):
		return c.Redirect(web.Path(web.Lang(c), "sign-in")+"?next="+url.QueryEscape(web.Path(web.Lang(c), "invitations", secret)), fiber.StatusSeeOther)
	case fault.KindOf(err) == fault.Gone && err != nil:
		return err
	case err != nil:
		return h.Again(c, section, form, err, func(p web.Page) error { return h.showInvitation(c, p) })
	}
	if j.Cookie != "" && h.Sessions != nil {
		h.Sessions.SetCookie(c, j.Cookie)
	}
	return h.See(c, at(j.Experiment, "team"), "experiment_joined")
}
