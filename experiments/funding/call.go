// Package funding is quick seed money for experiments: calls that a funder
// opens, requests that are made of an experiment's card, the clock that counts
// the working days until the answer, reviews by people without a conflict,
// decisions with public reasons, and a budget that cannot be overspent.
package funding

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/pagecache"
)

// A Call is a sum of money, what it is for, and the rules for asking.
//
// Money is in whole cents of one Currency and never summed across currencies.
// CommittedCents is the sum of the call's ledger; it is never larger than
// BudgetCents. DecisionDays counts decisions by the day of the clock they were
// made on: element 8 is how many were made on day 8.
type Call struct {
	ID       string    `json:"id"`
	Version  int       `json:"version"`
	Lang     string    `json:"lang"`
	Title    string    `json:"title"`
	Purpose  string    `json:"purpose,omitempty"`
	Funder   string    `json:"funder,omitempty"` // organisation key
	Country  string    `json:"country"`          // whose working days count
	State    CallState `json:"state"`
	Public   bool      `json:"public"`
	Currency string    `json:"currency"`

	BudgetCents      int64 `json:"budget_cents"`
	CommittedCents   int64 `json:"committed_cents"`
	MinCents         int64 `json:"min_cents,omitempty"`          // 0: no least sum
	MaxCents         int64 `json:"max_cents,omitempty"`          // 0: no largest sum
	SharePercent     int   `json:"share_percent,omitempty"`      // of the cost, at most; 0: not asked
	OwnFreeCents     int64 `json:"own_free_cents,omitempty"`     // below this no own money is needed
	TwoOfficersCents int64 `json:"two_officers_cents,omitempty"` // above this two officers decide

	Countries []string    `json:"countries,omitempty"` // who may ask; empty: every country
	Who       string      `json:"who,omitempty"`       // who may ask, in words
	Opens     time.Time   `json:"opens,omitzero"`
	Closes    time.Time   `json:"closes,omitzero"` // zero: until the money is used
	Criteria  []Criterion `json:"criteria"`
	Reviews   int         `json:"reviews"` // how many reviews a decision needs: 0, 1 or 2
	Officers  []string    `json:"officers,omitempty"`
	Reviewers []string    `json:"reviewers,omitempty"`
	Targets   Targets     `json:"targets"`

	Created      time.Time `json:"created"`
	Changed      time.Time `json:"changed"`
	LedgerCount  int       `json:"ledger_count,omitempty"`
	Asked        int       `json:"asked,omitempty"`   // requests ever submitted
	Granted      int       `json:"granted,omitempty"` // of them granted
	DecisionDays []int     `json:"decision_days,omitempty"`
}

// CallState is how far a call is.
type CallState string

// The states of a call.
const (
	CallDraft   CallState = "draft"
	CallOpen    CallState = "open"
	CallPaused  CallState = "paused"
	CallClosed  CallState = "closed"
	CallSettled CallState = "settled" // every request has come to its end
)

// CallStates lists the states in their usual order.
var CallStates = []CallState{CallDraft, CallOpen, CallPaused, CallClosed, CallSettled}

var callSteps = map[CallState][]CallState{
	CallDraft:  {CallOpen},
	CallOpen:   {CallPaused, CallClosed},
	CallPaused: {CallOpen, CallClosed},
	CallClosed: {CallSettled},
}

// Next are the states the call can be brought to.
func (c *Call) Next() []CallState { return callSteps[c.State] }

// Limits of a call's texts, in characters.
const (
	MaxTitle   = 120
	MaxPurpose = 600
	MaxWho     = 200
)

// Faults of calls.
var (
	ErrCallStep     = fault.New(fault.Conflict, "call.no_such_step")
	ErrUnsettled    = fault.New(fault.Conflict, "call.requests_open")
	ErrCallTitle    = fault.New(fault.Invalid, "call.title_missing").On("title")
	ErrCallPurpose  = fault.New(fault.Invalid, "call.purpose_missing").On("purpose")
	ErrBudget       = fault.New(fault.Invalid, "call.budget_invalid").On("budget_cents")
	ErrBudgetShrunk = fault.New(fault.Invalid, "call.budget_below_committed").On("budget_cents")
	ErrCurrency     = fault.New(fault.Invalid, "call.currency_unknown").On("currency")
	ErrBounds       = fault.New(fault.Invalid, "call.bounds_invalid").On("max_cents")
	ErrCeiling      = fault.New(fault.Invalid, "call.above_ceiling").On("max_cents")
	ErrShare        = fault.New(fault.Invalid, "call.share_invalid").On("share_percent")
	ErrTwoOfficers  = fault.New(fault.Invalid, "call.two_officers_invalid").On("two_officers_cents")
	ErrCriteria     = fault.New(fault.Invalid, "call.weights_invalid").On("criteria")
	ErrReviewCount  = fault.New(fault.Invalid, "call.reviews_invalid").On("reviews_required")
	ErrDates        = fault.New(fault.Invalid, "call.closes_before_opens").On("closes")
	ErrTargets      = fault.New(fault.Invalid, "call.targets_invalid").On("targets")
	ErrCallLang     = fault.New(fault.Invalid, "call.lang_unknown").On("lang")
	ErrFunder       = fault.New(fault.Invalid, "call.funder_unknown").On("funder")
	ErrOfficers     = fault.New(fault.Invalid, "call.officers_unknown").On("officers")
	ErrReviewers    = fault.New(fault.Invalid, "call.reviewers_unknown").On("reviewers")
	ErrTooLong      = fault.New(fault.Invalid, "request.too_long")
)

