package accounts

import (
	"errors"

	"github.com/kokeilu/kokeilu/internal/store"
)

// WelcomeTx gives an account to somebody who followed a link that was sent to
// their mailbox. A domain known to an organisation makes them its member;
// others belong to none yet. It fails with ErrNameMissing without a name.
func (s *Service) WelcomeTx(tx store.Tx, n NewPerson) (Person, error) {
	name, err := cleanName(n.Name)
	if err != nil {
		return Person{}, err
	}
	if name == "" {
		return Person{}, ErrNameMissing
	}
	email, err := CleanEmail(n.Email)
	if err != nil {
		return Person{}, err
	}
	n.Grants = nil
	o, err := organisations.One(tx, "domain", domainOf(email))
	switch {
	case err == nil:
		n.Grants = []Grant{{Role: Member, Organisation: o.Key}}
	case !errors.Is(err, store.ErrNotFound):
		return Person{}, err
	}
	return s.addTx(tx, Actor{}, n)
}

// BeginTx signs a person in inside a transaction, and returns the secret for
// the cookie. The session of old, the cookie the browser had before, ends.
func (s *Service) BeginTx(tx store.Tx, personID, old string) (secret string, err error) {
	p, err := s.livePerson(tx, personID)
	if err != nil {
		return "", err
	}
	secret = newSecret()
	return secret, s.beginTx(tx, p, secret, old)
}

// ByEmailTx is ByEmail inside a transaction.
func (s *Service) ByEmailTx(tx store.Tx, email string) (Person, error) { return s.byEmailTx(tx, email) }
