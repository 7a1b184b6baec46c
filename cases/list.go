package cases

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// MaxList is the largest page of a list.
const MaxList = 100

// ErrCursor is returned for a cursor that no list gave.
var ErrCursor = fault.New(fault.Invalid, "case.cursor_unknown").On("cursor")

// Filter narrows a list; empty fields let everything through.
type Filter struct {
	Lang         string
	Theme        string // a theme's key, or a COFOG division
	Outcome      Outcome
	Country      string
	Organisation string
	// Reader, when set, is a language: of an account in several languages only
	// one version is listed, that language's, or else the original.
	Reader string
	Limit  int    // 20 when not set, at most MaxList
	Cursor string // from the page before
}

// Listing is one page of a list, newest first. Next is the cursor of the page
// that follows, empty on the last one.
type Listing struct {
	Rows []Row
	Next string
}

// List returns the cases that the actor may read and the filter lets through,
// newest first.
func (s *Service) List(ctx context.Context, a accounts.Actor, f Filter) (list Listing, err error) {
	defer fault.Wrap(&err, "list cases")
	return store.Get(ctx, s.Store, func(tx store.Tx) (Listing, error) { return s.listTx(tx, a, f) })
}

func (s *Service) listTx(tx store.Tx, a accounts.Actor, f Filter) (list Listing, err error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 20
	}
	limit = min(limit, MaxList)
	index, value := f.index()
	scan := store.Range{Prefix: value, Reverse: true}
	if f.Cursor != "" {
		after, err := base64.RawURLEncoding.DecodeString(f.Cursor)
		if err != nil || !strings.HasPrefix(string(after), value) || !strings.Contains(string(after), "\x00") || len(after) > store.MaxKey {
			return list, ErrCursor
		}
		scan.After = string(after)
	}
	member, now := len(a.Organisations()) > 0, s.Now()
	for r, err := range rows.By(tx, index, scan) {
		switch {
		case err != nil:
			return list, err
		case !visible(r, member, now):
			pagecache.Until(tx.Context(), now, r.Embargo)
			continue
		case !f.lets(r):
			continue
		}
		one, err := f.represents(tx, r, member, now)
		switch {
		case err != nil:
			return list, err
		case !one:
			continue
		case len(list.Rows) == limit:
			last := list.Rows[limit-1]
			list.Next = base64.RawURLEncoding.EncodeToString([]byte(rows.Position(last, value+last.sortable())))
			return list, nil
		}
		list.Rows = append(list.Rows, r)
	}
	return list, nil
}

func visible(r Row, member bool, now time.Time) bool {
	return r.IsPublic(now) || member && r.IsOut(now)
}

// represents reports whether r is the version of its account that the reader
// is shown.
func (f Filter) represents(tx store.Tx, r Row, member bool, now time.Time) (bool, error) {
	if f.Reader == "" || f.Lang != "" || r.Lang == f.Reader {
		return true, nil
	}
	for other, err := range rows.By(tx, "group", store.Exactly(r.Group)) {
		switch {
		case err != nil:
			return false, err
		case other.ID == r.ID || !visible(other, member, now) || !f.lets(other):
			pagecache.Until(tx.Context(), now, other.Embargo)
			continue
		case other.Lang == f.Reader, r.ID != r.Group && (other.ID == r.Group || other.ID < r.ID):
			return false, nil
		}
	}
	return true, nil
}

// index picks the index that lets the fewest rows through.
func (f Filter) index() (name, prefix string) {
	switch {
	case f.Organisation != "":
		return "organisation", f.Organisation + "|"
	case f.Theme != "":
		return "theme", f.Theme + "|"
	case f.Country != "":
		return "country", f.Country + "|"
	case f.Outcome != "":
		return "outcome", string(f.Outcome) + "|"
	case f.Lang != "":
		return "lang", f.Lang + "|"
	}
	return "newest", ""
}

func (f Filter) lets(r Row) bool {
	return (f.Lang == "" || r.Lang == f.Lang) &&
		(f.Theme == "" || r.Division() == f.Theme || slices.Contains(r.Themes, f.Theme)) &&
		(f.Outcome == "" || r.Outcome == f.Outcome) &&
		(f.Country == "" || r.Country() == f.Country) &&
		(f.Organisation == "" || slices.Contains(r.Owners(), f.Organisation))
}

// Row returns the row of a case that everybody may read, or ErrUnknown.
func (s *Service) Row(ctx context.Context, id string) (r Row, err error) {
	defer fault.Wrap(&err, "row of case %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) (Row, error) {
		r, err := rows.Get(tx, id)
		if err != nil || !r.IsPublic(s.Now()) {
			return Row{}, ErrUnknown
		}
		return r, nil
	})
}

// Mine returns the cases the actor is an author of, drafts among them, the
// last changed first.
func (s *Service) Mine(ctx context.Context, a accounts.Actor) (list []Case, err error) {
	defer fault.Wrap(&err, "list own cases")
	if !a.SignedIn() {
		return nil, nil
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Case, error) {
		var list []Case
		for c, err := range table.By(tx, "author", store.Exactly(a.ID)) {
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
		slices.SortFunc(list, func(a, b Case) int { return b.Updated.Compare(a.Updated) })
		return list, nil
	})
}
