package experiments

import (
	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// feedLength is how many experiments the feed holds.
const feedLength = 50

// feeds are what a reader of the list can subscribe to.
func feeds(p web.Page) []web.Feed {
	return []web.Feed{{Title: p.T("experiment.list_newest"), Path: "feeds/experiments"}}
}

// feed is the newest public experiments as RSS, Atom and JSON Feed. What
// members alone may read is in no feed.
func (h *Handlers) feed(c *fiber.Ctx) (web.Channel, error) {
	p := h.Page(c, section)
	ch := web.Channel{Title: p.T("experiment.list_newest"), Description: p.T("experiment.list_lead"), Home: "experiments"}
	list, err := h.Experiments.List(web.Context(c), accounts.Actor{}, Query{Limit: feedLength})
	for _, r := range list.Rows {
		item := web.Item{
			ID: p.Absolute(web.Path(r.Lang, "experiments", r.ID)), URL: p.Absolute(p.URL("experiments", r.ID)),
			Title: r.Title, Summary: r.Summary, Lang: r.Lang, Topics: []string{p.T("stage." + string(r.Stage))},
			Published: r.Listed, Updated: r.StageAt,
		}
		ch.Items = append(ch.Items, item)
	}
	return ch, err
}
