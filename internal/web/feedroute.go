package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Feed serves a list as /feeds/NAME.rss, .atom and .json below the language.
// build makes the channel's texts and items; addresses of the channel itself
// and the portal's name are filled in. Home is the path of the page below the
// language. A name may hold ":id": the feed is then of one thing of many.
func (r Routes) Feed(k *Kit, name string, build func(c *fiber.Ctx) (Channel, error)) {
	for _, format := range FeedFormats {
		r.Get("/feeds/"+name+"."+format, func(c *fiber.Ctx) error {
			ch, err := build(c)
			if err != nil {
				return err
			}
			base := k.Portal.PublicURL
			ch.Author = k.Portal.Name
			ch.Home = base + Path(Lang(c), ch.Home)
			ch.Self = base + Path(Lang(c), "feeds", strings.ReplaceAll(name, ":id", c.Params("id")))
			if ch.Lang == "" {
				ch.Lang = Lang(c)
			}
			body, err := ch.Bytes(format)
			if err != nil {
				return err
			}
			return SendCached(c, feedTypes[format], ch.Updated(), body)
		})
	}
}

// SendCached sends public bytes with a strong ETag and, when changed is set,
// Last-Modified; a reader who has them already is answered 304.
func SendCached(c *fiber.Ctx, mediaType string, changed time.Time, body []byte) error {
	etag := etagOf(body)
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, "public, max-age=0, must-revalidate")
	modified := ""
	if !changed.IsZero() {
		modified = changed.UTC().Format(http.TimeFormat)
		c.Set(fiber.HeaderLastModified, modified)
	}
	if known(c, etag, modified) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, mediaType)
	return c.Send(body)
}

// known reports whether the reader has these bytes. The ETag decides when it
// is asked for; a date must be the very one that was sent, because taking
// something off a list makes its date older.
func known(c *fiber.Ctx, etag, modified string) bool {
	if asked := c.Get(fiber.HeaderIfNoneMatch); asked != "" {
		for _, one := range strings.Split(asked, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == etag {
				return true
			}
		}
		return false
	}
	return modified != "" && c.Get(fiber.HeaderIfModifiedSince) == modified
}

// Absolute returns a path of the portal as an absolute address.
func (a *API) Absolute(path string) string { return a.kit.Portal.PublicURL + path }
