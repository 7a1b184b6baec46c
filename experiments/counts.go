package experiments

import (
	"context"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Counts are figures about the experiments that everybody may read.
type Counts struct {
	Public         int
	Municipalities int // that own or take part in one
}

// Counts counts the public experiments.
func (s *Service) Counts(ctx context.Context) (c Counts, err error) {
	defer fault.Wrap(&err, "count experiments")
	err = s.eachPublic(ctx, func(r Row, seen map[string]bool) bool {
		c.Public++
		for _, o := range r.Organisations {
			seen[o] = true
		}
		c.Municipalities = len(seen)
		return true
	})
	return c, err
}

// PublicIDs returns the ids of at most limit public experiments, newest first.
func (s *Service) PublicIDs(ctx context.Context, limit int) (ids []string, err error) {
	defer fault.Wrap(&err, "list public experiments")
	err = s.eachPublic(ctx, func(r Row, _ map[string]bool) bool {
		if len(ids) < limit {
			ids = append(ids, r.ID)
		}
		return len(ids) < limit
	})
	return ids, err
}

func (s *Service) eachPublic(ctx context.Context, f func(Row, map[string]bool) bool) error {
	return s.Store.View(ctx, func(tx store.Tx) error {
		seen := map[string]bool{}
		for r, err := range rows.By(tx, byNewest, store.Range{Reverse: true}) {
			if err != nil {
				return err
			}
			if r.IsPublic(s.Now()) && !f(r, seen) {
				return nil
			}
		}
		return nil
	})
}
