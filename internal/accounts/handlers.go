package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Limits of how often letters can be asked for, each counted on this node.
const (
	perAddress = 10 // in a quarter of an hour
	perNetwork = 30
	perPerson  = 30 // invitations and requests to join, in an hour
)

// Handlers are the pages of signing in, of one's own profile and of people's
// roles. The exported fields are set once, before Register.
type Handlers struct {
	Web      *web.Kit
	Accounts *Service
	// Demo opens sign-in without proof as one of the invented people. Only a
	// portal that listens on this machine alone may set it.
	Demo bool
	// Export adds what the slices keep about somebody to the own-data file, by
	// the slice's name.
	Export map[string]func(ctx context.Context, a Actor) (any, error)

	address, network, person web.Limiter
}

// Register adds the pages: r those below a language, app the others. Identify
// must be registered before them. It makes Visitor the Kit's Visit, and
// tells the Kit who is known.
func (h *Handlers) Register(app *fiber.App, r web.Routes) {
	h.Web.Visit, h.Web.Known = h.Visitor, h.known
	h.address = web.Limiter{Max: perAddress, Window: 15 * time.Minute}
	h.network = web.Limiter{Max: perNetwork, Window: 15 * time.Minute}
	h.person = web.Limiter{Max: perPerson, Window: time.Hour}
	r.Get("/sign-in", h.signIn)
	r.Post("/sign-in", h.askLink)
	r.Get("/sign-in/sent", h.linkSent)
	r.Get("/sign-in/:token", h.confirmLink)
	r.Post("/sign-in/:token", h.useLink)
	app.Post("/sign-out", h.signOut)
	if h.Demo {
		app.Post("/demo/sign-in", h.signInDemo)
	}
	r.Get("/join/sent", h.joinSent)
	r.Get("/join/:token", h.joinForm)
	r.Post("/join/:token", h.join)

	r.Get("/profile", h.profile)
	r.Post("/profile", h.saveProfile)
	r.Post("/profile/tokens", h.addToken)
	r.Post("/profile/tokens/:id/revoke", h.revokeToken)
	r.Post("/profile/sign-out-everywhere", h.signOutEverywhere)
	r.Post("/profile/join", h.joinAnother)
	r.Post("/profile/leave", h.leave)
	r.Get("/profile/data", h.ownData)
	r.Get("/profile/erase", h.eraseForm)
	r.Post("/profile/erase", h.erase)

	r.Get("/organisations/:key/people", h.people)
	r.Post("/organisations/:key/people/invite", h.invite)
	r.Post("/organisations/:key/people/domains", h.domains)
	r.Post("/organisations/:key/people/joins/:id", h.answer)
	r.Post("/organisations/:key/people/:id", h.setRoles)

	r.Get("/admin/people", h.admin)
	r.Post("/admin/people", h.addPerson)
	r.Get("/admin/people/:id", h.adminPerson)
	r.Post("/admin/people/:id/roles", h.setPortalRoles)
	r.Post("/admin/people/:id/organisation", h.setOrganisationRole)
	r.Post("/admin/people/:id/mail", h.rebind)
	r.Post("/admin/people/:id/erase", h.erasePerson)
}

// Identify finds out who asks: by the session's cookie, and under /api also by
// a personal token. Whoever has neither is nobody; a token that is none is
// refused. A cookie is only set when the person's session gets a new id.
func (h *Handlers) Identify(c *fiber.Ctx) error {
	visit, err := h.visit(c)
	switch {
	case errors.Is(err, ErrSignIn):
		return c.Next()
	case err != nil:
		return err
	}
	if visit.NewCookie != "" {
		h.setCookie(c, visit.NewCookie)
	}
	c.Locals("visit", visit)
	c.SetUserContext(WithActor(c.UserContext(), visit.Actor))
	return c.Next()
}

func (h *Handlers) visit(c *fiber.Ctx) (Visit, error) {
	if token := c.Get(fiber.HeaderAuthorization); token != "" && strings.HasPrefix(c.Path(), "/api/") {
		scheme, secret, _ := strings.Cut(token, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return Visit{}, ErrToken
		}
		return h.Accounts.ByToken(web.Context(c), strings.Clone(secret))
	}
	if cookie := h.cookie(c); cookie != "" {
		return h.Accounts.BySession(web.Context(c), cookie)
	}
	return Visit{}, ErrSignIn
}

