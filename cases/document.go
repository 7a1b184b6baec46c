package cases

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// Documents gives the cases to the search index.
type Documents struct{ Service *Service }

// Kind is "case": the first part of the journal's subjects.
func (d Documents) Kind() string { return "case" }

// Document returns a case as it can be found now. A draft, a hidden or a
// withdrawn case, and one under embargo, cannot.
func (d Documents) Document(ctx context.Context, id string) (doc search.Document, ok bool, err error) {
	s := d.Service
	var c Case
	var html rendered
	text, copies := "", 0
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if c, err = table.Get(tx, id); err != nil {
			return err
		}
		if text, err = plainText(tx, id); err != nil {
			return err
		}
		if html, err = getHTML(tx, id); err != nil {
			return err
		}
		copies, err = copiesTx(tx, c)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !c.IsOut(s.Now()) {
		return doc, false, nil
	}
	if err != nil {
		return doc, false, err
	}
	return s.document(ctx, c, text, html, copies), true, nil
}

func (s *Service) document(ctx context.Context, c Case, text string, html rendered, copies int) search.Document {
	doc := s.glance(ctx, rowOf(c))
	doc.Body, doc.Later = text, nil
	doc.ImportID, doc.Cost, doc.Copies = c.ImportID, int(c.CostCents/100), copies
	doc.Evidence = c.evidence(copies)
	var headings []string
	for _, h := range html.Contents {
		headings = append(headings, h.Text)
	}
	doc.Headings = strings.Join(headings, "\n")
	return doc
}

// copiesTx counts the municipalities that took a case over, beside its own.
func copiesTx(tx store.Tx, c Case) (n int, err error) {
	for a, err := range adoptions.All(tx, store.Prefix(c.ID+"/")) {
		if err != nil {
			return 0, err
		}
		if !slices.Contains(c.Owners(), a.Organisation) {
			n++
		}
	}
	return n, nil
}

// evidence counts what a case can show: that its belief was tested, that
// something was measured, and that somebody else took it over.
func (c Case) evidence(copies int) int {
	n := 0
	for _, has := range []bool{c.Outcome != "" && c.Outcome != NotTested, len(c.Measures) > 0, copies > 0} {
		if has {
			n++
		}
	}
	return n
}

// Glance returns a case as a find shows it. It reads the row; the plain text is
// for later.
func (d Documents) Glance(ctx context.Context, id string) (doc search.Document, ok bool, err error) {
	s := d.Service
	var r Row
	err = s.Store.View(ctx, func(tx store.Tx) error {
		r, err = rows.Get(tx, id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !r.IsOut(s.Now()) {
		return doc, false, nil
	}
	if err != nil {
		return doc, false, err
	}
	return s.glance(ctx, r), true, nil
}

// glance is what a row says of a case.
func (s *Service) glance(ctx context.Context, r Row) search.Document {
	doc := search.Document{
		Kind: "case", ID: r.ID, Lang: r.Lang, Title: r.Title, Places: strings.Join(s.placeNames(ctx, r.Owners()), "\n"),
		Organisation: r.Organisation, Themes: r.Themes, Sector: r.Division(), Outcome: string(r.Outcome), Country: r.Country(),
		Path: r.Path(), Date: r.Date, Year: cmp.Or(r.Year, r.Date.Year()), Members: r.Visibility == Members,
	}
	doc.Later = func(ctx context.Context) (string, error) {
		return store.Get(ctx, s.Store, func(tx store.Tx) (string, error) { return plainText(tx, r.ID) })
	}
	if r.Summarised {
		doc.Summary = r.Lead
	}
	if m, ok := r.Place(); ok {
		doc.SizeClass = string(m.SizeClass())
	}
	return doc
}

// placeNames are the names of organisations in every language, each once.
func (s *Service) placeNames(ctx context.Context, keys []string) []string {
	var names []string
	seen := map[string]bool{}
	for _, key := range keys {
		for _, lang := range i18n.Languages {
			if n := s.name(ctx, key, lang); !seen[n] {
				seen[n] = true
				names = append(names, n)
			}
		}
	}
	return names
}

func yearOf(c Case) int {
	switch {
	case !c.End.IsZero():
		return c.End.Year()
	case !c.Start.IsZero():
		return c.Start.Year()
	}
	return c.Published.Year()
}

// IDs yields the id of every case that has a row, some in each transaction:
// those without one cannot be found. The records are left alone.
func (d Documents) IDs(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for after, more := "", true; more; {
			var page []string
			err := d.Service.Store.View(ctx, func(tx store.Tx) error {
				page = page[:0]
				for e, err := range tx.Scan(rows.Bucket, store.Range{After: after}) {
					if err != nil || len(page) == idPage {
						return err
					}
					page = append(page, e.Key)
				}
				return nil
			})
			if err != nil {
				yield("", err)
				return
			}
			for _, id := range page {
				if after = id; !yield(id, nil) {
					return
				}
			}
			more = len(page) == idPage
		}
	}
}

// idPage is how many ids one transaction reads.
const idPage = 1000
