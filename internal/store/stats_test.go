package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
)

func TestAStoreCountsWhatItDoes(t *testing.T) {
	db := store.New(&memory{})
	gather(t, db, writing("a", nil), writing("b", errDisk), writing("c", nil))
	stored(t, db)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range []error{db.Update(over, writing("d", nil)), db.View(over, func(store.Tx) error { return nil })} {
		if !errors.Is(err, store.ErrBusy) {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Update(t.Context(), writing("e", nil)); !errors.Is(err, store.ErrClosed) {
		t.Fatal(err)
	}
	got := db.Stats()
	if got.Updates != 4 || got.Views != 1 || got.Busy != 2 || got.Closed != 1 || got.Full != 0 || got.Failed != 0 {
		t.Errorf("counted %+v", got)
	}
	if got.Members.Total() != 1 || got.Members.Sum != 4 || got.Commits.Total() != 1 {
		t.Errorf("one group of four: %v in %v", got.Members, got.Commits)
	}
}
