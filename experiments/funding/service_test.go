package funding_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/funding"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// The worked example, from the submission to the last payment.
func TestTheWorkedExampleOfARequest(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		call := h.open(t, usual())
		experiment := h.experiment(t, h.owner)
		id, err := h.Draft(ctx, h.owner, asking(call, experiment))
		must(t, err)
		must(t, h.Submit(ctx, h.owner, id))
		h.on(4)
		must(t, h.AskMore(ctx, h.officer, id, "Kuka maksaa 12 viikon jälkeen?"))
		h.on(6)
		if v := h.view(t, h.owner, id); v.Clock.Day != 2 || v.Clock.Running || v.Request.Waits() != funding.TurnApplicant {
			t.Errorf("while more is asked: %+v", v.Clock)
		}
		h.on(9)
		must(t, h.Answer(ctx, h.owner, id, "Kunta maksaa."))
		must(t, h.Assign(ctx, h.officer, id, []string{h.peer.ID, h.expert.ID}))
		h.on(12)
		must(t, h.Score(ctx, h.peer, id, review("", 3, 4, 3, 3, 2)))
		h.on(13)
		must(t, h.Score(ctx, h.expert, id, review("", 3, 3, 2, 3, 3)))
		v := h.view(t, h.officer, id)
		if v.Clock.Day != 6 || v.Request.State != funding.DecisionReady || v.Request.Judge(&v.Call).Points != 73.75 {
			t.Errorf("reviews in: %+v, %s", v.Clock, v.Request.State)
		}
		h.on(17)
		_, err = h.Decide(ctx, h.officer, id, granting(800_000))
		must(t, err)
		if d := h.view(t, h.owner, id).Request.Decision; d.Day != 8 || d.Points != 73.75 {
			t.Errorf("decision: %+v", d)
		}
		must(t, h.Sign(ctx, h.owner, id, ""))
		must(t, h.PayAdvance(ctx, h.officer, id))
		if err := h.PayRest(ctx, h.officer, id); !errors.Is(err, funding.ErrLessonFirst) {
			t.Errorf("the rest before the lesson: %v", err)
		}
		h.learn(t, experiment)
		must(t, h.PayRest(ctx, h.officer, id))
		r := h.view(t, h.owner, id).Request
		if r.State != funding.Closed || len(r.Payments) != 2 || r.Payments[0].Cents != 480_000 || r.Payments[1].Cents != 320_000 {
			t.Errorf("paid: %s %+v", r.State, r.Payments)
		}
		h.balanced(t, call)
		if c, _ := h.Call(ctx, h.owner, call); c.CommittedCents != 800_000 || c.Asked != 1 || c.Granted != 1 || c.Figures().Median != 8 {
			t.Errorf("call: %+v", c)
		}
	})
}

func TestTheBudgetIsNeverOverspent(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		const amount, fits, all = 12_345, 37, 200
		c := funding.Call{Title: "Lean", BudgetCents: amount * fits, Currency: "EUR"}
		call := h.open(t, c)
		ids := make([]string, all)
		for i := range ids {
			id, err := h.Draft(t.Context(), h.owner, funding.Asking{Call: call, AmountCents: amount})
			must(t, err)
			must(t, h.Submit(t.Context(), h.owner, id))
			ids[i] = id
		}
		var granted, refused, other int
		var mu sync.Mutex
		var wg sync.WaitGroup
		for _, id := range ids {
			wg.Go(func() {
				_, err := h.Decide(background(), h.officer, id, granting(amount))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					granted++
				case errors.Is(err, funding.ErrOverBudget):
					refused++
				default:
					other++
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if granted != fits || refused != all-fits || other != 0 {
			t.Errorf("%d granted, %d refused, %d failed", granted, refused, other)
		}
		b, err := h.BudgetOf(t.Context(), h.officer, call)
		must(t, err)
		if b.LeftCents != 0 {
			t.Errorf("budget: %+v", b)
		}
		h.balanced(t, call)
	})
}

func TestTheSameKeyDecidesOnce(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call := h.open(t, funding.Call{Title: "Lean", BudgetCents: 1000})
		id, err := h.Draft(t.Context(), h.owner, funding.Asking{Call: call, AmountCents: 300})
		must(t, err)
		must(t, h.Submit(t.Context(), h.owner, id))
		ctx := once.With(background(), h.officer.ID, "key", "body")
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if d, err := h.Decide(ctx, h.officer, id, granting(300)); err != nil || d.State != funding.Granted {
					t.Errorf("%+v, %v", d, err)
				}
			})
		}
		wg.Wait()
		if _, err := h.Decide(once.With(background(), h.officer.ID, "key", "other body"), h.officer, id, granting(200)); !errors.Is(err, once.ErrReused) {
			t.Errorf("the same key with another body: %v", err)
		}
		if _, err := h.Decide(t.Context(), h.officer, id, granting(300)); !errors.Is(err, funding.ErrStep) {
			t.Errorf("decided twice: %v", err)
		}
		if b, _ := h.BudgetOf(t.Context(), h.officer, call); b.CommittedCents != 300 {
			t.Errorf("committed %d", b.CommittedCents)
		}
	})
}

