package cases_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Municipalities of the reference data that the tests use.
const (
	tampere  = "FI:837"
	akaa     = "FI:020" // same region as Tampere
	oulu     = "FI:564"
	kemi     = "FI:240"
	sunds    = "SE:2281"
	alavies  = "FI:009" // under 5 000 people
	kzRegion = "KZ:75"
)

// bank is a service on a store, with a clock that the test moves.
type bank struct {
	*cases.Service
	now    time.Time
	spread []string
	mu     sync.Mutex
	ids    int
}

func newBank(t *testing.T, s store.Store) *bank {
	t.Helper()
	b := &bank{now: noon}
	clock := func() time.Time { return b.now }
	j := journal.New(s, journal.Clock(clock))
	if err := j.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Service = &cases.Service{Store: s, Journal: j, Now: clock, NewID: b.newID, Zone: time.UTC, Origins: b}
	return b
}

func (b *bank) newID() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ids++
	return fmt.Sprintf("case%08d", b.ids)
}

// SpreadTx remembers what the experiments would hear.
func (b *bank) SpreadTx(_ store.Tx, a accounts.Actor, experiment, note string) error {
	b.spread = append(b.spread, experiment+" by "+a.ID+": "+note)
	return nil
}

// person returns somebody with one role in one organisation and an old account.
func person(id string, role accounts.Role, organisation string) accounts.Actor {
	return accounts.Actor{ID: id, Name: id, Grants: []accounts.Grant{{Role: role, Organisation: organisation}}, Since: noon.AddDate(-1, 0, 0)}
}

var (
	author    = person("author", accounts.Member, tampere)
	colleague = person("colleague", accounts.Coordinator, tampere)
	moderator = accounts.Actor{ID: "moderator", Grants: []accounts.Grant{{Role: accounts.Moderator}}, Since: noon.AddDate(-1, 0, 0)}
	nobody    = accounts.Actor{}
	member    = person("member", accounts.Member, oulu)
)

func coordinator(organisation string) accounts.Actor {
	return person("coordinator-"+strings.ToLower(strings.ReplaceAll(organisation, ":", "")), accounts.Coordinator, organisation)
}

// body is a text with the fixed headings of a language.
func body(lang string) string {
	var b strings.Builder
	for _, h := range cases.HeadingsIn(lang).Fixed() {
		fmt.Fprintf(&b, "## %s\n\nText under %s.\n\n", h, h)
	}
	return b.String()
}

// told is a draft that an experiment would make.
func told(title string) cases.Draft {
	return cases.Draft{
		Title: title, Summary: "In two sentences.", Body: body("en"), Lang: "en", Organisation: tampere, Sector: "09.1",
		Themes: []string{"open-data"}, Outcome: cases.NotConfirmed,
		Origin: cases.Origin{Experiment: "x" + title, Stage: "L", Completeness: 0.9},
	}
}

// publish puts a case into the bank by the way an experiment does.
func (b *bank) publish(t *testing.T, d cases.Draft) cases.Case {
	t.Helper()
	id := b.draft(t, d)
	c, err := b.Publish(t.Context(), author, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (b *bank) draft(t *testing.T, d cases.Draft) (id string) {
	t.Helper()
	err := b.Store.Update(t.Context(), func(tx store.Tx) (err error) {
		id, err = b.DraftTx(tx, author, d)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// kinds are the kinds of all journal entries about a case.
func (b *bank) kinds(t *testing.T, id string) string {
	t.Helper()
	list, err := store.Get(t.Context(), b.Store, func(tx store.Tx) ([]journal.Entry, error) { return b.Journal.List(tx, 0, 1000) })
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range list {
		if e.Subject == cases.Subject(id) {
			kinds = append(kinds, strings.TrimPrefix(e.Kind, "case."))
		}
	}
	return strings.Join(kinds, " ")
}

const goodReason = "We have the same problem and this showed us where to begin."

func (b *bank) endorse(t *testing.T, id string, organisations ...string) {
	t.Helper()
	for _, o := range organisations {
		if err := b.Endorse(t.Context(), coordinator(o), id, goodReason); err != nil {
			t.Fatalf("%s: %v", o, err)
		}
	}
}

func (b *bank) adopt(t *testing.T, id string, organisations ...string) {
	t.Helper()
	for _, o := range organisations {
		err := b.Adopt(t.Context(), coordinator(o), id, cases.Adopting{Result: cases.Confirmed, Note: "Calls fell by a third.", Confirmed: true})
		if err != nil {
			t.Fatalf("%s: %v", o, err)
		}
	}
}

func (b *bank) titles(ctx context.Context, t *testing.T, a accounts.Actor, f cases.Filter) string {
	t.Helper()
	list, err := b.List(ctx, a, f)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, r := range list.Rows {
		titles = append(titles, r.Title)
	}
	return strings.Join(titles, ", ")
}
