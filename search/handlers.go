package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Handlers serve the search page.
type Handlers struct {
	Web   *web.Kit
	Index *Index
	// Label is a facet's value in the reader's language: cmd knows the names
	// of themes, countries and sizes.
	Label func(lang, facet, value string) string
	// Icon and State draw as the theme does: an icon by its name, and the tag of an
	// outcome or, without one, of a stage.
	Icon  func(name string) web.HTML
	State func(p web.Page, outcome, stage string) web.HTML
	// Alike says what makes municipalities like the one with a key; ok is false
	// when that is not known. Nil: nothing does.
	Alike func(key string) (like Alike, ok bool)
	// Nothing is told what was searched for in vain, and reports whether it was
	// noted. Nil: nobody is told.
	Nothing func(lang, typed string) bool
}

// Register adds the routes of the search page.
func (h *Handlers) Register(r web.Routes) {
	r.Get("/search", h.show)
	r.Get("/search/suggest", h.suggest)
	r.Feed(h.Web, "search", h.feed)
}

// Name is what pages that show finds say they depend on.
const Name = "search"

const pageSize = 10

// showPage is everything search/show.html may use.
type showPage struct {
	web.Page
	Typed      string
	Results    Results
	Rows       web.HTML // the finds
	Applied    []appliedFilter
	Groups     []facetGroup
	Boxes      web.HTML // of Groups
	Orders     []orderLink
	Explain    string // address with the reasons or, when they are shown, without
	Number     int    // of the page
	Pages      int
	Request    Request
	Prev, Next string
	Down       bool // the index is being mended
	helps
	Noted bool // nothing was found, and that was counted
	Save  string
}

type appliedFilter struct{ Facet, Label, Without string }

type facetGroup struct {
	Name    string
	Options []facetOption
}

type facetOption struct {
	Value, Label string
	Count        int
	On           bool // its box is ticked
	Out          bool // it is left out
}

// orderLink is an order that the finds may stand in; without a URL, the one
// they stand in.
type orderLink struct{ Label, URL string }

func (h *Handlers) show(c *fiber.Ctx) error {
	page := showPage{Page: h.Web.Page(c, "")}
	page.NoIndex = true
	page.Typed = strings.TrimSpace(typedIn(c))
	if page.Typed == "" {
		return h.Web.Render(c, "search/show", page)
	}
	pagecache.Shows(web.Context(c), Name)
	req := asked(c, page.Typed)
	results, err := h.Index.Search(web.Context(c), req)
	if err != nil {
		if web.Status(err) != fiber.StatusServiceUnavailable {
			return err
		}
		page.Down = true
		return h.Web.RenderStatus(c, fiber.StatusServiceUnavailable, "search/show", page)
	}
	page.Results = results
	query := Query(page.Typed, req.conditions())
	page.Save = page.URL("saved-searches/new") + "?" + query
	page.Feeds = []web.Feed{{Title: page.T("search.title_for", page.Typed), Path: "feeds/search", Query: query}}
	page.Rows = h.rows(page.Page, results.Hits)
	h.facets(&page, req)
	page.Boxes = boxes(page.Page, page.Groups)
	page.Prev, page.Next = neighbours(page, req)
	page.Orders, page.Request = orders(page.Page, req), req
	page.Number, page.Pages = req.From/pageSize+1, (results.Total+pageSize-1)/pageSize
	other := req
	other.Explain = !req.Explain
	page.Explain = address(page.Lang, other)
	h.help(c, &page, req)
	// A page that is kept is not made again: those who ask the same soon after
	// are not counted. Wanted cases are counted once a minute anyway.
	if page.Results.Total == 0 && len(req.conditions()) == 0 && h.Nothing != nil {
		page.Noted = h.Nothing(page.Lang, page.Typed)
	}
	return h.Web.Render(c, "search/show", page)
}

// neighbours are the addresses of the pages before and after; the last page
// there is comes before one that is not.
func neighbours(p showPage, r Request) (prev, next string) {
	if r.From > 0 {
		last := max(p.Results.Total-1, 0) / pageSize * pageSize
		prev = address(p.Lang, r.from(min(r.From-pageSize, last)))
	}
	if r.From+pageSize < p.Results.Total {
		next = address(p.Lang, r.from(r.From+pageSize))
	}
	return prev, next
}

// orders are the orders as links, the one in use without an address.
func orders(p web.Page, r Request) []orderLink {
	var list []orderLink
	for _, o := range Orders {
		link := orderLink{Label: p.T("search.order_" + string(o))}
		if o != cmp.Or(r.Order, Best) {
			link.URL = address(p.Lang, r.ordered(o))
		}
		list = append(list, link)
	}
	return list
}

func (h *Handlers) facets(p *showPage, r Request) {
	for _, name := range Facets {
		g := facetGroup{Name: name}
		ticked, out := r.Filters[name], r.Without[name]
		for _, b := range p.Results.Facets[name] {
			g.Options = append(g.Options, facetOption{b.Value, h.Label(p.Lang, name, b.Value), b.Count, slices.Contains(ticked, b.Value), false})
		}
		for _, v := range ticked {
			label := h.Label(p.Lang, name, v)
			if !slices.ContainsFunc(g.Options, func(o facetOption) bool { return o.Value == v }) {
				g.Options = append(g.Options, facetOption{Value: v, Label: label, On: true})
			}
			p.Applied = append(p.Applied, appliedFilter{name, label, address(p.Lang, r.lifted(name, v))})
		}
		for _, v := range out {
			label := Condition(p.Page, h.Label, name, leftOut+v)
			g.Options = append(g.Options, facetOption{Value: leftOut + v, Label: label, On: true, Out: true})
			p.Applied = append(p.Applied, appliedFilter{name, label, address(p.Lang, r.lifted(name, v))})
		}
		if len(g.Options) > 1 || len(ticked)+len(out) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
}
