package experiments

import (
	"context"
	"errors"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// followTx lets the obstacle that an entry follows up point to it, so that it
// is open no more. It fails with ErrNoObstacle when there is none, when it was
// followed up already, and when the actor may not read it.
func (s *Service) followTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, e *Experiment, n Entry) error {
	old, err := entries.Get(tx, entryKey(n.Experiment, n.Follows))
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (!old.IsOpen() || !old.ReadableBy(a, thing)):
		return ErrNoObstacle
	case err != nil:
		return err
	case !n.Reach.includes(old.Reach):
		return ErrNarrower
	}
	return s.settleTx(tx, e, old, n)
}

// settleTx notes at an obstacle what became of it.
func (s *Service) settleTx(tx store.Tx, e *Experiment, old Entry, n Entry) error {
	e.count(old, -1)
	old.Followed, old.Settled = n.N, n.FollowUp
	e.count(old, +1)
	return entries.Put(tx, old)
}

// standingTx is the obstacle as it stands now: the last of its corrections.
func (s *Service) standingTx(tx store.Tx, experiment string, n int) (Entry, error) {
	for {
		one, err := entries.Get(tx, entryKey(experiment, n))
		if err != nil || one.Corrected == 0 {
			return one, err
		}
		n = one.Corrected
	}
}

// BarrierCount is how often municipalities met one sort of obstacle.
type BarrierCount struct {
	Barrier Barrier
	Tally
	Experiments int // that met it
}

// ObstacleCounts counts the obstacles that everybody may read, of experiments
// that everybody may read, by their barrier and in the order of Barriers. A
// barrier nobody met is there with zeros.
func (s *Service) ObstacleCounts(ctx context.Context) (list []BarrierCount, err error) {
	defer fault.Wrap(&err, "count obstacles")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]BarrierCount, error) {
		found := map[Barrier]BarrierCount{}
		for r, err := range rows.All(tx, store.Range{}) {
			if err != nil {
				return nil, err
			}
			if !r.IsPublic(s.Now()) {
				pagecache.Until(tx.Context(), s.Now(), r.Embargo)
				continue
			}
			for b, t := range r.Obstacles {
				c := found[b]
				c.Open, c.Settled, c.Experiments = c.Open+t.Open, c.Settled+t.Settled, c.Experiments+1
				found[b] = c
			}
		}
		list := make([]BarrierCount, len(Barriers))
		for i, b := range Barriers {
			list[i] = found[b]
			list[i].Barrier = b
		}
		return list, nil
	})
}
