package files

import (
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Handlers serve pictures and take them.
type Handlers struct{ Files *Store }

// Register adds the addresses of files. accounts' Identify must be registered
// before them.
func (h *Handlers) Register(app *fiber.App) {
	app.Get("/files/:hash", h.show)
	app.Get("/files/:hash/:width", h.show)
	app.Post("/api/v1/files", h.add)
}

// show sends a picture. Its bytes never change, so it may be kept for ever;
// should a browser take it for a page, that page may do nothing.
func (h *Handlers) show(c *fiber.Ctx) error {
	width := 0
	if text := c.Params("width"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n <= 0 {
			return fiber.ErrNotFound
		}
		width = n
	}
	b, mediaType, err := h.Files.Get(c.Params("hash"), width)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Send(b)
}

// added is the answer to an upload.
type added struct {
	URL  string `json:"url"`
	Hash string `json:"hash"`
}

// add takes one picture from a member of an organisation.
func (h *Handlers) add(c *fiber.Ctx) error {
	a := accounts.ActorOf(c)
	switch {
	case !a.SignedIn():
		return accounts.ErrSignIn
	case len(a.Organisations()) == 0:
		return accounts.ErrForbidden
	}
	head, err := c.FormFile("file")
	if err != nil {
		return ErrMissing.On("file").Because(err)
	}
	f, err := h.Files.AddPart(web.Context(c), head)
	if err != nil {
		return err
	}
	return c.Status(http.StatusCreated).JSON(added{URL: f.URL(), Hash: f.Hash})
}