// known reports whether a request's head has a session or a token of somebody.
// It is asked before the body is read, and changes nothing.
func (h *Handlers) known(head *fasthttp.RequestHeader) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for _, name := range []string{"session", "__Host-session"} {
		if h.Accounts.HasSession(ctx, string(head.Cookie(name))) {
			return true
		}
	}
	_, token, _ := strings.Cut(string(head.Peek(fiber.HeaderAuthorization)), " ")
	return h.Accounts.HasToken(ctx, token)
}

// ActorOf is who asks; the zero Actor is nobody.
func ActorOf(c *fiber.Ctx) Actor { return visitOf(c).Actor }

func visitOf(c *fiber.Ctx) Visit {
	v, _ := c.Locals("visit").(Visit)
	return v
}

// Visitor tells the page base who asks.
func (h *Handlers) Visitor(c *fiber.Ctx) web.Visitor {
	if v, ok := c.Locals("visitor").(web.Visitor); ok {
		return v
	}
	v := visitOf(c)
	a := v.Actor
	if !a.SignedIn() {
		return web.Visitor{}
	}
	out := web.Visitor{ID: a.ID, Name: v.Person.Name}
	if out.Name == "" {
		out.Name = h.Accounts.DisplayName(web.Context(c), a.ID, web.Lang(c))
	}
	for _, role := range []Role{Reviewer, Officer, Coordinator, Cohort, Admin} {
		out.MayDecide = out.MayDecide || a.Has(role)
	}
	if h.Demo {
		out.DemoRole = demoRole(v.Person.Email)
	}
	c.Locals("visitor", out)
	return out
}

func (h *Handlers) cookieName(c *fiber.Ctx) string {
	if h.Web.Https(c) {
		return "__Host-session"
	}
	return "session"
}

func (h *Handlers) cookie(c *fiber.Ctx) string { return strings.Clone(c.Cookies(h.cookieName(c))) }

func (h *Handlers) setCookie(c *fiber.Ctx, secret string) {
	c.Cookie(&fiber.Cookie{
		Name: h.cookieName(c), Value: secret, Path: "/", MaxAge: int(SessionMax / time.Second),
		HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, Secure: h.Web.Https(c),
	})
}

// Cookie is the session's secret that the browser has, or "". SetCookie gives
// it another one: that of somebody whom another package signed in.
func (h *Handlers) Cookie(c *fiber.Ctx) string { return h.cookie(c) }

// SetCookie signs the browser in with the secret of a session.
func (h *Handlers) SetCookie(c *fiber.Ctx, secret string) { h.setCookie(c, secret) }

func (h *Handlers) dropCookie(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{
		Name: h.cookieName(c), Path: "/", Expires: time.Unix(1, 0), MaxAge: -1,
		HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, Secure: h.Web.Https(c),
	})
}

// signedIn is who asks, or ErrSignIn.
func signedIn(c *fiber.Ctx) (Actor, error) {
	if a := ActorOf(c); a.SignedIn() {
		return a, nil
	}
	return Actor{}, ErrSignIn
}

// allow refuses what is asked for too often, and says when to come back.
func (h *Handlers) allow(c *fiber.Ctx, l *web.Limiter, key string) error {
	err := l.Allow(key, h.Web.Now())
	if err != nil {
		c.Set(fiber.HeaderRetryAfter, "900")
	}
	return err
}

// stay shows a page again with what was typed. fields that belong to other
// forms of the page keep what is stored.
func (h *Handlers) stay(c *fiber.Ctx, form web.Form, err error, stored map[string]string, show func(web.Page) error) error {
	for name, value := range stored {
		if !form.Has(name) {
			form.Values.Set(name, value)
		}
	}
	return h.Web.Again(c, "", form, err, show)
}

// at moves a fault to the field of the page that it is about.
func at(err error, from *fault.Error, field string) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && errors.Is(f, from) {
		return f.On(field)
	}
	return err
}

func (h *Handlers) ownData(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	own, err := h.Accounts.ExportOf(web.Context(c), a)
	if err != nil {
		return err
	}
	all := map[string]any{"account": own}
	for name, export := range h.Export {
		if all[name], err = export(web.Context(c), a); err != nil {
			return err
		}
	}
	raw, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="my-data.json"`)
	return c.Send(raw)
}
