package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/pgstore"
	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// durableServer is a server of this test's own that waits for the disk.
func durableServer(t *testing.T) *pgtest.Server {
	t.Helper()
	s, err := pgtest.Start("fsync = on\nsynchronous_commit = on\nfull_page_writes = on")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// writeUntil writes from several goroutines to two nodes until stop is closed,
// and returns the last value that each goroutine was told to be stored.
func writeUntil(t *testing.T, nodes []*pgstore.Store, stop <-chan struct{}) map[string]int {
	acknowledged := map[string]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i, s := range nodes {
		for w := range 4 {
			wg.Go(func() {
				writer := fmt.Sprintf("%d%d", i, w)
				for n := 1; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					err := put(s, writer, fmt.Sprint(n))
					switch {
					case err == nil:
						mu.Lock()
						acknowledged[writer] = n
						mu.Unlock()
					case fault.KindOf(err) != fault.Unavailable:
						t.Errorf("writing while the server crashes: %v", err)
					}
				}
			})
		}
	}
	wg.Wait()
	return acknowledged
}

func TestNothingAcknowledgedIsLostWhenTheServerCrashes(t *testing.T) {
	server := durableServer(t)
	nodes := []*pgstore.Store{open(t, server.DSN), open(t, server.DSN)}
	if err := nodes[0].Check(t.Context()); err != nil {
		t.Error(err)
	}
	for range 3 {
		stop := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			defer close(stop)
			waitFor(t, nodes[0], "00")
			if err := server.Crash(); err != nil {
				t.Error(err)
			}
		})
		acknowledged := writeUntil(t, nodes, stop)
		wg.Wait()
		for writer, n := range acknowledged {
			stored := 0
			v, err := get(nodes[1], writer)
			if _, serr := fmt.Sscan(v, &stored); err != nil || serr != nil || stored < n {
				t.Errorf("writer %s was told %d, stored is %q (%v)", writer, n, v, err)
			}
		}
		if len(acknowledged) == 0 {
			t.Error("nothing was written")
		}
		err := nodes[0].Update(t.Context(), func(tx store.Tx) error { return tx.Delete("b", "00") }) // for the next round
		if err != nil {
			t.Error(err)
		}
	}
}

// waitFor waits until a record is there.
func waitFor(t *testing.T, s store.Store, key string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if _, err := get(s, key); err == nil {
			return
		}
	}
	t.Errorf("%q does not come", key)
}

func TestWithoutAServerEverythingIsRefusedUntilItIsBack(t *testing.T) {
	server := durableServer(t)
	s := open(t, server.DSN)
	if err := put(s, "k", "before"); err != nil {
		t.Fatal(err)
	}
	if err := server.Halt(); err != nil {
		t.Fatal(err)
	}
	_, rerr := get(s, "k")
	for _, err := range []error{rerr, put(s, "k", "lost")} {
		if !errors.Is(err, pgstore.ErrUnreachable) || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("without a server: %v", err)
		}
	}
	if err := server.Crash(); err != nil {
		t.Fatal(err)
	}
	want(t, s, "k", "before")
	if err := put(s, "k", "after"); err != nil {
		t.Error(err)
	}
}

// terminate ends the connections of a portal, as an operator may.
func terminate(t *testing.T, dsn string) {
	t.Helper()
	pgtest.Exec(t, dsn, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = '"+t.Name()+"'")
}

func TestAConnectionThatEndsSpoilsOnlyWhatRunsOnIt(t *testing.T) {
	dsn := pgtest.DSN(t)
	s := open(t, dsn+" application_name="+t.Name())
	if err := put(s, "k", "before"); err != nil {
		t.Fatal(err)
	}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		terminate(t, dsn)
		_, err := tx.Get("b", "other")
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("Get = %v", err)
		}
		return tx.Put("b", "k", []byte("lost"))
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("Update = %v", err)
	}
	terminate(t, dsn) // those that wait in the pools: nothing was begun on them
	want(t, s, "k", "before")
	terminate(t, dsn)
	if err := put(s, "k", "after"); err != nil {
		t.Error(err)
	}
	want(t, s, "k", "after")
}

func TestANodeHearsOfOthersAndNotOfItself(t *testing.T) {
	dsn := pgtest.DSN(t)
	a, b := open(t, dsn+" application_name="+t.Name()), open(t, dsn)
	woken := make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { a.Listen(ctx, func() { woken <- struct{}{} }) })
	defer wg.Wait()
	defer cancel()
	wait := func(why string) {
		t.Helper()
		select {
		case <-woken:
		case <-time.After(10 * time.Second):
			t.Fatal("not woken " + why)
		}
	}
	head := func(s store.Store, value string) {
		t.Helper()
		err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Put(pgstore.LockBucket, pgstore.LockKey, []byte(value)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	wait("at the start")
	head(a, `{"seq":1}`)                     // its own
	if err := put(b, "k", "v"); err != nil { // nothing for the journal
		t.Fatal(err)
	}
	head(b, `{"seq":2}`)
	wait("by the other")
	if n := len(woken); n != 0 {
		t.Errorf("woken %d times too often", n)
	}
	terminate(t, dsn)
	wait("after the connection was lost")
	head(b, `{"seq":3}`)
	wait("by the other on the new connection")
}

func TestAnalystsSeeJSON(t *testing.T) {
	dsn := pgtest.DSN(t)
	s := open(t, dsn)
	records := map[string]string{
		"a": `{"title":"Bus","owner":"aino","state":"public"}`, "b": `{"title":"Secret","state":"draft"}`, "c": `{"title":"x\u0000","state":"public"}`,
	}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for key, value := range records {
			if err := tx.Put("case", key, []byte(value)); err != nil {
				return err
			}
		}
		return tx.Put("case/state", "not JSON", []byte("a"))
	})
	if err != nil {
		t.Fatal(err)
	}
	view := pgstore.View{Name: "open_case", Bucket: "case", Without: []string{"owner", "it's"}, Where: "value->>'state' = 'public'"}
	all := pgstore.View{Name: "every_case", Bucket: "case"}
	for range 2 {
		if err := s.DefineViews(t.Context(), view, all); err != nil {
			t.Fatal(err)
		}
	}
	for sql, want := range map[string]string{
		"select string_agg(key, ',') from open_case":                  "a",
		"select value->>'title' from open_case where key = 'a'":       "Bus",
		"select value ? 'owner' from open_case where key = 'a'":       "f",
		"select count(*) from every_case":                             "3",
		"select count(*) from every_case where value is null":         "1",
		"select string_agg(key, ',' order by key) from every_case":    "a,b,c",
		"select pg_typeof(value)::text from every_case where key='a'": "jsonb",
	} {
		if got := pgtest.Text(t, dsn, sql); got != want {
			t.Errorf("%s gives %q, want %q", sql, got, want)
		}
	}
	if err := s.DefineViews(t.Context(), pgstore.View{Name: "x", Bucket: "case", Where: "no such word"}); err == nil {
		t.Error("a condition that is none was accepted")
	}
	if err := put(s, "k", "v"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
