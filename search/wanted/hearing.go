package wanted

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

const (
	maxHeard   = 500             // searches that wait in memory to be counted
	maxNew     = 100             // new words in one go
	maxUnknown = 5000            // words that were asked for on too few days
	maxWaiting = 500             // words that wait for a moderator
	keepHeard  = 60              // days after which words are forgotten that were not asked for again
	pace       = time.Minute     // between two counts
	lastCount  = 5 * time.Second // for what was heard when the portal stops
)

// heard is a search in vain. The same words count once in a minute, so that
// nobody who asks again and again makes them important.
type heard struct {
	words  string
	minute time.Time
}

// hearing is what was heard and not counted yet, and the language of the page
// it was asked on.
type hearing struct {
	mu  sync.Mutex
	all map[heard]string
}

// add keeps a search; false when there is no room.
func (h *hearing) add(one heard, lang string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.all[one]; ok {
		return true
	}
	if len(h.all) >= maxHeard {
		return false
	}
	if h.all == nil {
		h.all = map[heard]string{}
	}
	h.all[one] = lang
	return true
}

// take empties the hearing.
func (h *hearing) take() map[heard]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := h.all
	h.all = nil
	return all
}

// Hear notes a search that found nothing, in memory: it costs the page no
// writing. It reports whether the words will be counted: those that look
// personal are not, nor any while there is no room.
func (s *Service) Hear(lang, typed string) bool {
	words, ok := Countable(typed)
	return ok && s.hearing.add(heard{words, s.Now().UTC().Truncate(time.Minute)}, lang)
}

// Run counts what was heard once a minute until ctx is over, and then a last
// time.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastCount)
			defer cancel()
			if err := s.Count(last); err != nil {
				s.Log.Warn("searches without a find were not counted", "err", err)
			}
			return
		case <-tick.C:
			if err := s.Count(ctx); err != nil && ctx.Err() == nil {
				s.Log.Warn("searches without a find were not counted", "err", err)
			}
		}
	}
}

// Count stores what was heard since. What cannot be stored now is counted the
// next time, as far as there is room.
func (s *Service) Count(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "count searches without a find")
	all := s.hearing.take()
	if len(all) == 0 {
		return nil
	}
	list := make([]heard, 0, len(all))
	for one := range all {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b heard) int { return a.minute.Compare(b.minute) })
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		added := 0
		for _, one := range list {
			isNew, err := s.countTx(tx, one, all[one], added < maxNew)
			if err != nil {
				return err
			}
			if isNew {
				added++
			}
		}
		if added == 0 {
			return nil
		}
		return errors.Join(forgetTx(tx, Heard, maxUnknown, s.Now().AddDate(0, 0, -keepHeard)), forgetTx(tx, Waiting, maxWaiting, time.Time{}))
	})
	if err != nil {
		for one, lang := range all {
			s.hearing.add(one, lang)
		}
	}
	return err
}

// countTx counts one search. Another node may have counted the minute already.
func (s *Service) countTx(tx store.Tx, h heard, lang string, mayAdd bool) (isNew bool, err error) {
	digest := digestOf(h.words)
	w, err := table.One(tx, byDigest, digest)
	switch {
	case errors.Is(err, store.ErrNotFound):
		if !mayAdd {
			return false, nil
		}
		w, isNew = Want{ID: s.NewID(), Digest: digest, Lang: lang, State: Heard}, true
	case err != nil:
		return false, err
	case w.State == Hidden || !h.minute.After(w.Last):
		return false, nil
	}
	w.Last = h.minute
	if w.State != Merged {
		w.count(h.words, h.minute, s.Zone)
		return isNew, table.Put(tx, w)
	}
	into, err := table.Get(tx, w.Into)
	if err != nil {
		return false, err
	}
	into.count(into.Words, h.minute, s.Zone)
	return false, errors.Join(table.Put(tx, w), table.Put(tx, into))
}

// forgetTx drops the wants of a state that nobody has asked for since, and the
// oldest ones above a number.
func forgetTx(tx store.Tx, state State, most int, since time.Time) error {
	n, err := table.Count(tx, byState, string(state)+"/")
	if err != nil {
		return err
	}
	for w, err := range table.By(tx, byState, store.Prefix(string(state)+"/")) {
		if err != nil {
			return err
		}
		if n <= most && !w.Last.Before(since) {
			return nil
		}
		if err := table.Delete(tx, w.ID); err != nil {
			return err
		}
		n--
	}
	return nil
}
