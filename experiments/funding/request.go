package funding

import (
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// A Request asks a call for money for one experiment.
//
// Its text is the experiment's card: what was sent is kept as a copy beside
// it (see Sent), so that everybody judges the same text. Title, Organisation
// and Lang are of that card too. A request made through the API may come
// before its card: then Experiment is empty, and is filled in later.
type Request struct {
	ID            string    `json:"id"`
	Call          string    `json:"call"`
	Experiment    string    `json:"experiment,omitempty"`
	State         State     `json:"state"`
	Version       int       `json:"version"`
	Title         string    `json:"title"`
	Lang          string    `json:"lang"`
	Organisation  string    `json:"organisation"`
	Organisations []string  `json:"organisations"` // own first, then partners
	Owner         string    `json:"owner"`
	Team          []string  `json:"team"`
	Created       time.Time `json:"created"`
	Changed       time.Time `json:"changed"`
	Previous      string    `json:"previous,omitempty"` // the declined request this one betters

	AmountCents  int64        `json:"amount_cents"`
	CostCents    int64        `json:"cost_cents,omitempty"`
	Currency     string       `json:"currency"`
	Account      string       `json:"account,omitempty"`
	Declarations Declarations `json:"declarations,omitzero"`

	Submitted  time.Time    `json:"submitted,omitzero"`
	Supplement *Supplement  `json:"supplement,omitempty"`
	Prechecked time.Time    `json:"prechecked,omitzero"`
	Assigned   []Assignment `json:"assigned,omitempty"`
	Declared   []Conflict   `json:"declared,omitempty"` // said by reviewers themselves
	Reviews    []Review     `json:"reviews,omitempty"`
	Reviewed   time.Time    `json:"reviewed,omitzero"` // the last review came
	Vote       *Vote        `json:"vote,omitempty"`    // of the first of two officers
	Decision   *Decision    `json:"decision,omitempty"`
	Withdrawn  time.Time    `json:"withdrawn,omitzero"`
	Signed     time.Time    `json:"signed,omitzero"`
	Payments   []Payment    `json:"payments,omitempty"`
	Late       bool         `json:"late,omitempty"` // the clock went past its end
	History    []Event      `json:"history,omitempty"`
}

// Limits of a request's texts, in characters.
const (
	MaxOther     = 500
	MaxConflicts = 300
	MaxAccount   = 60
	MaxCompany   = 120
	MaxMissing   = 300
	MaxAnswer    = 1000
	MaxReasons   = 600
	MaxCondition = 300
)

// Declarations are what the applicant answers for.
type Declarations struct {
	OtherGrants    string            `json:"other_grants,omitempty"` // had or asked for the same purpose; "" is none
	CompanyBenefit experiments.YesNo `json:"company_benefit,omitempty"`
	Company        string            `json:"company,omitempty"`
	DeMinimisCents int64             `json:"de_minimis_cents,omitempty"` // aid the company had in three years
	Conflicts      string            `json:"conflicts,omitempty"`        // who should not judge, and why
}

// DeMinimisCeiling is the most a company may be given in three years, in cents
// of euros (Regulation (EU) 2023/2831).
const DeMinimisCeiling = 300_000_00

// A Supplement is the one thing the officer found missing, and the answer.
type Supplement struct {
	Asked   time.Time `json:"asked"`
	By      string    `json:"by"`
	Missing string    `json:"missing"`
	Ended   time.Time `json:"ended,omitzero"` // answered, or given up by the officer
	Answer  string    `json:"answer,omitempty"`
}

// AssignmentKind is what a reviewer is asked as.
type AssignmentKind string

// The kinds: one of each, and a third when the two disagree.
const (
	Peer   AssignmentKind = "peer"   // of another municipality
	Funder AssignmentKind = "funder" // of the funder, or of no municipality
	Third  AssignmentKind = "third"
)

// An Assignment asks one person for a review.
type Assignment struct {
	Person        string         `json:"person"`
	Kind          AssignmentKind `json:"kind"`
	Organisations []string       `json:"organisations,omitempty"` // of the reviewer, then
	At            time.Time      `json:"at"`
}

// A Payment is money recorded as paid: the portal records it, the funder's
// bookkeeping moves it. A negative sum was claimed back.
type Payment struct {
	At    time.Time `json:"at"`
	Cents int64     `json:"cents"`
	Kind  EntryKind `json:"kind"`
	By    string    `json:"by"`
}

// An Event is a line of what has happened to a request. Key is the end of a
// translation key, "request.event_KEY"; Text is what was said with it.
type Event struct {
	At     time.Time `json:"at"`
	Key    string    `json:"key"`
	By     string    `json:"by"`
	Day    int       `json:"day"`
	Text   string    `json:"text,omitempty"`
	Inside bool      `json:"inside,omitempty"` // not for the public register
}

// Faults of requests.
var (
	ErrStep         = fault.New(fault.Conflict, "request.no_such_step")
	ErrCallShut     = fault.New(fault.Conflict, "request.call_not_open")
	ErrNotPlanned   = fault.New(fault.Invalid, "request.not_planned").On("experiment")
	ErrNoCall       = fault.New(fault.Invalid, "request.call_missing").On("call")
	ErrNoTitle      = fault.New(fault.Invalid, "request.title_missing").On("title")
	ErrNoHome       = fault.New(fault.Invalid, "request.no_organisation").On("organisation")
	ErrCountry      = fault.New(fault.Invalid, "request.country_not_served")
	ErrAmount       = fault.New(fault.Invalid, "request.amount_invalid").On("amount_cents")
	ErrTooLittle    = fault.New(fault.Invalid, "request.amount_too_small").On("amount_cents")
	ErrTooMuch      = fault.New(fault.Invalid, "request.amount_too_large").On("amount_cents")
	ErrOwnShare     = fault.New(fault.Invalid, "request.own_share_missing").On("amount_cents")
	ErrOverCost     = fault.New(fault.Invalid, "request.amount_over_cost").On("amount_cents")
	ErrOtherMoney   = fault.New(fault.Invalid, "request.other_currency").On("amount_cents")
	ErrAccount      = fault.New(fault.Invalid, "request.account_invalid").On("account")
	ErrCompany      = fault.New(fault.Invalid, "request.company_unanswered").On("company_benefit")
	ErrCompanyName  = fault.New(fault.Invalid, "request.company_missing").On("company")
	ErrDeMinimis    = fault.New(fault.Invalid, "request.de_minimis_full").On("de_minimis_cents")
	ErrLessonDue    = fault.New(fault.Conflict, "request.lesson_due_first")
	ErrTwice        = fault.New(fault.Conflict, "request.asked_already")
	ErrHasCard      = fault.New(fault.Conflict, "request.has_experiment")
	ErrMissing      = fault.New(fault.Invalid, "request.missing_unnamed").On("missing")
	ErrAskedOnce    = fault.New(fault.Conflict, "request.supplement_once")
	ErrAnswer       = fault.New(fault.Invalid, "request.answer_missing").On("answer")
	ErrAnswerTime   = fault.New(fault.Conflict, "request.answer_time_left")
	ErrConflicted   = fault.New(fault.Forbidden, "request.conflicted")
	ErrNotReviewer  = fault.New(fault.Invalid, "request.reviewer_unknown").On("reviewers")
	ErrReviewerBias = fault.New(fault.Invalid, "request.reviewer_conflicted").On("reviewers")
	ErrTooFew       = fault.New(fault.Invalid, "request.reviewers_too_few").On("reviewers")
	ErrNoPeer       = fault.New(fault.Invalid, "request.reviewers_no_peer").On("reviewers")
)

// Thing is what permission needs to know about the request. The service adds
// the actor's own conflict, if there is one.
func (r *Request) Thing(c *Call) accounts.Thing {
	t := accounts.Thing{
		Draft: r.State == Draft, Organisations: r.Organisations, Owner: r.Owner, Team: r.Team, Officers: c.Officers,
	}
	for _, as := range r.Assigned {
		t.Reviewers = append(t.Reviewers, as.Person)
	}
	if r.Vote != nil {
		t.Decided = []string{r.Vote.By}
	}
	return t
}

// Clock is the request's clock by the rules of its call.
func (r *Request) Clock(c *Call, days Workdays, zone *time.Location) Clock {
	clock := Clock{Submitted: r.Submitted, Targets: c.Targets, Days: days, Zone: zone, Stopped: r.Withdrawn}
	if s := r.Supplement; s != nil {
		clock.Asked, clock.Answered = s.Asked, s.Ended
	}
	if r.Decision != nil {
		clock.Stopped = r.Decision.At
	}
	return clock
}

// Judge puts the reviews together by the rules of the call.
func (r *Request) Judge(c *Call) Verdict { return Judge(r.Reviews, c.Criteria, c.Reviews) }

// Waits is whose turn it is.
func (r *Request) Waits() Turn {
	switch r.State {
	case Draft, SupplementAsked, Granted, GrantedWithCondition, AdvancePaid, ReportDue:
		return TurnApplicant
	case Submitted, AgreementSigned:
		return TurnOfficer
	case InReview:
		return TurnReviewers
	case DecisionReady:
		if r.Vote != nil {
			return TurnSecondOfficer
		}
		return TurnOfficer
	}
	return TurnNobody
}

// Turn is who has to do something next.
type Turn string

// The turns.
const (
	TurnNobody        Turn = "nobody"
	TurnApplicant     Turn = "applicant"
	TurnOfficer       Turn = "officer"
	TurnSecondOfficer Turn = "second_officer"
	TurnReviewers     Turn = "reviewers"
)

// HasReviewed reports whether a person's review is in.
func (r *Request) HasReviewed(person string) bool {
	return slices.ContainsFunc(r.Reviews, func(v Review) bool { return v.By == person })
}

// IsAssigned reports whether a person is asked for a review.
func (r *Request) IsAssigned(person string) bool {
	return slices.ContainsFunc(r.Assigned, func(a Assignment) bool { return a.Person == person })
}

// wasAsked reports whether a person is asked for a review, or was and passed
// it on.
func (r *Request) wasAsked(person string) bool {
	return r.IsAssigned(person) || slices.ContainsFunc(r.Declared, func(c Conflict) bool { return c.Person == person })
}

// IsInRegister reports whether everybody may read that there is this request,
// when the call is public. What of it is shown grows with its state.
func (r *Request) IsInRegister() bool { return !r.Submitted.IsZero() }

// ShowsDecision reports whether text, reasons and averages are for everybody.
func (r *Request) ShowsDecision() bool { return r.Decision != nil }

// PaidCents is what has been paid so far.
func (r *Request) PaidCents() (sum int64) {
	for _, p := range r.Payments {
		sum += p.Cents
	}
	return sum
}

// GrantedCents is what was granted, or zero.
func (r *Request) GrantedCents() int64 {
	if r.Decision == nil || r.Decision.Outcome == Decline {
		return 0
	}
	return r.Decision.Cents
}

// note adds a line to what has happened.
func (r *Request) note(e Event) { r.History = append(slices.Clone(r.History), e) }

// checkDeclarations returns a fault for everything that is wrong with the
// applicant's answers. A request through the API may leave them out.
func (r *Request) checkDeclarations(strict bool) []*fault.Error {
	var f findings
	d := r.Declarations
	f.text("account", r.Account, MaxAccount)
	f.when(strict && r.Account == "" || r.Account != "" && !accountOK(r.Account), ErrAccount)
	f.text("other_grants", d.OtherGrants, MaxOther)
	f.when(strict && d.CompanyBenefit == "" || d.CompanyBenefit != "" && d.CompanyBenefit != experiments.Yes && d.CompanyBenefit != experiments.No, ErrCompany)
	f.when(d.CompanyBenefit == experiments.Yes && d.Company == "", ErrCompanyName)
	f.text("company", d.Company, MaxCompany)
	f.when(d.DeMinimisCents < 0 || d.DeMinimisCents > maxCents ||
		d.CompanyBenefit == experiments.Yes && r.Currency == "EUR" && d.DeMinimisCents > DeMinimisCeiling-min(r.AmountCents, DeMinimisCeiling), ErrDeMinimis)
	f.text("conflicts", d.Conflicts, MaxConflicts)
	return f.list
}

// accountOK accepts an account number as banks write it; one that looks like
// an IBAN must have the right check digits.
func accountOK(s string) bool {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if len(s) < 5 || len(s) > 34 {
		return false
	}
	letters := 0
	for i := range len(s) {
		switch {
		case s[i] >= 'A' && s[i] <= 'Z':
			letters++
		case s[i] >= '0' && s[i] <= '9' || s[i] == '-' && letters == 0:
		default:
			return false
		}
	}
	if letters == 0 {
		return true
	}
	return ibanOK(s)
}

func ibanOK(s string) bool {
	if len(s) < 15 || s[0] < 'A' || s[1] < 'A' {
		return false
	}
	rest := 0
	for _, ch := range s[4:] + s[:4] {
		switch {
		case ch >= 'A' && ch <= 'Z':
			rest = (rest*100 + int(ch-'A') + 10) % 97
		case ch >= '0' && ch <= '9':
			rest = (rest*10 + int(ch-'0')) % 97
		default:
			return false
		}
	}
	return rest == 1
}
