package funding

import (
	"context"
	"strings"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// An Asking is the answers to the at most six questions of a request. All
// other text is the experiment's card.
type Asking struct {
	Call         string
	Experiment   string
	Title        string // only without an experiment
	AmountCents  int64
	Account      string
	Declarations Declarations
	Previous     string // a declined request that this one betters
}

// Draft makes a request that its team alone can read, and returns its id. The
// experiment must be planned, and the actor of its team. Without an experiment
// the request carries a title only, and belongs to the actor's own
// organisation: the card follows by Attach. It fails with a fault for each
// answer that the call's rules do not allow.
func (s *Service) Draft(ctx context.Context, a accounts.Actor, q Asking) (id string, err error) {
	defer fault.Wrap(&err, "draft request")
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		id, err = once.Do(tx, s.Now(), func() (string, error) { return s.draftTx(tx, a, q) })
		return err
	})
	return id, err
}

func (s *Service) draftTx(tx store.Tx, a accounts.Actor, q Asking) (string, error) {
	if !a.SignedIn() {
		return "", accounts.ErrSignIn
	}
	c, err := s.CallTx(tx, a, q.Call)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return "", ErrNoCall.Because(err)
	}
	if err != nil {
		return "", err
	}
	if !c.IsOpen(s.Now()) {
		return "", ErrCallShut
	}
	v := View{Call: c, Request: Request{ID: s.NewID(), Call: c.ID, State: Draft, Created: s.Now().UTC(), Currency: c.Currency, Previous: q.Previous}}
	card, err := s.ownCardTx(tx, a, &v, q)
	if err != nil {
		return "", err
	}
	v.Request.answers(q)
	if err := fault.Join(v.Request.allowed(&c, card)...); err != nil {
		return "", err
	}
	return v.Request.ID, s.putTx(tx, a, &v.Request, "drafted")
}

// ownCardTx gives a new request its card: of an experiment of the actor's
// team, or, without one, a title in the actor's organisation.
func (s *Service) ownCardTx(tx store.Tx, a accounts.Actor, v *View, q Asking) (*experiments.Experiment, error) {
	r := &v.Request
	if q.Experiment != "" {
		e, err := s.plannedTx(tx, a, q.Experiment)
		if err != nil {
			return nil, err
		}
		r.withCard(&e)
		return &e, s.notTwiceTx(tx, r)
	}
	r.Title, r.Lang = strings.Join(strings.Fields(q.Title), " "), a.Lang
	r.Owner, r.Team = a.ID, []string{a.ID}
	if r.Organisation = a.Home(); r.Organisation == "" {
		return nil, ErrNoHome
	}
	o, err := s.People.OrganisationTx(tx, r.Organisation)
	if err != nil || !o.MayOwn() {
		return nil, ErrNoHome
	}
	r.Organisations = []string{r.Organisation}
	if r.Title == "" {
		r.Title = v.Call.Title
	}
	var f findings
	f.text("title", r.Title, MaxTitle)
	return nil, f.err()
}

// plannedTx is an experiment of the actor's team that is planned and may ask
// for money.
func (s *Service) plannedTx(tx store.Tx, a accounts.Actor, id string) (experiments.Experiment, error) {
	e, thing, err := s.Cards.SeeTx(tx, a, id)
	switch {
	case err != nil:
		return e, err
	case !accounts.Can(a, accounts.WriteRequest, thing):
		return e, accounts.ErrForbidden
	case e.Stage != experiments.Planned:
		return e, ErrNotPlanned
	}
	due, err := s.Cards.HasUnlearnedTx(tx, e.Owner, e.ID)
	if err == nil && due {
		err = ErrLessonDue
	}
	return e, err
}

// notTwiceTx refuses a second request of an experiment in the same call while
// the first one has not come to an end.
func (s *Service) notTwiceTx(tx store.Tx, r *Request) error {
	for other, err := range requests.By(tx, byExperiment, store.Exactly(r.Experiment)) {
		switch {
		case err != nil:
			return err
		case other.ID != r.ID && other.Call == r.Call && other.State != Declined && other.State != Withdrawn:
			return ErrTwice
		}
	}
	return nil
}

// answers takes over what the applicant answered.
func (r *Request) answers(q Asking) {
	r.AmountCents, r.Account, r.Declarations = q.AmountCents, q.Account, q.Declarations
	trim(&r.Account, &r.Declarations.OtherGrants, &r.Declarations.Company, &r.Declarations.Conflicts)
	if r.Declarations.CompanyBenefit != experiments.Yes {
		r.Declarations.Company, r.Declarations.DeMinimisCents = "", 0
	}
}

// allowed returns a fault for everything that the call's rules do not allow.
// Only a request with a card answers all questions.
func (r *Request) allowed(c *Call, card *experiments.Experiment) []*fault.Error {
	faults := c.mayAsk(r.AmountCents, r.CostCents)
	if !c.TakesFrom(r.Organisation) {
		faults = append(faults, ErrCountry)
	}
	if card != nil && card.Money.Currency != "" && len(card.Money.Lines) > 0 && card.Money.Currency != c.Currency {
		faults = append(faults, ErrOtherMoney.With(c.Currency, card.Money.Currency))
	}
	return append(faults, r.checkDeclarations(card != nil)...)
}

