package accounts

import (
	"context"
	"errors"
	"slices"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// checkGrant refuses a grant in an organisation that is not there, is closed,
// or, for a region, would make it act.
func (s *Service) checkGrant(tx store.Tx, g Grant) error {
	if err := g.check(); err != nil || g.Organisation == "" {
		return err
	}
	o, err := s.OrganisationTx(tx, g.Organisation)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return ErrUnknownOrg
	case err != nil:
		return err
	case o.ClosedInto != "":
		return ErrOrganisationClosed.On("organisation")
	}
	return nil
}

// Grant gives a person a role: a coordinator in the own organisation, an
// administrator everywhere. Granting what somebody has changes nothing.
func (s *Service) Grant(ctx context.Context, by Actor, personID string, g Grant) (err error) {
	defer fault.Wrap(&err, "grant %s", g.Role)
	if err := mayGrant(by, g); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error { return s.grantTx(tx, by, personID, g) })
}

func (s *Service) grantTx(tx store.Tx, by Actor, personID string, g Grant) error {
	if err := s.checkGrant(tx, g); err != nil {
		return err
	}
	p, err := s.livePerson(tx, personID)
	if err != nil || p.Has(g) {
		return err
	}
	return s.putPerson(tx, by, "person.granted", p.with(g, s.Now().UTC()))
}

// Revoke takes a role away; with the membership go all other roles in that
// organisation. Whoever has no role left has no tokens either. Revoking what
// somebody does not have changes nothing; the last administrator stays.
func (s *Service) Revoke(ctx context.Context, by Actor, personID string, g Grant) (err error) {
	defer fault.Wrap(&err, "revoke %s", g.Role)
	if err := mayGrant(by, g); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error { return s.revokeTx(tx, by, personID, g) })
}

// SetRoles makes a person's roles in an organisation, or, with an empty key,
// those in the whole portal, just these. Without any role left, the person is
// no member any more.
func (s *Service) SetRoles(ctx context.Context, by Actor, personID, organisation string, roles []Role) (err error) {
	defer fault.Wrap(&err, "set roles")
	for _, r := range roles {
		if err := mayGrant(by, Grant{Role: r, Organisation: organisation}); err != nil {
			return err
		}
	}
	if err := Must(by, GrantRole, Thing{Organisations: some(organisation)}); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		for _, r := range roles {
			if err := s.grantTx(tx, by, personID, Grant{Role: r, Organisation: organisation}); err != nil {
				return err
			}
		}
		for _, r := range Roles {
			if r.InOrganisation() != (organisation != "") || slices.Contains(roles, r) || r == Member && len(roles) > 0 {
				continue
			}
			if err := s.revokeTx(tx, by, personID, Grant{Role: r, Organisation: organisation}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Leave ends the person's own membership in an organisation.
func (s *Service) Leave(ctx context.Context, by Actor, organisation string) (err error) {
	defer fault.Wrap(&err, "leave %q", organisation)
	if !by.SignedIn() {
		return ErrSignIn
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		return s.revokeTx(tx, by, by.ID, Grant{Role: Member, Organisation: organisation})
	})
}

func (s *Service) revokeTx(tx store.Tx, by Actor, personID string, g Grant) error {
	p, err := s.livePerson(tx, personID)
	if err != nil || !p.Has(g) {
		return err
	}
	if g.Role == Admin {
		if err := s.notLastAdmin(tx, p.ID); err != nil {
			return err
		}
	}
	if g.Role == Member {
		if err := s.left(tx, p, g.Organisation); err != nil {
			return err
		}
	}
	p = p.without(g, s.Now().UTC())
	if len(p.Grants) == 0 {
		if err := dropTokens(tx, p.ID); err != nil {
			return err
		}
	}
	return s.putPerson(tx, by, "person.revoked", p)
}

func (s *Service) left(tx store.Tx, p Person, organisation string) error {
	for _, tell := range s.Leaving {
		if err := tell(tx, p, organisation); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) notLastAdmin(tx store.Tx, personID string) error {
	admins, err := s.PeopleWith(tx, Admin)
	if err != nil {
		return err
	}
	if len(admins) == 1 && admins[0] == personID {
		return ErrLastAdmin
	}
	return nil
}

func (s *Service) livePerson(tx store.Tx, id string) (Person, error) {
	p, err := s.PersonTx(tx, id)
	if err == nil && p.IsErased() {
		return Person{}, store.ErrNotFound
	}
	return p, err
}

// mayGrant: a coordinator grants what is held in the own organisation, and
// nothing else.
func mayGrant(by Actor, g Grant) error {
	if err := g.check(); err != nil {
		return err
	}
	return Must(by, GrantRole, Thing{Organisations: some(g.Organisation)})
}

// Members returns the people of an organisation, for those who may say who
// belongs to it.
func (s *Service) Members(ctx context.Context, by Actor, organisation string) (list []Person, err error) {
	defer fault.Wrap(&err, "list members of %q", organisation)
	if err := See(by, GrantRole, Thing{Organisations: some(organisation)}); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		list, err = s.MembersTx(tx, organisation)
		return err
	})
	return list, err
}
