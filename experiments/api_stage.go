package experiments

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// experimentPermission is a rule that was waived for an experiment.
type experimentPermission struct {
	Rule  string    `json:"rule"`
	By    string    `json:"by" doc:"Who waived it"`
	Until time.Time `json:"until"`
}

// experimentExtension says that the last day was moved.
type experimentExtension struct {
	At     time.Time `json:"at"`
	Weeks  int       `json:"weeks"`
	Reason string    `json:"reason"`
	End    time.Time `json:"end" doc:"The last day since"`
}

type stageInput struct {
	ID   string `path:"id" maxLength:"12"`
	Body struct {
		To     string `json:"to" enum:"idea,planned,running,paused,ended,learned,spread,stopped,archived" doc:"The stage to go to"`
		Reason string `json:"reason,omitempty" maxLength:"600" doc:"Asked for by pauses, stops, spreading and returning"`
	}
}

type extensionInput struct {
	ID   string `path:"id" maxLength:"12"`
	Body struct {
		Weeks  int    `json:"weeks" minimum:"1" maximum:"5"`
		Reason string `json:"reason" maxLength:"200"`
	}
}

type confirmationInput struct {
	ID string `path:"id" maxLength:"12"`
}

type stageOutput struct {
	Body struct {
		Stage string    `json:"stage"`
		Since time.Time `json:"since"`
		End   time.Time `json:"end,omitzero" doc:"The last day"`
	}
}

// registerStages adds the operations that move an experiment along.
func registerStages(api *web.API, s *Service) {
	web.Handle(api, huma.Operation{
		OperationID: "advance-experiment", Method: http.MethodPost, Path: "/api/v1/experiments/{id}/stage", Tags: []string{"Experiments"},
		Summary: "Move an experiment to a stage", Description: "As the table of stages allows. What is missing comes as one error per field.", Security: web.Signed,
	}, s.apiAdvance)
	web.Handle(api, huma.Operation{
		OperationID: "extend-experiment", Method: http.MethodPost, Path: "/api/v1/experiments/{id}/extension", Tags: []string{"Experiments"},
		Summary: "Move the last day of a running experiment", Description: "By one to five weeks, within its longest time. For the owner and the team.", Security: web.Signed,
	}, s.apiExtend)
	web.Handle(api, huma.Operation{
		OperationID: "confirm-experiment", Method: http.MethodPost, Path: "/api/v1/experiments/{id}/confirmation", Tags: []string{"Experiments"},
		Summary: "Confirm the start", Description: "For the coordinator of the owning municipality, where personal data, money or a decision is involved.", Security: web.Signed,
	}, s.apiConfirm)
}

func (s *Service) apiAdvance(ctx context.Context, in *stageInput) (*stageOutput, error) {
	if err := s.Advance(ctx, accounts.ActorIn(ctx), in.ID, Stage(in.Body.To), in.Body.Reason); err != nil {
		return nil, err
	}
	return s.apiStage(ctx, in.ID)
}

func (s *Service) apiExtend(ctx context.Context, in *extensionInput) (*stageOutput, error) {
	if err := s.Extend(ctx, accounts.ActorIn(ctx), in.ID, in.Body.Weeks, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.apiStage(ctx, in.ID)
}

func (s *Service) apiConfirm(ctx context.Context, in *confirmationInput) (*stageOutput, error) {
	if err := s.ConfirmStart(ctx, accounts.ActorIn(ctx), in.ID); err != nil {
		return nil, err
	}
	return s.apiStage(ctx, in.ID)
}

func (s *Service) apiStage(ctx context.Context, id string) (*stageOutput, error) {
	e, _, err := s.Get(ctx, accounts.ActorIn(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &stageOutput{}
	out.Body.Stage, out.Body.Since, out.Body.End = string(e.Stage), e.Since(), e.Calendar.End
	return out, nil
}

// apiChanges are the permission cards and extensions of the card, which
// everybody may read.
func (c *experimentCard) apiChanges(e *Experiment) {
	c.Permissions, c.Extensions = []experimentPermission{}, []experimentExtension{}
	for _, p := range e.Permissions {
		c.Permissions = append(c.Permissions, experimentPermission{p.Rule, p.By, p.Until})
	}
	for _, x := range e.Extensions {
		c.Extensions = append(c.Extensions, experimentExtension{x.At, x.Weeks, x.Reason, x.To})
	}
}
