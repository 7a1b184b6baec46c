package cases

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// api is the bank's part of the JSON interface.
type api struct {
	*Service
	web *web.API
}

// RegisterAPI adds the operations on cases and the TOP-10.
func RegisterAPI(frame *web.API, s *Service) {
	a := api{s, frame}
	tags := []string{"Cases"}
	web.Handle(frame, huma.Operation{
		OperationID: "list-cases", Method: http.MethodGet, Path: "/api/v1/cases", Tags: tags, Summary: "List cases, newest first",
	}, a.list)
	web.Handle(frame, huma.Operation{
		OperationID: "get-case", Method: http.MethodGet, Path: "/api/v1/cases/{id}", Tags: tags, Summary: "Read a case",
		Errors: []int{http.StatusGone},
	}, a.get)
	web.Handle(frame, huma.Operation{
		OperationID: "add-case", Method: http.MethodPost, Path: "/api/v1/cases", Tags: tags, Summary: "Publish a case of the caller's organisation",
		DefaultStatus: http.StatusCreated, Security: web.Signed,
	}, a.add)
	web.Handle(frame, huma.Operation{
		OperationID: "import-case", Method: http.MethodPost, Path: "/api/v1/cases/import", Tags: tags, Summary: "Import a Markdown file",
		Description: "Known texts are brought up to date, others become cases. The verdict says what happened; a rejected file names line and reason.",
		Security:    web.Signed,
	}, a.importOne)
	web.Handle(frame, huma.Operation{
		OperationID: "top-ten", Method: http.MethodGet, Path: "/api/v1/topten", Tags: []string{"TOP-10"}, Summary: "The TOP-10 with receipts",
		Description: "score = 35 A + 25 E + 20 H + 20 D. A = a / (a + 3), E = e / (e + 5), H = lower bound of the 95 % Wilson interval of the votes, D = share of the card that is filled in. Each adoption weighs 0.5^(months/18), each endorsement 0.5^(months/12); same region and mutual endorsements count half.",
	}, a.topTen)
}

// CaseHead is a case in a list of the API: what everybody may read of it.
type CaseHead struct {
	ID            string    `json:"id"`
	Group         string    `json:"group" doc:"The same for all languages of one account."`
	ImportID      string    `json:"import_id,omitempty" doc:"The id the text had where it was imported from."`
	Lang          string    `json:"lang"`
	Title         string    `json:"title"`
	Summary       string    `json:"summary" doc:"The summary, or how the text begins."`
	Organisations []string  `json:"organisations" nullable:"false" doc:"Keys of the owners, country:code, the first owner first."`
	Sector        string    `json:"sector,omitempty" doc:"COFOG code."`
	Themes        []string  `json:"themes" nullable:"false"`
	Outcome       Outcome   `json:"outcome,omitempty" enum:"confirmed,partly,not_confirmed,not_tested"`
	Experiment    string    `json:"experiment,omitempty" doc:"The experiment it tells about; an imported text has none."`
	URL           string    `json:"url"`
	Published     time.Time `json:"published"`
	Updated       time.Time `json:"updated"`
}

