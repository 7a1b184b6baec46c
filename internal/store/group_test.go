package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

var errDisk = errors.New("the disk is on fire")

// gather calls Update with each function, in order, while another Update holds
// the turn, so that they all are in its group.
func gather(t *testing.T, db *store.DB, fns ...func(store.Tx) error) []error {
	t.Helper()
	errs := make([]error, len(fns))
	var wg sync.WaitGroup
	_ = db.Update(t.Context(), func(store.Tx) error {
		for i, fn := range fns {
			wg.Go(func() {
				defer func() {
					if p := recover(); p != nil {
						errs[i] = fmt.Errorf("panic: %v", p)
					}
				}()
				errs[i] = db.Update(t.Context(), fn)
			})
			await(db, i+1)
		}
		return nil
	})
	wg.Wait()
	return errs
}

// await returns when n Updates wait.
func await(db *store.DB, n int) {
	for db.Waiting() < n {
		runtime.Gosched()
	}
}

func writing(key string, err error) func(store.Tx) error {
	return func(tx store.Tx) error { return errors.Join(tx.Put("b", key, nil), err) }
}

func stored(t *testing.T, db *store.DB) []string {
	t.Helper()
	list, err := store.Get(t.Context(), db, func(tx store.Tx) (list []string, err error) {
		for e, err := range tx.Scan("b", store.Range{}) {
			if err != nil {
				return nil, err
			}
			list = append(list, e.Key)
		}
		return list, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAllThatQueuedAreCommittedTogether(t *testing.T) {
	m := &memory{}
	db := store.New(m)
	refused := errors.New("refused")
	errs := gather(t, db, writing("a", nil), writing("x", refused), writing("b", nil), writing("c", nil))
	if errs[0] != nil || !errors.Is(errs[1], refused) || errs[2] != nil || errs[3] != nil {
		t.Errorf("errors %v", errs)
	}
	if !slices.Equal(m.commits, []int{3}) {
		t.Errorf("commits of %v writes, want one of 3", m.commits)
	}
	if got := stored(t, db); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("stored %q", got)
	}
}

func TestAKeyWrittenByMoreThanOneIsCommittedOnce(t *testing.T) {
	m := &memory{}
	db := store.New(m)
	gather(t, db, writing("a", nil), writing("a", nil), func(tx store.Tx) error { return tx.Delete("b", "a") })
	if !slices.Equal(m.commits, []int{1}) || len(stored(t, db)) != 0 {
		t.Errorf("commits %v, stored %q", m.commits, stored(t, db))
	}
}

func TestAGroupThatWroteNothingIsNotCommitted(t *testing.T) {
	m := &memory{}
	db := store.New(m)
	ran := false
	gather(t, db, func(tx store.Tx) error { tx.OnCommit(func() { ran = true }); return nil }, writing("x", errDisk))
	if len(m.commits) != 0 {
		t.Errorf("commits %v", m.commits)
	}
	if !ran {
		t.Error("the one that succeeded was not told")
	}
}

func TestACommitErrorFailsAllOfItsGroupAndNoOther(t *testing.T) {
	fail := false
	m := &memory{beforeCommit: func() error {
		if fail {
			fail = false
			return errDisk
		}
		return nil
	}}
	db := store.New(m)
	refused := errors.New("refused")
	fail = true
	errs := gather(t, db,
		func(tx store.Tx) error {
			tx.OnCommit(func() { t.Error("told of a commit that failed") })
			return tx.Put("b", "a", nil)
		},
		writing("x", refused), writing("b", nil))
	if !errors.Is(errs[0], errDisk) || !errors.Is(errs[1], refused) || !errors.Is(errs[2], errDisk) {
		t.Errorf("errors %v", errs)
	}
	if got := stored(t, db); len(got) != 0 {
		t.Errorf("stored %q", got)
	}
	if err := db.Update(t.Context(), writing("later", nil)); err != nil {
		t.Error(err)
	}
}

func TestAPanicInACommitIsAnErrorOfItsGroup(t *testing.T) {
	m := &memory{beforeCommit: func() error { panic("on purpose") }}
	db := store.New(m)
	for i, err := range gather(t, db, writing("a", nil), writing("b", nil)) {
		if err == nil {
			t.Errorf("%d: no error", i)
		}
	}
	m.beforeCommit = nil
	if err := db.Update(t.Context(), writing("later", nil)); err != nil {
		t.Error(err)
	}
}

func TestWhenNothingCanBeWrittenNoFunctionRuns(t *testing.T) {
	m := &memory{}
	db := store.New(m)
	if err := db.Update(t.Context(), writing("a", nil)); err != nil {
		t.Fatal(err)
	}
	m.beforeWrite = func() error { return store.ErrFull }
	never := func(store.Tx) error { t.Error("it ran"); return nil }
	for range 3 {
		if err := db.Update(t.Context(), never); !errors.Is(err, store.ErrFull) {
			t.Error(err)
		}
	}
	if got := stored(t, db); !slices.Equal(got, []string{"a"}) {
		t.Errorf("reading gives %q", got)
	}
	m.beforeWrite = nil
	if err := db.Update(t.Context(), writing("b", nil)); err != nil {
		t.Error("with room again:", err)
	}
}

func TestTheLastOneCommitsForTheOthersEvenWhenItPanics(t *testing.T) {
	m := &memory{}
	db := store.New(m)
	errs := gather(t, db, writing("a", nil), func(store.Tx) error { panic("on purpose") })
	if errs[0] != nil || errs[1] == nil {
		t.Errorf("errors %v", errs)
	}
	if got := stored(t, db); !slices.Equal(got, []string{"a"}) {
		t.Errorf("stored %q", got)
	}
}

func TestADeadlineEndsTheWaitingAndTheRestGoesOn(t *testing.T) {
	db := store.New(&memory{})
	var wg sync.WaitGroup
	err := db.Update(t.Context(), func(store.Tx) error {
		ctx, cancel := context.WithCancel(t.Context())
		for range 3 {
			wg.Go(func() {
				err := db.Update(ctx, func(store.Tx) error { t.Error("it ran"); return nil })
				if !errors.Is(err, store.ErrBusy) || !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		await(db, 3)
		wg.Go(func() {
			if err := db.Update(t.Context(), writing("patient", nil)); err != nil {
				t.Error(err)
			}
		})
		await(db, 4)
		cancel()
		return nil
	})
	wg.Wait()
	if got := stored(t, db); err != nil || !slices.Equal(got, []string{"patient"}) {
		t.Errorf("%v, stored %q", err, got)
	}
}

func TestALargeGroupIsCommittedInParts(t *testing.T) {
	m := &memory{}
	db := store.New(m)
	big := make([]byte, 9<<20)
	var fns []func(store.Tx) error
	for i := range 5 {
		fns = append(fns, func(tx store.Tx) error { return tx.Put("b", fmt.Sprint(i), big) })
	}
	for i, err := range gather(t, db, fns...) {
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if !slices.Equal(m.commits, []int{2, 2, 1}) {
		t.Errorf("commits of %v", m.commits)
	}
}

func TestStrictFindsATransactionInsideAnotherByItsGoroutine(t *testing.T) {
	db := store.New(&memory{}, store.Strict())
	nothing := func(store.Tx) error { return nil }
	outer := func(store.Tx) error { // the mistake: the outer context again
		return errors.Join(db.Update(t.Context(), nothing), db.View(t.Context(), nothing))
	}
	for name, err := range map[string]error{"Update": db.Update(t.Context(), outer), "View": db.View(t.Context(), outer)} {
		if !errors.Is(err, store.ErrNested) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.Update(t.Context(), nothing); err != nil {
		t.Error("afterwards:", err)
	}
}

func TestWithoutStrictAnUpdateInsideAnotherEndsBusy(t *testing.T) {
	db := store.New(&memory{})
	err := db.Update(t.Context(), func(tx store.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := db.Update(ctx, writing("inner", nil)); !errors.Is(err, store.ErrBusy) {
			t.Error(err)
		}
		return tx.Put("b", "outer", nil)
	})
	if got := stored(t, db); err != nil || !slices.Equal(got, []string{"outer"}) {
		t.Errorf("%v, stored %q", err, got)
	}
}

func TestCloseWaitsForThoseThatRunOrWait(t *testing.T) {
	db := store.New(&memory{}, store.Log(slog.New(slog.DiscardHandler)))
	var wg sync.WaitGroup
	closed := make(chan struct{})
	finished := func(tx store.Tx) error {
		select {
		case <-closed:
			t.Error("closed too early")
		default:
		}
		return tx.Put("b", "k", nil)
	}
	err := db.Update(t.Context(), func(tx store.Tx) error {
		for i := range 3 {
			wg.Go(func() {
				if err := db.Update(t.Context(), finished); err != nil {
					t.Error(err)
				}
			})
			await(db, i+1)
		}
		go func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			close(closed)
		}()
		for !errors.Is(db.View(t.Context(), func(store.Tx) error { return nil }), store.ErrClosed) {
			runtime.Gosched()
		}
		return finished(tx)
	})
	wg.Wait()
	<-closed
	if err != nil {
		t.Error(err)
	}
}
