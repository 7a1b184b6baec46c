package funding

import "slices"

// State is how far a request is.
type State string

// The states of a request.
const (
	Draft                State = "draft"
	Submitted            State = "submitted"
	SupplementAsked      State = "supplement_asked"
	InReview             State = "in_review"
	DecisionReady        State = "decision_ready"
	Granted              State = "granted"
	GrantedWithCondition State = "granted_with_condition"
	Declined             State = "declined"
	Withdrawn            State = "withdrawn"
	AgreementSigned      State = "agreement_signed"
	AdvancePaid          State = "advance_paid"
	ReportDue            State = "report_due"
	Closed               State = "closed"
	Recovered            State = "recovered"
)

// States lists the states in their usual order.
var States = []State{
	Draft, Submitted, SupplementAsked, InReview, DecisionReady, Granted, GrantedWithCondition, Declined, Withdrawn,
	AgreementSigned, AdvancePaid, ReportDue, Closed, Recovered,
}

// Line is the way a granted request goes: what the line on its page shows.
var Line = []State{Submitted, InReview, DecisionReady, Granted, AdvancePaid, Closed}

// steps is the whole table: from a state to those that may follow. Where no
// review is needed a decision follows the submission.
var steps = map[State][]State{
	Draft:                {Submitted, Withdrawn},
	Submitted:            {SupplementAsked, InReview, DecisionReady, Withdrawn},
	SupplementAsked:      {Submitted, Withdrawn},
	InReview:             {DecisionReady, Withdrawn},
	DecisionReady:        {Granted, GrantedWithCondition, Declined, InReview, Withdrawn},
	Granted:              {AgreementSigned, Withdrawn},
	GrantedWithCondition: {AgreementSigned, Withdrawn},
	AgreementSigned:      {AdvancePaid},
	AdvancePaid:          {ReportDue, Closed},
	ReportDue:            {Closed, Recovered},
}

// MayBecome reports whether one state may follow another.
func (s State) MayBecome(next State) bool { return slices.Contains(steps[s], next) }

// Final reports whether nothing follows.
func (s State) Final() bool { return len(steps[s]) == 0 }

// Decided reports whether a decision has been made.
func (s State) Decided() bool {
	return s == Declined || slices.Contains([]State{Granted, GrantedWithCondition, AgreementSigned, AdvancePaid, ReportDue, Closed, Recovered}, s)
}

// Undecided reports whether the request has been sent and waits for its
// decision.
func (s State) Undecided() bool {
	return slices.Contains([]State{Submitted, SupplementAsked, InReview, DecisionReady}, s)
}

// Place is where a state stands on the Line, from 0; -1 before it.
func (s State) Place() int {
	switch s {
	case SupplementAsked:
		s = Submitted
	case GrantedWithCondition, AgreementSigned, Declined:
		s = Granted
	case ReportDue, Recovered:
		s = AdvancePaid
	}
	return slices.Index(Line, s)
}
