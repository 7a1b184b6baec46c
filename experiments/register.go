package experiments

import (
	"context"
	"errors"
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Registration is the five questions an experiment begins with. Shown is
// what similar things the portal offered meanwhile: it becomes the receipt.
type Registration struct {
	Lang         string
	Title        string
	Summary      string
	Problem      string
	Organisation string // empty: the actor's first
	Sector       string
	Themes       []string
	Type         Type   // empty: a pilot
	OwnerRole    string // what the owner is called on the page
	Shown        []Similar
	SearchWords  string
	Wanted       string // id of the wanted case it answers, if any
	FromCase     string // id of the case it is started from, if any
	Parent       string // id of the experiment it continues, or is a part of, if any
}

// Faults of registering.
var (
	ErrOrganisation = fault.New(fault.Invalid, "experiment.missing_organisation").On("organisation")
	ErrNotMember    = fault.New(fault.Invalid, "experiment.not_member").On("organisation")
	ErrMayNotOwn    = fault.New(fault.Invalid, "experiment.region_owns_none").On("organisation")
	ErrType         = fault.New(fault.Invalid, "experiment.type_unknown").On("type")
	ErrLang         = fault.New(fault.Invalid, "experiment.lang_unknown").On("lang")
)

// Register makes a draft that its owner alone can read, and returns its id.
// It fails with a fault for each field that is missing or too long, and when
// the actor does not belong to the organisation.
func (s *Service) Register(ctx context.Context, a accounts.Actor, r Registration) (id string, err error) {
	defer fault.Wrap(&err, "register experiment")
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		id, err = once.Do(tx, s.Now(), func() (string, error) { return s.registerTx(tx, a, r) })
		return err
	})
	return id, err
}

func (s *Service) registerTx(tx store.Tx, a accounts.Actor, r Registration) (string, error) {
	if !a.SignedIn() && !a.System {
		return "", accounts.ErrSignIn
	}
	e, err := s.fromRegistration(tx, a, r)
	if err != nil {
		return "", err
	}
	if r.SearchWords != "" {
		if err := s.addReceiptTx(tx, a, Receipt{Experiment: e.ID, Words: cut(r.SearchWords, maxWords), Shown: r.Shown}); err != nil {
			return "", err
		}
	}
	if err := dropDraftTx(tx, a, Unborn, SectionProblem); err != nil {
		return "", err
	}
	return e.ID, s.putTx(tx, a, &e, "experiment.registered")
}

func (s *Service) fromRegistration(tx store.Tx, a accounts.Actor, r Registration) (Experiment, error) {
	now := s.Now().UTC()
	e := Experiment{
		ID: s.NewID(), Version: 1, Lang: r.Lang, Type: r.Type, Stage: Draft, Visibility: Public,
		Created: now, Changed: now, Owner: a.ID, Organisation: r.Organisation,
	}
	switch {
	case e.Type == "" && r.FromCase != "":
		e.Type = Replication
	case e.Type == "":
		e.Type = Pilot
	}
	if e.Organisation == "" {
		e.Organisation = a.Home()
	}
	if role := strings.TrimSpace(r.OwnerRole); role != "" {
		e.Team = []Member{{Person: a.ID, Role: role}}
	}
	var f findings
	f.when(!i18n.Known(e.Lang), ErrLang)
	oneOf(&f, ErrType, e.Type, Types)
	IdeaEdit{Title: r.Title, Summary: r.Summary, Problem: r.Problem, Sector: r.Sector, Themes: r.Themes, Visibility: Public, Wanted: r.Wanted}.into(&e, &f)
	f.list = append(f.list, missing(&e, fieldsOf(FaceIdea))...)
	f.text("owner_role", r.OwnerRole, 80)
	f.list = append(f.list, s.ownable(tx, a, e.Organisation)...)
	if err := s.wantable(tx, "", e.Wanted); err != nil {
		return e, errors.Join(f.err(), err)
	}
	if err := s.beginTx(tx, a, &e, r); err != nil {
		return e, errors.Join(f.err(), err)
	}
	if len(r.Shown) > 0 {
		e.Checked = Checked{Shown: r.Shown, Words: cut(r.SearchWords, maxWords), At: now}
	}
	e.Money.Currency = CurrencyOf(e.Organisation)
	return e, f.err()
}

// ownable finds out whether an organisation may own an experiment of this
// actor.
func (s *Service) ownable(tx store.Tx, a accounts.Actor, key string) []*fault.Error {
	if key == "" {
		return []*fault.Error{ErrOrganisation}
	}
	o, err := s.People.OrganisationTx(tx, key)
	switch {
	case err != nil:
		return []*fault.Error{ErrOrganisation.Because(err)}
	case !accounts.Can(a, accounts.AddExperiment, accounts.Thing{Organisations: []string{key}}):
		return []*fault.Error{ErrNotMember}
	case !o.MayOwn():
		return []*fault.Error{ErrMayNotOwn}
	}
	return nil
}

// cut shortens a text to a number of characters.
func cut(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	return string(r[:min(n, len(r))])
}
