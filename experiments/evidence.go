package experiments

import (
	"errors"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// EntryTx returns an entry of the log of an experiment that the actor may read,
// thing being what permission knows of it. It fails with ErrNoSuchEntry when
// the entry is not there or not for this reader.
func (s *Service) EntryTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, id string, n int) (Entry, error) {
	entry, err := entries.Get(tx, entryKey(id, n))
	if errors.Is(err, store.ErrNotFound) || err == nil && !entry.ReadableBy(a, thing) {
		return Entry{}, ErrNoSuchEntry
	}
	return entry, err
}

// NewestTx are the newest entries of a log that the actor may read, newest
// first.
func (s *Service) NewestTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, id string, n int) ([]Entry, error) {
	p, err := s.logTx(tx, a, thing, id, LogQuery{Limit: n})
	return p.Entries, err
}
