package experiments

import (
	"context"
	"errors"
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// An Inviting is what the team types to ask somebody in. Lang is the language
// of the letter to somebody who has no account.
type Inviting struct {
	Email string
	Seat  Seat
	Role  string
	Lang  string
}

// Invite sends a letter with a link that joins the team, or keeps the log. It
// answers alike whether or not the address has an account. An earlier
// invitation to the address is over then.
func (s *Service) Invite(ctx context.Context, a accounts.Actor, id string, n Inviting) (err error) {
	defer fault.Wrap(&err, "invite to experiment %q", id)
	email, err := accounts.CleanEmail(n.Email)
	if err != nil {
		return err
	}
	if !slices.Contains(Seats, n.Seat) {
		return ErrSeat
	}
	var f findings
	f.text("role", n.Role, maxRole)
	if err := f.err(); err != nil {
		return err
	}
	n.Email = email
	return s.update(ctx, func(tx store.Tx) error {
		e, err := s.changeTx(tx, a, id, accounts.EditExperiment, "experiment.invited", func(*Experiment, accounts.Thing) error { return nil })
		if err != nil {
			return err
		}
		return s.inviteTx(tx, a, &e, n)
	})
}

func (s *Service) inviteTx(tx store.Tx, a accounts.Actor, e *Experiment, n Inviting) error {
	if e.Stage == Archived {
		return ErrArchived
	}
	known, err := s.People.ByEmailTx(tx, n.Email)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if err == nil {
		if err := e.free(known.ID, n.Seat); err != nil {
			return err
		}
		n.Lang = known.Lang
	}
	if err := s.makeRoomTx(tx, e, n); err != nil {
		return err
	}
	now, secret := s.Now().UTC(), accounts.NewSecret()
	hash, _ := accounts.Digest("invitation", secret)
	i := Invitation{
		ID: s.NewID(), Hash: hash, Experiment: e.ID, Email: n.Email, Seat: n.Seat, Role: cut(n.Role, maxRole), By: a.ID,
		Created: now, Expires: now.AddDate(0, 0, InvitationDays),
	}
	if err := invitations.Put(tx, i); err != nil {
		return err
	}
	return s.sendInvitationTx(tx, a, e, i, n.Lang, secret)
}

// makeRoomTx takes back earlier invitations to the address and refuses more
// than a team has room for, or than one experiment sends in a day.
func (s *Service) makeRoomTx(tx store.Tx, e *Experiment, n Inviting) error {
	earlier, err := invitedTx(tx, e.ID)
	if err != nil {
		return err
	}
	open, today, now := 0, 0, s.Now()
	for _, i := range earlier {
		if days(i.Created, now, s.Zone) == 0 {
			today++
		}
		switch {
		case !i.Open(now):
		case i.Email == n.Email:
			i.Withdrawn = true
			if err := invitations.Put(tx, i); err != nil {
				return err
			}
		case i.Seat == TeamSeat:
			open++
		}
	}
	switch {
	case today >= invitedADay:
		return ErrInvitedOften.With(invitedADay)
	case n.Seat == TeamSeat && len(e.Persons())+open > maxTeam:
		return ErrTeamFull
	}
	return nil
}

func (s *Service) sendInvitationTx(tx store.Tx, a accounts.Actor, e *Experiment, i Invitation, lang, secret string) error {
	if s.Mail == nil {
		return nil
	}
	p := s.Mail.Locales.For(lang)
	key := "experiment.letter_invited_" + string(i.Seat)
	text := p.T(key+"_text", s.People.DisplayNameTx(tx, a.ID, p.Lang), e.Title, s.link(p.Lang, "/invitations/"+secret), p.Date(i.Expires))
	return s.Mail.Send(tx, notify.Mail{To: i.Email, Lang: p.Lang, Subject: p.T(key + "_subject"), Text: text, Expires: i.Expires})
}

// Withdraw takes an invitation back: its link is over. Taking back what is over
// already changes nothing.
func (s *Service) Withdraw(ctx context.Context, a accounts.Actor, id, invitation string) (err error) {
	defer fault.Wrap(&err, "withdraw an invitation to experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		_, err := s.changeTx(tx, a, id, accounts.EditExperiment, "experiment.invitation_withdrawn", func(e *Experiment, _ accounts.Thing) error {
			i, err := invitations.Get(tx, invitation)
			if err != nil || i.Experiment != e.ID {
				return errors.Join(err, accounts.ErrUnseen)
			}
			i.Withdrawn = i.UsedBy == ""
			return invitations.Put(tx, i)
		})
		return err
	})
}

// An Invited is an invitation as whoever follows its link may see it.
type Invited struct {
	Invitation
	Title, Lang string // of the experiment
	From        string // who invites, in the reader's language
	Known       bool   // the address has an account
}

// Invited returns the invitation of a link without using it up. It fails with
// ErrInvitation when the link is over.
func (s *Service) Invited(ctx context.Context, secret, lang string) (v Invited, err error) {
	defer fault.Wrap(&err, "invitation")
	err = s.Store.View(ctx, func(tx store.Tx) error {
		i, err := s.invitationTx(tx, secret)
		if err != nil {
			return err
		}
		e, err := cards.Get(tx, i.Experiment)
		if err != nil {
			return err
		}
		v = Invited{Invitation: i, Title: e.Title, Lang: e.Lang, From: s.People.DisplayNameTx(tx, i.By, lang)}
		_, err = s.People.ByEmailTx(tx, i.Email)
		if v.Known = err == nil; fault.KindOf(err) != fault.NotFound {
			return err
		}
		return nil
	})
	return v, err
}