func (a api) head(r Row) CaseHead {
	return CaseHead{
		ID: r.ID, Group: r.Group, ImportID: r.ImportID, Lang: r.Lang, Title: r.Title, Summary: r.Lead, Organisations: notNil(r.Owners()),
		Sector: r.Sector, Themes: notNil(r.Themes), Outcome: r.Outcome, Experiment: r.Origin.Experiment,
		URL: a.web.Absolute(web.Path(r.Lang, r.Path())), Published: r.Date, Updated: r.Updated,
	}
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

type listInput struct {
	Lang         string `query:"lang" enum:"fi,sv,en,ru,kk" doc:"Language of the text."`
	Theme        string `query:"theme" maxLength:"60" doc:"Key of a theme, or a COFOG division."`
	Outcome      string `query:"outcome" enum:"confirmed,partly,not_confirmed,not_tested"`
	Country      string `query:"country" maxLength:"2" doc:"ISO code."`
	Organisation string `query:"organisation" maxLength:"60" doc:"Key of an owner, such as FI:837."`
	Limit        int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor       string `query:"cursor" maxLength:"400" doc:"The next_cursor of the answer before."`
}

type listOutput struct {
	Body struct {
		Cases []CaseHead `json:"cases" nullable:"false"`
		Next  string     `json:"next_cursor,omitempty"`
	}
}

func (a api) list(ctx context.Context, in *listInput) (*listOutput, error) {
	list, err := a.List(ctx, accounts.ActorIn(ctx), Filter{
		Lang: in.Lang, Theme: in.Theme, Outcome: Outcome(in.Outcome), Country: in.Country, Organisation: in.Organisation, Limit: in.Limit, Cursor: in.Cursor,
	})
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Cases, out.Body.Next = []CaseHead{}, list.Next
	for _, r := range list.Rows {
		out.Body.Cases = append(out.Body.Cases, a.head(r))
	}
	return out, nil
}

type idInput struct {
	ID string `path:"id" maxLength:"40"`
}

type wholeCase struct {
	CaseHead
	Body         string         `json:"body" doc:"Markdown."`
	Start        string         `json:"start,omitempty" format:"date"`
	End          string         `json:"end,omitempty" format:"date"`
	CostCents    *int64         `json:"cost_cents,omitempty"`
	Currency     string         `json:"currency,omitempty"`
	Hours        float64        `json:"hours,omitempty"`
	Measures     []Measure      `json:"measures" nullable:"false"`
	Licence      string         `json:"licence,omitempty"`
	Source       string         `json:"source,omitempty"`
	Revision     int            `json:"revision"`
	State        State          `json:"state" enum:"draft,published"`
	Adoptions    []apiAdoption  `json:"adoptions" nullable:"false"`
	Endorsements []apiSupporter `json:"endorsements" nullable:"false"`
	Started      []string       `json:"started" nullable:"false" doc:"Ids of public experiments that were started from the case, in any of its languages."`
	UsefulYes    int            `json:"useful_yes"`
	UsefulNo     int            `json:"useful_no"`
}

type apiAdoption struct {
	Organisation string    `json:"organisation"`
	Result       Outcome   `json:"result,omitempty"`
	Note         string    `json:"note"`
	At           time.Time `json:"at"`
}

type apiSupporter struct {
	Organisation string    `json:"organisation"`
	Reason       string    `json:"reason"`
	At           time.Time `json:"at"`
}

type getOutput struct{ Body wholeCase }

func (a api) get(ctx context.Context, in *idInput) (*getOutput, error) {
	shown, err := a.Show(ctx, accounts.ActorIn(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	c := shown.Case
	out := &getOutput{Body: wholeCase{
		CaseHead: a.head(rowOf(c)), Body: c.Body, Currency: c.Currency, Hours: c.Hours, Measures: notNil(c.Measures),
		Licence: c.Licence, Source: c.Source, Revision: c.Revision, State: c.State,
		Adoptions: []apiAdoption{}, Endorsements: []apiSupporter{}, Started: []string{}, UsefulYes: shown.Yes, UsefulNo: shown.No,
	}}
	if out.Body.Summary == "" {
		out.Body.Summary = content.Excerpt(c.Body, leadLength)
	}
	if c.Currency != "" {
		out.Body.CostCents = &c.CostCents
	}
	for day, into := range map[*time.Time]*string{&c.Start: &out.Body.Start, &c.End: &out.Body.End} {
		if !day.IsZero() {
			*into = day.Format(time.DateOnly)
		}
	}
	for _, d := range shown.Adoptions {
		out.Body.Adoptions = append(out.Body.Adoptions, apiAdoption{d.Organisation, d.Result, d.Note, d.At})
	}
	for _, e := range shown.Endorsements {
		out.Body.Endorsements = append(out.Body.Endorsements, apiSupporter{e.Organisation, e.Reason, e.At})
	}
	started, err := a.startedFrom(ctx, accounts.Actor{}, shown, web.LangIn(ctx))
	for _, e := range started {
		out.Body.Started = append(out.Body.Started, e.ID)
	}
	return out, err
}
