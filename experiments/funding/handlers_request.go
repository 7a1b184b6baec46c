package funding

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
)

// money is a sum in a form, in cents; an empty field is zero.
func money(form web.Form, name string, f *findings) int64 {
	if form.Get(name) == "" {
		return 0
	}
	n, ok := form.Cents(name)
	f.when(!ok, ErrSum.On(name))
	return n
}

// ErrSum is what is no sum of money.
var ErrSum = fault.New(fault.Invalid, "request.sum_invalid")

// whole is a whole number in a form; an empty field is zero.
func whole(form web.Form, name string, f *findings, wrong *fault.Error) int {
	if form.Get(name) == "" {
		return 0
	}
	n, ok := form.Int(name)
	f.when(!ok, wrong)
	return n
}

// askPage is everything funding/request_new.html may use: the at most six
// questions, beside the card that says the rest.
type askPage struct {
	web.Page
	Call     Call
	Card     experiments.Experiment
	Request  Request // what is stored, when it is edited
	New      bool
	Previous string
	Place    string
	// Experiments and Calls are offered when the address does not say which.
	Experiments []web.Option
	Calls       []web.Option
	YesNo       []experiments.YesNo
	MayAsk      int64 // by the own-share rule, in cents; 0: no such rule
}

// AmountHelp says what may be asked, in figures.
func (p askPage) AmountHelp() string {
	c := &p.Call
	switch {
	case p.MayAsk > 0 && c.MaxCents > 0:
		return p.T("request.amount_help", p.Money(c.MinCents, c.Currency), p.Money(min(c.MaxCents, p.MayAsk), c.Currency), p.Money(p.Card.Money.Total(), c.Currency))
	case c.MaxCents > 0:
		return p.T("request.amount_help_bounds", p.Money(c.MinCents, c.Currency), p.Money(c.MaxCents, c.Currency))
	}
	return p.T("request.amount_help_free", p.Money(c.LeftCents(), c.Currency))
}

func (h *Handlers) newRequest(c *fiber.Ctx) error {
	return h.renderNew(c, h.Web.Page(c, section), c.Query("experiment"), c.Query("call"))
}

func (h *Handlers) renderNew(c *fiber.Ctx, p web.Page, experiment, call string) error {
	ctx := web.Context(c)
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	page := askPage{Page: p, New: true, Previous: c.Query("again"), YesNo: []experiments.YesNo{experiments.No, experiments.Yes}}
	page.NoIndex = true
	if experiment == "" {
		return h.chooseExperiment(c, a, page, call)
	}
	card, thing, err := h.experiment(c, a, experiment)
	if err != nil {
		return err
	}
	if err := accounts.Must(a, accounts.WriteRequest, thing); err != nil {
		return err
	}
	page.Card = card
	page.Place, _ = h.place(ctx, p, card.Organisation)
	fits, err := h.Funding.Fitting(ctx, a, card.Organisation)
	if err != nil {
		return err
	}
	for _, f := range fits {
		if f.ID == call || call == "" && len(fits) == 1 {
			page.Call = f
		}
		page.Calls = append(page.Calls, web.Option{Value: f.ID, Label: f.Title, Help: p.T("call.left_of", p.Money(f.LeftCents(), f.Currency))})
	}
	page.Crumbs = crumbs(p, nil, p.T("request.new"))
	if page.Call.ID == "" {
		return h.Web.Render(c, "funding/request_choose", &page)
	}
	page.Crumbs = crumbs(p, &page.Call, p.T("request.new"))
	page.Request.AmountCents = card.Money.Seed
	page.MayAsk = page.Call.mostByShare(card.Money.Total())
	return h.Web.Render(c, "funding/request_new", &page)
}

