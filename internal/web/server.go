package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/valyala/fasthttp"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// Limits of one request.
const (
	MaxBody    = 2 << 20  // bytes of an ordinary body
	MaxUpload  = 12 << 20 // bytes of a body that brings files
	maxHeader  = 16 << 10
	storeLimit = 5 * time.Second
	maxRunning = 512 // requests that are worked on at the same time; a machine that has more only gets slower
)

// ErrForeign is returned for a change that another site asked for.
var ErrForeign = fault.New(fault.Forbidden, "error.foreign_origin")

// ErrOverrun is returned while more is asked for at the same time than can be
// worked on. Pages that are kept are sent all the same.
var ErrOverrun = fault.New(fault.Unavailable, "error.busy")

// NewApp returns the server with everything that holds for every request:
// limits, headers, the same-origin rule, deadlines, the access log and the
// error page. trusted are the addresses of proxies whose X-Forwarded headers
// are believed.
func (k *Kit) NewApp(trusted []string) *fiber.App {
	app := fiber.New(fiber.Config{
		AppName: k.Portal.Name, DisableStartupMessage: true,
		Immutable: true, UnescapePath: false, CaseSensitive: true,
		ReadBufferSize: maxHeader, BodyLimit: MaxUpload,
		ReadTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second,
		EnableTrustedProxyCheck: true, TrustedProxies: trusted, ProxyHeader: proxyHeader(trusted), EnableIPValidation: true,
		ErrorHandler: k.Fail,
	})
	app.Server().HeaderReceived = k.limits
	app.Server().NoDefaultServerHeader = true
	app.Use(k.log, k.kept, recover.New(), k.harden)
	return app
}

func proxyHeader(trusted []string) string {
	if len(trusted) == 0 {
		return ""
	}
	return fiber.HeaderXForwardedFor
}

// limits gives an upload more bytes and more time than an ordinary request, if
// it comes from somebody who is known: nobody else can keep a connection busy
// for long.
func (k *Kit) limits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	upload := strings.HasPrefix(string(h.ContentType()), fiber.MIMEMultipartForm)
	if upload && k.Known != nil && k.Known(h) {
		return fasthttp.RequestConfig{ReadTimeout: 120 * time.Second, WriteTimeout: 120 * time.Second, MaxRequestBodySize: MaxUpload}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: MaxBody}
}

var sameOrigin = http.NewCrossOriginProtection()

// harden refuses what no honest client sends and sets the headers of every
// answer. The handler's context gets the deadline of store calls.
func (k *Kit) harden(c *fiber.Ctx) error {
	k.headers(c)
	if len(c.Request().Header.Peek(fiber.HeaderContentEncoding)) > 0 {
		return ErrEncoding
	}
	if err := framing(&c.Request().Header); err != nil {
		c.Context().SetConnectionClose() // where the next message begins is anyone's guess
		return err
	}
	if k.Traffic.running.Load() > maxRunning {
		return ErrOverrun
	}
	if err := checkOrigin(c); err != nil {
		return err
	}
	if path := c.Path(); len(path) > 1 && strings.HasSuffix(path, "/") && !strings.HasPrefix(path, "//") && c.Method() == fiber.MethodGet {
		return c.Redirect(strings.TrimRight(path, "/"), fiber.StatusMovedPermanently)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), storeLimit)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

func (k *Kit) headers(c *fiber.Ctx) {
	h := &c.Response().Header
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()")
	if k.Https(c) {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

// Https reports whether the reader's connection is encrypted, by
// configuration or by the word of a trusted proxy.
func (k *Kit) Https(c *fiber.Ctx) bool { return k.Secure || c.Protocol() == "https" }

// checkOrigin applies the standard library's rule against cross-site requests.
func checkOrigin(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return nil
	}
	r := &http.Request{Method: c.Method(), Host: string(c.Request().Host()), Header: http.Header{}}
	for _, name := range []string{"Origin", "Sec-Fetch-Site"} {
		if v := c.Get(name); v != "" {
			r.Header.Set(name, v)
		}
	}
	if err := sameOrigin.Check(r); err != nil {
		return ErrForeign.Because(err)
	}
	return nil
}

// Routes registers pages below a language: Get("/cases") serves
// /fi/cases, /sv/cases and so on.
type Routes struct{ app *fiber.App }

// Routes returns the registrar of pages with a language in their address.
func (k *Kit) Routes(app *fiber.App) Routes { return Routes{app} }

// Get serves a page, Post a form, both below the language.
func (r Routes) Get(path string, h fiber.Handler) { r.app.Get("/:lang"+path, inLanguage(h)) }

// Post takes a form below the language.
func (r Routes) Post(path string, h fiber.Handler) { r.app.Post("/:lang"+path, inLanguage(h)) }

func inLanguage(h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		lang := c.Params("lang")
		if !i18n.Known(lang) {
			return c.Next()
		}
		c.Locals("lang", lang)
		return h(c)
	}
}
