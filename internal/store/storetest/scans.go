package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
)

// ranges are tried on oddKeys; each answer is computed from the words of
// store.Range.
func ranges() []store.Range {
	var list []store.Range
	for _, prefix := range []string{"", "a", "a\x00", "\xff", "\xff\xff", "ä", "\xc3", "none"} {
		for _, after := range append([]string{"", "0", "a\x00a", "zz", "\xff\xff\xff"}, oddKeys...) {
			list = append(list,
				store.Range{Prefix: prefix, After: after},
				store.Range{Prefix: prefix, After: after, Reverse: true})
		}
	}
	return list
}

// expect returns the keys of r among sorted.
func expect(sorted []string, r store.Range) []string {
	list := []string{}
	for _, k := range sorted {
		if strings.HasPrefix(k, r.Prefix) && (r.After == "" || k > r.After && !r.Reverse || k < r.After && r.Reverse) {
			list = append(list, k)
		}
	}
	if r.Reverse {
		slices.Reverse(list)
	}
	return list
}

func putAll(tx store.Tx, keys []string) error {
	for _, k := range keys {
		if err := tx.Put("b", k, []byte(k)); err != nil {
			return err
		}
	}
	return nil
}

var scans = promise{
	"prefix, after and reverse select the same keys from the disk, from own writes and from a mixture": func(t *testing.T, s store.Store) {
		var even, odd []string
		for i, k := range oddKeys {
			if i%2 == 0 {
				even = append(even, k)
			} else {
				odd = append(odd, k)
			}
		}
		check := func(tx store.Tx) error {
			for _, r := range ranges() {
				if err := sameKeys(tx, r, expect(oddKeys, r)); err != nil {
					return err
				}
			}
			return nil
		}
		err := s.Update(t.Context(), func(tx store.Tx) error {
			if err := errors.Join(putAll(tx, oddKeys), check(tx)); err != nil {
				t.Error(err)
			}
			return errRefused
		})
		if !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
		update(t, s, func(tx store.Tx) error { return putAll(tx, append(even, "a gone one")) })
		update(t, s, func(tx store.Tx) error {
			return errors.Join(tx.Delete("b", "a gone one"), putAll(tx, odd), check(tx))
		})
		view(t, s, check)
	},
	"a scan shows the state at its call, own earlier writes included and later ones not": func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error { return putAll(tx, []string{"a", "c", "e"}) })
		update(t, s, func(tx store.Tx) error {
			if err := putAll(tx, []string{"b", "d"}); err != nil {
				return err
			}
			var got []string
			for e, err := range tx.Scan("b", store.Range{}) {
				if err != nil {
					return err
				}
				got = append(got, e.Key+"="+string(e.Value))
				if err := errors.Join(tx.Put("b", e.Key, []byte("changed")), tx.Put("b", e.Key+"+", nil), tx.Delete("b", "e"), tx.Delete("b", "d")); err != nil {
					return err
				}
			}
			if want := []string{"a=a", "b=b", "c=c", "d=d", "e=e"}; !slices.Equal(got, want) {
				return fmt.Errorf("the scan saw %q, want %q", got, want)
			}
			return sameKeys(tx, store.Range{}, []string{"a", "a+", "b", "b+", "c", "c+", "d+", "e+"})
		})
	},
	"an own write replaces the stored value in a scan": func(t *testing.T, s store.Store) {
		put(t, s, "k", "old")
		update(t, s, func(tx store.Tx) error {
			if err := tx.Put("b", "k", []byte("new")); err != nil {
				return err
			}
			for e := range tx.Scan("b", store.Range{}) {
				if string(e.Value) != "new" {
					return fmt.Errorf("value %q", e.Value)
				}
			}
			return sameKeys(tx, store.Range{}, []string{"k"})
		})
	},
	"a scan may be left early, repeated, and nested with reads of other records": func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error { return putAll(tx, []string{"a", "b", "c"}) })
		check := func(tx store.Tx) error {
			seq := tx.Scan("b", store.Range{})
			for range 2 {
				n := 0
				for e := range seq {
					if v, err := tx.Get("b", e.Key); err != nil || string(v) != e.Key {
						return fmt.Errorf("Get(%q) in a scan = %q, %v", e.Key, v, err)
					}
					for range tx.Scan("b", store.Prefix("b")) {
						n++
					}
					if e.Key == "b" {
						break
					}
				}
				if n != 2 {
					return fmt.Errorf("inner scans saw %d", n)
				}
			}
			return nil
		}
		view(t, s, check)
		update(t, s, check)
	},
	"thousands of entries come in order, by pages too": func(t *testing.T, s store.Store) {
		var all []string
		for i := range 3000 {
			all = append(all, fmt.Sprintf("n%04d", i))
		}
		for part := range slices.Chunk(all, 1000) {
			update(t, s, func(tx store.Tx) error { return putAll(tx, part) })
		}
		view(t, s, func(tx store.Tx) error {
			var got []string
			for after := ""; ; after = got[len(got)-1] {
				n := 0
				for e := range tx.Scan("b", store.Range{Prefix: "n", After: after}) {
					got = append(got, e.Key)
					if n++; n == 70 {
						break
					}
				}
				if n < 70 {
					break
				}
			}
			if !slices.Equal(got, all) {
				return fmt.Errorf("pages gave %d keys, in order: %t", len(got), slices.IsSorted(got))
			}
			slices.Reverse(all)
			return sameKeys(tx, store.Range{Reverse: true}, all)
		})
	},
}
