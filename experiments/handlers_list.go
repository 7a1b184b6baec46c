package experiments

import (
	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// listLength is how many experiments stand on one page of the list.
const listLength = 20

// listPage is everything experiments/list.html and experiments/map.html may
// use.
type listPage struct {
	web.Page
	Place            string // of the organisation whose experiments they are, if asked
	Org              string // as it stands in addresses
	Filters          []filterView
	Sort             filterView
	Chips, Instead   []chipView
	Rows             []listRow
	Count            int
	Filtered         bool
	Number, Of       int
	PrevURL, NextURL string
	Soon             []listRow // what starts next, on the first page of the whole list
	SoonURL          string
	Obstacles        []BarrierCount // what gets in the way everywhere

	ListURL, MapURL, CalendarURL, PointsURL string

	Maps    []mapView
	Groups  []placeGroup
	Nowhere int // how many are at no known point
}

// listRow is one experiment of a list.
type listRow struct {
	Row
	Place, Size, SectorName string
	Week, Weeks             int
	Starts                  string // the day it starts, while that is ahead
}

func (h *Handlers) list(c *fiber.Ctx) error {
	q := queryOf(c)
	f, err := h.Experiments.Find(web.Context(c), accounts.ActorOf(c), q)
	if err != nil {
		return err
	}
	page := h.listPage(c, q, f, "experiments")
	page.list(h, q, f, c.QueryInt("page"))
	if page.Obstacles, err = h.obstacles(c); err != nil {
		return err
	}
	return h.Render(c, "experiments/list", page)
}

// listPage is what the list and the map of the same experiments share. path is
// the page's own, below the language.
func (h *Handlers) listPage(c *fiber.Ctx, q Query, f Found, path string) listPage {
	page := listPage{Page: h.Page(c, section), Count: len(f.Rows), Filtered: q.Filtered() || q.Organisation != ""}
	page.Crumbs = crumbs(page.Page, nil, page.T("theme.experiments"))[1:]
	page.Description = page.T("experiment.list_lead")
	page.Feeds = feeds(page.Page, q)
	page.NoIndex = page.Filtered || q.Order != Newest
	page.Filters, page.Sort = filterViews(page.Page, q, f), orderView(page.Page, q)
	page.Chips = chips(page.Page, q, f, page.URL(path))
	page.ListURL, page.MapURL = q.at(page.URL("experiments"), 1), q.at(page.URL("experiments", "map"), 1)
	page.CalendarURL, page.PointsURL = q.at(page.URL("experiments.ics"), 1), q.at(page.URL("experiments.geojson"), 1)
	if q.Organisation != "" {
		page.Org = accounts.KeySlug(q.Organisation)
		page.Place = h.placeName(c, q.Organisation)
	}
	return page
}

// placeName is an organisation's name, or its key when it is not known.
func (h *Handlers) placeName(c *fiber.Ctx, key string) string {
	places, err := h.Experiments.PlacesOf(web.Context(c), []Row{{Organisations: []string{key}}})
	if o, ok := places[key]; err == nil && ok {
		return o.Name(web.Lang(c))
	}
	return key
}

// list fills in one part of the list.
func (page *listPage) list(h *Handlers, q Query, f Found, number int) {
	part, at, of := partOf(f.Rows, number, listLength)
	page.Number, page.Of = at, of
	for i := range part {
		page.Rows = append(page.Rows, h.listRow(page.Page, &part[i]))
	}
	if at > 1 {
		page.PrevURL = q.at(page.URL("experiments"), at-1)
	}
	if at < of {
		page.NextURL = q.at(page.URL("experiments"), at+1)
	}
	if page.Count == 0 {
		page.Instead = helpful(page.Chips)
	}
	page.NoIndex = page.NoIndex || at > 1
	if q == (Query{}) && at == 1 {
		page.soon(h, f)
	}
}

// soonLength is how many of what starts next stand beside the list.
const soonLength = 3

// soon is what starts next: early news, while others can still join.
func (page *listPage) soon(h *Handlers, f Found) {
	today := h.Experiments.today()
	var list []Listed
	for _, l := range f.Rows {
		if l.Stage == Planned && today.ahead(l.Calendar.Start) {
			list = append(list, l)
		}
	}
	order(list, Starting, today)
	for i := range list[:min(len(list), soonLength)] {
		page.Soon = append(page.Soon, h.listRow(page.Page, &list[i]))
	}
	page.SoonURL = Query{Stage: Soon, Order: Starting}.at(page.URL("experiments"), 1)
}

func (h *Handlers) listRow(p web.Page, l *Listed) listRow {
	one := listRow{Row: l.Row, Place: l.Home.Name(p.Lang), Size: sizeName(p, l.Home), SectorName: sectorName(p.Lang, l.Sector)}
	today := h.Experiments.today()
	switch {
	case l.Stage == Running || l.Stage == Paused:
		one.Week, one.Weeks = l.Calendar.Week(p.Now, today.zone), l.Calendar.Weeks(today.zone)
	case l.Stage == Planned && today.ahead(l.Calendar.Start):
		one.Starts = p.DateShort(l.Calendar.Start)
	}
	return one
}
