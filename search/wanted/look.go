package wanted

import (
	"context"
	"errors"
	"fmt"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// Look finds out which open wants are found by now: the search for their words
// has a case, or an experiment that answers them has become one. A case that is
// not public any more answers nothing. It returns how many wants it changed.
// Running it twice, or late, is harmless; without an index it does nothing.
func (s *Service) Look(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "look for wanted cases")
	list, err := s.List(ctx)
	if err != nil {
		return 0, err
	}
	for _, l := range list {
		found, err := s.answer(ctx, l)
		if err != nil && fault.KindOf(err) == fault.Unavailable {
			continue // until the next time
		}
		if err != nil {
			return n, err
		}
		had := ""
		if l.Found != nil {
			had = l.Found.Case
		}
		if found == had {
			continue
		}
		if err := s.setFound(ctx, l.ID, found); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// answer is the id of the case that answers a want now, or "".
func (s *Service) answer(ctx context.Context, l Line) (string, error) {
	if l.Case.ID != "" {
		return l.Case.ID, nil
	}
	for _, t := range l.Trials {
		if t.Case == "" {
			continue
		}
		_, public, err := s.Index.Glance(ctx, search.Ref{Kind: "case", ID: t.Case})
		if err != nil || public {
			return t.Case, err
		}
	}
	for _, words := range l.asked() {
		results, err := s.Index.Search(ctx, search.Request{Text: words, Lang: l.Lang, Size: 1, Filters: map[string][]string{"kind": {"case"}}})
		if err != nil {
			return "", fmt.Errorf("wanted case %q: %w", l.ID, err)
		}
		for _, h := range results.Hits {
			return h.ID, nil
		}
	}
	return "", nil
}

func (s *Service) setFound(ctx context.Context, id, found string) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		w, err := table.Get(tx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && w.State != Open {
			return nil
		}
		if err != nil {
			return err
		}
		kind := "wanted.found"
		if w.Found = nil; found == "" {
			kind = "wanted.lost"
		} else {
			w.Found = &Find{Case: found, At: s.Now().UTC()}
		}
		return errors.Join(table.Put(tx, w), s.note(tx, accounts.System, kind, id))
	})
}
