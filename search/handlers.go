package search

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
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
	Rows       []row
	Applied    []appliedFilter
	Groups     []facetGroup
	Boxes      web.HTML // of Groups
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
	On           bool
}

func (h *Handlers) show(c *fiber.Ctx) error {
	page := showPage{Page: h.Web.Page(c, "")}
	page.NoIndex = true
	page.Typed = asked(c)
	if page.Typed == "" {
		return h.Web.Render(c, "search/show", page)
	}
	pagecache.Shows(web.Context(c), Name)
	req := h.request(c, page.Typed)
	results, err := h.Index.Search(web.Context(c), req)
	if err != nil {
		if web.Status(err) != fiber.StatusServiceUnavailable {
			return err
		}
		page.Down = true
		return h.Web.RenderStatus(c, fiber.StatusServiceUnavailable, "search/show", page)
	}
	page.Results = results
	query := Query(page.Typed, req.Filters)
	page.Save = page.URL("saved-searches/new") + "?" + query
	page.Feeds = []web.Feed{{Title: page.T("search.title_for", page.Typed), Path: "feeds/search", Query: query}}
	for _, hit := range results.Hits {
		page.Rows = append(page.Rows, h.row(page.Page, hit))
	}
	h.facets(&page, req)
	page.Boxes = boxes(page.Page, page.Groups)
	page.Prev, page.Next = neighbours(page, req)
	h.help(c, &page, req)
	// A page that is kept is not made again: those who ask the same soon after
	// are not counted. Wanted cases are counted once a minute anyway.
	if page.Results.Total == 0 && len(req.Filters) == 0 && h.Nothing != nil {
		page.Noted = h.Nothing(page.Lang, page.Typed)
	}
	return h.Web.Render(c, "search/show", page)
}

// asked are the words in the address, cleaned and cut to what is looked at.
func asked(c *fiber.Ctx) string {
	typed, _ := web.CleanText(strings.ToValidUTF8(string(c.Request().URI().QueryArgs().Peek("q")), ""))
	return short(strings.TrimSpace(typed))
}

func (h *Handlers) request(c *fiber.Ctx, typed string) Request {
	actor := accounts.ActorOf(c)
	req := Request{Text: typed, Lang: web.Lang(c), Size: pageSize, Count: true, Filters: map[string][]string{},
		Members: len(actor.Organisations()) > 0}
	for _, f := range Facets {
		for _, v := range c.Context().QueryArgs().PeekMulti(f) {
			value := strings.ToValidUTF8(string(v), "")
			if value != "" && len(value) < 50 && len(req.Filters[f]) < maxTerms && !slices.Contains(req.Filters[f], value) {
				req.Filters[f] = append(req.Filters[f], value)
			}
		}
	}
	if n, err := strconv.Atoi(c.Query("page")); err == nil && n > 1 {
		req.From = min((n-1)*pageSize, MaxFrom)
	}
	return req
}

// address is the search page's address for a request.
func address(lang, typed string, filters map[string][]string, from int) string {
	q := url.Values{"q": {typed}}
	for f, values := range filters {
		q[f] = values
	}
	if from > 0 {
		q.Set("page", strconv.Itoa(from/pageSize+1))
	}
	return web.Path(lang, "search") + "?" + q.Encode()
}

func neighbours(p showPage, r Request) (prev, next string) {
	if r.From > 0 {
		prev = address(p.Lang, r.Text, r.Filters, r.From-pageSize)
	}
	if r.From+pageSize < min(p.Results.Total, MaxFrom) {
		next = address(p.Lang, r.Text, r.Filters, r.From+pageSize)
	}
	return prev, next
}

func (h *Handlers) facets(p *showPage, r Request) {
	for _, name := range Facets {
		g := facetGroup{Name: name}
		chosen := r.Filters[name]
		for _, b := range p.Results.Facets[name] {
			g.Options = append(g.Options, facetOption{b.Value, h.Label(p.Lang, name, b.Value), b.Count, slices.Contains(chosen, b.Value)})
		}
		for _, v := range chosen {
			label := h.Label(p.Lang, name, v)
			if !slices.ContainsFunc(g.Options, func(o facetOption) bool { return o.Value == v }) {
				g.Options = append(g.Options, facetOption{Value: v, Label: label, On: true})
			}
			p.Applied = append(p.Applied, appliedFilter{name, label, address(p.Lang, r.Text, without(r.Filters, name, v), 0)})
		}
		if len(g.Options) > 1 || len(chosen) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
}

func without(filters map[string][]string, facet, value string) map[string][]string {
	rest := map[string][]string{}
	for f, values := range filters {
		for _, v := range values {
			if f != facet || v != value {
				rest[f] = append(rest[f], v)
			}
		}
	}
	return rest
}

// row is one find as search/show.html shows it.
type row struct {
	Page                     web.Page
	Hit                      Hit
	Title, Snippet           web.HTML
	Path                     string
	Kind, Place, Size, Theme string
}

func (h *Handlers) row(page web.Page, hit Hit) row {
	r := row{Page: page, Hit: hit, Title: marked(hit.Title), Snippet: marked(hit.Snippet), Path: web.Path(page.Lang, hit.Path), Kind: page.T("search.kind_" + hit.Kind)}
	if hit.Organisation != "" {
		r.Place = h.Label(page.Lang, "org", hit.Organisation)
	}
	if hit.SizeClass != "" {
		r.Size = h.Label(page.Lang, "size", hit.SizeClass)
	}
	if len(hit.Themes) > 0 {
		r.Theme = h.Label(page.Lang, "theme", hit.Themes[0])
	}
	return r
}
