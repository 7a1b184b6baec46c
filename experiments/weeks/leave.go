package weeks

import (
	"context"
	"errors"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// LeaveTx forgets what a person wrote for themselves when they leave the
// portal: their purpose and their daily notes. Actions stay with their team,
// which gives them to somebody else. Leaving one organisation forgets nothing.
// Accounts call it in their transaction.
func (s *Service) LeaveTx(tx store.Tx, person accounts.Person, organisation string) error {
	if organisation != "" {
		return nil
	}
	if err := purposes.Delete(tx, person.ID); err != nil {
		return err
	}
	var mine []string
	for n, err := range notes.By(tx, byPerson, store.Prefix(person.ID+"/")) {
		if err != nil {
			return err
		}
		mine = append(mine, noteKey(n.Experiment, n.Day, n.Person))
	}
	for _, key := range mine {
		if err := notes.Delete(tx, key); err != nil {
			return err
		}
	}
	return nil
}

// Export is what is kept about a person's weeks, for the file of one's own data.
func (s *Service) Export(ctx context.Context, a accounts.Actor) (any, error) {
	type export struct {
		Purpose *Purpose `json:"purpose,omitempty"`
		Notes   []Note   `json:"notes"`
		Actions []Line   `json:"actions"`
	}
	lines, err := s.Own(ctx, a)
	if err != nil {
		return nil, err
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) (export, error) {
		out := export{Notes: []Note{}, Actions: append([]Line{}, lines...)}
		p, err := purposes.Get(tx, a.ID)
		switch {
		case err == nil:
			out.Purpose = &p
		case !errors.Is(err, store.ErrNotFound):
			return out, err
		}
		for n, err := range notes.By(tx, byPerson, store.Prefix(a.ID+"/")) {
			if err != nil {
				return out, err
			}
			out.Notes = append(out.Notes, n)
		}
		return out, nil
	})
}
