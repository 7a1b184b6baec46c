package accounts

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

const (
	keepJoins  = 60 * 24 * time.Hour
	maxMessage = 500
)

// A Join is somebody's wish to become a member of an organisation. The mail
// address is known to be theirs.
type Join struct {
	ID           string    `json:"id"`
	Organisation string    `json:"organisation"`
	Email        string    `json:"email"`
	Name         string    `json:"name"`
	Message      string    `json:"message,omitempty"`
	Lang         string    `json:"lang"`
	Created      time.Time `json:"created"`
}

// Faults of joining.
var (
	ErrNameMissing = fault.New(fault.Invalid, "accounts.name_missing").On("name")
	ErrMessage     = fault.New(fault.Invalid, "accounts.message_too_long").On("message")
	ErrMember      = fault.New(fault.Conflict, "accounts.member_already").On("organisation")
)

// JoinForm is what somebody writes who wants to become a member.
type JoinForm struct {
	Organisation string
	Name         string
	Message      string
}

func (f JoinForm) clean() (JoinForm, error) {
	name, err := cleanName(f.Name)
	if err != nil {
		return f, err
	}
	f.Name, f.Message = name, strings.TrimSpace(f.Message)
	var faults []*fault.Error
	if f.Organisation == "" {
		faults = append(faults, ErrUnknownOrg)
	}
	if f.Name == "" {
		faults = append(faults, ErrNameMissing)
	}
	if len([]rune(f.Message)) > maxMessage {
		faults = append(faults, ErrMessage.With(maxMessage))
	}
	return f, fault.Join(faults...)
}

// AskToJoin records the wish of somebody who came by a link in a letter, uses
// the link up, and tells those who can say yes.
func (s *Service) AskToJoin(ctx context.Context, linkSecret string, f JoinForm) (err error) {
	defer fault.Wrap(&err, "ask to join")
	return s.join(ctx, f, func(tx store.Tx) (Join, error) {
		l, err := s.linkTx(tx, "join", linkSecret)
		if err != nil {
			return Join{}, err
		}
		return Join{Email: l.Email, Lang: l.Lang}, links.Delete(tx, l.Hash)
	})
}

// AskToJoinAs records the wish of somebody with an account to become a member
// of one more organisation.
func (s *Service) AskToJoinAs(ctx context.Context, by Actor, f JoinForm) (err error) {
	defer fault.Wrap(&err, "ask to join")
	return s.join(ctx, f, func(tx store.Tx) (Join, error) {
		p, err := s.livePerson(tx, by.ID)
		if err != nil {
			return Join{}, err
		}
		if p.Actor("").MemberOf(f.Organisation) {
			return Join{}, ErrMember
		}
		return Join{Email: p.Email, Lang: p.Lang}, nil
	})
}

func (s *Service) join(ctx context.Context, f JoinForm, who func(store.Tx) (Join, error)) error {
	f, err := f.clean()
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (struct{}, error) {
			if err := s.checkGrant(tx, Grant{Role: Member, Organisation: f.Organisation}); err != nil {
				return struct{}{}, err
			}
			j, err := who(tx)
			if err != nil {
				return struct{}{}, err
			}
			j.ID, j.Created = s.NewID(), s.Now().UTC()
			j.Organisation, j.Name, j.Message = f.Organisation, f.Name, f.Message
			return struct{}{}, s.putJoin(tx, j)
		})
		return err
	})
}

// putJoin stores a wish in the place of an earlier one, and sends letters to
// the coordinators, or to the administrators where there are none.
func (s *Service) putJoin(tx store.Tx, j Join) error {
	earlier, err := collect(joins.By(tx, "email", store.Exactly(j.Email)))
	if err != nil {
		return err
	}
	for _, old := range earlier {
		if old.Organisation == j.Organisation {
			if err := joins.Delete(tx, old.ID); err != nil {
				return err
			}
		}
	}
	if err := joins.Put(tx, j); err != nil {
		return err
	}
	ids, err := s.CoordinatorsTx(tx, j.Organisation)
	if err == nil && len(ids) == 0 {
		ids, err = s.PeopleWith(tx, Admin)
	}
	if err != nil {
		return err
	}
	for _, id := range ids {
		p, err := s.PersonTx(tx, id)
		if err != nil {
			return err
		}
		name := s.organisationName(tx, j.Organisation, p.Lang)
		address := s.PublicURL + "/" + p.Lang + "/organisations/" + KeySlug(j.Organisation) + "/people"
		if err := s.Mail.Tell(tx, p.Email, p.Lang, "accounts.letter_join", j.Name, j.Email, name, address); err != nil {
			return err
		}
	}
	return nil
}

