package search

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// ErrCursor is returned for a cursor that this API did not give.
var ErrCursor = fault.New(fault.Invalid, "search.bad_cursor").On("cursor")

type searchInput struct {
	Q       string `query:"q" maxLength:"1000" doc:"What to look for. Words, \"phrases\", -words to leave out, this OR that, beginnings*, and fields: lang:sv theme:care outcome:failed place:Kemi size<5000 year:2020-2023 cost<5000 -country:FI." example:"kirjasto"`
	Lang    string `query:"lang" enum:"fi,sv,en,ru,kk" doc:"Only texts in this language."`
	Kind    string `query:"kind" enum:"case,experiment,page" doc:"Only things of this kind."`
	Sort    string `query:"sort" enum:"best,newest,copied" default:"best" doc:"What comes first: the best match, the newest, or what most other municipalities took over."`
	Explain bool   `query:"explain" doc:"Say of each hit why it stands where it does."`
	Facets  bool   `query:"facets" doc:"Count the hits by kind, language, outcome, theme, country, size and year."`
	Limit   int    `query:"limit" minimum:"1" maximum:"50" default:"10" doc:"How many hits at most."`
	Cursor  string `query:"cursor" maxLength:"20" doc:"The next_cursor of the answer before."`
}

type searchHit struct {
	ID       string  `json:"id"`
	ImportID string  `json:"import_id" doc:"The id the text had where it was imported from, or empty."`
	Kind     string  `json:"kind" enum:"case,experiment,page"`
	Lang     string  `json:"lang" doc:"Language of the text."`
	Title    string  `json:"title"`
	URL      string  `json:"url"`
	Score    float64 `json:"score,omitempty" doc:"Higher is better; comparable within one answer only. Absent where the best do not come first, unless explain is asked for."`
	Snippet  string  `json:"snippet"`
	Why      *apiWhy `json:"explanation,omitempty" doc:"With explain=true."`
}

type searchOutput struct {
	Body struct {
		Total      int         `json:"total"`
		Hits       []searchHit `json:"hits" nullable:"false"`
		NextCursor string      `json:"next_cursor,omitempty"`
		Facets     []apiFacet  `json:"facets,omitempty" doc:"With facets=true."`
		DidYouMean *apiMeant   `json:"did_you_mean,omitempty" doc:"Another query that was probably meant; absent when there is none."`
	}
}

// RegisterAPI adds GET /api/v1/search and /api/v1/suggestions.
func RegisterAPI(api *web.API, x *Index, publicURL string) {
	web.Handle(api, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/api/v1/search", Tags: []string{"Search"},
		Summary: "Search cases, experiments and pages in five languages",
	}, func(ctx context.Context, in *searchInput) (*searchOutput, error) {
		req, err := in.request(ctx)
		if err != nil {
			return nil, err
		}
		results, err := x.Search(ctx, req)
		if err != nil {
			return nil, err
		}
		out := answer(results, req, publicURL)
		out.Body.DidYouMean, err = meantFor(ctx, x, req, results.Total)
		return out, err
	})
	RegisterSuggestions(api, x, publicURL)
}

func (in *searchInput) request(ctx context.Context) (Request, error) {
	req := Request{Text: in.Q, Lang: web.LangIn(ctx), Size: in.Limit, Filters: map[string][]string{},
		Members: len(accounts.ActorIn(ctx).Organisations()) > 0}
	req.Order, req.Explain, req.Count = Order(in.Sort), in.Explain, in.Facets
	if in.Lang != "" {
		req.Filters["lang"], req.Lang = []string{in.Lang}, in.Lang
	}
	if in.Kind != "" {
		req.Filters["kind"] = []string{in.Kind}
	}
	if in.Cursor != "" {
		from, err := strconv.Atoi(in.Cursor)
		if err != nil || from < 0 || from > MaxFrom {
			return req, ErrCursor
		}
		req.From = from
	}
	return req, nil
}

func answer(results Results, req Request, publicURL string) *searchOutput {
	out := &searchOutput{}
	out.Body.Total, out.Body.Hits = results.Total, []searchHit{}
	for _, h := range results.Hits {
		out.Body.Hits = append(out.Body.Hits, searchHit{
			ID: h.ID, ImportID: h.ImportID, Kind: h.Kind, Lang: h.Lang, Title: h.Document.Title,
			URL: publicURL + web.Path(h.Lang, h.Path), Score: h.Score, Snippet: plain(h.Snippet), Why: apiReasons(h.Why),
		})
	}
	for _, name := range Facets {
		for _, b := range results.Facets[name] {
			out.Body.Facets = append(out.Body.Facets, apiFacet{name, b.Value, b.Count})
		}
	}
	if next := req.From + req.Size; next < min(results.Total, MaxFrom) {
		out.Body.NextCursor = strconv.Itoa(next)
	}
	return out
}

func plain(list []Piece) string {
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Text)
	}
	return b.String()
}
