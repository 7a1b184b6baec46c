package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

var views = promise{
	"a view shows one state, whatever is written meanwhile": func(t *testing.T, s store.Store) {
		put(t, s, "k", "before")
		view(t, s, func(tx store.Tx) error {
			var wg sync.WaitGroup
			wg.Go(func() { put(t, s, "k", "after"); put(t, s, "l", "after") })
			wg.Wait()
			if v, err := tx.Get("b", "k"); err != nil || string(v) != "before" {
				return fmt.Errorf("Get = %q, %v", v, err)
			}
			return sameKeys(tx, store.Range{}, []string{"k"})
		})
		want(t, s, "k", "after")
	},
	"writing in a view is an error": func(t *testing.T, s store.Store) {
		view(t, s, func(tx store.Tx) error {
			for _, err := range []error{tx.Put("b", "k", nil), tx.Delete("b", "k")} {
				if !errors.Is(err, store.ErrReadOnly) {
					return fmt.Errorf("%v", err)
				}
			}
			return nil
		})
	},
	"a view returns what its function returned": func(t *testing.T, s store.Store) {
		if err := s.View(t.Context(), func(store.Tx) error { return errRefused }); !errors.Is(err, errRefused) {
			t.Error(err)
		}
		got, err := store.Get(t.Context(), s, func(store.Tx) (int, error) { return 7, nil })
		if got != 7 || err != nil {
			t.Error(got, err)
		}
	},
	"many views run at the same time": func(t *testing.T, s store.Store) {
		var wg, all sync.WaitGroup
		all.Add(20)
		for range 20 {
			wg.Go(func() {
				view(t, s, func(store.Tx) error {
					all.Done()
					all.Wait()
					return nil
				})
			})
		}
		wg.Wait()
	},
	"a transaction that is over cannot be used": func(t *testing.T, s store.Store) {
		var old store.Tx
		keep := func(tx store.Tx) error { old = tx; return nil }
		for _, run := range []func(){func() { update(t, s, keep) }, func() { view(t, s, keep) }} {
			run()
			if _, err := old.Get("b", "k"); !errors.Is(err, store.ErrOver) {
				t.Errorf("Get: %v", err)
			}
			if err := old.Put("b", "k", nil); !errors.Is(err, store.ErrOver) {
				t.Errorf("Put: %v", err)
			}
			for _, err := range old.Scan("b", store.Range{}) {
				if !errors.Is(err, store.ErrOver) {
					t.Errorf("Scan: %v", err)
				}
			}
		}
	},
	"a transaction inside another is refused": func(t *testing.T, s store.Store) {
		nothing := func(store.Tx) error { return nil }
		outer := func(tx store.Tx) error {
			for name, err := range map[string]error{"Update": s.Update(tx.Context(), nothing), "View": s.View(tx.Context(), nothing)} {
				if !errors.Is(err, store.ErrNested) {
					return fmt.Errorf("%s inside: %v", name, err)
				}
			}
			return nil
		}
		view(t, s, outer)
		update(t, s, outer)
	},
	"a closed store refuses, and closes twice": func(t *testing.T, s store.Store) {
		for range 2 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		nothing := func(store.Tx) error { return nil }
		for _, err := range []error{s.Update(t.Context(), nothing), s.View(t.Context(), nothing)} {
			if !errors.Is(err, store.ErrClosed) || fault.KindOf(err) != fault.Unavailable {
				t.Error(err)
			}
		}
	},
}

