package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
)

func TestNoQuestionIsAskedTwice(t *testing.T) {
	s, seen := newSearcher(options{seed: 1}, 200), map[string]bool{}
	for _, q := range s.some(2000) {
		if n := len(strings.Fields(q.words)); seen[q.words] || n < 1 || n > 3 {
			t.Fatalf("%q: %d words, asked before: %v", q.words, n, seen[q.words])
		}
		seen[q.words] = true
	}
	if a, b := newSearcher(options{seed: 1}, 200).some(20), newSearcher(options{seed: 1}, 200).some(20); !slices.Equal(a, b) {
		t.Error("the same seed asks other questions")
	}
}

func TestEveryManuscriptHasAWordOfItsOwn(t *testing.T) {
	a, words := newAuthor(options{seed: 1}), map[string]bool{}
	for range 30 {
		m := a.next()
		if words[m.word] || !strings.HasPrefix(m.Title, m.word+" ") || m.Lang != "en" {
			t.Fatalf("%q: %q", m.word, m.Title)
		}
		words[m.word] = true
		r, err := m.request(&portal{addr: "127.0.0.1:1", token: "secret"})
		if err != nil || !bytes.Contains(r, []byte("Authorization: Bearer secret\r\n")) || bytes.Contains(r, []byte(`\npublished: `)) {
			t.Fatalf("the request is\n%s\n%v", r, err)
		}
	}
}

func TestTheBareIndexFindsAndCounts(t *testing.T) {
	o := options{seed: 1, folder: t.TempDir()}
	const n = 60
	ix, done, err := o.bareIndex(t.Context(), n, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = done() })
	text := o.maker().Text(7)
	found := ask(t, ix, text.Title)
	if !slices.Contains(found, text.ID) {
		t.Errorf("a text is not found by its title %q", text.Title)
	}
	fresh := newAuthor(o).next()
	if _, err := publishBare(ix, fresh.Text); err != nil {
		t.Fatal(err)
	}
	if found := ask(t, ix, fresh.word); !slices.Equal(found, []string{fresh.ID}) {
		t.Errorf("a new text is not found: %v", found)
	}
	if count, err := ix.DocCount(); err != nil || count != n+1 {
		t.Errorf("%d documents: %v", count, err)
	}
}

func ask(t *testing.T, ix bleve.Index, words string) (ids []string) {
	t.Helper()
	result, err := ix.Search(bareQuery(words))
	if err != nil {
		t.Fatal(err)
	}
	for _, hit := range result.Hits {
		ids = append(ids, hit.ID)
		if len(hit.Fragments) == 0 {
			t.Errorf("%s has nothing highlighted", hit.ID)
		}
	}
	if len(result.Hits) > 0 && (len(result.Facets) != len(facets) || result.Facets["country"].Total == 0) {
		t.Errorf("the facets are %v", result.Facets)
	}
	return ids
}

func TestOptions(t *testing.T) {
	o, err := readOptions([]string{"-sizes", "5000 1000", "-only", "s1,S3", "-short"})
	if err != nil || !slices.Equal(o.sizes, []int{1000, 5000}) || !o.wants("S3") || o.wants("S2") || o.publishes != 100 {
		t.Errorf("%+v: %v", o, err)
	}
	if !o.isMain(5000) || o.isMain(1000) {
		t.Error("the size of the other bars is not the largest up to ten thousand")
	}
	for _, wrong := range [][]string{{"-sizes", ""}, {"-sizes", "many"}, {"-rounds", "0"}} {
		if _, err := readOptions(wrong); err == nil {
			t.Errorf("%v was accepted", wrong)
		}
	}
}
