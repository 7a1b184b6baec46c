package mentoring

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// section is the main place the pages of mentors belong to.
const section = "community"

// Handlers are the pages of mentors: their list and profiles, looking for one,
// and mentorships. The fields are set once, before Register.
type Handlers struct {
	Web       *web.Kit
	Mentoring *Service
}

// Register adds the pages below a language.
func (h *Handlers) Register(r web.Routes) {
	r.Get("/mentors", h.list)
	r.Get("/mentors/me", h.own)
	r.Post("/mentors/me", h.keep)
	r.Get("/mentors/:id", h.show)
	r.Get("/experiments/:id/mentors", h.find)
	r.Post("/experiments/:id/mentors", h.ask)
	r.Get("/mentorships/:id", h.mentorship)
	r.Post("/mentorships/:id/accept", h.accept)
	r.Post("/mentorships/:id/decline", h.decline)
	r.Post("/mentorships/:id/end", h.end)
	r.Post("/mentorships/:id/again", h.again)
}

// signedIn is who asks, or the fault to sign in first.
func signedIn(c *fiber.Ctx) (accounts.Actor, error) {
	if a := accounts.ActorOf(c); a.SignedIn() {
		return a, nil
	}
	return accounts.Actor{}, accounts.ErrSignIn
}

func idOf(c *fiber.Ctx) string { return strings.Clone(c.Params("id")) }

// query is a filter of the address, cleaned; what is no text is empty.
func query(c *fiber.Ctx, name string) string {
	s, _ := web.CleanText(c.Query(name))
	return strings.TrimSpace(s)
}

// skillOptions are all skills in the reader's words.
func skillOptions(p web.Page) []web.Option { return termOptions(p, content.Skills()) }

func termOptions(p web.Page, terms []content.Term) []web.Option {
	list := make([]web.Option, 0, len(terms))
	for _, t := range terms {
		list = append(list, web.Option{Value: t.Key, Label: t.In(p.Lang)})
	}
	return list
}

func languageOptions(p web.Page) []web.Option {
	list := make([]web.Option, 0, len(i18n.Languages))
	for _, l := range i18n.Languages {
		list = append(list, web.Option{Value: l, Label: p.T("mentor.lang_" + l)})
	}
	return list
}

// sectorOptions are the divisions, each followed by its groups where they have
// names in the reader's language, and by those that are chosen already.
func sectorOptions(p web.Page, chosen []string) []web.Option {
	var list []web.Option
	for _, s := range content.Sectors() {
		if s.Parent == "" || s.Labels[p.Lang] != "" || slices.Contains(chosen, s.Code) {
			list = append(list, web.Option{Value: s.Code, Label: s.Code + " " + sectorName(p, s)})
		}
	}
	return list
}

// sectorName is a sector in the reader's language. A group without a name in
// it goes by its division's.
func sectorName(p web.Page, s content.Sector) string {
	if division, ok := content.SectorOf(s.Division()); ok && s.Labels[p.Lang] == "" {
		return division.In(p.Lang)
	}
	return s.In(p.Lang)
}

// words joins what keys with a prefix say about values.
func words[T ~string](p web.Page, prefix string, values []T) string {
	list := make([]string, 0, len(values))
	for _, v := range values {
		list = append(list, p.T(prefix+string(v)))
	}
	return strings.Join(list, ", ")
}

// sectorWords names sectors in the reader's language.
func sectorWords(p web.Page, codes []string) string {
	var list []string
	for _, code := range codes {
		if s, ok := content.SectorOf(code); ok {
			list = append(list, sectorName(p, s))
		}
	}
	return strings.Join(unique(list), "; ")
}

func themeWords(p web.Page, keys []string) string {
	var list []string
	for _, key := range keys {
		if t, ok := content.Theme(key); ok {
			list = append(list, t.In(p.Lang))
		}
	}
	return strings.Join(list, ", ")
}

// home is an organisation's name and size class, empty where there is none.
func home(p web.Page, o accounts.Organisation) (name, size string) {
	if o.Key == "" {
		return "", ""
	}
	if class := o.SizeClass(); class != accounts.SizeNotKnown {
		size = p.T(content.SizeClass(class).Key())
	}
	return o.Name(p.Lang), size
}

// skillName is a skill in the reader's language.
func skillName(p web.Page, key string) string {
	t, ok := content.Skill(key)
	if !ok {
		return key
	}
	return t.In(p.Lang)
}