func TestOddSumsAreRefused(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call := h.open(t, funding.Call{Title: "Lean", BudgetCents: 1_000_000})
		for _, cents := range []int64{0, -1, 1<<63 - 1, -1 << 63, 1_000_000_000_01} {
			if _, err := h.Draft(t.Context(), h.owner, funding.Asking{Call: call, AmountCents: cents}); !errors.Is(err, funding.ErrAmount) {
				t.Errorf("asking %d: %v", cents, err)
			}
		}
		id, err := h.Draft(t.Context(), h.owner, funding.Asking{Call: call, AmountCents: 500})
		must(t, err)
		must(t, h.Submit(t.Context(), h.owner, id))
		for _, cents := range []int64{0, -1, 501, 1<<63 - 1, -1 << 63} {
			if _, err := h.Decide(t.Context(), h.officer, id, granting(cents)); !errors.Is(err, funding.ErrGrantAmount) {
				t.Errorf("granting %d: %v", cents, err)
			}
		}
	})
}

func TestWhatACallsRulesAllow(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call := h.open(t, usual())
		experiment := h.experiment(t, h.owner)
		for name, tt := range map[string]struct {
			change func(q *funding.Asking)
			want   error
		}{
			"all is well":                {func(*funding.Asking) {}, nil},
			"less than the least":        {func(q *funding.Asking) { q.AmountCents = 49_999 }, funding.ErrTooLittle},
			"more than the most":         {func(q *funding.Asking) { q.AmountCents = 1_000_001 }, funding.ErrTooMuch},
			"more than 60 % of the cost": {func(q *funding.Asking) { q.AmountCents = 840_001 }, funding.ErrOwnShare},
			"just 60 %":                  {func(q *funding.Asking) { q.AmountCents = 840_000 }, nil},
			"no account":                 {func(q *funding.Asking) { q.Account = "" }, funding.ErrAccount},
			"an IBAN with a digit wrong": {func(q *funding.Asking) { q.Account = "FI21 1234 5600 0007 86" }, funding.ErrAccount},
			"no word on companies":       {func(q *funding.Asking) { q.Declarations.CompanyBenefit = "" }, funding.ErrCompany},
			"a company without a name":   {func(q *funding.Asking) { q.Declarations.CompanyBenefit = experiments.Yes }, funding.ErrCompanyName},
			"a company that has had 299 000 already": {func(q *funding.Asking) {
				q.Declarations = funding.Declarations{CompanyBenefit: experiments.Yes, Company: "Oy", DeMinimisCents: 29_900_000}
			}, funding.ErrDeMinimis},
			"another call":               {func(q *funding.Asking) { q.Call = "nothing" }, funding.ErrNoCall},
			"somebody else's experiment": {func(q *funding.Asking) { q.Experiment = "nothing" }, store.ErrNotFound},
		} {
			t.Run(name, func(t *testing.T) {
				q := asking(call, experiment)
				tt.change(&q)
				id, err := h.Draft(t.Context(), h.owner, q)
				if !errors.Is(err, tt.want) && (err != nil || tt.want != nil) {
					t.Fatalf("got %v, want %v", err, tt.want)
				}
				if err == nil {
					must(t, h.Withdraw(t.Context(), h.owner, id))
				}
			})
		}
		swedish := h.experiment(t, h.swede)
		if _, err := h.Draft(t.Context(), h.swede, asking(call, swedish)); !errors.Is(err, funding.ErrCountry) || !errors.Is(err, funding.ErrOtherMoney) {
			t.Errorf("from Sweden: %v", err)
		}
		h.learn(t, experiment)
		if _, err := h.Draft(t.Context(), h.owner, asking(call, experiment)); !errors.Is(err, funding.ErrNotPlanned) {
			t.Errorf("after the experiment: %v", err)
		}
	})
}

