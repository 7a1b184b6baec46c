package search

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

type suggestInput struct {
	Q     string `query:"q" maxLength:"1000" doc:"What was typed so far; fewer than two characters suggest nothing." example:"kirj"`
	Lang  string `query:"lang" enum:"fi,sv,en,ru,kk" doc:"The reader's language; without it, that of the Accept-Language header."`
	Limit int    `query:"limit" minimum:"1" maximum:"8" default:"8" doc:"How many suggestions at most."`
}

type apiSuggestion struct {
	Kind string `json:"kind" enum:"word,concept,theme,org,country,case,experiment,page" doc:"A word or name to search for, or a thing with this title."`
	Text string `json:"text"`
	Lang string `json:"lang" doc:"Language of the text."`
	URL  string `json:"url" doc:"The thing, or the search for it."`
}

type suggestOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Suggestions []apiSuggestion `json:"suggestions" nullable:"false"`
	}
}

// RegisterSuggestions adds GET /api/v1/suggestions.
func RegisterSuggestions(api *web.API, x *Index, publicURL string) {
	web.Handle(api, huma.Operation{
		OperationID: "suggest", Method: http.MethodGet, Path: "/api/v1/suggestions", Tags: []string{"Search"},
		Summary: "Words, names and titles for what somebody types",
	}, func(ctx context.Context, in *suggestInput) (*suggestOutput, error) {
		lang := in.Lang
		if lang == "" {
			lang = web.LangIn(ctx)
		}
		found, err := x.Suggest(ctx, Request{Text: in.Q, Lang: lang, Members: len(accounts.ActorIn(ctx).Organisations()) > 0})
		if err != nil {
			return nil, err
		}
		out := &suggestOutput{CacheControl: "private, no-store"}
		out.Body.Suggestions = []apiSuggestion{}
		for _, s := range found[:min(len(found), in.Limit)] {
			to := web.Path(lang, "search") + "?" + url.Values{"q": {s.Query}}.Encode()
			if s.Path != "" {
				to = web.Path(s.Lang, s.Path)
			}
			out.Body.Suggestions = append(out.Body.Suggestions, apiSuggestion{Kind: s.Kind, Text: s.Text, Lang: s.Lang, URL: publicURL + to})
		}
		return out, nil
	})
}

type apiMeant struct {
	Query string `json:"query" doc:"The whole query as it was probably meant. It finds something."`
	Total int    `json:"total" doc:"How much it finds, with the same filters."`
	// Shown is Meant.Instead.
	Shown bool `json:"shown" doc:"Nothing has the words as typed: the hits are those of this query's words."`
}

// meantFor is what a request was probably meant to be, nil when it is right.
func meantFor(ctx context.Context, x *Index, r Request, total int) (*apiMeant, error) {
	if r.From > 0 || r.Text == "" {
		return nil, nil //nolint:nilnil // what is right has nothing better
	}
	m, ok, err := x.Meant(ctx, r, total)
	if err != nil || !ok {
		return nil, err
	}
	return &apiMeant{m.Query, m.Total, m.Instead}, nil
}
