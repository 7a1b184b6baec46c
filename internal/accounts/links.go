package accounts

import (
	"context"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// How long a link in a letter works.
const (
	SignInLink = 10 * time.Minute
	JoinLink   = 24 * time.Hour
)

// ErrLink is returned for a link that was used, is too old or never was.
var ErrLink = fault.New(fault.Gone, "accounts.link_over")

// A link proves that whoever follows it reads the mail of an address.
type link struct {
	Hash    string    `json:"hash"`
	Purpose string    `json:"purpose"` // sign-in or join
	Email   string    `json:"email"`
	Next    string    `json:"next,omitempty"` // where to go then
	Lang    string    `json:"lang"`
	Expires time.Time `json:"expires"`
}

// AskLink sends a letter to an address: with a link to sign in when the
// address is known or its domain is an organisation's, otherwise with a word
// why not and a link to ask for membership. It fails in the same way for all
// of them, so nobody learns from it who has an account.
func (s *Service) AskLink(ctx context.Context, email, lang, next string) (err error) {
	defer fault.Wrap(&err, "ask for a sign-in link")
	if email, err = CleanEmail(email); err != nil {
		return err
	}
	if lang, err = cleanLang(lang); err != nil {
		return err
	}
	secret := newSecret()
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (struct{}, error) {
			return struct{}{}, s.sendLink(tx, link{Email: email, Next: next, Lang: lang}, secret)
		})
		return err
	})
}

func (s *Service) sendLink(tx store.Tx, l link, secret string) error {
	known, err := s.mayEnter(tx, l.Email)
	if err != nil {
		return err
	}
	l.Purpose, l.Expires = "join", s.Now().UTC().Add(JoinLink)
	if known {
		l.Purpose, l.Expires = "sign-in", s.Now().UTC().Add(SignInLink)
	}
	l.Hash = digest(l.Purpose, secret)
	if err := links.Put(tx, l); err != nil {
		return err
	}
	address := s.PublicURL + "/" + l.Lang + "/" + l.Purpose + "/" + secret
	if known {
		return s.letter(tx, l, "accounts.letter_sign_in", address)
	}
	return s.letter(tx, l, "accounts.letter_unknown", address)
}

// OperatorLink returns a sign-in link for somebody with an account, for the
// operator to hand over: the way in while no mail server is configured. It
// fails with ErrForbidden for anybody but the system, and with
// store.ErrNotFound for an address without an account.
func (s *Service) OperatorLink(ctx context.Context, by Actor, email string) (address string, err error) {
	defer fault.Wrap(&err, "make a sign-in link")
	if !by.System {
		return "", ErrForbidden
	}
	secret := newSecret()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		p, err := s.byEmailTx(tx, email)
		if err != nil {
			return err
		}
		address = s.PublicURL + "/" + p.Lang + "/sign-in/" + secret
		return links.Put(tx, link{
			Hash: digest("sign-in", secret), Purpose: "sign-in", Email: p.Email, Lang: p.Lang, Expires: s.Now().UTC().Add(SignInLink),
		})
	})
	return address, err
}

// mayEnter reports whether an address has an account or gets one by its
// domain.
func (s *Service) mayEnter(tx store.Tx, email string) (bool, error) {
	for _, look := range []func() error{
		func() error { _, err := people.One(tx, "email", email); return err },
		func() error { _, err := organisations.One(tx, "domain", domainOf(email)); return err },
	} {
		if err := look(); !errors.Is(err, store.ErrNotFound) {
			return err == nil, err
		}
	}
	return false, nil
}

// LinkEmail returns whose link it is, without using it up, or ErrLink.
func (s *Service) LinkEmail(ctx context.Context, purpose, secret string) (string, error) {
	l, err := store.Get(ctx, s.Store, func(tx store.Tx) (link, error) { return s.linkTx(tx, purpose, secret) })
	return l.Email, err
}

func (s *Service) linkTx(tx store.Tx, purpose, secret string) (link, error) {
	if !plausible(secret) {
		return link{}, ErrLink
	}
	l, err := links.Get(tx, digest(purpose, secret))
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !s.Now().Before(l.Expires):
		return link{}, ErrLink
	}
	return l, err
}

// SignIn uses a link up and begins a session: of the person with the address,
// or of a new member of the organisation whose domain it has. It returns the
// secret for the cookie and where to go then. old is the cookie the browser
// had before.
func (s *Service) SignIn(ctx context.Context, linkSecret, old string) (secret, next string, err error) {
	defer fault.Wrap(&err, "sign in")
	secret = newSecret()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		l, err := s.linkTx(tx, "sign-in", linkSecret)
		if err != nil {
			return err
		}
		p, err := s.enter(tx, l)
		if err != nil {
			return err
		}
		next = l.Next
		if err := links.Delete(tx, l.Hash); err != nil {
			return err
		}
		return s.beginTx(tx, p, secret, old)
	})
	return secret, next, err
}

// enter returns the person with the link's address. Whoever has none yet
// becomes a member of the organisation with its domain.
func (s *Service) enter(tx store.Tx, l link) (Person, error) {
	p, err := people.One(tx, "email", l.Email)
	if !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	o, err := organisations.One(tx, "domain", domainOf(l.Email))
	if errors.Is(err, store.ErrNotFound) {
		return Person{}, ErrLink // the domain was taken away meanwhile
	}
	if err != nil {
		return Person{}, err
	}
	return s.addTx(tx, Actor{}, NewPerson{Email: l.Email, Lang: l.Lang, Grants: []Grant{{Role: Member, Organisation: o.Key}}})
}

// letter sends what belongs to a link. It is not sent any more when the link
// is too old.
func (s *Service) letter(tx store.Tx, l link, key string, args ...any) error {
	p := s.Locales.For(l.Lang)
	return s.Mail.Send(tx, notify.Mail{
		To: l.Email, Lang: l.Lang, Subject: p.T(key + "_subject"), Text: p.T(key+"_text", args...), Expires: l.Expires,
	})
}