func TestUnderTwoThousandNeedsNoOwnMoney(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call := h.open(t, usual())
		experiment := h.experiment(t, h.owner)
		e, _, err := h.Experiments.Get(t.Context(), h.owner, experiment)
		must(t, err)
		_, err = h.Experiments.Save(t.Context(), h.owner, experiment, e.Version, experiments.MoneyEdit{Money: experiments.Money{Seed: 180_000, Lines: []experiments.CostLine{{Text: "Laatikot", Cents: 199_999}}}})
		must(t, err)
		q := asking(call, experiment)
		q.AmountCents = 199_999
		if _, err := h.Draft(t.Context(), h.owner, q); err != nil {
			t.Error(err)
		}
	})
}

func TestOneRequestPerExperimentAndCall(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call, first := h.sent(t)
		q := asking(call, h.view(t, h.owner, first).Request.Experiment)
		if _, err := h.Draft(t.Context(), h.owner, q); !errors.Is(err, funding.ErrTwice) {
			t.Errorf("a second one: %v", err)
		}
		must(t, h.Withdraw(t.Context(), h.owner, first))
		if _, err := h.Draft(t.Context(), h.owner, q); err != nil {
			t.Errorf("after withdrawing: %v", err)
		}
	})
}

func TestWhoMayReadARequest(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call := h.open(t, usual())
		id, err := h.Draft(t.Context(), h.owner, asking(call, h.experiment(t, h.owner)))
		must(t, err)
		nobody := accounts.Actor{}
		for _, a := range []accounts.Actor{nobody, h.officer, h.foreigner, h.peer} {
			if _, err := h.Get(t.Context(), a, id); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s reads a draft: %v", a.Name, err)
			}
		}
		must(t, h.Submit(t.Context(), h.owner, id))
		must(t, h.Assign(t.Context(), h.officer, id, []string{h.peer.ID, h.expert.ID}))
		full := map[string]bool{}
		for _, a := range []accounts.Actor{nobody, h.owner, h.mate, h.coordinator, h.officer, h.officer2, h.peer, h.expert, h.peer2, h.neighbour, h.foreigner} {
			full[a.Name] = h.view(t, a, id).Full
		}
		want := map[string]bool{"": false, "owner": true, "mate": false, "coordinator": true, "officer": true, "officer2": true, "peer": true, "expert": true,
			"peer2": false, "neighbour": false, "foreigner": false}
		if diff := cmp.Diff(want, full); diff != "" {
			t.Error(diff)
		}
		if err := h.Submit(t.Context(), h.foreigner, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else submits: %v", err)
		}
		if v := h.view(t, h.foreigner, id); v.Sent != nil {
			t.Error("the register shows the card")
		}
	})
}

