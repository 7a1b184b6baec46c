package search

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// The address of a search page is its whole state: q, a value for each box that
// is ticked (with a minus before those left out), sort, page, explain.

// leftOut stands before a value that is left out: theme=-09.
const leftOut = "-"

// asked is what the address of a search page asks for.
func asked(c *fiber.Ctx, typed string) Request {
	actor := accounts.ActorOf(c)
	req := Request{
		Text: typed, Lang: web.Lang(c), Size: pageSize, Count: true, Members: len(actor.Organisations()) > 0,
		Filters: map[string][]string{}, Without: map[string][]string{}, Explain: c.Query("explain") == "1",
	}
	for _, f := range Facets {
		for _, v := range c.Context().QueryArgs().PeekMulti(f) {
			value, out := strings.CutPrefix(strings.ToValidUTF8(string(v), ""), leftOut)
			values := req.Filters
			if out {
				values = req.Without
			}
			if value != "" && len(value) < 50 && len(values[f]) < maxTerms && !slices.Contains(values[f], value) {
				values[f] = append(values[f], value)
			}
		}
		for _, v := range req.Without[f] { // pressed after the box was ticked
			req.Filters[f] = slices.DeleteFunc(req.Filters[f], func(ticked string) bool { return ticked == v })
		}
	}
	if i := slices.Index(Orders, Order(c.Query("sort"))); i > 0 {
		req.Order = Orders[i]
	}
	if n, err := strconv.Atoi(c.Query("page")); err == nil && n > 1 {
		req.From = (min(n, MaxFrom/pageSize) - 1) * pageSize
	}
	return req
}

// address is the search page's address for a request.
func address(lang string, r Request) string {
	q := url.Values{"q": {r.Text}}
	for f, values := range r.Filters {
		q[f] = append(q[f], values...)
	}
	for f, values := range r.Without {
		for _, v := range values {
			q[f] = append(q[f], leftOut+v)
		}
	}
	if r.Order != "" && r.Order != Best {
		q.Set("sort", string(r.Order))
	}
	if r.From > 0 {
		q.Set("page", strconv.Itoa(r.From/pageSize+1))
	}
	if r.Explain {
		q.Set("explain", "1")
	}
	return web.Path(lang, "search") + "?" + q.Encode()
}

// asking is the request from its beginning, with other words.
func (r Request) asking(typed string) Request {
	r.Text, r.From = typed, 0
	return r
}

// from is the request from another find on.
func (r Request) from(n int) Request {
	r.From = max(n, 0)
	return r
}

// ordered is the request from its beginning in another order.
func (r Request) ordered(o Order) Request {
	r.Order, r.From = o, 0
	return r
}

// lifted is the request from its beginning without one of its conditions.
func (r Request) lifted(facet, value string) Request {
	r.From, r.Filters, r.Without = 0, without(r.Filters, facet, value), without(r.Without, facet, value)
	return r
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
