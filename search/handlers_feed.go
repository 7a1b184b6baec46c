package search

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/web"
)

// feedLength is how many finds a feed holds.
const feedLength = 30

// feed is any search as RSS, Atom and JSON Feed: the newest finds that
// everybody may read, whoever asks. A feed without words is empty.
func (h *Handlers) feed(c *fiber.Ctx) (web.Channel, error) {
	p := h.Web.Page(c, "")
	typed := strings.TrimSpace(typedIn(c))
	if typed == "" {
		return web.Channel{Title: p.T("search.title"), Home: "search"}, nil
	}
	req := asked(c, typed)
	query := Query(typed, req.conditions())
	ch := web.Channel{
		Title: p.T("search.title_for", typed), Description: p.T("search.feed_about"), Home: "search?" + query, Query: query,
	}
	pagecache.Shows(web.Context(c), Name)
	found, err := h.Index.Newest(web.Context(c), req, feedLength)
	for _, d := range found {
		ch.Items = append(ch.Items, item(p, d))
	}
	return ch, err
}

// item is a find in a feed, under the address it has in every feed.
func item(p web.Page, d Document) web.Item {
	i := web.Item{
		URL: p.Absolute(web.Path(d.Lang, d.Path)), Title: d.Title, Summary: d.Summary, Lang: d.Lang, Published: d.Date, Updated: d.Date,
		Topics: []string{p.T("search.kind_" + d.Kind)},
	}
	i.ID = i.URL
	switch d.Kind {
	case "case":
		i.ID = p.Absolute("/c/" + d.ID)
	case "experiment":
		i.ID = p.Absolute(web.Path(d.Lang, "experiments", d.ID))
	}
	return i
}
