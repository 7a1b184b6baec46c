package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// status is the only place that knows both faults and HTTP.
var status = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Forbidden:       http.StatusForbidden,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unsupported:     http.StatusUnsupportedMediaType,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Full:            http.StatusInsufficientStorage,
	fault.Gone:            http.StatusGone,
}

// Status is the HTTP status of an error: of its fault, of the router's error,
// or 500.
func Status(err error) int {
	if e, ok := errors.AsType[*fiber.Error](err); ok {
		return e.Code
	}
	return status[fault.KindOf(err)]
}

// Fail answers a request that a handler refused: a page in the reader's
// language, problem details (RFC 9457) under /api, the way to sign-in where
// that is all that is missing. Only failures of our own are logged as errors.
func (k *Kit) Fail(c *fiber.Ctx, err error) error {
	code := Status(err)
	if code >= 500 && code != http.StatusServiceUnavailable && code != http.StatusInsufficientStorage {
		k.Log.Error("request failed", "request", RequestID(c), "method", strings.Clone(c.Method()), "path", logPath(c), "err", err)
	}
	c.Response().ResetBody()
	c.Set(fiber.HeaderCacheControl, "no-store")
	if code == http.StatusTooManyRequests {
		c.Set(fiber.HeaderRetryAfter, "60")
	}
	if code == http.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, "2")
	}
	printer := k.Locales.For(Lang(c))
	if strings.HasPrefix(c.Path(), "/api/") {
		return Problem(c, printer, err)
	}
	if code == http.StatusUnauthorized && c.Method() == fiber.MethodGet {
		return c.Redirect(Path(printer.Lang, "sign-in")+"?next="+url.QueryEscape(c.OriginalURL()), http.StatusSeeOther)
	}
	page := errorPage{Page: k.Page(c, ""), Status: code, Request: RequestID(c)}
	page.NoIndex = true
	page.Title, page.Text = words(printer, code, err)
	if rerr := k.RenderStatus(c, code, "error", page); rerr != nil {
		k.Log.Error("error page failed", "request", page.Request, "err", rerr)
		return c.Status(code).SendString(page.Title)
	}
	return nil
}

// errorPage is everything error.html may use.
type errorPage struct {
	Page
	Status  int
	Title   string
	Text    string
	Request string
}

// words are the title and the explanation of a refusal. What a fault says is
// shown; the cause of a failure of our own never is.
func words(p i18n.Printer, code int, err error) (title, text string) {
	key := "error.status_" + http.StatusText(code)
	key = strings.ToLower(strings.NewReplacer(" ", "_", "'", "", "-", "_").Replace(key))
	title, text = p.T(key), p.T(key+"_text")
	if !p.Has(key) {
		title, text = p.T("error.status_other"), p.T("error.status_other_text")
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal && p.Has(f.Key) {
		text = p.T(f.Key, f.Args...)
	}
	return title, text
}

// problem is an answer of the API that refuses (RFC 9457).
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Errors []problemField `json:"errors,omitempty"`
}

type problemField struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// Problem answers with problem details in the reader's language.
func Problem(c *fiber.Ctx, printer i18n.Printer, err error) error {
	code := Status(err)
	p := problem{Type: "about:blank", Status: code}
	p.Title, p.Detail = words(printer, code, err)
	for _, f := range fault.All(err) {
		if f.Field != "" {
			p.Errors = append(p.Errors, problemField{Location: f.Field, Message: printer.T(f.Key, f.Args...)})
		}
	}
	body, jerr := json.Marshal(p)
	if jerr != nil {
		return jerr
	}
	c.Status(code)
	c.Set(fiber.HeaderContentType, "application/problem+json")
	c.Set(fiber.HeaderContentLanguage, printer.Lang)
	return c.Send(body)
}
