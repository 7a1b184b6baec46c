package funding

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Handlers are the pages of funding. Its fields are set once, before Register.
type Handlers struct {
	Web     *web.Kit
	Funding *Service
}

const section = "funding"

// Register adds the pages. accounts' Identify must be registered before them.
func (h *Handlers) Register(_ *fiber.App, r web.Routes) {
	r.Get("/calls", h.list)
	r.Get("/calls.ics", h.calendar)
	r.Get("/calls/new", h.newCall)
	r.Post("/calls/new", h.addCall)
	r.Get("/calls/:id", h.showCall)
	r.Get("/calls/:id/edit", h.editCall)
	r.Post("/calls/:id/edit", h.saveCall)
	r.Post("/calls/:id/state", h.moveCall)
	r.Get("/calls/:id/ledger.csv", h.ledger)
	r.Feed(h.Web, "calls", h.feed)

	r.Get("/requests", h.desk)
	r.Get("/requests/new", h.newRequest)
	r.Post("/requests/new", h.addRequest)
	r.Get("/requests/:id", h.show)
	r.Get("/requests/:id/letter", h.letter)
	r.Get("/requests/:id/edit", h.editRequest)
	r.Post("/requests/:id/edit", h.saveRequest)
	h.registerActs(r)
}

// signedIn is who asks, or accounts.ErrSignIn.
func signedIn(c *fiber.Ctx) (accounts.Actor, error) {
	if a := accounts.ActorOf(c); a.SignedIn() {
		return a, nil
	}
	return accounts.Actor{}, accounts.ErrSignIn
}

// officer is who asks, if it is an officer.
func officer(c *fiber.Ctx) (accounts.Actor, error) {
	a, err := signedIn(c)
	if err != nil {
		return a, err
	}
	return a, accounts.Must(a, accounts.KeepCall, accounts.Thing{})
}

// crumbs lead from the list of calls to a page.
func crumbs(p web.Page, c *Call, here string) []web.Crumb {
	list := []web.Crumb{{Title: p.T("theme.funding"), URL: p.URL("calls")}}
	if c != nil {
		list = append(list, web.Crumb{Title: c.Title, URL: p.URL("calls", c.ID)})
	}
	if here != "" {
		list = append(list, web.Crumb{Title: here})
	}
	return list
}

// place is an organisation's name and size in words. One that is gone is its
// key.
func (h *Handlers) place(ctx context.Context, p web.Page, key string) (name, size string) {
	if key == "" {
		return "", ""
	}
	o, err := store.Get(ctx, h.Funding.Store, func(tx store.Tx) (accounts.Organisation, error) {
		return h.Funding.People.OrganisationTx(tx, key)
	})
	if err != nil {
		return key, ""
	}
	if class := o.SizeClass(); class != accounts.SizeNotKnown {
		size = p.T("content.size_" + string(class))
	}
	return o.Name(p.Lang), size
}

// names are what readers see of people.
func (h *Handlers) names(ctx context.Context, lang string, ids ...string) []string {
	list, err := store.Get(ctx, h.Funding.Store, func(tx store.Tx) ([]string, error) {
		var list []string
		for _, id := range ids {
			list = append(list, h.Funding.People.DisplayNameTx(tx, id, lang))
		}
		return list, nil
	})
	if err != nil {
		return make([]string, len(ids))
	}
	return list
}

// holders are the people with a role, as options.
func (h *Handlers) holders(ctx context.Context, lang string, role accounts.Role) ([]web.Option, error) {
	ids, err := store.Get(ctx, h.Funding.Store, func(tx store.Tx) ([]string, error) { return h.Funding.People.PeopleWith(tx, role) })
	var list []web.Option
	for i, name := range h.names(ctx, lang, ids...) {
		list = append(list, web.Option{Value: ids[i], Label: name})
	}
	slices.SortStableFunc(list, func(x, y web.Option) int {
		if x.Label < y.Label {
			return -1
		}
		return 1
	})
	return list, err
}

// countries are the countries as options.
func countries(lang string) []web.Option {
	var list []web.Option
	for _, t := range content.Countries() {
		list = append(list, web.Option{Value: t.Key, Label: t.In(lang)})
	}
	return list
}

// callCard is a call in a list.
type callCard struct {
	Call
	FunderName string
	Open       bool
	Figures    Figures
}

func (h *Handlers) card(ctx context.Context, p web.Page, c Call) callCard {
	name, _ := h.place(ctx, p, c.Funder)
	c.ShownUntil(ctx, p.Now)
	return callCard{Call: c, FunderName: name, Open: c.IsOpen(p.Now), Figures: c.Figures()}
}

// LastDay is the last day on which requests are taken.
func (c callCard) LastDay() time.Time { return c.Closes.Add(-time.Minute) }

// callsPage is everything funding/calls.html may use.
type callsPage struct {
	web.Page
	Calls   []callCard
	MayKeep bool
	Waiting int
}

