package cases

import (
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// DraftTx stores a new draft and returns its id. The actor is one of its
// authors. It fails when the actor belongs to no organisation or the draft
// breaks a rule; a draft may be incomplete, but has a title and a language.
func (s *Service) DraftTx(tx store.Tx, a accounts.Actor, d Draft) (string, error) {
	if err := accounts.Must(a, accounts.AddCase, accounts.Thing{Organisations: d.Organisations}); err != nil {
		return "", err
	}
	c := s.fromDraft(a, d)
	return c.ID, table.Put(tx, c)
}

// OriginTx tells a case how far its experiment has come.
func (s *Service) OriginTx(tx store.Tx, caseID string, o Origin) error {
	c, err := table.Get(tx, caseID)
	if err != nil {
		return err
	}
	if c.Origin == o {
		return nil
	}
	c.Origin = o
	return table.Put(tx, c)
}

func (s *Service) fromDraft(a accounts.Actor, d Draft) Case {
	now := s.Now().UTC()
	c := Case{
		ID: s.NewID(), Lang: d.Lang, Title: d.Title, Summary: d.Summary, Body: d.Body,
		Organisation: d.Organisation, Organisations: d.Organisations, Sector: d.Sector, Themes: d.Themes,
		Outcome: d.Outcome, Start: d.Start, End: d.End, CostCents: d.CostCents, Currency: d.Currency, Hours: d.Hours,
		Measures: d.Measures, Licence: d.Licence, Authors: slices.Clone(d.Authors), Origin: d.Origin,
		State: StateDraft, Created: now, Updated: now, Revision: 1,
	}
	c.Group = c.ID
	if a.SignedIn() && !slices.Contains(c.Authors, a.ID) {
		c.Authors = append(c.Authors, a.ID)
	}
	return c
}
