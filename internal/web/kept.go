package web

import (
	"bytes"
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/pagecache"
)

// Pages keeps what readers who are not signed in are sent.
type Pages = pagecache.Cache[*Answer]

// kept answers a reader who is not signed in with the page as it is kept, or
// makes it and keeps it. It comes before all that a kept answer does not need, and
// a kept answer costs next to nothing.
func (k *Kit) kept(c *fiber.Ctx) error {
	if k.Pages == nil || !forEverybody(c) {
		return c.Next()
	}
	var room [200]byte
	key, ok := k.keyOf(c, room[:0])
	if !ok {
		return c.Next()
	}
	if page, ok := k.Pages.Get(key, k.Now()); ok && framing(&c.Request().Header) == nil {
		page.send(c)
		return nil
	}
	return k.keep(c, string(key))
}

// forEverybody reports whether the answer to a request may be the same for
// every reader.
func forEverybody(c *fiber.Ctx) bool {
	h := &c.Request().Header
	if !h.IsGet() || !inPages(c.Context().Path()) {
		return false
	}
	return !bytes.Contains(h.Peek(fiber.HeaderCookie), []byte("session=")) && len(h.Peek(fiber.HeaderAuthorization)) == 0 &&
		len(h.Peek(fiber.HeaderContentEncoding)) == 0
}

// inPages reports whether a path is that of a page: below a language, or the
// list of all pages.
func inPages(path []byte) bool {
	if len(path) >= 3 && (len(path) == 3 || path[3] == '/') {
		return i18n.Known(string(path[1:3]))
	}
	return string(path) == "/sitemap.xml"
}

// keyOf appends what a page is kept under: whether it goes over HTTPS, its path
// and what it is asked with.
func (k *Kit) keyOf(c *fiber.Ctx, key []byte) ([]byte, bool) {
	if k.Https(c) {
		key = append(key, 's')
	} else {
		key = append(key, 'h')
	}
	uri := c.Request().URI()
	key = append(key, uri.PathOriginal()...)
	if len(uri.QueryString()) == 0 {
		return key, true
	}
	query, ok := normalise(c)
	if query != "" {
		key = append(append(key, '?'), query...)
	}
	return key, ok
}

// keep makes an answer and keeps it when it is for everybody.
func (k *Kit) keep(c *fiber.Ctx, key string) error {
	h := &c.Request().Header
	match, since := string(h.Peek(fiber.HeaderIfNoneMatch)), string(h.Peek(fiber.HeaderIfModifiedSince))
	h.Del(fiber.HeaderIfNoneMatch) // the whole page is made, whoever asks first
	h.Del(fiber.HeaderIfModifiedSince)
	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	page, out, err := k.Pages.Make(ctx, key, k.Now, func(ctx context.Context) (*Answer, bool, error) {
		c.SetUserContext(ctx)
		if err := c.Next(); err != nil || !public(c.Response()) {
			return nil, false, err
		}
		return newAnswer(c), true, nil
	})
	if err != nil {
		return err
	}
	if match != "" {
		h.Set(fiber.HeaderIfNoneMatch, match)
	}
	if since != "" {
		h.Set(fiber.HeaderIfModifiedSince, since)
	}
	switch {
	case out == pagecache.Alone:
		return c.Next()
	case page == nil: // what was made has been written already
		return nil
	case out == pagecache.Waited:
		if err := framing(h); err != nil {
			return c.Next() // which refuses it
		}
	}
	page.send(c)
	return nil
}

// public reports whether an answer is a whole one that says of itself that it
// is the same for everybody.
func public(r *fasthttp.Response) bool {
	h := &r.Header
	return r.StatusCode() == fiber.StatusOK && bytes.HasPrefix(h.Peek(fiber.HeaderCacheControl), []byte("public")) &&
		len(h.Peek(fiber.HeaderSetCookie)) == 0 && len(h.Peek(fiber.HeaderVary)) == 0
}
