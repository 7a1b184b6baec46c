package once_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// submit counts how often fn really ran.
func submit(ctx context.Context, s store.Store, runs *int, fail error) (string, error) {
	var out string
	err := s.Update(ctx, func(tx store.Tx) (err error) {
		out, err = once.Do(tx, now, func() (string, error) {
			*runs++
			return "made", fail
		})
		return err
	})
	return out, err
}

func TestSecondSubmissionGetsTheFirstAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		runs := 0
		ctx := once.With(t.Context(), "anna", "k1", "")
		for range 3 {
			if out, err := submit(ctx, s, &runs, nil); err != nil || out != "made" {
				t.Fatalf("got %q, %v", out, err)
			}
		}
		if runs != 1 {
			t.Errorf("ran %d times, want once", runs)
		}
	})
}

func TestKeysOfOthersAndOtherContent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		runs := 0
		if _, err := submit(once.With(t.Context(), "anna", "k", "body 1"), s, &runs, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := submit(once.With(t.Context(), "berit", "k", "body 2"), s, &runs, nil); err != nil || runs != 2 {
			t.Errorf("another person's key: %v after %d runs, want it to run", err, runs)
		}
		if _, err := submit(once.With(t.Context(), "anna", "k", "body 2"), s, &runs, nil); !errors.Is(err, once.ErrReused) {
			t.Errorf("the key with another content: %v, want ErrReused", err)
		}
	})
}

func TestAFailureIsNotRemembered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		runs := 0
		ctx := once.With(t.Context(), "anna", "k", "")
		if _, err := submit(ctx, s, &runs, errors.New("no")); err == nil {
			t.Fatal("a failure was swallowed")
		}
		if out, err := submit(ctx, s, &runs, nil); err != nil || out != "made" || runs != 2 {
			t.Errorf("after a failure: %q, %v, %d runs", out, err, runs)
		}
	})
}

func TestWithoutAKeyEverySubmissionCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		runs := 0
		for range 2 {
			if _, err := submit(once.With(t.Context(), "anna", "", ""), s, &runs, nil); err != nil {
				t.Fatal(err)
			}
		}
		if runs != 2 {
			t.Errorf("ran %d times, want 2", runs)
		}
	})
}

func TestSweepForgetsOldAnswersOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		runs := 0
		ctx := once.With(t.Context(), "anna", "k", "")
		if _, err := submit(ctx, s, &runs, nil); err != nil {
			t.Fatal(err)
		}
		if n, err := once.Sweep(t.Context(), s, now.Add(once.Keep-time.Hour)); err != nil || n != 0 {
			t.Errorf("before its time: %d swept, %v", n, err)
		}
		if n, err := once.Sweep(t.Context(), s, now.Add(once.Keep+time.Hour)); err != nil || n != 1 {
			t.Errorf("after its time: %d swept, %v", n, err)
		}
	})
}
