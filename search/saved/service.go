package saved

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// People are who searches belong to.
type People interface {
	PersonTx(tx store.Tx, id string) (accounts.Person, error)
}

// Service is the use cases of saved searches. Its fields are set once, before
// the first call.
type Service struct {
	Store     store.Store
	Journal   *journal.Journal
	Now       func() time.Time
	NewID     func() string
	Zone      *time.Location // of mornings and Mondays
	Index     *search.Index
	People    People
	Mail      *notify.Outbox
	Locales   *i18n.Bundle
	PublicURL string // begins the addresses in letters
}

// Save keeps a search for an actor; its person, id and times are filled in. It
// fails with a fault for each field that is wrong, and with ErrMost when there
// are as many as one person may have.
func (s *Service) Save(ctx context.Context, a accounts.Actor, n Search) (saved Search, err error) {
	defer fault.Wrap(&err, "save a search")
	if err := accounts.Must(a, accounts.KeepSearch, accounts.Thing{Person: a.ID}); err != nil {
		return saved, err
	}
	if err := n.check(); err != nil {
		return saved, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		saved, err = once.Do(tx, s.Now(), func() (Search, error) {
			count, err := table.Count(tx, byPerson, a.ID+"/")
			if err != nil {
				return n, err
			}
			if count >= Most {
				return n, ErrMost
			}
			n.ID, n.Person, n.Created, n.Stop = s.NewID(), a.ID, s.Now().UTC(), rand.Text()
			n.Since, n.Looked, n.Told = n.Created, n.Created, nil
			return n, errors.Join(table.Put(tx, n), s.note(tx, a, "saved_search.added", n))
		})
		return err
	})
	return saved, err
}

// Of returns an actor's own searches, the newest first.
func (s *Service) Of(ctx context.Context, a accounts.Actor) (list []Search, err error) {
	defer fault.Wrap(&err, "saved searches")
	if !a.SignedIn() {
		return nil, accounts.ErrSignIn
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Search, error) { return ofTx(tx, a.ID) })
}

func ofTx(tx store.Tx, person string) (list []Search, err error) {
	for one, err := range table.By(tx, byPerson, store.Prefix(person+"/")) {
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	slices.Reverse(list)
	return list, nil
}

// Get returns one of an actor's own searches. Another's is not there:
// accounts.ErrUnseen.
func (s *Service) Get(ctx context.Context, a accounts.Actor, id string) (one Search, err error) {
	defer fault.Wrap(&err, "saved search %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) (Search, error) { return ownTx(tx, a, id) })
}

func ownTx(tx store.Tx, a accounts.Actor, id string) (Search, error) {
	if !a.SignedIn() {
		return Search{}, accounts.ErrSignIn
	}
	one, err := table.Get(tx, id)
	if err != nil {
		return one, err
	}
	return one, accounts.See(a, accounts.KeepSearch, accounts.Thing{Person: one.Person})
}

// Change gives one of an actor's searches another name and says how often to
// write. What was published until now does not come as new.
func (s *Service) Change(ctx context.Context, a accounts.Actor, id, name string, mail Mail) (err error) {
	defer fault.Wrap(&err, "change saved search %q", id)
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (bool, error) {
			one, err := ownTx(tx, a, id)
			if err != nil {
				return false, err
			}
			one.Name = name
			one.setMail(mail, s.Now().UTC())
			if err := one.check(); err != nil {
				return false, err
			}
			return true, errors.Join(table.Put(tx, one), s.note(tx, a, "saved_search.changed", one))
		})
		return err
	})
}

// setMail says how often to write. Whoever wanted no letters until now is told
// of what comes from now on.
func (s *Search) setMail(mail Mail, now time.Time) {
	if s.Mail == Never && mail != Never {
		s.Since, s.Looked, s.Told = now, now, nil
	}
	s.Mail = mail
}

// Delete forgets one of an actor's searches. Another's, and one that is gone, is
// not there: store.ErrNotFound.
func (s *Service) Delete(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "delete saved search %q", id)
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (bool, error) {
			one, err := ownTx(tx, a, id)
			if err != nil {
				return false, err
			}
			return true, errors.Join(table.Delete(tx, id), s.note(tx, a, "saved_search.deleted", one))
		})
		return err
	})
}

// Stopped returns the search that a link for ending its letters belongs to, or
// store.ErrNotFound.
func (s *Service) Stopped(ctx context.Context, secret string) (one Search, err error) {
	defer fault.Wrap(&err, "link to end letters")
	return store.Get(ctx, s.Store, func(tx store.Tx) (Search, error) { return byStopTx(tx, secret) })
}

func byStopTx(tx store.Tx, secret string) (Search, error) {
	if len(secret) < 20 || len(secret) > 40 {
		return Search{}, store.ErrNotFound
	}
	return table.One(tx, byStop, secret)
}

// StopLetters ends the letters of a search for whoever has the link. Doing it
// twice is harmless.
func (s *Service) StopLetters(ctx context.Context, secret string) (one Search, err error) {
	defer fault.Wrap(&err, "end letters")
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		if one, err = byStopTx(tx, secret); err != nil || one.Mail == Never {
			return err
		}
		one.Mail = Never
		return errors.Join(table.Put(tx, one), s.note(tx, accounts.Actor{ID: one.Person}, "saved_search.stopped", one))
	})
	return one, err
}

// LeaveTx forgets the searches of somebody whose account is erased. Leaving one
// organisation changes nothing.
func (s *Service) LeaveTx(tx store.Tx, p accounts.Person, organisation string) error {
	if organisation != "" {
		return nil
	}
	list, err := ofTx(tx, p.ID)
	for _, one := range list {
		err = errors.Join(err, table.Delete(tx, one.ID))
	}
	return err
}

// Export is what is kept of somebody's searches, for the file of one's own data.
func (s *Service) Export(ctx context.Context, a accounts.Actor) (any, error) {
	list, err := s.Of(ctx, a)
	for i := range list {
		list[i].Stop = ""
	}
	return list, err
}

func (s *Service) note(tx store.Tx, a accounts.Actor, kind string, one Search) error {
	return s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: kind, Subject: one.Subject()})
}
