package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content/corpus"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/config"
)

// corpusPortal is a portal, not serving, with n made-up cases.
func corpusPortal(t *testing.T, n int, seed uint64) *App {
	t.Helper()
	c, err := config.Load("")
	if err != nil {
		t.Fatal(err)
	}
	c.Data = t.TempDir()
	a, err := OpenApp(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	fillCorpus(t, a, n, seed)
	return a
}

func fillCorpus(t *testing.T, a *App, n int, seed uint64) (out string) {
	t.Helper()
	var said bytes.Buffer
	if err := benchCorpus(t.Context(), a, corpusArgs{n, seed}, &said); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	return said.String()
}

// exported is every public case as a file, by name.
func exported(t *testing.T, a *App) map[string]string {
	t.Helper()
	files := map[string]string{}
	if _, err := a.Cases.Export(t.Context(), func(name string, text []byte) error {
		files[name] = string(text)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

func TestTheSameSeedMakesTheSamePortal(t *testing.T) {
	const n = 60
	one, two, other := exported(t, corpusPortal(t, n, 5)), exported(t, corpusPortal(t, n, 5)), exported(t, corpusPortal(t, n, 6))
	if len(one) != n {
		t.Fatalf("%d public cases, want %d", len(one), n)
	}
	for name, text := range one {
		if two[name] != text {
			t.Errorf("%s differs under the same seed", name)
		}
		if other[name] != "" {
			t.Errorf("%s is there under another seed", name)
		}
	}
}

// A visitor can read every one of them, as HTML, and finds it.
func TestEveryMadeUpCaseIsPublic(t *testing.T) {
	const n = 40
	a := corpusPortal(t, n, 1)
	maker := corpus.New(1, func(lang string) []string { return cases.HeadingsIn(lang).Fixed() })
	documents := cases.Documents{Service: a.Cases}
	for i := range n {
		text := maker.Text(i)
		c, err := a.Cases.Get(t.Context(), accounts.Actor{}, text.ID)
		if err != nil || c.Title != text.Title || !c.IsPublic(a.Now()) {
			t.Fatalf("case %d: %v", i, err)
		}
		d, ok, err := documents.Document(t.Context(), text.ID)
		if err != nil || !ok || d.Headings != strings.Join(cases.HeadingsIn(text.Lang).Fixed(), "\n") {
			t.Errorf("case %d has the headings %q: %v", i, d.Headings, err)
		}
	}
	if indexed, err := a.Index.Count(); err != nil || indexed < n {
		t.Errorf("%d documents are indexed: %v", indexed, err)
	}
	if out := fillCorpus(t, a, n+10, 1); !strings.Contains(out, "10 imported, 0 updated, 40 unchanged, 0 rejected") {
		t.Errorf("a larger corpus does not add to a smaller one:\n%s", out)
	}
}

func TestARunningPortalIsNotFilled(t *testing.T) {
	a := &App{stop: context.CancelFunc(func() {})}
	if err := benchCorpus(t.Context(), a, corpusArgs{1, 1}, io.Discard); err == nil {
		t.Error("a running portal was filled")
	}
}
