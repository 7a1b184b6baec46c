package search

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/web"
)

// suggestions is what the script of the search fields asks for while somebody
// types.
type suggestions struct {
	Said string          `json:"said"` // how many there are, in the reader's words
	List []suggestionRow `json:"list"`
}

// suggestionRow is one suggestion as the reader meets it.
type suggestionRow struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"` // when it is not the page's
	Note string `json:"note,omitempty"` // what it is
	URL  string `json:"url"`
}

// suggestFor is how long a reader's browser keeps an answer. No other cache
// does, nor do the kept pages: what people type is as varied as they are.
const suggestFor = "private, max-age=60"

// suggest answers the script. While the index cannot answer, nothing is
// suggested: the form works all the same.
func (h *Handlers) suggest(c *fiber.Ctx) error {
	p := h.Web.Page(c, "")
	ctx := pagecache.Apart(web.Context(c))
	found, err := h.Index.Suggest(ctx, Request{Text: typedIn(c), Lang: p.Lang, Members: isMember(c)})
	if err != nil && web.Status(err) != fiber.StatusServiceUnavailable {
		return err
	}
	c.Set(fiber.HeaderCacheControl, suggestFor)
	if p.Visitor.SignedIn() || err != nil {
		c.Set(fiber.HeaderCacheControl, "private, no-store")
	}
	return c.JSON(suggestions{Said: p.N("search.suggested", len(found)), List: suggestionRows(p, found)})
}

// typedIn is what the address asks for, cleaned and cut.
func typedIn(c *fiber.Ctx) string {
	typed, _ := web.CleanText(strings.ToValidUTF8(string(c.Request().URI().QueryArgs().Peek("q")), ""))
	return short(typed)
}

// isMember reports whether the reader is a member of an organisation.
func isMember(c *fiber.Ctx) bool { return len(accounts.ActorOf(c).Organisations()) > 0 }

func suggestionRows(p web.Page, found []Suggestion) []suggestionRow {
	list := []suggestionRow{}
	for _, s := range found {
		r := suggestionRow{Text: s.Text, URL: web.Path(p.Lang, s.Path)}
		if s.Path == "" {
			r.URL = address(p.Lang, Request{Text: s.Query})
		}
		if s.Lang != p.Lang {
			r.Lang = s.Lang
		}
		switch {
		case s.Kind == "theme" || s.Kind == "country":
			r.Note = p.T("search.facet_" + s.Kind)
		case s.Kind == "org":
			r.Note = p.T("search.kind_org")
		case s.Path != "":
			r.Note = p.T("search.kind_" + s.Kind)
		case s.Kind == "concept" && r.Lang != "":
			r.Note = p.LangName(s.Lang)
		}
		list = append(list, r)
	}
	return list
}