// A Newcomer is what somebody without an account says about themselves.
type Newcomer struct {
	Name     string
	ShowName bool
	Lang     string
	Cookie   string // what the browser had before
}

// Joined is what following a link came to. Cookie is set for a newcomer, who
// is signed in with it.
type Joined struct {
	Experiment string `json:"experiment"`
	Newcomer   string `json:"newcomer,omitempty"` // person
	Cookie     string `json:"-"`
}

// Join uses an invitation up. Somebody signed in joins when the invitation went
// to their address, else it fails with ErrOtherAddress; somebody with an
// account signs in first (accounts.ErrSignIn); whoever has none gets one, as
// the link proves that they read the mail. Sent twice it joins once; for the
// one who used it, a used link is no fault.
func (s *Service) Join(ctx context.Context, a accounts.Actor, secret string, n Newcomer) (j Joined, err error) {
	defer fault.Wrap(&err, "join a team")
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		j, err = once.Do(tx, s.Now(), func() (Joined, error) { return s.joinTx(tx, a, secret, n) })
		if err != nil || j.Newcomer == "" {
			return err
		}
		j.Cookie, err = s.People.BeginTx(tx, j.Newcomer, n.Cookie)
		return err
	})
	return j, err
}

func (s *Service) joinTx(tx store.Tx, a accounts.Actor, secret string, n Newcomer) (j Joined, err error) {
	i, err := s.invitationTx(tx, secret)
	switch {
	case err != nil:
		return j, err
	case i.UsedBy != "" && i.UsedBy == a.ID:
		return Joined{Experiment: i.Experiment}, nil
	case i.UsedBy != "":
		return j, ErrInvitation
	}
	j.Experiment = i.Experiment
	p, err := s.People.ByEmailTx(tx, i.Email)
	switch {
	case err == nil && !a.SignedIn():
		return j, accounts.ErrSignIn
	case a.SignedIn() && (err != nil || p.ID != a.ID):
		return j, ErrOtherAddress.Because(err)
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return j, err
	case err != nil:
		if p, err = s.People.WelcomeTx(tx, accounts.NewPerson{Email: i.Email, Name: n.Name, ShowName: n.ShowName, Lang: n.Lang}); err != nil {
			return j, err
		}
		j.Newcomer = p.ID
	}
	return j, s.seatTx(tx, p, i)
}

// seatTx gives a person the seat of an invitation and uses it up.
func (s *Service) seatTx(tx store.Tx, p accounts.Person, i Invitation) error {
	e, err := cards.Get(tx, i.Experiment)
	switch {
	case err != nil:
		return err
	case e.Stage == Archived:
		return ErrInvitation
	}
	if err := e.seat(Member{Person: p.ID, Role: i.Role}, i.Seat); err != nil && !errors.Is(err, ErrInTeam) {
		return err
	}
	i.UsedBy = p.ID
	if err := invitations.Put(tx, i); err != nil {
		return err
	}
	return s.putTx(tx, accounts.Actor{ID: p.ID}, &e, "experiment.team_changed")
}

// Invitations are those of an experiment that are not used or withdrawn, for
// its team.
func (s *Service) Invitations(ctx context.Context, a accounts.Actor, id string) (list []Invitation, err error) {
	defer fault.Wrap(&err, "invitations of experiment %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		_, thing, err := s.SeeTx(tx, a, id)
		if err != nil {
			return err
		}
		if err := accounts.Must(a, accounts.EditExperiment, thing); err != nil {
			return err
		}
		list, err = invitedTx(tx, id)
		return err
	})
	return slices.DeleteFunc(list, func(i Invitation) bool { return i.UsedBy != "" || i.Withdrawn }), err
}

// ForgetInvitedTx deletes what was sent to a mail address whose owner leaves
// the portal.
func (s *Service) ForgetInvitedTx(tx store.Tx, email string) error {
	var gone []string
	for i, err := range invitations.By(tx, "email", store.Exactly(email)) {
		if err != nil {
			return err
		}
		gone = append(gone, i.ID)
	}
	return deleteAll(tx, gone)
}

// Sweep deletes invitations that were over a month ago, and returns how many.
func (s *Service) Sweep(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "sweep invitations")
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		var gone []string
		for i, err := range invitations.All(tx, store.Range{}) {
			if err != nil {
				return err
			}
			if s.Now().Sub(i.Expires) > keepInvited {
				gone = append(gone, i.ID)
			}
		}
		n = len(gone)
		return deleteAll(tx, gone)
	})
	return n, err
}

func deleteAll(tx store.Tx, ids []string) error {
	for _, id := range ids {
		if err := invitations.Delete(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// HasAddress reports whether a mail address is the actor's own.
func (s *Service) HasAddress(ctx context.Context, a accounts.Actor, email string) (bool, error) {
	p, err := store.Get(ctx, s.Store, func(tx store.Tx) (accounts.Person, error) { return s.People.PersonTx(tx, a.ID) })
	return err == nil && p.Email == email, err
}