// Currencies are those a call may pay in.
var Currencies = []string{"EUR", "SEK", "KZT", "RUB"}

const (
	maxCents = 1_000_000_000_00 // nobody can mean more
	// whole units of euros, and about as much in the others
	ceilingEUR, ceilingSEK, ceilingKZT, ceilingRUB = 20_000, 200_000, 10_000_000, 2_000_000
)

// Ceiling is the hard upper end of one grant in a currency: 20 000 euros, or
// about as much.
func Ceiling(currency string) int64 {
	switch currency {
	case "SEK":
		return ceilingSEK * 100
	case "KZT":
		return ceilingKZT * 100
	case "RUB":
		return ceilingRUB * 100
	}
	return ceilingEUR * 100
}

// Usual returns the rules a call has until its officer changes them: 500 to
// 10 000, at most 60 % of the cost but no own money below 2 000, two officers
// above 10 000, two reviews, precheck in 2, reviews in 5 and the decision in 3
// working days.
func Usual(currency string) Call {
	unit := Ceiling(currency) / ceilingEUR // of one euro, about
	return Call{
		Currency: currency, State: CallDraft, Public: true,
		MinCents: 500 * unit, MaxCents: 10_000 * unit, SharePercent: 60, OwnFreeCents: 2_000 * unit,
		TwoOfficersCents: TwoOfficersAbove, Criteria: slices.Clone(UsualCriteria), Reviews: 2, Targets: UsualTargets,
	}
}

// TwoOfficersAbove is the sum above which two officers decide unless the call
// says otherwise: 10 000 in its own currency.
const TwoOfficersAbove = 10_000_00

// IsPublic reports whether everybody may read the call now, and with it what
// its requests show of themselves.
func (c *Call) IsPublic() bool { return c.Public && c.State != CallDraft }

// ShownUntil tells who makes a page in ctx when the call opens or closes.
func (c *Call) ShownUntil(ctx context.Context, now time.Time) {
	pagecache.Until(ctx, now, c.Opens)
	pagecache.Until(ctx, now, c.Closes)
}

// IsOpen reports whether requests are taken now.
func (c *Call) IsOpen(now time.Time) bool {
	return c.State == CallOpen && !now.Before(c.Opens) && (c.Closes.IsZero() || now.Before(c.Closes))
}

// LeftCents is what may still be granted.
func (c *Call) LeftCents() int64 { return c.BudgetCents - c.CommittedCents }

// TakesFrom reports whether organisations of a country may ask.
func (c *Call) TakesFrom(organisation string) bool {
	country, _, _ := strings.Cut(organisation, ":")
	return len(c.Countries) == 0 || slices.Contains(c.Countries, country)
}

// Thing is what permission needs to know about the call.
func (c *Call) Thing() accounts.Thing {
	return accounts.Thing{Public: c.IsPublic(), MembersOnly: c.State != CallDraft, Draft: c.State == CallDraft, Officers: c.Officers}
}

// mayRead reports whether the actor may read the call: everybody a public one,
// members of organisations one that is not, its officers and administrators
// always.
func (c *Call) mayRead(a accounts.Actor) bool {
	t := c.Thing()
	return t.Public || accounts.Can(a, accounts.KeepCall, t) || a.Has(accounts.Admin) || a.System || t.MembersOnly && len(a.Organisations()) > 0
}

// check returns a fault for everything that is wrong with the call's rules.
func (c *Call) check() error {
	var f findings
	f.when(c.Title == "", ErrCallTitle)
	f.text("title", c.Title, MaxTitle)
	f.text("purpose", c.Purpose, MaxPurpose)
	f.text("who", c.Who, MaxWho)
	f.when(!i18n.Known(c.Lang), ErrCallLang)
	f.when(!slices.Contains(Currencies, c.Currency), ErrCurrency)
	f.when(c.BudgetCents <= 0 || c.BudgetCents > maxCents, ErrBudget)
	f.when(c.BudgetCents > 0 && c.BudgetCents < c.CommittedCents, ErrBudgetShrunk)
	f.when(c.MinCents < 0 || c.MaxCents < 0 || c.MaxCents > 0 && c.MinCents > c.MaxCents || c.MinCents > maxCents, ErrBounds)
	f.when(c.MaxCents > Ceiling(c.Currency), ErrCeiling)
	f.when(c.SharePercent < 0 || c.SharePercent > 100 || c.OwnFreeCents < 0 || c.OwnFreeCents > maxCents, ErrShare)
	f.when(c.TwoOfficersCents <= 0 || c.TwoOfficersCents > Ceiling(c.Currency)/2, ErrTwoOfficers)
	f.when(c.Reviews < 0 || c.Reviews > 2, ErrReviewCount)
	f.when(!c.Closes.IsZero() && !c.Closes.After(c.Opens), ErrDates)
	f.when(!weightsOK(c.Criteria), ErrCriteria)
	f.when(!c.Targets.ok(), ErrTargets)
	return f.err()
}

// noteDecision counts a decision made on a day of the clock.
func (c *Call) noteDecision(day int) {
	day = min(max(day, 0), 250)
	days := slices.Clone(c.DecisionDays)
	for len(days) <= day {
		days = append(days, 0)
	}
	days[day]++
	c.DecisionDays = days
}