var updates = promise{
	"no update of 20 concurrent increments is lost": func(t *testing.T, s store.Store) {
		put(t, s, "n", "0")
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				for range 5 {
					if err := s.Update(t.Context(), increment); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		want(t, s, "n", "100")
	},
	"a failed update leaves nothing": func(t *testing.T, s store.Store) {
		put(t, s, "kept", "v")
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return errors.Join(tx.Put("b", "new", nil), tx.Put("other", "new", nil), tx.Delete("b", "kept"), errRefused)
		})
		if !errors.Is(err, errRefused) {
			t.Errorf("Update = %v", err)
		}
		view(t, s, func(tx store.Tx) error {
			return errors.Join(sameKeys(tx, store.Range{}, []string{"kept"}), same(keys(tx, "other", store.Range{}), nil))
		})
	},
	"a panic leaves nothing, reaches its caller and harms nobody else": func(t *testing.T, s store.Store) {
		func() {
			defer func() {
				if p := recover(); p != "on purpose" {
					t.Errorf("recovered %v", p)
				}
			}()
			_ = s.Update(t.Context(), func(tx store.Tx) error {
				_ = tx.Put("b", "k", nil)
				panic("on purpose")
			})
		}()
		put(t, s, "l", "v")
		view(t, s, func(tx store.Tx) error { return sameKeys(tx, store.Range{}, []string{"l"}) })
	},
	"a goroutine that ends inside an update leaves nothing and harms nobody else": func(t *testing.T, s store.Store) {
		var wg sync.WaitGroup
		wg.Go(func() {
			_ = s.Update(t.Context(), func(tx store.Tx) error {
				_ = tx.Put("b", "k", nil)
				runtime.Goexit()
				return nil
			})
		})
		wg.Wait()
		put(t, s, "l", "v")
		view(t, s, func(tx store.Tx) error { return sameKeys(tx, store.Range{}, []string{"l"}) })
	},
	"a deadline that has passed ends an update before its function runs": func(t *testing.T, s store.Store) {
		ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
		defer cancel()
		for _, run := range []func(context.Context, func(store.Tx) error) error{s.Update, s.View} {
			err := run(ctx, func(store.Tx) error { t.Error("it ran"); return nil })
			if !errors.Is(err, store.ErrBusy) || !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
	},
	"a deadline ends the waiting for a turn": func(t *testing.T, s store.Store) {
		update(t, s, func(store.Tx) error {
			var wg sync.WaitGroup
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				err := s.Update(ctx, func(store.Tx) error { t.Error("it ran"); return nil })
				if !errors.Is(err, store.ErrBusy) {
					t.Error(err)
				}
			})
			wg.Wait()
			return nil
		})
		put(t, s, "k", "v")
	},
	"a deadline that passes while the function runs changes nothing": func(t *testing.T, s store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Update(ctx, func(tx store.Tx) error {
			cancel()
			return tx.Put("b", "k", []byte("v"))
		})
		if err != nil {
			t.Error(err)
		}
		want(t, s, "k", "v")
	},
	"an update without a deadline gets one": func(t *testing.T, s store.Store) {
		err := s.Update(context.WithoutCancel(t.Context()), func(tx store.Tx) error {
			if d, ok := tx.Context().Deadline(); !ok || time.Until(d) > 5*time.Second {
				return fmt.Errorf("deadline %v, %t", d, ok)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	},
	"what waits for the commit runs after it, in order and before Update returns": func(t *testing.T, s store.Store) {
		var ran []int
		update(t, s, func(tx store.Tx) error {
			for i := range 3 {
				tx.OnCommit(func() { ran = append(ran, i) })
			}
			if len(ran) > 0 {
				return errors.New("it ran before the commit")
			}
			return tx.Put("b", "k", nil)
		})
		if err := same(ran, []int{0, 1, 2}); err != nil {
			t.Error(err)
		}
	},
	"what waits for the commit does not run without one, nor in a view": func(t *testing.T, s store.Store) {
		register := func(tx store.Tx) error {
			tx.OnCommit(func() { t.Error("it ran") })
			return errRefused
		}
		if err := errors.Join(s.Update(t.Context(), register), s.View(t.Context(), register)); !errors.Is(err, errRefused) {
			t.Error(err)
		}
	},
	"a panic after the commit harms nobody": func(t *testing.T, s store.Store) {
		ran := false
		update(t, s, func(tx store.Tx) error {
			tx.OnCommit(func() { panic("on purpose") })
			tx.OnCommit(func() { ran = true })
			return tx.Put("b", "k", []byte("v"))
		})
		want(t, s, "k", "v")
		if !ran {
			t.Error("the next one did not run")
		}
	},
}

// increment adds one to the number at "n".
func increment(tx store.Tx) error {
	v, err := tx.Get("b", "n")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(string(v))
	if err != nil {
		return err
	}
	return tx.Put("b", "n", []byte(strconv.Itoa(n+1)))
}
