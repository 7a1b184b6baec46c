package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/config"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
	"github.com/kokeilu/kokeilu/search"
)

// stopLimit is how long a portal may take to stop, whatever it is doing.
const stopLimit = 10 * time.Second

// Requests that are running when a portal is told to stop are answered in full,
// and no new ones are taken.
func TestStoppingCutsNoRunningRequest(t *testing.T) {
	a := openNode(t, t.TempDir(), "")
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, io.Discard) }()
	base := "http://" + a.Listening(t.Context())

	release := holdTurn(t, a.Store) // whatever writes now waits
	const running = 20
	answers := make(chan error, running)
	for range running {
		go func() { answers <- signInOnce(base) }()
	}
	await(t, "that all requests run", func() bool { return a.Web.Traffic.Stats().Running == running })
	stop()
	start := time.Now()
	await(t, "that the portal stops", a.draining.Load)
	await(t, "that nobody new is let in", func() bool {
		resp, err := http.Get(base + "/healthz")
		if err == nil {
			_ = resp.Body.Close()
		}
		return err != nil
	})
	release()
	for range running {
		if err := <-answers; err != nil {
			t.Errorf("a running request was cut: %v", err)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > stopLimit {
		t.Errorf("it took %s to stop", took)
	}
}

// holdTurn keeps every other writer waiting until release is called.
func holdTurn(t *testing.T, s store.Store) (release func()) {
	t.Helper()
	held, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.Update(context.WithoutCancel(t.Context()), func(store.Tx) error {
			close(held)
			<-free
			return nil
		})
	}()
	<-held
	return func() {
		close(free)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// signInOnce writes a session and reads the whole answer, on a connection of
// its own.
func signInOnce(base string) error {
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.PostForm(base+"/demo/sign-in", url.Values{"as": {"developer"}})
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.ReadAll(resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusSeeOther {
		return errors.New(resp.Status)
	}
	return nil
}

// await waits for something that comes soon.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.Now().Add(patience)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain for: %s", what)
		}
		<-tick.C
	}
}

// A program that is older than its data says so and touches nothing.
func TestDataOfANewerVersionIsRefused(t *testing.T) {
	for name, dsn := range map[string]string{"in a folder": "", "in PostgreSQL": pgtest.DSN(t)} {
		t.Run(name, func(t *testing.T) {
			a := openNode(t, t.TempDir(), dsn)
			newer(t, a.Store)
			before := a.Journal.Seq()
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			_, err := OpenApp(t.Context(), a.Config, slog.New(slog.DiscardHandler))
			if !errors.Is(err, store.ErrNewer) {
				t.Fatalf("opened: %v", err)
			}
			if said := explain(err); !strings.Contains(said, "newer version") || !strings.Contains(said, "cases") {
				t.Errorf("it says %q", said)
			}
			if place := openPlaceAgain(t, a.Config); place != before {
				t.Errorf("the journal ends at %d, was %d", place, before)
			}
		})
	}
}

