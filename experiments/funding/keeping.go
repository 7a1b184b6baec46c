package funding

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// AddCall stores a call as a draft that its officers alone can read; with open
// it is opened at once. The rules that matter are taken from c; id, state and
// figures are not. It fails with a fault for each rule that makes no sense.
func (s *Service) AddCall(ctx context.Context, a accounts.Actor, c Call, open bool) (id string, err error) {
	defer fault.Wrap(&err, "add call")
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		id, err = once.Do(tx, s.Now(), func() (string, error) { return s.addCallTx(tx, a, c, open) })
		return err
	})
	return id, err
}

func (s *Service) addCallTx(tx store.Tx, a accounts.Actor, c Call, open bool) (string, error) {
	if err := accounts.Must(a, accounts.KeepCall, accounts.Thing{}); err != nil {
		return "", err
	}
	now := s.Now().UTC()
	c.ID, c.State, c.Created = s.NewID(), CallDraft, now
	c.CommittedCents, c.LedgerCount, c.Asked, c.Granted, c.DecisionDays, c.Version = 0, 0, 0, 0, nil, 0
	if c.Funder == "" {
		c.Funder = a.Home()
	}
	if c.Lang == "" {
		c.Lang = a.Lang
	}
	if err := s.settleCallTx(tx, &c); err != nil {
		return "", err
	}
	if open {
		c.State = CallOpen
	}
	kind := "added"
	if open {
		kind = "opened"
	}
	return c.ID, s.putCallTx(tx, a, &c, kind)
}

// settleCallTx tidies a call's rules and checks them, its people included.
func (s *Service) settleCallTx(tx store.Tx, c *Call) error {
	trim(&c.Title, &c.Purpose, &c.Who, &c.Funder)
	c.Title = strings.Join(strings.Fields(c.Title), " ")
	country, _, _ := strings.Cut(c.Funder, ":")
	if c.Country == "" {
		c.Country = country
	}
	if c.Country == "" {
		c.Country = DefaultCountry
	}
	if c.Currency == "" {
		c.Currency = experiments.CurrencyOf(c.Country + ":")
	}
	if c.TwoOfficersCents == 0 {
		c.TwoOfficersCents = TwoOfficersAbove
	}
	if c.Criteria == nil {
		c.Criteria = slices.Clone(UsualCriteria)
	}
	if c.Targets == (Targets{}) {
		c.Targets = UsualTargets
	}
	if err := c.check(); err != nil {
		return err
	}
	if c.Funder != "" {
		if _, err := s.People.OrganisationTx(tx, c.Funder); errors.Is(err, store.ErrNotFound) {
			return ErrFunder
		} else if err != nil {
			return err
		}
	}
	if err := s.holdTx(tx, c.Officers, accounts.Officer, ErrOfficers); err != nil {
		return err
	}
	return s.holdTx(tx, c.Reviewers, accounts.Reviewer, ErrReviewers)
}

// DefaultCountry is whose working days count for a call without a funder.
const DefaultCountry = "FI"

// holdTx refuses people who do not hold a role.
func (s *Service) holdTx(tx store.Tx, people []string, role accounts.Role, refusal *fault.Error) error {
	if len(people) == 0 {
		return nil
	}
	holders, err := s.People.PeopleWith(tx, role)
	if err != nil {
		return err
	}
	for _, p := range people {
		if !slices.Contains(holders, p) {
			return refusal
		}
	}
	return nil
}

// EditCall changes the rules of a call that its officer keeps. Requests that
// were sent already are judged by the rules of now, except for their clock's
// past. It fails as AddCall does, and with store's conflict when somebody else
// changed the call since version.
func (s *Service) EditCall(ctx context.Context, a accounts.Actor, id string, version int, change func(c *Call)) (err error) {
	defer fault.Wrap(&err, "edit call %q", id)
	return s.keep(ctx, a, id, "changed", func(tx store.Tx, c *Call) error {
		if c.Version != version {
			return ErrCallChanged
		}
		keep := *c
		change(c)
		c.ID, c.State, c.Version, c.Created = keep.ID, keep.State, keep.Version, keep.Created
		c.CommittedCents, c.LedgerCount, c.Asked, c.Granted, c.DecisionDays = keep.CommittedCents, keep.LedgerCount, keep.Asked, keep.Granted, keep.DecisionDays
		if keep.Asked > 0 {
			c.Currency, c.Country = keep.Currency, keep.Country
		}
		return s.settleCallTx(tx, c)
	})
}

// ErrCallChanged is returned when a call was changed by somebody else
// meanwhile.
var ErrCallChanged = fault.New(fault.Conflict, "call.changed_meanwhile")

