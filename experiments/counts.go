package experiments

import (
	"context"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Counts are the portal's numbers about public experiments.
type Counts struct {
	Public         int // from the idea on
	Running        int
	Learned        int // a lesson is written, whatever the outcome
	Municipalities int // that own one of them
}

// Counts counts the experiments that everybody may read now.
func (s *Service) Counts(ctx context.Context) (c Counts, err error) {
	defer fault.Wrap(&err, "count experiments")
	return store.Get(ctx, s.Store, func(tx store.Tx) (Counts, error) {
		var c Counts
		owners := map[string]bool{}
		for r, err := range rows.All(tx, store.Range{}) {
			if err != nil {
				return c, err
			}
			if !r.IsPublic(s.Now()) {
				pagecache.Until(ctx, s.Now(), r.Embargo)
				continue
			}
			c.Public++
			owners[r.Organisation()] = true
			if r.Stage == Running || r.Stage == Paused {
				c.Running++
			}
			if r.Outcome != "" {
				c.Learned++
			}
		}
		c.Municipalities = len(owners)
		return c, nil
	})
}
