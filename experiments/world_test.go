package experiments_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// world is a portal with people of three municipalities, cases and
// experiments, at a time that tests move.
type world struct {
	*experiments.Service
	t       *testing.T
	people  *accounts.Service
	locales *i18n.Bundle
	journal *journal.Journal
	actors  map[string]accounts.Actor

	mu  sync.Mutex
	now time.Time
	ids int
}

// words are the locales, read once.
var words = sync.OnceValues(func() (*i18n.Bundle, error) { return i18n.Load(content.Locales(), helsinki) })

// everyone is the people of the world and their grants, "role/organisation".
var everyone = map[string][]string{
	"developer":     {"member/FI:889"},
	"mate":          {"member/FI:889"},
	"developer2":    {"member/FI:020"},
	"coordinator":   {"coordinator/FI:889"},
	"coordinator2":  {"coordinator/FI:020"},
	"manager":       {"manager/FI:889"},
	"methodologist": {"methodologist"},
	"moderator":     {"moderator"},
	"peer":          {"member/FI:020", "reviewer"},
	"admin":         {"admin"},
	"regional":      {"member/KZ:KZ-10"},
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s store.Store) { fn(t, newWorld(t, s)) })
}

func newWorld(t *testing.T, s store.Store) *world {
	t.Helper()
	w := &world{t: t, now: on(time.March, 2), actors: map[string]accounts.Actor{"nobody": {}, "system": accounts.System}}
	var err error
	if w.locales, err = words(); err != nil {
		t.Fatal(err)
	}
	w.journal = journal.New(s, journal.Clock(w.clock), journal.Log(slog.New(slog.DiscardHandler)))
	w.people = &accounts.Service{
		Store: s, Journal: w.journal, Now: w.clock, NewID: w.id, Locales: w.locales, PublicURL: "https://kokeilu.example",
		Mail: &notify.Outbox{Now: w.clock, NewID: w.id, Locales: w.locales, Portal: "Kokeilu", Wake: func() {}},
	}
	bank := &cases.Service{Store: s, Journal: w.journal, Now: w.clock, NewID: w.id, Zone: helsinki}
	w.Service = &experiments.Service{
		Store: s, Journal: w.journal, Now: w.clock, NewID: w.id, Zone: helsinki, People: w.people, Bank: bank,
		Mail: w.people.Mail, PublicURL: "https://kokeilu.example",
	}
	w.populate()
	return w
}

func (w *world) populate() {
	w.t.Helper()
	var towns []accounts.Organisation
	for key, name := range map[string]string{"FI:889": "Utajärvi", "FI:020": "Akaa", "KZ:KZ-10": "Абай облысы"} {
		kind := accounts.Municipality
		if key == "KZ:KZ-10" {
			kind = accounts.Region
		}
		towns = append(towns, accounts.Organisation{Key: key, Kind: kind, Country: key[:2], Population: 2_500, Names: map[string]string{"fi": name}})
	}
	if _, err := w.people.SeedOrganisations(w.t.Context(), towns); err != nil {
		w.t.Fatal(err)
	}
	for name, grants := range everyone {
		n := accounts.NewPerson{Email: name + "@kunta.example", Lang: "en"}
		for _, g := range grants {
			role, organisation, _ := strings.Cut(g, "/")
			n.Grants = append(n.Grants, accounts.Grant{Role: accounts.Role(role), Organisation: organisation})
		}
		p, err := w.people.Add(w.t.Context(), accounts.System, n)
		if err != nil {
			w.t.Fatal(err)
		}
		if w.actors[name], err = w.people.Actor(w.t.Context(), p.ID); err != nil {
			w.t.Fatal(err)
		}
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

func (w *world) ctx() context.Context { return w.t.Context() }

// must ends the test when something that only prepares it fails.
func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

var fiveLines = experiments.Registration{
	Lang: "fi", Title: "Hoitoajan vaihto tekstiviestillä", Summary: "Perhe vaihtaa hoitoajan viestillä.", Problem: "Yhdeksän turhaa annosta viikossa.",
	Sector: "09",
}

// registered is a new draft of the developer.
func (w *world) registered() string {
	w.t.Helper()
	id, err := w.Register(w.ctx(), w.actors["developer"], fiveLines)
	w.must(err)
	return id
}

func (w *world) card(id string) experiments.Experiment {
	w.t.Helper()
	e, _, err := w.Get(w.ctx(), accounts.System, id)
	w.must(err)
	return e
}

func (w *world) save(who, id string, edit experiments.Edit) error {
	w.t.Helper()
	_, err := w.Save(w.ctx(), w.actors[who], id, w.card(id).Version, edit)
	return err
}

// sections are the whole plan of the worked example.
func sections() []experiments.Edit {
	e := daycare()
	measures := append([]experiments.Measure(nil), e.Measures...)
	for i := range measures {
		measures[i].Final, measures[i].N, measures[i].Source = nil, 0, ""
	}
	return []experiments.Edit{
		experiments.BeliefEdit{Type: e.Type, Belief: e.Belief, Test: e.Test, StopRule: e.StopRule, None: true, Words: e.Checked.Words},
		experiments.MeasuresEdit{Measures: measures},
		experiments.PeopleEdit{People: e.People, Steps: e.Steps},
		experiments.CalendarEdit{Calendar: experiments.Calendar{Start: midnight(time.March, 9), End: midnight(time.May, 31), CheckIn: time.Friday}},
		experiments.DecisionsEdit{Decisions: e.Decisions},
		experiments.MoneyEdit{Money: experiments.Money{None: true}},
		experiments.AfterEdit{After: e.After},
	}
}

// at takes a new experiment of the developer to a stage.
func (w *world) at(stage experiments.Stage) string {
	w.t.Helper()
	id := w.registered()
	for _, to := range []experiments.Stage{experiments.Idea, experiments.Planned, experiments.Running, experiments.Ended, experiments.Learned} {
		if w.card(id).Stage == stage {
			return id
		}
		switch to {
		case experiments.Planned:
			for _, edit := range sections() {
				w.must(w.save("developer", id, edit))
			}
		case experiments.Learned:
			w.must(w.save("developer", id, lesson()))
		}
		w.must(w.Advance(w.ctx(), w.actors["developer"], id, to, ""))
	}
	return id
}

func lesson() experiments.Edit {
	e := daycare()
	return experiments.LearningEdit{Results: []experiments.Result{{Final: num(4), N: 5, Source: "Keittiön lista"}}, Learning: e.Learning}
}

// kinds are the kinds of the journal's entries about an experiment.
func (w *world) kinds(id string) []string {
	w.t.Helper()
	list, err := store.Get(w.ctx(), w.Store, func(tx store.Tx) ([]journal.Entry, error) { return w.journal.List(tx, 0, 1000) })
	w.must(err)
	var kinds []string
	for _, e := range list {
		if e.Subject == experiments.Subject(id) {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}
