package accounts

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/web"
)

// me is who asks, as the API says it.
type me struct {
	ID            string    `json:"id"`
	Name          string    `json:"name" doc:"What others see: the name by consent, otherwise the role."`
	Language      string    `json:"language"`
	Roles         []Grant   `json:"roles" nullable:"false"`
	Organisations []string  `json:"organisations" nullable:"false" doc:"Keys of the organisations, the first joined first."`
	Since         time.Time `json:"since"`
}

// APIToken is a personal token without the token itself.
type APIToken struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero" doc:"Last use, to the hour. Missing when it was never used."`
}

// newAPIToken is a personal token at the only time it can be read.
type newAPIToken struct {
	APIToken
	Token string `json:"token" doc:"Send it as Authorization: Bearer. It cannot be read again."`
}

type (
	nothingIn struct{}
	meOut     struct{ Body me }
	tokensOut struct {
		Body struct {
			Tokens []APIToken `json:"tokens" nullable:"false"`
		}
	}
	tokenIn struct {
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"100" doc:"What the token is for, in your own words."`
		}
	}
	tokenOut  struct{ Body newAPIToken }
	tokenIDIn struct {
		ID string `path:"id" maxLength:"64"`
	}
	nothingOut struct{}
)

// RegisterAPI adds what a program may ask about its own person and tokens.
func RegisterAPI(api *web.API, s *Service) {
	op := func(id, method, path, summary string, status int) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: status,
			Tags: []string{"People"}, Security: web.Signed,
		}
	}
	web.Handle(api, op("me", http.MethodGet, "/api/v1/me", "Who asks", 0), s.apiMe)
	web.Handle(api, op("list-tokens", http.MethodGet, "/api/v1/tokens", "Your personal tokens", 0), s.apiTokens)
	web.Handle(api, op("add-token", http.MethodPost, "/api/v1/tokens", "Make a personal token", http.StatusCreated), s.apiAddToken)
	web.Handle(api, op("revoke-token", http.MethodDelete, "/api/v1/tokens/{id}", "Revoke a personal token", http.StatusNoContent), s.apiRevokeToken)
}

// asking is who asks, or ErrSignIn.
func asking(ctx context.Context) (Actor, error) {
	if a := ActorIn(ctx); a.SignedIn() {
		return a, nil
	}
	return Actor{}, ErrSignIn
}

func (s *Service) apiMe(ctx context.Context, _ *nothingIn) (*meOut, error) {
	a, err := asking(ctx)
	if err != nil {
		return nil, err
	}
	out := me{ID: a.ID, Name: a.Name, Language: a.Lang, Roles: a.Grants, Organisations: a.Organisations(), Since: a.Since}
	if out.Roles == nil {
		out.Roles = []Grant{}
	}
	if out.Organisations == nil {
		out.Organisations = []string{}
	}
	return &meOut{Body: out}, nil
}

func (s *Service) apiTokens(ctx context.Context, _ *nothingIn) (*tokensOut, error) {
	a, err := asking(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.Tokens(ctx, a)
	if err != nil {
		return nil, err
	}
	out := &tokensOut{}
	out.Body.Tokens = []APIToken{}
	for _, t := range list {
		out.Body.Tokens = append(out.Body.Tokens, APIToken{ID: t.ID, Name: t.Name, Created: t.Created, Used: t.Used})
	}
	return out, nil
}

func (s *Service) apiAddToken(ctx context.Context, in *tokenIn) (*tokenOut, error) {
	a, err := asking(ctx)
	if err != nil {
		return nil, err
	}
	t, secret, err := s.AddToken(ctx, a, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &tokenOut{Body: newAPIToken{APIToken: APIToken{ID: t.ID, Name: t.Name, Created: t.Created}, Token: secret}}, nil
}

func (s *Service) apiRevokeToken(ctx context.Context, in *tokenIDIn) (*nothingOut, error) {
	a, err := asking(ctx)
	if err != nil {
		return nil, err
	}
	return &nothingOut{}, s.RevokeToken(ctx, a, in.ID)
}
