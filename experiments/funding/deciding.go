package funding

import (
	"context"
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Decided is the answer to a ruling: the request's state, and whether a
// second officer has to rule the same before it counts.
type Decided struct {
	State        State `json:"state"`
	SecondNeeded bool  `json:"second_needed,omitempty"`
}

// Decide makes an unconflicted officer's ruling the decision on a request; on
// more than the call's limit for one officer it takes two who rule the same. A
// grant commits its money in the same transaction: it fails with ErrOverBudget
// when the call has less left, so the budget is never overspent. It fails with
// ErrNotReviewed before the reviews are in, with ErrBelowLine for a grant that
// they do not carry, and with ErrReasons without reasons.
func (s *Service) Decide(ctx context.Context, a accounts.Actor, id string, ruling Ruling) (d Decided, err error) {
	defer fault.Wrap(&err, "decide request %q", id)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		d, err = once.Do(tx, s.Now(), func() (Decided, error) { return s.decideTx(tx, a, id, ruling) })
		return err
	})
	return d, err
}

func (s *Service) decideTx(tx store.Tx, a accounts.Actor, id string, ruling Ruling) (d Decided, err error) {
	v, err := s.viewTx(tx, a, id)
	if err != nil {
		return d, err
	}
	if err := s.mayDecide(a, &v); err != nil {
		return d, err
	}
	if err := ruling.check(v.Request.AmountCents); err != nil {
		return d, err
	}
	if err := v.ready(ruling); err != nil {
		return d, err
	}
	kind := "decided"
	if v.Call.needsTwo(v.Request.AmountCents) && (v.Request.Vote == nil || !v.Request.Vote.same(ruling)) {
		kind, d.SecondNeeded = "voted", true
		err = s.vote(a, &v, ruling)
	} else {
		err = s.settleTx(tx, a, &v, ruling)
	}
	if err != nil {
		return d, err
	}
	d.State = v.Request.State
	return d, s.putTx(tx, a, &v.Request, kind)
}

// mayDecide refuses whoever may not decide on the request: an officer with a
// tie to it, one who has ruled already, anybody else.
func (s *Service) mayDecide(a accounts.Actor, v *View) error {
	switch {
	case !a.SignedIn() && !a.System:
		return accounts.ErrSignIn
	case v.Conflict != "":
		return ErrConflicted
	case !v.Full:
		return accounts.ErrUnseen
	case v.Request.Vote != nil && v.Request.Vote.By == a.ID && v.Request.State == DecisionReady:
		return ErrSecondNeeded
	}
	return accounts.Must(a, accounts.Decide, v.Thing)
}

// ready refuses a ruling that comes too early, or that the reviews or the
// budget do not carry.
func (v *View) ready(ruling Ruling) error {
	r, c := &v.Request, &v.Call
	switch {
	case r.State == Submitted && c.Reviews == 0:
		// decided without reviews, as the call's rules say
	case r.State == Submitted || r.State == InReview:
		return ErrNotReviewed
	case r.State != DecisionReady:
		return ErrStep
	}
	if ruling.Outcome == Decline {
		return nil
	}
	if verdict := r.Judge(c); c.Reviews > 0 && !verdict.Passes() {
		return ErrBelowLine
	}
	return c.commits(ruling.Cents)
}

// vote keeps the ruling of the first of two officers, in place of one that the
// second did not share.
func (s *Service) vote(a accounts.Actor, v *View, ruling Ruling) error {
	if v.Request.State == Submitted {
		if err := s.move(a, v, DecisionReady, Event{Key: "decision_ready"}); err != nil {
			return err
		}
	}
	v.Request.Vote = &Vote{Ruling: ruling, By: a.ID, At: s.Now().UTC()}
	s.record(a, v, Event{Key: "voted", Inside: true})
	return nil
}

// settleTx makes a ruling the decision and commits its money.
func (s *Service) settleTx(tx store.Tx, a accounts.Actor, v *View, ruling Ruling) error {
	r, now := &v.Request, s.Now().UTC()
	if r.State == Submitted {
		r.State = DecisionReady // no review is needed
	}
	verdict := r.Judge(&v.Call)
	d := &Decision{Ruling: ruling, By: []string{a.ID}, At: now, Points: verdict.Points}
	if len(r.Reviews) > 0 {
		d.Averages = verdict.Averages
	}
	if r.Vote != nil {
		d.By, d.Reasons = []string{r.Vote.By, a.ID}, r.Vote.Reasons
	}
	d.Day = s.ClockOf(r, &v.Call).Read(now).Day
	if err := s.move(a, v, ruling.state(), Event{Key: string(ruling.Outcome)}); err != nil {
		return err
	}
	r.Decision, r.Vote = d, nil
	v.Call.noteDecision(d.Day)
	if ruling.Outcome != Decline {
		v.Call.Granted++
		if err := s.ledgerTx(tx, a, v, EntryGrant, ruling.Cents, 0); err != nil {
			return err
		}
	}
	return s.putCallTx(tx, a, &v.Call, "decided")
}

