package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
	"github.com/kokeilu/kokeilu/search/concepts"
)

// fineFamilies are the records of which there are many, each with a page.
var fineFamilies = []string{"case", "experiment"}

// openPageCache begins to keep pages; nil when the settings give it no room.
func (a *App) openPageCache() *web.Pages {
	a.changes = pagecache.NewGenerations(fineFamilies...)
	a.Store.OnWrites(a.changes.Wrote)
	if a.Config.PageCacheMB == 0 {
		return nil
	}
	return pagecache.New[*web.Answer](a.changes, int64(a.Config.PageCacheMB)<<20, a.Config.Zone)
}

// indexKeeper makes pages with finds old when the index has moved on.
type indexKeeper struct {
	search.Follower
	app *App
}

// Handle brings the index up to date, and what the search takes for names of
// the same thing.
func (k indexKeeper) Handle(ctx context.Context, entries []journal.Entry, upTo journal.Position) error {
	defer k.app.changes.Raise(search.Name)
	if slices.ContainsFunc(entries, func(e journal.Entry) bool { return strings.HasPrefix(e.Subject, concepts.Family+":") }) {
		if err := k.app.Concepts.Reload(ctx); err != nil {
			return err
		}
	}
	return k.Follower.Handle(ctx, entries, upTo)
}

// Rebuild makes the index anew.
func (k indexKeeper) Rebuild(ctx context.Context, head journal.Position) error {
	defer k.app.changes.Raise(search.Name)
	return errors.Join(k.app.Concepts.Reload(ctx), k.Follower.Rebuild(ctx, head))
}

// familiesOf are the records that may have changed with an entry of the journal
// about a kind of thing.
func familiesOf(kind string) []string {
	switch kind {
	case "case":
		return []string{"case", "topten"}
	case "saved_search":
		return []string{"saved"}
	case "request":
		return []string{"request", "call"}
	case "mentorship":
		return []string{"mentorship", "mentor"}
	case "person":
		return []string{"people", "accounts"}
	case "organisation":
		return []string{"organisations", "organisation", "accounts"}
	}
	return []string{kind}
}

// ownEntries are the numbers of the journal entries that this node has written
// and not yet met again.
type ownEntries struct {
	mu  sync.Mutex
	all map[uint64]bool
}

func (o *ownEntries) add(seq uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.all == nil {
		o.all = map[uint64]bool{}
	}
	o.all[seq] = true
}

// take reports whether an entry is one of them, and forgets it.
func (o *ownEntries) take(seq uint64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	own := o.all[seq]
	delete(o.all, seq)
	return own
}
