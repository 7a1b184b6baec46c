package main

import (
	"context"
	"fmt"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/funding"
	"github.com/kokeilu/kokeilu/internal/accounts"
)

// sampleAccount is the bank account of the standard's own examples.
const sampleAccount = "FI21 1234 5600 0007 85"

type sampleCall struct {
	ID, Lang, Title, Purpose, Funder, Country, Currency, Who string
	Budget                                                   int64 `yaml:"budget_cents"`
	Min                                                      int64 `yaml:"min_cents"`
	Max                                                      int64 `yaml:"max_cents"`
	Share                                                    int   `yaml:"seed_share_percent"`
	OwnFree                                                  int64 `yaml:"own_money_free_under_cents"`
	Opens, Closes                                            int
	Officers, Reviewers                                      []string
	Requests                                                 []sampleRequest
}

type sampleRequest struct {
	ID, Experiment, By, State string
	Amount                    int64 `yaml:"amount_cents"`
	Declarations              struct {
		OtherGrants    string `yaml:"other_grants"`
		CompanyBenefit bool   `yaml:"company_benefit"`
		Conflicts      string
	}
	Submitted  int
	Supplement *struct {
		Asked, Answered     int
		By, Missing, Answer string
	}
	Reviews []struct {
		By, Comment string
		Day         int
		Scores      map[string]int
	}
	Decision *struct {
		Day     int
		By      []string
		Granted int64 `yaml:"granted_cents"`
		Reasons string
	}
	Agreement *int
	Payments  []struct {
		Day  int
		Kind string
	}
}

func (l *sampler) loadCalls(ctx context.Context) error {
	for _, c := range l.data.Calls {
		if err := l.loadCall(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.ID, err)
		}
	}
	return nil
}

func (l *sampler) loadCall(ctx context.Context, c sampleCall) error {
	officer, err := l.as(c.Officers[0])
	if err != nil {
		return err
	}
	call := funding.Usual(c.Currency)
	call.Lang, call.Title, call.Purpose, call.Funder, call.Country, call.Who = c.Lang, c.Title, c.Purpose, c.Funder, c.Country, c.Who
	call.BudgetCents, call.MinCents, call.MaxCents, call.SharePercent, call.OwnFreeCents = c.Budget, c.Min, c.Max, c.Share, c.OwnFree
	call.Public, call.Countries = true, []string{c.Country}
	call.Opens, call.Closes = l.day(c.Opens), l.day(c.Closes)
	if call.Officers, err = l.ids(c.Officers); err != nil {
		return err
	}
	if call.Reviewers, err = l.ids(c.Reviewers); err != nil {
		return err
	}
	return l.at(c.Opens, func() error {
		l.moment.name(c.ID)
		_, err := l.Funding.AddCall(ctx, officer, call, true)
		return err
	})
}

func (l *sampler) ids(keys []string) (ids []string, err error) {
	for _, key := range keys {
		a, err := l.as(key)
		if err != nil {
			return nil, err
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}

// ask lets the team of a planned experiment ask for money, and takes the
// request as far as the sample says.
func (x *trial) ask(ctx context.Context) error {
	for _, c := range x.data.Calls {
		for _, r := range c.Requests {
			if r.Experiment != x.ID {
				continue
			}
			if err := (&asking{trial: x, sampleRequest: r, call: c}).load(ctx); err != nil {
				return fmt.Errorf("request %s: %w", r.ID, err)
			}
		}
	}
	return nil
}

// asking is one request of the sample on its way.
type asking struct {
	*trial
	sampleRequest
	call sampleCall
}

func (q *asking) load(ctx context.Context) error {
	if err := q.by(q.By, q.Submitted, func(a accounts.Actor) error { return q.submit(ctx, a) }); err != nil {
		return err
	}
	if s := q.Supplement; s != nil {
		if err := q.by(s.By, s.Asked, func(a accounts.Actor) error { return q.Funding.AskMore(ctx, a, q.sampleRequest.ID, s.Missing) }); err != nil {
			return err
		}
		if s.Answer == "" {
			return nil
		}
		if err := q.by(q.By, s.Answered, func(a accounts.Actor) error { return q.Funding.Answer(ctx, a, q.sampleRequest.ID, s.Answer) }); err != nil {
			return err
		}
	}
	if q.State == "submitted" {
		return nil
	}
	if err := q.review(ctx); err != nil {
		return err
	}
	return q.decide(ctx)
}

func (q *asking) submit(ctx context.Context, a accounts.Actor) error {
	d := funding.Declarations{CompanyBenefit: experiments.No}
	if q.Declarations.CompanyBenefit {
		d.CompanyBenefit, d.Company = experiments.Yes, "–"
	}
	if q.Declarations.OtherGrants != "none" {
		d.OtherGrants = q.Declarations.OtherGrants
	}
	q.moment.name(q.sampleRequest.ID)
	id, err := q.Funding.Draft(ctx, a, funding.Asking{Call: q.call.ID, Experiment: q.Experiment, AmountCents: q.Amount, Account: sampleAccount, Declarations: d})
	if err != nil {
		return err
	}
	if id != q.sampleRequest.ID {
		return fmt.Errorf("it got the id %s", id)
	}
	return q.Funding.Submit(ctx, a, id)
}

func (q *asking) review(ctx context.Context) error {
	day := q.Submitted + 1
	if q.Supplement != nil {
		day = q.Supplement.Answered + 1
	}
	reviewers := q.call.Reviewers[:2]
	if len(q.Reviews) > 1 {
		reviewers = nil
		for _, r := range q.Reviews {
			reviewers = append(reviewers, r.By)
		}
	}
	ids, err := q.ids(reviewers)
	if err != nil {
		return err
	}
	if err := q.by(q.call.Officers[0], min(day, -1), func(a accounts.Actor) error { return q.Funding.Assign(ctx, a, q.sampleRequest.ID, ids) }); err != nil {
		return err
	}
	for _, r := range q.Reviews {
		review := funding.Review{Scores: r.Scores, Comment: r.Comment, Statement: true}
		if err := q.by(r.By, r.Day, func(a accounts.Actor) error { return q.Funding.Score(ctx, a, q.sampleRequest.ID, review) }); err != nil {
			return fmt.Errorf("score of %s: %w", r.By, err)
		}
	}
	return nil
}

func (q *asking) decide(ctx context.Context) error {
	d := q.sampleRequest.Decision
	if d == nil {
		return nil
	}
	ruling := funding.Ruling{Outcome: funding.Decline, Reasons: d.Reasons}
	if d.Granted > 0 {
		ruling.Outcome, ruling.Cents = funding.Grant, d.Granted
	}
	for _, officer := range d.By {
		if err := q.by(officer, d.Day, func(a accounts.Actor) error {
			_, err := q.Funding.Decide(ctx, a, q.sampleRequest.ID, ruling)
			return err
		}); err != nil {
			return fmt.Errorf("decision: %w", err)
		}
	}
	if q.Agreement == nil {
		return nil
	}
	if err := q.by(q.By, *q.Agreement, func(a accounts.Actor) error {
		return q.Funding.Sign(ctx, a, q.sampleRequest.ID, sampleAccount)
	}); err != nil {
		return fmt.Errorf("agreement: %w", err)
	}
	for _, p := range q.Payments {
		if p.Kind != "advance" {
			continue
		}
		if err := q.by(q.call.Officers[0], p.Day, func(a accounts.Actor) error { return q.Funding.PayAdvance(ctx, a, q.sampleRequest.ID) }); err != nil {
			return fmt.Errorf("advance: %w", err)
		}
	}
	return nil
}