// chooseExperiment offers the own planned experiments.
func (h *Handlers) chooseExperiment(c *fiber.Ctx, a accounts.Actor, page askPage, call string) error {
	ctx := web.Context(c)
	list, err := h.Funding.Cards.List(ctx, a, experiments.Query{Person: a.ID, Stage: experiments.Planned, Limit: maxList})
	if err != nil {
		return err
	}
	for _, e := range list.Rows {
		page.Experiments = append(page.Experiments, web.Option{Value: e.ID, Label: e.Title, Help: e.Summary})
	}
	if call != "" {
		if page.Call, err = h.Funding.Call(ctx, a, call); err != nil {
			return err
		}
	}
	page.Crumbs = crumbs(page.Page, nil, page.T("request.new"))
	return h.Web.Render(c, "funding/request_choose", &page)
}

func (h *Handlers) experiment(c *fiber.Ctx, a accounts.Actor, id string) (e experiments.Experiment, thing accounts.Thing, err error) {
	err = h.Funding.Store.View(web.Context(c), func(tx store.Tx) error {
		e, thing, err = h.Funding.Cards.SeeTx(tx, a, id)
		return err
	})
	return e, thing, err
}

// mostByShare is the largest sum the own-share rule allows for a cost.
func (c *Call) mostByShare(cost int64) int64 {
	if c.SharePercent == 0 || cost <= 0 {
		return 0
	}
	return max(cost*int64(c.SharePercent)/100, min(cost, c.OwnFreeCents-1))
}

// readAsking takes the answers from a form.
func readAsking(form web.Form) (Asking, error) {
	var f findings
	q := Asking{
		Call: form.Get("call"), Experiment: form.Get("experiment"), Previous: form.Get("previous"), Account: form.Get("account"),
		Declarations: Declarations{
			OtherGrants: form.Get("other_grants"), CompanyBenefit: experiments.YesNo(form.Get("company_benefit")), Company: form.Get("company"), Conflicts: form.Get("conflicts"),
		},
	}
	q.AmountCents = money(form, "amount_cents", &f)
	q.Declarations.DeMinimisCents = money(form, "de_minimis_cents", &f)
	return q, f.err()
}

func (h *Handlers) addRequest(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	q, err := readAsking(form)
	if err == nil && q.Experiment == "" {
		return h.Web.See(c, "/requests/new?call="+url.QueryEscape(q.Call), "")
	}
	id := ""
	if err == nil {
		id, err = h.Funding.Draft(web.Context(c), a, q)
	}
	if err != nil {
		return h.again(c, form, err, func(p web.Page) error { return h.renderNew(c, p, q.Experiment, q.Call) })
	}
	return h.Web.See(c, "/requests/"+id, "request_drafted")
}

func (h *Handlers) editRequest(c *fiber.Ctx) error {
	return h.renderEdit(c, h.Web.Page(c, section))
}

func (h *Handlers) renderEdit(c *fiber.Ctx, p web.Page) error {
	ctx := web.Context(c)
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	v, err := h.Funding.Get(ctx, a, c.Params("id"))
	switch {
	case err != nil:
		return err
	case v.Request.State != Draft:
		return ErrStep
	}
	page := askPage{Page: p, Call: v.Call, Request: v.Request, YesNo: []experiments.YesNo{experiments.No, experiments.Yes}}
	page.NoIndex = true
	if v.Sent != nil {
		page.Card = *v.Sent
		page.MayAsk = v.Call.mostByShare(v.Sent.Money.Total())
	}
	page.Place, _ = h.place(ctx, p, v.Request.Organisation)
	page.Crumbs = append(crumbs(p, &v.Call, ""), web.Crumb{Title: v.Request.Title, URL: p.URL("requests", v.Request.ID)}, web.Crumb{Title: p.T("request.edit")})
	return h.Web.Render(c, "funding/request_new", &page)
}

func (h *Handlers) saveRequest(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	q, err := readAsking(form)
	if err == nil {
		err = h.Funding.Edit(web.Context(c), a, c.Params("id"), q)
	}
	if errors.Is(err, ErrStep) {
		return err
	}
	if err != nil {
		return h.again(c, form, err, func(p web.Page) error { return h.renderEdit(c, p) })
	}
	return h.Web.See(c, "/requests/"+c.Params("id"), "request_saved")
}
