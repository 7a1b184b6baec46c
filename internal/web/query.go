package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// asked are the names that the address of a page may ask with. Readers who are
// not signed in get a page as if nothing else had been asked, so that a page is
// kept once however it is linked. A test holds the handlers to the list.
var asked = []string{
	"after", "again", "before", "call", "case", "corrects", "country", "cursor", "done", "experiment", "explain", "follows", "kind", "lang", "language", "like", "month", "needs",
	"next", "org", "outcome", "page", "parent", "problem", "q", "role", "sector", "size", "skill", "sort", "stage", "summary", "theme", "title", "type", "wanted", "year",
}

// Asks reports whether pages may be asked with a name.
func Asks(name string) bool { return slices.Contains(asked, name) }

// maxAsked bounds the query of an address that is looked at here.
const maxAsked = 1000

// queryOf is what a page is asked with, in order and written in one way.
func queryOf(c *fiber.Ctx) string {
	values := url.Values{}
	for name, value := range c.Request().URI().QueryArgs().All() {
		if Asks(string(name)) && len(value) > 0 {
			values.Add(string(name), strings.ToValidUTF8(string(value), ""))
		}
	}
	return values.Encode()
}

// normalise leaves nothing else in the request's query, and returns it. It
// declines a query that is too long.
func normalise(c *fiber.Ctx) (query string, ok bool) {
	uri := c.Request().URI()
	if len(uri.QueryString()) > maxAsked {
		return "", false
	}
	query = queryOf(c)
	uri.SetQueryString(query)
	return query, true
}
