package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/once"
)

// API is the JSON interface under /api/v1 and its description.
type API struct {
	huma.API
	kit   *Kit
	names *schemaNames
}

// NewAPI returns the interface, described at /api/openapi.json (and .yaml).
// Middleware that identifies people must be registered before.
func (k *Kit) NewAPI(app *fiber.App) *API {
	config := huma.DefaultConfig(k.Portal.Name, "1.0.0")
	config.Info.Description = "What municipalities tried, asked for and learnt. Reading what is public needs no key; changes need a session or a personal token and take an Idempotency-Key."
	config.Info.License = &huma.License{Name: "CC BY 4.0 (data)", URL: "https://creativecommons.org/licenses/by/4.0/"}
	config.Info.Contact = &huma.Contact{Name: k.Portal.Name, Email: k.Portal.Contact}
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", nil
	config.Servers = []*huma.Server{{URL: strings.TrimSuffix(k.Portal.PublicURL, "/"), Description: "This portal"}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "A personal token, made on the profile page or by POST /api/v1/tokens."},
		"session": {Type: "apiKey", In: "cookie", Name: "session", Description: "The session of somebody who signed in with a browser."},
	}
	config.NoFormatFallback = false
	names := &schemaNames{taken: map[string]reflect.Type{}}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", names.of)
	huma.NewErrorWithContext = apiError
	app.Use("/api/v1", k.idempotency)
	return &API{API: humafiber.New(app, config), kit: k, names: names}
}

// Signed marks an operation that only somebody signed in may use. Open is what
// the others are: who signs in may be shown more.
var (
	Signed = []map[string][]string{{"token": {}}, {"session": {}}}
	Open   = []map[string][]string{{}, {"token": {}}, {"session": {}}}
)

// ErrSignIn is returned to a stranger where somebody has to be signed in.
var ErrSignIn = fault.New(fault.Unauthenticated, "error.sign_in_first")

// Handle registers an operation. A fault that handler returns is answered as
// problem details in the reader's language; a failure of our own is logged and
// tells nothing. A stranger is refused before their body is read. op.Errors and
// op.Security are completed with what holds for every operation.
func Handle[I, O any](api *API, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	codes := []int{http.StatusBadRequest, http.StatusNotFound, http.StatusNotAcceptable, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if op.Method != http.MethodGet {
		codes = append(codes, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusTooManyRequests, http.StatusInsufficientStorage)
	}
	if op.Security == nil {
		op.Security = Open
	} else {
		codes = append(codes, http.StatusUnauthorized, http.StatusForbidden)
		op.Middlewares = append(op.Middlewares, api.kit.onlySigned)
	}
	for _, code := range codes {
		if !containsInt(op.Errors, code) {
			op.Errors = append(op.Errors, code)
		}
	}
	api.names.operation = op.OperationID
	huma.Register(api.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err == nil {
			return out, nil
		}
		if code := Status(err); code >= 500 && code != http.StatusServiceUnavailable && code != http.StatusInsufficientStorage {
			api.kit.Log.Error("api request failed", "operation", op.OperationID, "err", err)
		}
		return nil, refusal(api.kit.Locales.For(LangIn(ctx)), err)
	})
}

// onlySigned refuses a stranger.
func (k *Kit) onlySigned(ctx huma.Context, next func(huma.Context)) {
	c := humafiber.Unwrap(ctx)
	if k.Visit != nil && k.Visit(c).SignedIn() {
		next(ctx)
		return
	}
	if err := Problem(c, k.Locales.For(Lang(c)), ErrSignIn); err != nil {
		k.Log.Error("problem details failed", "request", RequestID(c), "err", err)
	}
}

func containsInt(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

type langKey struct{}

// LangIn is the language an API answer is written in.
func LangIn(ctx context.Context) string {
	lang, _ := ctx.Value(langKey{}).(string)
	return lang
}

// refusal turns a fault into the error type of the API framework.
func refusal(p i18n.Printer, err error) huma.StatusError {
	if e, ok := errors.AsType[huma.StatusError](err); ok {
		return e
	}
	code := Status(err)
	m := &huma.ErrorModel{Status: code}
	m.Title, m.Detail = words(p, code, err)
	for _, f := range fault.All(err) {
		if f.Field != "" {
			m.Errors = append(m.Errors, &huma.ErrorDetail{Location: "body." + f.Field, Message: p.T(f.Key, f.Args...)})
		}
	}
	return m
}

// apiError is what the framework answers by itself: a body that does not fit
// the schema, a wrong media type.
func apiError(_ huma.Context, status int, msg string, errs ...error) huma.StatusError {
	m := &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: msg}
	if status >= 500 {
		m.Detail = ""
	}
	for _, err := range errs {
		switch e := err.(type) {
		case nil:
		case huma.ErrorDetailer:
			d := e.ErrorDetail()
			m.Errors = append(m.Errors, &huma.ErrorDetail{Message: d.Message, Location: d.Location})
		default:
			if status < 500 {
				m.Errors = append(m.Errors, &huma.ErrorDetail{Message: e.Error()})
			}
		}
	}
	return m
}

// ErrKey is returned for an Idempotency-Key that is too long or not plain.
var ErrKey = fault.New(fault.Invalid, "error.key_malformed").On("Idempotency-Key")

// idempotency puts the Idempotency-Key of a change into the request's context:
// the same key and body get the same answer, another body is refused.
func (k *Kit) idempotency(c *fiber.Ctx) error {
	ctx := context.WithValue(c.UserContext(), langKey{}, Lang(c))
	if key := c.Get("Idempotency-Key"); key != "" && c.Method() != fiber.MethodGet {
		if len(key) > 200 || strings.ContainsFunc(key, func(r rune) bool { return r < 0x21 || r > 0x7e }) {
			return ErrKey
		}
		scope := ""
		if k.Visit != nil {
			scope = k.Visit(c).ID
		}
		sum := sha256.Sum256([]byte(c.Method() + " " + c.Path() + "\n" + string(c.Request().Body())))
		ctx = once.With(ctx, "api "+scope, strings.Clone(key), hex.EncodeToString(sum[:]))
	}
	c.SetUserContext(ctx)
	return c.Next()
}
