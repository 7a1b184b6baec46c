package cases

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
)

// ErrNoWeek is returned for a week without a frozen list.
var ErrNoWeek = fault.New(fault.NotFound, "topten.no_week")

// freezeHour is when a week of the TOP-10 begins, on Monday.
const freezeHour = 6

// Frozen is the lists of one week, as they stood on Monday at 06:00.
type Frozen struct {
	At    time.Time              `json:"at"`
	Lists map[List][]FrozenEntry `json:"lists"`
}

// A FrozenEntry is one place on a frozen list with the receipt it had.
type FrozenEntry struct {
	Rank         int     `json:"rank"`
	Case         string  `json:"case"`
	Lang         string  `json:"lang"`
	Title        string  `json:"title"`
	Slug         string  `json:"slug"`
	Organisation string  `json:"organisation,omitempty"`
	Sector       string  `json:"sector,omitempty"`
	Outcome      Outcome `json:"outcome,omitempty"`
	Change       Change  `json:"change,omitzero"`
	Score        Score   `json:"score"`
}

// Path is the case's permanent address below the language.
func (e FrozenEntry) Path() string { return Case{ID: e.Case, Slug: e.Slug}.Path() }

// Monday returns when the week that now belongs to began: the last Monday at
// 06:00 in zone.
func Monday(now time.Time, zone *time.Location) time.Time {
	t := now.In(zone)
	days := (int(t.Weekday()) + 6) % 7
	monday := time.Date(t.Year(), t.Month(), t.Day()-days, freezeHour, 0, 0, 0, zone)
	if monday.After(t) {
		monday = time.Date(t.Year(), t.Month(), t.Day()-days-7, freezeHour, 0, 0, 0, zone)
	}
	return monday
}

// Freeze stores this week's lists if nobody has yet, counted as they stood on
// Monday at 06:00 however late it is. The scheduler calls it, and so does every
// start. A portal that has no case to list yet freezes nothing.
func (s *Service) Freeze(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "freeze the top ten")
	at := Monday(s.Now(), s.zone())
	lists, err := s.listsAt(ctx, at)
	if err != nil {
		return err
	}
	memory := s.memory()
	return s.Store.Update(ctx, func(tx store.Tx) error {
		f := Frozen{At: at.UTC(), Lists: lists.freeze()}
		if taken, err := frozen.Has(tx, frozen.Key(f)); err != nil || taken {
			return err
		}
		before, ok, err := lastFrozen(tx, frozen.Key(f))
		switch {
		case err != nil:
			return err
		case ok:
			f.compare(&before)
		case len(f.Lists[Newest]) == 0:
			return nil
		}
		if err := errors.Join(frozen.Put(tx, f), tx.Put(rankedBucket, rankedKey, nil)); err != nil {
			return err
		}
		tx.OnCommit(func() { memory.forget("") })
		return s.Journal.Append(tx, journal.Entry{Actor: accounts.System.ID, Kind: "topten.frozen", Subject: "topten:" + at.Format(time.DateOnly)})
	})
}

func (s *Service) zone() *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}

func (s *Service) listsAt(ctx context.Context, at time.Time) (*Board, error) {
	m := s.memory()
	m.work.Lock()
	defer m.work.Unlock()
	fresh, err := m.refresh(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	if !fresh {
		m.board = nil
	}
	return count(at, m.rows, m.tallies, nil), nil
}

func (b *Board) freeze() map[List][]FrozenEntry {
	lists := map[List][]FrozenEntry{}
	for name, entries := range b.Lists {
		lists[name] = []FrozenEntry{}
		for _, e := range entries {
			lists[name] = append(lists[name], FrozenEntry{
				Rank: e.Rank, Case: e.Row.ID, Lang: e.Row.Lang, Title: e.Row.Title, Slug: e.Row.Slug,
				Organisation: e.Row.Organisation, Sector: e.Row.Sector, Outcome: e.Row.Outcome, Score: e.Score,
			})
		}
	}
	return lists
}

// compare sets how the entries moved since an earlier freeze.
func (f *Frozen) compare(before *Frozen) {
	for name, entries := range f.Lists {
		for i := range entries {
			entries[i].Change = change(before.rank(name, entries[i].Case), entries[i].Rank)
		}
	}
}

func (f *Frozen) rank(list List, id string) int {
	for _, e := range f.Lists[list] {
		if e.Case == id {
			return e.Rank
		}
	}
	return 0
}

// only returns f without the cases that were withdrawn or hidden since.
func (f Frozen) only(b *Board) Frozen {
	lists := map[List][]FrozenEntry{}
	for name, entries := range f.Lists {
		lists[name] = slices.DeleteFunc(slices.Clone(entries), func(e FrozenEntry) bool {
			_, public := b.Score(e.Case)
			return !public
		})
	}
	return Frozen{At: f.At, Lists: lists}
}

func change(before, now int) Change {
	switch {
	case before == 0:
		return Change{Kind: ChangeNew}
	case before > now:
		return Change{Kind: ChangeUp, By: before - now}
	case before < now:
		return Change{Kind: ChangeDown, By: now - before}
	}
	return Change{Kind: ChangeSame}
}

// lastFrozen returns the newest frozen lists before a key, or the newest of all,
// and whether there are any.
func lastFrozen(tx store.Tx, before string) (f Frozen, ok bool, err error) {
	for f, err := range frozen.All(tx, store.Range{Reverse: true, After: before}) {
		return f, err == nil, err
	}
	return f, false, nil
}

// Week returns the lists that were frozen on a day, or ErrNoWeek.
func (s *Service) Week(ctx context.Context, day string) (f Frozen, err error) {
	defer fault.Wrap(&err, "week %q of the top ten", day)
	weeks, err := s.Weeks(ctx, math.MaxInt)
	if err != nil {
		return f, err
	}
	for _, f := range weeks {
		if f.Day(s.zone()) == day {
			return f, nil
		}
	}
	return f, ErrNoWeek
}

// Day is the Monday of the freeze, "2026-11-16".
func (f Frozen) Day(zone *time.Location) string { return f.At.In(zone).Format(time.DateOnly) }

// Weeks returns the frozen lists, newest first, at most n. Cases that were
// withdrawn or hidden since are left out of them.
func (s *Service) Weeks(ctx context.Context, n int) (list []Frozen, err error) {
	defer fault.Wrap(&err, "weeks of the top ten")
	board, err := s.Board(ctx)
	if err != nil {
		return nil, err
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Frozen, error) {
		var list []Frozen
		for f, err := range frozen.All(tx, store.Range{Reverse: true}) {
			if err != nil || len(list) == n {
				return list, err
			}
			list = append(list, f.only(board))
		}
		return list, nil
	})
}