func TestAReviewerWithATieCannotJudge(t *testing.T) {
	for name, tie := range map[string]func(t *testing.T, h *house, id string){
		"joined the team": func(t *testing.T, h *house, id string) {
			must(t, h.Experiments.AddMember(t.Context(), h.owner, h.view(t, h.owner, id).Request.Experiment, "peer@example.org", ""))
		},
		"moved to the municipality": func(t *testing.T, h *house, _ string) {
			must(t, h.People.Grant(t.Context(), accounts.System, h.peer.ID, accounts.Grant{Role: accounts.Member, Organisation: utajarvi}))
			h.peer = h.again(t, h.peer.ID)
		},
		"asks in the same call": func(t *testing.T, h *house, id string) {
			_, err := h.Draft(t.Context(), h.peer, asking(h.view(t, h.officer, id).Call.ID, h.experiment(t, h.peer)))
			must(t, err)
		},
		"said so": func(t *testing.T, h *house, id string) {
			must(t, h.DeclareConflict(t.Context(), h.peer, id, "serkku"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			onHouse(t, func(t *testing.T, h *house) {
				_, id := h.sent(t)
				must(t, h.Assign(t.Context(), h.officer, id, []string{h.peer.ID, h.expert.ID}))
				if !h.view(t, h.peer, id).Full {
					t.Fatal("a reviewer without a tie cannot read")
				}
				tie(t, h, id)
				if v, err := h.Get(t.Context(), h.peer, id); err == nil && v.Full && name != "joined the team" && name != "moved to the municipality" {
					t.Error("a reviewer with a tie reads it in full")
				}
				err := h.Score(t.Context(), h.peer, id, review("", 4, 4, 4, 4, 4))
				if k := fault.KindOf(err); k != fault.Forbidden && k != fault.NotFound {
					t.Errorf("a reviewer with a tie scores: %v", err)
				}
				list, err := h.Candidates(t.Context(), h.officer, id)
				must(t, err)
				for _, c := range list {
					if c.Person == h.peer.ID && c.Conflict == "" {
						t.Error("is offered again")
					}
				}
			})
		})
	}
}

// again is a person with the grants of this moment.
func (h *house) again(t *testing.T, id string) accounts.Actor {
	t.Helper()
	a, err := store.Get(t.Context(), h.Store, func(tx store.Tx) (accounts.Actor, error) { return h.People.ActorTx(tx, id) })
	must(t, err)
	return a
}

func TestTheOfficerChoosesAmongTheUnconflicted(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		_, id := h.sent(t)
		list, err := h.Candidates(t.Context(), h.officer, id)
		must(t, err)
		proposed, tied := map[string]funding.AssignmentKind{}, map[string]funding.ConflictReason{}
		for _, c := range list {
			if c.Proposed {
				proposed[c.Person] = c.Kind
			}
			if c.Conflict != "" {
				tied[c.Person] = c.Conflict
			}
		}
		if diff := cmp.Diff(map[string]funding.AssignmentKind{h.peer.ID: funding.Peer, h.expert.ID: funding.Funder}, proposed); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[string]funding.ConflictReason{h.neighbour.ID: funding.SameOrganisation}, tied); diff != "" {
			t.Error(diff)
		}
		for name, tt := range map[string]struct {
			people []string
			want   error
		}{
			"one is too few":         {[]string{h.peer.ID}, funding.ErrTooFew},
			"one with a tie":         {[]string{h.peer.ID, h.neighbour.ID}, funding.ErrReviewerBias},
			"one who is no reviewer": {[]string{h.peer.ID, h.foreigner.ID}, funding.ErrNotReviewer},
			"the same one twice":     {[]string{h.peer.ID, h.peer.ID}, funding.ErrTooFew},
		} {
			if err := h.Assign(t.Context(), h.officer, id, tt.people); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, h.Assign(t.Context(), h.officer, id, []string{h.peer.ID, h.expert.ID}))
	})
}

func TestNobodyJudgesEachOther(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call, id := h.sent(t)
		must(t, h.Assign(t.Context(), h.officer, id, []string{h.peer.ID, h.expert.ID}))
		colleague := h.add(t, "colleague", lappeenranta, accounts.Member)
		other, err := h.Draft(t.Context(), colleague, asking(call, h.experiment(t, colleague)))
		must(t, err)
		must(t, h.Submit(t.Context(), colleague, other))
		if err := h.Assign(t.Context(), h.officer, other, []string{h.neighbour.ID, h.expert.ID}); !errors.Is(err, funding.ErrReviewerBias) {
			t.Errorf("Utajärvi judges Lappeenranta, who judges Utajärvi: %v", err)
		}
		list, err := h.Candidates(t.Context(), h.officer, other)
		must(t, err)
		for _, c := range list {
			if c.Person == h.neighbour.ID && c.Conflict != funding.MutualPair {
				t.Errorf("the reason is %q", c.Conflict)
			}
		}
	})
}

func TestTwoTooFarApartBringAThird(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		_, id := h.sent(t)
		must(t, h.Assign(t.Context(), h.officer, id, []string{h.peer.ID, h.expert.ID}))
		must(t, h.Score(t.Context(), h.peer, id, review("", 4, 4, 4, 4, 4)))
		must(t, h.Score(t.Context(), h.expert, id, review("", 2, 2, 2, 2, 2)))
		if s := h.state(t, id); s != funding.InReview {
			t.Fatalf("state %s", s)
		}
		if _, err := h.Decide(t.Context(), h.officer, id, granting(800_000)); !errors.Is(err, funding.ErrNotReviewed) {
			t.Errorf("decided before the third: %v", err)
		}
		if err := h.Score(t.Context(), h.peer, id, review("", 1, 1, 1, 1, 1)); !errors.Is(err, funding.ErrScored) {
			t.Errorf("scored twice: %v", err)
		}
		must(t, h.Score(t.Context(), h.peer2, id, review("", 1, 1, 1, 1, 1)))
		v := h.view(t, h.officer, id)
		if v.Request.State != funding.DecisionReady || v.Request.Judge(&v.Call).Points != 50 {
			t.Errorf("%s with %v points", v.Request.State, v.Request.Judge(&v.Call).Points)
		}
		if _, err := h.Decide(t.Context(), h.officer, id, granting(800_000)); !errors.Is(err, funding.ErrBelowLine) {
			t.Errorf("granted below the line: %v", err)
		}
		_, err := h.Decide(t.Context(), h.officer, id, funding.Ruling{Outcome: funding.Decline, Reasons: "Alle rajan."})
		must(t, err)
	})
}

