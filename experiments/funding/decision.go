package funding

import (
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// Outcome is what is decided.
type Outcome string

// The outcomes.
const (
	Grant            Outcome = "granted"
	GrantOnCondition Outcome = "granted_with_condition"
	Decline          Outcome = "declined"
)

// Outcomes lists the outcomes in the order they are offered.
var Outcomes = []Outcome{Grant, GrantOnCondition, Decline}

// A Ruling is what an officer decides.
type Ruling struct {
	Outcome   Outcome `json:"outcome"`
	Cents     int64   `json:"cents,omitempty"` // zero when declined
	Condition string  `json:"condition,omitempty"`
	Reasons   string  `json:"reasons"`
}

// A Vote is the ruling of the first of two officers. It becomes the decision
// when the second one rules the same.
type Vote struct {
	Ruling
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// A Decision is the ruling that counts. Day is what the clock showed.
type Decision struct {
	Ruling
	By       []string           `json:"by"`
	At       time.Time          `json:"at"`
	Day      int                `json:"day"`
	Points   float64            `json:"points,omitempty"`
	Averages map[string]float64 `json:"averages,omitempty"`
}

// Faults of decisions.
var (
	ErrOutcome      = fault.New(fault.Invalid, "request.outcome_unknown").On("outcome")
	ErrReasons      = fault.New(fault.Invalid, "request.reasons_missing").On("reason")
	ErrCondition    = fault.New(fault.Invalid, "request.condition_missing").On("condition")
	ErrGrantAmount  = fault.New(fault.Invalid, "request.grant_invalid").On("amount_cents")
	ErrOverBudget   = fault.New(fault.Conflict, "request.over_budget").On("amount_cents")
	ErrNotReviewed  = fault.New(fault.Conflict, "request.reviews_missing")
	ErrBelowLine    = fault.New(fault.Conflict, "request.below_line").On("outcome")
	ErrSecondNeeded = fault.New(fault.Conflict, "request.second_officer_needed")
)

// check returns a fault for everything that is wrong with a ruling on a
// request, the budget and the reviews apart.
func (d *Ruling) check(asked int64) error {
	trim(&d.Reasons, &d.Condition)
	var f findings
	f.when(d.Outcome != Grant && d.Outcome != GrantOnCondition && d.Outcome != Decline, ErrOutcome)
	switch {
	case d.Outcome == Decline:
		// A declined request is declined whatever sum was sent along, as long
		// as it could be one.
		f.when(d.Cents < 0 || d.Cents > asked, ErrGrantAmount)
	default:
		f.when(d.Cents <= 0 || d.Cents > asked, ErrGrantAmount)
	}
	f.when(d.Outcome == GrantOnCondition && d.Condition == "", ErrCondition)
	f.text("condition", d.Condition, MaxCondition)
	f.when(d.Reasons == "", ErrReasons)
	f.text("reason", d.Reasons, MaxReasons)
	if err := f.err(); err != nil {
		return err
	}
	if d.Outcome == Decline {
		d.Cents = 0
	}
	if d.Outcome != GrantOnCondition {
		d.Condition = ""
	}
	return nil
}

// same reports whether two officers ruled the same; each has words of their
// own.
func (d Ruling) same(o Ruling) bool {
	return d.Outcome == o.Outcome && d.Cents == o.Cents && strings.EqualFold(d.Condition, o.Condition)
}

// state is the state a ruling leads to.
func (d Ruling) state() State {
	switch d.Outcome {
	case Grant:
		return Granted
	case GrantOnCondition:
		return GrantedWithCondition
	}
	return Declined
}

// commits refuses what the budget does not hold. It is written so that no sum
// can overflow.
func (c *Call) commits(cents int64) error {
	if cents > c.BudgetCents-c.CommittedCents {
		return ErrOverBudget
	}
	return nil
}

// needsTwo reports whether two officers decide on a sum.
func (c *Call) needsTwo(cents int64) bool { return cents > c.TwoOfficersCents }

// AdvanceOf is the first payment of a grant: 60 %, rounded down to a cent.
func AdvanceOf(cents int64) int64 { return cents/100*60 + cents%100*60/100 }

// mayAsk returns a fault for everything in a sum that the call's rules do not
// allow. cost is zero when there are no cost lines yet.
func (c *Call) mayAsk(cents, cost int64) []*fault.Error {
	var f findings
	switch {
	case cents <= 0 || cents > maxCents:
		f.add(ErrAmount)
		return f.list
	case c.MinCents > 0 && cents < c.MinCents:
		f.add(ErrTooLittle)
	case c.MaxCents > 0 && cents > c.MaxCents:
		f.add(ErrTooMuch)
	}
	if cost > 0 {
		f.when(cents > cost, ErrOverCost)
		own := c.SharePercent > 0 && cents >= c.OwnFreeCents
		f.when(own && cents <= cost && cents*100 > int64(c.SharePercent)*cost, ErrOwnShare)
	}
	return f.list
}
