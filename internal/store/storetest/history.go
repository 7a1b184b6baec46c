package storetest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
)

var histories = promise{
	"a random history of transactions reads like that of a map": func(t *testing.T, s store.Store) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 0))
		model := map[string]string{}
		for range 60 {
			next := maps.Clone(model)
			fail := r.IntN(3) == 0
			err := s.Update(t.Context(), func(tx store.Tx) error {
				for range r.IntN(30) {
					if err := randomStep(r, tx, next); err != nil {
						return err
					}
				}
				if fail {
					return errRefused
				}
				return nil
			})
			if fail != errors.Is(err, errRefused) || !fail && err != nil {
				t.Fatal(err)
			}
			if !fail {
				model = next
			}
			view(t, s, func(tx store.Tx) error { return sameAs(r, tx, model) })
		}
	},
}

// randomStep changes the store and the model alike, or compares them.
func randomStep(r *rand.Rand, tx store.Tx, model map[string]string) error {
	key := randomKey(r)
	switch r.IntN(5) {
	case 0:
		delete(model, key)
		return tx.Delete("b", key)
	case 1:
		return sameAs(r, tx, model)
	default:
		value := fmt.Sprint(r.IntN(100))
		model[key] = value
		return tx.Put("b", key, []byte(value))
	}
}

func randomKey(r *rand.Rand) string {
	b := make([]byte, 1+r.IntN(3))
	for i := range b {
		b[i] = "\x00ab\xff"[r.IntN(4)]
	}
	return string(b)
}

// sameAs compares a random key and a random range.
func sameAs(r *rand.Rand, tx store.Tx, model map[string]string) error {
	key := randomKey(r)
	v, err := tx.Get("b", key)
	want, ok := model[key]
	if ok && (err != nil || string(v) != want) || !ok && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("Get(%q) = %q, %v; want %q, %t", key, v, err, want, ok)
	}
	rg := store.Range{Reverse: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		rg.Prefix = randomKey(r)
	}
	if r.IntN(2) == 0 {
		rg.After = randomKey(r)
	}
	for e, err := range tx.Scan("b", rg) {
		if err != nil || model[e.Key] != string(e.Value) {
			return fmt.Errorf("%q is %q in a scan, %v; want %q", e.Key, e.Value, err, model[e.Key])
		}
	}
	return sameKeys(tx, rg, expect(slices.Sorted(maps.Keys(model)), rg))
}
