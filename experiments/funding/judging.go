package funding

import (
	"context"
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// AskMore asks the applicant for the one thing that is missing. The clock
// stands still until the answer; it can be asked once.
func (s *Service) AskMore(ctx context.Context, a accounts.Actor, id, missing string) (err error) {
	defer fault.Wrap(&err, "ask more of request %q", id)
	missing = strings.TrimSpace(missing)
	return s.change(ctx, a, id, accounts.PrecheckRequest, "supplement_asked", func(tx store.Tx, v *View) error {
		var f findings
		f.when(missing == "", ErrMissing)
		f.text("missing", missing, MaxMissing)
		if err := f.err(); err != nil {
			return err
		}
		if v.Request.Supplement != nil {
			return ErrAskedOnce
		}
		if err := s.move(a, v, SupplementAsked, Event{Key: "supplement_asked", Text: missing, Inside: true}); err != nil {
			return err
		}
		v.Request.Supplement = &Supplement{Asked: s.Now().UTC(), By: a.ID, Missing: missing}
		return nil
	})
}

// GoOn ends the waiting for an answer that did not come in ten working days.
// Before that it fails with ErrAnswerTime.
func (s *Service) GoOn(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "go on with request %q", id)
	return s.change(ctx, a, id, accounts.PrecheckRequest, "supplement_ended", func(tx store.Tx, v *View) error {
		if v.Request.State != SupplementAsked {
			return ErrStep
		}
		if !s.answerOverdue(v) {
			return ErrAnswerTime
		}
		v.Request.Supplement.Ended = s.Now().UTC()
		return s.move(a, v, Submitted, Event{Key: "no_answer"})
	})
}

func (s *Service) answerOverdue(v *View) bool {
	clock := s.ClockOf(&v.Request, &v.Call)
	return clock.Read(s.Now()).Stood > SupplementDays
}

// Assign sends a request to its reviewers: as many as the call needs, one of
// another municipality among them. It fails with ErrReviewerBias for somebody
// with a conflict.
func (s *Service) Assign(ctx context.Context, a accounts.Actor, id string, people []string) (err error) {
	defer fault.Wrap(&err, "assign reviewers of request %q", id)
	return s.change(ctx, a, id, accounts.PrecheckRequest, "assigned", func(tx store.Tx, v *View) error { return s.assignTx(tx, a, v, people) })
}

func (s *Service) assignTx(tx store.Tx, a accounts.Actor, v *View, people []string) error {
	r := &v.Request
	if r.State != Submitted && r.State != InReview {
		return ErrStep
	}
	chosen := slices.DeleteFunc(slices.Clone(r.Assigned), func(as Assignment) bool { return !r.HasReviewed(as.Person) })
	for _, person := range people {
		if slices.ContainsFunc(chosen, func(as Assignment) bool { return as.Person == person }) {
			continue
		}
		as, err := s.assignmentTx(tx, v, person)
		if err != nil {
			return err
		}
		chosen = append(chosen, as)
	}
	verdict := r.Judge(&v.Call)
	switch {
	case len(chosen) < v.Call.Reviews || verdict.NeedsThird && len(chosen) < 3:
		return ErrTooFew.With(max(v.Call.Reviews, 1))
	case v.Call.Reviews >= 2 && !slices.ContainsFunc(chosen, func(as Assignment) bool { return as.Kind == Peer }):
		return ErrNoPeer
	case len(chosen) == 0:
		return ErrTooFew.With(1)
	}
	if len(chosen) > 2 {
		for i := range chosen[2:] {
			chosen[i+2].Kind = Third
		}
	}
	r.Assigned = chosen
	if r.State == InReview {
		s.record(a, v, Event{Key: "reassigned"})
		return nil
	}
	r.Prechecked = s.Now().UTC()
	return s.move(a, v, InReview, Event{Key: "in_review"})
}

// assignmentTx asks one person of the call's pool, or refuses.
func (s *Service) assignmentTx(tx store.Tx, v *View, person string) (Assignment, error) {
	pool, err := s.poolTx(tx, v)
	if err != nil {
		return Assignment{}, err
	}
	for _, c := range pool {
		switch {
		case c.Person != person:
			continue
		case c.Conflict != "":
			return Assignment{}, ErrReviewerBias
		}
		return Assignment{Person: person, Kind: c.Kind, Organisations: c.Organisations, At: s.Now().UTC()}, nil
	}
	return Assignment{}, ErrNotReviewer
}

