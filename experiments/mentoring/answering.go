package mentoring

import (
	"context"
	"errors"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A View is a mentorship as its team or its mentor sees it.
type View struct {
	Mentorship
	Card       experiments.Experiment
	Place      accounts.Organisation
	MentorName string
	AskerName  string
	Names      []string // of the mentors, one for each turn
	IsTeam     bool
	IsMentor   bool
}

// See returns a mentorship to its team and to the mentor whose turn it is.
// Whoever was asked before them gets ErrMovedOn; for everybody else it is not
// there.
func (s *Service) See(ctx context.Context, a accounts.Actor, id, lang string) (v View, err error) {
	defer fault.Wrap(&err, "mentorship %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		m, e, thing, err := s.seeTx(tx, a, id)
		if err != nil {
			return err
		}
		v = View{
			Mentorship: m, Card: e,
			MentorName: s.People.DisplayNameTx(tx, m.Turn().Person, lang), AskerName: s.People.DisplayNameTx(tx, m.By, lang),
			IsTeam: accounts.Can(a, accounts.AskMentor, thing), IsMentor: a.ID == m.Turn().Person,
		}
		for _, t := range m.Turns {
			v.Names = append(v.Names, s.People.DisplayNameTx(tx, t.Person, lang))
		}
		v.Place, err = s.People.OrganisationTx(tx, e.Organisation)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return v, err
}

// seeTx returns a mentorship that the actor may see, with its experiment.
func (s *Service) seeTx(tx store.Tx, a accounts.Actor, id string) (m Mentorship, e experiments.Experiment, thing accounts.Thing, err error) {
	if m, err = mentorships.Get(tx, id); err != nil {
		return m, e, thing, err
	}
	if e, thing, err = s.Experiments.SeeTx(tx, accounts.System, m.Experiment); err != nil {
		return m, e, thing, err
	}
	thing.Person = m.Turn().Person
	switch {
	case accounts.Can(a, accounts.AskMentor, thing), accounts.Can(a, accounts.AnswerMentor, thing):
		return m, e, thing, nil
	case m.WasAsked(a.ID):
		err = ErrMovedOn
	default:
		err = accounts.ErrUnseen
	}
	return Mentorship{}, experiments.Experiment{}, accounts.Thing{}, err
}

// answerTx returns a mentorship that the actor may answer for the mentor.
func (s *Service) answerTx(tx store.Tx, a accounts.Actor, id string) (m Mentorship, e experiments.Experiment, err error) {
	m, e, thing, err := s.seeTx(tx, a, id)
	if err == nil {
		err = accounts.Must(a, accounts.AnswerMentor, thing)
	}
	return m, e, err
}

// update runs one change of a mentorship in a transaction, once per form.
func (s *Service) update(ctx context.Context, fn func(tx store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (struct{}, error) { return struct{}{}, fn(tx) })
		return err
	})
}

// Accept makes the actor the team's mentor. It fails with ErrState when the
// question was answered or taken back meanwhile, and with ErrFull when the
// mentor helps as many teams as they said already.
func (s *Service) Accept(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "accept mentorship %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		m, e, err := s.answerTx(tx, a, id)
		if err != nil {
			return err
		}
		if err := s.roomTx(tx, m.Turn().Mentor); err != nil {
			return err
		}
		if err := m.Accept(s.Now().UTC()); err != nil {
			return err
		}
		if err := s.putTx(tx, a, "mentorship.accepted", &m); err != nil {
			return err
		}
		return s.tellTeamTx(tx, &m, &e, "mentor.letter_accepted")
	})
}

// roomTx refuses one more team to a mentor who helps as many as can be. The
// question itself does not count.
func (s *Service) roomTx(tx store.Tx, mentorID string) error {
	profile, err := mentors.Get(tx, mentorID)
	if err != nil {
		return err
	}
	helps := 0
	for m, err := range mentorships.By(tx, byMentor, store.Exactly(mentorID)) {
		if err != nil {
			return err
		}
		if m.State == Running {
			helps++
		}
	}
	if helps >= min(profile.MaxMentees, MaxMentees) {
		return ErrFull
	}
	return nil
}

// Decline says no for the mentor, with a reason that the team reads, and
// passes the question on.
func (s *Service) Decline(ctx context.Context, a accounts.Actor, id, reason string) (err error) {
	defer fault.Wrap(&err, "decline mentorship %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		m, _, err := s.answerTx(tx, a, id)
		if err != nil {
			return err
		}
		if err := m.Decline(reason, s.Now().UTC()); err != nil {
			return err
		}
		return s.passOnTx(tx, a, &m)
	})
}

// End closes a mentorship for either side; while it waits, the team takes its
// question back. The reason may be empty.
func (s *Service) End(ctx context.Context, a accounts.Actor, id, reason string) (err error) {
	defer fault.Wrap(&err, "end mentorship %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		m, _, thing, err := s.seeTx(tx, a, id)
		if err == nil && m.State == Waits {
			err = accounts.Must(a, accounts.AskMentor, thing)
		}
		if err != nil {
			return err
		}
		return s.closeTx(tx, a, &m, reason)
	})
}

// closeTx ends a mentorship or takes a question back, and tells the others.
func (s *Service) closeTx(tx store.Tx, a accounts.Actor, m *Mentorship, reason string) error {
	waited := m.State == Waits
	if err := m.Close(a.ID, reason, s.Now().UTC()); err != nil {
		return err
	}
	kind, letter := "mentorship.ended", "mentor.letter_ended"
	if waited {
		kind, letter = "mentorship.withdrawn", "mentor.letter_withdrawn"
	}
	if err := s.putTx(tx, a, kind, m); err != nil {
		return err
	}
	e, _, err := s.Experiments.SeeTx(tx, accounts.System, m.Experiment)
	if err != nil {
		return err
	}
	if a.ID != m.Turn().Person {
		if err := s.tellMentorTx(tx, m, &e, letter); err != nil {
			return err
		}
	}
	if waited || a.ID == m.By {
		return nil
	}
	return s.tellTeamTx(tx, m, &e, letter)
}

// Rate says for one side whether it would do it again. It fails with ErrState
// before the end and with ErrAnswered the second time.
func (s *Service) Rate(ctx context.Context, a accounts.Actor, id string, again Again) (err error) {
	defer fault.Wrap(&err, "rate mentorship %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		m, _, _, err := s.seeTx(tx, a, id)
		if err != nil {
			return err
		}
		if err := m.Rate(a.ID == m.Turn().Person, again); err != nil {
			return err
		}
		return s.putTx(tx, a, "mentorship.rated", &m)
	})
}
