package journal_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// crashDir names the data folder for the child process of the crash test.
const crashDir = "KOKEILU_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		writeUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// writeUntilKilled stores one record after the other from several goroutines,
// and says on standard output which of them were acknowledged.
func writeUntilKilled(dir string) {
	ctx := context.Background()
	s, err := boltstore.Open(ctx, dir)
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	j := journal.New(s)
	if err := j.Open(ctx); err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	go func() { _ = j.Follow(ctx, "copy", copyEntries(s)) }()
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for {
				var n int
				err := s.Update(ctx, func(tx store.Tx) (err error) {
					n, err = writeOne(tx, j, w)
					return err
				})
				if err != nil {
					fmt.Println("failed", err)
					os.Exit(1)
				}
				fmt.Printf("%d %d\n", w, n) // one write to the pipe
			}
		})
	}
	wg.Wait()
}

// writeOne does what a use case does: it changes two records, one of them
// shared by all writers, and says so in the journal.
func writeOne(tx store.Tx, j *journal.Journal, writer int) (n int, err error) {
	for _, key := range []string{"all", strconv.Itoa(writer)} {
		if n, err = counter(tx, key); err != nil {
			return 0, err
		}
		n++
		if err := tx.Put("counters", key, []byte(strconv.Itoa(n))); err != nil {
			return 0, err
		}
	}
	subject := fmt.Sprintf("writer:%d-%d", writer, n)
	return n, j.Append(tx, journal.Entry{Actor: "test", Kind: "counted", Subject: subject})
}

func counter(tx store.Tx, key string) (int, error) {
	v, err := tx.Get("counters", key)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(v))
}

// copyEntries is a follower that keeps a copy of what it was given.
func copyEntries(s store.Store) func(context.Context, []journal.Entry) error {
	return func(ctx context.Context, entries []journal.Entry) error {
		return s.Update(ctx, func(tx store.Tx) error {
			for _, e := range entries {
				if err := tx.Put("copy", e.Subject, nil); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// crash runs a child on dir, kills it after a random number of
// acknowledgements and returns the last number each writer was told.
func crash(t *testing.T, dir string) map[string]int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]int{}
	left := 1 + rand.IntN(400)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		writer, number, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Errorf("the child says %q", lines.Text())
			break
		}
		acknowledged[writer] = max(acknowledged[writer], n)
		if left--; left == 0 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	return acknowledged
}

func TestNothingAcknowledgedIsLostByKillMinus9(t *testing.T) {
	const rounds = 25
	dir := t.TempDir()
	total := 0
	for round := range rounds {
		acknowledged := crash(t, dir)
		s, err := boltstore.Open(t.Context(), dir, boltstore.Strict())
		if err != nil {
			t.Fatal(err)
		}
		j := journal.New(s, journal.Log(slog.New(slog.DiscardHandler)))
		total = checkAfterCrash(t, s, j, acknowledged)
		if round == rounds-1 {
			checkFollower(t, s, j, total)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			t.Fatalf("after round %d", round+1)
		}
	}
	t.Logf("%d writes in %d rounds", total, rounds)
}

// checkAfterCrash compares the records, the journal and the acknowledgements
// with each other, and returns how many writes there are.
func checkAfterCrash(t *testing.T, s *boltstore.Store, j *journal.Journal, acknowledged map[string]int) (all int) {
	t.Helper()
	if err := errors.Join(j.Open(t.Context()), s.Check(t.Context())); err != nil {
		t.Error(err)
	}
	h, err := j.Verify(t.Context())
	if err != nil {
		t.Error(err)
	}
	err = s.View(t.Context(), func(tx store.Tx) error {
		sum := 0
		for writer := range 8 {
			n, err := counter(tx, strconv.Itoa(writer))
			if err != nil {
				return err
			}
			if told := acknowledged[strconv.Itoa(writer)]; n < told {
				t.Errorf("writer %d was told %d, stored is %d", writer, told, n)
			}
			sum += n
		}
		all, err = counter(tx, "all")
		if all != sum || uint64(all) != h.Seq {
			t.Errorf("the writers count %d, their sum is %d, the journal has %d entries", all, sum, h.Seq)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

// checkFollower lets the follower catch up and counts what it has copied.
func checkFollower(t *testing.T, s *boltstore.Store, j *journal.Journal, want int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stop := start(t, func(ctx context.Context) error { return j.Follow(ctx, "copy", copyEntries(s)) })
	if err := j.Wait(ctx, "copy", uint64(want)); err != nil {
		t.Error(err)
	}
	stop()
	err := s.View(t.Context(), func(tx store.Tx) error {
		copied := 0
		for _, err := range tx.Scan("copy", store.Range{}) {
			if err != nil {
				return err
			}
			copied++
		}
		cursor, err := tx.Get("journal_cursor", "copy")
		var p journal.Position
		if err := errors.Join(err, json.Unmarshal(cursor, &p)); err != nil {
			return err
		}
		if copied != want || p.Seq != uint64(want) {
			t.Errorf("%d of %d were copied, the cursor is at %d", copied, want, p.Seq)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
