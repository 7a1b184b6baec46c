package journal

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// DayHead is the head that a day, in UTC, ended with: what is published, so
// that everyone can hold the portal to what was in the journal by then.
type DayHead struct {
	Day string // 2006-01-02
	Head
}

// closeDay records head when now is the first entry's time on another day.
func closeDay(tx store.Tx, head Head, now time.Time) error {
	if head.Seq == 0 || day(head.Time) == day(now) {
		return nil
	}
	return putJSON(tx, dayBucket, day(head.Time), head)
}

// Heads returns the heads of at most limit past days on which something
// happened, newest first.
func (j *Journal) Heads(tx store.Tx, limit int) ([]DayHead, error) {
	head, err := j.Head(tx)
	if err != nil {
		return nil, err
	}
	var list []DayHead
	if head.Seq > 0 && day(head.Time) < day(j.now()) {
		list = append(list, DayHead{day(head.Time), head})
	}
	for e, err := range tx.Scan(dayBucket, store.Range{Reverse: true}) {
		if err != nil {
			return nil, err
		}
		d := DayHead{Day: e.Key}
		if err := json.Unmarshal(e.Value, &d.Head); err != nil {
			return nil, err
		}
		if len(list) == 0 || list[0].Day != d.Day {
			list = append(list, d)
		}
		if len(list) >= limit {
			break
		}
	}
	return list[:min(limit, len(list))], nil
}

// at returns the position behind entry seq of this journal, or
// store.ErrNotFound.
func at(tx store.Tx, head Head, seq uint64) (Position, error) {
	if seq == 0 {
		return genesis(head.Portal).Position, nil
	}
	e, err := getJSON[Entry](tx, entryBucket, entryKey(seq))
	return Position{Portal: head.Portal, Seq: seq, Hash: e.Hash}, err
}

// owns reports whether p is a position in the journal that ends with head.
func owns(tx store.Tx, head Head, p Position) (bool, error) {
	switch {
	case p == Position{}:
		return true, nil
	case p.Portal != head.Portal || p.Seq > head.Seq:
		return false, nil
	}
	here, err := at(tx, head, p.Seq)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return here == p, err
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