func TestAReviewIsWholeOrRefused(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		_, id := h.sent(t)
		must(t, h.Assign(t.Context(), h.officer, id, []string{h.peer.ID, h.expert.ID}))
		half := review("", 3, 3, 3, 3, 3)
		delete(half.Scores, "need")
		high := review("", 3, 3, 3, 3, 5)
		silent := review("", 3, 3, 3, 3, 3)
		silent.Statement = false
		for want, r := range map[*fault.Error]funding.Review{funding.ErrScores: half, funding.ErrStatement: silent} {
			if err := h.Score(t.Context(), h.peer, id, r); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
		}
		if err := h.Score(t.Context(), h.peer, id, high); !errors.Is(err, funding.ErrScores) {
			t.Errorf("five points: %v", err)
		}
		for _, a := range []accounts.Actor{h.officer, h.owner} {
			if err := h.Score(t.Context(), a, id, review("", 3, 3, 3, 3, 3)); !errors.Is(err, accounts.ErrForbidden) {
				t.Errorf("%s scores: %v", a.Name, err)
			}
		}
	})
}

func TestAboveTenThousandTwoOfficersDecide(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		c := funding.Call{Title: "Lean", BudgetCents: 5_000_000}
		call := h.open(t, c)
		ask := func(cents int64) string {
			id, err := h.Draft(t.Context(), h.owner, funding.Asking{Call: call, AmountCents: cents})
			must(t, err)
			must(t, h.Submit(t.Context(), h.owner, id))
			return id
		}
		d, err := h.Decide(t.Context(), h.officer, ask(1_000_000), granting(1_000_000))
		if err != nil || d.State != funding.Granted {
			t.Errorf("10 000 by one: %+v, %v", d, err)
		}
		id := ask(1_000_001)
		d, err = h.Decide(t.Context(), h.officer, id, granting(1_000_001))
		if err != nil || !d.SecondNeeded || d.State != funding.DecisionReady {
			t.Fatalf("more by one: %+v, %v", d, err)
		}
		if b, _ := h.BudgetOf(t.Context(), h.officer, call); b.CommittedCents != 1_000_000 {
			t.Errorf("one officer committed %d", b.CommittedCents)
		}
		if _, err := h.Decide(t.Context(), h.officer, id, granting(1_000_001)); !errors.Is(err, funding.ErrSecondNeeded) {
			t.Errorf("the same one twice: %v", err)
		}
		if d, err = h.Decide(t.Context(), h.officer2, id, granting(900_000)); err != nil || !d.SecondNeeded {
			t.Errorf("another sum by the second: %+v, %v", d, err)
		}
		if d, err = h.Decide(t.Context(), h.officer, id, granting(900_000)); err != nil || d.State != funding.Granted {
			t.Errorf("both agree: %+v, %v", d, err)
		}
		if got := h.view(t, h.officer, id).Request.Decision; len(got.By) != 2 || got.Cents != 900_000 {
			t.Errorf("decision %+v", got)
		}
		h.balanced(t, call)
	})
}

func TestADecisionNeedsReasons(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		_, id := h.reviewed(t)
		for want, r := range map[*fault.Error]funding.Ruling{
			funding.ErrReasons:   {Outcome: funding.Grant, Cents: 100, Reasons: "  "},
			funding.ErrOutcome:   {Outcome: "perhaps", Cents: 100, Reasons: "x"},
			funding.ErrCondition: {Outcome: funding.GrantOnCondition, Cents: 100, Reasons: "x"},
		} {
			if _, err := h.Decide(t.Context(), h.officer, id, r); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
		}
		for _, a := range []accounts.Actor{h.owner, h.peer, h.coordinator} {
			if _, err := h.Decide(t.Context(), a, id, granting(100)); !errors.Is(err, accounts.ErrForbidden) {
				t.Errorf("%s decides: %v", a.Name, err)
			}
		}
		if _, err := h.Decide(t.Context(), h.admin, id, granting(100)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the administrator decides: %v", err)
		}
	})
}

