package experiments

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/web"
)

// feedLength is how many experiments the feed holds.
const feedLength = 50

// feeds are what a reader of a list can subscribe to: the list as it was asked
// for.
func feeds(p web.Page, q Query) []web.Feed {
	q.Order = Newest
	return []web.Feed{{Title: feedTitle(p, q), Path: "feeds/experiments", Query: q.Values().Encode()}}
}

// feedTitle names a list by what narrows it.
func feedTitle(p web.Page, q Query) string {
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
	ch := web.Channel{Title: feedTitle(p, q), Description: p.T("experiment.list_lead"), Home: q.at("experiments", 1), Query: q.Values().Encode()}
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

// logFeed is the public log of one experiment as RSS, Atom and JSON Feed.
func (h *Handlers) logFeed(c *fiber.Ctx) (web.Channel, error) {
	p := h.Page(c, section)
	sheet, err := h.Experiments.Sheet(web.Context(c), everybody, strings.Clone(c.Query("experiment")), p.Lang, LogQuery{Limit: feedLength})
	if err != nil {
		return web.Channel{}, err
	}
	e := &sheet.Card
	ch := web.Channel{Title: e.Title, Description: e.Summary, Home: "experiments/" + e.ID, Query: "experiment=" + e.ID}
	for _, n := range sheet.Log.Entries {
		at := "#n" + strconv.Itoa(n.N)
		ch.Items = append(ch.Items, web.Item{
			ID: p.Absolute(web.Path(e.Lang, "experiments", e.ID, "log")) + at, URL: p.Absolute(p.URL("experiments", e.ID, "log")) + at,
			Title: p.T("experiment.kind_"+string(n.Kind)) + ", " + p.DateShort(n.At), Summary: join(". ", numberOf(p, e, n), n.Text), Lang: e.Lang,
			Topics: []string{p.T("experiment.kind_" + string(n.Kind))}, Published: n.At, Updated: n.At,
		})
	}
	return ch, nil
}

// numberOf is what a log entry measured, in words, or nothing.
func numberOf(p web.Page, e *Experiment, n Entry) string {
	if n.Value == nil || n.Measure < 1 || n.Measure > len(e.Measures) {
		return ""
	}
	m := e.Measures[n.Measure-1]
	return m.Name + ": " + amount(p.Printer, *n.Value, m.Unit)
}
