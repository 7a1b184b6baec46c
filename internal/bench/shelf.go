package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"path/filepath"
	"strconv"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/content/corpus"
	"github.com/kokeilu/kokeilu/search"
)

// A shelf holds the made-up cases in memory, so that an engine is measured and
// not what it reads from.
type shelf struct {
	texts []corpus.Text
	plain []string // of the same number, without marks
	docs  map[string]search.Document
	bytes int
}

func (o options) newShelf(size int) *shelf {
	s := &shelf{docs: map[string]search.Document{}}
	maker := o.maker()
	for i := range size {
		t := maker.Text(i)
		plain := content.PlainText(t.Body)
		s.texts, s.plain = append(s.texts, t), append(s.plain, plain)
		s.docs[t.ID] = documentOf(t, plain)
		s.bytes += len(t.Title) + len(t.Summary) + len(plain)
	}
	return s
}

// documentOf is a text as the portal shows it to its index.
func documentOf(t corpus.Text, plain string) search.Document {
	return search.Document{
		Kind: "case", ID: t.ID, Lang: t.Lang, Title: t.Title, Summary: t.Summary, Body: plain,
		Organisation: t.Organisation, Themes: t.Themes, Sector: t.Sector, Outcome: t.Outcome, Country: t.Organisation[:2],
		Year: t.End.Year(), Cost: t.Cost, Date: t.Published, Path: "/cases/" + t.ID,
	}
}

// Kind is "case".
func (s *shelf) Kind() string { return "case" }

// Document gives a case.
func (s *shelf) Document(_ context.Context, id string) (search.Document, bool, error) {
	d, ok := s.docs[id]
	return d, ok, nil
}

// Glance gives a case.
func (s *shelf) Glance(ctx context.Context, id string) (search.Document, bool, error) {
	return s.Document(ctx, id)
}

// IDs yields the cases in their order.
func (s *shelf) IDs(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, t := range s.texts {
			if !yield(t.ID, nil) {
				return
			}
		}
	}
}

// index opens the portal's own index of the shelf in this process, and makes it
// when there is none of this version yet.
func (s *shelf) index(ctx context.Context, o options, out io.Writer) (*search.Index, error) {
	folder := filepath.Join(o.folder, "search-"+strconv.Itoa(len(s.texts))+".seed-"+strconv.FormatUint(o.seed, 10))
	x, fresh, err := search.Open(folder, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	x.Sources = []search.Source{s}
	if n, err := x.Count(); !fresh && err == nil && int(n) == len(s.texts) {
		return x, nil
	}
	_, _ = fmt.Fprintf(out, "making an index of %d cases in this process; this is done once\n", len(s.texts))
	if err := x.Rebuild(ctx, []byte("{}")); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}
