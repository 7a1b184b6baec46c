package funding

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Cards are the experiments that requests are made of. experiments.Service is
// them.
type Cards interface {
	SeeTx(tx store.Tx, a accounts.Actor, id string) (experiments.Experiment, accounts.Thing, error)
	ThingTx(tx store.Tx, id string) (accounts.Thing, error)
	HasUnlearnedTx(tx store.Tx, person, except string) (bool, error)
	List(ctx context.Context, a accounts.Actor, q experiments.Query) (experiments.List, error)
}

// People are the persons and organisations that funding names.
type People interface {
	OrganisationTx(tx store.Tx, key string) (accounts.Organisation, error)
	ActorTx(tx store.Tx, personID string) (accounts.Actor, error)
	DisplayNameTx(tx store.Tx, personID, lang string) string
	PeopleWith(tx store.Tx, role accounts.Role) ([]string, error)
}

// Service is the use cases of funding. Its fields are set once, before the
// first call.
type Service struct {
	Store   store.Store
	Journal *journal.Journal
	Now     func() time.Time
	NewID   func() string
	Zone    *time.Location // of days and clocks
	People  People
	Cards   Cards
	Locales *i18n.Bundle // for the lines other pages show
}

// CallSubject is how the journal names a call.
func CallSubject(id string) string { return "call:" + id }

// Subject is how the journal names a request.
func Subject(id string) string { return "request:" + id }

// Days is the calendar of working days of a call's country.
func (c *Call) Days() Workdays { return content.Holidays(c.Country) }

// ClockOf is a request's clock by the rules of its call, in the portal's time
// zone.
func (s *Service) ClockOf(r *Request, c *Call) Clock { return r.Clock(c, c.Days(), s.Zone) }

// A View is a request as one reader may see it.
type View struct {
	Request Request
	Call    Call
	Thing   accounts.Thing
	Sent    *experiments.Experiment // the card as it was sent, or is, before it is sent; nil for who may not read it
	Clock   Reading
	Full    bool // everything; otherwise what the register shows
	// Conflict is what ties an officer or reviewer to it, if anything.
	Conflict ConflictReason
}

// Get returns a request as the actor may see it: in full to its team, its own
// coordinator, its reviewers without a conflict and the call's officers; to
// everybody else what the public register shows. It fails with
// accounts.ErrUnseen when that is nothing, and with ErrConflicted for a
// reviewer who was asked and has a tie to it.
func (s *Service) Get(ctx context.Context, a accounts.Actor, id string) (v View, err error) {
	defer fault.Wrap(&err, "request %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) (View, error) {
		v, err := s.viewTx(tx, a, id)
		if err != nil {
			return View{}, err
		}
		if v.Full {
			return v, s.cardTx(tx, &v)
		}
		if v.Conflict != "" {
			return View{}, ErrConflicted
		}
		if !v.Call.mayRead(a) || !v.Request.IsInRegister() || v.Request.State == Withdrawn && v.Request.Decision == nil {
			return View{}, accounts.ErrUnseen
		}
		if v.Request.ShowsDecision() {
			return v, s.cardTx(tx, &v)
		}
		return v, nil
	})
}

// viewTx loads a request with its call and finds out what the actor may do
// with it; it refuses nothing.
func (s *Service) viewTx(tx store.Tx, a accounts.Actor, id string) (v View, err error) {
	if v.Request, err = requests.Get(tx, id); err != nil {
		return v, err
	}
	if v.Call, err = calls.Get(tx, v.Request.Call); err != nil {
		return v, err
	}
	v.Thing = v.Request.Thing(&v.Call)
	if v.Request.wasAsked(a.ID) || accounts.Can(a, accounts.KeepCall, v.Thing) {
		if v.Conflict, err = s.conflictTx(tx, &v.Request, a); err != nil {
			return v, err
		}
	}
	if v.Conflict != "" {
		v.Thing.Conflicted = []string{a.ID}
	}
	v.Full = accounts.Can(a, accounts.ReadRequest, v.Thing)
	v.Clock = s.ClockOf(&v.Request, &v.Call).Read(s.Now())
	return v, nil
}

