package funding

import (
	"errors"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// callForm is everything funding/call_edit.html may use.
type callForm struct {
	web.Page
	Call       Call
	New        bool
	Funders    []web.Option
	Officers   []web.Option
	Reviewers  []web.Option
	Countries  []web.Option
	Languages  []web.Option
	Currencies []web.Option
	Closing    string // the last day, as it is shown: the call closes after it
}

func (h *Handlers) newCall(c *fiber.Ctx) error { return h.renderNewCall(c, h.Web.Page(c, section)) }

func (h *Handlers) renderNewCall(c *fiber.Ctx, p web.Page) error {
	a, err := officer(c)
	if err != nil {
		return err
	}
	call := Usual("EUR")
	call.Lang, call.Funder, call.Officers = p.Lang, a.Home(), []string{a.ID}
	call.Countries = []string{}
	return h.renderCallForm(c, callForm{Page: p, Call: call, New: true}, a)
}

func (h *Handlers) renderCallForm(c *fiber.Ctx, page callForm, a accounts.Actor) (err error) {
	ctx := web.Context(c)
	page.NoIndex = true
	page.Countries = countries(page.Lang)
	for _, lang := range i18n.Languages {
		page.Languages = append(page.Languages, web.Option{Value: lang, Label: i18n.Name(lang)})
	}
	for _, one := range Currencies {
		page.Currencies = append(page.Currencies, web.Option{Value: one, Label: one})
	}
	if page.Officers, err = h.holders(ctx, page.Lang, accounts.Officer); err != nil {
		return err
	}
	if page.Reviewers, err = h.holders(ctx, page.Lang, accounts.Reviewer); err != nil {
		return err
	}
	keys := a.Organisations()
	if f := page.Call.Funder; f != "" && !slices.Contains(keys, f) {
		keys = append(keys, f)
	}
	for _, key := range keys {
		name, _ := h.place(ctx, page.Page, key)
		page.Funders = append(page.Funders, web.Option{Value: key, Label: name})
	}
	if !page.Call.Closes.IsZero() {
		page.Closing = page.Call.Closes.In(h.Funding.Zone).AddDate(0, 0, -1).Format("2006-01-02")
	}
	if page.New {
		page.Crumbs = crumbs(page.Page, nil, page.T("call.new"))
	} else {
		page.Crumbs = crumbs(page.Page, &page.Call, page.T("call.edit"))
	}
	return h.Web.Render(c, "funding/call_edit", &page)
}

func (h *Handlers) addCall(c *fiber.Ctx) error {
	a, err := officer(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	call := Usual("EUR")
	err = h.readCall(form, &call)
	id := ""
	if err == nil {
		id, err = h.Funding.AddCall(web.Context(c), a, call, form.Has("open"))
	}
	if err != nil {
		return h.again(c, form, err, func(p web.Page) error { return h.renderNewCall(c, p) })
	}
	return h.Web.See(c, "/calls/"+id, "call_saved")
}

func (h *Handlers) editCall(c *fiber.Ctx) error { return h.renderEditCall(c, h.Web.Page(c, section)) }

func (h *Handlers) renderEditCall(c *fiber.Ctx, p web.Page) error {
	a, err := officer(c)
	if err != nil {
		return err
	}
	call, err := h.Funding.Call(web.Context(c), a, c.Params("id"))
	if err != nil {
		return err
	}
	if err := accounts.Must(a, accounts.KeepCall, call.Thing()); err != nil {
		return err
	}
	return h.renderCallForm(c, callForm{Page: p, Call: call}, a)
}

func (h *Handlers) saveCall(c *fiber.Ctx) error {
	a, err := officer(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	var typed Call
	version, _ := form.Int("version")
	if err = h.readCall(form, &typed); err == nil {
		err = h.Funding.EditCall(web.Context(c), a, c.Params("id"), version, func(call *Call) {
			typed.Country, typed.Criteria, typed.Targets = call.Country, orUsual(typed.Criteria, call.Criteria), call.Targets
			*call = typed
		})
	}
	if err != nil {
		return h.again(c, form, err, func(p web.Page) error { return h.renderEditCall(c, p) })
	}
	return h.Web.See(c, "/calls/"+c.Params("id"), "call_saved")
}

func orUsual(typed, stored []Criterion) []Criterion {
	if typed == nil {
		return stored
	}
	return typed
}

// ReviewCount is a pointer because no review at all is meant, not empty.
func (p callForm) ReviewCount() *int { return &p.Call.Reviews }

// errWhole is what is no whole number.
var errWhole = errors.New("not a whole number")

// readCall takes the rules of a call from its form. It fails only for what is
// no sum, number or day; the rules' own sense comes later.
func (h *Handlers) readCall(form web.Form, c *Call) error {
	var f findings
	c.Title, c.Purpose, c.Who, c.Lang, c.Funder, c.Currency = form.Get("title"), form.Get("purpose"), form.Get("who"), form.Get("lang"), form.Get("funder"), form.Get("currency")
	c.Public = !form.Has("members_only")
	c.BudgetCents = money(form, "budget_cents", &f)
	c.MinCents, c.MaxCents = money(form, "min_cents", &f), money(form, "max_cents", &f)
	c.OwnFreeCents, c.TwoOfficersCents = money(form, "own_free_cents", &f), money(form, "two_officers_cents", &f)
	c.SharePercent = whole(form, "share_percent", &f, ErrShare)
	c.Reviews = whole(form, "reviews_required", &f, ErrReviewCount)
	c.Countries, c.Officers, c.Reviewers = form.All("countries"), form.All("officers"), form.All("reviewers")
	c.Opens = day(form, "opens", h.Funding.Zone, &f)
	if c.Closes = day(form, "closes", h.Funding.Zone, &f); !c.Closes.IsZero() {
		c.Closes = c.Closes.AddDate(0, 0, 1) // the day itself still counts
	}
	c.Criteria = nil
	for _, u := range UsualCriteria {
		if form.Has("weight_" + u.Key) {
			n, err := strconv.Atoi(form.Get("weight_" + u.Key))
			f.when(err != nil, ErrCriteria.Because(errWhole))
			c.Criteria = append(c.Criteria, Criterion{Key: u.Key, Weight: n})
		}
	}
	return f.err()
}
