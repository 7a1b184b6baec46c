package accounts

import (
	"context"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Profile is what people may change about themselves.
type Profile struct {
	Name     string
	ShowName bool
	Lang     string
}

// SaveProfile changes the person's own name, consent and language.
func (s *Service) SaveProfile(ctx context.Context, by Actor, f Profile) (err error) {
	defer fault.Wrap(&err, "save profile")
	name, err := cleanName(f.Name)
	if err != nil {
		return err
	}
	lang, err := cleanLang(f.Lang)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		p, err := s.livePerson(tx, by.ID)
		if err != nil {
			return err
		}
		if p.Name == name && p.ShowName == f.ShowName && p.Lang == lang {
			return nil
		}
		p.Name, p.ShowName, p.Lang = name, f.ShowName, lang
		return s.putPerson(tx, by, "person.changed", p)
	})
}

// Rebind gives a person who lost a mailbox another address. Sessions and
// tokens end, for whoever has the old mailbox now. Only administrators may; it
// fails with ErrEmailTaken when somebody else has the address.
func (s *Service) Rebind(ctx context.Context, by Actor, personID, email string) (err error) {
	defer fault.Wrap(&err, "change address of %q", personID)
	if err := Must(by, RunPortal, Thing{}); err != nil {
		return err
	}
	if email, err = CleanEmail(email); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		p, err := s.livePerson(tx, personID)
		if err != nil {
			return err
		}
		p.Email = email
		if err := dropSessions(tx, p.ID); err != nil {
			return err
		}
		if err := dropTokens(tx, p.ID); err != nil {
			return err
		}
		return s.putPerson(tx, by, "person.address_changed", p)
	})
}

// Erase takes everything personal out of an account: the name becomes "former
// member", the id stays. People do it themselves, or an administrator for
// them. Erasing twice changes nothing; the last administrator stays.
func (s *Service) Erase(ctx context.Context, by Actor, personID string) (err error) {
	defer fault.Wrap(&err, "erase person %q", personID)
	if err := See(by, ReadPerson, Thing{Person: personID}); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		p, err := s.PersonTx(tx, personID)
		if err != nil || p.IsErased() {
			return err
		}
		if p.Has(Grant{Role: Admin}) {
			if err := s.notLastAdmin(tx, p.ID); err != nil {
				return err
			}
		}
		if err := s.left(tx, p, ""); err != nil {
			return err
		}
		if err := dropAll(tx, p); err != nil {
			return err
		}
		now := s.Now().UTC()
		gone := Person{ID: p.ID, Lang: p.Lang, Created: p.Created, RolesAt: now, Erased: now}
		if err := s.putPerson(tx, by, "person.erased", gone); err != nil {
			return err
		}
		return journal.Forget(tx, "person:"+p.ID)
	})
}

func dropAll(tx store.Tx, p Person) error {
	if err := dropSessions(tx, p.ID); err != nil {
		return err
	}
	if err := dropTokens(tx, p.ID); err != nil {
		return err
	}
	asked, err := collect(joins.By(tx, "email", store.Exactly(p.Email)))
	if err != nil {
		return err
	}
	for _, j := range asked {
		if err := joins.Delete(tx, j.ID); err != nil {
			return err
		}
	}
	return nil
}

// Export is everything this package keeps about a person. Slices add theirs
// under their own names.
type Export struct {
	Person   exportPerson    `json:"person"`
	Roles    []Grant         `json:"roles"`
	Sessions []exportSession `json:"sessions"`
	Tokens   []exportToken   `json:"tokens"`
	Joins    []Join          `json:"requests_to_join"`
}

type exportPerson struct {
	ID       string    `json:"id"`
	Email    string    `json:"email"`
	Name     string    `json:"name"`
	ShowName bool      `json:"name_public"`
	Lang     string    `json:"language"`
	Created  time.Time `json:"created"`
	LastSeen time.Time `json:"last_seen"`
}

type exportSession struct {
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
}

type exportToken struct {
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"`
}

// ExportOf returns a person's own data. It holds no secrets.
func (s *Service) ExportOf(ctx context.Context, by Actor) (e Export, err error) {
	defer fault.Wrap(&err, "export own data")
	err = s.Store.View(ctx, func(tx store.Tx) error {
		p, err := s.livePerson(tx, by.ID)
		if err != nil {
			return err
		}
		e = Export{Roles: p.Grants, Person: exportPerson{
			ID: p.ID, Email: p.Email, Name: p.Name, ShowName: p.ShowName, Lang: p.Lang, Created: p.Created, LastSeen: p.LastSeen,
		}}
		open, err := collect(sessions.By(tx, "person", store.Exactly(p.ID)))
		if err != nil {
			return err
		}
		for _, x := range open {
			e.Sessions = append(e.Sessions, exportSession{x.Created, x.Seen})
		}
		made, err := tokensTx(tx, p.ID)
		if err != nil {
			return err
		}
		for _, t := range made {
			e.Tokens = append(e.Tokens, exportToken{t.Name, t.Created, t.Used})
		}
		e.Joins, err = collect(joins.By(tx, "email", store.Exactly(p.Email)))
		return err
	})
	return e, err
}
