package funding

import (
	"context"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
)

// A Waiting is something that waits for a person: what it is about, where it
// is done, what is to be done and how long there is, in the reader's words.
type Waiting struct {
	Title, Lang string // of the request, and the language of the title
	Place       string // municipality
	Path        string // "/fi/requests/abc"
	What, When  string
	Since       time.Time
	Urgent      bool
	View        View
}

// Waiting lists what waits for somebody: reviews to write, requests to check,
// decide and pay, questions to answer, agreements to sign. Urgent things come
// first, then the oldest.
func (s *Service) Waiting(ctx context.Context, a accounts.Actor, lang string) (list []Waiting, err error) {
	defer fault.Wrap(&err, "what waits in funding")
	if !a.SignedIn() {
		return nil, nil
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Waiting, error) { return s.waitingTx(tx, a, lang) })
}

func (s *Service) waitingTx(tx store.Tx, a accounts.Actor, lang string) ([]Waiting, error) {
	views, err := s.deskTx(tx, a)
	if err != nil {
		return nil, err
	}
	p := s.Locales.For(lang)
	var list []Waiting
	for _, v := range views {
		w, ok, err := s.taskTx(tx, a, p, v)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, w)
		}
	}
	slices.SortStableFunc(list, func(x, y Waiting) int {
		switch {
		case x.Urgent && !y.Urgent:
			return -1
		case y.Urgent && !x.Urgent:
			return 1
		}
		return x.Since.Compare(y.Since)
	})
	return list, nil
}

// deskTx are the requests that may have something for the actor to do.
func (s *Service) deskTx(tx store.Tx, a accounts.Actor) (views []View, err error) {
	add := func(list []View, err error) error {
		for _, v := range list {
			if !slices.ContainsFunc(views, func(o View) bool { return o.Request.ID == v.Request.ID }) {
				views = append(views, v)
			}
		}
		return err
	}
	if err := add(s.viewsTx(tx, a, byPerson, store.Prefix(a.ID+"/"), maxList)); err != nil {
		return nil, err
	}
	if a.Has(accounts.Reviewer) {
		if err := add(s.viewsTx(tx, a, byReviewer, store.Prefix(a.ID+"/"), maxList)); err != nil {
			return nil, err
		}
	}
	if !a.Has(accounts.Officer) {
		return views, nil
	}
	for c, err := range calls.All(tx, store.Range{}) {
		if err != nil {
			return nil, err
		}
		if c.State == CallDraft || c.State == CallSettled || !accounts.Can(a, accounts.KeepCall, c.Thing()) {
			continue
		}
		for _, st := range officersStates {
			if err := add(s.viewsTx(tx, a, byState, store.Exactly(c.ID+"/"+string(st)), maxDesk)); err != nil {
				return nil, err
			}
		}
	}
	return views, nil
}

// officersStates are the states in which an officer may have to act.
var officersStates = []State{Submitted, SupplementAsked, DecisionReady, AgreementSigned, AdvancePaid, ReportDue}

const maxDesk = 30 // of one state and call: who has more to do begins with these

// taskTx is what a request asks of the actor, if anything.
func (s *Service) taskTx(tx store.Tx, a accounts.Actor, p i18n.Printer, v View) (Waiting, bool, error) {
	r := &v.Request
	key, since, err := s.dutyTx(tx, a, &v)
	if err != nil || key == "" {
		return Waiting{}, false, err
	}
	w := Waiting{
		Title: r.Title, Lang: r.Lang, Path: web.Path(p.Lang, "requests", r.ID), What: p.T("request.do_" + key), Since: since, View: v,
		Urgent: v.Clock.Light != Green && r.State.Undecided() || key == "answer" || key == "report",
	}
	if o, err := s.People.OrganisationTx(tx, r.Organisation); err == nil {
		w.Place = o.Name(p.Lang)
	}
	switch {
	case r.State == SupplementAsked:
		w.When = p.T("request.until", p.DateShort(s.ClockOf(r, &v.Call).AnswerBy()))
	case r.State.Undecided():
		w.When = p.T("request.day_until", v.Clock.Day, v.Clock.Of, p.DateShort(v.stepDue(s.ClockOf(r, &v.Call))))
	default:
		w.When = p.T("request.since", p.DateShort(since))
	}
	return w, true, nil
}

// dutyTx names what the actor has to do with a request: the end of the key
// "request.do_…", or "".
func (s *Service) dutyTx(tx store.Tx, a accounts.Actor, v *View) (key string, since time.Time, err error) {
	r := &v.Request
	if slices.Contains(r.Team, a.ID) {
		return r.applicantDuty()
	}
	if r.State == InReview && r.IsAssigned(a.ID) && !r.HasReviewed(a.ID) {
		tie, err := s.conflictTx(tx, r, a)
		if err != nil || tie != "" {
			return "", since, err
		}
		return "review", r.assignedAt(a.ID), nil
	}
	if !accounts.Can(a, accounts.KeepCall, v.Call.Thing()) {
		return "", since, nil
	}
	if key, since, err = s.officerDutyTx(tx, a, v); err != nil || key == "" {
		return "", since, err
	}
	if tie, err := s.conflictTx(tx, r, a); err != nil || tie != "" {
		return "", since, err
	}
	return key, since, nil
}

func (r *Request) assignedAt(person string) time.Time {
	for _, as := range r.Assigned {
		if as.Person == person {
			return as.At
		}
	}
	return time.Time{}
}

