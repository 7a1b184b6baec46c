package search_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/search"
)

// TestRecall asks for dictionary forms where the texts hold inflected ones.
// The pairs (form, dictionary form) are in a folder that KOKEILU_PAIRS names;
// they are not part of the repository.
func TestRecall(t *testing.T) {
	dir := os.Getenv("KOKEILU_PAIRS")
	if dir == "" {
		t.Skip("KOKEILU_PAIRS names no folder with pairs of forms")
	}
	for _, name := range []string{"fi", "fi-compounds", "sv", "ru", "kk", "en"} {
		t.Run(name, func(t *testing.T) { recall(t, filepath.Join(dir, name+".tsv"), name) })
	}
}

func recall(t *testing.T, path, name string) {
	pairs := readPairs(t, path)
	docs := shelf{}
	for i, p := range pairs {
		id := fmt.Sprint("d", i)
		docs[id] = search.Document{Kind: "case", ID: id, Lang: name[:2], Title: "… " + p[0], Body: "… " + p[0] + " …"}
	}
	x := open(t, docs)
	found, wrong, tried := 0, 0, 0
	var missed []string
	random := rand.New(rand.NewPCG(1, 2))
	for i, p := range pairs {
		got := all(t, x, p[1], name[:2])
		if slices.Contains(got, fmt.Sprint("d", i)) {
			found++
		} else {
			missed = append(missed, p[1]+"⇏"+p[0])
		}
		for range 20 {
			if j := random.IntN(len(pairs)); pairs[j][1] != p[1] {
				tried++
				if slices.Contains(got, fmt.Sprint("d", j)) {
					wrong++
				}
			}
		}
	}
	random.Shuffle(len(missed), func(i, j int) { missed[i], missed[j] = missed[j], missed[i] })
	t.Logf("%-13s recall %.1f %% of %d, unrelated %.2f ‰; missed %s", name, 100*float64(found)/float64(len(pairs)), len(pairs),
		1000*float64(wrong)/float64(tried), strings.Join(missed[:min(25, len(missed))], " "))
}

// all are the ids of every find, page after page.
func all(t *testing.T, x *search.Index, typed, lang string) []string {
	t.Helper()
	var list []string
	for from := 0; from <= 200; from += search.MaxSize {
		got, err := x.Search(t.Context(), search.Request{Text: typed, Lang: lang, From: from, Size: search.MaxSize})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, ids(got)...)
		if len(got.Hits) < search.MaxSize {
			break
		}
	}
	return list
}

// readPairs reads form and dictionary form; of a compound, its last part.
func readPairs(t *testing.T, path string) [][2]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var pairs [][2]string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		columns := strings.Split(lines.Text(), "\t")
		parts := strings.Split(columns[1], "#")
		pairs = append(pairs, [2]string{columns[0], parts[len(parts)-1]})
	}
	// A thousand are enough, spread over the file.
	step := max(1, len(pairs)/1000)
	var some [][2]string
	for i := 0; i < len(pairs); i += step {
		some = append(some, pairs[i])
	}
	return some
}
