package funding

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

// Words say how far a request is, whose turn it is and what the clock shows:
// "in review, day 4 of 10, waiting for the reviewers".
func (v *View) Words(p i18n.Printer) string {
	return words(p, v.Request.State, v.Clock, v.Request.Waits(), v.Request.Decision)
}

// Words say the same of a line of the register.
func (r *RegisterRow) Words(p i18n.Printer) string {
	return words(p, r.State, r.Clock, r.Turn, r.Decision)
}

func words(p i18n.Printer, state State, clock Reading, turn Turn, decision *Decision) string {
	name := p.T("request.state_" + string(state))
	switch {
	case decision != nil:
		return p.T("request.words_decided", name, decision.Day, clock.Of)
	case !state.Undecided():
		return name
	case state == SupplementAsked:
		return p.T("request.words_standing", name, clock.Day, clock.Of)
	}
	return p.T("request.words_running", name, clock.Day, clock.Of, p.T("request.turn_"+string(turn)))
}

// stepDue is the day the present step is promised for, if the clock runs on.
func (v *View) stepDue(clock Clock) time.Time {
	t, back := v.Call.Targets, 0
	switch {
	case v.Request.State == Submitted && v.Call.Reviews > 0:
		back = t.Review + t.Decision
	case v.Request.State == InReview:
		back = t.Decision
	}
	return clock.Days.AddWorkdays(v.Clock.Due, -back)
}

// Next says what happens next, and by when if that is promised.
func (v *View) Next(p i18n.Printer, clock Clock) string {
	r := &v.Request
	switch {
	case r.State == SupplementAsked:
		return p.T("request.next_supplement_asked", p.Date(clock.AnswerBy()))
	case r.State == DecisionReady && r.Vote != nil:
		return p.T("request.next_second_officer", p.Date(v.Clock.Due))
	case r.State == Submitted && v.Call.Reviews == 0, r.State == DecisionReady:
		return p.T("request.next_decision_ready", p.Date(v.Clock.Due))
	case r.State == Submitted:
		return p.T("request.next_submitted", p.Date(v.stepDue(clock)))
	case r.State == InReview:
		return p.T("request.next_in_review", p.Date(v.stepDue(clock)))
	case r.State == AdvancePaid && r.Experiment == "":
		return p.T("request.next_card")
	}
	return p.T("request.next_" + string(r.State))
}
