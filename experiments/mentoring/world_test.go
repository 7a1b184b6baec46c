package mentoring_test

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
	"github.com/kokeilu/kokeilu/experiments/mentoring"
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

// world is a portal with a team in Akaa and mentors in four places, at a time
// that tests move.
type world struct {
	*mentoring.Service
	t       *testing.T
	cards   *experiments.Service
	people  *accounts.Service
	locales *i18n.Bundle
	actors  map[string]accounts.Actor
	mentors map[string]mentoring.Mentor

	mu    sync.Mutex
	now   time.Time
	ids   int
	mails int
}

var words = sync.OnceValues(func() (*i18n.Bundle, error) { return i18n.Load(content.Locales(), helsinki) })

// everyone is the people of the world: language and grant, "role/organisation".
var everyone = map[string][2]string{
	"developer": {"fi", "member/FI:020"}, "mate": {"fi", "member/FI:020"}, "boss": {"fi", "manager/FI:020"}, "outsider": {"sv", "member/SE:0180"},
	"coordinator": {"fi", "coordinator/FI:020"}, "aino": {"fi", "member/FI:005"}, "bo": {"sv", "member/SE:0180"}, "marina": {"ru", "member/RU:KEM-GO02"},
	"admin": {"fi", "admin/"},
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s store.Store) { fn(t, newWorld(t, s)) })
}

func newWorld(t *testing.T, s store.Store) *world {
	t.Helper()
	w := &world{t: t, now: on(time.March, 2), actors: map[string]accounts.Actor{"nobody": {}}, mentors: map[string]mentoring.Mentor{}}
	var err error
	if w.locales, err = words(); err != nil {
		t.Fatal(err)
	}
	j := journal.New(s, journal.Clock(w.clock), journal.Log(slog.New(slog.DiscardHandler)))
	mail := &notify.Outbox{Now: w.clock, NewID: w.id, Locales: w.locales, Portal: "Kokeilu", Wake: w.posted}
	w.people = &accounts.Service{Store: s, Journal: j, Now: w.clock, NewID: w.id, Locales: w.locales, PublicURL: "https://kokeilu.example", Mail: mail}
	w.cards = &experiments.Service{Store: s, Journal: j, Now: w.clock, NewID: w.id, Zone: helsinki, People: w.people}
	w.Service = &mentoring.Service{
		Store: s, Journal: j, Now: w.clock, NewID: w.id, Zone: helsinki, Experiments: w.cards, People: w.people,
		Locales: w.locales, Mail: mail, PublicURL: "https://kokeilu.example",
	}
	w.cards.Mentoring = w.Service
	w.people.Leaving = append(w.people.Leaving, w.LeaveTx)
	w.populate()
	return w
}

func (w *world) populate() {
	w.t.Helper()
	var towns []accounts.Organisation
	for _, key := range []string{"FI:020", "FI:005", "SE:0180", "RU:KEM-GO02"} {
		m, ok := content.MunicipalityOf(key)
		if !ok {
			w.t.Fatalf("no municipality %q", key)
		}
		towns = append(towns, accounts.Organisation{
			Key: key, Kind: accounts.Municipality, Country: m.Country, Population: m.Population, Names: map[string]string{"fi": m.Name},
		})
	}
	_, err := w.people.SeedOrganisations(w.ctx(), towns)
	w.must(err)
	for name, p := range everyone {
		role, organisation, _ := strings.Cut(p[1], "/")
		added, err := w.people.Add(w.ctx(), accounts.System, accounts.NewPerson{
			Email: name + "@kunta.example", Name: strings.ToUpper(name[:1]) + name[1:], ShowName: name == "aino", Lang: p[0],
			Grants: []accounts.Grant{{Role: accounts.Role(role), Organisation: organisation}},
		})
		w.must(err)
		w.actors[name], err = w.people.Actor(w.ctx(), added.ID)
		w.must(err)
	}
	for _, name := range []string{"aino", "bo", "marina"} {
		w.keep(name, nil)
	}
}

