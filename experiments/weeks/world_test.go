package weeks_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/weeks"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

var helsinki = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return zone
}()

// on is noon of a day of 2026 in Helsinki. 2 March is a Monday.
func on(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 12, 0, 0, 0, helsinki)
}

func midnight(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, helsinki)
}

func num(f float64) *float64 { return &f }

// world is a portal with a team of three in Akaa, their manager and others, at
// a time that tests move.
type world struct {
	*weeks.Service
	t       *testing.T
	cards   *experiments.Service
	people  *accounts.Service
	locales *i18n.Bundle
	actors  map[string]accounts.Actor

	mu    sync.Mutex
	now   time.Time
	ids   int
	mails int
}

var words = sync.OnceValues(func() (*i18n.Bundle, error) { return i18n.Load(content.Locales(), helsinki) })

// everyone is the people of the world and their grants, "role/organisation".
var everyone = map[string]string{
	"developer": "member/FI:020", "mate": "member/FI:020", "Тимур": "member/FI:020", "manager": "manager/FI:020", "coordinator": "coordinator/FI:020",
	"outsider": "member/SE:0180", "methodologist": "methodologist/", "admin": "admin/",
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s store.Store) { fn(t, newWorld(t, s)) })
}

func newWorld(t *testing.T, s store.Store) *world {
	t.Helper()
	w := &world{t: t, now: on(time.March, 2), actors: map[string]accounts.Actor{"nobody": {}, "": {}}}
	var err error
	if w.locales, err = words(); err != nil {
		t.Fatal(err)
	}
	j := journal.New(s, journal.Clock(w.clock), journal.Log(slog.New(slog.DiscardHandler)))
	mail := &notify.Outbox{Now: w.clock, NewID: w.id, Locales: w.locales, Portal: "Kokeilu", Wake: w.posted}
	w.people = &accounts.Service{Store: s, Journal: j, Now: w.clock, NewID: w.id, Locales: w.locales, PublicURL: "https://kokeilu.example", Mail: mail}
	w.cards = &experiments.Service{Store: s, Journal: j, Now: w.clock, NewID: w.id, Zone: helsinki, People: w.people}
	w.Service = &weeks.Service{
		Store: s, Journal: j, Now: w.clock, Zone: helsinki, Experiments: w.cards, People: w.people,
		Locales: w.locales, Mail: mail, PublicURL: "https://kokeilu.example",
	}
	w.cards.Weeks = w.Service
	w.people.Leaving = append(w.people.Leaving, w.LeaveTx)
	w.populate()
	return w
}

func (w *world) populate() {
	w.t.Helper()
	var towns []accounts.Organisation
	for _, key := range []string{"FI:020", "SE:0180"} {
		m, ok := content.MunicipalityOf(key)
		if !ok {
			w.t.Fatalf("no municipality %q", key)
		}
		towns = append(towns, accounts.Organisation{Key: key, Kind: accounts.Municipality, Country: m.Country, Population: m.Population, Names: map[string]string{"fi": m.Name}})
	}
	_, err := w.people.SeedOrganisations(w.ctx(), towns)
	w.must(err)
	for name, grant := range everyone {
		role, organisation, _ := strings.Cut(grant, "/")
		address := name
		if name == "Тимур" {
			address = "timur"
		}
		added, err := w.people.Add(w.ctx(), accounts.System, accounts.NewPerson{
			Email: address + "@kunta.example", Name: strings.ToUpper(name[:1]) + name[1:], Lang: "en",
			Grants: []accounts.Grant{{Role: accounts.Role(role), Organisation: organisation}},
		})
		w.must(err)
		w.actors[name], err = w.people.Actor(w.ctx(), added.ID)
		w.must(err)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) goTo(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = at
}

func (w *world) id() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return fmt.Sprintf("id%010d", w.ids)
}

func (w *world) posted() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mails++
}

// letters is how many letters were sent since the last time.
func (w *world) letters() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.mails
	w.mails = 0
	return n
}

func (w *world) ctx() context.Context { return w.t.Context() }

// must ends the test when something that only prepares it fails.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) card(id string) experiments.Experiment {
	w.t.Helper()
	e, _, err := w.cards.Get(w.ctx(), accounts.System, id)
	w.must(err)
	return e
}

