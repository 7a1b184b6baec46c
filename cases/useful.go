package cases

import (
	"context"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Vote answers "was this useful to you?". Who voted what is shown to nobody;
// pages show counts.
type Vote struct {
	Case         string    `json:"case"`
	Person       string    `json:"person"`
	Organisation string    `json:"organisation"`
	Useful       bool      `json:"useful"`
	At           time.Time `json:"at"`
	Since        time.Time `json:"since"` // when the person's account was made
}

// Vote stores the actor's answer; a second answer replaces the first and keeps
// its place in the order. It fails for the case's own municipality.
func (s *Service) Vote(ctx context.Context, a accounts.Actor, id string, useful bool) (err error) {
	defer fault.Wrap(&err, "vote on case %q", id)
	return s.signal(ctx, a, id, accounts.Vote, "case.voted", func(tx store.Tx, _ Case, municipality string) error {
		v := Vote{Case: id, Person: a.ID, Organisation: municipality, Useful: useful, At: s.Now().UTC(), Since: a.Since}
		before, err := votes.Get(tx, votes.Key(v))
		if err == nil {
			v.At, v.Organisation, v.Since = before.At, before.Organisation, before.Since
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return votes.Put(tx, v)
	})
}
