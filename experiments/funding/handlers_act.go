package funding

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// An act is what a form of a request's page does.
type act func(ctx context.Context, a accounts.Actor, id string, f web.Form) error

// registerActs adds the forms of a request's page. done names the notice that
// is shown afterwards.
func (h *Handlers) registerActs(r web.Routes) {
	s := h.Funding
	for path, do := range map[string]struct {
		done string
		act  act
	}{
		"submit": {"request_submitted", func(ctx context.Context, a accounts.Actor, id string, _ web.Form) error { return s.Submit(ctx, a, id) }},
		"withdraw": {"request_withdrawn", func(ctx context.Context, a accounts.Actor, id string, _ web.Form) error {
			return s.Withdraw(ctx, a, id)
		}},
		"answer": {"request_answered", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
			return s.Answer(ctx, a, id, f.Get("answer"))
		}},
		"ask": {"request_supplement", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
			return s.AskMore(ctx, a, id, f.Get("missing"))
		}},
		"go-on": {"request_goes_on", func(ctx context.Context, a accounts.Actor, id string, _ web.Form) error { return s.GoOn(ctx, a, id) }},
		"assign": {"request_assigned", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
			return s.Assign(ctx, a, id, f.All("reviewers"))
		}},
		"score": {"request_scored", h.score},
		"conflict": {"request_conflict", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
			return s.DeclareConflict(ctx, a, id, f.Get("conflict"))
		}},
		"decide": {"request_decided", h.decide},
		"sign": {"request_signed", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
			return s.Sign(ctx, a, id, f.Get("account"))
		}},
		"advance": {"request_advance", func(ctx context.Context, a accounts.Actor, id string, _ web.Form) error {
			return s.PayAdvance(ctx, a, id)
		}},
		"rest": {"request_rest", func(ctx context.Context, a accounts.Actor, id string, _ web.Form) error { return s.PayRest(ctx, a, id) }},
		"recover": {"request_recovered", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
			return s.Recover(ctx, a, id, f.Get("reason"))
		}},
	} {
		r.Post("/requests/:id/"+path, h.do(do.done, do.act))
	}
}

// do runs an act and goes back to the request; what is refused is said on its
// page, at the field.
func (h *Handlers) do(done string, fn act) fiber.Handler {
	return func(c *fiber.Ctx) error {
		a, err := signedIn(c)
		if err != nil {
			return err
		}
		form, err := h.Web.Form(c)
		if err != nil {
			return err
		}
		id := c.Params("id")
		if err := fn(web.Context(c), a, id, form); err != nil {
			return h.again(c, form, err, func(p web.Page) error { return h.renderShow(c, p) })
		}
		if done == "request_conflict" { // the request is not theirs to read any more
			return h.Web.See(c, "/requests", done)
		}
		return h.Web.See(c, "/requests/"+id, done)
	}
}

func (h *Handlers) score(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
	review := Review{Scores: map[string]int{}, Comment: f.Get("comment"), Statement: f.Has("statement")}
	for _, c := range UsualCriteria {
		if n, err := strconv.Atoi(f.Get(c.Key)); err == nil {
			review.Scores[c.Key] = n
		}
	}
	return h.Funding.Score(ctx, a, id, review)
}

func (h *Handlers) decide(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
	var found findings
	ruling := Ruling{Outcome: Outcome(f.Get("outcome")), Condition: f.Get("condition"), Reasons: f.Get("reason")}
	if ruling.Outcome != Decline {
		ruling.Cents = money(f, "amount_cents", &found)
	}
	if err := found.err(); err != nil {
		return err
	}
	_, err := h.Funding.Decide(ctx, a, id, ruling)
	return err
}

// deskPage is everything funding/desk.html may use.
type deskPage struct {
	web.Page
	Waiting  []Waiting
	Mine     []mineLine
	Queue    []mineLine // to review, the done ones too
	Reviewer bool
	MayAsk   bool
}

type mineLine struct {
	View
	Place, Words, Part string
	Mine               bool // it waits for the reader
}

// desk is the reader's own requests and reviews, with what waits first.
func (h *Handlers) desk(c *fiber.Ctx) error {
	ctx := web.Context(c)
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	page := deskPage{Page: h.Web.Page(c, section), Reviewer: a.Has(accounts.Reviewer), MayAsk: len(a.Organisations()) > 0}
	page.NoIndex = true
	page.Crumbs = crumbs(page.Page, nil, page.T("request.desk"))
	if page.Waiting, err = h.Funding.Waiting(ctx, a, page.Lang); err != nil {
		return err
	}
	own, err := h.Funding.Mine(ctx, a)
	if err != nil {
		return err
	}
	for _, v := range own {
		page.Mine = append(page.Mine, h.line(ctx, page.Page, a, v))
	}
	queue, err := h.Funding.Queue(ctx, a)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	for _, v := range queue {
		page.Queue = append(page.Queue, h.line(ctx, page.Page, a, v))
	}
	return h.Web.Render(c, "funding/desk", &page)
}

func (h *Handlers) line(ctx context.Context, p web.Page, a accounts.Actor, v View) mineLine {
	l := mineLine{View: v, Words: v.Words(p.Printer)}
	l.Place, _ = h.place(ctx, p, v.Request.Organisation)
	switch {
	case v.Request.HasReviewed(a.ID):
		l.Part = p.T("request.part_done")
	case v.Request.State == InReview && v.Request.IsAssigned(a.ID):
		clock := h.Funding.ClockOf(&v.Request, &v.Call)
		l.Part, l.Mine = p.T("request.part_score", p.Date(v.stepDue(clock))), true
	}
	return l
}