// idea is a public experiment of the developer, a mate and Timur.
func (w *world) idea() string {
	w.t.Helper()
	id, err := w.cards.Register(w.ctx(), w.actors["developer"], experiments.Registration{
		Lang: "fi", Title: "Kokoukset seisten", Summary: "Pidämme kokoukset seisten.", Problem: "Kokoukset vievät puolet ajasta.", Sector: "01",
	})
	w.must(err)
	w.must(w.cards.AddMember(w.ctx(), w.actors["developer"], id, "mate@kunta.example", ""))
	w.must(w.cards.AddMember(w.ctx(), w.actors["developer"], id, "timur@kunta.example", ""))
	w.must(w.cards.Advance(w.ctx(), w.actors["developer"], id, experiments.Idea, ""))
	return id
}

// running is such an experiment that starts today, for twelve weeks.
func (w *world) running() string {
	w.t.Helper()
	id := w.idea()
	start := w.clock()
	for _, edit := range []experiments.Edit{
		experiments.BeliefEdit{Type: experiments.Management, Belief: "Jos seisomme, kokoukset lyhenevät.", Test: "Yksi osasto, 12 viikkoa.", StopRule: "Jos kukaan ei tule.", None: true, Words: "kokous"},
		experiments.MeasuresEdit{Measures: []experiments.Measure{{Name: "Kokoukset viikossa", Unit: "kpl", Direction: experiments.Less, Baseline: num(20), Limit: num(16), How: "Kalenterista"}}},
		experiments.PeopleEdit{People: experiments.Participants{Number: 12, Who: "Osasto", PersonalData: experiments.No}},
		experiments.CalendarEdit{Calendar: experiments.Calendar{Start: start, End: start.AddDate(0, 0, 83), CheckIn: time.Monday}},
		experiments.DecisionsEdit{Decisions: experiments.Decisions{None: true}},
		experiments.MoneyEdit{Money: experiments.Money{None: true}},
		experiments.AfterEdit{After: "Jos toimii, koko talo. Jos ei, lopetamme."},
	} {
		_, err := w.cards.Save(w.ctx(), w.actors["developer"], id, w.card(id).Version, edit)
		w.must(err)
	}
	w.must(w.cards.Advance(w.ctx(), w.actors["developer"], id, experiments.Planned, ""))
	w.must(w.cards.Advance(w.ctx(), w.actors["developer"], id, experiments.Running, ""))
	return id
}

// goals are the three of the government office that the press wrote about.
func goals() []weeks.Goal {
	return []weeks.Goal{
		{Result: "Kokouksia on vähemmän", Measure: "Kokoukset viikossa", Unit: "kpl", Direction: experiments.Less, Baseline: 20, Target: 16},
		{Result: "Hyväksynnät kulkevat", Measure: "Hyväksyntöihin menevä aika", Unit: "h", Direction: experiments.Less, Baseline: 48, Target: 36},
		{Result: "Aika menee työhön", Measure: "Muuhun menevä aika", Unit: "%", Direction: experiments.Less, Baseline: 10, Target: 7},
	}
}

// planned is a running experiment with plan 1 from this Monday.
func (w *world) planned() string {
	w.t.Helper()
	id := w.running()
	w.begin(id)
	return id
}

func (w *world) begin(id string) int {
	w.t.Helper()
	n, err := w.Begin(w.ctx(), w.actors["developer"], id, weeks.Monday(w.clock(), helsinki), goals(), nil)
	w.must(err)
	return n
}

// add puts an action into plan 1.
func (w *world) add(id, owner, text string, week int) int {
	w.t.Helper()
	n, err := w.AddAction(w.ctx(), w.actors["developer"], id, 1, weeks.Action{Text: text, Owner: w.actors[owner].ID, Due: week})
	w.must(err)
	return n
}

func (w *world) see(who, id string, n int) weeks.View {
	w.t.Helper()
	v, err := w.See(w.ctx(), w.actors[who], id, n, "en")
	w.must(err)
	return v
}

// measured writes the results of a week.
func (w *world) measured(id string, plan, week int, now ...float64) error {
	var list []weeks.InterimResult
	for _, n := range now {
		list = append(list, weeks.InterimResult{Now: n, How: "Kalenterista", Day: w.clock()})
	}
	return w.Measure(w.ctx(), w.actors["developer"], id, plan, week, list)
}
