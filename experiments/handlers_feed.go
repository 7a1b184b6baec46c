package experiments

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// feedLength is how many experiments the feed holds.
const feedLength = 50

// feeds are what a reader of a list can subscribe to: the list as it was asked
// for.
func feeds(p web.Page, q Query) []web.Feed {
	q.Order = Newest
	return []web.Feed{{Title: titleOf(p, q), Path: "feeds/experiments", Query: q.Values().Encode()}}
}

// titleOf names a list by what narrows it.
func titleOf(p web.Page, q Query) string {
	title := p.T("experiment.list_newest")
	for _, facet := range Facets {
		if asked := *facet.asked(&q); asked != "" {
			title += ", " + valueName(p.Printer, facet.Name, asked)
		}
	}
	return title
}

// feed is the newest public experiments as RSS, Atom and JSON Feed, narrowed
// as the list is. What members alone may read is in no feed.
func (h *Handlers) feed(c *fiber.Ctx) (web.Channel, error) {
	p, q := h.Page(c, section), queryOf(c)
	q.Order = Newest
	ch := web.Channel{Title: titleOf(p, q), Description: p.T("experiment.list_lead"), Home: q.at("experiments", 1), Query: q.Values().Encode()}
	f, err := h.Experiments.Find(web.Context(c), everybody, q)
	if q.Organisation != "" {
		ch.Title = h.placeName(c, q.Organisation) + ": " + ch.Title
	}
	for _, r := range f.Rows[:min(len(f.Rows), feedLength)] {
		ch.Items = append(ch.Items, web.Item{
			ID: p.Absolute(web.Path(r.Lang, "experiments", r.ID)), URL: p.Absolute(p.URL("experiments", r.ID)),
			Title: r.Title, Summary: r.Summary, Lang: r.Lang, Topics: []string{p.T("stage." + string(r.Stage))},
			Published: r.Row.Listed, Updated: r.StageAt,
		})
	}
	return ch, err
}

// logFeeds are what a reader of a public log can subscribe to, beside the list.
func logFeeds(p web.Page, e *Experiment) []web.Feed {
	if !e.IsPublic(p.Now) {
		return nil
	}
	return []web.Feed{{Title: p.T("experiment.log") + ": " + e.Title, Path: "feeds/experiments/" + e.ID + "/log"}}
}

// logFeed is the newest entries of one log that everybody may read.
func (h *Handlers) logFeed(c *fiber.Ctx) (web.Channel, error) {
	p := h.Page(c, section)
	sheet, err := h.Experiments.Sheet(web.Context(c), accounts.Actor{}, c.Params("id"), p.Lang, LogQuery{Limit: feedLength})
	if err != nil {
		return web.Channel{}, err
	}
	e := &sheet.Card
	ch := web.Channel{Title: p.T("experiment.log") + ": " + e.Title, Description: e.Summary, Home: "experiments/" + e.ID + "/log"}
	page := h.sheetPage(p, accounts.Actor{}, sheet)
	for _, n := range page.Lines {
		address := p.Absolute(p.URL("experiments", e.ID, "log", strconv.Itoa(n.N)))
		words := join("\n", n.Measured, n.Text)
		for _, one := range n.Shots {
			words = join("\n", words, one.Alt)
		}
		ch.Items = append(ch.Items, web.Item{
			ID: p.Absolute(web.Path(e.Lang, "experiments", e.ID, "log", strconv.Itoa(n.N))), URL: address,
			Title: p.T("experiment.kind_"+string(n.Kind)) + ": " + content.Excerpt(words, feedTitle), Summary: words, Lang: e.Lang,
			Topics: []string{p.T("experiment.kind_" + string(n.Kind))}, Published: n.Written, Updated: n.Written,
		})
	}
	return ch, nil
}

// feedTitle is how many characters of an entry its title in a feed has.
const feedTitle = 70
