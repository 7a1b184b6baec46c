package cases

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Origins tells the experiment behind a case that another municipality has
// adopted it. The experiments slice implements it; cmd wires it.
type Origins interface {
	SpreadTx(tx store.Tx, a accounts.Actor, experimentID, note string) error
}

// Organisations names bodies that the reference data does not know, and says
// which of them are municipalities. The accounts implement it.
type Organisations interface {
	Organisation(ctx context.Context, key string) (accounts.Organisation, error)
	OrganisationTx(tx store.Tx, key string) (accounts.Organisation, error)
}

// People names authors as others may see them.
type People interface {
	// PublicName returns a person's name, or what is shown instead of it.
	PublicName(ctx context.Context, person, lang string) string
}

// Related is something like a case: another case or an experiment.
type Related struct {
	Kind  string // case or experiment
	Title string
	Lang  string
	Path  string // below the language
	Place string
	Theme string   // that both have, in the reader's language; may be empty
	Words []string // that both have; may be empty
}

// Similar finds what is like a case. The search index implements it.
type Similar interface {
	SimilarCase(ctx context.Context, id, lang string, n int) ([]Related, error)
}

// Service is the use cases of the bank. Its fields are set once, before the
// first call.
type Service struct {
	Store   store.Store
	Journal *journal.Journal
	Now     func() time.Time
	NewID   func() string
	// Zone is the portal's time zone: when a week of the TOP-10 begins.
	Zone *time.Location
	// Origins may be nil: then no experiment hears of adoptions.
	Origins Origins
	// Organisations may be nil: then only the reference data counts.
	Organisations Organisations
	// People may be nil: then authors are shown by their role.
	People People
	// Similar may be nil: then nothing similar is shown.
	Similar Similar
	// Starts may be nil: then no experiment is known to be started from a case.
	Starts Starts

	begin sync.Once
	memo  *memory
}

// At returns the same service at another time, with the same memory: sample
// data is made in the past.
func (s *Service) At(now func() time.Time) *Service {
	return &Service{
		Store: s.Store, Journal: s.Journal, Now: now, NewID: s.NewID, Zone: s.Zone,
		Origins: s.Origins, Organisations: s.Organisations, People: s.People, Similar: s.Similar, Starts: s.Starts, memo: s.memory(),
	}
}

func (s *Service) memory() *memory {
	s.begin.Do(func() {
		if s.memo == nil {
			s.memo = &memory{stale: map[string]bool{}}
		}
	})
	return s.memo
}

// Get returns a case that the actor may read. It fails with ErrWithdrawn for
// one that was public and was taken back; the case then has title, date and
// reason.
func (s *Service) Get(ctx context.Context, a accounts.Actor, id string) (c Case, err error) {
	defer fault.Wrap(&err, "get case %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		c, err = s.seen(tx, a, id)
		return err
	})
	return c, err
}

// SeeTx is Get inside a transaction.
func (s *Service) SeeTx(tx store.Tx, a accounts.Actor, id string) (Case, error) {
	return s.seen(tx, a, id)
}

// seen returns a case if the actor may read it. For a withdrawn one it returns
// the tombstone with ErrWithdrawn.
func (s *Service) seen(tx store.Tx, a accounts.Actor, id string) (Case, error) {
	c, err := table.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return Case{}, ErrUnknown
	}
	if err != nil {
		return Case{}, err
	}
	if c.State == Withdrawn {
		return s.tombstone(a, c)
	}
	if c.Hidden != "" && accounts.Can(a, accounts.HideCase, c.Thing(s.Now())) {
		return c, nil
	}
	if accounts.See(a, accounts.ReadCase, c.Thing(s.Now())) != nil {
		return Case{}, ErrUnknown
	}
	return c, nil
}

// tombstone shows that a case was here to those who could have read it.
func (s *Service) tombstone(a accounts.Actor, c Case) (Case, error) {
	was := c
	was.State = Published
	if accounts.See(a, accounts.ReadCase, was.Thing(c.WithdrawnAt)) != nil {
		return Case{}, ErrUnknown
	}
	return Case{
		ID: c.ID, Lang: c.Lang, Title: c.Title, State: c.State, WithdrawnAt: c.WithdrawnAt,
		Published: c.Published, Reason: c.Reason, Slug: c.Slug,
	}, ErrWithdrawn
}

// changed stores what follows from a change of c: its row and what note does.
func (s *Service) changed(tx store.Tx, a accounts.Actor, kind string, c Case) error {
	if err := errors.Join(s.putRow(tx, c), noteRank(tx, c)); err != nil {
		return err
	}
	return s.note(tx, a, kind, c.ID)
}

// note tells the journal what happened to a case, and memory that what it has
// of the case is old.
func (s *Service) note(tx store.Tx, a accounts.Actor, kind, id string) error {
	memory := s.memory()
	tx.OnCommit(func() { memory.forget(id) })
	return s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: kind, Subject: Subject(id)})
}

// putRow keeps the row of c in step with c and its HTML.
func (s *Service) putRow(tx store.Tx, c Case) error {
	if err := s.recount(tx, c); err != nil {
		return err
	}
	if c.State != Published || c.Hidden != "" {
		return rows.Delete(tx, c.ID)
	}
	r := rowOf(c)
	if r.Lead == "" {
		html, err := getHTML(tx, c.ID)
		if err != nil {
			return err
		}
		r.Lead = html.Lead
	}
	return rows.Put(tx, r)
}

// Subject is how the journal names a case.
func Subject(id string) string { return "case:" + id }

// name is an organisation's name in a language, its key when nobody knows it.
func (s *Service) name(ctx context.Context, key, lang string) string {
	if m, ok := content.MunicipalityOf(key); ok {
		return m.In(lang)
	}
	if s.Organisations != nil {
		if o, err := s.Organisations.Organisation(ctx, key); err == nil {
			return o.Name(lang)
		}
	}
	return key
}

// isMunicipality reports whether a body may endorse and adopt.
func (s *Service) isMunicipality(tx store.Tx, key string) bool {
	if s.Organisations != nil {
		if o, err := s.Organisations.OrganisationTx(tx, key); err == nil {
			return o.IsMunicipality()
		}
	}
	m, ok := content.MunicipalityOf(key)
	return ok && m.IsMunicipal()
}
