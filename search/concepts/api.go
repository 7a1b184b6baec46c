package concepts

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/web"
)

// apiConcept is what one thing is called, by language, the usual name first.
type apiConcept struct {
	Names map[string][]string `json:"names" doc:"By language: fi, sv, en, ru, kk."`
	Own   bool                `json:"own" doc:"Added by the administrators of this portal."`
}

type conceptsOut struct {
	Body struct {
		Concepts []apiConcept `json:"concepts" nullable:"false"`
	}
}

// RegisterAPI adds GET /api/v1/concepts.
func RegisterAPI(api *web.API, s *Service) {
	web.Handle(api, huma.Operation{
		OperationID: "list-concepts", Method: http.MethodGet, Path: "/api/v1/concepts", Tags: []string{"Search"},
		Summary: "The thesaurus: what the search takes for names of the same thing",
	}, func(ctx context.Context, _ *struct{}) (*conceptsOut, error) {
		own, err := s.all(ctx)
		if err != nil {
			return nil, err
		}
		out := &conceptsOut{}
		out.Body.Concepts = []apiConcept{}
		for _, names := range s.Shipped {
			out.Body.Concepts = append(out.Body.Concepts, apiConcept{Names: names})
		}
		for _, c := range own {
			out.Body.Concepts = append(out.Body.Concepts, apiConcept{Names: c.Names, Own: true})
		}
		return out, nil
	})
}
