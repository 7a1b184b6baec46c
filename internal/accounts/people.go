package accounts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
)

// NewPerson is what is known about somebody who gets an account.
type NewPerson struct {
	ID       string // empty: a new one
	Email    string
	Name     string
	ShowName bool
	Lang     string // empty: the first language of the portal
	Grants   []Grant
	Created  time.Time // zero: now
}

// Add gives somebody an account: an administrator or the operator does. It
// fails with ErrEmail, ErrEmailTaken, or the fault of a grant.
func (s *Service) Add(ctx context.Context, by Actor, n NewPerson) (p Person, err error) {
	defer fault.Wrap(&err, "add person")
	if err := Must(by, RunPortal, Thing{}); err != nil {
		return Person{}, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		p, err = s.addTx(tx, by, n)
		return err
	})
	return p, err
}

// addTx stores a new person without asking whether by may: the one who calls
// it has.
func (s *Service) addTx(tx store.Tx, by Actor, n NewPerson) (Person, error) {
	email, err1 := CleanEmail(n.Email)
	name, err2 := cleanName(n.Name)
	lang, err3 := cleanLang(n.Lang)
	if err := cmp.Or(err1, err2, err3); err != nil {
		return Person{}, err
	}
	now := s.Now().UTC()
	p := Person{ID: cmp.Or(n.ID, s.NewID()), Email: email, Name: name, ShowName: n.ShowName, Lang: lang, Created: now}
	if !n.Created.IsZero() {
		p.Created = n.Created.UTC()
	}
	for _, g := range n.Grants {
		if err := s.checkGrant(tx, g); err != nil {
			return Person{}, err
		}
		p = p.with(g, now)
	}
	if by.ID == "" {
		by = p.Actor("")
	}
	return p, s.putPerson(tx, by, "person.added", p)
}