func TestAnOfficerWithATieDoesNotDecide(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		_, id := h.reviewed(t)
		must(t, h.Experiments.AddMember(t.Context(), h.owner, h.view(t, h.owner, id).Request.Experiment, "officer@example.org", ""))
		if _, err := h.Decide(t.Context(), h.officer, id, granting(100)); !errors.Is(err, funding.ErrConflicted) {
			t.Errorf("decides: %v", err)
		}
		_, err := h.Decide(t.Context(), h.officer2, id, granting(100))
		must(t, err)
	})
}

func TestTheRegisterShowsWhatIsPublic(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call, id := h.sent(t)
		register := func() []funding.RegisterRow {
			reg, err := h.RegisterOf(t.Context(), accounts.Actor{}, call, "", 10)
			must(t, err)
			return reg.Rows
		}
		if rows := register(); len(rows) != 1 || rows[0].Title == "" || rows[0].AskedCents != 800_000 || rows[0].Decision != nil || rows[0].Turn != funding.TurnOfficer {
			t.Errorf("from the submission: %+v", rows)
		}
		must(t, h.Withdraw(t.Context(), h.owner, id))
		if rows := register(); len(rows) != 1 || rows[0].ID != "" || rows[0].Title != "" || rows[0].Organisation != "" || rows[0].State != funding.Withdrawn {
			t.Errorf("withdrawn: %+v", rows)
		}
		if _, err := h.Get(t.Context(), accounts.Actor{}, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a withdrawn one is read: %v", err)
		}
		second, err := h.Draft(t.Context(), h.owner, asking(call, h.view(t, h.owner, id).Request.Experiment))
		must(t, err)
		if n := len(register()); n != 1 {
			t.Errorf("a draft is in the register: %d rows", n)
		}
		must(t, h.Submit(t.Context(), h.owner, second))
		must(t, h.Assign(t.Context(), h.officer, second, []string{h.peer.ID, h.expert.ID}))
		must(t, h.Score(t.Context(), h.peer, second, review("", 3, 4, 3, 3, 2)))
		must(t, h.Score(t.Context(), h.expert, second, review("", 3, 3, 2, 3, 3)))
		_, err = h.Decide(t.Context(), h.officer, second, granting(800_000))
		must(t, err)
		if d := register()[0].Decision; d == nil || d.Reasons == "" || d.By != nil || d.Averages["learning"] != 3.5 {
			t.Errorf("decided: %+v", d)
		}
	})
}

func TestAWithdrawnGrantReturnsItsMoney(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call, id := h.reviewed(t)
		_, err := h.Decide(t.Context(), h.officer, id, granting(800_000))
		must(t, err)
		must(t, h.Withdraw(t.Context(), h.owner, id))
		if b, _ := h.BudgetOf(t.Context(), h.officer, call); b.CommittedCents != 0 {
			t.Errorf("still committed: %d", b.CommittedCents)
		}
		h.balanced(t, call)
	})
}

func TestAnAnswerThatDoesNotComeEndsAfterTenDays(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		_, id := h.sent(t)
		must(t, h.AskMore(t.Context(), h.officer, id, "Kuka maksaa?"))
		h.on(16)
		if err := h.GoOn(t.Context(), h.officer, id); !errors.Is(err, funding.ErrAnswerTime) {
			t.Errorf("on day 10: %v", err)
		}
		h.on(17)
		must(t, h.GoOn(t.Context(), h.officer, id))
		if err := h.AskMore(t.Context(), h.officer, id, "Ja vielä?"); !errors.Is(err, funding.ErrAskedOnce) {
			t.Errorf("asked twice: %v", err)
		}
		if v := h.view(t, h.officer, id); v.Clock.Day != 0 || v.Request.State != funding.Submitted {
			t.Errorf("%+v %s", v.Clock, v.Request.State)
		}
	})
}