// cardTx adds the card to a view.
func (s *Service) cardTx(tx store.Tx, v *View) error {
	if copied, err := sent.Get(tx, v.Request.ID); err == nil {
		v.Sent = &copied.Card
		return nil
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if v.Request.Experiment == "" {
		return nil
	}
	card, _, err := s.Cards.SeeTx(tx, accounts.System, v.Request.Experiment)
	if err == nil {
		v.Sent = &card
	}
	return err
}

// change loads a request that the actor may read in full, asks for a
// permission, lets fn change it and stores it with a line in the journal. The
// same form sent twice changes it once.
func (s *Service) change(ctx context.Context, a accounts.Actor, id string, do accounts.Action, kind string, fn func(tx store.Tx, v *View) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (State, error) {
			v, err := s.permittedTx(tx, a, id, do)
			if err != nil {
				return "", err
			}
			if err := fn(tx, &v); err != nil {
				return "", err
			}
			return v.Request.State, s.putTx(tx, a, &v.Request, kind)
		})
		return err
	})
}

// permittedTx loads a request for somebody who may read it in full and do
// something with it.
func (s *Service) permittedTx(tx store.Tx, a accounts.Actor, id string, do accounts.Action) (View, error) {
	v, err := s.viewTx(tx, a, id)
	switch {
	case err != nil:
		return v, err
	case !a.SignedIn() && !a.System:
		return v, accounts.ErrSignIn
	case v.Conflict != "" && (do == accounts.Score || do == accounts.Decide || do == accounts.PrecheckRequest):
		return v, ErrConflicted
	case !v.Full:
		return v, accounts.ErrUnseen
	}
	return v, accounts.Must(a, do, v.Thing)
}

// putTx stores a request with a line in the journal.
func (s *Service) putTx(tx store.Tx, a accounts.Actor, r *Request, kind string) error {
	r.Version++
	r.Changed = s.Now().UTC()
	if err := requests.Put(tx, *r); err != nil {
		return err
	}
	return s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: "request." + kind, Subject: Subject(r.ID)})
}

// putCallTx stores a call with a line in the journal.
func (s *Service) putCallTx(tx store.Tx, a accounts.Actor, c *Call, kind string) error {
	c.Version++
	c.Changed = s.Now().UTC()
	if err := calls.Put(tx, *c); err != nil {
		return err
	}
	return s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: "call." + kind, Subject: CallSubject(c.ID)})
}

// move brings a request to a state, or fails with ErrStep, and writes the line
// of its history.
func (s *Service) move(a accounts.Actor, v *View, to State, e Event) error {
	if !v.Request.State.MayBecome(to) {
		return ErrStep
	}
	v.Request.State = to
	s.record(a, v, e)
	return nil
}

// record writes a line of the request's history, with the day of the clock.
func (s *Service) record(a accounts.Actor, v *View, e Event) {
	now := s.Now().UTC()
	e.At, e.By, e.Day = now, a.ID, s.ClockOf(&v.Request, &v.Call).Read(now).Day
	v.Request.note(e)
}

// ledgerTx writes a line of the call's ledger; the caller stores the call.
func (s *Service) ledgerTx(tx store.Tx, a accounts.Actor, v *View, kind EntryKind, committed, paid int64) error {
	v.Call.LedgerCount++
	v.Call.CommittedCents += committed
	r := &v.Request
	return ledger.Put(tx, Entry{
		Call: v.Call.ID, N: v.Call.LedgerCount, At: s.Now().UTC(), Kind: kind, Request: r.ID, Title: r.Title, Organisation: r.Organisation,
		Account: r.Account, Committed: committed, Paid: paid, Currency: v.Call.Currency, By: a.ID,
	})
}

// withCard copies from an experiment's card what a request keeps of it.
func (r *Request) withCard(e *experiments.Experiment) {
	r.Experiment, r.Title, r.Lang = e.ID, e.Title, e.Lang
	r.Organisation, r.Organisations = e.Organisation, e.Organisations()
	r.Owner, r.Team = e.Owner, e.Persons()
	r.CostCents = e.Money.Total()
	if !slices.Contains(r.Team, r.Owner) {
		r.Team = append([]string{r.Owner}, r.Team...)
	}
}
