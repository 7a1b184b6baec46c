package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/pgstore"
	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// open is one node on a database.
func open(t *testing.T, dsn string) *pgstore.Store {
	t.Helper()
	s, err := pgstore.Open(t.Context(), dsn, pgstore.Strict(), pgstore.Log(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func put(s store.Store, key, value string) error {
	return s.Update(context.Background(), func(tx store.Tx) error { return tx.Put("b", key, []byte(value)) })
}

func get(s store.Store, key string) (string, error) {
	v, err := store.Get(context.Background(), s, func(tx store.Tx) ([]byte, error) { return tx.Get("b", key) })
	return string(v), err
}

func want(t *testing.T, s store.Store, key, value string) {
	t.Helper()
	if got, err := get(s, key); err != nil || got != value {
		t.Errorf("%q is %q, %v; want %q", key, got, err, value)
	}
}

func increment(s store.Store) error {
	return s.Update(context.Background(), func(tx store.Tx) error {
		raw, err := tx.Get("b", "n")
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		n, _ := strconv.Atoi(string(raw))
		return tx.Put("b", "n", []byte(strconv.Itoa(n+1)))
	})
}

func TestWhatOneNodeStoredTheOtherReads(t *testing.T) {
	dsn := pgtest.DSN(t)
	a, b := open(t, dsn), open(t, dsn)
	if err := put(a, "k\x00ä", "v"); err != nil {
		t.Fatal(err)
	}
	want(t, b, "k\x00ä", "v")
	if err := errors.Join(put(b, "k\x00ä", "w"), a.Close()); err != nil {
		t.Fatal(err)
	}
	want(t, open(t, dsn), "k\x00ä", "w")
}

func TestNoUpdateOfManyNodesIsLost(t *testing.T) {
	const nodes, writers, each = 4, 5, 10
	dsn := pgtest.DSN(t)
	var wg sync.WaitGroup
	for range nodes {
		s := open(t, dsn)
		for range writers {
			wg.Go(func() {
				for range each {
					if err := increment(s); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	want(t, open(t, dsn), "n", strconv.Itoa(nodes*writers*each))
}

func TestNodesThatStartTogetherBeginOneJournal(t *testing.T) {
	dsn := pgtest.DSN(t)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			s, err := pgstore.Open(t.Context(), dsn)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = s.Close() }()
			j := journal.New(s)
			if err := j.Open(t.Context()); err != nil {
				t.Error(err)
			}
			for i := range 10 {
				err := s.Update(t.Context(), func(tx store.Tx) error {
					return j.Append(tx, journal.Entry{Kind: "case.changed", Subject: fmt.Sprint("case:", i)})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if head, err := journal.New(open(t, dsn)).Verify(t.Context()); err != nil || head.Seq != 60 {
		t.Errorf("%d entries, %v", head.Seq, err)
	}
}

func TestTheLockIsTheHeadOfTheJournal(t *testing.T) {
	if pgstore.LockBucket != journal.HeadBucket || pgstore.LockKey != journal.HeadKey {
		t.Error("writers lock a record that not every append writes")
	}
	s := open(t, pgtest.DSN(t))
	if err := put(s, "k", "v"); err != nil {
		t.Fatal(err)
	}
	j := journal.New(s)
	head, err := store.Get(t.Context(), s, j.Head)
	if err != nil || head.Portal != "" {
		t.Errorf("before the journal begins its head is %+v, %v", head, err)
	}
	if err := j.Open(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWaitingForAnotherNodeEndsWithTheDeadline(t *testing.T) {
	dsn := pgtest.DSN(t)
	a, b := open(t, dsn), open(t, dsn)
	err := a.Update(t.Context(), func(tx store.Tx) error {
		var wg sync.WaitGroup
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			err := b.Update(ctx, func(store.Tx) error { t.Error("it ran"); return nil })
			if !errors.Is(err, store.ErrBusy) || fault.KindOf(err) != fault.Unavailable {
				t.Errorf("Update = %v", err)
			}
		})
		wg.Wait()
		return tx.Put("b", "k", []byte("a"))
	})
	if err := errors.Join(err, put(b, "k", "b")); err != nil {
		t.Fatal(err)
	}
	want(t, a, "k", "b")
}

func TestReadersDoNotKeepWritersOut(t *testing.T) {
	s := open(t, pgtest.DSN(t)+" pool_max_conns=2")
	release := make(chan struct{})
	var wg, reading sync.WaitGroup
	reading.Add(2)
	for range 2 {
		wg.Go(func() {
			err := s.View(t.Context(), func(store.Tx) error { reading.Done(); <-release; return nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	reading.Wait()
	if err := put(s, "k", "v"); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.View(ctx, func(store.Tx) error { t.Error("it ran"); return nil }); !errors.Is(err, store.ErrBusy) {
		t.Errorf("a third reader of two: %v", err)
	}
	close(release)
	wg.Wait()
}

func TestDatabasesThatCannotServeAreRefused(t *testing.T) {
	dsn := pgtest.DSN(t)
	pgtest.Exec(t, dsn, "create database latin encoding 'LATIN1' locale 'C' template template0")
	t.Cleanup(func() { pgtest.Exec(t, dsn, "drop database latin") })
	tests := map[string]struct {
		dsn  string
		want error
	}{
		"nobody listens":               {"host=/nonexistent user=x dbname=x", pgstore.ErrUnreachable},
		"another encoding":             {dsn + " dbname=latin", pgstore.ErrEncoding},
		"a database that is not there": {dsn + " dbname=nowhere", nil},
		"no schema to use":             {dsn + " search_path=nowhere", nil},
		"words that mean nothing":      {"host", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := pgstore.Open(t.Context(), tt.dsn)
			if err == nil {
				_ = s.Close()
				t.Fatal("it was opened")
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("Open = %v", err)
			}
		})
	}
}

func TestAPasswordIsNotInErrors(t *testing.T) {
	for _, dsn := range []string{
		"postgres://u:s3cret@localhost:1/x", "host=localhost port=1 user=u password=s3cret", "postgres://u:s3cret@local host:1/x", "password=s3cret host",
	} {
		_, err := pgstore.Open(t.Context(), dsn)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

func TestCommitsWaitForTheDiskWhateverTheDefaultIs(t *testing.T) {
	s := open(t, pgtest.DSN(t)+" synchronous_commit=off")
	if got, err := s.Setting(t.Context(), "synchronous_commit"); got != "on" || err != nil {
		t.Errorf("synchronous_commit is %q, %v", got, err)
	}
}

// failing makes the next commits of a database fail with a code.
func failing(t *testing.T, dsn, code string, times int) {
	t.Helper()
	pgtest.Exec(t, dsn, fmt.Sprintf(`create sequence tries;
		create function fail() returns trigger language plpgsql as $$ begin
			if nextval('tries') <= %d then raise exception 'on purpose' using errcode = '%s'; end if;
			return new; end $$;
		create trigger fail before insert on record for each row execute function fail()`, times, code))
}

func TestWhatTheServerRefuses(t *testing.T) {
	tests := map[string]struct {
		want error
		kind fault.Kind
	}{
		"53100": {store.ErrFull, fault.Full},
		"53200": {pgstore.ErrUnreachable, fault.Unavailable},
		"57P03": {pgstore.ErrUnreachable, fault.Unavailable},
		"25006": {pgstore.ErrUnreachable, fault.Unavailable},
		"57014": {store.ErrBusy, fault.Unavailable},
		"22000": {nil, fault.Internal},
	}
	for code, tt := range tests {
		t.Run(code, func(t *testing.T) {
			dsn := pgtest.DSN(t)
			s := open(t, dsn)
			if err := put(s, "k", "before"); err != nil {
				t.Fatal(err)
			}
			failing(t, dsn, code, 1)
			err := put(s, "k", "lost")
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) || fault.KindOf(err) != tt.kind {
				t.Errorf("Update = %v", err)
			}
			want(t, s, "k", "before")
			if err := put(s, "k", "after"); err != nil {
				t.Error(err)
			}
			want(t, s, "k", "after")
		})
	}
}

func TestATransactionIsTriedAgainWhenTheServerAsksForIt(t *testing.T) {
	dsn := pgtest.DSN(t)
	s := open(t, dsn)
	if err := put(s, "k", "0"); err != nil {
		t.Fatal(err)
	}
	failing(t, dsn, "40001", 3)
	ran, committed := 0, 0
	err := s.Update(t.Context(), func(tx store.Tx) error {
		ran++
		tx.OnCommit(func() { committed++ })
		return tx.Put("b", "k", []byte(strconv.Itoa(ran)))
	})
	if err != nil || ran != 4 || committed != 1 {
		t.Errorf("ran %d times, committed %d times, %v", ran, committed, err)
	}
	want(t, s, "k", "4")
}

func TestCheckTellsOfAServerThatDoesNotSync(t *testing.T) {
	if err := open(t, pgtest.DSN(t)).Check(t.Context()); err != nil && !errors.Is(err, pgstore.ErrNotDurable) {
		t.Error(err)
	}
}

func TestNamesOfBucketsStayApart(t *testing.T) {
	tests := map[string]string{
		"cases": "cases", "cases/by name": "cases/by name", "ä": "ä", "😀": "😀", "\ufffd": "\ufffd",
		"a\x00b": "a%00b", "a%00b": "a%2500b", "\xff": "%ff", "ä\xc3": "ä%c3", "%": "%25",
	}
	for bucket, column := range tests {
		if got := pgstore.ColumnOf(bucket); got != column {
			t.Errorf("%q is stored as %q, want %q", bucket, got, column)
		}
	}
}

func TestBucketsThatHoldSomethingAreNamed(t *testing.T) {
	s := open(t, pgtest.DSN(t))
	want := []string{"%", "a", "a\x00b", "journal_head", "\xff"}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for _, name := range want {
			if err := tx.Put(name, "k", nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	names, err := s.Buckets(t.Context())
	slices.Sort(names)
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("%q, %v", names, err)
	}
}

func TestPagesGrowWithSmallRecordsAndShrinkWithLargeOnes(t *testing.T) {
	for _, tt := range []struct{ size, bytes, want int }{{32, 3200, 128}, {1024, 1 << 20, 1024}, {32, 64 << 20, 2}, {32, 320 << 20, 1}, {1, 0, 4}} {
		if got := pgstore.NextPage(tt.size, tt.bytes); got != tt.want {
			t.Errorf("after %d entries of %d bytes come %d, want %d", tt.size, tt.bytes, got, tt.want)
		}
	}
}
