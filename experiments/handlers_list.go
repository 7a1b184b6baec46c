package experiments

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// listPage is everything experiments/list.html may use.
type listPage struct {
	web.Page
	Asked     Query
	Stages    []Stage
	Sectors   []web.Option
	Countries []web.Option
	Rows      []listRow
	Filtered  bool
	NextURL   string
	Obstacles []BarrierCount // what gets in the way everywhere
}

// listRow is one experiment of a list.
type listRow struct {
	Row
	Place, Size, SectorName string
	Week, Weeks             int
}

func (h *Handlers) list(c *fiber.Ctx) error {
	page := listPage{Page: h.Page(c, section), Stages: slices.DeleteFunc(slices.Clone(Stages), func(s Stage) bool { return s == Draft })}
	page.Crumbs = crumbs(page.Page, nil, page.T("theme.experiments"))[1:]
	page.Description = page.T("experiment.list_lead")
	page.Feeds = feeds(page.Page)
	page.Sectors, page.Countries = sectors(page.Lang), countries(page.Lang)
	page.Asked = queryOf(c)
	page.Filtered = page.Asked.Stage != "" || page.Asked.Sector != "" || page.Asked.Country != ""
	l, err := h.Experiments.List(web.Context(c), accounts.ActorOf(c), page.Asked)
	if err != nil {
		return err
	}
	if page.Rows, err = h.listRows(c, page.Page, l.Rows); err != nil {
		return err
	}
	if page.Obstacles, err = h.obstacles(c); err != nil {
		return err
	}
	if l.Next != "" {
		page.NextURL = page.URL("experiments") + "?" + page.Asked.values(l.Next).Encode()
	}
	return h.Render(c, "experiments/list", page)
}

// queryOf reads the filters of the address; what it does not know asks for
// nothing.
func queryOf(c *fiber.Ctx) Query {
	q := Query{Stage: Stage(strings.Clone(c.Query("stage"))), Sector: strings.Clone(c.Query("theme")), Country: strings.Clone(c.Query("country")), After: strings.Clone(c.Query("after"))}
	if !slices.Contains(Stages, q.Stage) {
		q.Stage = ""
	}
	if !isSector(q.Sector) {
		q.Sector = ""
	}
	if !slices.ContainsFunc(countries("en"), func(o web.Option) bool { return o.Value == q.Country }) {
		q.Country = ""
	}
	return q
}

func (q Query) values(after string) url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"stage": string(q.Stage), "theme": q.Sector, "country": q.Country, "after": after} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

func (h *Handlers) listRows(c *fiber.Ctx, p web.Page, list []Row) ([]listRow, error) {
	places, err := h.Experiments.PlacesOf(web.Context(c), list)
	if err != nil {
		return nil, err
	}
	var out []listRow
	for _, r := range list {
		o := places[r.Organisation()]
		one := listRow{Row: r, Place: o.Name(p.Lang), Size: sizeName(p, o), SectorName: sectorName(p.Lang, r.Sector)}
		if r.Stage == Running || r.Stage == Paused {
			one.Week, one.Weeks = r.Calendar.Week(p.Now, h.Experiments.Zone), r.Calendar.Weeks(h.Experiments.Zone)
		}
		out = append(out, one)
	}
	return out, nil
}
