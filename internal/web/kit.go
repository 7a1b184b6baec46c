package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/once"
)

// Renderer writes one page of the theme: name is "cases/show", data the page's
// view-model.
type Renderer interface {
	Render(w io.Writer, name string, data any) error
}

// Kit is what handlers share. Its fields are set once, before the first
// request.
type Kit struct {
	Portal  Portal
	Locales *i18n.Bundle
	Theme   Renderer
	Log     *slog.Logger
	Now     func() time.Time
	// Secure says that readers come over HTTPS: cookies are then Secure and
	// named __Host-, and HSTS is sent. A trusted proxy may say so per request.
	Secure bool
	// Visit tells who asks. Nil means everybody is anonymous.
	Visit func(c *fiber.Ctx) Visitor
	// Known reports, by the head of a request alone, whether somebody known
	// sends it. Nil means nobody does.
	Known func(h *fasthttp.RequestHeader) bool
	// Waiting counts what waits for who asks. It is asked only for a page, and
	// only when somebody is signed in. Nil: nothing waits.
	Waiting func(c *fiber.Ctx) int
	// Pages keeps what readers who are not signed in are sent. Nil: every page
	// is made for each of them.
	Pages *Pages
	// AccessLog logs every request.
	AccessLog bool
	// Traffic counts requests.
	Traffic Traffic
}

// Page returns the base of a page for this request. section names the main
// place it belongs to, or is empty.
func (k *Kit) Page(c *fiber.Ctx, section string) Page {
	lang := Lang(c)
	p := Page{
		Printer: k.Locales.For(lang),
		Portal:  k.Portal,
		Now:     k.Now(),
		Section: section,
		Path:    strings.TrimPrefix(strings.Clone(c.Path()), "/"+lang),
		Query:   queryOf(c),
		once:    newOneTime(c),
	}
	if k.Visit != nil {
		p.Visitor = k.Visit(c)
	}
	if k.Waiting != nil && p.Visitor.SignedIn() {
		p.Visitor.Waiting = k.Waiting(c)
	}
	if done := c.Query("done"); done != "" && p.Has("done."+done) {
		p.Notice = p.T("done." + strings.Clone(done))
		p.Query = ""
	}
	return p
}

// Lang is the language of the request's address, or the best for the reader
// where the address has none.
func Lang(c *fiber.Ctx) string {
	if lang, ok := c.Locals("lang").(string); ok {
		return lang
	}
	if first, _, _ := strings.Cut(strings.TrimPrefix(c.Path(), "/"), "/"); i18n.Known(first) {
		return strings.Clone(first)
	}
	return i18n.Match(strings.Clone(c.Get(fiber.HeaderAcceptLanguage)))
}

// Render sends a page with status 200, or 422 when its form was refused. It is
// rendered whole before the first byte is sent.
func (k *Kit) Render(c *fiber.Ctx, name string, data any) error {
	return k.RenderStatus(c, fiber.StatusOK, name, data)
}

// RenderStatus is Render with a status of its own.
func (k *Kit) RenderStatus(c *fiber.Ctx, status int, name string, data any) error {
	var buf bytes.Buffer
	if err := k.Theme.Render(&buf, name, data); err != nil {
		return err
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if c.Response().Header.Peek(fiber.HeaderCacheControl) == nil {
		c.Set(fiber.HeaderCacheControl, k.cacheControl(c))
	}
	return c.Send(buf.Bytes())
}

func (k *Kit) cacheControl(c *fiber.Ctx) string {
	if k.Visit != nil && k.Visit(c).SignedIn() {
		return "private, no-store"
	}
	return "public, max-age=0, must-revalidate"
}

// Form reads the submitted form and puts its one-time key into the request's
// context, so that the service's once.Do sees it.
func (k *Kit) Form(c *fiber.Ctx) (Form, error) {
	f, err := ReadForm(c)
	if err != nil {
		return f, err
	}
	scope := ""
	if k.Visit != nil {
		scope = k.Visit(c).ID
	}
	c.SetUserContext(once.With(c.UserContext(), scope, f.Get("_key"), ""))
	return f, nil
}

// Again shows a form page again after a refusal: show gets the page with what
// was typed and what is wrong, and the answer is 422 (409 when somebody else
// was quicker). Any other error is passed on.
func (k *Kit) Again(c *fiber.Ctx, section string, form Form, err error, show func(Page) error) error {
	switch fault.KindOf(err) {
	case fault.Invalid:
		c.Status(fiber.StatusUnprocessableEntity)
	case fault.Conflict, fault.TooMany, fault.Full, fault.TooLarge:
		c.Status(Status(err))
	default:
		return err
	}
	status := c.Response().StatusCode()
	// The key stays: nothing was stored under it.
	page := k.Page(c, section).Refused(form, err).WithKey(form.Get("_key"))
	if err := show(page); err != nil {
		return err
	}
	c.Status(status)
	return nil
}

// See redirects to a page in the reader's language after a change (303). done,
// if not empty, names the text "done.…" that the page then shows.
func (k *Kit) See(c *fiber.Ctx, path, done string) error {
	to := Path(Lang(c), path)
	if done != "" {
		frag := ""
		if i := strings.IndexByte(to, '#'); i >= 0 {
			to, frag = to[:i], to[i:]
		}
		sep := "?"
		if strings.Contains(to, "?") {
			sep = "&"
		}
		to += sep + "done=" + done + frag
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// Context is the context a handler gives to services: it has a deadline, the
// request's one-time key and nothing of the request itself.
func Context(c *fiber.Ctx) context.Context { return c.UserContext() }

// SafeNext returns where to go after signing in: a path of this portal, or
// the given default. Anything that could lead elsewhere is refused.
func SafeNext(next, otherwise string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t\x00") || len(next) > 500 {
		return otherwise
	}
	return next
}
