package main

import (
	"context"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
)

// started tells the bank which experiments were started from a case.
type started struct{ app *App }

// StartedFrom are those that the actor may read, oldest first.
func (s started) StartedFrom(ctx context.Context, a accounts.Actor, caseID, lang string) ([]cases.Started, error) {
	rows, err := s.app.Experiments.StartedFrom(ctx, a, caseID)
	if err != nil {
		return nil, err
	}
	places, err := s.app.Experiments.PlacesOf(ctx, rows)
	var list []cases.Started
	for _, r := range rows {
		home := places[r.Organisation()]
		list = append(list, cases.Started{ID: r.ID, Title: r.Title, Lang: r.Lang, Path: "/experiments/" + r.ID, Place: home.Name(lang), Stage: string(r.Stage)})
	}
	return list, err
}
