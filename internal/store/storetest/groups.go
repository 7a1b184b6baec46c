package storetest

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kokeilu/kokeilu/internal/store"
)

func same[T any](got, want T) error {
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		return fmt.Errorf("(-want +got):\n%s", d)
	}
	return nil
}

// together calls Update with fn(0) to fn(n-1) while another one holds the
// turn, so that they are likely, though not certain, to share one commit. The
// promises hold either way.
func together(t *testing.T, s store.Store, n int, fn func(i int, tx store.Tx) error) []error {
	t.Helper()
	errs := make([]error, n)
	var all, wg sync.WaitGroup
	all.Add(n)
	update(t, s, func(store.Tx) error {
		for i := range n {
			wg.Go(func() {
				all.Done()
				errs[i] = s.Update(t.Context(), func(tx store.Tx) error { return fn(i, tx) })
			})
		}
		all.Wait()
		for range 10 * n {
			runtime.Gosched()
		}
		return nil
	})
	wg.Wait()
	return errs
}

var groups = promise{
	"one that fails does not spoil the others of its group": func(t *testing.T, s store.Store) {
		errs := together(t, s, 30, func(i int, tx store.Tx) error {
			err := tx.Put("b", fmt.Sprintf("%02d", i), nil)
			if i%3 == 0 {
				return errRefused
			}
			return err
		})
		var wanted []string
		for i, err := range errs {
			if failed := i%3 == 0; failed != errors.Is(err, errRefused) || !failed && err != nil {
				t.Errorf("%d: %v", i, err)
			}
			if i%3 != 0 {
				wanted = append(wanted, fmt.Sprintf("%02d", i))
			}
		}
		view(t, s, func(tx store.Tx) error { return sameKeys(tx, store.Range{}, wanted) })
	},
	"one sees what the earlier ones of its group wrote, and nothing of those that failed": func(t *testing.T, s store.Store) {
		put(t, s, "n", "0")
		var seen []string
		var mu sync.Mutex
		together(t, s, 30, func(i int, tx store.Tx) error {
			if i%3 == 0 {
				return errors.Join(tx.Put("b", "n", []byte("spoilt")), tx.Put("b", "x", nil), errRefused)
			}
			v, _ := tx.Get("b", "n")
			mu.Lock()
			seen = append(seen, string(v))
			mu.Unlock()
			return errors.Join(increment(tx), sameKeys(tx, store.Range{}, []string{"n"}))
		})
		want(t, s, "n", "20")
		for i, v := range seen {
			if v != strconv.Itoa(i) {
				t.Fatalf("seen %q", seen)
			}
		}
	},
	"what one has seen when it failed can be seen when its Update returns": func(t *testing.T, s store.Store) {
		errs := together(t, s, 30, func(i int, tx store.Tx) error {
			if _, err := tx.Get("b", "taken"); err == nil {
				return store.ErrExists
			}
			return tx.Put("b", "taken", []byte(strconv.Itoa(i)))
		})
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, store.ErrExists) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d won", won)
		}
	},
	"what waits for the commit runs in the order of the group, once for each that succeeded": func(t *testing.T, s store.Store) {
		put(t, s, "n", "0")
		var ran, order []int
		together(t, s, 30, func(i int, tx store.Tx) error {
			if i%3 == 0 {
				tx.OnCommit(func() { t.Error("it ran for one that failed") })
				return errRefused
			}
			order = append(order, i)
			tx.OnCommit(func() { ran = append(ran, i) })
			return increment(tx)
		})
		if err := same(ran, order); err != nil || len(ran) != 20 {
			t.Error(len(ran), err)
		}
	},
	"a unique index sees the earlier ones of its group": func(t *testing.T, s store.Store) {
		errs := together(t, s, 20, func(i int, tx store.Tx) error {
			return people.Put(tx, person{ID: strconv.Itoa(i), Mail: fmt.Sprintf("p%d@example.org", i%4)})
		})
		stored := 0
		for _, err := range errs {
			if err == nil {
				stored++
			} else if !errors.Is(err, store.ErrExists) {
				t.Error(err)
			}
		}
		if stored != 4 {
			t.Errorf("%d stored", stored)
		}
		view(t, s, func(tx store.Tx) error {
			n, err := people.Count(tx, "mail", "")
			return errors.Join(err, same(n, 4))
		})
	},
	"a thousand at once are all stored": func(t *testing.T, s store.Store) {
		var wanted []string
		for i := range 1000 {
			wanted = append(wanted, fmt.Sprintf("%04d", i))
		}
		errs := together(t, s, 1000, func(i int, tx store.Tx) error { return tx.Put("b", wanted[i], nil) })
		if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
			t.Error(errs[i])
		}
		view(t, s, func(tx store.Tx) error { return sameKeys(tx, store.Range{}, wanted) })
	},
}