func (r *Request) applicantDuty() (string, time.Time, error) {
	switch r.State {
	case Draft:
		return "finish", r.Created, nil
	case SupplementAsked:
		return "answer", r.Supplement.Asked, nil
	case Granted, GrantedWithCondition:
		return "sign", r.Decision.At, nil
	case ReportDue:
		return "report", r.Changed, nil
	}
	return "", time.Time{}, nil
}

func (s *Service) officerDutyTx(tx store.Tx, a accounts.Actor, v *View) (string, time.Time, error) {
	r := &v.Request
	switch r.State {
	case Submitted:
		if v.Call.Reviews == 0 {
			return "decide", r.Submitted, nil
		}
		return "precheck", r.Submitted, nil
	case SupplementAsked:
		if s.answerOverdue(v) {
			return "go_on", r.Supplement.Asked, nil
		}
	case DecisionReady:
		if r.Vote == nil {
			return "decide", r.Reviewed, nil
		}
		if r.Vote.By != a.ID {
			return "second", r.Vote.At, nil
		}
	case AgreementSigned:
		return "advance", r.Signed, nil
	case AdvancePaid, ReportDue:
		return s.payDutyTx(tx, v)
	}
	return "", time.Time{}, nil
}

// payDuty is whether the last payment or a recovery waits: "rest", "recover"
// or "".
func (s *Service) payDuty(ctx context.Context, v *View) (key string, since time.Time, err error) {
	if v.Request.State != AdvancePaid && v.Request.State != ReportDue {
		return "", since, nil
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		key, since, err = s.payDutyTx(tx, v)
		return err
	})
	return key, since, err
}

// Queue returns the requests somebody is or was asked to review, newest first,
// without those they have a tie to.
func (s *Service) Queue(ctx context.Context, a accounts.Actor) (list []View, err error) {
	defer fault.Wrap(&err, "reviewer's queue")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]View, error) {
		all, err := s.viewsTx(tx, a, byReviewer, store.Range{Prefix: a.ID + "/", Reverse: true}, maxList)
		var list []View
		for _, v := range all {
			tie, err := s.conflictTx(tx, &v.Request, a)
			if err != nil {
				return nil, err
			}
			if tie == "" {
				list = append(list, v)
			}
		}
		return list, err
	})
}

func (s *Service) payDutyTx(tx store.Tx, v *View) (string, time.Time, error) {
	learned, err := s.learnedTx(tx, v)
	if err != nil || learned {
		return "rest", v.Request.Changed, err
	}
	due, err := s.recoverableTx(tx, v)
	if err != nil || !due {
		return "", time.Time{}, err
	}
	return "recover", v.Request.Changed, nil
}

// OfExperiment is what an experiment's page shows of money: its requests, as
// far as the reader may see them, and the way to ask for some.
func (s *Service) OfExperiment(ctx context.Context, a accounts.Actor, experiment, lang string) (view experiments.FundingView, err error) {
	defer fault.Wrap(&err, "funding of experiment %q", experiment)
	return store.Get(ctx, s.Store, func(tx store.Tx) (experiments.FundingView, error) {
		view := experiments.FundingView{}
		p, open := s.Locales.For(lang), false
		for r, err := range requests.By(tx, byExperiment, store.Exactly(experiment)) {
			if err != nil {
				return view, err
			}
			v, err := s.viewTx(tx, a, r.ID)
			if err != nil {
				return view, err
			}
			open = open || r.State != Declined && r.State != Withdrawn
			if v.Full || v.Call.mayRead(a) && r.IsInRegister() && (r.State != Withdrawn || r.Decision != nil) {
				view.Requests = append(view.Requests, experiments.FundingLine{
					Title: v.Call.Title, URL: web.Path(lang, "requests", r.ID), Words: v.Words(p), Cents: r.AmountCents, Currency: r.Currency,
				})
			}
		}
		if open || !a.SignedIn() {
			return view, nil
		}
		return view, s.askURLTx(tx, a, experiment, lang, &view)
	})
}

// askURLTx adds the way to ask for money, for the team of a planned experiment
// while a call takes requests from its country.
func (s *Service) askURLTx(tx store.Tx, a accounts.Actor, experiment, lang string, view *experiments.FundingView) error {
	e, thing, err := s.Cards.SeeTx(tx, a, experiment)
	if err != nil || e.Stage != experiments.Planned || !accounts.Can(a, accounts.WriteRequest, thing) {
		return err
	}
	fits, err := s.fittingTx(tx, a, e.Organisation)
	if err == nil && len(fits) > 0 {
		view.AskURL = web.Path(lang, "requests", "new") + "?experiment=" + experiment
	}
	return err
}

// fittingTx are the calls that take requests from an organisation now.
func (s *Service) fittingTx(tx store.Tx, a accounts.Actor, organisation string) (fits []Call, err error) {
	list, err := s.callsTx(tx, a)
	for _, c := range list {
		if c.IsOpen(s.Now()) && c.TakesFrom(organisation) {
			fits = append(fits, c)
		}
	}
	return fits, err
}

// Fitting are the calls that take requests from an organisation now.
func (s *Service) Fitting(ctx context.Context, a accounts.Actor, organisation string) (fits []Call, err error) {
	defer fault.Wrap(&err, "fitting calls")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Call, error) { return s.fittingTx(tx, a, organisation) })
}
