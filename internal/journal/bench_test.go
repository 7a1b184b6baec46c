package journal_test

import (
	"fmt"
	"testing"

	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// BenchmarkAppend shows what an entry costs beside the commit: a thousand in
// one transaction.
func BenchmarkAppend(b *testing.B) {
	const each = 1000
	s := storetest.Bolt(b)
	j := journal.New(s)
	for b.Loop() {
		err := s.Update(b.Context(), func(tx store.Tx) error {
			for i := range each {
				if err := j.Append(tx, journal.Entry{Actor: "aino", Kind: "case.changed", Subject: fmt.Sprint("case:", i)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/each, "ns/entry")
}

// BenchmarkVerify walks ten thousand entries.
func BenchmarkVerify(b *testing.B) {
	const entries = 10_000
	s := storetest.Bolt(b)
	j := journal.New(s)
	err := s.Update(b.Context(), func(tx store.Tx) error {
		for i := range entries {
			if err := j.Append(tx, journal.Entry{Actor: "aino", Kind: "case.changed", Subject: fmt.Sprint("case:", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := j.Verify(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/entries, "ns/entry")
}
