package funding_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/funding"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// Organisations of the tests.
const (
	utajarvi     = "FI:889"
	lappeenranta = "FI:405"
	salo         = "FI:734"
	sundsvall    = "SE:2281"
	ministry     = "FI:vm"
)

// house is funding on a store with the real accounts and experiments, and a
// clock that the test moves.
type house struct {
	*funding.Service
	People      *accounts.Service
	Experiments *experiments.Service

	mu  sync.Mutex
	now time.Time
	ids int

	// people, each with their grants
	owner, mate, coordinator, foreigner, swede accounts.Actor
	officer, officer2, admin                   accounts.Actor
	peer, peer2, expert, neighbour             accounts.Actor
}

// onHouse runs fn with an empty house on each driver.
func onHouse(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s store.Store) { fn(t, newHouse(t, s)) })
}

func newHouse(t *testing.T, s store.Store) *house {
	t.Helper()
	h := &house{now: march(2)}
	j := journal.New(s, journal.Clock(h.clock), journal.Log(slog.New(slog.NewTextHandler(io.Discard, nil))))
	must(t, j.Open(t.Context()))
	h.People = &accounts.Service{Store: s, Journal: j, Now: h.clock, NewID: h.newID, Locales: locales()}
	h.Experiments = &experiments.Service{Store: s, Journal: j, Now: h.clock, NewID: h.newID, Zone: helsinki, People: h.People}
	h.Service = &funding.Service{
		Store: s, Journal: j, Now: h.clock, NewID: h.newID, Zone: helsinki, People: h.People, Cards: h.Experiments, Locales: locales(),
	}
	h.settle(t)
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) newID() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids++
	return fmt.Sprintf("id%010d", h.ids)
}

func (h *house) settle(t *testing.T) {
	t.Helper()
	var list []accounts.Organisation
	for key, name := range map[string]string{utajarvi: "Utajärvi", lappeenranta: "Lappeenranta", salo: "Salo", sundsvall: "Sundsvall"} {
		list = append(list, accounts.Organisation{Key: key, Kind: accounts.Municipality, Country: key[:2], Names: map[string]string{"fi": name}, Population: 5000})
	}
	list = append(list, accounts.Organisation{Key: ministry, Kind: accounts.Ministry, Country: "FI", Names: map[string]string{"fi": "Valtiovarainministeriö"}})
	_, err := h.People.SeedOrganisations(t.Context(), list)
	must(t, err)
	h.owner = h.add(t, "owner", utajarvi, accounts.Member)
	h.mate = h.add(t, "mate", utajarvi, accounts.Member)
	h.coordinator = h.add(t, "coordinator", utajarvi, accounts.Coordinator)
	h.foreigner = h.add(t, "foreigner", salo, accounts.Member)
	h.swede = h.add(t, "swede", sundsvall, accounts.Member)
	h.officer = h.add(t, "officer", ministry, accounts.Officer)
	h.officer2 = h.add(t, "officer2", ministry, accounts.Officer)
	h.peer = h.add(t, "peer", lappeenranta, accounts.Reviewer)
	h.expert = h.add(t, "expert", ministry, accounts.Reviewer)
	h.peer2 = h.add(t, "peer2", salo, accounts.Reviewer)
	h.neighbour = h.add(t, "neighbour", utajarvi, accounts.Reviewer)
	h.admin = h.add(t, "admin", "", accounts.Admin)
}

// add gives somebody an account with a role; whoever has an organisation is
// its member too.
func (h *house) add(t *testing.T, name, organisation string, role accounts.Role) accounts.Actor {
	t.Helper()
	n := accounts.NewPerson{Email: name + "@example.org", Name: name, ShowName: true, Lang: "fi"}
	if organisation != "" {
		n.Grants = append(n.Grants, accounts.Grant{Role: accounts.Member, Organisation: organisation})
	}
	if g := (accounts.Grant{Role: role}); !role.InOrganisation() {
		n.Grants = append(n.Grants, g)
	} else if role != accounts.Member {
		n.Grants = append(n.Grants, accounts.Grant{Role: role, Organisation: organisation})
	}
	p, err := h.People.Add(t.Context(), accounts.System, n)
	must(t, err)
	return p.Actor(name)
}

// on moves the clock to noon of a day of March 2026.
func (h *house) on(day int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = march(day)
}

// experiment is a planned experiment of somebody's organisation with a cost of
// 14 000.
func (h *house) experiment(t *testing.T, a accounts.Actor) string {
	t.Helper()
	ctx := t.Context()
	id, err := h.Experiments.Register(ctx, a, experiments.Registration{
		Lang: "fi", Title: "Hoitopaikan vaihto tekstiviestillä", Summary: "Viisi perhettä vaihtaa hoitoajan tekstiviestillä.",
		Problem: "Keittiö laittaa ruokaa lapsille, jotka eivät tule.", Sector: "09", Type: experiments.Pilot,
	})
	must(t, err)
	ninth, fifth := 9.0, 5.0
	h.advance(t, a, id, experiments.Idea)
	for _, edit := range []experiments.Edit{
		experiments.BeliefEdit{Type: experiments.Pilot, Belief: "Uskomme", Test: "Kokeilemme", StopRule: "Lopetamme", None: true, Words: "hoito"},
		experiments.MeasuresEdit{Measures: []experiments.Measure{{Name: "Poissaolot", Unit: "kpl", Direction: experiments.Less, Baseline: &ninth, Limit: &fifth, How: "lista"}}},
		experiments.PeopleEdit{People: experiments.Participants{Number: 5, Who: "perheet", PersonalData: experiments.No}},
		experiments.CalendarEdit{Calendar: experiments.Calendar{Start: march(23), End: march(23).AddDate(0, 0, 83)}},
		experiments.DecisionsEdit{Decisions: experiments.Decisions{None: true}},
		experiments.MoneyEdit{Money: experiments.Money{Seed: 800_000, Own: 600_000, Lines: []experiments.CostLine{{Text: "Palvelu", Cents: 900_000}, {Text: "Työ", Cents: 500_000}}}},
		experiments.AfterEdit{After: "Jos toimii, jatkamme."},
	} {
		e, _, err := h.Experiments.Get(ctx, a, id)
		must(t, err)
		_, err = h.Experiments.Save(ctx, a, id, e.Version, edit)
		must(t, err)
	}
	h.advance(t, a, id, experiments.Planned)
	return id
}

