package journal

import (
	"context"
	"errors"

	"github.com/kokeilu/kokeilu/internal/store"
)

// stored is the Keeper of a follower whose cursor lives in the store.
type stored struct {
	j      *Journal
	name   string
	handle func(context.Context, []Entry) error
	following
}

// Cursor returns the stored position. A new follower that begins at the head
// gets one at once, so that nothing after its first start is left out.
func (s *stored) Cursor(ctx context.Context) (Position, error) {
	p, err := store.Get(ctx, s.j.store, func(tx store.Tx) (Position, error) {
		return getJSON[Position](tx, cursorBucket, s.name)
	})
	if !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	if !s.fromHead {
		return Position{}, nil
	}
	head, err := store.Get(ctx, s.j.store, s.j.Head)
	if err != nil {
		return Position{}, err
	}
	return head.Position, s.keep(ctx, head.Position)
}

func (s *stored) Handle(ctx context.Context, entries []Entry, upTo Position) error {
	if err := s.handle(ctx, entries); err != nil {
		return err
	}
	return s.keep(ctx, upTo)
}

func (s *stored) Rebuild(ctx context.Context, head Position) error {
	if s.rebuild != nil {
		if err := s.rebuild(ctx); err != nil {
			return err
		}
	}
	if s.fromHead {
		return s.keep(ctx, head)
	}
	return s.keep(ctx, Position{})
}

func (s *stored) keep(ctx context.Context, p Position) error {
	return s.j.store.Update(ctx, func(tx store.Tx) error { return putJSON(tx, cursorBucket, s.name, p) })
}
