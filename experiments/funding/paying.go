package funding

import (
	"context"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// RecoveryAfter is how many days after the end of an experiment without a
// lesson the advance may be claimed back.
const RecoveryAfter = 60

// Faults of payments.
var (
	ErrLessonFirst = fault.New(fault.Conflict, "request.rest_waits_for_lesson")
	ErrNoCard      = fault.New(fault.Conflict, "request.card_missing")
	ErrTooEarly    = fault.New(fault.Conflict, "request.recovery_too_early", RecoveryAfter)
	ErrPayReasons  = fault.New(fault.Invalid, "request.recovery_reason_missing").On("reason")
)

// Sign is the team's yes to the agreement.
func (s *Service) Sign(ctx context.Context, a accounts.Actor, id, account string) (err error) {
	defer fault.Wrap(&err, "sign the agreement of request %q", id)
	return s.change(ctx, a, id, accounts.WriteRequest, "signed", func(tx store.Tx, v *View) error {
		if trim(&account); account != "" {
			v.Request.Account = account
		}
		if v.Request.Account == "" || !accountOK(v.Request.Account) {
			return ErrAccount
		}
		v.Request.Signed = s.Now().UTC()
		return s.move(a, v, AgreementSigned, Event{Key: "signed"})
	})
}

// PayAdvance records the first payment, 60 % of the grant rounded down.
func (s *Service) PayAdvance(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "pay the advance of request %q", id)
	return s.change(ctx, a, id, accounts.Decide, "advance_paid", func(tx store.Tx, v *View) error {
		return s.payTx(tx, a, v, AdvancePaid, EntryAdvance, AdvanceOf(v.Request.GrantedCents()))
	})
}

// PayRest records the last payment. It waits for the lesson, never for a good
// result: it fails with ErrLessonFirst until the experiment is learned.
func (s *Service) PayRest(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "pay the rest of request %q", id)
	return s.change(ctx, a, id, accounts.Decide, "closed", func(tx store.Tx, v *View) error {
		learned, err := s.learnedTx(tx, v)
		switch {
		case err != nil:
			return err
		case v.Request.Experiment == "":
			return ErrNoCard
		case !learned:
			return ErrLessonFirst
		}
		return s.payTx(tx, a, v, Closed, EntryRest, v.Request.GrantedCents()-v.Request.PaidCents())
	})
}

// payTx records a payment in the request and in the ledger.
func (s *Service) payTx(tx store.Tx, a accounts.Actor, v *View, to State, kind EntryKind, cents int64) error {
	if err := s.move(a, v, to, Event{Key: string(kind)}); err != nil {
		return err
	}
	v.Request.Payments = append(v.Request.Payments, Payment{At: s.Now().UTC(), Cents: cents, Kind: kind, By: a.ID})
	if err := s.ledgerTx(tx, a, v, kind, 0, cents); err != nil {
		return err
	}
	return calls.Put(tx, v.Call)
}

// learnedTx reports whether the experiment's lesson is written: learned, and
// beyond. One that was stopped counts with its three lines.
func (s *Service) learnedTx(tx store.Tx, v *View) (bool, error) {
	if v.Request.Experiment == "" {
		return false, nil
	}
	e, _, err := s.Cards.SeeTx(tx, accounts.System, v.Request.Experiment)
	if err != nil {
		return false, err
	}
	switch e.Stage {
	case experiments.Learned, experiments.Spread, experiments.Archived:
		return true, nil
	case experiments.Stopped:
		return e.HasLesson(), nil
	}
	return false, nil
}

// Recover claims the advance back when no lesson came within 60 days of the
// end, with a reason. What was not paid returns to the call's budget too.
func (s *Service) Recover(ctx context.Context, a accounts.Actor, id, reason string) (err error) {
	defer fault.Wrap(&err, "recover the advance of request %q", id)
	trim(&reason)
	return s.change(ctx, a, id, accounts.Decide, "recovered", func(tx store.Tx, v *View) error {
		var f findings
		f.when(reason == "", ErrPayReasons)
		f.text("reason", reason, MaxReasons)
		if err := f.err(); err != nil {
			return err
		}
		due, err := s.recoverableTx(tx, v)
		if err == nil && !due {
			err = ErrTooEarly
		}
		if err != nil {
			return err
		}
		paid := v.Request.PaidCents()
		if err := s.move(a, v, Recovered, Event{Key: "recovered", Text: reason}); err != nil {
			return err
		}
		v.Request.Payments = append(v.Request.Payments, Payment{At: s.Now().UTC(), Cents: -paid, Kind: EntryRecovery, By: a.ID})
		if err := s.ledgerTx(tx, a, v, EntryRecovery, -v.Request.GrantedCents(), -paid); err != nil {
			return err
		}
		return calls.Put(tx, v.Call)
	})
}

// recoverableTx reports whether the lesson is overdue by more than 60 days.
func (s *Service) recoverableTx(tx store.Tx, v *View) (bool, error) {
	if v.Request.State != ReportDue || v.Request.Experiment == "" {
		return false, nil
	}
	e, _, err := s.Cards.SeeTx(tx, accounts.System, v.Request.Experiment)
	if err != nil {
		return false, err
	}
	return e.Over() && !e.HasLesson() && s.Now().After(e.Since().AddDate(0, 0, RecoveryAfter)), nil
}

// Tick does what the calendar asks for: it makes the report of a finished
// experiment due, marks requests whose clock has run out, and asks a third
// reviewer where the reviews are late. The scheduler calls it daily or
// oftener; it returns how many requests it changed.
func (s *Service) Tick(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "tick funding")
	due, err := store.Get(ctx, s.Store, s.dueTx)
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		err := s.Store.Update(ctx, func(tx store.Tx) error {
			v, err := s.viewTx(tx, accounts.System, id)
			if err != nil {
				return err
			}
			kind, err := s.tickTx(tx, &v)
			if err != nil {
				return err
			}
			return s.putTx(tx, accounts.System, &v.Request, kind)
		})
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Service) tickTx(tx store.Tx, v *View) (kind string, err error) {
	r := &v.Request
	if r.State == AdvancePaid {
		return "report_due", s.move(accounts.System, v, ReportDue, Event{Key: "report_due"})
	}
	r.Late = true
	s.record(accounts.System, v, Event{Key: "late"})
	if r.State == InReview && len(r.Assigned) < 3 {
		return "late", s.thirdTx(tx, v, "third_late")
	}
	return "late", nil
}

// dueTx are the requests that the calendar changes now.
func (s *Service) dueTx(tx store.Tx) (ids []string, err error) {
	for c, err := range calls.All(tx, store.Range{}) {
		if err != nil {
			return nil, err
		}
		for _, st := range []State{Submitted, InReview, DecisionReady, AdvancePaid} {
			for q, err := range requests.By(tx, byState, store.Exactly(c.ID+"/"+string(st))) {
				if err != nil {
					return nil, err
				}
				if due, err := s.isDueTx(tx, &q, &c); err != nil {
					return nil, err
				} else if due {
					ids = append(ids, q.ID)
				}
			}
		}
	}
	return ids, nil
}

func (s *Service) isDueTx(tx store.Tx, q *Request, c *Call) (bool, error) {
	if q.State != AdvancePaid {
		return !q.Late && s.ClockOf(q, c).Read(s.Now()).Light == Red, nil
	}
	if q.Experiment == "" {
		return false, nil
	}
	e, _, err := s.Cards.SeeTx(tx, accounts.System, q.Experiment)
	return err == nil && e.Over(), err
}
