package experiments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Version is the card as one change left it. By is empty where nobody knows
// any more: the first version of a card that is older than this record.
type Version struct {
	Experiment string     `json:"experiment"`
	N          int        `json:"n"`
	At         time.Time  `json:"at"`
	By         string     `json:"by,omitempty"`
	What       string     `json:"what,omitempty"` // kind of the journal's entry
	Card       Experiment `json:"card"`
}

// versions holds them, the versions of one card together and in their order.
var versions = &store.Table[Version]{
	Bucket: "experiment_version",
	Key:    func(v Version) string { return entryKey(v.Experiment, v.N) },
}

// keepVersionTx keeps the card as a version of its own when its number was
// raised. It is called before the card is stored: a card that was changed
// before versions were kept leaves what it was as the first one.
func (s *Service) keepVersionTx(tx store.Tx, a accounts.Actor, e *Experiment, what string) error {
	had, err := versions.Has(tx, entryKey(e.ID, e.Version))
	if err != nil || had {
		return err
	}
	if err := keepFirstTx(tx, e); err != nil {
		return err
	}
	return versions.Put(tx, Version{Experiment: e.ID, N: e.Version, At: s.Now().UTC(), By: a.ID, What: what, Card: e.bare()})
}

func keepFirstTx(tx store.Tx, e *Experiment) error {
	old, err := cards.Get(tx, e.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	had, err := versions.Has(tx, entryKey(old.ID, old.Version))
	if err != nil || had || old.Version >= e.Version {
		return err
	}
	return versions.Put(tx, Version{Experiment: old.ID, N: old.Version, At: old.Changed, Card: old.bare()})
}

// bare is the card without what grows with the log.
func (e *Experiment) bare() Experiment {
	card := *e
	card.Readings = nil
	return card
}

// versionTx is a version of a card, and whether it is kept.
func versionTx(tx store.Tx, id string, n int) (Version, bool, error) {
	v, err := versions.Get(tx, entryKey(id, n))
	if errors.Is(err, store.ErrNotFound) {
		return v, false, nil
	}
	return v, err == nil, err
}

// ErrVersion is returned for a version that is not kept.
var ErrVersion = fault.New(fault.NotFound, "error.not_found")

// versionsShown is how many versions a page lists.
const versionsShown = 50

// A History is the versions of a card, newest first. Older is where to go on,
// 0 at the end.
type History struct {
	Card     Experiment
	Versions []Version
	Older    int
	Names    map[string]string
}

// History lists the versions before one, or the newest when before is 0. It is
// for the team and the own coordinator: an old version may say what was taken
// out for a reason.
func (s *Service) History(ctx context.Context, a accounts.Actor, id, lang string, before int) (h History, err error) {
	defer fault.Wrap(&err, "versions of experiment %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		h = History{Names: map[string]string{}}
		if h.Card, err = s.historyTx(tx, a, id); err != nil {
			return err
		}
		r := store.Range{Prefix: id + "/", Reverse: true}
		if before > 0 {
			r.After = entryKey(id, before)
		}
		for v, err := range versions.All(tx, r) {
			if err != nil {
				return err
			}
			if len(h.Versions) == versionsShown {
				h.Older = h.Versions[versionsShown-1].N
				return nil
			}
			h.Versions = append(h.Versions, v)
			s.nameTx(tx, h.Names, v.By, lang)
		}
		return nil
	})
	return h, err
}

func (s *Service) nameTx(tx store.Tx, names map[string]string, person, lang string) {
	if person != "" && names[person] == "" {
		names[person] = s.People.DisplayNameTx(tx, person, lang)
	}
}

// historyTx is a card whose versions the actor may read.
func (s *Service) historyTx(tx store.Tx, a accounts.Actor, id string) (Experiment, error) {
	e, thing, err := s.SeeTx(tx, a, id)
	if err != nil {
		return e, err
	}
	return e, accounts.Must(a, accounts.PauseExperiment, thing)
}

// A Change is one version and the one before it, if that is kept.
type Change struct {
	Card      Experiment // as it is now
	Version   Version
	Before    *Version
	Names     map[string]string // of everybody the two cards name
	Previous  int               // number of the one before, 0 without
	Following int               // number of the next one, 0 without
}

// ChangeOf returns a version of a card beside the one before it. It fails with
// ErrVersion when it is not kept.
func (s *Service) ChangeOf(ctx context.Context, a accounts.Actor, id, lang string, n int) (c Change, err error) {
	defer fault.Wrap(&err, "version %d of experiment %q", n, id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		c = Change{Names: map[string]string{}}
		if c.Card, err = s.historyTx(tx, a, id); err != nil {
			return err
		}
		return s.fillChangeTx(tx, &c, id, lang, n)
	})
	return c, err
}

func (s *Service) fillChangeTx(tx store.Tx, c *Change, id, lang string, n int) error {
	v, ok, err := versionTx(tx, id, n)
	switch {
	case err != nil:
		return err
	case !ok:
		return ErrVersion.Because(fmt.Errorf("version %d is not kept", n))
	}
	c.Version = v
	cards := []*Experiment{&c.Version.Card}
	for old, err := range versions.All(tx, store.Range{Prefix: id + "/", Reverse: true, After: entryKey(id, n)}) {
		if err != nil {
			return err
		}
		c.Before, c.Previous = &old, old.N
		cards = append(cards, &old.Card)
		break
	}
	if _, ok, err := versionTx(tx, id, n+1); err != nil {
		return err
	} else if ok {
		c.Following = n + 1
	}
	s.nameTx(tx, c.Names, c.Version.By, lang)
	for _, e := range cards {
		for _, person := range e.Persons() {
			s.nameTx(tx, c.Names, person, lang)
		}
	}
	return nil
}
