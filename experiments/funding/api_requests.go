package funding

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

type (
	requestIn struct {
		Body struct {
			Call       string `json:"call" minLength:"1" maxLength:"64"`
			Amount     int64  `json:"amount_cents" minimum:"1" maximum:"100000000000000" doc:"Whole cents of the call's currency."`
			Experiment string `json:"experiment,omitempty" maxLength:"64" doc:"The planned experiment whose card the request is made of. Without one the request belongs to your own organisation, and its card follows by POST …/experiment; until then it cannot be paid in full."`
			Title      string `json:"title,omitempty" maxLength:"120" doc:"Only without an experiment. Default: the title of the call."`
			Account    string `json:"account,omitempty" maxLength:"60" doc:"Needed with an experiment, and before the agreement."`
			Other      string `json:"other_grants,omitempty" maxLength:"500" doc:"Grants had or asked for the same purpose."`
			Company    string `json:"company,omitempty" maxLength:"120" doc:"A company that receives money or a free benefit."`
			DeMinimis  int64  `json:"de_minimis_cents,omitempty" minimum:"0" maximum:"100000000000000" doc:"Aid this company has had in three years."`
			Conflicts  string `json:"conflicts,omitempty" maxLength:"300" doc:"Who should not judge, and why."`
		}
	}
	attachIn struct {
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Experiment string `json:"experiment" minLength:"1" maxLength:"64"`
		}
	}
	decisionIn struct {
		ID   string `path:"id" maxLength:"64"`
		Body struct {
			Outcome   Outcome `json:"outcome" enum:"granted,granted_with_condition,declined"`
			Amount    int64   `json:"amount_cents,omitempty" minimum:"0" maximum:"100000000000000" doc:"Whole cents, at most what was asked. Not needed to decline."`
			Reason    string  `json:"reason" minLength:"1" maxLength:"600" doc:"Public from the decision."`
			Condition string  `json:"condition,omitempty" maxLength:"300"`
		}
	}
	stateOut struct {
		Body struct {
			ID    string `json:"id"`
			State State  `json:"state"`
			// SecondNeeded: the ruling counts once a second officer rules the same.
			SecondNeeded bool `json:"second_officer_needed,omitempty" doc:"The ruling counts once another officer rules the same."`
		}
	}
	requestOut struct{ Body apiRow }
)

func (s *Service) registerRequests(api *web.API, tags []string) {
	op := func(id, method, path, summary string) huma.Operation {
		o := huma.Operation{OperationID: id, Method: method, Path: "/api/v1/requests" + path, Tags: tags, Summary: summary}
		if method == http.MethodPost {
			o.Security, o.DefaultStatus = web.Signed, http.StatusOK
		}
		return o
	}
	add := op("add-request", http.MethodPost, "", "Draft a request for money")
	add.DefaultStatus = http.StatusCreated
	web.Handle(api, add, s.apiAddRequest)
	web.Handle(api, op("get-request", http.MethodGet, "/{id}", "What the public register shows of a request; more to those who may read it"), s.apiGetRequest)
	web.Handle(api, op("submit-request", http.MethodPost, "/{id}/submit", "Send a request: its clock starts"), s.apiSubmit)
	web.Handle(api, op("attach-card", http.MethodPost, "/{id}/experiment", "Give a request that came without a card its experiment"), s.apiAttach)
	web.Handle(api, op("withdraw-request", http.MethodPost, "/{id}/withdraw", "Take a request back"), s.apiWithdraw)
	web.Handle(api, op("decide-request", http.MethodPost, "/{id}/decision", "Decide on a request, with a reason"), s.apiDecide)
}

func (s *Service) apiAddRequest(ctx context.Context, in *requestIn) (*createdOut, error) {
	b := &in.Body
	q := Asking{
		Call: b.Call, Experiment: b.Experiment, Title: b.Title, AmountCents: b.Amount, Account: b.Account,
		Declarations: Declarations{OtherGrants: b.Other, CompanyBenefit: "no", Company: b.Company, DeMinimisCents: b.DeMinimis, Conflicts: b.Conflicts},
	}
	if b.Company != "" {
		q.Declarations.CompanyBenefit = "yes"
	}
	id, err := s.Draft(ctx, accounts.ActorIn(ctx), q)
	out := &createdOut{}
	out.Body.ID = id
	return out, err
}

func (s *Service) apiGetRequest(ctx context.Context, in *idIn) (*requestOut, error) {
	v, err := s.Get(ctx, accounts.ActorIn(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &requestOut{Body: rowOut(s.rowOf(&v.Request, &v.Call))}, nil
}

// stateAfter is the answer to a change that fn makes.
func (s *Service) stateAfter(ctx context.Context, id string, fn func(a accounts.Actor) error) (*stateOut, error) {
	a := accounts.ActorIn(ctx)
	if err := fn(a); err != nil {
		return nil, err
	}
	v, err := s.Get(ctx, a, id)
	out := &stateOut{}
	out.Body.ID, out.Body.State = id, v.Request.State
	return out, err
}

func (s *Service) apiSubmit(ctx context.Context, in *idIn) (*stateOut, error) {
	return s.stateAfter(ctx, in.ID, func(a accounts.Actor) error { return s.Submit(ctx, a, in.ID) })
}

func (s *Service) apiAttach(ctx context.Context, in *attachIn) (*stateOut, error) {
	return s.stateAfter(ctx, in.ID, func(a accounts.Actor) error { return s.Attach(ctx, a, in.ID, in.Body.Experiment) })
}

func (s *Service) apiWithdraw(ctx context.Context, in *idIn) (*stateOut, error) {
	return s.stateAfter(ctx, in.ID, func(a accounts.Actor) error { return s.Withdraw(ctx, a, in.ID) })
}

func (s *Service) apiDecide(ctx context.Context, in *decisionIn) (*stateOut, error) {
	d, err := s.Decide(ctx, accounts.ActorIn(ctx), in.ID, Ruling{Outcome: in.Body.Outcome, Cents: in.Body.Amount, Reasons: in.Body.Reason, Condition: in.Body.Condition})
	out := &stateOut{}
	out.Body.ID, out.Body.State, out.Body.SecondNeeded = in.ID, d.State, d.SecondNeeded
	return out, err
}
