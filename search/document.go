// Package search finds cases, experiments and pages in five languages. It is a
// derived index: the store is the truth, and whatever happens to the index,
// writing and reading pages go on.
package search

import (
	"context"
	"iter"
	"time"
)

// Document is a thing as it can be found. Only what may be shown to its
// readers is in it: a thing that is not public has no Document, and one for
// members of organisations says so.
type Document struct {
	Kind     string // case, experiment or page
	ID       string
	ImportID string // the foreign id of an imported case
	Lang     string // language of the text
	Title    string
	Summary  string
	Headings string // one per line
	Body     string // plain text
	Places   string // names of the municipalities in every language, one per line

	Organisation string // key, "FI:020"
	Themes       []string
	Sector       string // COFOG division, "07"
	Outcome      string
	Stage        string
	Country      string
	SizeClass    string
	Year         int
	Cost         int       // in whole units of the owner's currency, 0 when not said
	Path         string    // below the language: "/cases/abc/slug"
	Date         time.Time // published or last changed
	Evidence     int       // pieces of evidence, up to maxEvidence: an outcome, measures, a copy elsewhere
	Copies       int       // other municipalities that took it over
	Members      bool      // only for members of organisations

	// Later gives Body where a Glance left it out; nil: Body is all there is.
	Later func(context.Context) (string, error)
}

// text is the body; what cannot be read now is empty.
func (d Document) text(ctx context.Context) string {
	if d.Later == nil {
		return d.Body
	}
	body, err := d.Later(ctx)
	if err != nil {
		return ""
	}
	return body
}

// maxEvidence bounds what evidence counts.
const maxEvidence = 3

// Source gives the documents of one kind. Slices implement it.
type Source interface {
	// Kind is the first part of the journal's subjects: "case" of "case:ID".
	Kind() string
	// Document returns the thing as it is now. ok is false when there is
	// nothing to find: it is gone, hidden or not public.
	Document(ctx context.Context, id string) (d Document, ok bool, err error)
	// Glance is Document as far as a find shows it, without headings, cost and
	// the foreign id, and perhaps with the body for Later. It is asked for every
	// find of every search, so it is cheap.
	Glance(ctx context.Context, id string) (d Document, ok bool, err error)
	// IDs yields the id of every thing of the kind that may have a Document, to
	// build the index anew.
	IDs(ctx context.Context) iter.Seq2[string, error]
}
