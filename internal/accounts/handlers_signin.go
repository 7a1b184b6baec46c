package accounts

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// signInPage is everything accounts/sign_in.html may use.
type signInPage struct {
	web.Page
	Next   string   // where to go then, on this portal
	Demo   []string // the invented people one can be, in order
	Folder bool     // letters go to a folder instead of a mailbox
}

func (h *Handlers) signInPage(p web.Page, next string) signInPage {
	p.NoIndex = true
	page := signInPage{Page: p, Next: next}
	if h.Demo {
		page.Demo, page.Folder = DemoRoles, true
	}
	return page
}

func (h *Handlers) signIn(c *fiber.Ctx) error {
	next := web.SafeNext(strings.Clone(c.Query("next")), "")
	return h.showSignIn(c, h.Web.Page(c, ""), next)
}

// showSignIn keeps the page out of every cache: the key of its form is for one
// reader only.
func (h *Handlers) showSignIn(c *fiber.Ctx, p web.Page, next string) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return h.Web.Render(c, "accounts/sign_in", h.signInPage(p, next))
}

// askLink answers in the same way whether or not the address is known.
func (h *Handlers) askLink(c *fiber.Ctx) error {
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	next := web.SafeNext(form.Get("next"), "")
	if err := h.sendLink(c, form.Get("email"), next); err != nil {
		return h.Web.Again(c, "", form, err, func(p web.Page) error {
			return h.showSignIn(c, p, next)
		})
	}
	return h.Web.See(c, "sign-in/sent", "")
}

func (h *Handlers) sendLink(c *fiber.Ctx, email, next string) error {
	email, err := CleanEmail(email)
	if err != nil {
		return err
	}
	if err := errors.Join(h.allow(c, &h.network, c.IP()), h.allow(c, &h.address, email)); err != nil {
		return web.ErrTooOften.Because(err)
	}
	return h.Accounts.AskLink(web.Context(c), email, web.Lang(c), next)
}

func (h *Handlers) linkSent(c *fiber.Ctx) error {
	return h.Web.Render(c, "accounts/sign_in_sent", h.signInPage(h.Web.Page(c, ""), ""))
}

// confirmPage is everything accounts/sign_in_confirm.html may use.
type confirmPage struct {
	web.Page
	Email string
}

// confirmLink shows a button. Programs that look into letters follow links,
// but press no buttons: the link is used up by useLink only.
func (h *Handlers) confirmLink(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	email, err := h.Accounts.LinkEmail(web.Context(c), "sign-in", strings.Clone(c.Params("token")))
	if errors.Is(err, ErrLink) {
		return h.linkOver(c, err)
	}
	if err != nil {
		return err
	}
	p := h.Web.Page(c, "")
	p.NoIndex = true
	return h.Web.Render(c, "accounts/sign_in_confirm", confirmPage{Page: p, Email: email})
}

// linkOver shows the sign-in page, where another link is asked for.
func (h *Handlers) linkOver(c *fiber.Ctx, err error) error {
	p := h.Web.Page(c, "").Refused(web.Form{}, err)
	p.Path = "/sign-in"
	c.Set(fiber.HeaderCacheControl, "no-store")
	return h.Web.RenderStatus(c, fiber.StatusGone, "accounts/sign_in", h.signInPage(p, ""))
}

func (h *Handlers) useLink(c *fiber.Ctx) error {
	secret, next, err := h.Accounts.SignIn(web.Context(c), strings.Clone(c.Params("token")), h.cookie(c))
	if errors.Is(err, ErrLink) {
		return h.linkOver(c, err)
	}
	if err != nil {
		return err
	}
	h.setCookie(c, secret)
	return c.Redirect(web.SafeNext(next, web.Path(web.Lang(c), "my-work")), fiber.StatusSeeOther)
}

// signInDemo takes the field as it came: cleaning it could turn a name that is
// none into one that is.
func (h *Handlers) signInDemo(c *fiber.Ctx) error {
	post := c.Request().PostArgs()
	lang := formLang(c)
	next := string(post.Peek("next"))
	if next == "" {
		next = strings.Clone(c.Query("next"))
	}
	secret, err := h.Accounts.SignInDemo(web.Context(c), string(post.Peek("as")), h.cookie(c))
	if err != nil {
		return err
	}
	h.setCookie(c, secret)
	return c.Redirect(web.SafeNext(next, web.Path(lang, "my-work")), fiber.StatusSeeOther)
}

// formLang is the language of the page a form without language in its address
// was on.
func formLang(c *fiber.Ctx) string {
	if lang := string(c.Request().PostArgs().Peek("lang")); i18n.Known(lang) {
		return lang
	}
	return web.Lang(c)
}

func (h *Handlers) signOut(c *fiber.Ctx) error {
	if err := h.Accounts.End(web.Context(c), h.cookie(c)); err != nil {
		return err
	}
	h.dropCookie(c)
	return c.Redirect(web.Path(formLang(c)), fiber.StatusSeeOther)
}
