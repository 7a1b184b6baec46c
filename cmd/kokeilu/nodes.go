package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/pgstore"
)

// A portal on PostgreSQL may run as several nodes. They have everything in the
// database; what each keeps in memory it brings up to date from the journal.

// journalOptions let nodes look for entries more often than one that writes
// them all itself.
func (a *App) journalOptions() []journal.Option {
	options := []journal.Option{journal.Log(a.Log)}
	if _, ok := a.Store.(shared); ok {
		options = append(options, journal.Pace(5*time.Second, time.Second))
	}
	return options
}

// startNode begins what a node does because there are others.
func (a *App) startNode(ctx context.Context) {
	s, ok := a.Store.(shared)
	if !ok {
		return
	}
	a.Journal.OnAppend(func(e journal.Entry) { a.own.add(e.Seq) })
	a.background("listen", func() { s.Listen(ctx, a.Journal.Wake) })
	a.background("memory", func() {
		if err := a.Journal.FollowKeeper(ctx, "memory", &recaller{app: a}); err != nil {
			a.Log.Error("this node does not hear what others change", "err", err)
		}
	})
	a.background("views", func() {
		if err := s.DefineViews(ctx, analystViews...); err != nil && ctx.Err() == nil {
			a.Log.Warn("analysts do not get their SQL views", "err", err)
		}
	})
}

// recaller is the follower of the journal that makes this node forget what
// another one changed. It begins where the journal is: memory is filled later.
type recaller struct {
	app *App
	at  journal.Position
}

// Cursor returns the position up to which this node has forgotten.
func (r *recaller) Cursor(ctx context.Context) (journal.Position, error) {
	if r.at == (journal.Position{}) {
		head, err := store.Get(ctx, r.app.Store, r.app.Journal.Head)
		if err != nil {
			return r.at, err
		}
		r.at = head.Position
	}
	return r.at, nil
}

// Handle forgets what the entries are about.
func (r *recaller) Handle(_ context.Context, entries []journal.Entry, upTo journal.Position) error {
	for _, e := range entries {
		if r.app.own.take(e.Seq) {
			continue // this node knows what it has written
		}
		kind, id, _ := strings.Cut(e.Subject, ":")
		switch kind {
		case "case":
			r.app.Cases.Changed(id)
		case "topten":
			r.app.Cases.Changed("")
		case "experiment":
			r.app.Experiments.Changed(id)
		}
		r.app.changes.ChangedElsewhere(id, familiesOf(kind)...)
	}
	r.at = upTo
	return nil
}

// Rebuild is for a portal whose data was replaced while it ran.
func (r *recaller) Rebuild(_ context.Context, head journal.Position) error {
	r.app.Log.Warn("the data was replaced while this node ran: start it anew")
	r.at = head
	return nil
}

// leases say which node does what is to be done once.
var leases = &store.Table[lease]{Bucket: "lease", Key: func(l lease) string { return l.Work }}

// lease is work that a node has taken until a time.
type lease struct {
	Work  string    `json:"work"`
	Until time.Time `json:"until"`
}

// take reports whether this node is to do the work: it is the first to ask
// since the last lease ended. A portal of one node needs none.
func (a *App) take(ctx context.Context, work string, length time.Duration) (mine bool, err error) {
	if _, ok := a.Store.(shared); !ok {
		return true, nil
	}
	err = a.Store.Update(ctx, func(tx store.Tx) error {
		now := a.Now().UTC()
		mine = false
		last, err := leases.Get(tx, work)
		switch {
		case err == nil && last.Until.After(now):
			return nil
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		}
		mine = true
		return leases.Put(tx, lease{Work: work, Until: now.Add(length)})
	})
	return mine && err == nil, err
}

// Conditions of what everybody may read, as SQL.
const (
	notEmbargoed = `coalesce((value->>'embargo')::timestamptz, '-infinity') <= now()`
	ofOpenCase   = `value->>'case' in (select key from open_cases)`
)

// analystViews show in SQL what everybody may read, without people.
var analystViews = []pgstore.View{
	{Name: "open_cases", Bucket: "case_row", Where: `value->>'visibility' is distinct from 'members' and ` + notEmbargoed},
	{Name: "open_adoptions", Bucket: "case_adoption", Without: []string{"person", "since"}, Where: ofOpenCase},
	{Name: "open_endorsements", Bucket: "case_endorsement", Without: []string{"person", "since"}, Where: ofOpenCase},
	{Name: "open_experiments", Bucket: "experiment_row", Without: []string{"owner", "persons", "hidden", "start_asked", "parent"},
		Where: `value->>'visibility' = 'public' and value->>'stage' <> 'draft' and value->>'hidden' is null and ` + notEmbargoed},
	{Name: "open_calls", Bucket: "call", Without: []string{"officers", "reviewers"}, Where: `value->>'public' = 'true' and value->>'state' <> 'draft'`},
	{Name: "open_organisations", Bucket: "organisations", Without: []string{"domains"}},
	{Name: "open_top10", Bucket: "topten_week"},
}
