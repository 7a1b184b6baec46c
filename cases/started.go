package cases

import (
	"context"

	"github.com/kokeilu/kokeilu/internal/accounts"
)

// Started is an experiment that somebody has started from a case.
type Started struct {
	ID    string
	Title string
	Lang  string
	Path  string // below the language
	Place string
	Stage string
}

// Starts knows the experiments that were started from cases. The experiments
// slice does; cmd wires it.
type Starts interface {
	// StartedFrom are those that the actor may read, oldest first, their places
	// named in lang.
	StartedFrom(ctx context.Context, a accounts.Actor, caseID, lang string) ([]Started, error)
}

// startedFrom are the experiments started from a case in any of its languages.
func (s *Service) startedFrom(ctx context.Context, a accounts.Actor, shown Shown, lang string) (list []Started, err error) {
	if s.Starts == nil {
		return nil, nil
	}
	ids := []string{shown.Case.ID}
	for _, v := range shown.Versions {
		ids = append(ids, v.ID)
	}
	for _, id := range ids {
		more, err := s.Starts.StartedFrom(ctx, a, id, lang)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}
