package wanted

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/web"
)

// apiWant is a wanted case as the interface gives it.
type apiWant struct {
	ID      string     `json:"id"`
	Words   string     `json:"words" doc:"What was searched for and not found."`
	Lang    string     `json:"lang" doc:"Language of the page they were asked on first."`
	Also    []string   `json:"also" nullable:"false" doc:"Other words for the same."`
	Times   int        `json:"times" doc:"How often, at most once a minute, in the last twelve months in which anybody asked."`
	Months  []apiMonth `json:"months" nullable:"false"`
	Trials  []apiTrial `json:"trials" nullable:"false" doc:"Public experiments that say they answer it."`
	CaseURL string     `json:"case_url,omitempty" doc:"A case that is found for it now."`
}

type apiMonth struct {
	Month string `json:"month" example:"2026-11"`
	Times int    `json:"times"`
}

type apiTrial struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

type wantedOut struct {
	Body struct {
		Wanted []apiWant `json:"wanted" nullable:"false"`
	}
}

// RegisterAPI adds GET /api/v1/wanted.
func RegisterAPI(api *web.API, s *Service) {
	web.Handle(api, huma.Operation{
		OperationID: "list-wanted", Method: http.MethodGet, Path: "/api/v1/wanted", Tags: []string{"Search"},
		Summary: "Wanted cases: what was searched for and not found, after moderation",
	}, func(ctx context.Context, _ *struct{}) (*wantedOut, error) {
		list, err := s.List(ctx)
		if err != nil {
			return nil, err
		}
		out := &wantedOut{}
		out.Body.Wanted = []apiWant{}
		for _, l := range list {
			out.Body.Wanted = append(out.Body.Wanted, answer(api, l))
		}
		return out, nil
	})
}

func answer(api *web.API, l Line) apiWant {
	w := apiWant{ID: l.ID, Words: l.Words, Lang: l.Lang, Also: append([]string{}, l.Also...), Times: l.Times(), Months: []apiMonth{}, Trials: []apiTrial{}}
	for _, m := range monthsOf(l.Months) {
		w.Months = append(w.Months, apiMonth{m, l.Months[m]})
	}
	for _, t := range l.Trials {
		w.Trials = append(w.Trials, apiTrial{t.Title, api.Absolute(web.Path(t.Lang, t.Path))})
	}
	if l.Case.ID != "" {
		w.CaseURL = api.Absolute(web.Path(l.Case.Lang, l.Case.Path))
	}
	return w
}
