package storetest

import (
	"log/slog"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/pgstore"
	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// Postgres opens an empty store in PostgreSQL. Without one the test is skipped,
// or fails when CI=true.
func Postgres(t testing.TB) store.Store {
	t.Helper()
	s, err := pgstore.Open(t.Context(), pgtest.DSN(t), pgstore.Strict(), pgstore.Log(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
