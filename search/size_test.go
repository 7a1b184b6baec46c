package search_test

import (
	"os"
	"path/filepath"
	"testing"
	"fmt"
	"time"
	"log/slog"
	"strings"
	"io/fs"
	"github.com/kokeilu/kokeilu/search"
)

func TestSizeTmp(t *testing.T) {
	base := readTexts(t, os.Getenv("KOKEILU_CORPUS"))
	docs := shelf{}
	text := 0
	var vocabulary []string
	for _, d := range base { vocabulary = append(vocabulary, d.ID) }
	for i := range 20 {
		for id, d := range base {
			d.ID = fmt.Sprint(id, "-", i)
			w := strings.Fields(d.Body)
			// shuffle pieces between documents
			o := base[vocabulary[(i*7+len(w))%len(vocabulary)]]
			_ = o
			if len(w) > 700 { w = w[:700] }
			d.Body = strings.Join(w, " ")
			text += len(d.Title) + len(d.Body)
			docs[d.ID] = d
		}
	}
	dir := t.TempDir()
	x, _, _ := search.Open(dir, slog.New(slog.DiscardHandler))
	x.Sources = []search.Source{docs}
	x.Thesaurus = thesaurus(t)
	start := time.Now()
	if err := x.Rebuild(t.Context(), nil); err != nil { t.Fatal(err) }
	build := time.Since(start)
	time.Sleep(2*time.Second)
	size := int64(0)
	_ = filepath.WalkDir(dir, func(p string, e fs.DirEntry, _ error) error { if e != nil && !e.IsDir() { i, _ := e.Info(); size += i.Size() }; return nil })
	t.Logf("%d docs, text %d KB, index %d KB = %.2f x, build %v", len(docs), text/1024, size/1024, float64(size)/float64(text), build)
	for _, q := range []string{"kirjasto", "avoin data", "digitalisering i skolan", "procurement", "how to find people for usability tests", "koneluettvuus", "умный город", "qqqqzzzz"} {
		start := time.Now()
		var n int
		for range 10 { r, _ := x.Search(t.Context(), search.Request{Text: q, Lang: "fi", Count: true}); n = r.Total }
		t.Logf("%s: %d finds, %v", q, n, time.Since(start)/10)
	}
	x.Close()
}
