package boltstore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// What a log entry costs: a record of 600 bytes and its place in one index.
type entry struct {
	ID, Experiment string
	Text           string
}

var entries = store.Table[entry]{
	Bucket:  "entries",
	Key:     func(e entry) string { return e.ID },
	Indexes: []store.Index[entry]{{Name: "experiment", Keys: func(e entry) []string { return []string{e.Experiment} }}},
}

var text = strings.Repeat("We tried it on a Tuesday. ", 22)

func benchStore(b *testing.B) *boltstore.Store {
	b.Helper()
	s, err := boltstore.Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// syncRaw writes 4 KB and syncs them, n times: the limit of the disk.
func syncRaw(b *testing.B, f *os.File, n int) time.Duration {
	b.Helper()
	page := make([]byte, 4096)
	start := time.Now()
	for i := range n {
		if _, err := f.WriteAt(page, int64(i%4096)*4096); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}

// write stores n entries from so many goroutines.
func write(b *testing.B, s store.Store, writers, n int) time.Duration {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range writers {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				e := entry{ID: fmt.Sprintf("%012d", i), Experiment: fmt.Sprint(i % 100), Text: text}
				if err := s.Update(b.Context(), func(tx store.Tx) error { return entries.Put(tx, e) }); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			s := benchStore(b)
			b.ResetTimer()
			write(b, s, writers, b.N)
		})
	}
}

// BenchmarkAgainstTheDisk compares durable updates a second with the syncs a
// second of the bare disk, by turns, because the disk's speed changes while one
// looks. The figure is the median of the rounds; with 64 writers it shall be
// at least 1.
func BenchmarkAgainstTheDisk(b *testing.B) {
	const rounds, syncs = 9, 2000
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			s := benchStore(b)
			f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			updates := syncs * min(writers, 4) / 2
			var ratios []float64
			for b.Loop() {
				ratios = ratios[:0]
				for range rounds {
					disk := syncRaw(b, f, syncs).Seconds() / syncs
					ratios = append(ratios, disk/(write(b, s, writers, updates).Seconds()/float64(updates)))
				}
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "updates/sync")
		})
	}
}

func BenchmarkViewGet(b *testing.B) {
	s := benchStore(b)
	err := s.Update(b.Context(), func(tx store.Tx) error {
		for i := range 1000 {
			if err := tx.Put("b", fmt.Sprint(i), make([]byte, 600)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		err := s.View(b.Context(), func(tx store.Tx) error {
			_, err := tx.Get("b", fmt.Sprint(i%1000))
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	s := benchStore(b)
	err := s.Update(b.Context(), func(tx store.Tx) error {
		for i := range 10_000 {
			if err := tx.Put("b", fmt.Sprintf("%06d", i), make([]byte, 200)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		err := s.View(b.Context(), func(tx store.Tx) error {
			for _, err := range tx.Scan("b", store.Range{}) {
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "entries/s")
}
