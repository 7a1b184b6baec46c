package funding

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// apiCall is a call as programs read it.
type apiCall struct {
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Purpose   string      `json:"purpose,omitempty"`
	Lang      string      `json:"lang"`
	State     CallState   `json:"state" enum:"draft,open,paused,closed,settled"`
	Open      bool        `json:"open" doc:"Whether requests are taken now."`
	Funder    string      `json:"funder,omitempty" doc:"Key of the organisation."`
	Country   string      `json:"country" doc:"Whose working days count."`
	Currency  string      `json:"currency"`
	Total     int64       `json:"total_cents"`
	Committed int64       `json:"committed_cents"`
	Left      int64       `json:"left_cents"`
	Min       int64       `json:"min_cents,omitempty"`
	Max       int64       `json:"max_cents,omitempty"`
	Share     int         `json:"share_percent,omitempty" doc:"Seed money is at most this share of the cost."`
	Countries []string    `json:"countries" nullable:"false" doc:"Who may ask; empty: every country."`
	Opens     time.Time   `json:"opens,omitzero"`
	Closes    time.Time   `json:"closes,omitzero"`
	Criteria  []Criterion `json:"criteria" nullable:"false"`
	Reviews   int         `json:"reviews_required"`
	Targets   Targets     `json:"targets" doc:"Working days promised for each step."`
	Asked     int         `json:"requests"`
	Granted   int         `json:"granted"`
	Decisions int         `json:"decisions"`
	Median    float64     `json:"median_days" doc:"Working days to the decision."`
	P90       int         `json:"p90_days"`
}

func (s *Service) apiCall(c *Call) apiCall {
	f := c.Figures()
	countries := c.Countries
	if countries == nil {
		countries = []string{}
	}
	return apiCall{
		ID: c.ID, Title: c.Title, Purpose: c.Purpose, Lang: c.Lang, State: c.State, Open: c.IsOpen(s.Now()), Funder: c.Funder, Country: c.Country,
		Currency: c.Currency, Total: c.BudgetCents, Committed: c.CommittedCents, Left: c.LeftCents(), Min: c.MinCents, Max: c.MaxCents,
		Share: c.SharePercent, Countries: countries, Opens: c.Opens, Closes: c.Closes, Criteria: c.Criteria, Reviews: c.Reviews, Targets: c.Targets,
		Asked: c.Asked, Granted: c.Granted, Decisions: f.Decisions, Median: f.Median, P90: f.P90,
	}
}

type (
	idIn struct {
		ID string `path:"id" maxLength:"64"`
	}
	createdOut struct {
		Body struct {
			ID string `json:"id"`
		}
	}
	callsOut struct {
		Body struct {
			Calls []apiCall `json:"calls" nullable:"false"`
		}
	}
	callOut   struct{ Body apiCall }
	budgetOut struct {
		Body struct {
			Total     int64  `json:"total_cents"`
			Committed int64  `json:"committed_cents"`
			Left      int64  `json:"left_cents"`
			Currency  string `json:"currency"`
		}
	}
	callIn struct {
		Body struct {
			Title     string    `json:"title" minLength:"1" maxLength:"120"`
			Budget    int64     `json:"budget_cents" minimum:"1" maximum:"100000000000000" doc:"Whole cents."`
			Purpose   string    `json:"purpose,omitempty" maxLength:"600"`
			Lang      string    `json:"lang,omitempty" enum:"fi,sv,en,ru,kk" doc:"Default: the officer's."`
			Funder    string    `json:"funder,omitempty" maxLength:"40" doc:"Key of the organisation. Default: the officer's."`
			Currency  string    `json:"currency,omitempty" enum:"EUR,SEK,KZT,RUB" doc:"Default: that of the funder's country."`
			Min       int64     `json:"min_cents,omitempty" minimum:"0" maximum:"100000000000000" doc:"Least sum of a request. Default: none."`
			Max       int64     `json:"max_cents,omitempty" minimum:"0" maximum:"100000000000000" doc:"Largest sum of a request. Default: none."`
			Share     int       `json:"share_percent,omitempty" minimum:"0" maximum:"100" doc:"Seed money is at most this share of the cost. Default: not asked."`
			Countries []string  `json:"countries,omitempty" maxItems:"20" doc:"Who may ask. Default: every country."`
			Opens     time.Time `json:"opens,omitempty" required:"false"`
			Closes    time.Time `json:"closes,omitempty" required:"false"`
			Reviews   int       `json:"reviews_required,omitempty" minimum:"0" maximum:"2" doc:"How many reviews a decision needs. Default for calls made here: 0, an officer decides alone."`
			Private   bool      `json:"members_only,omitempty" doc:"The register is open to members of organisations only."`
		}
	}
	rowsIn struct {
		ID    string `path:"id" maxLength:"64"`
		After string `query:"after" maxLength:"64" doc:"The next of the answer before."`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	}
	apiRow struct {
		ID           string             `json:"id,omitempty" doc:"Missing when it was withdrawn before a decision."`
		Title        string             `json:"title,omitempty"`
		Lang         string             `json:"lang,omitempty"`
		Organisation string             `json:"organisation,omitempty"`
		State        State              `json:"state"`
		Asked        int64              `json:"amount_cents,omitempty"`
		Day          int                `json:"day" doc:"Working days on the clock."`
		Of           int                `json:"of"`
		Waits        Turn               `json:"waiting_for"`
		Granted      int64              `json:"granted_cents,omitempty"`
		Reasons      string             `json:"reasons,omitempty"`
		Averages     map[string]float64 `json:"averages,omitempty" doc:"Mean score of each criterion."`
	}
	rowsOut struct {
		Body struct {
			Requests []apiRow `json:"requests" nullable:"false"`
			Next     string   `json:"next,omitempty"`
		}
	}
)

