package experiments

import (
	"context"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Tick does what the calendar asks for: it ends experiments whose last day
// passed two weeks ago, and opens those whose embargo is over, so that the
// index and the feeds hear of them. The scheduler calls it daily or oftener;
// it returns how many it changed.
func (s *Service) Tick(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "tick experiments")
	for _, work := range []struct {
		due func(store.Tx) ([]string, error)
		do  func(tx store.Tx, id string) error
	}{{s.overdueTx, s.endTx}, {s.openableTx, s.openTx}} {
		due, err := store.Get(ctx, s.Store, work.due)
		if err != nil {
			return n, err
		}
		for _, id := range due {
			if err := s.Store.Update(ctx, func(tx store.Tx) error { return work.do(tx, id) }); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

func (s *Service) overdueTx(tx store.Tx) ([]string, error) {
	var due []string
	for r, err := range rows.By(tx, byStage, store.Prefix(string(Running)+"/")) {
		if err != nil {
			return nil, err
		}
		e := Experiment{Stage: r.Stage, Calendar: r.Calendar}
		if e.EndsByItself(s.Now(), s.Zone) {
			due = append(due, r.ID)
		}
	}
	return due, nil
}

func (s *Service) endTx(tx store.Tx, id string) error {
	e, err := cards.Get(tx, id)
	if err != nil || !e.EndsByItself(s.Now(), s.Zone) {
		return err
	}
	return s.AdvanceTx(tx, accounts.System, id, Ended, "")
}

func (s *Service) openableTx(tx store.Tx) ([]string, error) {
	var due []string
	for r, err := range rows.By(tx, byEmbargo, store.Range{}) {
		if err != nil {
			return nil, err
		}
		if s.Now().Before(r.Embargo) {
			break
		}
		due = append(due, r.ID)
	}
	return due, nil
}

func (s *Service) openTx(tx store.Tx, id string) error {
	e, err := cards.Get(tx, id)
	if err != nil || e.Embargo.IsZero() || s.Now().Before(e.Embargo) {
		return err
	}
	e.Embargo = time.Time{}
	return s.putTx(tx, accounts.System, &e, "experiment.opened")
}
