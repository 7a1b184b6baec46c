package experiments

import (
	"context"
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Query says which experiments a list shows. Empty fields ask for nothing.
type Query struct {
	Stage        Stage
	Type         Type
	Sector       string             // the beginning of a COFOG code
	Theme        string             // a theme's key, or a COFOG division
	Country      string             // "FI"
	Size         accounts.SizeClass // of the owning municipality; Find alone knows it
	Needs        string             // NeedsAny or NeedsDoer; Find alone knows it
	Organisation string
	Person       string // owner or team
	After        string // id of the last experiment of the part before
	Limit        int    // 0: 20
	Order        Order  // List knows the newest only
}

// List is a part of the experiments that the actor may read, newest first.
// Next is what After takes to go on, or "".
type List struct {
	Rows []Row
	Next string
}

// List finds experiments. It never fails for what the actor may not read: that
// is left out.
func (s *Service) List(ctx context.Context, a accounts.Actor, q Query) (l List, err error) {
	defer fault.Wrap(&err, "list experiments")
	return store.Get(ctx, s.Store, func(tx store.Tx) (List, error) { return s.ListTx(tx, a, q) })
}

// ListTx is List inside a transaction.
func (s *Service) ListTx(tx store.Tx, a accounts.Actor, q Query) (l List, err error) {
	if q.Limit <= 0 {
		q.Limit = 20
	}
	index, prefix := q.index()
	r := store.Range{Prefix: prefix, Reverse: true}
	if q.After != "" {
		last, err := rows.Get(tx, q.After)
		if err != nil {
			return l, err
		}
		r.After = rows.Position(last, prefix+stamp(last.Listed))
	}
	now := s.Now()
	for row, err := range rows.By(tx, index, r) {
		if err != nil {
			return l, err
		}
		if !q.matches(row) || !accounts.Can(a, accounts.ReadExperiment, row.Thing(now)) {
			pagecache.Until(tx.Context(), now, row.Embargo)
			continue
		}
		if len(l.Rows) == q.Limit {
			l.Next = l.Rows[len(l.Rows)-1].ID
			return l, nil
		}
		l.Rows = append(l.Rows, row)
	}
	return l, nil
}

// index is the narrowest index for the query and the values to look at in it.
func (q Query) index() (name, prefix string) {
	switch {
	case q.Person != "":
		return byPerson, q.Person + "/"
	case q.Organisation != "":
		return byOrganisation, q.Organisation + "/"
	case q.Stage != "":
		return byStage, string(q.Stage) + "/"
	}
	return byNewest, ""
}

func (q Query) matches(r Row) bool {
	return (q.Stage == "" || r.Stage == q.Stage) &&
		(q.Type == "" || r.Type == q.Type) &&
		(q.Sector == "" || strings.HasPrefix(r.Sector, q.Sector)) &&
		(q.Theme == "" || division(r.Sector) == q.Theme || slices.Contains(r.Themes, q.Theme)) &&
		(q.Country == "" || strings.HasPrefix(r.Organisation(), q.Country+":")) &&
		(q.Organisation == "" || slices.Contains(r.Organisations, q.Organisation)) &&
		(q.Person == "" || slices.Contains(r.Persons, q.Person) || slices.Contains(r.Methodologists, q.Person))
}

// Desk is what waits for a coordinator: starts to confirm in their
// organisations.
func (s *Service) Desk(ctx context.Context, a accounts.Actor) (list []Row, err error) {
	defer fault.Wrap(&err, "coordinator's desk")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Row, error) {
		var waiting []Row
		for row, err := range rows.By(tx, byStage, store.Prefix(string(Planned)+"/")) {
			if err != nil {
				return nil, err
			}
			if row.StartAsked && accounts.Can(a, accounts.ConfirmStart, row.Thing(s.Now())) {
				waiting = append(waiting, row)
			}
		}
		return waiting, nil
	})
}

// ByCaseTx returns the experiment a case was drafted from, or
// store.ErrNotFound.
func (s *Service) ByCaseTx(tx store.Tx, caseID string) (Experiment, error) {
	return cards.One(tx, "case", caseID)
}

// HasUnlearned reports whether an organisation or a person owes the lesson of
// an experiment that ran: the next request for money waits for it. except is
// an experiment that does not count.
func (s *Service) HasUnlearnedTx(tx store.Tx, person, except string) (bool, error) {
	for row, err := range rows.By(tx, byPerson, store.Prefix(person+"/")) {
		if err != nil {
			return false, err
		}
		if row.LessonDue && row.ID != except && slices.Contains(row.Persons, person) {
			return true, nil
		}
	}
	return false, nil
}
