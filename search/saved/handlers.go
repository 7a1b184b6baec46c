package saved

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
)

// Handlers are the pages of saved searches. The fields are set once, before
// Register.
type Handlers struct {
	Web   *web.Kit
	Saved *Service
	// Label is a facet's value in the reader's language.
	Label func(lang, facet, value string) string
}

// Register adds the pages below a language.
func (h *Handlers) Register(r web.Routes) {
	r.Get("/saved-searches", h.list)
	r.Post("/saved-searches", h.save)
	r.Get("/saved-searches/new", h.newForm)
	r.Get("/saved-searches/stop/:token", h.stop)
	r.Post("/saved-searches/stop/:token", h.stopped)
	r.Get("/saved-searches/:id", h.edit)
	r.Post("/saved-searches/:id", h.change)
	r.Post("/saved-searches/:id/delete", h.delete)
}

// listPage is everything search/saved.html may use.
type listPage struct {
	web.Page
	Searches []entry
	Most     int
}

// entry is a saved search with its words and addresses.
type entry struct {
	Search
	Narrowed string // its filters in words
	Again    string
	Feed     web.Feed
}

func signedIn(c *fiber.Ctx) (accounts.Actor, error) {
	if a := accounts.ActorOf(c); a.SignedIn() {
		return a, nil
	}
	return accounts.Actor{}, accounts.ErrSignIn
}

func (h *Handlers) list(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	page := listPage{Page: h.Web.Page(c, ""), Most: Most}
	page.NoIndex, page.Path = true, "/saved-searches"
	page.Crumbs = crumbs(page.Page, "")
	list, err := h.Saved.Of(web.Context(c), a)
	if err != nil {
		return err
	}
	for _, one := range list {
		page.Searches = append(page.Searches, h.entry(page.Page, one))
	}
	return h.Web.Render(c, "search/saved", page)
}

func (h *Handlers) entry(p web.Page, one Search) entry {
	return entry{
		Search: one, Narrowed: h.narrowed(p, one.Filters), Again: web.Path(one.Lang, "search") + "?" + one.Query(),
		Feed: web.Feed{Title: one.Name, Path: "feeds/search", Query: one.Query()},
	}
}

// narrowed says what a search is narrowed by.
func (h *Handlers) narrowed(p web.Page, filters map[string][]string) string {
	var list []string
	for _, f := range search.Facets {
		for _, v := range filters[f] {
			list = append(list, p.T("search.facet_"+f)+": "+search.Condition(p, h.Label, f, v))
		}
	}
	return strings.Join(list, ", ")
}

func crumbs(p web.Page, here string) []web.Crumb {
	list := []web.Crumb{{Title: p.T("theme.my_work"), URL: p.URL("my-work")}, {Title: p.T("saved.title"), URL: p.URL("saved-searches")}}
	if here != "" {
		list = append(list, web.Crumb{Title: here})
	}
	return list
}

// formPage is everything search/saved_form.html may use: a search to save, or,
// with an id, to change.
type formPage struct {
	web.Page
	Kept  entry
	Mails []Mail
	Bare  []filter // as hidden fields
}

type filter struct{ Name, Value string }

// newForm says what will come, when, and how to end it, before anything is
// saved.
func (h *Handlers) newForm(c *fiber.Ctx) error {
	if _, err := signedIn(c); err != nil {
		return err
	}
	args := c.Context().QueryArgs()
	typed, _ := web.CleanText(strings.ToValidUTF8(string(args.Peek("q")), ""))
	one := Search{Words: shortened(strings.TrimSpace(typed), maxWords), Lang: web.Lang(c), Mail: Weekly, Filters: map[string][]string{}}
	one.Name = shortened(one.Words, maxName)
	for _, f := range search.Facets {
		for _, v := range args.PeekMulti(f) {
			one.narrow(f, string(v))
		}
	}
	if one.Words == "" {
		return h.Web.See(c, "search", "")
	}
	return h.showForm(c, h.Web.Page(c, ""), one)
}

// narrow adds a filter of the page or the form; what cannot be one is left out.
func (s *Search) narrow(facet, value string) {
	value = strings.ToValidUTF8(value, "")
	if value != "" && len(value) < 50 && len(s.Filters[facet]) < 16 && !slices.Contains(s.Filters[facet], value) {
		s.Filters[facet] = append(s.Filters[facet], value)
	}
}

func (h *Handlers) showForm(c *fiber.Ctx, p web.Page, one Search) error {
	page := formPage{Page: p, Kept: h.entry(p, one), Mails: Mails}
	page.NoIndex = true
	page.Crumbs = crumbs(p, p.T("saved.save"))
	if one.ID != "" {
		page.Crumbs[2].Title = one.Name
	}
	for _, f := range search.Facets {
		for _, v := range one.Filters[f] {
			page.Bare = append(page.Bare, filter{f, v})
		}
	}
	return h.Web.Render(c, "search/saved_form", page)
}

func (h *Handlers) save(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	one := Search{Words: form.Get("q"), Name: form.Get("name"), Lang: web.Lang(c), Mail: Mail(form.Get("mail")), Filters: map[string][]string{}}
	for _, f := range search.Facets {
		for _, v := range form.All(f) {
			one.narrow(f, v)
		}
	}
	if _, err := h.Saved.Save(web.Context(c), a, one); err != nil {
		return h.Web.Again(c, "", form, err, func(p web.Page) error { return h.showForm(c, p, one) })
	}
	return h.Web.See(c, "saved-searches", "search_saved")
}

func (h *Handlers) edit(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	one, err := h.Saved.Get(web.Context(c), a, strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return h.showForm(c, h.Web.Page(c, ""), one)
}

func (h *Handlers) change(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	id := strings.Clone(c.Params("id"))
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	if err := h.Saved.Change(web.Context(c), a, id, form.Get("name"), Mail(form.Get("mail"))); err != nil {
		one, gone := h.Saved.Get(web.Context(c), a, id)
		if gone != nil {
			return gone
		}
		return h.Web.Again(c, "", form, err, func(p web.Page) error { return h.showForm(c, p, one) })
	}
	return h.Web.See(c, "saved-searches", "search_changed")
}

func (h *Handlers) delete(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	if _, err := h.Web.Form(c); err != nil {
		return err
	}
	if err := h.Saved.Delete(web.Context(c), a, strings.Clone(c.Params("id"))); err != nil {
		return err
	}
	return h.Web.See(c, "saved-searches", "search_deleted")
}

// stopPage is everything search/saved_stop.html may use.
type stopPage struct {
	web.Page
	Kept Search
}

// stop shows a button. Programs that look into letters follow links, but press
// no buttons. Nobody needs to sign in.
func (h *Handlers) stop(c *fiber.Ctx) error {
	one, err := h.Saved.Stopped(web.Context(c), strings.Clone(c.Params("token")))
	if err != nil {
		return err
	}
	return h.showStop(c, one)
}

// stopped ends the letters: for the button, and for mail programs that have one
// of their own.
func (h *Handlers) stopped(c *fiber.Ctx) error {
	one, err := h.Saved.StopLetters(web.Context(c), strings.Clone(c.Params("token")))
	if err != nil {
		return err
	}
	return h.showStop(c, one)
}

func (h *Handlers) showStop(c *fiber.Ctx, one Search) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	page := stopPage{Page: h.Web.Page(c, ""), Kept: one}
	page.NoIndex = true
	return h.Web.Render(c, "search/saved_stop", page)
}
