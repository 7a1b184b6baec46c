package experiments

import (
	"context"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Want is what people looked for in vain: an experiment may say that it
// answers it.
type Want struct{ ID, Words, Lang string }

// Wants knows them. Nil where there are none.
type Wants interface {
	// OpenTx are those that everybody may see now.
	OpenTx(tx store.Tx) ([]Want, error)
	// WantTx is one of them, or of those that have been answered since.
	WantTx(tx store.Tx, id string) (w Want, ok bool, err error)
}

// ErrWanted is returned for a wanted case that is not on the public list.
var ErrWanted = fault.New(fault.Invalid, "experiment.wanted_unknown").On("wanted")

// wantable refuses to answer what is not wanted. What the card says already
// stays.
func (s *Service) wantable(tx store.Tx, before, after string) error {
	if after == before || after == "" {
		return nil
	}
	if s.Wants == nil {
		return ErrWanted
	}
	_, ok, err := s.Wants.WantTx(tx, after)
	if err == nil && !ok {
		err = ErrWanted
	}
	return err
}

// wantTx is the want that a card answers; nil when it answers none.
func (s *Service) wantTx(tx store.Tx, e *Experiment) (*Want, error) {
	if s.Wants == nil || e.Wanted == "" {
		return nil, nil //nolint:nilnil // no want is no failure
	}
	w, ok, err := s.Wants.WantTx(tx, e.Wanted)
	if err != nil || !ok {
		return nil, err
	}
	return &w, nil
}

// OpenWants are the wants that an experiment may answer, and own, the one that
// its card names.
func (s *Service) OpenWants(ctx context.Context, own string) (list []Want, err error) {
	defer fault.Wrap(&err, "wanted cases to answer")
	if s.Wants == nil {
		return nil, nil
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Want, error) {
		open, err := s.Wants.OpenTx(tx)
		if err != nil || own == "" {
			return open, err
		}
		for _, w := range open {
			if w.ID == own {
				return open, nil
			}
		}
		w, ok, err := s.Wants.WantTx(tx, own)
		if ok {
			open = append(open, w)
		}
		return open, err
	})
}

// AnsweringTx are the public experiments that say they answer a want.
func (s *Service) AnsweringTx(tx store.Tx, want string) (list []Row, err error) {
	now := s.Now()
	for row, err := range rows.By(tx, byWanted, store.Exactly(want)) {
		if err != nil {
			return nil, err
		}
		if !row.IsPublic(now) {
			pagecache.Until(tx.Context(), now, row.Embargo)
			continue
		}
		list = append(list, row)
	}
	return list, nil
}