func (h *Handlers) list(c *fiber.Ctx) error {
	ctx, a := web.Context(c), accounts.ActorOf(c)
	page := callsPage{Page: h.Web.Page(c, section)}
	page.Description = page.T("call.lead")
	page.Crumbs = crumbs(page.Page, nil, "")
	page.Feeds = []web.Feed{{Title: page.T("call.feed"), Path: "feeds/calls"}}
	list, err := h.Funding.Calls(ctx, a)
	if err != nil {
		return err
	}
	for _, call := range list {
		page.Calls = append(page.Calls, h.card(ctx, page.Page, call))
	}
	waiting, err := h.Funding.Waiting(ctx, a, page.Lang)
	page.Waiting = len(waiting)
	page.MayKeep = accounts.Can(a, accounts.KeepCall, accounts.Thing{})
	if err != nil {
		return err
	}
	return h.Web.Render(c, "funding/calls", &page)
}

// callPage is everything funding/call.html may use.
type callPage struct {
	web.Page
	Card      callCard
	Rows      []registerLine
	NextURL   string
	MayKeep   bool
	Next      []CallState
	Countries []string
	AskURL    string
	Late      int // on this part of the register
}

// registerLine is a line of the register in words.
type registerLine struct {
	RegisterRow
	Place, Words string
}

const registerPart = 30

func (h *Handlers) showCall(c *fiber.Ctx) error { return h.renderCall(c, h.Web.Page(c, section)) }

func (h *Handlers) renderCall(c *fiber.Ctx, p web.Page) error {
	ctx, a := web.Context(c), accounts.ActorOf(c)
	call, err := h.Funding.Call(ctx, a, c.Params("id"))
	if err != nil {
		return err
	}
	page := callPage{Page: p, Card: h.card(ctx, p, call)}
	page.Crumbs, page.Description, page.NoIndex = crumbs(p, nil, call.Title), call.Purpose, !call.IsPublic()
	page.MayKeep = accounts.Can(a, accounts.KeepCall, call.Thing())
	if page.MayKeep {
		page.Next = call.Next()
	}
	page.Feeds = []web.Feed{{Title: p.T("call.feed"), Path: "feeds/calls"}}
	for _, o := range countries(p.Lang) {
		if slices.Contains(call.Countries, o.Value) {
			page.Countries = append(page.Countries, o.Label)
		}
	}
	if page.Card.Open && !page.MayKeep && (!a.SignedIn() || call.TakesFrom(a.Home())) {
		page.AskURL = p.URL("requests", "new") + "?call=" + call.ID
	}
	if err := h.addRegister(ctx, a, &page, c.Query("after")); err != nil {
		return err
	}
	return h.Web.Render(c, "funding/call", &page)
}

func (h *Handlers) addRegister(ctx context.Context, a accounts.Actor, page *callPage, after string) error {
	reg, err := h.Funding.RegisterOf(ctx, a, page.Card.ID, after, registerPart)
	if err != nil {
		return err
	}
	for _, r := range reg.Rows {
		line := registerLine{RegisterRow: r, Words: r.Words(page.Printer)}
		line.Place, _ = h.place(ctx, page.Page, r.Organisation)
		if r.Clock.Light == Red && r.State.Undecided() {
			page.Late++
		}
		page.Rows = append(page.Rows, line)
	}
	if reg.Next != "" {
		page.NextURL = page.URL("calls", page.Card.ID) + "?after=" + reg.Next + "#register"
	}
	return nil
}

func (h *Handlers) moveCall(c *fiber.Ctx) error {
	a, err := officer(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	to := CallState(form.Get("to"))
	if err := h.Funding.MoveCall(web.Context(c), a, c.Params("id"), to); err != nil {
		return h.Web.Again(c, section, form, err, func(p web.Page) error { return h.renderCall(c, p) })
	}
	return h.Web.See(c, "/calls/"+c.Params("id"), "call_"+string(to))
}

func (h *Handlers) ledger(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	entries, err := h.Funding.Ledger(web.Context(c), a, c.Params("id"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="ledger-`+c.Params("id")+`.csv"`)
	return WriteLedger(c.Response().BodyWriter(), entries)
}

// again shows a form page again after a refusal, or, when the thing is gone or
// not the reader's, the error page.
func (h *Handlers) again(c *fiber.Ctx, form web.Form, err error, show func(web.Page) error) error {
	if fault.KindOf(err) == fault.Internal {
		return err
	}
	return h.Web.Again(c, section, form, err, show)
}

// day is midnight of a form's day in the portal's zone; an empty field is the
// zero time.
func day(form web.Form, name string, zone *time.Location, f *findings) time.Time {
	if form.Get(name) == "" {
		return time.Time{}
	}
	d, ok := form.Day(name, zone)
	f.when(!ok, ErrDay.On(name))
	return d
}

// ErrDay is what is no day.
var ErrDay = fault.New(fault.Invalid, "call.day_invalid")