func (h *house) advance(t *testing.T, a accounts.Actor, id string, to experiments.Stage) {
	t.Helper()
	if err := h.Experiments.Advance(t.Context(), a, id, to, ""); err != nil {
		t.Fatalf("to %s: %v", to, err)
	}
}

// learn takes a planned experiment to its lesson.
func (h *house) learn(t *testing.T, id string) {
	t.Helper()
	ctx := t.Context()
	must(t, h.Experiments.ConfirmStart(ctx, h.coordinator, id))
	h.advance(t, h.owner, id, experiments.Running)
	h.advance(t, h.owner, id, experiments.Ended)
	e, _, err := h.Experiments.Get(ctx, h.owner, id)
	must(t, err)
	four, hours, cost := 4.0, 20.0, int64(1_400_000)
	_, err = h.Experiments.Save(ctx, h.owner, id, e.Version, experiments.LearningEdit{
		Results: []experiments.Result{{Final: &four, N: 5, Source: "lista"}},
		Learning: experiments.Learning{Outcome: experiments.NotConfirmed, Surprise: "Isovanhemmat.", Works: "Viesti.", Conditions: "Sihteeri.",
			Hours: &hours, Cents: &cost, Next: experiments.Next{What: experiments.Retry, Who: "johtaja", Day: march(30)}},
	})
	must(t, err)
	h.advance(t, h.owner, id, experiments.Learned)
}

// usual are the rules of an ordinary call of the ministry.
func usual() funding.Call {
	c := funding.Usual("EUR")
	c.Lang, c.Title, c.Purpose, c.BudgetCents = "fi", "Nopea kokeiluraha", "Rahaa pieneen kokeiluun.", 12_000_000
	c.Countries = []string{"FI"}
	return c
}

// open opens a call.
func (h *house) open(t *testing.T, c funding.Call) string {
	t.Helper()
	id, err := h.AddCall(t.Context(), h.officer, c, true)
	must(t, err)
	return id
}

func asking(call, experiment string) funding.Asking {
	return funding.Asking{
		Call: call, Experiment: experiment, AmountCents: 800_000, Account: "FI21 1234 5600 0007 85",
		Declarations: funding.Declarations{CompanyBenefit: experiments.No},
	}
}

// sent drafts and submits the request of the worked example, and returns it
// with its call.
func (h *house) sent(t *testing.T) (call, request string) {
	t.Helper()
	call = h.open(t, usual())
	request, err := h.Draft(t.Context(), h.owner, asking(call, h.experiment(t, h.owner)))
	must(t, err)
	must(t, h.Submit(t.Context(), h.owner, request))
	return call, request
}

// reviewed is a request with the two reviews of the worked example.
func (h *house) reviewed(t *testing.T) (call, request string) {
	t.Helper()
	call, request = h.sent(t)
	must(t, h.Assign(t.Context(), h.officer, request, []string{h.peer.ID, h.expert.ID}))
	must(t, h.Score(t.Context(), h.peer, request, review("", 3, 4, 3, 3, 2)))
	must(t, h.Score(t.Context(), h.expert, request, review("", 3, 3, 2, 3, 3)))
	return call, request
}

func (h *house) view(t *testing.T, a accounts.Actor, id string) funding.View {
	t.Helper()
	v, err := h.Get(t.Context(), a, id)
	must(t, err)
	return v
}

func (h *house) state(t *testing.T, id string) funding.State {
	t.Helper()
	return h.view(t, h.officer, id).Request.State
}

// balanced fails unless the ledger's sums are what call and requests say.
func (h *house) balanced(t *testing.T, call string) {
	t.Helper()
	entries, err := h.Ledger(t.Context(), h.officer, call)
	must(t, err)
	b, err := h.BudgetOf(t.Context(), h.officer, call)
	must(t, err)
	sum := int64(0)
	for i, e := range entries {
		sum += e.Committed
		if e.N != i+1 {
			t.Errorf("line %d has the number %d", i+1, e.N)
		}
	}
	if sum != b.CommittedCents || b.LeftCents != b.TotalCents-sum || b.LeftCents < 0 {
		t.Errorf("the ledger says %d, the call %+v", sum, b)
	}
}

func granting(cents int64) funding.Ruling {
	return funding.Ruling{Outcome: funding.Grant, Cents: cents, Reasons: "Tarve on mitattu ja raja päätetty."}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// background is a context without a test's deadline, for goroutines.
func background() context.Context { return context.Background() }