// keep loads a call for its officer, lets fn change it and stores it with a
// line in the journal. The same form sent twice changes it once.
func (s *Service) keep(ctx context.Context, a accounts.Actor, id, kind string, fn func(tx store.Tx, c *Call) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (int, error) {
			c, err := s.CallTx(tx, a, id)
			if err != nil {
				return 0, err
			}
			if err := accounts.Must(a, accounts.KeepCall, c.Thing()); err != nil {
				return 0, err
			}
			if err := fn(tx, &c); err != nil {
				return 0, err
			}
			return c.Version + 1, s.putCallTx(tx, a, &c, kind)
		})
		return err
	})
}

// MoveCall brings a call to another state: opens, pauses, closes or settles
// it. It fails with ErrCallStep when the state does not follow, with
// ErrCallPurpose when a call without a purpose would open, and with
// ErrUnsettled while requests have not come to their end.
func (s *Service) MoveCall(ctx context.Context, a accounts.Actor, id string, to CallState) (err error) {
	defer fault.Wrap(&err, "move call %q to %s", id, to)
	return s.keep(ctx, a, id, string(to), func(tx store.Tx, c *Call) error {
		switch {
		case !slices.Contains(c.Next(), to):
			return ErrCallStep
		case to == CallOpen && c.Purpose == "":
			return ErrCallPurpose
		}
		if to == CallSettled {
			if err := settled(tx, id); err != nil {
				return err
			}
		}
		c.State = to
		return nil
	})
}

func settled(tx store.Tx, call string) error {
	for _, st := range States {
		if st.Final() || st == Draft {
			continue
		}
		for _, err := range requests.By(tx, byState, store.Exactly(call+"/"+string(st))) {
			if err != nil {
				return err
			}
			return ErrUnsettled
		}
	}
	return nil
}

// Call returns a call that the actor may read, or accounts.ErrUnseen.
func (s *Service) Call(ctx context.Context, a accounts.Actor, id string) (c Call, err error) {
	defer fault.Wrap(&err, "call %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) (Call, error) { return s.CallTx(tx, a, id) })
}

// CallTx is Call inside a transaction.
func (s *Service) CallTx(tx store.Tx, a accounts.Actor, id string) (Call, error) {
	c, err := calls.Get(tx, id)
	if err == nil && !c.mayRead(a) {
		return Call{}, accounts.ErrUnseen
	}
	return c, err
}

// Calls returns the calls that the actor may read: those that take requests
// first, then the newest first.
func (s *Service) Calls(ctx context.Context, a accounts.Actor) (list []Call, err error) {
	defer fault.Wrap(&err, "list calls")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Call, error) { return s.callsTx(tx, a) })
}

func (s *Service) callsTx(tx store.Tx, a accounts.Actor) (list []Call, err error) {
	for c, err := range calls.By(tx, byNewest, store.Range{Reverse: true}) {
		if err != nil {
			return nil, err
		}
		if c.mayRead(a) {
			list = append(list, c)
		}
	}
	now := s.Now()
	slices.SortStableFunc(list, func(x, y Call) int { return rank(&x, now) - rank(&y, now) })
	return list, nil
}

// rank orders calls: open, not yet closed, closed.
func rank(c *Call, now time.Time) int {
	switch {
	case c.IsOpen(now):
		return 0
	case c.State == CallClosed || c.State == CallSettled || !c.Closes.IsZero() && !now.Before(c.Closes):
		return 2
	}
	return 1
}

// Budget is a call's money in figures.
type Budget struct {
	TotalCents, CommittedCents, LeftCents int64
	Currency                              string
}

// BudgetOf returns a call's money for its officers and for administrators.
func (s *Service) BudgetOf(ctx context.Context, a accounts.Actor, id string) (b Budget, err error) {
	defer fault.Wrap(&err, "budget of call %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) (Budget, error) {
		c, err := s.CallTx(tx, a, id)
		if err != nil {
			return b, err
		}
		return Budget{c.BudgetCents, c.CommittedCents, c.LeftCents(), c.Currency}, accounts.Must(a, accounts.ReadBudget, c.Thing())
	})
}

// Ledger returns the lines of a call's ledger for its officers and for
// administrators.
func (s *Service) Ledger(ctx context.Context, a accounts.Actor, id string) (list []Entry, err error) {
	defer fault.Wrap(&err, "ledger of call %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Entry, error) {
		c, err := s.CallTx(tx, a, id)
		if err != nil {
			return nil, err
		}
		if err := accounts.Must(a, accounts.ReadBudget, c.Thing()); err != nil {
			return nil, err
		}
		var list []Entry
		for e, err := range ledger.All(tx, store.Prefix(id+"/")) {
			if err != nil {
				return nil, err
			}
			list = append(list, e)
		}
		return list, nil
	})
}
