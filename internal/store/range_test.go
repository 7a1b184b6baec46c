package store_test

import (
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
)

func FuzzBounds(f *testing.F) {
	for _, s := range []string{"", "a", "a\x00", "a\xff", "\xff", "\xff\xff", "ä"} {
		for _, after := range []string{"", "a", "a\x00", "b", "\xff"} {
			f.Add(s, after, "a\x00b", false)
			f.Add(s, after, "\xff\xff", true)
		}
	}
	f.Fuzz(func(t *testing.T, prefix, after, key string, reverse bool) {
		r := store.Range{Prefix: prefix, After: after, Reverse: reverse}
		want := strings.HasPrefix(key, prefix) && (after == "" || !reverse && key > after || reverse && key < after)
		from, to := r.Bounds()
		if got := key >= from && (to == "" || key < to); got != want {
			t.Errorf("%+v has bounds %q and %q: %q is inside: %t, want %t", r, from, to, key, got, want)
		}
	})
}
