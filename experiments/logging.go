package experiments

import (
	"cmp"
	"context"
	"errors"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// AppendLog adds an entry to the log and returns its number. It fails with a
// fault for each field that is wrong, with ErrNoSuchEntry when it corrects
// what is not there or is corrected already, and with ErrArchived.
func (s *Service) AppendLog(ctx context.Context, a accounts.Actor, id string, n Entry) (number int, err error) {
	defer fault.Wrap(&err, "log of experiment %q", id)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		number, err = once.Do(tx, s.Now(), func() (int, error) { return s.appendTx(tx, a, id, n) })
		return err
	})
	return number, err
}

func (s *Service) appendTx(tx store.Tx, a accounts.Actor, id string, n Entry) (int, error) {
	e, thing, err := s.SeeTx(tx, a, id)
	if err != nil {
		return 0, err
	}
	if err := accounts.Must(a, accounts.AppendLog, thing); err != nil {
		return 0, err
	}
	if e.Stage == Archived {
		return 0, ErrArchived
	}
	now := s.Now().UTC()
	n.Experiment, n.N, n.By, n.Written, n.Corrected, n.Followed, n.Settled = id, e.LogCount+1, a.ID, now, 0, 0, ""
	if n.Corrects != 0 {
		n.Follows = 0 // a correction stands in the place of the old entry
	}
	if n.At.IsZero() {
		n.At = now
	}
	if err := n.check(&e, now); err != nil {
		return 0, err
	}
	switch {
	case n.Corrects != 0:
		err = s.correctTx(tx, a, thing, &e, &n)
	case n.Follows != 0:
		err = s.followTx(tx, a, thing, &e, n)
	}
	if err != nil {
		return 0, err
	}
	if err := entries.Put(tx, n); err != nil {
		return 0, err
	}
	e.noted(n)
	if err := cards.Put(tx, e); err != nil {
		return 0, err
	}
	if err := s.putRowTx(tx, &e); err != nil {
		return 0, err
	}
	return n.N, s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: "experiment.logged", Subject: Subject(id)})
}

// correctTx lets the old entry point to the one that puts it right. Its words
// stay. The new one takes the old one's place: it follows up what that did, and
// an obstacle that was followed up stays so.
func (s *Service) correctTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, e *Experiment, n *Entry) error {
	old, err := entries.Get(tx, entryKey(n.Experiment, n.Corrects))
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (old.Corrected != 0 || !old.ReadableBy(a, thing)):
		return ErrNoSuchEntry
	case err != nil:
		return err
	case !n.Reach.includes(old.Reach):
		return ErrNarrower
	}
	if old.Follows == 0 {
		n.FollowUp = ""
	} else {
		n.Follows, n.FollowUp = old.Follows, cmp.Or(n.FollowUp, old.FollowUp)
		obstacle, err := s.standingTx(tx, n.Experiment, n.Follows)
		if err != nil {
			return err
		}
		if err := s.settleTx(tx, e, obstacle, *n); err != nil {
			return err
		}
	}
	if old.Kind == Obstacle && n.Kind == Obstacle {
		n.Followed, n.Settled = old.Followed, old.Settled
	}
	e.count(old, -1)
	old.Corrected = n.N
	return entries.Put(tx, old)
}

// Readings are the numbers of the log that the actor may read, for one
// measure (from 1), oldest first.
func (e *Experiment) ReadingsOf(a accounts.Actor, thing accounts.Thing, measure int) []Reading {
	var list []Reading
	for _, r := range e.Readings {
		if r.Measure == measure && r.Reach.ReadableBy(a, thing) {
			list = append(list, r)
		}
	}
	return list
}
