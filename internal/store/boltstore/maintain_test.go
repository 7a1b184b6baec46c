package boltstore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// count adds one to two records in one transaction.
func count(tx store.Tx) error {
	for _, key := range []string{"left", "right"} {
		n := 0
		if v, err := tx.Get("b", key); err == nil {
			n, _ = strconv.Atoi(string(v))
		}
		if err := tx.Put("b", key, []byte(strconv.Itoa(n+1))); err != nil {
			return err
		}
	}
	return nil
}

func TestABackupWhileWritingIsOneStateAndOpens(t *testing.T) {
	s := open(t, t.TempDir())
	fill(t, s)
	if err := s.Update(t.Context(), count); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if err := s.Update(t.Context(), count); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 5 {
		dir := t.TempDir()
		f, err := os.Create(filepath.Join(dir, boltstore.File))
		if err != nil {
			t.Fatal(err)
		}
		n, err := s.Backup(t.Context(), f)
		if err := errors.Join(err, f.Close()); err != nil || n == 0 {
			t.Fatalf("Backup = %d, %v", n, err)
		}
		b := open(t, dir)
		if l, r := get(t, b, "left"), get(t, b, "right"); l != r {
			t.Errorf("left %s, right %s", l, r)
		}
		if err := b.Check(t.Context()); err != nil {
			t.Error(err)
		}
		closeStore(t, b)
	}
	stop()
	wg.Wait()
}

// canceller cancels after the first bytes.
type canceller struct{ cancel context.CancelFunc }

func (c canceller) Write(p []byte) (int, error) { c.cancel(); return len(p), nil }

func TestABackupEndsWithItsContextAndWithItsWriter(t *testing.T) {
	s := open(t, t.TempDir())
	fill(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := s.Backup(ctx, canceller{cancel}); err == nil {
		t.Error("it went on")
	}
	r, w := io.Pipe()
	_ = r.Close()
	if _, err := s.Backup(t.Context(), w); err == nil {
		t.Error("no error of the writer")
	}
	if err := put(s, "k", nil); err != nil {
		t.Error(err)
	}
}

func TestCheckFindsADamagedPage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	fill(t, s)
	if err := s.Check(t.Context()); err != nil {
		t.Fatalf("a whole database: %v", err)
	}
	closeStore(t, s)
	damage(t, dir, func(b []byte) []byte { // a key that is out of order now
		return bytes.ReplaceAll(b, []byte("0500\x00"), []byte("9500\x00"))
	})
	s = open(t, dir)
	if err := s.Check(t.Context()); !errors.Is(err, boltstore.ErrDamaged) {
		t.Errorf("Check = %v", err)
	}
}

func TestCheckRunsWhileOthersReadAndWrite(t *testing.T) {
	s := open(t, t.TempDir())
	fill(t, s)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if err := s.Update(t.Context(), count); err != nil {
					t.Error(err)
				}
				get(t, s, "left")
			}
		})
	}
	for range 5 {
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}

func TestBucketsThatHoldSomethingAreNamed(t *testing.T) {
	s := open(t, t.TempDir())
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.Put("a", "k", nil), tx.Put("a\x00b", "k", nil), tx.Put("gone", "k", nil))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Delete("gone", "k") }); err != nil {
		t.Fatal(err)
	}
	if names, err := s.Buckets(t.Context()); err != nil || !slices.Equal(names, []string{"a", "a\x00b"}) {
		t.Errorf("%q, %v", names, err)
	}
}
