package cases

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Handlers are the pages of the bank.
type Handlers struct {
	Web   *web.Kit
	Cases *Service
	// Feeds are the feeds of other slices, for the page that lists all of them.
	// Title is a translation key.
	Feeds []web.Feed
}

// Register adds the routes.
func (h *Handlers) Register(app *fiber.App, pages web.Routes) {
	app.Get("/c/:id", h.permanent)
	pages.Get("/cases", h.list)
	pages.Get("/cases/:id/edit", h.edit)
	pages.Post("/cases/:id/edit", h.save)
	pages.Get("/cases/:id/revisions", h.revisions)
	pages.Get("/cases/:id/:slug", h.show)
	pages.Get("/cases/:id", h.find)
	pages.Post("/cases/:id/publish", h.publish)
	pages.Post("/cases/:id/translate", h.translate)
	pages.Post("/cases/:id/endorse", h.endorse)
	pages.Post("/cases/:id/adopt", h.adopt)
	pages.Post("/cases/:id/vote", h.vote)
	pages.Post("/cases/:id/take-back", h.takeBack)
	pages.Get("/top10", h.topTen)
	pages.Get("/top10/:day", h.week)
	pages.Get("/feeds", h.feeds)
	pages.Feed(h.Web, "cases", h.feedCases)
	pages.Feed(h.Web, "top10", h.feedList(Practices, "topten.practices", "top10"))
	pages.Feed(h.Web, "lessons", h.feedList(Lessons, "topten.lessons", "top10"))
}

// permanent leads from the address that never changes to the reader's
// language: to the version in it, when there is one.
func (h *Handlers) permanent(c *fiber.Ctx) error {
	lang := i18n.Match(strings.Clone(c.Get(fiber.HeaderAcceptLanguage)))
	shown, err := h.Cases.Show(web.Context(c), accounts.ActorOf(c), c.Params("id"))
	if err != nil && !errors.Is(err, ErrWithdrawn) {
		return err
	}
	path := shown.Case.Path()
	for _, v := range shown.Versions {
		if v.Lang == lang && shown.Case.Lang != lang {
			path = v.Path()
		}
	}
	c.Vary(fiber.HeaderAcceptLanguage)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Redirect(web.Path(lang, path), fiber.StatusFound)
}

// listPage is everything cases/list.html may use.
type listPage struct {
	web.Page
	Rows    []listRow
	First   string // address of the first page, when this is a later one
	Next    string
	Filters []filterChoice
	Active  bool // something is filtered
}

// listRow is a case in a list.
type listRow struct {
	Row
	Place, Size, Theme string
}

// filterChoice is one select of the filter form.
type filterChoice struct {
	Name, Label, All string
	Options          []web.Option
	Chosen           string
}

func (h *Handlers) list(c *fiber.Ctx) error {
	f := filterOf(c)
	f.Reader = web.Lang(c)
	list, err := h.Cases.List(web.Context(c), accounts.ActorOf(c), f)
	if err != nil {
		return err
	}
	page := listPage{Page: h.Web.Page(c, "cases"), Active: f.Lang != "" || f.Theme != "" || f.Outcome != "" || f.Country != "" || f.Organisation != ""}
	page.Crumbs = []web.Crumb{{Title: page.T("case.list")}}
	page.Description = page.T("case.list_lead")
	page.Feeds = []web.Feed{{Title: page.T("case.list"), Path: "feeds/cases"}}
	page.NoIndex = page.Active || f.Cursor != ""
	for _, r := range list.Rows {
		page.Rows = append(page.Rows, h.listRow(web.Context(c), page.Page, r))
	}
	page.Filters = filters(page.Page, f, true)
	if f.Cursor != "" {
		page.First = page.URL("cases") + f.query("")
	}
	if list.Next != "" {
		page.Next = page.URL("cases") + f.query(list.Next)
	}
	return h.Web.Render(c, "cases/list", page)
}

func (h *Handlers) listRow(ctx context.Context, p web.Page, r Row) listRow {
	row := listRow{Row: r, Theme: topicName(r.Sector, r.Themes, p.Lang)}
	if m, ok := r.Place(); ok {
		row.Place, row.Size = m.In(p.Lang), p.T(m.SizeClass().Key())
	} else if r.Organisation != "" {
		row.Place = h.Cases.name(ctx, r.Organisation, p.Lang)
	}
	return row
}

// topicName is the sector's division in a language, or the first theme.
func topicName(sector string, themes []string, lang string) string {
	if s, ok := content.SectorOf(Row{Sector: sector}.Division()); ok {
		return s.In(lang)
	}
	for _, key := range themes {
		return themeName(key, lang)
	}
	return ""
}

func themeName(key, lang string) string {
	if t, ok := content.Theme(key); ok {
		return t.In(lang)
	}
	return key
}

// filterOf reads the filter from the address. What is not known filters
// nothing.
func filterOf(c *fiber.Ctx) Filter {
	get := func(name string) string { return strings.ToValidUTF8(strings.Clone(c.Query(name)), "") }
	f := Filter{Lang: get("lang"), Theme: get("theme"), Outcome: Outcome(get("outcome")), Country: get("country"), Cursor: get("cursor"), Organisation: accounts.SlugKey(get("org"))}
	if !i18n.Known(f.Lang) {
		f.Lang = ""
	}
	if _, ok := content.Theme(f.Theme); !ok {
		if _, ok := content.SectorOf(f.Theme); !ok {
			f.Theme = ""
		}
	}
	if !slices.Contains(Outcomes, f.Outcome) {
		f.Outcome = ""
	}
	if _, ok := content.Country(f.Country); !ok {
		f.Country = ""
	}
	return f
}

func (f Filter) query(cursor string) string {
	q := url.Values{}
	for name, value := range map[string]string{"lang": f.Lang, "theme": f.Theme, "outcome": string(f.Outcome), "country": f.Country, "org": accounts.KeySlug(f.Organisation), "cursor": cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// filters are the selects of a filter form.
func filters(p web.Page, f Filter, outcome bool) []filterChoice {
	theme := filterChoice{Name: "theme", Chosen: f.Theme, Options: themeOptions(p.Lang)}
	country := filterChoice{Name: "country", Chosen: f.Country}
	for _, t := range content.Countries() {
		country.Options = append(country.Options, web.Option{Value: t.Key, Label: t.In(p.Lang)})
	}
	lang := filterChoice{Name: "lang", Chosen: f.Lang}
	for _, l := range i18n.Languages {
		lang.Options = append(lang.Options, web.Option{Value: l, Label: i18n.Name(l)})
	}
	list := []filterChoice{theme, country, lang}
	if outcome {
		by := filterChoice{Name: "outcome", Chosen: string(f.Outcome)}
		for _, o := range Outcomes {
			by.Options = append(by.Options, web.Option{Value: string(o), Label: p.T("outcome." + string(o))})
		}
		list = []filterChoice{theme, by, country, lang}
	}
	for i := range list {
		list[i].Label, list[i].All = p.T("case.filter_"+list[i].Name), p.T("case.filter_"+list[i].Name+"_all")
	}
	return list
}

// themeOptions are the divisions of COFOG, then the named themes.
func themeOptions(lang string) []web.Option {
	var list []web.Option
	for _, s := range content.Divisions() {
		list = append(list, web.Option{Value: s.Code, Label: s.In(lang)})
	}
	for _, t := range content.Themes() {
		list = append(list, web.Option{Value: t.Key, Label: t.In(lang)})
	}
	return list
}