func TestALateRequestIsMarkedOnceAndGetsAThirdReviewer(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		_, id := h.sent(t)
		must(t, h.Assign(t.Context(), h.officer, id, []string{h.peer.ID, h.expert.ID}))
		h.on(13)
		if n, err := h.Tick(t.Context()); n != 0 || err != nil {
			t.Errorf("on day 9: %d, %v", n, err)
		}
		h.on(16)
		for want := 1; want >= 0; want-- {
			if n, err := h.Tick(t.Context()); n != want || err != nil {
				t.Errorf("on day 10: %d, %v", n, err)
			}
		}
		r := h.view(t, h.officer, id).Request
		if !r.Late || len(r.Assigned) != 3 || r.Assigned[2].Kind != funding.Third {
			t.Errorf("late %v, assigned %+v", r.Late, r.Assigned)
		}
	})
}

func TestNoLessonBringsTheAdvanceBack(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		call, id := h.reviewed(t)
		_, err := h.Decide(ctx, h.officer, id, granting(800_000))
		must(t, err)
		must(t, h.Sign(ctx, h.owner, id, ""))
		must(t, h.PayAdvance(ctx, h.officer, id))
		experiment := h.view(t, h.owner, id).Request.Experiment
		must(t, h.Experiments.ConfirmStart(ctx, h.coordinator, experiment))
		h.advance(t, h.owner, experiment, experiments.Running)
		h.on(10)
		h.advance(t, h.owner, experiment, experiments.Ended)
		if n, err := h.Tick(ctx); n != 1 || err != nil {
			t.Fatalf("tick: %d, %v", n, err)
		}
		if err := h.Recover(ctx, h.officer, id, "Oppia ei tullut."); !errors.Is(err, funding.ErrTooEarly) {
			t.Errorf("at once: %v", err)
		}
		h.on(10 + 61)
		must(t, h.Recover(ctx, h.officer, id, "Oppia ei tullut."))
		if b, _ := h.BudgetOf(ctx, h.officer, call); b.CommittedCents != 0 {
			t.Errorf("committed %d", b.CommittedCents)
		}
		if r := h.view(t, h.officer, id).Request; r.State != funding.Recovered || r.PaidCents() != 0 {
			t.Errorf("%s, paid %d", r.State, r.PaidCents())
		}
		h.balanced(t, call)
		if _, err := h.Draft(ctx, h.owner, asking(call, h.experiment(t, h.owner))); !errors.Is(err, funding.ErrLessonDue) {
			t.Errorf("the next request before the lesson: %v", err)
		}
	})
}

func TestACardMayFollowARequest(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call := h.open(t, funding.Call{Title: "Lean", BudgetCents: 5_000_000})
		id, err := h.Draft(t.Context(), h.owner, funding.Asking{Call: call, AmountCents: 100, Title: "Kortti tulee"})
		must(t, err)
		must(t, h.Submit(t.Context(), h.owner, id))
		if err := h.Attach(t.Context(), h.owner, id, h.experiment(t, h.foreigner)); err == nil {
			t.Error("somebody else's card is attached")
		}
		experiment := h.experiment(t, h.owner)
		must(t, h.Attach(t.Context(), h.owner, id, experiment))
		if err := h.Attach(t.Context(), h.owner, id, experiment); !errors.Is(err, funding.ErrHasCard) {
			t.Errorf("twice: %v", err)
		}
		if v := h.view(t, h.officer, id); v.Sent == nil || v.Request.Title != v.Sent.Title {
			t.Errorf("card: %+v", v.Sent)
		}
	})
}

func TestTheStatesOfACall(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		c := usual()
		id, err := h.AddCall(ctx, h.officer, c, false)
		must(t, err)
		if _, err := h.Call(ctx, h.owner, id); !errors.Is(err, accounts.ErrUnseen) {
			t.Errorf("a draft is read: %v", err)
		}
		if _, err := h.AddCall(ctx, h.owner, c, false); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("a developer opens a call: %v", err)
		}
		if err := h.MoveCall(ctx, h.officer, id, funding.CallClosed); !errors.Is(err, funding.ErrCallStep) {
			t.Errorf("closed before it opened: %v", err)
		}
		must(t, h.MoveCall(ctx, h.officer, id, funding.CallOpen))
		if err := h.MoveCall(ctx, h.owner, id, funding.CallPaused); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("a developer pauses it: %v", err)
		}
		request, err := h.Draft(ctx, h.owner, asking(id, h.experiment(t, h.owner)))
		must(t, err)
		must(t, h.MoveCall(ctx, h.officer, id, funding.CallPaused))
		if err := h.Submit(ctx, h.owner, request); !errors.Is(err, funding.ErrCallShut) {
			t.Errorf("sent to a paused call: %v", err)
		}
		must(t, h.MoveCall(ctx, h.officer, id, funding.CallOpen))
		must(t, h.Submit(ctx, h.owner, request))
		must(t, h.MoveCall(ctx, h.officer, id, funding.CallClosed))
		if err := h.MoveCall(ctx, h.officer, id, funding.CallSettled); !errors.Is(err, funding.ErrUnsettled) {
			t.Errorf("settled with an open request: %v", err)
		}
		must(t, h.Withdraw(ctx, h.owner, request))
		must(t, h.MoveCall(ctx, h.officer, id, funding.CallSettled))
	})
}

