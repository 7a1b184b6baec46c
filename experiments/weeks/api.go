package weeks

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// apiPlan is the part of a plan that whoever may read the experiment may read.
// It carries no person: neither owners nor who is behind.
type apiPlan struct {
	Number    int             `json:"number" doc:"1 for the first plan of the experiment"`
	Start     time.Time       `json:"start" doc:"The Monday week 1 begins with"`
	Weeks     int             `json:"weeks" doc:"Weeks before the review, extensions included"`
	Week      int             `json:"week" doc:"0 before the first, weeks + 1 in the review"`
	Closed    time.Time       `json:"closed,omitzero" doc:"When the review was written"`
	Goals     []apiGoal       `json:"goals" nullable:"false"`
	Actions   []PlanAction    `json:"actions" nullable:"false"`
	Scores    []apiScore      `json:"scores" nullable:"false" doc:"Of the weeks that have begun"`
	Practices []apiConclusion `json:"practices" nullable:"false"`
	Missing   []int           `json:"results_missing" nullable:"false" doc:"Weeks whose interim results are asked for and not there"`
}

type apiGoal struct {
	Result    string      `json:"result"`
	Measure   string      `json:"measure"`
	Unit      string      `json:"unit,omitempty"`
	Direction string      `json:"direction" enum:"less,more"`
	Baseline  float64     `json:"baseline"`
	Target    float64     `json:"target"`
	Results   []apiResult `json:"results" nullable:"false"`
}

type apiResult struct {
	Week   int       `json:"week"`
	Before float64   `json:"before"`
	Now    float64   `json:"now"`
	Change *float64  `json:"change_percent,omitempty" doc:"Absent when before is 0: no percentage leads from nothing"`
	How    string    `json:"how"`
	Day    time.Time `json:"day"`
}

// PlanAction is an action of a plan. Its name is exported so that what embeds it
// is described whole.
type PlanAction struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
	Week   int    `json:"week"`
	State  string `json:"state" enum:"done,late,now,todo"`
	Moved  []int  `json:"moved_from" nullable:"false" doc:"Weeks it was moved from; it counts as due in each"`
	Help   bool   `json:"help_wanted"`
}

type apiScore struct {
	Week  int     `json:"week"`
	Done  int     `json:"done"`
	Due   int     `json:"due"`
	Share float64 `json:"percent" doc:"One decimal; 0 when nothing was due"`
	Level string  `json:"level" enum:"green,yellow,red,none"`
}

type apiConclusion struct {
	Text     string `json:"text"`
	Verdict  string `json:"verdict" enum:"works,does_not,unclear"`
	Why      string `json:"why,omitempty"`
	Evidence []int  `json:"evidence" nullable:"false" doc:"Numbers of public log entries"`
}

type planInput struct {
	ID string `path:"id" maxLength:"12"`
}

type planOutput struct {
	Body struct {
		Plans []apiPlan `json:"plans" nullable:"false" doc:"Oldest first"`
	}
}

type ownOutput struct {
	Body struct {
		Actions []apiOwn `json:"actions" nullable:"false"`
	}
}

type apiOwn struct {
	Experiment string `json:"experiment"`
	Plan       int    `json:"plan"`
	PlanAction
	Until time.Time `json:"until" doc:"Last day of the week"`
}

// RegisterAPI adds the operations on plans.
func RegisterAPI(api *web.API, s *Service) {
	web.Handle(api, huma.Operation{
		OperationID: "get-plan", Method: http.MethodGet, Path: "/api/v1/experiments/{id}/weeks", Tags: []string{"Experiments"},
		Summary: "Read the plans of an experiment", Description: "Goals, actions, weekly scores, interim results and conclusions of a public experiment. No person is named.",
	}, s.apiPlans)
	web.Handle(api, huma.Operation{
		OperationID: "list-own-actions", Method: http.MethodGet, Path: "/api/v1/my-actions", Tags: []string{"Experiments"},
		Summary: "One's own actions", Description: "The individual plan of who asks: their actions in the newest plan of each of their experiments.", Security: web.Signed,
	}, s.apiOwn)
}

func (s *Service) apiPlans(ctx context.Context, in *planInput) (*planOutput, error) {
	everybody := accounts.Actor{}
	first, err := s.See(ctx, everybody, in.ID, 0, web.LangIn(ctx))
	if err != nil {
		return nil, err
	}
	out := &planOutput{}
	out.Body.Plans = []apiPlan{}
	if first.Plan == nil {
		return out, nil
	}
	for n := 1; n <= first.Plan.N; n++ {
		v, err := s.See(ctx, everybody, in.ID, n, web.LangIn(ctx))
		if err != nil {
			return nil, err
		}
		out.Body.Plans = append(out.Body.Plans, apiPlanOf(&v))
	}
	return out, nil
}

func apiPlanOf(v *View) apiPlan {
	p := apiPlan{
		Number: v.Plan.N, Start: v.Cal.Monday(1), Weeks: v.Cal.Total(), Week: v.Week,
		Goals: []apiGoal{}, Actions: []PlanAction{}, Scores: []apiScore{}, Practices: []apiConclusion{}, Missing: []int{},
	}
	if v.Plan.Review != nil {
		p.Closed = v.Plan.Review.At
	} else {
		p.Missing = append(p.Missing, v.Plan.Missing(v.Week)...)
	}
	for i, g := range v.Plan.Goals {
		p.Goals = append(p.Goals, apiGoalOf(v.Plan, i, g))
	}
	for _, x := range v.Plan.Actions {
		p.Actions = append(p.Actions, apiActionOf(x, v.Week))
	}
	for _, one := range v.Plan.Scores(v.Cal, v.Week) {
		p.Scores = append(p.Scores, apiScore{one.Week, one.Done, one.Due, float64(int(1000*one.Share()+0.5)) / 10, string(one.Level())})
	}
	for _, one := range v.Plan.Practices {
		c := apiConclusion{Text: one.Text, Verdict: string(one.Verdict), Why: one.Why, Evidence: []int{}}
		for _, n := range one.Evidence {
			if _, ok := v.Proof[n]; ok {
				c.Evidence = append(c.Evidence, n)
			}
		}
		p.Practices = append(p.Practices, c)
	}
	return p
}

func apiGoalOf(plan *Plan, i int, g Goal) apiGoal {
	out := apiGoal{g.Result, g.Measure, g.Unit, string(g.Direction), g.Baseline, g.Target, []apiResult{}}
	for _, r := range plan.Results {
		if r.Goal != i+1 {
			continue
		}
		one := apiResult{Week: r.Week, Before: r.Before, Now: r.Now, How: r.How, Day: r.Day}
		if percent, ok := Change(r.Before, r.Now); ok {
			one.Change = &percent
		}
		out.Results = append(out.Results, one)
	}
	return out
}

func apiActionOf(x Action, week int) PlanAction {
	out := PlanAction{x.N, x.Text, x.Due, x.State(week), []int{}, x.Help}
	for _, m := range x.Moves {
		out.Moved = append(out.Moved, m.From)
	}
	return out
}

func (s *Service) apiOwn(ctx context.Context, _ *struct{}) (*ownOutput, error) {
	lines, err := s.Own(ctx, accounts.ActorIn(ctx))
	if err != nil {
		return nil, err
	}
	out := &ownOutput{}
	out.Body.Actions = []apiOwn{}
	for _, l := range lines {
		out.Body.Actions = append(out.Body.Actions, apiOwn{l.Experiment, l.Plan, apiActionOf(l.Action, l.Week), l.Until})
	}
	return out, nil
}
