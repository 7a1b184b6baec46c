package boltstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

func open(t *testing.T, dir string, opts ...boltstore.Option) *boltstore.Store {
	t.Helper()
	s, err := boltstore.Open(t.Context(), dir, append([]boltstore.Option{boltstore.Log(slog.New(slog.DiscardHandler))}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func put(s store.Store, key string, value []byte) error {
	return s.Update(context.Background(), func(tx store.Tx) error { return tx.Put("b", key, value) })
}

func get(t *testing.T, s store.Store, key string) string {
	t.Helper()
	v, err := store.Get(t.Context(), s, func(tx store.Tx) ([]byte, error) { return tx.Get("b", key) })
	if err != nil {
		t.Fatalf("Get(%q): %v", key, err)
	}
	return string(v)
}

// fill stores enough that the database has many pages.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for i := range 2000 {
			if err := tx.Put("b", fmt.Sprintf("%04d", i), make([]byte, 300)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func closeStore(t *testing.T, s *boltstore.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasStoredIsThereAfterOpeningAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	s := open(t, dir)
	if err := put(s, "k\x00ä", []byte("v")); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if got := get(t, open(t, dir), "k\x00ä"); got != "v" {
		t.Errorf("got %q", got)
	}
}

func TestTheDatabaseIsReadableByItsOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	open(t, dir)
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, boltstore.File): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestASecondOpenIsRefusedWithinThreeSeconds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	start := time.Now()
	_, err := boltstore.Open(t.Context(), dir)
	if !errors.Is(err, boltstore.ErrLocked) || fault.KindOf(err) != fault.Conflict {
		t.Errorf("Open = %v", err)
	}
	if d := time.Since(start); d > 3*time.Second {
		t.Errorf("it took %v", d)
	}
	if err := put(s, "k", nil); err != nil {
		t.Errorf("the first one: %v", err)
	}
	closeStore(t, s)
	open(t, dir)
}

func TestADeadlineShortensTheWaitForTheLock(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := boltstore.Open(ctx, dir); !errors.Is(err, boltstore.ErrLocked) && !errors.Is(err, store.ErrBusy) {
		t.Errorf("Open = %v", err)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("it took %v", d)
	}
}

// damage changes the database file in dir.
func damage(t *testing.T, dir string, change func([]byte) []byte) {
	t.Helper()
	path := filepath.Join(dir, boltstore.File)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(raw), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedFileIsAnErrorAndNoPanic(t *testing.T) {
	page := os.Getpagesize()
	tests := map[string]func([]byte) []byte{
		"another kind of file": func([]byte) []byte {
			return []byte("this is a letter, not a database, and long enough to be read as one.")
		},
		"zeros":                    func(b []byte) []byte { return make([]byte, len(b)) },
		"both meta pages lost":     func(b []byte) []byte { clear(b[:2*page]); return b },
		"cut off after the metas":  func(b []byte) []byte { return b[:2*page] },
		"cut off in the middle":    func(b []byte) []byte { return b[:len(b)/2/page*page] },
		"cut off inside the metas": func(b []byte) []byte { return b[:page+100] },
		"noise behind the metas": func(b []byte) []byte {
			for i := 2 * page; i < len(b); i++ {
				b[i] = byte(i*7 + i>>8)
			}
			return b
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			fill(t, s)
			closeStore(t, s)
			// The file is longer than what is used of it: cut that off first.
			damage(t, dir, func(b []byte) []byte { return change(bytes.TrimRight(b, "\x00")) })
			for range 2 { // the lock must be given back
				if _, err := boltstore.Open(t.Context(), dir); !errors.Is(err, boltstore.ErrDamaged) {
					t.Errorf("Open = %v", err)
				}
			}
		})
	}
}

func TestOneLostMetaPageIsSurvived(t *testing.T) {
	for _, lost := range []int{0, 1} {
		dir := t.TempDir()
		s := open(t, dir)
		if err := errors.Join(put(s, "k", []byte("v")), put(s, "l", []byte("v"))); err != nil {
			t.Fatal(err)
		}
		closeStore(t, s)
		damage(t, dir, func(b []byte) []byte {
			page := os.Getpagesize()
			clear(b[lost*page+16 : (lost+1)*page])
			return b
		})
		if got := get(t, open(t, dir), "k"); got != "v" {
			t.Errorf("got %q", got)
		}
	}
}

func TestBelowTheReserveWritingIsRefusedAndReadingGoesOn(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := put(s, "k", []byte("v")); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)

	s = open(t, dir, boltstore.Reserve(1<<62))
	err := s.Update(t.Context(), func(store.Tx) error { t.Error("it ran"); return nil })
	if !errors.Is(err, store.ErrFull) || fault.KindOf(err) != fault.Full {
		t.Errorf("Update = %v", err)
	}
	if got := get(t, s, "k"); got != "v" {
		t.Errorf("got %q", got)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("Check = %v", err)
	}
	closeStore(t, s)
	if err := put(open(t, dir, boltstore.Reserve(0)), "k", nil); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestAfterACommitThatMayHaveHappenedNothingIsWritten(t *testing.T) {
	var file *os.File
	dir := t.TempDir()
	s := open(t, dir, boltstore.Opened(func(f *os.File) { file = f }))
	if err := put(s, "k", []byte("v")); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := put(s, "k", []byte("lost")); !errors.Is(err, boltstore.ErrBroken) || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("Update = %v", err)
		}
	}
	if got := get(t, s, "k"); got != "v" {
		t.Errorf("reading gives %q", got)
	}
	_ = s.Close()
	if got := get(t, open(t, dir), "k"); got != "v" {
		t.Errorf("opened again: %q", got)
	}
}
