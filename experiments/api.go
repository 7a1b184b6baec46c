package experiments

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// ExperimentRow is an experiment in a list of the API: what everybody may read.
type ExperimentRow struct {
	ID           string    `json:"id"`
	Lang         string    `json:"lang" doc:"Language of the texts"`
	Title        string    `json:"title"`
	Summary      string    `json:"summary"`
	Type         string    `json:"type" enum:"micro,complete,pilot,resident,management,replication"`
	Stage        string    `json:"stage" enum:"idea,planned,running,paused,ended,learned,spread,stopped,archived"`
	Organisation string    `json:"organisation" doc:"Key of the owning municipality, country and code" example:"FI:889"`
	Sector       string    `json:"sector,omitempty" doc:"COFOG code" example:"09"`
	Themes       []string  `json:"themes" nullable:"false"`
	Outcome      string    `json:"outcome,omitempty" enum:"confirmed,partly,not_confirmed,not_tested"`
	Start        time.Time `json:"start,omitzero"`
	End          time.Time `json:"end,omitzero"`
	Changed      time.Time `json:"changed"`
	Case         string    `json:"case,omitempty" doc:"Id of the case made of it"`
}

// experimentCard is one experiment: the public part of its card and of its log. Open
// data carries no person.
type experimentCard struct {
	ExperimentRow
	ExperimentAbout
	Problem     string                 `json:"problem"`
	Belief      string                 `json:"belief,omitempty"`
	Test        string                 `json:"test,omitempty"`
	StopRule    string                 `json:"stop_rule,omitempty"`
	After       string                 `json:"after,omitempty"`
	Measures    []experimentMeasure    `json:"measures" nullable:"false"`
	Locked      time.Time              `json:"locked,omitzero" doc:"When belief, test and measures were locked"`
	Surprise    string                 `json:"surprise,omitempty"`
	Works       string                 `json:"works,omitempty"`
	DoesNot     string                 `json:"does_not,omitempty"`
	Unclear     string                 `json:"unclear,omitempty"`
	Conditions  string                 `json:"conditions,omitempty"`
	Permissions []experimentPermission `json:"permissions" nullable:"false" doc:"Rules that were waived for it"`
	Extensions  []experimentExtension  `json:"extensions" nullable:"false" doc:"How its last day was moved"`
	Complete    float64                `json:"completeness" doc:"Share of the card that is filled in, 0 to 1"`
	Log         []logEntry             `json:"log" nullable:"false" doc:"The newest 50 public entries, newest first"`
}

type experimentMeasure struct {
	Name      string   `json:"name"`
	Unit      string   `json:"unit,omitempty"`
	Direction string   `json:"direction" enum:"less,more"`
	Baseline  *float64 `json:"baseline,omitempty"`
	Limit     *float64 `json:"limit,omitempty"`
	How       string   `json:"how,omitempty"`
	Final     *float64 `json:"final,omitempty"`
	Verdict   string   `json:"verdict" enum:"met,not_met,unknown"`
}