// profile is what a mentor of the world offers.
func profile(name string) mentoring.Mentor {
	m := mentoring.Mentor{
		Roles: []mentoring.Role{mentoring.Mentoring, mentoring.Sparring}, Skills: map[string]mentoring.Level{"service-design": mentoring.Good},
		Sectors: []string{"09.1"}, Hours: 2, MaxMentees: 2, Cost: mentoring.Free, Active: true, Presentation: "Kysyn paljon.", Lang: "fi",
	}
	switch name {
	case "aino":
		m.Organisation, m.Languages, m.Phases = "FI:005", []string{"fi", "en"}, []experiments.Stage{experiments.Idea}
	case "bo":
		m.Organisation, m.Languages, m.Sectors = "SE:0180", []string{"sv", "fi"}, []string{"06"}
	case "marina":
		m.Organisation, m.Languages = "RU:KEM-GO02", []string{"ru"}
	}
	return m
}

// keep stores a mentor's profile.
func (w *world) keep(name string, change func(*mentoring.Mentor)) mentoring.Mentor {
	w.t.Helper()
	m := profile(name)
	if change != nil {
		change(&m)
	}
	kept, err := w.Keep(w.ctx(), w.actors[name], m)
	w.must(err)
	w.mentors[name] = kept
	return kept
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

// posted counts the letters that were sent.
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

// experiment is a new one of the developer and a mate, at the stage idea.
func (w *world) experiment() string {
	w.t.Helper()
	id := w.draft()
	w.must(w.cards.Advance(w.ctx(), w.actors["developer"], id, experiments.Idea, ""))
	return id
}

func (w *world) draft() string {
	w.t.Helper()
	id, err := w.cards.Register(w.ctx(), w.actors["developer"], experiments.Registration{
		Lang: "fi", Title: "Hoitoajan vaihto viestillä", Summary: "Perhe vaihtaa hoitoajan viestillä.", Problem: "Yhdeksän turhaa annosta.",
		Sector: "09.1", Themes: []string{"service-design"},
	})
	w.must(err)
	w.must(w.cards.AddMember(w.ctx(), w.actors["developer"], id, "mate@kunta.example", "hoitaja"))
	return id
}

func wish() mentoring.Wish {
	return mentoring.Wish{
		Role: mentoring.Mentoring, Skills: []mentoring.Asked{{Skill: "service-design", Weight: 2}}, Languages: []string{"fi", "sv"},
		Phases: []experiments.Stage{experiments.Idea}, Hours: 1,
	}
}

func question() mentoring.Question {
	return mentoring.Question{Wish: wish(), Message: "Miten kysymme isovanhemmilta?", Lang: "fi", MoveOn: true}
}

// asked is a mentorship for which the best mentor, Aino, has been asked.
func (w *world) asked(experiment string) string {
	w.t.Helper()
	id, err := w.Ask(w.ctx(), w.actors["developer"], experiment, question())
	w.must(err)
	return id
}

func (w *world) see(id string) mentoring.View {
	w.t.Helper()
	v, err := w.See(w.ctx(), accounts.System, id, "en")
	w.must(err)
	return v
}

// whose is the name of the mentor whose turn it is, and the state.
func (w *world) whose(id string) string {
	w.t.Helper()
	v := w.see(id)
	for name, m := range w.mentors {
		if m.ID == v.Turn().Mentor {
			return name + " " + string(v.State)
		}
	}
	return "somebody " + string(v.State)
}

// kinds are the kinds of the journal's entries about a subject.
func (w *world) kinds(subject string) string {
	w.t.Helper()
	list, err := store.Get(w.ctx(), w.Store, func(tx store.Tx) ([]journal.Entry, error) { return w.Journal.List(tx, 0, 1000) })
	w.must(err)
	var kinds []string
	for _, e := range list {
		if e.Subject == subject {
			kinds = append(kinds, e.Kind)
		}
	}
	return strings.Join(kinds, " ")
}
