package concepts

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Handlers are the administrators' pages of concepts. The fields are set once,
// before Register.
type Handlers struct {
	Web      *web.Kit
	Concepts *Service
}

// Register adds the pages below a language.
func (h *Handlers) Register(r web.Routes) {
	r.Get("/concepts", h.list)
	r.Post("/concepts", h.save)
	r.Get("/concepts/:id", h.edit)
	r.Post("/concepts/:id", h.save)
	r.Post("/concepts/:id/remove", h.remove)
}

// listPage is everything search/concepts.html may use.
type listPage struct {
	web.Page
	Concepts []row
	Shipped  int
	Names    []language // of the form
}

// row is a concept in the list.
type row struct {
	ID, Title string
	Names     []spoken
}

// spoken are the names in one language.
type spoken struct{ Lang, Names string }

// language is a field of the form: the names in one language, one per line.
type language struct{ Lang, Label, Lines string }

func (h *Handlers) list(c *fiber.Ctx) error { return h.showList(c, h.Web.Page(c, "")) }

func (h *Handlers) showList(c *fiber.Ctx, p web.Page) error {
	list, err := h.Concepts.List(web.Context(c), accounts.ActorOf(c), p.Lang)
	if err != nil {
		return err
	}
	page := listPage{Page: p, Shipped: len(h.Concepts.Shipped), Names: languages(nil)}
	page.NoIndex, page.Path = true, "/concepts"
	page.Crumbs = crumbs(p, "")
	for _, one := range list {
		r := row{ID: one.ID, Title: one.Title(p.Lang)}
		for _, lang := range i18n.Languages {
			if names := one.Names[lang]; len(names) > 0 {
				r.Names = append(r.Names, spoken{lang, strings.Join(names, ", ")})
			}
		}
		page.Concepts = append(page.Concepts, r)
	}
	return h.Web.Render(c, "search/concepts", page)
}

func languages(names map[string][]string) []language {
	var list []language
	for _, lang := range i18n.Languages {
		list = append(list, language{lang, "concept.names_" + lang, strings.Join(names[lang], "\n")})
	}
	return list
}

func crumbs(p web.Page, here string) []web.Crumb {
	list := []web.Crumb{{Title: p.T("theme.my_work"), URL: p.URL("my-work")}, {Title: p.T("concept.title"), URL: p.URL("concepts")}}
	if here != "" {
		list = append(list, web.Crumb{Title: here})
	}
	return list
}

// editPage is everything search/concept_edit.html may use.
type editPage struct {
	web.Page
	ID, Title string
	Names     []language
}

func (h *Handlers) edit(c *fiber.Ctx) error {
	one, err := h.Concepts.Get(web.Context(c), accounts.ActorOf(c), strings.Clone(c.Params("id")))
	if err != nil {
		return err
	}
	return h.showEdit(c, h.Web.Page(c, ""), one)
}

func (h *Handlers) showEdit(c *fiber.Ctx, p web.Page, one Concept) error {
	page := editPage{Page: p, ID: one.ID, Title: one.Title(p.Lang), Names: languages(one.Names)}
	page.NoIndex, page.Path = true, "/concepts/"+one.ID
	page.Crumbs = crumbs(p, page.Title)
	return h.Web.Render(c, "search/concept_edit", page)
}

// save adds a concept or, with an id, changes it.
func (h *Handlers) save(c *fiber.Ctx) error {
	ctx, a, id := web.Context(c), accounts.ActorOf(c), strings.Clone(c.Params("id"))
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	names := map[string][]string{}
	for _, lang := range i18n.Languages {
		names[lang] = Names(form.Get(lang))
	}
	if id == "" {
		if err := h.Concepts.Add(ctx, a, names); err != nil {
			return h.Web.Again(c, "", form, err, func(p web.Page) error { return h.showList(c, p) })
		}
		return h.Web.See(c, "concepts", "concept_added")
	}
	if err := h.Concepts.Change(ctx, a, id, names); err != nil {
		return h.Web.Again(c, "", form, err, func(p web.Page) error {
			one, err := h.Concepts.Get(ctx, a, id)
			if err != nil {
				return err
			}
			return h.showEdit(c, p, one)
		})
	}
	return h.Web.See(c, "concepts", "concept_changed")
}

func (h *Handlers) remove(c *fiber.Ctx) error {
	if _, err := h.Web.Form(c); err != nil {
		return err
	}
	if err := h.Concepts.Remove(web.Context(c), accounts.ActorOf(c), strings.Clone(c.Params("id"))); err != nil {
		return err
	}
	return h.Web.See(c, "concepts", "concept_removed")
}
