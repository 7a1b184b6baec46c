package accounts_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// world is a portal with its people, and nothing else.
type world struct {
	*accounts.Service
	t      *testing.T
	post   *postbox
	runner *notify.Runner

	mu  sync.Mutex
	now time.Time
	ids int
}

// postbox keeps the letters instead of sending them.
type postbox struct{ letters []notify.Mail }

func (p *postbox) Send(_ context.Context, _ string, m notify.Mail) error {
	p.letters = append(p.letters, m)
	return nil
}

const portalURL = "https://kokeilu.example"

// The organisations of the world.
var (
	akaa = accounts.Organisation{Key: "FI:020", Kind: accounts.Municipality, Country: "FI", Region: "Pirkanmaa", Population: 16_473,
		Names: map[string]string{"fi": "Akaa", "sv": "Ackas"}, Domains: []string{"akaa.example"}}
	umea = accounts.Organisation{Key: "SE:2480", Kind: accounts.Municipality, Country: "SE", Population: 130_000,
		Names: map[string]string{"sv": "Umeå"}}
	abai = accounts.Organisation{Key: "KZ:KZ-10", Kind: accounts.Region, Country: "KZ", Population: 600_000,
		Names: map[string]string{"kk": "Абай облысы", "ru": "Область Абай"}}
)

// each runs fn in a new world on each database.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, s store.Store) { fn(t, newWorld(t, s)) })
}

func newWorld(t *testing.T, s store.Store) *world {
	t.Helper()
	w := &world{t: t, post: &postbox{}, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	locales := loadLocales(t)
	log := slog.New(slog.DiscardHandler)
	w.runner = notify.NewRunner(s, w.post, w.clock, log)
	w.Service = &accounts.Service{
		Store: s, Journal: journal.New(s, journal.Clock(w.clock), journal.Log(log)), Now: w.clock, NewID: w.id, Locales: locales, PublicURL: portalURL,
		Mail: &notify.Outbox{Now: w.clock, NewID: w.id, Locales: locales, Portal: "Kokeilu", Wake: w.runner.Wake},
	}
	if _, err := w.SeedOrganisations(t.Context(), []accounts.Organisation{akaa, umea, abai}); err != nil {
		t.Fatal(err)
	}
	return w
}

// loadLocales reads the words of this package and of the frame.
func loadLocales(t *testing.T) *i18n.Bundle {
	t.Helper()
	dir := filepath.Join("..", "..", "content", "locales")
	words := fstest.MapFS{}
	for _, lang := range i18n.Languages {
		for _, slice := range []string{"accounts", "theme"} {
			name := slice + "." + lang + ".toml"
			raw, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			words[name] = &fstest.MapFile{Data: raw}
		}
	}
	b, err := i18n.Load(words, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) id() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return fmt.Sprintf("id%010d", w.ids)
}

// person adds somebody with grants written "role" or "role/organisation".
func (w *world) person(email string, grants ...string) accounts.Person {
	w.t.Helper()
	n := accounts.NewPerson{Email: email, Lang: "en"}
	for _, g := range grants {
		role, org, _ := strings.Cut(g, "/")
		n.Grants = append(n.Grants, accounts.Grant{Role: accounts.Role(role), Organisation: org})
	}
	p, err := w.Add(w.t.Context(), accounts.System, n)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// actor is the person with the roles of this moment.
func (w *world) actor(p accounts.Person) accounts.Actor {
	w.t.Helper()
	a, err := store.Get(w.t.Context(), w.Store, func(tx store.Tx) (accounts.Actor, error) { return w.ActorTx(tx, p.ID) })
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// again reads the person anew.
func (w *world) again(p accounts.Person) accounts.Person {
	w.t.Helper()
	p, err := w.Person(w.t.Context(), p.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// mail sends what is in the outbox and returns it.
func (w *world) mail() []notify.Mail {
	w.t.Helper()
	w.post.letters = nil
	if _, err := w.runner.Flush(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return w.post.letters
}

var linkRE = regexp.MustCompile(regexp.QuoteMeta(portalURL) + `/(\w\w)/(sign-in|join)/(\S+)`)

// link asks for a link and returns what comes by mail: the purpose and the
// secret.
func (w *world) link(email string) (purpose, secret string) {
	w.t.Helper()
	if err := w.AskLink(w.t.Context(), email, "en", "/en/cases"); err != nil {
		w.t.Fatal(err)
	}
	letters := w.mail()
	if len(letters) != 1 || letters[0].To != email {
		w.t.Fatalf("letters to %s: %+v", email, letters)
	}
	m := linkRE.FindStringSubmatch(letters[0].Text)
	if m == nil {
		w.t.Fatalf("no link in %q", letters[0].Text)
	}
	return m[2], m[3]
}

// kinds are the kinds of the journal's entries about a subject.
func (w *world) kinds(subject string) []string {
	w.t.Helper()
	entries, err := store.Get(w.t.Context(), w.Store, func(tx store.Tx) ([]journal.Entry, error) { return w.Journal.List(tx, 0, 1000) })
	if err != nil {
		w.t.Fatal(err)
	}
	var kinds []string
	for _, e := range entries {
		if e.Subject == subject {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}