// A Candidate is somebody who could review a request, or why not. Load is how
// many reviews they owe already. Proposed are those the portal would choose.
type Candidate struct {
	Person        string
	Organisations []string
	Kind          AssignmentKind
	Conflict      ConflictReason
	Load          int
	Proposed      bool
}

// Candidates returns the call's reviewers for a request, those to propose
// first, those with a conflict last. Only the call's officers may ask.
func (s *Service) Candidates(ctx context.Context, a accounts.Actor, id string) (list []Candidate, err error) {
	defer fault.Wrap(&err, "reviewers for request %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Candidate, error) {
		v, err := s.viewTx(tx, a, id)
		if err != nil {
			return nil, err
		}
		if err := accounts.Must(a, accounts.PrecheckRequest, v.Thing); err != nil {
			return nil, err
		}
		list, err := s.poolTx(tx, &v)
		propose(list, max(v.Call.Reviews, 1))
		return list, err
	})
}

// poolTx is the call's reviewers with what ties each to the request. A call
// without a pool of its own uses every reviewer of the portal.
func (s *Service) poolTx(tx store.Tx, v *View) ([]Candidate, error) {
	people := v.Call.Reviewers
	if len(people) == 0 {
		all, err := s.People.PeopleWith(tx, accounts.Reviewer)
		if err != nil {
			return nil, err
		}
		people = all
	}
	var list []Candidate
	for _, id := range people {
		actor, err := s.People.ActorTx(tx, id)
		if fault.KindOf(err) == fault.NotFound && err != nil || err == nil && !actor.Has(accounts.Reviewer) {
			continue // has left
		}
		if err != nil {
			return nil, err
		}
		c := Candidate{Person: id, Organisations: actor.Organisations()}
		if c.Kind, err = s.kindTx(tx, v, actor); err != nil {
			return nil, err
		}
		if c.Conflict, err = s.conflictTx(tx, &v.Request, actor); err != nil {
			return nil, err
		}
		if c.Load, err = loadTx(tx, id); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(x, y Candidate) int {
		if (x.Conflict != "") != (y.Conflict != "") {
			return len(x.Conflict) - len(y.Conflict)
		}
		return x.Load - y.Load
	})
	return list, nil
}

// kindTx is what somebody would be asked as: a peer comes from a municipality,
// anybody else speaks for the funder.
func (s *Service) kindTx(tx store.Tx, v *View, actor accounts.Actor) (AssignmentKind, error) {
	for _, key := range actor.Organisations() {
		if key == v.Call.Funder {
			return Funder, nil
		}
		o, err := s.People.OrganisationTx(tx, key)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			continue
		}
		if err != nil {
			return "", err
		}
		if o.IsMunicipality() {
			return Peer, nil
		}
	}
	return Funder, nil
}

// loadTx is how many reviews somebody owes.
func loadTx(tx store.Tx, person string) (n int, err error) {
	for r, err := range requests.By(tx, byReviewer, store.Prefix(person+"/")) {
		if err != nil {
			return 0, err
		}
		if r.State == InReview && !r.HasReviewed(person) {
			n++
		}
	}
	return n, nil
}

// propose marks the first free peer and the first free funder, then anybody
// free until there are enough.
func propose(list []Candidate, needed int) {
	mark := func(fits func(c *Candidate) bool) {
		for i := range list {
			if needed > 0 && list[i].Conflict == "" && !list[i].Proposed && fits(&list[i]) {
				list[i].Proposed = true
				needed--
				return
			}
		}
	}
	mark(func(c *Candidate) bool { return c.Kind == Peer })
	mark(func(c *Candidate) bool { return c.Kind == Funder })
	for range list {
		mark(func(*Candidate) bool { return true })
	}
}

