package mentoring

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Question is what a team asks: a person, when the wish names a mentor, else
// whoever fits best. ID may be given for a new mentorship; empty, one is made.
type Question struct {
	ID      string
	Wish    Wish
	Message string
	Lang    string
	MoveOn  bool // when this one cannot, ask the next best
}

// Ask sends a team's question to a mentor and returns the mentorship's id. It
// fails with ErrNotFree when the mentor named does not fit or has no room (any
// more), with ErrNobody when nobody fits, and with ErrTooMany.
func (s *Service) Ask(ctx context.Context, a accounts.Actor, experimentID string, q Question) (id string, err error) {
	defer fault.Wrap(&err, "ask a mentor for %q", experimentID)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		id, err = once.Do(tx, s.Now(), func() (string, error) { return s.askTx(tx, a, experimentID, q) })
		return err
	})
	return id, err
}

func (s *Service) askTx(tx store.Tx, a accounts.Actor, experimentID string, q Question) (string, error) {
	e, thing, err := s.teamTx(tx, a, experimentID)
	if err != nil {
		return "", err
	}
	if err := q.check(); err != nil {
		return "", err
	}
	waiting, err := s.waitingTx(tx, experimentID)
	if err != nil {
		return "", err
	}
	if len(waiting) >= MaxWaiting {
		return "", ErrTooMany
	}
	ranked, err := s.rankTx(tx, &e, thing, q.Wish.of(&e))
	switch {
	case err != nil:
		return "", err
	case len(ranked) == 0 && q.Wish.Mentor != "":
		return "", ErrNotFree
	case len(ranked) == 0:
		return "", ErrNobody
	}
	now := s.Now().UTC()
	m := Mentorship{
		ID: cmp.Or(q.ID, s.NewID()), Experiment: e.ID, By: a.ID, Wish: q.Wish.of(&e),
		Message: q.Message, Lang: q.Lang, MoveOn: q.MoveOn, Created: now,
	}
	m.ask(ranked[0].Mentor, now, s.dueFor(ranked[0].Mentor, &e))
	if err := s.putTx(tx, a, "mentorship.asked", &m); err != nil {
		return "", err
	}
	return m.ID, s.tellAskedTx(tx, &m, &e)
}

func (q *Question) check() error {
	q.Message = strings.TrimSpace(q.Message)
	if !i18n.Known(q.Lang) {
		q.Lang = "en"
	}
	var f findings
	f.when(q.Message == "", ErrMessage)
	f.text("message", q.Message, MaxMessage)
	for _, err := range fault.All(q.Wish.check()) {
		f.when(true, err)
	}
	return f.err()
}

// passOnTx gives the turn to the next who fits, or closes the question when
// nobody is left or the team wanted nobody else.
func (s *Service) passOnTx(tx store.Tx, by accounts.Actor, m *Mentorship) error {
	kind := "mentorship.declined"
	if m.Turn().Answer == Silent {
		kind = "mentorship.silent"
	}
	if err := s.putTx(tx, by, kind, m); err != nil {
		return err
	}
	e, thing, err := s.Experiments.SeeTx(tx, accounts.System, m.Experiment)
	if err != nil {
		return err
	}
	next, err := s.nextTx(tx, &e, thing, m)
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	if next == nil {
		m.giveUp(now)
		if err := s.putTx(tx, accounts.System, "mentorship.unanswered", m); err != nil {
			return err
		}
		return s.tellTeamTx(tx, m, &e, "mentor.letter_nobody")
	}
	m.ask(next.Mentor, now, s.dueFor(next.Mentor, &e))
	if err := s.putTx(tx, accounts.System, "mentorship.asked", m); err != nil {
		return err
	}
	if err := s.tellTeamTx(tx, m, &e, "mentor.letter_moved"); err != nil {
		return err
	}
	return s.tellAskedTx(tx, m, &e)
}

// nextTx is the best of those who were not asked yet, or nil.
func (s *Service) nextTx(tx store.Tx, e *experiments.Experiment, thing accounts.Thing, m *Mentorship) (*Scored, error) {
	if !m.MoveOn || !askable(e.Stage) {
		return nil, nil
	}
	w := m.Wish.of(e)
	w.Mentor = "" // whoever was wanted first has been asked
	ranked, err := s.rankTx(tx, e, thing, w)
	for _, r := range ranked {
		if !slices.ContainsFunc(m.Turns, func(t Turn) bool { return t.Mentor == r.ID }) {
			return &r, err
		}
	}
	return nil, err
}
