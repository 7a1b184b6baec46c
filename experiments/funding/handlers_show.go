package funding

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// requestPage is everything funding/request.html may use.
type requestPage struct {
	web.Page
	View
	Card        *cardText
	Place, Size string
	Words, Then string // how far it is, and what happens next
	Left        string // "4 working days left"
	Steps       []step
	Verdict     Verdict
	History     []historyLine
	Remarks     []string // what the reviewers say to the applicant, without names
	Reviewers   []reviewerLine
	Candidates  []candidateLine
	Wanted      []string // ids of the candidates to tick
	May         may
	Outcomes    []Outcome
	Criteria    []Criterion
	Advance     int64
	Rest        int64
	Proposal    int64 // to grant
	AnswerBy    time.Time
	ResendURL   string
	Decided     []string // who decided
}

// may is which forms the reader finds on the page.
type may struct {
	Edit, Submit, Withdraw, Answer, Sign, Resend      bool // applicant
	Precheck, Assign, GoOn, Decide, Advance, Rest     bool // officer
	Recover, ReadScores, SecondVote, Waits, TiedToIt  bool
	Score, HasScored, SeesAll, Applicant, SeesRemarks bool
}

// step is one step of the line on the page.
type step struct {
	Name          string
	Done, Current bool
}

type historyLine struct {
	Event
	Icon, Title, When, Who string
}

type reviewerLine struct {
	Name, Kind string
	Review     *Review
	Points     float64
}

type candidateLine struct {
	Candidate
	Name, Place string
}

func (h *Handlers) show(c *fiber.Ctx) error { return h.renderShow(c, h.Web.Page(c, section)) }

func (h *Handlers) renderShow(c *fiber.Ctx, p web.Page) error {
	ctx, a := web.Context(c), accounts.ActorOf(c)
	v, err := h.Funding.Get(ctx, a, c.Params("id"))
	if err != nil {
		return err
	}
	page := requestPage{Page: p, View: v, Words: v.Words(p.Printer), Outcomes: Outcomes, Criteria: v.Call.Criteria}
	page.Crumbs = crumbs(p, &v.Call, v.Request.Title)
	page.NoIndex = !v.Call.IsPublic() || !v.Request.IsInRegister()
	page.Place, page.Size = h.place(ctx, p, v.Request.Organisation)
	clock := h.Funding.ClockOf(&v.Request, &v.Call)
	page.Then = v.Next(p.Printer, clock)
	if v.Clock.Running {
		page.Left = p.N("request.days_left", v.Clock.Left())
	}
	if v.Request.State == SupplementAsked {
		page.AnswerBy = clock.AnswerBy()
	}
	page.Steps = lineOf(p, v.Request.State)
	page.Verdict = v.Request.Judge(&v.Call)
	h.addFull(ctx, &page)
	if err := h.addMay(ctx, a, &page); err != nil {
		return err
	}
	return h.Web.Render(c, "funding/request", &page)
}

// lineOf is the line of a request: where it stands, and what it has passed.
func lineOf(p web.Page, s State) []step {
	if s == Draft || s == Withdrawn {
		return nil
	}
	var list []step
	at := s.Place()
	for i, one := range Line {
		name := p.T("request.step_" + string(one))
		if i == at {
			name = p.T("request.state_" + string(s))
		}
		list = append(list, step{Name: name, Done: i < at || s == Closed, Current: i == at && s != Closed})
		if s == Declined && i == at {
			break
		}
	}
	return list
}

// addFull adds what those who read in full see: card, history, remarks.
func (h *Handlers) addFull(ctx context.Context, page *requestPage) {
	v := &page.View
	if v.Sent != nil {
		page.Card = h.cardText(page.Page, v)
	}
	if d := v.Request.Decision; d != nil {
		page.Decided = h.names(ctx, page.Lang, d.By...)
	}
	for i := len(v.Request.History) - 1; i >= 0; i-- {
		e := v.Request.History[i]
		if !v.Full && (e.Inside || e.Key == "passed_on" || strings.HasPrefix(e.Key, "reviewer_")) {
			continue
		}
		line := historyLine{Event: e, Icon: eventIcon(e.Key), Title: page.T("request.event_" + e.Key), When: page.DateTime(e.At)}
		if !v.Full {
			line.Text = ""
		}
		page.History = append(page.History, line)
	}
	if !v.Full || v.Request.Decision == nil {
		return
	}
	for _, r := range v.Request.Reviews {
		if r.Comment != "" {
			page.Remarks = append(page.Remarks, r.Comment)
		}
	}
}

func eventIcon(key string) string {
	switch key {
	case "supplement_asked":
		return "s-pause"
	case "granted", "granted_with_condition", "signed", "answered", "submitted", "reviewed", "decision_ready":
		return "check"
	case "declined", "withdrawn":
		return "cross"
	case "advance", "rest", "recovered":
		return "coin"
	case "late":
		return "warn"
	}
	return "clock"
}

