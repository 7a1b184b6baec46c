package journal

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

var (
	// ErrBroken means that the chain of hashes is not whole. Its argument is
	// the number of the first entry that is wrong or missing.
	ErrBroken = fault.New(fault.Conflict, "journal.broken")
	// ErrMissingHead means that a published head is not in this journal:
	// entries were removed or rewritten after it was published.
	ErrMissingHead = fault.New(fault.Conflict, "journal.missing_head")
)

// verifyPage is how many entries are checked in one View.
const verifyPage = 1000

// Verify walks the whole journal and returns its head when every entry follows
// from the one before and every recorded or published head is among them.
// Otherwise it fails with ErrBroken or ErrMissingHead. Without a published head
// it shows that the entries are in order, not that none was cut off.
func (j *Journal) Verify(ctx context.Context, published ...Hash) (head Head, err error) {
	defer fault.Wrap(&err, "verify the journal")
	var days []DayHead
	err = j.store.View(ctx, func(tx store.Tx) error {
		if head, err = j.Head(tx); err != nil {
			return err
		}
		days, err = j.Heads(tx, int(head.Seq))
		slices.SortFunc(days, func(a, b DayHead) int { return cmp.Compare(b.Seq, a.Seq) })
		return err
	})
	if err != nil {
		return head, err
	}
	w := walk{last: genesis(head.Portal).Position, days: days, missing: slices.Clone(published)}
	if err := w.tickOff(); err != nil {
		return head, err
	}
	for w.last.Seq < head.Seq {
		if err := ctx.Err(); err != nil {
			return head, err
		}
		page, err := store.Get(ctx, j.store, func(tx store.Tx) ([]Entry, error) {
			return j.List(tx, w.last.Seq, int(min(verifyPage, head.Seq-w.last.Seq)))
		})
		if err != nil {
			return head, err
		}
		if err := w.follow(page); err != nil {
			return head, err
		}
	}
	return head, w.end(head)
}

// walk is how far Verify has come.
type walk struct {
	last    Position
	days    []DayHead // highest first
	missing []Hash
}

func (w *walk) follow(page []Entry) error {
	if len(page) == 0 {
		return broken(w.last.Seq+1, "it and all later ones are missing")
	}
	for _, e := range page {
		switch {
		case e.Seq != w.last.Seq+1:
			return broken(w.last.Seq+1, "it is missing")
		case e.Prev != w.last.Hash:
			return broken(e.Seq, "it does not follow from the entry before")
		case e.Sum() != e.Hash:
			return broken(e.Seq, "its content is not what was hashed")
		}
		w.last.Seq, w.last.Hash = e.Seq, e.Hash
		if err := w.tickOff(); err != nil {
			return err
		}
	}
	return nil
}

// tickOff notes that the heads at this position have been met.
func (w *walk) tickOff() error {
	w.missing = slices.DeleteFunc(w.missing, func(h Hash) bool { return h == w.last.Hash })
	if n := len(w.days); n > 0 && w.days[n-1].Seq == w.last.Seq {
		if w.days[n-1].Hash != w.last.Hash {
			return broken(w.last.Seq, "it is not what its day ended with")
		}
		w.days = w.days[:n-1]
	}
	return nil
}

func (w *walk) end(head Head) error {
	switch {
	case w.last != head.Position:
		return broken(head.Seq, "the head is not that of the last entry")
	case len(w.days) > 0:
		return broken(w.days[len(w.days)-1].Seq, "what its day ended with is not in the journal")
	case len(w.missing) > 0:
		return ErrMissingHead.With(w.missing[0].String())
	}
	return nil
}

func broken(seq uint64, why string) error {
	return ErrBroken.With(seq).Because(fmt.Errorf("entry %d: %s", seq, why))
}
