package cases

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// DraftTx stores a new draft and returns its id. The actor is one of its
// authors. It fails when the actor belongs to no organisation; a draft may be
// incomplete.
func (s *Service) DraftTx(tx store.Tx, a accounts.Actor, d Draft) (string, error) {
	if err := accounts.Must(a, accounts.AddCase, accounts.Thing{Organisations: d.Organisations}); err != nil {
		return "", err
	}
	c := s.fromDraft(a, d)
	if err := table.Put(tx, c); err != nil {
		return "", err
	}
	return c.ID, s.changed(tx, a, "case.drafted", c)
}

// OriginTx tells a case how far its experiment has come. It fails with
// ErrUnknown when there is no such case.
func (s *Service) OriginTx(tx store.Tx, caseID string, o Origin) error {
	c, err := table.Get(tx, caseID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return ErrUnknown
	case err != nil:
		return err
	case c.Origin == o:
		return nil
	}
	c.Origin = o
	if err := table.Put(tx, c); err != nil {
		return err
	}
	return s.changed(tx, accounts.System, "case.moved", c)
}

// fromDraft makes the case. Its owner is the draft's, or the organisation the
// actor joined first.
func (s *Service) fromDraft(a accounts.Actor, d Draft) Case {
	now := s.Now().UTC()
	c := Case{
		ID: s.NewID(), Lang: d.Lang, Title: oneLine(d.Title), Summary: oneLine(d.Summary), Body: trimBody(d.Body),
		Organisation: cmp.Or(d.Organisation, a.Home()), Organisations: d.Organisations, Sector: d.Sector, Themes: d.Themes,
		Outcome: d.Outcome, Start: day(d.Start), End: day(d.End), CostCents: d.CostCents, Currency: d.Currency, Hours: d.Hours,
		Measures: d.Measures, Licence: d.Licence, Authors: slices.Clone(d.Authors), Origin: d.Origin,
		State: StateDraft, Created: now, Updated: now, UpdatedBy: a.ID, Revision: 1,
	}
	c.Group = c.ID
	if owners := c.Owners(); len(owners) > 0 {
		c.Organisations = owners[1:]
	}
	if a.SignedIn() && !slices.Contains(c.Authors, a.ID) {
		c.Authors = append(c.Authors, a.ID)
	}
	return c
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
