package experiments

import (
	"context"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// An Offer asks somebody of the team to answer for the experiment from now on.
// The owner stays one until they accept.
type Offer struct {
	To string    `json:"to"`
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Faults of passing an experiment on.
var (
	ErrOfferTo = fault.New(fault.Invalid, "experiment.offer_to_team").On("to")
	ErrNoOffer = fault.New(fault.Conflict, "experiment.offer_gone")
)

// OfferTo offers the ownership to somebody of the team, who gets a letter. The
// owner may, and, when the owner cannot, the own coordinator.
func (s *Service) OfferTo(ctx context.Context, a accounts.Actor, id, person string) (err error) {
	defer fault.Wrap(&err, "offer experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		e, err := s.changeTx(tx, a, id, accounts.PassOn, "experiment.offered", func(e *Experiment, _ accounts.Thing) error {
			if person == e.Owner || !slices.Contains(e.Persons(), person) {
				return ErrOfferTo
			}
			e.Offer = &Offer{To: person, By: a.ID, At: s.Now().UTC()}
			return nil
		})
		if err != nil {
			return err
		}
		return s.tellTx(tx, []string{person}, "experiment.letter_offered", &e, func(w words) []any {
			return []any{s.People.DisplayNameTx(tx, a.ID, w.Lang)}
		})
	})
}

// AnswerOffer accepts or declines the ownership: whom it is offered to does. A
// new owner takes over at once, and the old one stays in the team. The one who
// offered may take the offer back by declining it.
func (s *Service) AnswerOffer(ctx context.Context, a accounts.Actor, id string, accept bool) (err error) {
	defer fault.Wrap(&err, "answer the offer of experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		e, thing, err := s.SeeTx(tx, a, id)
		switch {
		case err != nil:
			return err
		case e.Offer == nil:
			return ErrNoOffer
		case a.ID != e.Offer.To && (accept || !accounts.Can(a, accounts.PassOn, thing)):
			return accounts.ErrForbidden
		}
		old := e.Owner
		if accept {
			e.passTo(e.Offer.To)
		}
		e.Offer = nil
		if accept {
			if err := s.tellTx(tx, []string{old}, "experiment.letter_passed", &e, nil); err != nil {
				return err
			}
		}
		return s.putTx(tx, a, &e, "experiment.team_changed")
	})
}

// passTo makes a member of the team the owner. The old owner stays a member.
func (e *Experiment) passTo(person string) {
	if !slices.ContainsFunc(e.Team, func(m Member) bool { return m.Person == e.Owner }) {
		e.Team = append(slices.Clone(e.Team), Member{Person: e.Owner})
	}
	e.Owner = person
	e.Version++
}