type experimentListInput struct {
	Stage   string `query:"stage" enum:"idea,planned,running,paused,ended,learned,spread,stopped,archived,soon" doc:"Only this stage; soon: planned, with a day to start that is still ahead"`
	Type    string `query:"type" enum:"micro,complete,pilot,resident,management,replication" doc:"Only this type"`
	Theme   string `query:"theme" maxLength:"40" doc:"Only this theme or COFOG division" example:"09"`
	Size    string `query:"size" enum:"under_5k,5k_20k,20k_50k,50k_100k,over_100k,unknown" doc:"Only municipalities of this size class"`
	Needs   string `query:"needs" enum:"any,doer" doc:"Only those that look for somebody or something, or for somebody who does it"`
	Sort    string `query:"sort" enum:"moved,starting,ending" doc:"Another order than the newest first: latest change of stage, what starts next, what ends next"`
	Sector  string `query:"sector" maxLength:"5" doc:"Only this COFOG division or group" example:"09"`
	Country string `query:"country" maxLength:"2" doc:"Only this country" example:"FI"`
	Owner   string `query:"organisation" maxLength:"40" doc:"Only this organisation" example:"FI:889"`
	Cursor  string `query:"cursor" maxLength:"12" doc:"What next_cursor of the page before said"`
	Limit   int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type experimentListOutput struct {
	Body struct {
		Experiments []ExperimentRow `json:"experiments" nullable:"false"`
		Count       int             `json:"count" doc:"How many there are from this page on"`
		Next        string          `json:"next_cursor,omitempty" doc:"Cursor of the next page"`
	}
}

type experimentInput struct {
	ID string `path:"id" maxLength:"12"`
}

type experimentOutput struct{ Body experimentCard }

// RegisterAPI adds the operations on experiments.
func RegisterAPI(api *web.API, s *Service) {
	web.Handle(api, huma.Operation{
		OperationID: "list-experiments", Method: http.MethodGet, Path: "/api/v1/experiments", Tags: []string{"Experiments"},
		Summary: "List experiments", Description: "Experiments that everybody may read, newest first.",
	}, s.apiList)
	web.Handle(api, huma.Operation{
		OperationID: "get-experiment", Method: http.MethodGet, Path: "/api/v1/experiments/{id}", Tags: []string{"Experiments"},
		Summary: "Read an experiment", Description: "The public part of the card and of the log. What is not public is not found.",
	}, s.apiCard)
	registerStages(api, s)
	registerLogAPI(api, s)
}

// everybody is the reader of open data, whoever asks.
var everybody = accounts.Actor{}

func (s *Service) apiList(ctx context.Context, in *experimentListInput) (*experimentListOutput, error) {
	f, err := s.Find(ctx, everybody, Query{
		Stage: Stage(in.Stage), Type: Type(in.Type), Sector: in.Sector, Theme: in.Theme, Country: in.Country, Size: accounts.SizeClass(in.Size), Needs: in.Needs,
		Organisation: in.Owner, After: in.Cursor, Order: Order(in.Sort),
	})
	if err != nil {
		return nil, err
	}
	out := &experimentListOutput{}
	out.Body.Experiments, out.Body.Count = []ExperimentRow{}, len(f.Rows)
	part := f.Rows[:min(len(f.Rows), in.Limit)]
	for i := range part {
		out.Body.Experiments = append(out.Body.Experiments, apiRowOf(part[i].Row))
	}
	if len(part) < len(f.Rows) {
		out.Body.Next = part[len(part)-1].ID
	}
	return out, nil
}

func apiRowOf(r Row) ExperimentRow {
	return ExperimentRow{
		ID: r.ID, Lang: r.Lang, Title: r.Title, Summary: r.Summary, Type: string(r.Type), Stage: string(r.Stage),
		Organisation: r.Organisation(), Sector: r.Sector, Themes: append([]string{}, r.Themes...), Outcome: string(r.Outcome),
		Start: r.Calendar.Start, End: r.Calendar.End, Changed: r.Changed, Case: r.CaseID,
	}
}

func (s *Service) apiCard(ctx context.Context, in *experimentInput) (*experimentOutput, error) {
	sheet, err := s.Sheet(ctx, everybody, in.ID, web.LangIn(ctx), LogQuery{Limit: 50})
	if err != nil {
		return nil, err
	}
	e := &sheet.Card
	card := experimentCard{
		ExperimentRow: apiRowOf(rowOf(e)), ExperimentAbout: s.apiAboutOf(sheet), Problem: e.Problem, Belief: e.Belief, Test: e.Test, StopRule: e.StopRule, After: e.After,
		Surprise: e.Learning.Surprise, Works: e.Learning.Works, DoesNot: e.Learning.DoesNot, Unclear: e.Learning.Unclear, Conditions: e.Learning.Conditions,
		Complete: e.Completeness(), Measures: []experimentMeasure{}, Log: []logEntry{},
	}
	card.apiChanges(e)
	if e.Lock != nil {
		card.Locked = e.Lock.At
	}
	for i := range e.Measures {
		m := e.asLocked(i)
		card.Measures = append(card.Measures, experimentMeasure{
			Name: m.Name, Unit: m.Unit, Direction: string(m.Direction), Baseline: m.Baseline, Limit: m.Limit, How: m.How, Final: m.Final, Verdict: string(m.Verdict()),
		})
	}
	for _, n := range sheet.Log.Entries {
		card.Log = append(card.Log, apiEntryOf(n))
	}
	return &experimentOutput{Body: card}, nil
}
