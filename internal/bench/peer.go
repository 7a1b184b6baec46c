package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/simple"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/fi"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/analysis/lang/sv"
	"github.com/blevesearch/bleve/v2/mapping"
	_ "github.com/blevesearch/bleve/v2/search/highlight/highlighter/html"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/content/corpus"
)

// The bare index: Bleve as its manual says, with a lean mapping. One field for
// each text and language with that language's analyser; Bleve has none for
// Kazakh.
var analysers = map[string]string{"fi": fi.AnalyzerName, "sv": sv.AnalyzerName, "en": en.AnalyzerName, "ru": ru.AnalyzerName, "kk": simple.Name}

var (
	textFields = []string{"title", "summary", "body"}
	keywords   = []string{"lang", "theme", "outcome", "country", "year", "sector", "org"}
	facets     = []string{"lang", "theme", "outcome", "country", "year"}
)

func bareMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	for lang, analyser := range analysers {
		for _, name := range textFields {
			f := bleve.NewTextFieldMapping()
			f.Analyzer, f.Store, f.IncludeInAll, f.DocValues, f.IncludeTermVectors = analyser, name != "body", false, false, true
			m.DefaultMapping.AddFieldMappingsAt(name+"_"+lang, f)
		}
	}
	for _, name := range keywords {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = keyword.Name, false, false, false, true
		m.DefaultMapping.AddFieldMappingsAt(name, f)
	}
	date := bleve.NewDateTimeFieldMapping()
	date.Store, date.IncludeInAll = false, false
	m.DefaultMapping.AddFieldMappingsAt("published", date)
	for _, name := range []string{"cost", "hours"} {
		f := bleve.NewNumericFieldMapping()
		f.Store, f.IncludeInAll = false, false
		m.DefaultMapping.AddFieldMappingsAt(name, f)
	}
	return m
}

func bareDocument(t corpus.Text) map[string]any {
	return map[string]any{
		"title_" + t.Lang: t.Title, "summary_" + t.Lang: t.Summary, "body_" + t.Lang: content.PlainText(t.Body),
		"lang": t.Lang, "theme": t.Themes, "outcome": t.Outcome, "country": t.Organisation[:2], "year": fmt.Sprint(t.End.Year()),
		"sector": t.Sector, "org": t.Organisation, "published": t.Published, "cost": float64(t.Cost), "hours": float64(t.Hours),
	}
}

// bareQuery is what the portal's search page asks, in Bleve's own terms.
func bareQuery(words string) *bleve.SearchRequest {
	var any []query.Query
	var shown []string
	for lang := range analysers {
		for _, name := range textFields {
			q := bleve.NewMatchQuery(words)
			q.SetField(name + "_" + lang)
			any = append(any, q)
		}
		shown = append(shown, "title_"+lang, "summary_"+lang)
	}
	req := bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(any...), 10, 0, false)
	for _, name := range facets {
		req.AddFacet(name, bleve.NewFacetRequest(name, 20))
	}
	req.Highlight = bleve.NewHighlightWithStyle("html")
	req.Highlight.Fields, req.Fields = shown, shown
	return req
}

// bareIndex opens a copy of the bare index of a size, made when there is none
// yet. done closes the copy and throws it away.
func (o options) bareIndex(ctx context.Context, size int, out io.Writer) (ix bleve.Index, done func() error, err error) {
	folder := filepath.Join(o.folder, fmt.Sprintf("bleve-%d", size))
	marker := fmt.Sprintf("%s.seed-%d", folder, o.seed)
	if _, err := os.Stat(marker); err != nil {
		_, _ = fmt.Fprintf(out, "making the bare index of %d cases; this is done once\n", size)
		if err := errors.Join(os.RemoveAll(folder), o.fillBare(ctx, folder, size)); err != nil {
			return nil, nil, err
		}
		if err := os.WriteFile(marker, nil, 0o600); err != nil {
			return nil, nil, err
		}
	}
	work, err := o.copyFolder(folder)
	if err != nil {
		return nil, nil, err
	}
	ix, err = bleve.Open(work)
	return ix, func() error { return errors.Join(ix.Close(), os.RemoveAll(work)) }, err
}

func (o options) fillBare(ctx context.Context, folder string, size int) (err error) {
	ix, err := bleve.New(folder, bareMapping())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	texts := o.maker()
	batch := ix.NewBatch()
	for i := range size {
		t := texts.Text(i)
		if err := batch.Index(t.ID, bareDocument(t)); err != nil {
			return err
		}
		if batch.Size() == 500 || i == size-1 {
			if err := errors.Join(ix.Batch(batch), ctx.Err()); err != nil {
				return err
			}
			batch = ix.NewBatch()
		}
	}
	return nil
}

// publishBare stores one text in the bare index and says how long it took.
func publishBare(ix bleve.Index, t corpus.Text) (time.Duration, error) {
	start := time.Now()
	batch := ix.NewBatch()
	if err := batch.Index(t.ID, bareDocument(t)); err != nil {
		return 0, err
	}
	err := ix.Batch(batch)
	return time.Since(start), err
}
