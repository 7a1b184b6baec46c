// Package storetest runs tests on every database a portal can live on, and
// says in sentences what each of them has to keep.
package storetest

import (
	"log/slog"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// Opener opens an empty store that is closed when the test ends.
type Opener func(t testing.TB) store.Store

// Drivers are the databases, by name. A new one is a line here.
var Drivers = map[string]Opener{
	"bbolt":    Bolt,
	"postgres": Postgres,
}

// Each runs fn once on an empty store of each driver. A transaction inside
// another fails there, even where production would not notice.
func Each(t *testing.T, fn func(t *testing.T, s store.Store)) {
	t.Helper()
	for name, open := range Drivers {
		t.Run(name, func(t *testing.T) { fn(t, open(t)) })
	}
}

// Bolt opens an empty bbolt store.
func Bolt(t testing.TB) store.Store {
	t.Helper()
	s, err := boltstore.Open(t.Context(), t.TempDir(), boltstore.Strict(), boltstore.Log(slog.New(slog.DiscardHandler)))
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