// openPlaceAgain opens the records alone and returns where the journal ends.
func openPlaceAgain(t *testing.T, c config.Config) uint64 {
	t.Helper()
	s, err := openDatabase(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	raw, err := store.Get(t.Context(), s, func(tx store.Tx) (n uint64, err error) {
		for _, err := range tx.Scan("journal", store.Range{}) {
			if err != nil {
				return 0, err
			}
			n++
		}
		return n, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The drill that the manual asks administrators to practise, done by every run
// of the tests: a backup while people write, restored elsewhere, is a whole
// portal that has everything acknowledged before it was made.
func TestTheRestoreDrill(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	must(t, dir, "user", "add", "keeper@example.org", "--role", "admin")
	p := serve(t, dir, freeAddress(t))
	key := token(t, dir, p.URL, "keeper@example.org")
	early, stopEarly := storm(p.URL, key, 0, 5)
	<-early
	before := stopEarly()
	reached, stop := storm(p.URL, key, 1, 3)
	<-reached
	file, copied := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "copy")
	must(t, dir, "backup", file) // others write all the while
	stop()
	must(t, dir, "restore", "--verify", file)
	must(t, copied, "restore", file)
	head := strings.Fields(must(t, copied, "audit", "head"))
	must(t, dir, "audit", "verify", "--head", head[1]) // the copy is a beginning of the portal
	must(t, copied, "doctor")
	q := serve(t, copied, freeAddress(t))
	q.keeps(t, before)
	q.stop(os.Interrupt)

	// With nobody writing, the copy is the same to the last byte.
	p.stop(os.Interrupt)
	again, same := filepath.Join(t.TempDir(), "c.tar"), filepath.Join(t.TempDir(), "same")
	must(t, dir, "backup", again)
	must(t, same, "restore", again)
	sameRecords(t, dir, same)
	if out, code := command(t, copied, "restore", again); code != 1 || !strings.Contains(out, "not empty") {
		t.Errorf("a restore over data: exit code %d\n%s", code, out)
	}
}

// sameRecords compares every bucket of two data folders.
func sameRecords(t *testing.T, one, other string) {
	t.Helper()
	var sides [2]*boltstore.Store
	for i, dir := range []string{one, other} {
		s, err := boltstore.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		sides[i] = s
	}
	if err := compareStores(t.Context(), sides[0], sides[1], io.Discard); err != nil {
		t.Error(err)
	}
}

// What is no whole backup of this version or an older one is refused, and
// leaves nothing behind that somebody could start.
func TestBackupsThatAreNotRestored(t *testing.T) {
	a := openAt(t, t.TempDir(), "")
	whole := archiveOf(t, a)
	newer(t, a.Store)
	future := archiveOf(t, a)
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 0xff
	for name, tt := range map[string]struct {
		archive []byte
		want    string
	}{
		"records of a newer version": {future, "newer version"},
		"a byte that changed":        {flipped, "not what was backed up"},
		"an archive cut off":         {whole[:len(whole)/2], "was cut off"},
		"something else":             {[]byte("not a tar file, but long enough to be read as the head of one" + strings.Repeat(".", 1024)), "no backup"},
		"a way out of the folder":    {tarOf(t, "../out", "x"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			file, c := filepath.Join(root, "b.tar"), a.Config
			c.Data = filepath.Join(root, "data")
			if err := os.WriteFile(file, tt.archive, 0o600); err != nil {
				t.Fatal(err)
			}
			err := restore(t.Context(), c, file, io.Discard)
			if err == nil || !strings.Contains(explain(err), tt.want) {
				t.Errorf("restored: %v, want %q", err, tt.want)
			}
			if left, _ := os.ReadDir(c.Data); len(left) > 0 {
				t.Errorf("it left %v", left)
			}
			if _, err := os.Stat(filepath.Join(root, "out")); err == nil {
				t.Error("it wrote outside its folder")
			}
		})
	}
}

func archiveOf(t *testing.T, a *App) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "b.tar")
	if err := backup(t.Context(), a, backupArgs{file}, io.Discard); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Who opens a new portal in its first moment finds the sample by searching too.
func TestANewPortalCanBeSearchedAtOnce(t *testing.T) {
	a := openNode(t, t.TempDir(), "")
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, io.Discard) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	answer, err := http.Get("http://" + a.Listening(t.Context()) + "/fi/search?q=kirjasto")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(page), "<mark>") {
		t.Errorf("the first search is answered with %s, %d marked words, %v", answer.Status, strings.Count(string(page), "<mark>"), err)
	}
}

func tarOf(t *testing.T, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text))})
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Below the reserve a portal starts, is read, and says in the reader's language
// that nothing can be saved.
func TestBelowTheReserveAPortalCanBeRead(t *testing.T) {
	dir := t.TempDir()
	v := visit(t, "")
	func() { // a portal with room, in which somebody signs in
		a := openNode(t, dir, "")
		ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
		ended := make(chan error, 1)
		go func() { ended <- a.Serve(ctx, io.Discard) }()
		v.base = "http://" + a.Listening(t.Context())
		v.as("developer")
		built, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := a.Journal.Wait(built, search.FollowerName, a.Journal.Seq()); err != nil {
			t.Fatalf("the index does not follow: %v", err)
		}
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}()
	c := config.Default()
	c.Data, c.Demo, c.Addr, c.Reserve = dir, true, "127.0.0.1:0", 1<<62
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	a, err := OpenApp(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	v.base = listen(t, a)
	for _, lang := range i18n.Languages {
		t.Run(lang, func(t *testing.T) {
			v.t = t
			p := v.open("/" + lang + "/experiments/new")
			refused := p.trySend("/experiments/new", fields{"title": "Kokeilu ja levy", "summary": "Ei mahdu.", "problem": "Levy.", "sector": "01", "later": "1"})
			if refused.status != http.StatusInsufficientStorage {
				t.Fatalf("a change is answered %d", refused.status)
			}
			refused.sees(a.Locales.For(lang).T("error.storage_full"))
			if !strings.Contains(refused.body, "Kokeilu ja levy") {
				t.Error("what was typed is lost")
			}
			for _, path := range []string{"", "/experiments", "/cases", "/top10", "/search?q=a"} {
				v.open("/" + lang + path)
			}
		})
	}
	if stats := a.Store.Stats(); stats.Full < uint64(len(i18n.Languages)) {
		t.Errorf("%d refusals were counted", stats.Full)
	}
}
