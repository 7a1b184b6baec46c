package experiments

import (
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
	n.Experiment, n.N, n.By, n.Written, n.Corrected = id, e.LogCount+1, a.ID, now, 0
	if n.At.IsZero() {
		n.At = now
	}
	if err := n.check(&e, now); err != nil {
		return 0, err
	}
	if n.Corrects != 0 {
		if err := s.correctTx(tx, a, thing, n); err != nil {
			return 0, err
		}
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
// stay.
func (s *Service) correctTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, n Entry) error {
	old, err := entries.Get(tx, entryKey(n.Experiment, n.Corrects))
	if errors.Is(err, store.ErrNotFound) || err == nil && (old.Corrected != 0 || !old.ReadableBy(a, thing)) {
		return ErrNoSuchEntry
	}
	if err != nil {
		return err
	}
	old.Corrected = n.N
	return entries.Put(tx, old)
}

// LogQuery says which entries are wanted: of one kind or all, older than a
// number or the newest, at most so many.
type LogQuery struct {
	Kind   LogKind
	Before int
	Limit  int // 0: 20
}

// LogPage is a part of a log, newest first. Older is the number to ask the
// next part with, or 0. Closed says that there are entries for the team which
// this reader does not see.
type LogPage struct {
	Entries []Entry
	Older   int
	Closed  bool
}

// Log returns the newest entries that the actor may read.
func (s *Service) Log(ctx context.Context, a accounts.Actor, id string, q LogQuery) (p LogPage, err error) {
	defer fault.Wrap(&err, "log of experiment %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) (LogPage, error) {
		_, thing, err := s.SeeTx(tx, a, id)
		if err != nil {
			return LogPage{}, err
		}
		return s.logTx(tx, a, thing, id, q)
	})
}

func (s *Service) logTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, id string, q LogQuery) (p LogPage, err error) {
	if q.Limit <= 0 {
		q.Limit = 20
	}
	r := store.Range{Prefix: id + "/", Reverse: true}
	if q.Before > 0 {
		r.After = entryKey(id, q.Before)
	}
	for n, err := range entries.All(tx, r) {
		switch {
		case err != nil:
			return p, err
		case !n.ReadableBy(a, thing):
			p.Closed = p.Closed || n.Reach == ForTeam
			continue
		case q.Kind != "" && n.Kind != q.Kind:
			continue
		case len(p.Entries) == q.Limit:
			p.Older = p.Entries[len(p.Entries)-1].N
			return p, nil
		}
		p.Entries = append(p.Entries, n)
	}
	return p, nil
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