// Score takes in a review. The last one makes the request ready for its
// decision, unless the two are too far apart or one gave a 0: then a third
// reviewer is asked, and if nobody is free the officer chooses one.
func (s *Service) Score(ctx context.Context, a accounts.Actor, id string, review Review) (err error) {
	defer fault.Wrap(&err, "review request %q", id)
	return s.change(ctx, a, id, accounts.Score, "reviewed", func(tx store.Tx, v *View) error { return s.scoreTx(tx, a, v, review) })
}

func (s *Service) scoreTx(tx store.Tx, a accounts.Actor, v *View, review Review) error {
	r := &v.Request
	switch {
	case r.State != InReview:
		return ErrStep
	case r.HasReviewed(a.ID):
		return ErrScored
	}
	trim(&review.Comment)
	review.By, review.At = a.ID, s.Now().UTC()
	if err := review.check(v.Call.Criteria); err != nil {
		return err
	}
	r.Reviews = append(slices.Clone(r.Reviews), review)
	s.record(a, v, Event{Key: "reviewed"})
	verdict := r.Judge(&v.Call)
	switch {
	case verdict.Complete:
		r.Reviewed = s.Now().UTC()
		return s.move(accounts.System, v, DecisionReady, Event{Key: "decision_ready"})
	case verdict.NeedsThird && len(r.Assigned) < 3:
		return s.thirdTx(tx, v, "third_asked")
	}
	return nil
}

// thirdTx asks the free reviewer with the least to do for a third review.
func (s *Service) thirdTx(tx store.Tx, v *View, event string) error {
	pool, err := s.poolTx(tx, v)
	if err != nil {
		return err
	}
	for _, c := range pool {
		if c.Conflict == "" && !v.Request.IsAssigned(c.Person) {
			v.Request.Assigned = append(slices.Clone(v.Request.Assigned), Assignment{Person: c.Person, Kind: Third, Organisations: c.Organisations, At: s.Now().UTC()})
			s.record(accounts.System, v, Event{Key: event})
			return nil
		}
	}
	s.record(accounts.System, v, Event{Key: "third_wanted"})
	return nil
}

// DeclareConflict passes a review on: the reviewer has a tie to the request
// that the portal cannot see. The least busy other reviewer is asked instead.
func (s *Service) DeclareConflict(ctx context.Context, a accounts.Actor, id, text string) (err error) {
	defer fault.Wrap(&err, "declare conflict with request %q", id)
	return s.change(ctx, a, id, accounts.Score, "conflict_declared", func(tx store.Tx, v *View) error {
		r := &v.Request
		if r.State != InReview || r.HasReviewed(a.ID) {
			return ErrStep
		}
		var f findings
		f.text("conflict", text, MaxConflicts)
		if err := f.err(); err != nil {
			return err
		}
		var kind AssignmentKind
		r.Assigned = slices.DeleteFunc(slices.Clone(r.Assigned), func(as Assignment) bool {
			if as.Person == a.ID {
				kind = as.Kind
			}
			return as.Person == a.ID
		})
		r.Declared = append(slices.Clone(r.Declared), Conflict{Person: a.ID, Reason: DeclaredTie, At: s.Now().UTC(), Text: strings.TrimSpace(text)})
		s.record(a, v, Event{Key: "passed_on"})
		return s.replaceTx(tx, v, kind)
	})
}

// replaceTx asks somebody else in place of a reviewer who stepped back, of the
// same kind where there is one.
func (s *Service) replaceTx(tx store.Tx, v *View, kind AssignmentKind) error {
	pool, err := s.poolTx(tx, v)
	if err != nil {
		return err
	}
	pick := -1
	for i, c := range pool {
		if c.Conflict != "" || v.Request.IsAssigned(c.Person) {
			continue
		}
		if pick < 0 || c.Kind == kind && pool[pick].Kind != kind {
			pick = i
		}
	}
	if pick < 0 {
		s.record(accounts.System, v, Event{Key: "reviewer_wanted"})
		return nil
	}
	as := Assignment{Person: pool[pick].Person, Kind: pool[pick].Kind, Organisations: pool[pick].Organisations, At: s.Now().UTC()}
	if kind == Third {
		as.Kind = Third
	}
	v.Request.Assigned = append(v.Request.Assigned, as)
	s.record(accounts.System, v, Event{Key: "reassigned"})
	return nil
}
