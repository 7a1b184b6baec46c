package experiments

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// LogQuery says which entries are wanted: of one kind, those open or all;
// older than a number, of a month and before it, or the newest; at most so
// many.
type LogQuery struct {
	Kind   LogKind
	Open   bool // obstacles that nobody has followed up; Kind is not looked at
	Before int
	Month  time.Time // any moment of it; Before is not looked at
	Limit  int       // 0: 20
}

// what is the part of the index that the query reads.
func (q LogQuery) what() string {
	if q.Open {
		return open
	}
	return string(q.Kind)
}

// LogPage is a part of a log, newest first. Older is the number to ask the
// next part with, or 0. Closed says that there are entries for the team which
// this reader does not see. Unseen are the numbers that an entry of this part
// points to and that this reader does not see.
type LogPage struct {
	Entries []Entry
	Older   int
	Closed  bool
	Unseen  map[int]bool
}

// Log returns the newest entries that the actor may read. However long the log
// is, it reads little more than it returns.
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

// Entry returns one entry of a log. It fails with store.ErrNotFound when there
// is none, or none that the actor may read.
func (s *Service) Entry(ctx context.Context, a accounts.Actor, id string, n int) (one Entry, err error) {
	defer fault.Wrap(&err, "log of experiment %q, entry %d", id, n)
	return store.Get(ctx, s.Store, func(tx store.Tx) (Entry, error) {
		_, thing, err := s.SeeTx(tx, a, id)
		if err != nil {
			return Entry{}, err
		}
		one, err := entries.Get(tx, entryKey(id, n))
		if err == nil && !one.ReadableBy(a, thing) {
			return Entry{}, store.ErrNotFound
		}
		return one, err
	})
}

func (s *Service) logTx(tx store.Tx, a accounts.Actor, thing accounts.Thing, id string, q LogQuery) (p LogPage, err error) {
	if q.Limit <= 0 {
		q.Limit = 20
	}
	if !q.Month.IsZero() {
		if q.Before, err = s.afterMonthTx(tx, id, q.Month); err != nil {
			return p, err
		}
	}
	var numbers []int
	for _, r := range Reaches {
		if !r.ReadableBy(a, thing) {
			if r == ForTeam {
				p.Closed, err = anyTx(tx, logPrefix(id, r, q.what()))
			}
		} else {
			numbers, err = appendNewestTx(tx, numbers, logPrefix(id, r, q.what()), q.Before, q.Limit+1)
		}
		if err != nil {
			return p, err
		}
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	if len(numbers) > q.Limit {
		numbers = numbers[:q.Limit]
		p.Older = numbers[q.Limit-1]
	}
	for _, n := range numbers {
		one, err := entries.Get(tx, entryKey(id, n))
		if err != nil {
			return p, err
		}
		p.Entries = append(p.Entries, one)
	}
	return p, p.look(tx, a, thing)
}

// look finds out which of the entries that are pointed to this reader does not
// see. Who points to an entry is read by all who read that one, so only the
// other way is looked at.
func (p *LogPage) look(tx store.Tx, a accounts.Actor, thing accounts.Thing) error {
	for _, n := range p.Entries {
		for _, to := range []int{n.Corrects, n.Follows} {
			if to == 0 {
				continue
			}
			one, err := entries.Get(tx, entryKey(n.Experiment, to))
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err != nil || !one.ReadableBy(a, thing) {
				if p.Unseen == nil {
					p.Unseen = map[int]bool{}
				}
				p.Unseen[to] = true
			}
		}
	}
	return nil
}

// anyTx reports whether something stands under a prefix of the index.
func anyTx(tx store.Tx, prefix string) (bool, error) {
	for _, err := range entries.Index(tx, byWhat, store.Prefix(prefix)) {
		return err == nil, err
	}
	return false, nil
}

// appendNewestTx appends the newest numbers under a prefix of the index, at most
// so many and only those below before, if it is given.
func appendNewestTx(tx store.Tx, numbers []int, prefix string, before, most int) ([]int, error) {
	r := store.Range{Prefix: prefix, Reverse: true}
	if before > 0 {
		r.After = prefix + number(before)
	}
	found := 0
	for e, err := range entries.Index(tx, byWhat, r) {
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(string(e.Value[strings.LastIndexByte(string(e.Value), '/')+1:]))
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
		if found++; found == most {
			break
		}
	}
	return numbers, nil
}

// afterMonthTx is the number of the first entry that was written after a month,
// or 0 when none was. Entries are numbered as they are written, so it looks at
// a few of them only.
func (s *Service) afterMonthTx(tx store.Tx, id string, month time.Time) (int, error) {
	m := month.In(s.Zone)
	end := time.Date(m.Year(), m.Month()+1, 1, 0, 0, 0, 0, s.Zone)
	e, err := cards.Get(tx, id)
	if err != nil {
		return 0, err
	}
	low, high := 1, e.LogCount+1
	for low < high {
		middle := (low + high) / 2
		one, err := entries.Get(tx, entryKey(id, middle))
		switch {
		case err != nil:
			return 0, err
		case one.Written.Before(end):
			low = middle + 1
		default:
			high = middle
		}
	}
	if low > e.LogCount {
		return 0, nil
	}
	return low, nil
}

// maxMonths bounds the months that are offered.
const maxMonths = 60

// Months are the months from the first entry of the log to the newest, the
// newest first: the first day of each.
func (s *Service) Months(ctx context.Context, e *Experiment) (months []time.Time, err error) {
	defer fault.Wrap(&err, "months of the log of experiment %q", e.ID)
	if e.LogCount == 0 {
		return nil, nil
	}
	first, err := store.Get(ctx, s.Store, func(tx store.Tx) (Entry, error) { return entries.Get(tx, entryKey(e.ID, 1)) })
	if err != nil {
		return nil, err
	}
	from := first.Written.In(s.Zone)
	last := e.LastLog.In(s.Zone)
	for m := time.Date(last.Year(), last.Month(), 1, 0, 0, 0, 0, s.Zone); len(months) < maxMonths; m = m.AddDate(0, -1, 0) {
		months = append(months, m)
		if m.Year() == from.Year() && m.Month() == from.Month() || m.Before(from) {
			break
		}
	}
	return months, nil
}
