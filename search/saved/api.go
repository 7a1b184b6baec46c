package saved

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
)

// apiSearch is a saved search as the interface gives it to its owner.
type apiSearch struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Q       string      `json:"q"`
	Filters []apiFilter `json:"filters" nullable:"false"`
	Lang    string      `json:"lang" enum:"fi,sv,en,ru,kk"`
	Mail    Mail        `json:"mail" enum:"never,daily,weekly"`
	Created time.Time   `json:"created"`
	URL     string      `json:"url" doc:"The search."`
	FeedURL string      `json:"feed_url" doc:"Its public feed."`
}

type apiFilter struct {
	Field string `json:"field" enum:"kind,lang,outcome,theme,country,size,year"`
	Value string `json:"value" minLength:"1" maxLength:"49"`
}

type listOut struct {
	Body struct {
		Searches []apiSearch `json:"searches" nullable:"false"`
	}
}

type saveIn struct {
	Body struct {
		Q       string      `json:"q" minLength:"1" maxLength:"200" doc:"What to look for."`
		Name    string      `json:"name,omitempty" maxLength:"80" doc:"The words when left out."`
		Filters []apiFilter `json:"filters,omitempty" maxItems:"50"`
		Lang    string      `json:"lang,omitempty" enum:"fi,sv,en,ru,kk" doc:"Language of the search; the reader's when left out."`
		Mail    Mail        `json:"mail,omitempty" enum:"never,daily,weekly" doc:"How often a letter may come; never when left out."`
	}
}

type saveOut struct {
	Body apiSearch
}

type deleteIn struct {
	ID string `path:"id" maxLength:"40"`
}

// RegisterAPI adds one's own saved searches.
func RegisterAPI(api *web.API, s *Service) {
	tags := []string{"Search"}
	web.Handle(api, huma.Operation{
		OperationID: "list-saved-searches", Method: http.MethodGet, Path: "/api/v1/saved-searches", Tags: tags, Security: web.Signed,
		Summary: "One's own saved searches",
	}, func(ctx context.Context, _ *struct{}) (*listOut, error) {
		list, err := s.Of(ctx, accounts.ActorIn(ctx))
		if err != nil {
			return nil, err
		}
		out := &listOut{}
		out.Body.Searches = []apiSearch{}
		for _, one := range list {
			out.Body.Searches = append(out.Body.Searches, answer(api, one))
		}
		return out, nil
	})
	web.Handle(api, huma.Operation{
		OperationID: "save-search", Method: http.MethodPost, Path: "/api/v1/saved-searches", Tags: tags, Security: web.Signed,
		Summary: "Save a search", DefaultStatus: http.StatusCreated,
	}, func(ctx context.Context, in *saveIn) (*saveOut, error) {
		one, err := s.Save(ctx, accounts.ActorIn(ctx), in.search(ctx))
		if err != nil {
			return nil, err
		}
		return &saveOut{answer(api, one)}, nil
	})
	web.Handle(api, huma.Operation{
		OperationID: "delete-saved-search", Method: http.MethodDelete, Path: "/api/v1/saved-searches/{id}", Tags: tags, Security: web.Signed,
		Summary: "Delete one of one's own saved searches", DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, in *deleteIn) (*struct{}, error) {
		return nil, s.Delete(ctx, accounts.ActorIn(ctx), strings.Clone(in.ID))
	})
}

func (in *saveIn) search(ctx context.Context) Search {
	b := in.Body
	one := Search{Words: b.Q, Name: b.Name, Lang: b.Lang, Mail: b.Mail, Filters: map[string][]string{}}
	if one.Lang == "" {
		one.Lang = web.LangIn(ctx)
	}
	if one.Mail == "" {
		one.Mail = Never
	}
	for _, f := range b.Filters {
		if slices.Contains(search.Facets[:], f.Field) {
			one.narrow(f.Field, f.Value)
		}
	}
	return one
}

func answer(api *web.API, one Search) apiSearch {
	out := apiSearch{
		ID: one.ID, Name: one.Name, Q: one.Words, Filters: []apiFilter{}, Lang: one.Lang, Mail: one.Mail, Created: one.Created,
		URL:     api.Absolute(web.Path(one.Lang, "search") + "?" + one.Query()),
		FeedURL: api.Absolute(web.Path(one.Lang, "feeds/search") + ".atom?" + one.Query()),
	}
	for _, f := range search.Facets {
		for _, v := range one.Filters[f] {
			out.Filters = append(out.Filters, apiFilter{f, v})
		}
	}
	return out
}
