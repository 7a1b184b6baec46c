package mentoring

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// apiMentor is the public part of a profile. It carries no person: neither a
// name nor words of their own. The page at url says who it is, by consent.
type apiMentor struct {
	ID           string             `json:"id"`
	Roles        []Role             `json:"roles" nullable:"false"`
	Languages    []string           `json:"languages" nullable:"false" doc:"In the order of fluency."`
	Skills       map[string]float64 `json:"skills" doc:"Level 0.5, 0.8 or 1 by skill."`
	Sectors      []string           `json:"sectors" nullable:"false" doc:"COFOG divisions and groups."`
	Themes       []string           `json:"themes" nullable:"false"`
	Phases       []string           `json:"phases" nullable:"false" doc:"Stages the mentor is strong in."`
	Organisation string             `json:"organisation,omitempty"`
	FreeHours    float64            `json:"free_hours" doc:"Hours a week that are free now."`
	Cost         Cost               `json:"cost"`
	Updated      time.Time          `json:"updated"`
	URL          string             `json:"url"`
}

type mentorsIn struct {
	Skill    string `query:"skill" maxLength:"40" doc:"Only mentors who know this skill."`
	Language string `query:"language" enum:"fi,sv,en,ru,kk" doc:"Only mentors who speak this language."`
	Role     string `query:"role" enum:"sparring,mentor,godparent,evangelist,methodologist" doc:"Only mentors who offer this role."`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
	Cursor   string `query:"cursor" maxLength:"40" doc:"From next of the part before."`
}

type mentorsOut struct {
	Body struct {
		Mentors []apiMentor `json:"mentors" nullable:"false"`
		Full    int         `json:"full" doc:"How many fit but have no room now."`
		Next    string      `json:"next,omitempty"`
	}
}

// RegisterAPI adds the public list of mentors.
func RegisterAPI(api *web.API, s *Service) {
	web.Handle(api, huma.Operation{
		OperationID: "list-mentors", Method: http.MethodGet, Path: "/api/v1/mentors", Summary: "Mentors who have room now", Tags: []string{"Mentors"},
	}, s.apiMentors)
}

func (s *Service) apiMentors(ctx context.Context, in *mentorsIn) (*mentorsOut, error) {
	lang := web.LangIn(ctx)
	list, err := s.List(ctx, accounts.ActorIn(ctx), lang, Query{Skill: in.Skill, Lang: in.Language, Role: Role(in.Role), After: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &mentorsOut{}
	out.Body.Mentors, out.Body.Full, out.Body.Next = []apiMentor{}, list.Full, list.Next
	for _, p := range list.Mentors {
		m := apiMentor{
			ID: p.ID, Roles: filled(p.Roles), Languages: filled(p.Languages), Skills: map[string]float64{}, Sectors: filled(p.Sectors),
			Themes: filled(p.Themes), Phases: stages(p.Phases), Organisation: p.Organisation, FreeHours: p.Free(), Cost: p.Cost,
			Updated: p.Updated, URL: strings.TrimSuffix(s.PublicURL, "/") + web.Path(lang, "mentors", p.ID),
		}
		for key, level := range p.Skills {
			m.Skills[key] = float64(level)
		}
		out.Body.Mentors = append(out.Body.Mentors, m)
	}
	return out, nil
}

// filled is the list, never nil.
func filled[T any](list []T) []T { return append([]T{}, list...) }

func stages(list []experiments.Stage) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}
