package pgstore_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/pgstore"
	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// benchServer waits for the disk, as a real one does.
func benchServer(b *testing.B, nodes int) (list []*pgstore.Store) {
	b.Helper()
	server, err := pgtest.Start("fsync = on\nsynchronous_commit = on\nfull_page_writes = on")
	if err != nil {
		b.Skip(err)
	}
	b.Cleanup(func() { _ = server.Stop() })
	for range nodes {
		s, err := pgstore.Open(context.Background(), server.DSN)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = s.Close() })
		list = append(list, s)
	}
	return list
}

// BenchmarkUpdate writes one record of 300 bytes a transaction: from one
// caller, and from 64 on one node and on two.
func BenchmarkUpdate(b *testing.B) {
	for _, tt := range []struct{ nodes, writers int }{{1, 1}, {1, 64}, {2, 64}} {
		b.Run(fmt.Sprintf("nodes=%d/writers=%d", tt.nodes, tt.writers), func(b *testing.B) {
			nodes := benchServer(b, tt.nodes)
			var n atomic.Int64
			b.SetParallelism(max(1, tt.writers/2))
			write := func() {
				i := n.Add(1)
				if err := put(nodes[int(i)%len(nodes)], fmt.Sprint(i), string(make([]byte, 300))); err != nil {
					b.Error(err)
				}
			}
			if tt.writers == 1 {
				for b.Loop() {
					write()
				}
			} else {
				b.ResetTimer()
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						write()
					}
				})
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}

type item struct{ ID, Kind string }

var items = store.Table[item]{
	Bucket: "item", Key: func(i item) string { return i.ID },
	Indexes: []store.Index[item]{{Name: "kind", Keys: func(i item) []string { return []string{i.Kind} }}},
}

// BenchmarkView reads one record, and a list of fifty by an index.
func BenchmarkView(b *testing.B) {
	s := benchServer(b, 1)[0]
	err := s.Update(b.Context(), func(tx store.Tx) error {
		for i := range 1000 {
			if err := items.Put(tx, item{fmt.Sprint(i), fmt.Sprint(i / 50)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, read := range map[string]func(store.Tx) error{
		"one": func(tx store.Tx) error { _, err := items.Get(tx, "500"); return err },
		"fifty": func(tx store.Tx) error {
			for _, err := range items.By(tx, "kind", store.Exactly("7")) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := s.View(b.Context(), read); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
