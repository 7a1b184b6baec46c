package search

import (
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// helps is what the search page offers beside its finds.
type helps struct {
	Meant   *meantHelp
	Perhaps []suggestionRow // when little was found
	Alike   *alikeHelp
}

// meantHelp proposes another query.
type meantHelp struct {
	Query, URL string
	Words      string // of it, when the finds are for them
	Typed      string // instead of these
}

// alikeHelp says how many finds come from municipalities like the reader's.
type alikeHelp struct {
	Count            int
	Size, Place, URL string
}

// Alike is what makes municipalities alike: how many people live there, and
// the country.
type Alike struct{ Size, Country string }

// help looks for what may help the reader on. Without it the page is whole, so
// a search that is too slow for it takes nothing away.
func (h *Handlers) help(c *fiber.Ctx, p *showPage, r Request) {
	if r.From > 0 {
		return
	}
	ctx := web.Context(c)
	if m, ok, err := h.Index.Meant(ctx, r, p.Results.Total); err == nil && ok {
		p.Meant = &meantHelp{Query: m.Query, URL: address(p.Lang, r.asking(m.Query))}
		if m.Instead {
			p.Meant.Typed, p.Meant.Words = strings.Join(m.Typed, " "), strings.Join(m.Better, " ")
		}
	}
	if p.Results.Total < littleFound {
		p.Perhaps = h.perhaps(ctx, p.Page, r)
	}
	p.Alike = h.alike(c, p, r)
}

// perhaps are suggestions for what was searched, as the script shows them while
// it is typed.
func (h *Handlers) perhaps(ctx context.Context, p web.Page, r Request) []suggestionRow {
	found, err := h.Index.Suggest(ctx, r)
	if err != nil {
		return nil
	}
	return suggestionRows(p, slices.DeleteFunc(found, func(s Suggestion) bool { return s.Path == "" && strings.EqualFold(s.Query, r.Text) }))
}

// alike counts the finds from municipalities like the one named in the address
// or, without one, like the reader's own.
func (h *Handlers) alike(c *fiber.Ctx, p *showPage, r Request) *alikeHelp {
	if h.Alike == nil || p.Results.Total == 0 || len(r.Filters["size"])+len(r.Filters["country"]) > 0 {
		return nil
	}
	keys := accounts.ActorOf(c).Organisations()
	if named := c.Query("like"); named != "" {
		keys = []string{strings.Clone(named)}
	}
	for _, key := range keys {
		like, ok := h.Alike(key)
		if !ok {
			continue
		}
		r.Filters = with(r.Filters, map[string]string{"size": like.Size, "country": like.Country})
		r.Size, r.Count = 1, false
		found, err := h.Index.Search(web.Context(c), r)
		if err != nil || found.Total == 0 || found.Total == p.Results.Total {
			return nil
		}
		return &alikeHelp{
			Count: found.Total, Size: h.Label(p.Lang, "size", like.Size), Place: h.Label(p.Lang, "country", like.Country),
			URL: address(p.Lang, r),
		}
	}
	return nil
}

// with is filters with more of them.
func with(filters map[string][]string, more map[string]string) map[string][]string {
	all := map[string][]string{}
	for f, values := range filters {
		all[f] = values
	}
	for f, value := range more {
		all[f] = []string{value}
	}
	return all
}
