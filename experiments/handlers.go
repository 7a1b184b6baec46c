package experiments

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Handlers are the pages of experiments. Its fields are set once, before
// Register.
type Handlers struct {
	*web.Kit
	Experiments *Service
	Files       *files.Store
	Sessions    Sessions
}

// Sessions sign a newcomer's browser in. accounts.Handlers do.
type Sessions interface {
	Cookie(c *fiber.Ctx) string
	SetCookie(c *fiber.Ctx, secret string)
}

// Register adds the pages. accounts' Identify must be registered before them.
func (h *Handlers) Register(app *fiber.App) {
	r := h.Routes(app)
	r.Get("/experiments", h.list)
	r.Feed(h.Kit, "experiments", h.feed)
	r.Get("/experiments.ics", h.calendar)
	r.Get("/experiments.geojson", h.points)
	r.Get("/experiments/map", h.places)
	r.Get("/experiments/new", h.newForm)
	r.Post("/experiments/new", h.register)
	r.Post("/experiments/new/draft", h.draftNew)
	r.Get("/experiments/similar", h.similar)

	r.Get("/experiments/:id", h.show)
	r.Get("/experiments/:id/calendar.ics", h.ownCalendar)
	r.Get("/experiments/:id/brief", h.brief)
	r.Get("/experiments/:id/one-pager", h.onePager)
	r.Get("/experiments/:id/plan", h.plan)
	r.Get("/experiments/:id/card/:face", h.card)
	r.Get("/experiments/:id/versions", h.versions)
	r.Get("/experiments/:id/versions/:n", h.version)
	r.Post("/experiments/:id/draft/:section", h.draft)
	r.Get("/experiments/:id/edit/:section", h.edit)
	r.Post("/experiments/:id/edit/:section", h.save)
	r.Get("/experiments/:id/learning", h.learning)
	r.Post("/experiments/:id/learning", h.saveLearning)

	r.Get("/experiments/:id/log", h.log)
	r.Post("/experiments/:id/log", h.appendLog)
	r.Get("/experiments/:id/log/print", h.printLog)
	r.Get("/experiments/:id/log/:n", h.permalink)
	r.Feed(h.Kit, "experiments/:id/log", h.logFeed)

	r.Get("/experiments/:id/stage/:to", h.stageForm)
	r.Post("/experiments/:id/advance", h.advance)
	r.Post("/experiments/:id/ask-start", h.askStart)
	r.Post("/experiments/:id/confirm", h.confirm)
	r.Post("/experiments/:id/publish", h.publish)

	r.Get("/experiments/:id/extend", h.extendForm)
	r.Post("/experiments/:id/extend", h.extend)
	r.Post("/experiments/:id/still", h.still)

	r.Get("/experiments/:id/team", h.team)
	r.Post("/experiments/:id/team", h.invite)
	r.Post("/experiments/:id/team/offer", h.offer)
	r.Post("/experiments/:id/team/answer", h.answerOffer)
	r.Post("/experiments/:id/team/:person/remove", h.removeMember)
	r.Post("/experiments/:id/team/invitations/:invitation/withdraw", h.withdraw)
	r.Get("/invitations/:token", h.invitation)
	r.Post("/invitations/:token", h.join)
}

// section is the main place of these pages.
const section = "experiments"

// signedIn is who asks, or accounts.ErrSignIn.
func signedIn(c *fiber.Ctx) (accounts.Actor, error) {
	if a := accounts.ActorOf(c); a.SignedIn() {
		return a, nil
	}
	return accounts.Actor{}, accounts.ErrSignIn
}

// at is the address of a page of an experiment, below the language.
func at(id string, parts ...string) string {
	return "/experiments/" + id + strings.Join(append([]string{""}, parts...), "/")
}

// crumbs lead from the list of experiments to a page of one.
func crumbs(p web.Page, e *Experiment, here string) []web.Crumb {
	list := []web.Crumb{{Title: p.T("theme.experiments"), URL: p.URL("experiments")}}
	if e == nil {
		return append(list, web.Crumb{Title: here})
	}
	list = append(list, web.Crumb{Title: e.Title, URL: p.URL("experiments", e.ID)})
	if here != "" {
		list = append(list, web.Crumb{Title: here})
	}
	return list
}

// own loads an experiment for a page that only its team may use.
func (h *Handlers) own(c *fiber.Ctx, do accounts.Action) (Experiment, accounts.Thing, error) {
	a, err := signedIn(c)
	if err != nil {
		return Experiment{}, accounts.Thing{}, err
	}
	e, thing, err := h.Experiments.Get(web.Context(c), a, c.Params("id"))
	if err != nil {
		return e, thing, err
	}
	return e, thing, accounts.Must(a, do, thing)
}

// sectors are the ten sectors as options.
func sectors(lang string) []web.Option {
	var list []web.Option
	for _, s := range content.Divisions() {
		list = append(list, web.Option{Value: s.Code, Label: s.In(lang)})
	}
	return list
}

// sectorOptions are the ten sectors and, if the card is in a narrower group,
// that one, so that saving does not widen it.
func sectorOptions(lang, stored string) []web.Option {
	list := sectors(lang)
	if s, ok := content.SectorOf(stored); ok && !slices.ContainsFunc(list, func(o web.Option) bool { return o.Value == stored }) {
		list = append(list, web.Option{Value: stored, Label: s.In(lang)})
	}
	return list
}

// sectorName is a sector in words.
func sectorName(lang, code string) string {
	s, ok := content.SectorOf(division(code))
	if !ok {
		return ""
	}
	return s.In(lang)
}

// themes are the named themes as options.
func themes(lang string) []web.Option {
	var list []web.Option
	for _, t := range content.Themes() {
		list = append(list, web.Option{Value: t.Key, Label: t.In(lang)})
	}
	return list
}

// themeNames are themes in words; what the portal does not know is left out.
func themeNames(lang string, keys []string) []string {
	var names []string
	for _, key := range keys {
		if t, ok := content.Theme(key); ok {
			names = append(names, t.In(lang))
		}
	}
	return names
}

// countries are the countries as options.
func countries(lang string) []web.Option {
	var list []web.Option
	for _, t := range content.Countries() {
		list = append(list, web.Option{Value: t.Key, Label: t.In(lang)})
	}
	return list
}

// sizeName is a municipality's size class in words.
func sizeName(p web.Page, o accounts.Organisation) string {
	if o.SizeClass() == accounts.SizeNotKnown {
		return ""
	}
	return p.T("content.size_" + string(o.SizeClass()))
}