func TestWhatIsWrongWithACall(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		for name, tt := range map[string]struct {
			change func(c *funding.Call)
			want   error
		}{
			"no title":                   {func(c *funding.Call) { c.Title = " " }, funding.ErrCallTitle},
			"no money":                   {func(c *funding.Call) { c.BudgetCents = 0 }, funding.ErrBudget},
			"less than nothing":          {func(c *funding.Call) { c.BudgetCents = -1 }, funding.ErrBudget},
			"above the ceiling":          {func(c *funding.Call) { c.MaxCents = 2_000_001 }, funding.ErrCeiling},
			"least above most":           {func(c *funding.Call) { c.MinCents = c.MaxCents + 1 }, funding.ErrBounds},
			"weights that make 99":       {func(c *funding.Call) { c.Criteria = []funding.Criterion{{Key: "need", Weight: 99}} }, funding.ErrCriteria},
			"a criterion nobody knows":   {func(c *funding.Call) { c.Criteria = []funding.Criterion{{Key: "beauty", Weight: 100}} }, funding.ErrCriteria},
			"three reviews":              {func(c *funding.Call) { c.Reviews = 3 }, funding.ErrReviewCount},
			"closes before it opens":     {func(c *funding.Call) { c.Opens, c.Closes = march(5), march(4) }, funding.ErrDates},
			"one officer for everything": {func(c *funding.Call) { c.TwoOfficersCents = 1_000_001 }, funding.ErrTwoOfficers},
			"kroner":                     {func(c *funding.Call) { c.Currency = "NOK" }, funding.ErrCurrency},
			"a funder nobody knows":      {func(c *funding.Call) { c.Funder = "FI:xx" }, funding.ErrFunder},
			"an officer who is none":     {func(c *funding.Call) { c.Officers = []string{h.owner.ID} }, funding.ErrOfficers},
			"a reviewer who is none":     {func(c *funding.Call) { c.Reviewers = []string{h.owner.ID} }, funding.ErrReviewers},
		} {
			c := usual()
			tt.change(&c)
			if _, err := h.AddCall(t.Context(), h.officer, c, false); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTheBudgetCannotShrinkBelowWhatIsCommitted(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		call, id := h.reviewed(t)
		_, err := h.Decide(t.Context(), h.officer, id, granting(800_000))
		must(t, err)
		c, err := h.Call(t.Context(), h.officer, call)
		must(t, err)
		if err := h.EditCall(t.Context(), h.officer, call, c.Version, func(c *funding.Call) { c.BudgetCents = 799_999 }); !errors.Is(err, funding.ErrBudgetShrunk) {
			t.Errorf("shrunk: %v", err)
		}
		if err := h.EditCall(t.Context(), h.officer, call, c.Version-1, func(*funding.Call) {}); !errors.Is(err, funding.ErrCallChanged) {
			t.Errorf("an old version: %v", err)
		}
		must(t, h.EditCall(t.Context(), h.officer, call, c.Version, func(c *funding.Call) { c.BudgetCents, c.CommittedCents = 800_000, 0 }))
		h.balanced(t, call)
	})
}

func TestACallOutsideItsDaysTakesNothing(t *testing.T) {
	c := funding.Call{State: funding.CallOpen, Opens: march(2), Closes: march(9)}
	for day, want := range map[int]bool{1: false, 2: true, 8: true, 9: false} {
		if got := c.IsOpen(march(day)); got != want {
			t.Errorf("on day %d: %v", day, got)
		}
	}
	c.Closes = time.Time{}
	if !c.IsOpen(march(30)) {
		t.Error("a continuous call closed")
	}
}