// Joins returns who wants to become a member, the oldest first. Only those who
// can say yes may look.
func (s *Service) Joins(ctx context.Context, by Actor, organisation string) (list []Join, err error) {
	defer fault.Wrap(&err, "list requests to join")
	if err := See(by, GrantRole, Thing{Organisations: some(organisation)}); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		list, err = joinsTx(tx, organisation)
		return err
	})
	return list, err
}

func joinsTx(tx store.Tx, organisation string) ([]Join, error) {
	list, err := collect(joins.By(tx, "organisation", store.Exactly(organisation)))
	slices.SortStableFunc(list, func(a, b Join) int { return a.Created.Compare(b.Created) })
	return list, err
}

// JoinsWaitingTx counts the wishes that wait for the actor.
func (s *Service) JoinsWaitingTx(tx store.Tx, by Actor) (int, error) {
	list, err := s.WaitingJoinsTx(tx, by)
	return len(list), err
}

// WaitingJoinsTx returns the wishes that wait for the actor: those of the
// organisations the actor coordinates, and for an administrator those of
// organisations without a coordinator.
func (s *Service) WaitingJoinsTx(tx store.Tx, by Actor) (list []Join, err error) {
	if !by.Has(Coordinator) && !by.Has(Admin) {
		return nil, nil
	}
	for j, err := range joins.All(tx, store.Range{}) {
		if err != nil {
			return nil, err
		}
		mine := by.HasIn(Coordinator, j.Organisation)
		if !mine && by.Has(Admin) {
			ids, err := s.CoordinatorsTx(tx, j.Organisation)
			if err != nil {
				return nil, err
			}
			mine = len(ids) == 0
		}
		if mine {
			list = append(list, j)
		}
	}
	return list, nil
}

// Answer says yes or no to somebody who wants to become a member, and tells
// them by letter. Yes gives them an account when they have none.
func (s *Service) Answer(ctx context.Context, by Actor, joinID string, yes bool) (err error) {
	defer fault.Wrap(&err, "answer request to join %q", joinID)
	return s.Store.Update(ctx, func(tx store.Tx) error {
		if !plainID(joinID) {
			return store.ErrNotFound
		}
		j, err := joins.Get(tx, joinID)
		if err != nil {
			return err
		}
		if err := See(by, GrantRole, Thing{Organisations: some(j.Organisation)}); err != nil {
			return err
		}
		if err := joins.Delete(tx, j.ID); err != nil {
			return err
		}
		name := s.organisationName(tx, j.Organisation, j.Lang)
		if !yes {
			return s.Mail.Tell(tx, j.Email, j.Lang, "accounts.letter_declined", name)
		}
		if err := s.welcome(tx, by, NewPerson{Email: j.Email, Name: j.Name, Lang: j.Lang}, Grant{Role: Member, Organisation: j.Organisation}); err != nil {
			return err
		}
		return s.Mail.Tell(tx, j.Email, j.Lang, "accounts.letter_welcome", name, s.PublicURL+"/"+j.Lang+"/sign-in")
	})
}

// Invite makes somebody a member of an organisation, with a role there, before
// they have asked, and tells them by letter. A coordinator may in the own
// organisation.
func (s *Service) Invite(ctx context.Context, by Actor, n NewPerson, g Grant) (err error) {
	defer fault.Wrap(&err, "invite")
	if err := mayGrant(by, g); err != nil {
		return err
	}
	if n.Email, err = CleanEmail(n.Email); err != nil {
		return err
	}
	if n.Lang, err = cleanLang(n.Lang); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (struct{}, error) {
			if err := s.welcome(tx, by, n, g); err != nil {
				return struct{}{}, err
			}
			name := s.organisationName(tx, g.Organisation, n.Lang)
			return struct{}{}, s.Mail.Tell(tx, n.Email, n.Lang, "accounts.letter_welcome", name, s.PublicURL+"/"+n.Lang+"/sign-in")
		})
		return err
	})
}

// welcome grants a role to the person with an address, who gets an account
// first where there is none.
func (s *Service) welcome(tx store.Tx, by Actor, n NewPerson, g Grant) error {
	p, err := s.byEmailTx(tx, n.Email)
	if errors.Is(err, store.ErrNotFound) {
		n.Grants = []Grant{g}
		_, err = s.addTx(tx, by, n)
		return err
	}
	if err != nil {
		return err
	}
	return s.grantTx(tx, by, p.ID, g)
}
