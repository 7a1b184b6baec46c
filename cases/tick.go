package cases

import (
	"context"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Tick opens the cases whose embargo is over: the journal hears of it, and so
// do search, feeds and caches. The scheduler calls it. It returns how many
// there were.
func (s *Service) Tick(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "open cases whose embargo is over")
	due, err := store.Get(ctx, s.Store, s.due)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		n = 0
		for _, id := range due {
			c, err := table.Get(tx, id)
			if err != nil {
				return err
			}
			if c.Embargo.IsZero() || s.Now().Before(c.Embargo) || c.State != Published {
				continue
			}
			c.Published, c.Embargo = c.Embargo, time.Time{}
			if err := table.Put(tx, c); err != nil {
				return err
			}
			if err := s.changed(tx, accounts.System, "case.published", c); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// due are the ids of the cases whose embargo is over.
func (s *Service) due(tx store.Tx) ([]string, error) {
	var ids []string
	for r, err := range rows.By(tx, "embargo", store.Range{}) {
		if err != nil || r.Embargo.After(s.Now()) {
			return ids, err
		}
		ids = append(ids, r.ID)
	}
	return ids, nil
}