// putPerson stores a person and says so in the journal, with digests of what
// was true before and is now.
func (s *Service) putPerson(tx store.Tx, by Actor, kind string, p Person) error {
	subject := "person:" + p.ID
	old, err := people.Get(tx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	before, err1 := journal.Digest(tx, subject, old.facts())
	after, err2 := journal.Digest(tx, subject, p.facts())
	if err := cmp.Or(err1, err2); err != nil {
		return err
	}
	if err := people.Put(tx, p); errors.Is(err, store.ErrExists) {
		return ErrEmailTaken.Because(err)
	} else if err != nil {
		return err
	}
	return s.Journal.Append(tx, journal.Entry{Actor: by.ID, Kind: kind, Subject: subject, Before: before, After: after})
}

// Person returns somebody with an account, erased or not, or
// store.ErrNotFound.
func (s *Service) Person(ctx context.Context, id string) (Person, error) {
	return store.Get(ctx, s.Store, func(tx store.Tx) (Person, error) { return s.PersonTx(tx, id) })
}

// PersonTx is Person inside a transaction.
func (s *Service) PersonTx(tx store.Tx, id string) (Person, error) {
	if !plainID(id) {
		return Person{}, store.ErrNotFound
	}
	return people.Get(tx, id)
}

// ByEmail returns the person with a mail address, or store.ErrNotFound.
func (s *Service) ByEmail(ctx context.Context, email string) (Person, error) {
	return store.Get(ctx, s.Store, func(tx store.Tx) (Person, error) { return s.byEmailTx(tx, email) })
}

func (s *Service) byEmailTx(tx store.Tx, email string) (Person, error) {
	clean, err := CleanEmail(email)
	if err != nil {
		return Person{}, store.ErrNotFound
	}
	return people.One(tx, "email", clean)
}

// Actor is ActorTx in a transaction of its own.
func (s *Service) Actor(ctx context.Context, personID string) (Actor, error) {
	return store.Get(ctx, s.Store, func(tx store.Tx) (Actor, error) { return s.ActorTx(tx, personID) })
}

// ActorTx returns a person as somebody who does something, with the grants of
// this moment. An erased person is nobody: store.ErrNotFound.
func (s *Service) ActorTx(tx store.Tx, personID string) (Actor, error) {
	p, err := s.PersonTx(tx, personID)
	if err != nil {
		return Actor{}, err
	}
	if p.IsErased() {
		return Actor{}, store.ErrNotFound
	}
	return p.Actor(s.shownName(tx, p, p.Lang)), nil
}

// DisplayName is what readers see of a person: the name by consent, otherwise
// the role and the organisation in the reader's language. Somebody who is not
// there, or not any more, is a former member.
func (s *Service) DisplayName(ctx context.Context, personID, lang string) string {
	name, err := store.Get(ctx, s.Store, func(tx store.Tx) (string, error) {
		return s.DisplayNameTx(tx, personID, lang), nil
	})
	if err != nil {
		return s.t(lang, "accounts.somebody")
	}
	return name
}

// DisplayNameTx is DisplayName inside a transaction.
func (s *Service) DisplayNameTx(tx store.Tx, personID, lang string) string {
	if personID == System.ID {
		return s.t(lang, "accounts.system")
	}
	p, err := s.PersonTx(tx, personID)
	if err != nil {
		return s.t(lang, "accounts.former_member")
	}
	return s.shownName(tx, p, lang)
}

func (s *Service) shownName(tx store.Tx, p Person, lang string) string {
	switch {
	case p.IsErased():
		return s.t(lang, "accounts.former_member")
	case p.ShowName && p.Name != "":
		return p.Name
	}
	return s.roleLabel(tx, p, lang)
}

// roleLabel introduces somebody without a name: "Coordinator, Akaa".
func (s *Service) roleLabel(tx store.Tx, p Person, lang string) string {
	main, ok := p.mainRole()
	if !ok {
		return s.t(lang, "accounts.somebody")
	}
	role := s.t(lang, "accounts.role_"+string(main))
	home := p.homeFor(main)
	if home == "" {
		return role
	}
	return s.t(lang, "accounts.role_in", role, s.organisationName(tx, home, lang))
}

func (s *Service) organisationName(tx store.Tx, key, lang string) string {
	o, err := s.OrganisationTx(tx, key)
	if err != nil {
		return key
	}
	return o.Name(lang)
}

// CoordinatorsTx returns the ids of an organisation's coordinators.
func (s *Service) CoordinatorsTx(tx store.Tx, organisationKey string) ([]string, error) {
	return s.holders(tx, store.Exactly(string(Coordinator)+"/"+organisationKey))
}

// PeopleWith returns the ids of those who hold a role, anywhere, each once.
func (s *Service) PeopleWith(tx store.Tx, role Role) ([]string, error) {
	return s.holders(tx, store.Prefix(string(role)+"/"))
}

func (s *Service) holders(tx store.Tx, r store.Range) ([]string, error) {
	var ids []string
	for p, err := range people.By(tx, "grant", r) {
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

// MembersTx returns the people of an organisation in the order of their ids.
func (s *Service) MembersTx(tx store.Tx, organisationKey string) ([]Person, error) {
	return collect(people.By(tx, "organisation", store.Exactly(organisationKey)))
}

// Find returns up to limit people whose name or mail address holds the text.
// Only administrators may look.
func (s *Service) Find(ctx context.Context, by Actor, text string, limit int) (list []Person, err error) {
	defer fault.Wrap(&err, "find people")
	if err := Must(by, RunPortal, Thing{}); err != nil {
		return nil, err
	}
	text = strings.ToLower(strings.TrimSpace(text))
	err = s.Store.View(ctx, func(tx store.Tx) error {
		for p, err := range people.By(tx, "email", store.Range{}) {
			if err != nil {
				return err
			}
			if strings.Contains(p.Email, text) || strings.Contains(strings.ToLower(p.Name), text) {
				list = append(list, p)
			}
			if len(list) == limit {
				break
			}
		}
		return nil
	})
	return list, err
}
