package accounts

import (
	"context"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// How long somebody stays signed in.
const (
	SessionIdle = 12 * time.Hour     // without a visit
	SessionMax  = 7 * 24 * time.Hour // in all
	touchAfter  = 5 * time.Minute    // a visit is noted at most this often
	rotateGrace = 30 * time.Second   // for requests that were under way with the old id
)

// session is one browser somebody is signed in with.
type session struct {
	Hash    string    `json:"hash"` // of the secret in the cookie
	Person  string    `json:"person"`
	Created time.Time `json:"created"` // at sign-in
	Issued  time.Time `json:"issued"`  // when it got its id
	Seen    time.Time `json:"seen"`
	Until   time.Time `json:"until,omitzero"` // replaced by a new id; dead from then on
}

func (x session) alive(now time.Time) bool {
	return now.Sub(x.Created) < SessionMax && now.Sub(x.Seen) < SessionIdle && (x.Until.IsZero() || now.Before(x.Until))
}

// A Visit is a request by somebody who is known.
type Visit struct {
	Person Person
	Actor  Actor
	// NewCookie replaces the session's secret in the browser, if not empty.
	NewCookie string
}

// Begin signs a person in and returns the secret for the cookie. The session
// of old, the cookie the browser had before, ends.
func (s *Service) Begin(ctx context.Context, personID, old string) (secret string, err error) {
	defer fault.Wrap(&err, "begin session")
	secret = newSecret()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		p, err := s.livePerson(tx, personID)
		if err != nil {
			return err
		}
		return s.beginTx(tx, p, secret, old)
	})
	return secret, err
}

func (s *Service) beginTx(tx store.Tx, p Person, secret, old string) error {
	now := s.Now().UTC()
	if err := sessions.Delete(tx, digest("session", old)); err != nil {
		return err
	}
	p.LastSeen = now
	if err := people.Put(tx, p); err != nil {
		return err
	}
	return sessions.Put(tx, session{Hash: digest("session", secret), Person: p.ID, Created: now, Issued: now, Seen: now})
}

// BySession returns who a cookie belongs to, or ErrSignIn. It notes the visit
// now and then, and gives the session a new id when the person's roles have
// changed since it got its old one.
func (s *Service) BySession(ctx context.Context, secret string) (v Visit, err error) {
	defer fault.Wrap(&err, "session")
	if !plausible(secret) {
		return Visit{}, ErrSignIn
	}
	now := s.Now().UTC()
	var x session
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if x, err = sessions.Get(tx, digest("session", secret)); err != nil {
			return err
		}
		v, err = s.visitTx(tx, x.Person)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !x.alive(now):
		return Visit{}, ErrSignIn
	case err != nil:
		return Visit{}, err
	}
	rotate := x.Until.IsZero() && x.Issued.Before(v.Person.RolesAt)
	if !rotate && now.Sub(x.Seen) < touchAfter {
		return v, nil
	}
	// A full or busy store keeps nobody from reading on.
	v.NewCookie, _ = s.touch(ctx, x.Hash, now, rotate)
	return v, nil
}

// HasSession reports whether a cookie belongs to somebody who is signed in.
// Unlike BySession it notes no visit.
func (s *Service) HasSession(ctx context.Context, secret string) bool {
	if !plausible(secret) {
		return false
	}
	x, err := store.Get(ctx, s.Store, func(tx store.Tx) (session, error) { return sessions.Get(tx, digest("session", secret)) })
	return err == nil && x.alive(s.Now().UTC())
}

func (s *Service) visitTx(tx store.Tx, personID string) (Visit, error) {
	p, err := s.livePerson(tx, personID)
	if err != nil {
		return Visit{}, err
	}
	return Visit{Person: p, Actor: p.Actor(s.shownName(tx, p, p.Lang))}, nil
}

func (s *Service) touch(ctx context.Context, hash string, now time.Time, rotate bool) (secret string, err error) {
	next := newSecret()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		secret = ""
		x, err := sessions.Get(tx, hash)
		if err != nil {
			return err
		}
		p, err := people.Get(tx, x.Person)
		if err != nil {
			return err
		}
		x.Seen, p.LastSeen = now, now
		if rotate && x.Until.IsZero() {
			secret = next
			fresh := x
			fresh.Hash, fresh.Issued = digest("session", next), now
			if err := sessions.Put(tx, fresh); err != nil {
				return err
			}
			x.Until = now.Add(rotateGrace)
		}
		if err := people.Put(tx, p); err != nil {
			return err
		}
		return sessions.Put(tx, x)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// End signs a browser out. A session that is not there has ended already.
func (s *Service) End(ctx context.Context, secret string) (err error) {
	defer fault.Wrap(&err, "end session")
	if !plausible(secret) {
		return nil
	}
	return s.Store.Update(ctx, func(tx store.Tx) error { return sessions.Delete(tx, digest("session", secret)) })
}

// EndAll signs the person out everywhere.
func (s *Service) EndAll(ctx context.Context, by Actor) (err error) {
	defer fault.Wrap(&err, "end all sessions")
	return s.Store.Update(ctx, func(tx store.Tx) error { return dropSessions(tx, by.ID) })
}

func dropSessions(tx store.Tx, personID string) error {
	list, err := collect(sessions.By(tx, "person", store.Exactly(personID)))
	if err != nil {
		return err
	}
	for _, x := range list {
		if err := sessions.Delete(tx, x.Hash); err != nil {
			return err
		}
	}
	return nil
}

// Sweep drops sessions, links and requests to join that are over, and returns
// how many.
func (s *Service) Sweep(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "sweep accounts")
	now := s.Now()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		a, err := sweep(tx, &sessions, func(x session) bool { return !x.alive(now) })
		if err != nil {
			return err
		}
		b, err := sweep(tx, &links, func(l link) bool { return !now.Before(l.Expires) })
		if err != nil {
			return err
		}
		c, err := sweep(tx, &joins, func(j Join) bool { return now.Sub(j.Created) > keepJoins })
		n = a + b + c
		return err
	})
	return n, err
}

func sweep[T any](tx store.Tx, table *store.Table[T], over func(T) bool) (n int, err error) {
	list, err := collect(table.All(tx, store.Range{}))
	if err != nil {
		return 0, err
	}
	for _, v := range list {
		if !over(v) {
			continue
		}
		if err := table.Delete(tx, table.Key(v)); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
