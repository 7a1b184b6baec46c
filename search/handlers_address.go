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
		Text: typed, Lang: web.Lang(c), Size: pageSize, Count: true, Members: len(actor.Organisations()) > 0, Explain: c.Query("explain") == "1",
	}
	ticked := map[string][]string{}
	for _, f := range Facets {
		for _, v := range c.Context().QueryArgs().PeekMulti(f) {
			ticked[f] = append(ticked[f], strings.ToValidUTF8(string(v), ""))
		}
	}
	req.Filters, req.Without = Conditions(ticked)
	if i := slices.Index(Orders, Order(c.Query("sort"))); i > 0 {
		req.Order = Orders[i]
	}
	if n, err := strconv.Atoi(c.Query("page")); err == nil && n > 1 {
		req.From = (min(n, MaxFrom/pageSize) - 1) * pageSize
	}
	return req
}

// Conditions reads the values of facets as they stand in an address: with a
// minus before those that are left out. What is both is left out: it was pressed
// after it was ticked.
func Conditions(ticked map[string][]string) (filters, without map[string][]string) {
	filters, without = map[string][]string{}, map[string][]string{}
	for f, values := range ticked {
		for _, v := range values {
			value, out := strings.CutPrefix(v, leftOut)
			list := filters
			if out {
				list = without
			}
			if value != "" && len(value) < 50 && len(list[f]) < maxTerms && !slices.Contains(list[f], value) {
				list[f] = append(list[f], value)
			}
		}
		filters[f] = slices.DeleteFunc(filters[f], func(v string) bool { return slices.Contains(without[f], v) })
		if len(filters[f]) == 0 {
			delete(filters, f)
		}
	}
	return filters, without
}

// Condition is a value of a facet as it stands in an address, in the reader's
// words; label names values.
func Condition(p web.Page, label func(lang, facet, value string) string, facet, value string) string {
	if v, out := strings.CutPrefix(value, leftOut); out {
		return p.T("search.not", label(p.Lang, facet, v))
	}
	return label(p.Lang, facet, value)
}

// conditions are the values of facets as they stand in an address.
func (r Request) conditions() map[string][]string {
	all := map[string][]string{}
	for f, values := range r.Filters {
		all[f] = append(all[f], values...)
	}
	for f, values := range r.Without {
		for _, v := range values {
			all[f] = append(all[f], leftOut+v)
		}
	}
	return all
}

// Query is a search as the address of its page asks it, without "?".
func Query(typed string, conditions map[string][]string) string {
	q := url.Values{"q": {typed}}
	for f, values := range conditions {
		q[f] = values
	}
	return q.Encode()
}

// address is the search page's address for a request.
func address(lang string, r Request) string {
	q := url.Values{"q": {r.Text}}
	for f, values := range r.conditions() {
		q[f] = values
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
