package experiments

import (
	"context"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// People are the persons and organisations an experiment names.
type People interface {
	OrganisationTx(tx store.Tx, key string) (accounts.Organisation, error)
	OrganisationsVersionTx(tx store.Tx) (string, error)
	PersonTx(tx store.Tx, id string) (accounts.Person, error)
	DisplayNameTx(tx store.Tx, personID, lang string) string
	ByEmail(ctx context.Context, email string) (accounts.Person, error)
	ByEmailTx(tx store.Tx, email string) (accounts.Person, error)
	CoordinatorsTx(tx store.Tx, organisation string) ([]string, error)
	MembersTx(tx store.Tx, organisation string) ([]accounts.Person, error)
	WelcomeTx(tx store.Tx, n accounts.NewPerson) (accounts.Person, error)
	BeginTx(tx store.Tx, personID, old string) (secret string, err error)
}

// Bank takes the case that an experiment becomes, and gives the one that it
// is started from.
type Bank interface {
	DraftTx(tx store.Tx, a accounts.Actor, d cases.Draft) (string, error)
	OriginTx(tx store.Tx, caseID string, o cases.Origin) error
	SeeTx(tx store.Tx, a accounts.Actor, caseID string) (cases.Case, error)
}

// A MentorLine is a mentor of the team, as its page shows them.
type MentorLine struct {
	Name string
	Role string // in words
	URL  string
}

// MentoringView is what an experiment's page shows of mentoring. AskURL is
// set when the reader may ask for a mentor.
type MentoringView struct {
	Mentors []MentorLine
	Note    string // "asked on 3 March, answers by 6 March"
	AskURL  string
}

// Mentoring knows who mentors a team. Nil where there is no mentoring.
type Mentoring interface {
	MentorsTx(tx store.Tx, experimentID string) ([]string, error)
	OfExperiment(ctx context.Context, a accounts.Actor, experimentID, lang string) (MentoringView, error)
}

// A FundingLine is one request for money, as the experiment's page shows it.
type FundingLine struct {
	Title    string // of the call
	URL      string
	Words    string // how far it is: "in review, day 4 of 10"
	Cents    int64
	Currency string
}

// FundingView is what an experiment's page shows of money. AskURL is set when
// the reader may ask for some.
type FundingView struct {
	Requests []FundingLine
	AskURL   string
}

// Funding knows an experiment's requests for money. Nil where there is none.
type Funding interface {
	OfExperiment(ctx context.Context, a accounts.Actor, experimentID, lang string) (FundingView, error)
}

// Service is the use cases of experiments. Its fields are set once, before
// the first call; Mentoring, Funding, Weeks, Finder and Wants may stay nil.
type Service struct {
	Store     store.Store
	Journal   *journal.Journal
	Now       func() time.Time
	NewID     func() string
	Zone      *time.Location // of days and weeks
	People    People
	Bank      Bank
	Mentoring Mentoring
	Funding   Funding
	Weeks     Weeks
	Finder    Finder
	Wants     Wants
	// Mail takes the letters; nil sends none. PublicURL begins their links.
	Mail      *notify.Outbox
	PublicURL string
	// PictureSize returns how large a picture is, and whether it is kept at all.
	// Nil: none is.
	PictureSize func(hash string) (width, height int, kept bool)
	// TeamOpen switches off the rule that closes team entries to the team's
	// own managers. Pages say so.
	TeamOpen bool

	catalogue catalogue
}

// Get returns an experiment that the actor may read, and the thing it is for
// permission. It fails with accounts.ErrUnseen when the actor may not.
func (s *Service) Get(ctx context.Context, a accounts.Actor, id string) (e Experiment, thing accounts.Thing, err error) {
	defer fault.Wrap(&err, "experiment %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		e, thing, err = s.SeeTx(tx, a, id)
		return err
	})
	return e, thing, err
}

// SeeTx is Get inside a transaction.
func (s *Service) SeeTx(tx store.Tx, a accounts.Actor, id string) (Experiment, accounts.Thing, error) {
	e, err := cards.Get(tx, id)
	if err != nil {
		return e, accounts.Thing{}, err
	}
	thing, err := s.thingTx(tx, &e)
	if err != nil {
		return e, thing, err
	}
	if err := accounts.See(a, accounts.ReadExperiment, thing); err != nil {
		return Experiment{}, accounts.Thing{}, err
	}
	return e, thing, nil
}

// ThingTx is what permission needs to know about an experiment.
func (s *Service) ThingTx(tx store.Tx, id string) (accounts.Thing, error) {
	e, err := cards.Get(tx, id)
	if err != nil {
		return accounts.Thing{}, err
	}
	return s.thingTx(tx, &e)
}

func (s *Service) thingTx(tx store.Tx, e *Experiment) (thing accounts.Thing, err error) {
	thing = e.Thing(s.Now())
	thing.TeamOpen = s.TeamOpen
	if s.Mentoring != nil {
		if thing.Mentors, err = s.Mentoring.MentorsTx(tx, e.ID); err != nil {
			return thing, err
		}
	}
	for _, person := range e.Persons() {
		p, err := s.People.PersonTx(tx, person)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			continue
		}
		if err != nil {
			return thing, err
		}
		thing.TeamOrganisations = append(thing.TeamOrganisations, accounts.Actor{Grants: p.Grants}.Organisations()...)
	}
	return thing, nil
}

// changeTx loads an experiment the actor may see, asks for a permission, lets
// fn change it and stores it with its row and a line in the journal.
func (s *Service) changeTx(tx store.Tx, a accounts.Actor, id string, do accounts.Action, kind string, fn func(e *Experiment, thing accounts.Thing) error) (Experiment, error) {
	e, thing, err := s.SeeTx(tx, a, id)
	if err != nil {
		return e, err
	}
	if err := accounts.Must(a, do, thing); err != nil {
		return e, err
	}
	if err := fn(&e, thing); err != nil {
		return e, err
	}
	return e, s.putTx(tx, a, &e, kind)
}

// update runs fn in one transaction. A form that is sent twice does it once.
func (s *Service) update(ctx context.Context, fn func(tx store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (bool, error) { return true, fn(tx) })
		return err
	})
}

// putTx stores a card, its row and a line in the journal, and tells the case
// made of it how far the experiment is.
func (s *Service) putTx(tx store.Tx, a accounts.Actor, e *Experiment, kind string) error {
	if err := s.keepVersionTx(tx, a, e, kind); err != nil {
		return err
	}
	if err := cards.Put(tx, *e); err != nil {
		return err
	}
	if err := s.putRowTx(tx, e); err != nil {
		return err
	}
	if e.CaseID != "" && s.Bank != nil {
		if err := s.Bank.OriginTx(tx, e.CaseID, originOf(e)); err != nil {
			return err
		}
	}
	return s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: kind, Subject: Subject(e.ID)})
}

// Subject is how the journal names an experiment.
func Subject(id string) string { return "experiment:" + id }
