package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/config"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// node opens a portal on a database, with a data folder of its own, and closes
// it with the test.
func node(t *testing.T, dsn string) *App {
	t.Helper()
	return openAt(t, t.TempDir(), dsn)
}

// openAt is openNode for a portal that is not served.
func openAt(t *testing.T, dir, dsn string) *App {
	t.Helper()
	a := openNode(t, dir, dsn)
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// openNode opens a portal, on PostgreSQL where dsn is not empty.
func openNode(t *testing.T, dir, dsn string) *App {
	t.Helper()
	c := config.Default()
	c.Data, c.Store.DSN, c.Demo, c.Addr = dir, dsn, true, "127.0.0.1:0"
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	a, err := OpenApp(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The whole program, twice, on one database: what one takes the other shows
// and finds, and what a killed one has acknowledged is there.
func TestTwoNodesOnOneDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program several times")
	}
	t.Setenv("KOKEILU_STORE_DSN", pgtest.DSN(t))
	dirA, dirB := t.TempDir(), t.TempDir()
	must(t, dirA, "user", "add", "keeper@example.org", "--role", "admin", "--name", "Keeper")
	a := serve(t, dirA, freeAddress(t))
	b := serve(t, dirB, freeAddress(t))
	key := token(t, dirA, a.URL, "keeper@example.org")
	empty := b.ready(t).Documents

	w := writer{a.URL, key, &http.Client{}}
	var waits []time.Duration
	for i := range 20 {
		b.get("/en/feeds/cases.atom") // from now on the other node has it in memory
		one, err := w.send(fmt.Sprintf("zqnode%d", i))
		if err != nil {
			t.Fatal(err)
		}
		told := time.Now()
		if status, _ := b.get("/en/cases/" + one.id); status != http.StatusOK {
			t.Errorf("the other node answers %d for what was just acknowledged", status)
		}
		b.until("found by "+one.word, func() bool {
			_, body := b.get("/api/v1/search?q=" + one.word)
			return strings.Contains(body, one.id)
		})
		b.until("in the feed: "+one.word, func() bool {
			_, body := b.get("/en/feeds/cases.atom")
			return strings.Contains(body, one.id)
		})
		waits = append(waits, time.Since(told))
	}
	slices.Sort(waits)
	usual, slowest := waits[len(waits)/2], waits[len(waits)-1]
	if usual > time.Second || slowest > 5*time.Second { // other tests take their share of the machine
		t.Errorf("found on the other node after %s, once after %s", usual, slowest)
	}

	const enough = 100
	reached, stop := storm(a.URL, key, 0, enough)
	<-reached
	a.kill() // in the middle of its work
	acknowledged := stop()
	if len(acknowledged) < enough {
		t.Errorf("only %d were written", len(acknowledged))
	}
	b.keeps(t, acknowledged)
	b.agrees(t, empty)
	if _, err := (writer{b.URL, key, &http.Client{}}).send("zqafter"); err != nil {
		t.Errorf("the node that is left: %v", err)
	}
	again := serve(t, dirA, freeAddress(t))
	again.keeps(t, acknowledged)
	again.agrees(t, empty)
	if out := must(t, dirB, "audit", "verify"); !strings.Contains(out, "entries, head") {
		t.Error(out)
	}
	t.Logf("found on the other node after %s, at worst %s; %d acknowledged writes survived the kill", usual, slowest, len(acknowledged))
}

func TestWorkIsDoneByOneNode(t *testing.T) {
	dsn := pgtest.DSN(t)
	nodes := []*App{node(t, dsn), node(t, dsn), node(t, dsn)}
	var ran atomic.Int32
	work := []duty{{"count", func(context.Context) error { ran.Add(1); return nil }}}
	now := time.Now()
	for round, later := range []time.Duration{0, time.Minute, dutyPace, dutyPace + time.Minute, 2*dutyPace + time.Second} {
		var wg sync.WaitGroup
		for _, a := range nodes {
			a.Now = func() time.Time { return now.Add(later) }
			wg.Go(func() { a.runDuties(t.Context(), work) })
		}
		wg.Wait()
		if want := []int32{1, 1, 2, 2, 3}[round]; ran.Load() != want {
			t.Errorf("after %s it ran %d times, want %d", later, ran.Load(), want)
		}
	}
	alone := openAt(t, t.TempDir(), "")
	for range 2 {
		alone.runDuties(t.Context(), work)
	}
	if ran.Load() != 5 {
		t.Error("a portal of one node waits for others")
	}
}

func TestADataFolderIsOneNodes(t *testing.T) {
	dsn, dir := pgtest.DSN(t), t.TempDir()
	a := openNode(t, dir, dsn)
	if _, err := OpenApp(t.Context(), a.Config, a.Log); !errors.Is(err, boltstore.ErrLocked) {
		t.Errorf("a second node on the folder: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, dir, dsn)
}

func TestANodeForgetsWhatAnotherChanged(t *testing.T) {
	dsn := pgtest.DSN(t)
	a, b := node(t, dsn), node(t, dsn)
	if !a.fresh || b.fresh {
		t.Error("the sample would be loaded by the second node, or by none")
	}
	b.Start()
	if _, err := b.Cases.Board(t.Context()); err != nil { // its memory is filled
		t.Fatal(err)
	}
	heard := func() {
		t.Helper()
		ctx, stop := context.WithTimeout(t.Context(), patience)
		defer stop()
		if err := b.Journal.Wait(ctx, "memory", a.Journal.Seq()); err != nil {
			t.Fatal(err)
		}
	}
	heard()
	if err := a.prepareData(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	heard()
	here, err := a.Cases.Board(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	there, err := b.Cases.Board(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want, got := titles(here), titles(there); len(want) == 0 || !slices.Equal(want, got) {
		t.Errorf("one node's list is %q, the other's %q", want, got)
	}
	analystsReadWhatEverybodyMay(t, a, dsn) // here, where there is something to read
}

// titles are what is on a board's main list.
func titles(b *cases.Board) (list []string) {
	for _, e := range b.Lists[cases.Practices] {
		list = append(list, e.Row.Title)
	}
	return list
}

func TestAPortalMovesToPostgreSQLAndBack(t *testing.T) {
	dsn := pgtest.DSN(t)
	first, second := t.TempDir(), t.TempDir()
	a := openAt(t, first, "")
	if err := a.prepareData(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	before, err := a.Journal.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Store.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := copyStore(t.Context(), first, dsn, false, &out); err != nil {
		t.Fatal(err)
	}
	if err := copyStore(t.Context(), dsn, second, false, &out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), before.Hash.String()); n != 2 {
		t.Errorf("the head of the journal is named %d times in\n%s", n, &out)
	}
	for name, place := range map[string]*App{"PostgreSQL": openAt(t, t.TempDir(), dsn), "another folder": openAt(t, second, "")} {
		after, err := place.Journal.Verify(t.Context())
		if err != nil || after.Position != before.Position || place.fresh {
			t.Errorf("in %s the journal ends with %+v, %v", name, after, err)
		}
	}
	for name, places := range map[string][2]string{
		"a target that is not empty": {first, dsn},
		"a folder that is not empty": {dsn, first},
		"a source that is not there": {t.TempDir(), t.TempDir()},
		"a server that is not there": {"host=/nonexistent user=x", t.TempDir()},
	} {
		if err := copyStore(t.Context(), places[0], places[1], false, io.Discard); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if testing.Verbose() {
		t.Log(out.String())
	}
}

func analystsReadWhatEverybodyMay(t *testing.T, a *App, dsn string) {
	t.Helper()
	if err := a.Store.(shared).DefineViews(t.Context(), analystViews...); err != nil {
		t.Fatal(err)
	}
	for _, v := range analystViews {
		if n := pgtest.Text(t, dsn, "select count(*) from "+v.Name+" where value is not null"); n == "0" {
			t.Errorf("%s is empty", v.Name)
		}
	}
	for sql, want := range map[string]string{
		"select count(*) from open_experiments where value->>'stage' = 'draft'":                 "0",
		"select count(*) from open_experiments where value ? 'owner' or value ? 'persons'":      "0",
		"select count(*) from open_adoptions where value ? 'person'":                            "0",
		"select count(*) from open_calls where value ? 'officers' or value->>'state' = 'draft'": "0",
	} {
		if got := pgtest.Text(t, dsn, sql); got != want {
			t.Errorf("%s gives %s", sql, got)
		}
	}
}

func TestABackupOfPostgreSQLIsThatOfItsTools(t *testing.T) {
	a := node(t, pgtest.DSN(t))
	err := backup(t.Context(), a, backupArgs{t.TempDir() + "/x.tar"}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("got %v", err)
	}
}