func rowOut(r RegisterRow) apiRow {
	row := apiRow{
		ID: r.ID, Title: r.Title, Lang: r.Lang, Organisation: r.Organisation, State: r.State, Asked: r.AskedCents,
		Day: r.Clock.Day, Of: r.Clock.Of, Waits: r.Turn,
	}
	if d := r.Decision; d != nil {
		row.Granted, row.Reasons, row.Averages = d.Cents, d.Reasons, d.Averages
	}
	return row
}

// RegisterAPI adds calls, requests and decisions to the API.
func RegisterAPI(api *web.API, s *Service) {
	tags := []string{"Funding"}
	web.Handle(api, huma.Operation{OperationID: "list-calls", Method: http.MethodGet, Path: "/api/v1/calls", Tags: tags, Summary: "Calls for seed money"}, s.apiCalls)
	web.Handle(api, huma.Operation{OperationID: "get-call", Method: http.MethodGet, Path: "/api/v1/calls/{id}", Tags: tags, Summary: "One call"}, s.apiGetCall)
	web.Handle(api, huma.Operation{OperationID: "list-call-requests", Method: http.MethodGet, Path: "/api/v1/calls/{id}/requests", Tags: tags, Summary: "The public register of a call"}, s.apiRegister)
	web.Handle(api, huma.Operation{OperationID: "get-budget", Method: http.MethodGet, Path: "/api/v1/calls/{id}/budget", Tags: tags, Security: web.Signed, Summary: "A call's money, for its officers and administrators"}, s.apiBudget)
	web.Handle(api, huma.Operation{OperationID: "add-call", Method: http.MethodPost, Path: "/api/v1/calls", Tags: tags, Security: web.Signed, DefaultStatus: http.StatusCreated, Summary: "Open a call",
		Description: "The call is open at once. Without bounds any whole sum from one cent may be asked; without reviews_required an officer decides without reviews, always with a reason."}, s.apiAddCall)
	s.registerRequests(api, tags)
}

func (s *Service) apiCalls(ctx context.Context, _ *struct{}) (*callsOut, error) {
	list, err := s.Calls(ctx, accounts.ActorIn(ctx))
	out := &callsOut{}
	out.Body.Calls = []apiCall{}
	for i := range list {
		out.Body.Calls = append(out.Body.Calls, s.apiCall(&list[i]))
	}
	return out, err
}

func (s *Service) apiGetCall(ctx context.Context, in *idIn) (*callOut, error) {
	c, err := s.Call(ctx, accounts.ActorIn(ctx), in.ID)
	return &callOut{Body: s.apiCall(&c)}, err
}

func (s *Service) apiRegister(ctx context.Context, in *rowsIn) (*rowsOut, error) {
	reg, err := s.RegisterOf(ctx, accounts.ActorIn(ctx), in.ID, in.After, in.Limit)
	out := &rowsOut{}
	out.Body.Requests, out.Body.Next = []apiRow{}, reg.Next
	for _, r := range reg.Rows {
		out.Body.Requests = append(out.Body.Requests, rowOut(r))
	}
	return out, err
}

func (s *Service) apiBudget(ctx context.Context, in *idIn) (*budgetOut, error) {
	a := accounts.ActorIn(ctx)
	if !a.SignedIn() {
		return nil, accounts.ErrSignIn
	}
	b, err := s.BudgetOf(ctx, a, in.ID)
	out := &budgetOut{}
	out.Body.Total, out.Body.Committed, out.Body.Left, out.Body.Currency = b.TotalCents, b.CommittedCents, b.LeftCents, b.Currency
	return out, err
}

func (s *Service) apiAddCall(ctx context.Context, in *callIn) (*createdOut, error) {
	b := &in.Body
	id, err := s.AddCall(ctx, accounts.ActorIn(ctx), Call{
		Title: b.Title, BudgetCents: b.Budget, Purpose: b.Purpose, Lang: b.Lang, Funder: b.Funder, Currency: b.Currency, MinCents: b.Min,
		MaxCents: b.Max, SharePercent: b.Share, Countries: b.Countries, Opens: b.Opens, Closes: b.Closes, Reviews: b.Reviews, Public: !b.Private,
	}, true)
	out := &createdOut{}
	out.Body.ID = id
	return out, err
}