// Edit changes the answers of a request that has not been sent.
func (s *Service) Edit(ctx context.Context, a accounts.Actor, id string, q Asking) (err error) {
	defer fault.Wrap(&err, "edit request %q", id)
	return s.change(ctx, a, id, accounts.WriteRequest, "changed", func(tx store.Tx, v *View) error {
		if v.Request.State != Draft {
			return ErrStep
		}
		v.Request.answers(q)
		if err := s.cardTx(tx, v); err != nil {
			return err
		}
		return fault.Join(v.Request.allowed(&v.Call, v.Sent)...)
	})
}

// Submit sends a request: its clock starts, and the card is kept as it is now.
// It fails with everything that the call's rules do not allow, with ErrCallShut
// when the call takes no requests now, with ErrNotPlanned when the experiment
// is not planned any more, and with ErrLessonDue when the owner owes the lesson
// of an earlier experiment.
func (s *Service) Submit(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "submit request %q", id)
	return s.change(ctx, a, id, accounts.WriteRequest, "submitted", func(tx store.Tx, v *View) error { return s.submitTx(tx, a, v) })
}

func (s *Service) submitTx(tx store.Tx, a accounts.Actor, v *View) error {
	if !v.Call.IsOpen(s.Now()) {
		return ErrCallShut
	}
	var card *experiments.Experiment
	if v.Request.Experiment != "" {
		e, err := s.plannedTx(tx, a, v.Request.Experiment)
		if err != nil {
			return err
		}
		card = &e
		v.Request.withCard(card)
		if err := s.notTwiceTx(tx, &v.Request); err != nil {
			return err
		}
	}
	if err := fault.Join(v.Request.allowed(&v.Call, card)...); err != nil {
		return err
	}
	v.Request.Submitted = s.Now().UTC()
	if err := s.move(a, v, Submitted, Event{Key: "submitted"}); err != nil {
		return err
	}
	if err := s.keepCardTx(tx, v, card); err != nil {
		return err
	}
	v.Call.Asked++
	return calls.Put(tx, v.Call)
}

// keepCardTx keeps the card as it is sent now.
func (s *Service) keepCardTx(tx store.Tx, v *View, card *experiments.Experiment) error {
	if card == nil {
		return nil
	}
	return sent.Put(tx, Sent{Request: v.Request.ID, At: s.Now().UTC(), Card: *card})
}

// Attach gives a request that came without one its experiment: one of the same
// organisation and of the actor's team. The card is then the one that everybody
// reads.
func (s *Service) Attach(ctx context.Context, a accounts.Actor, id, experiment string) (err error) {
	defer fault.Wrap(&err, "attach to request %q", id)
	return s.change(ctx, a, id, accounts.WriteRequest, "card_attached", func(tx store.Tx, v *View) error {
		if v.Request.Experiment != "" {
			return ErrHasCard
		}
		e, thing, err := s.Cards.SeeTx(tx, a, experiment)
		switch {
		case err != nil:
			return err
		case !accounts.Can(a, accounts.WriteRequest, thing):
			return accounts.ErrForbidden
		case e.Organisation != v.Request.Organisation:
			return ErrNoHome
		}
		v.Request.withCard(&e)
		if err := s.notTwiceTx(tx, &v.Request); err != nil {
			return err
		}
		s.record(a, v, Event{Key: "card_attached"})
		return s.keepCardTx(tx, v, &e)
	})
}

// Answer sends what the officer found missing. The clock runs on, and the card
// is kept as it is now.
func (s *Service) Answer(ctx context.Context, a accounts.Actor, id, answer string) (err error) {
	defer fault.Wrap(&err, "answer for request %q", id)
	answer = strings.TrimSpace(answer)
	return s.change(ctx, a, id, accounts.WriteRequest, "supplemented", func(tx store.Tx, v *View) error {
		var f findings
		f.when(answer == "", ErrAnswer)
		f.text("answer", answer, MaxAnswer)
		if err := f.err(); err != nil {
			return err
		}
		if v.Request.State != SupplementAsked {
			return ErrStep
		}
		v.Request.Supplement.Ended, v.Request.Supplement.Answer = s.Now().UTC(), answer
		if v.Request.Experiment != "" {
			e, _, err := s.Cards.SeeTx(tx, a, v.Request.Experiment)
			if err != nil {
				return err
			}
			if err := s.keepCardTx(tx, v, &e); err != nil {
				return err
			}
		}
		return s.move(a, v, Submitted, Event{Key: "answered", Text: answer, Inside: true})
	})
}

// Withdraw takes a request back. Money that was granted and not yet agreed on
// returns to the call.
func (s *Service) Withdraw(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "withdraw request %q", id)
	return s.change(ctx, a, id, accounts.WriteRequest, "withdrawn", func(tx store.Tx, v *View) error {
		if err := s.move(a, v, Withdrawn, Event{Key: "withdrawn"}); err != nil {
			return err
		}
		v.Request.Withdrawn = s.Now().UTC()
		if granted := v.Request.GrantedCents(); granted > 0 {
			if err := s.ledgerTx(tx, a, v, EntryRelease, -granted, 0); err != nil {
				return err
			}
			return calls.Put(tx, v.Call)
		}
		return nil
	})
}