// Figures are what a call's decisions took, in working days.
type Figures struct {
	Decisions int
	Median    float64
	P90       int
}

// Figures are the median and the 90th percentile of the days to the decision.
func (c *Call) Figures() Figures {
	f := Figures{}
	for _, n := range c.DecisionDays {
		f.Decisions += n
	}
	if f.Decisions == 0 {
		return f
	}
	at := func(rank int) int { // the rank-th smallest, from 1
		for day, n := range c.DecisionDays {
			if rank -= n; rank <= 0 {
				return day
			}
		}
		return len(c.DecisionDays) - 1
	}
	f.Median = float64(at((f.Decisions+1)/2)+at(f.Decisions/2+1)) / 2
	f.P90 = at((f.Decisions*9 + 9) / 10)
	return f
}

// Register is a part of a call's public register, newest first. After is what
// to ask for next, or "".
type Register struct {
	Rows []RegisterRow
	Next string
}

// A RegisterRow is what everybody may know of a request: title, municipality,
// amount and clock from the submission; text, reasons and averages from the
// decision; of one withdrawn before it only that it was. It names no reviewer
// and shows no single score.
type RegisterRow struct {
	ID           string // empty when it was withdrawn before a decision
	Title        string
	Lang         string
	Organisation string
	AskedCents   int64
	State        State
	Clock        Reading
	Turn         Turn
	Decision     *Decision
}

// RegisterOf returns a part of the register of a call that the actor may read.
func (s *Service) RegisterOf(ctx context.Context, a accounts.Actor, id, after string, limit int) (reg Register, err error) {
	defer fault.Wrap(&err, "register of call %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) (Register, error) {
		c, err := s.CallTx(tx, a, id)
		if err != nil {
			return Register{}, err
		}
		return s.registerTx(tx, &c, after, limit)
	})
}

func (s *Service) registerTx(tx store.Tx, c *Call, after string, limit int) (reg Register, err error) {
	r := store.Range{Prefix: c.ID + "/", Reverse: true}
	if after != "" {
		last, err := requests.Get(tx, after)
		if err != nil || last.Call != c.ID || last.Submitted.IsZero() {
			return reg, store.ErrNotFound
		}
		r.After = requests.Position(last, c.ID+"/"+stamp(last.Submitted))
	}
	last := ""
	for q, err := range requests.By(tx, byRegister, r) {
		if err != nil {
			return reg, err
		}
		if len(reg.Rows) == limit {
			reg.Next = last
			return reg, nil
		}
		reg.Rows = append(reg.Rows, s.rowOf(&q, c))
		last = q.ID
	}
	return reg, nil
}

func (s *Service) rowOf(q *Request, c *Call) RegisterRow {
	row := RegisterRow{State: q.State, Clock: s.ClockOf(q, c).Read(s.Now()), Turn: q.Waits()}
	if q.State == Withdrawn && q.Decision == nil {
		return row
	}
	row.ID, row.Title, row.Lang, row.Organisation, row.AskedCents = q.ID, q.Title, q.Lang, q.Organisation, q.AmountCents
	if q.ShowsDecision() {
		d := *q.Decision
		d.By = nil
		row.Decision = &d
	}
	return row
}

// Mine returns the requests of a person's experiments, newest first.
func (s *Service) Mine(ctx context.Context, a accounts.Actor) (list []View, err error) {
	defer fault.Wrap(&err, "own requests")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]View, error) {
		return s.viewsTx(tx, a, byPerson, store.Range{Prefix: a.ID + "/", Reverse: true}, maxList)
	})
}

const maxList = 100

// viewsTx are requests found in an index, as views.
func (s *Service) viewsTx(tx store.Tx, a accounts.Actor, index string, r store.Range, limit int) (list []View, err error) {
	if !a.SignedIn() {
		return nil, nil
	}
	known := map[string]Call{}
	for q, err := range requests.By(tx, index, r) {
		if err != nil {
			return nil, err
		}
		c, ok := known[q.Call]
		if !ok {
			if c, err = calls.Get(tx, q.Call); err != nil {
				return nil, err
			}
			known[q.Call] = c
		}
		list = append(list, View{Request: q, Call: c, Thing: q.Thing(&c), Clock: s.ClockOf(&q, &c).Read(s.Now()), Full: slices.Contains(q.Team, a.ID)})
		if len(list) == limit {
			break
		}
	}
	return list, nil
}
