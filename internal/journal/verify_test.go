package journal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// tamper changes stored entry seq, or deletes it when change is nil.
func tamper(t *testing.T, s store.Store, seq uint64, change func(*journal.Entry)) {
	t.Helper()
	key := fmt.Sprintf("%016x", seq)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if change == nil {
			return tx.Delete("journal", key)
		}
		raw, err := tx.Get("journal", key)
		if err != nil {
			return err
		}
		var e journal.Entry
		if err := json.Unmarshal(raw, &e); err != nil {
			return err
		}
		change(&e)
		raw, err = json.Marshal(e)
		return errors.Join(err, tx.Put("journal", key, raw))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVerifyFindsTheFirstBreak(t *testing.T) {
	tests := map[string]struct {
		tamper func(t *testing.T, s store.Store)
		want   uint64 // first wrong entry; 0: whole
	}{
		"nothing was done": {func(*testing.T, store.Store) {}, 0},
		"another actor": {func(t *testing.T, s store.Store) {
			tamper(t, s, 3, func(e *journal.Entry) { e.Actor = "eero" })
		}, 3},
		"another time": {func(t *testing.T, s store.Store) {
			tamper(t, s, 3, func(e *journal.Entry) { e.Time = e.Time.Add(1) })
		}, 3},
		"another actor, and the hash computed anew": {func(t *testing.T, s store.Store) {
			tamper(t, s, 3, func(e *journal.Entry) { e.Actor = "eero"; e.Hash = e.Sum() })
		}, 4},
		"the first entry removed":   {func(t *testing.T, s store.Store) { tamper(t, s, 1, nil) }, 1},
		"one in the middle removed": {func(t *testing.T, s store.Store) { tamper(t, s, 4, nil) }, 4},
		"the last one removed":      {func(t *testing.T, s store.Store) { tamper(t, s, 9, nil) }, 9},
		"all removed": {func(t *testing.T, s store.Store) {
			for seq := range uint64(9) {
				tamper(t, s, seq+1, nil)
			}
		}, 1},
		"the last one rewritten with its hash": {func(t *testing.T, s store.Store) {
			tamper(t, s, 9, func(e *journal.Entry) { e.Actor = "eero"; e.Hash = e.Sum() })
		}, 9},
		"another portal's genesis": {func(t *testing.T, s store.Store) {
			tamper(t, s, 1, func(e *journal.Entry) { e.Prev = journal.Hash{1}; e.Hash = e.Sum() })
		}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) {
				j := opened(t, s)
				for i := range 9 {
					write(t, s, j, fmt.Sprint("case:", i))
				}
				tt.tamper(t, s)
				h, err := j.Verify(t.Context())
				if tt.want == 0 {
					if err != nil || h.Seq != 9 {
						t.Errorf("Verify = %+v, %v", h, err)
					}
					return
				}
				found := fault.All(err)
				if !errors.Is(err, journal.ErrBroken) || len(found) != 1 || found[0].Args[0] != tt.want {
					t.Errorf("Verify = %v, want a break at %d", err, tt.want)
				}
			})
		})
	}
}

func TestAPublishedHeadProvesThatNothingBeforeItWasRewritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, "case:a")
		published := head(t, s, j).Hash
		write(t, s, j, "case:b", "case:c")
		if _, err := j.Verify(t.Context(), published, head(t, s, j).Hash); err != nil {
			t.Errorf("honest journal: %v", err)
		}

		// The operator rewrites everything, chain and head.
		forget(t, s)
		j = opened(t, s)
		write(t, s, j, "case:x", "case:b", "case:c")
		if _, err := j.Verify(t.Context()); err != nil {
			t.Errorf("the forged chain is whole in itself: %v", err)
		}
		if _, err := j.Verify(t.Context(), published); !errors.Is(err, journal.ErrMissingHead) {
			t.Errorf("forged journal: %v", err)
		}
	})
}

// forget empties the journal's buckets.
func forget(t *testing.T, s store.Store) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for _, bucket := range []string{"journal", journal.HeadBucket, "journal_day"} {
			for e, err := range tx.Scan(bucket, store.Range{}) {
				if err := errors.Join(err, tx.Delete(bucket, e.Key)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLongJournalsAreVerifiedByPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		write(t, s, j, make2500()...)
		if h, err := j.Verify(t.Context()); err != nil || h.Seq != 2500 {
			t.Errorf("Verify = %+v, %v", h, err)
		}
		tamper(t, s, 2001, func(e *journal.Entry) { e.Kind = "other" })
		if _, err := j.Verify(t.Context()); !errors.Is(err, journal.ErrBroken) {
			t.Errorf("Verify = %v", err)
		}
	})
}

func make2500() []string {
	list := make([]string, 2500)
	for i := range list {
		list[i] = fmt.Sprint("case:", i)
	}
	return list
}

func TestEveryDayLeavesItsHead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		c := newClock() // 22:30 on 2 March
		j := opened(t, s, journal.Clock(c.now))
		heads := func(limit int) []string {
			list, err := store.Get(t.Context(), s, func(tx store.Tx) ([]journal.DayHead, error) { return j.Heads(tx, limit) })
			if err != nil {
				t.Fatal(err)
			}
			out := []string{}
			for _, d := range list {
				out = append(out, fmt.Sprint(d.Day, " ", d.Seq))
			}
			return out
		}
		expect := func(limit int, want ...string) {
			t.Helper()
			if d := cmp.Diff(append([]string{}, want...), heads(limit)); d != "" {
				t.Error(d)
			}
		}
		expect(9)
		write(t, s, j, "case:a")
		c.pass(time.Hour)
		write(t, s, j, "case:b")
		expect(9) // the day is not over
		c.pass(time.Hour)
		expect(9, "2026-03-02 2") // over, though nothing has happened since
		write(t, s, j, "case:c")
		expect(9, "2026-03-02 2")
		c.pass(72 * time.Hour)
		write(t, s, j, "case:d")
		expect(9, "2026-03-03 3", "2026-03-02 2")
		c.pass(24 * time.Hour)
		expect(9, "2026-03-06 4", "2026-03-03 3", "2026-03-02 2")
		expect(2, "2026-03-06 4", "2026-03-03 3")
		expect(0)
		if _, err := j.Verify(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestARecordedDayHeadMustBeInTheJournal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		c := newClock()
		j := opened(t, s, journal.Clock(c.now))
		write(t, s, j, "case:a")
		c.pass(24 * time.Hour)
		write(t, s, j, "case:b")
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return tx.Put("journal_day", "2026-03-02", []byte(`{"portal":"p","seq":1,"hash":"`+journal.Hash{1}.String()+`"}`))
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := j.Verify(t.Context()); !errors.Is(err, journal.ErrBroken) {
			t.Errorf("Verify = %v", err)
		}
	})
}

func TestAClockThatJumpsBackBreaksNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		c := newClock()
		j := opened(t, s, journal.Clock(c.now))
		for _, d := range []time.Duration{0, 48 * time.Hour, -72 * time.Hour, 24 * time.Hour, 72 * time.Hour} {
			c.pass(d)
			write(t, s, j, "case:a")
		}
		if _, err := j.Verify(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