// addMay finds out which forms the reader needs.
func (h *Handlers) addMay(ctx context.Context, a accounts.Actor, page *requestPage) error {
	v, r := &page.View, &page.View.Request
	m := &page.May
	can := func(do accounts.Action) bool { return v.Full && accounts.Can(a, do, v.Thing) }
	m.Applicant = can(accounts.WriteRequest)
	if m.Applicant {
		m.Edit, m.Submit, m.Answer = r.State == Draft, r.State == Draft, r.State == SupplementAsked
		m.Withdraw = r.State.MayBecome(Withdrawn)
		m.Sign = r.State.MayBecome(AgreementSigned)
		m.Resend = r.State == Declined && r.Experiment != "" && v.Call.IsOpen(page.Now)
		page.ResendURL = page.URL("requests", "new") + "?experiment=" + r.Experiment + "&call=" + r.Call + "&again=" + r.ID
	}
	m.TiedToIt = v.Conflict != ""
	m.ReadScores = can(accounts.ReadScores)
	m.Score = can(accounts.Score) && r.State == InReview && !r.HasReviewed(a.ID)
	m.HasScored = can(accounts.Score) && r.HasReviewed(a.ID)
	if m.ReadScores {
		page.Reviewers = h.reviewers(ctx, page, "")
	} else if can(accounts.Score) {
		page.Reviewers = h.reviewers(ctx, page, a.ID)
	}
	return h.addOfficer(ctx, a, page, can)
}

// addOfficer adds the officer's forms.
func (h *Handlers) addOfficer(ctx context.Context, a accounts.Actor, page *requestPage, can func(accounts.Action) bool) error {
	v, r, m := &page.View, &page.View.Request, &page.May
	if can(accounts.PrecheckRequest) {
		m.Precheck = r.State == Submitted && r.Supplement == nil
		m.GoOn = r.State == SupplementAsked && h.Funding.answerOverdue(v)
		m.Assign = r.State == Submitted && v.Call.Reviews > 0 || r.State == InReview && (len(r.Assigned) < v.Call.Reviews || page.Verdict.NeedsThird && len(r.Assigned) < 3)
	}
	if can(accounts.Decide) {
		m.Decide = r.State == DecisionReady || r.State == Submitted && v.Call.Reviews == 0
		m.SecondVote = m.Decide && r.Vote != nil
		m.Advance = r.State == AgreementSigned
		duty, _, err := h.Funding.payDuty(ctx, v)
		if err != nil {
			return err
		}
		m.Rest, m.Recover = duty == "rest", duty == "recover"
	}
	m.Waits = r.Vote != nil && r.Vote.By == a.ID
	page.Proposal = r.AmountCents
	if r.Vote != nil {
		page.Proposal = r.Vote.Cents
	}
	page.Advance = AdvanceOf(r.GrantedCents())
	page.Rest = r.GrantedCents() - page.Advance
	if !m.Assign {
		return nil
	}
	list, err := h.Funding.Candidates(ctx, a, r.ID)
	for _, c := range list {
		line := candidateLine{Candidate: c, Name: h.names(ctx, page.Lang, c.Person)[0]}
		if len(c.Organisations) > 0 {
			line.Place, _ = h.place(ctx, page.Page, c.Organisations[0])
		}
		if c.Proposed {
			page.Wanted = append(page.Wanted, c.Person)
		}
		page.Candidates = append(page.Candidates, line)
	}
	return err
}

// reviewers are the reviews as an officer sees them; with only, as the one
// reviewer sees the own.
func (h *Handlers) reviewers(ctx context.Context, page *requestPage, only string) (list []reviewerLine) {
	r := &page.View.Request
	for _, as := range r.Assigned {
		if only != "" && as.Person != only {
			continue
		}
		if only != "" && !r.HasReviewed(only) {
			continue
		}
		line := reviewerLine{Name: h.names(ctx, page.Lang, as.Person)[0], Kind: page.T("request.kind_" + string(as.Kind))}
		for i := range r.Reviews {
			if r.Reviews[i].By == as.Person {
				line.Review, line.Points = &r.Reviews[i], r.Reviews[i].Points(page.Criteria)
			}
		}
		list = append(list, line)
	}
	return list
}

// letterPage is everything funding/letter.html may use.
type letterPage struct {
	web.Page
	View
	Funder, Place string
	Decided       []string
	Advance, Rest int64
	Words         string
}

// letter is the decision as a letter that prints on its own.
func (h *Handlers) letter(c *fiber.Ctx) error {
	ctx := web.Context(c)
	v, err := h.Funding.Get(ctx, accounts.ActorOf(c), c.Params("id"))
	if err != nil {
		return err
	}
	if v.Request.Decision == nil {
		return accounts.ErrUnseen
	}
	page := letterPage{Page: h.Web.Page(c, section), View: v, Advance: AdvanceOf(v.Request.GrantedCents())}
	page.Rest = v.Request.GrantedCents() - page.Advance
	page.NoIndex = true
	page.Funder, _ = h.place(ctx, page.Page, v.Call.Funder)
	if page.Funder == "" {
		page.Funder = page.Portal.Name
	}
	page.Place, _ = h.place(ctx, page.Page, v.Request.Organisation)
	page.Decided = h.names(ctx, page.Lang, v.Request.Decision.By...)
	page.Crumbs = append(crumbs(page.Page, &v.Call, ""), web.Crumb{Title: v.Request.Title, URL: page.URL("requests", v.Request.ID)}, web.Crumb{Title: page.T("request.letter")})
	return h.Web.Render(c, "funding/letter", &page)
}

// Points writes points as people do: 77,5.
func (p requestPage) Points(f float64) string { return p.Decimal(f, 2) }

// Tick is the person itself when it is one of the proposed: the box is ticked
// until something else was typed.
func (p requestPage) Tick(person string) string {
	if slices.Contains(p.Wanted, person) {
		return person
	}
	return "-"
}

// ScoreOf is a reviewer's score of a criterion.
func (l reviewerLine) ScoreOf(key string) string { return strconv.Itoa(l.Review.Scores[key]) }
