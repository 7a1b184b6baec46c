package weeks

import (
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// A Practice is one way of working that was tried, and what was found out about
// it, with the entries of the log that show it.
type Practice struct {
	N        int       `json:"n"`
	Text     string    `json:"text"`
	Verdict  Verdict   `json:"verdict"`
	Why      string    `json:"why,omitempty"`
	Evidence []int     `json:"evidence,omitempty"` // numbers of log entries
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// Verdict is what was found out about a practice.
type Verdict string

// The verdicts. All three are worth telling.
const (
	Works   Verdict = "works"
	DoesNot Verdict = "does_not"
	Unclear Verdict = "unclear"
)

// Verdicts lists the verdicts in the order they are offered.
var Verdicts = []Verdict{Works, DoesNot, Unclear}

// A Review closes a plan: what the team says about its weeks, and why results
// that were asked for are missing.
type Review struct {
	Text    string         `json:"text,omitempty"`
	Excuses map[int]string `json:"excuses,omitempty"` // week → reason
	At      time.Time      `json:"at"`
	By      string         `json:"by"`
}

// Faults of conclusions and reviews.
var (
	ErrVerdict    = fault.New(fault.Invalid, "weeks.verdict_missing").On("verdict")
	ErrEvidence   = fault.New(fault.Invalid, "weeks.evidence_unknown").On("evidence")
	ErrNoPractice = fault.New(fault.Invalid, "weeks.no_practice").On("text")
	ErrNoResults  = fault.New(fault.Invalid, "weeks.results_missing")
	ErrNotYet     = fault.New(fault.Conflict, "weeks.review_not_yet")
)

// maxReview is how long a review may be, in characters.
const maxReview = 1000

// conclude writes what was found out about a practice: a new one when n is 0.
func (p *Plan) conclude(n int, one Practice) error {
	one.Text, one.Why = strings.TrimSpace(one.Text), strings.TrimSpace(one.Why)
	var f findings
	f.must("text", one.Text, maxLine)
	f.when(!slices.Contains(Verdicts, one.Verdict), ErrVerdict)
	f.text("why", one.Why, maxWhy)
	f.when(n == 0 && len(p.Practices) >= MaxPractices, ErrTooMany.With(MaxPractices).On("text"))
	if err := f.err(); err != nil {
		return err
	}
	if n == 0 {
		for _, other := range p.Practices {
			one.N = max(one.N, other.N)
		}
		one.N++
		p.Practices = append(p.Practices, one)
		return nil
	}
	i := slices.IndexFunc(p.Practices, func(x Practice) bool { return x.N == n })
	if i < 0 {
		return ErrNoAction
	}
	one.N = n
	p.Practices[i] = one
	return nil
}

// close ends the plan with its review. It asks for a conclusion at least, and,
// for each week whose results are missing, for them or the reason.
func (p *Plan) close(r Review, over bool, c Calendar) error {
	week := c.Week(r.At)
	if !over && week < c.Total() {
		return ErrNotYet
	}
	r.Text = strings.TrimSpace(r.Text)
	var f findings
	f.when(len(p.Practices) == 0, ErrNoPractice)
	f.text("review", r.Text, maxReview)
	kept := map[int]string{}
	for _, gate := range p.Missing(week) {
		why := strings.TrimSpace(r.Excuses[gate])
		f.when(why == "", ErrNoResults.With(gate).On(excuseField(gate)))
		f.text(excuseField(gate), why, maxReason)
		kept[gate] = why
	}
	if err := f.err(); err != nil {
		return err
	}
	r.Excuses = kept
	p.Review = &r
	return nil
}
