package mentoring

import (
	"context"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Tick passes on questions whose last day has gone by and ends mentorships
// that are over by themselves. It returns how many it changed. Running it
// twice, or late, is harmless.
func (s *Service) Tick(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "tick of mentoring")
	ids, err := store.Get(ctx, s.Store, func(tx store.Tx) (ids []string, err error) {
		for m, err := range mentorships.By(tx, byOpen, store.Range{}) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, m.ID)
		}
		return ids, nil
	})
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		changed := false
		err := s.Store.Update(ctx, func(tx store.Tx) error {
			changed, err = s.tickTx(tx, id)
			return err
		})
		if err != nil {
			return n, err
		}
		if changed {
			n++
		}
	}
	return n, nil
}

func (s *Service) tickTx(tx store.Tx, id string) (bool, error) {
	m, err := mentorships.Get(tx, id)
	if err != nil || !m.IsOpen() {
		return false, err
	}
	e, _, err := s.Experiments.SeeTx(tx, accounts.System, m.Experiment)
	if err != nil {
		return false, err
	}
	switch {
	case m.State == Waits && !askable(e.Stage):
		return true, s.closeTx(tx, accounts.System, &m, "")
	case m.State == Waits && m.Turn().Late(s.Now(), s.Zone):
		m.answer(Silent, "", s.Now().UTC())
		return true, s.passOnTx(tx, accounts.System, &m)
	case m.EndsByItself(e.Stage, s.Now()):
		return true, s.closeTx(tx, accounts.System, &m, "")
	}
	return false, nil
}
