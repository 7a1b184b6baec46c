package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/store"
)

// promise is one sentence about stores, and what shows that it holds for an
// empty one.
type promise map[string]func(t *testing.T, s store.Store)

// Contract checks every promise of store.Store, each on an empty store. A bug
// of a driver becomes a new sentence here first.
func Contract(t *testing.T, open Opener) {
	for _, chapter := range []promise{values, scans, views, updates, groups, tables, histories} {
		for _, sentence := range slices.Sorted(maps.Keys(chapter)) {
			t.Run(sentence, func(t *testing.T) { chapter[sentence](t, open(t)) })
		}
	}
}

var errRefused = errors.New("refused by the test")

// oddKeys are in byte order, which is neither Swedish nor by length.
var oddKeys = []string{
	"\x00", "\x00\x00", "\x01", " ", "A", "Z", "a", "a\x00", "a\x00b", "a\x01", "aa", "z",
	"~", "\x7f", "\x80", "Ä", "Å", "ä", "å", "Қ", "\u202e", "你", "\ufffd", "😀", "\xff", "\xff\x00", "\xff\xff",
}

var values = promise{
	"a missing key is not found": func(t *testing.T, s store.Store) {
		view(t, s, func(tx store.Tx) error {
			for _, key := range []string{"k", "", "\x00"} {
				if _, err := tx.Get("never written", key); !errors.Is(err, store.ErrNotFound) {
					return fmt.Errorf("Get(%q) = %v", key, err)
				}
			}
			return nil
		})
	},
	"a value is read back as it was written": func(t *testing.T, s store.Store) {
		put(t, s, "k", "one")
		put(t, s, "k", "two")
		want(t, s, "k", "two")
	},
	"a nil value and an empty one are there, and empty, inside the transaction and after it": func(t *testing.T, s store.Store) {
		check := func(tx store.Tx) error {
			for _, key := range []string{"nil", "empty"} {
				v, err := tx.Get("b", key)
				if err != nil || v == nil || len(v) != 0 {
					return fmt.Errorf("Get(%q) = %#v, %v", key, v, err)
				}
			}
			if got := keys(tx, "b", store.Range{}); len(got) != 2 {
				return fmt.Errorf("Scan: %q", got)
			}
			return nil
		}
		update(t, s, func(tx store.Tx) error {
			return errors.Join(tx.Put("b", "nil", nil), tx.Put("b", "empty", []byte{}), check(tx))
		})
		view(t, s, check)
	},
	"a deleted key is gone, inside the transaction and after it, and may come back": func(t *testing.T, s store.Store) {
		put(t, s, "k", "v")
		update(t, s, func(tx store.Tx) error {
			if err := tx.Delete("b", "k"); err != nil {
				return err
			}
			if _, err := tx.Get("b", "k"); !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("Get after Delete: %v", err)
			}
			return nil
		})
		view(t, s, func(tx store.Tx) error {
			if _, err := tx.Get("b", "k"); !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("Get after commit: %v", err)
			}
			return nil
		})
		put(t, s, "k", "again")
		want(t, s, "k", "again")
	},
	"deleting what is not there is no error": func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			return errors.Join(tx.Delete("never written", "k"), tx.Put("b", "x", nil), tx.Delete("b", "k"))
		})
	},
	"keys may hold NUL, odd Unicode and bytes that are no text, and come in byte order": func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			for i := range oddKeys {
				key := oddKeys[(i*7)%len(oddKeys)]
				if err := tx.Put("b", key, []byte(key)); err != nil {
					return err
				}
			}
			return sameKeys(tx, store.Range{}, oddKeys)
		})
		view(t, s, func(tx store.Tx) error {
			for _, key := range oddKeys {
				if v, err := tx.Get("b", key); err != nil || string(v) != key {
					return fmt.Errorf("Get(%q) = %q, %v", key, v, err)
				}
			}
			return sameKeys(tx, store.Range{}, oddKeys)
		})
	},
	"buckets are apart, whatever their names": func(t *testing.T, s store.Store) {
		names := []string{"a", "a/b", "a/", "ä", "b", "a\x00b"}
		update(t, s, func(tx store.Tx) error {
			for _, n := range names {
				if err := tx.Put(n, "k", []byte(n)); err != nil {
					return err
				}
			}
			return nil
		})
		view(t, s, func(tx store.Tx) error {
			for _, n := range names {
				if v, err := tx.Get(n, "k"); err != nil || string(v) != n {
					return fmt.Errorf("Get from %q = %q, %v", n, v, err)
				}
				if got := keys(tx, n, store.Range{}); len(got) != 1 {
					return fmt.Errorf("Scan of %q: %q", n, got)
				}
			}
			return nil
		})
	},
	"a value of five megabytes is kept": func(t *testing.T, s store.Store) {
		long := make([]byte, 5<<20)
		for i := range long {
			long[i] = byte(i * i >> 3)
		}
		put(t, s, "long", string(long))
		want(t, s, "long", string(long))
	},
	"the longest key is kept and a longer or empty one refused without spoiling the rest": func(t *testing.T, s store.Store) {
		longest := string(make([]byte, store.MaxKey))
		update(t, s, func(tx store.Tx) error {
			for _, key := range []string{"", longest + "x"} {
				if err := tx.Put("b", key, nil); !errors.Is(err, store.ErrKey) {
					return fmt.Errorf("Put with a key of %d bytes: %v", len(key), err)
				}
			}
			if err := tx.Put("", "k", nil); !errors.Is(err, store.ErrKey) {
				return fmt.Errorf("Put in a bucket without a name: %v", err)
			}
			return tx.Put("b", longest, []byte("v"))
		})
		want(t, s, longest, "v")
	},
	"bytes that go in and come out belong to the caller": func(t *testing.T, s store.Store) {
		in := []byte("value")
		update(t, s, func(tx store.Tx) error {
			err := tx.Put("b", "k", in)
			in[0] = 'X'
			out, _ := tx.Get("b", "k")
			out[1] = 'X'
			for e := range tx.Scan("b", store.Range{}) {
				e.Value[2] = 'X'
			}
			return err
		})
		want(t, s, "k", "value")
		view(t, s, func(tx store.Tx) error {
			out, err := tx.Get("b", "k")
			out[0] = 'X'
			for e := range tx.Scan("b", store.Range{}) {
				e.Value[1] = 'X'
			}
			return err
		})
		want(t, s, "k", "value")
	},
}

// The small verbs the sentences are written in.

func update(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, s store.Store, key, value string) {
	t.Helper()
	update(t, s, func(tx store.Tx) error { return tx.Put("b", key, []byte(value)) })
}

func want(t *testing.T, s store.Store, key, value string) {
	t.Helper()
	view(t, s, func(tx store.Tx) error {
		v, err := tx.Get("b", key)
		if err != nil || string(v) != value {
			return fmt.Errorf("Get(%.40q) = %.40q, %v; want %.40q", key, v, err, value)
		}
		return nil
	})
}

func keys(tx store.Tx, bucket string, r store.Range) []string {
	list := []string{}
	for e, err := range tx.Scan(bucket, r) {
		if err != nil {
			return append(list, "error: "+err.Error())
		}
		list = append(list, e.Key)
	}
	return list
}

func sameKeys(tx store.Tx, r store.Range, want []string) error {
	if d := cmp.Diff(want, keys(tx, "b", r)); d != "" {
		return fmt.Errorf("keys of %+v (-want +got):\n%s", r, d)
	}
	return nil
}
