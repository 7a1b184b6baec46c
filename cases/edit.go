package cases

import (
	"context"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// ErrTranslated is returned when a case has a version in the language already.
var ErrTranslated = fault.New(fault.Conflict, "case.translated_already").On("lang")

// Preview renders a text as its case would show it, and stores nothing. Only
// an author may.
func (s *Service) Preview(ctx context.Context, a accounts.Actor, id string, t Text) (html string, err error) {
	defer fault.Wrap(&err, "preview case %q", id)
	c, err := s.ToEdit(ctx, a, id)
	if err != nil {
		return "", err
	}
	r, err := s.render(ctx, a, c.wear(t))
	return r.HTML, err
}

// ToEdit returns a case for its author to change.
func (s *Service) ToEdit(ctx context.Context, a accounts.Actor, id string) (c Case, err error) {
	defer fault.Wrap(&err, "open case %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		c, err = s.authored(tx, a, id, accounts.EditCase)
		return err
	})
	return c, err
}

// Edit stores a new wording. Of a published case the old one is kept with its
// author. It fails with ErrChanged when somebody else was quicker.
func (s *Service) Edit(ctx context.Context, a accounts.Actor, id string, t Text) (c Case, err error) {
	defer fault.Wrap(&err, "edit case %q", id)
	return s.save(ctx, a, id, t, false)
}

// EditAndPublish stores a new wording of a draft and publishes it, or does
// neither.
func (s *Service) EditAndPublish(ctx context.Context, a accounts.Actor, id string, t Text) (c Case, err error) {
	defer fault.Wrap(&err, "edit and publish case %q", id)
	return s.save(ctx, a, id, t, true)
}

func (s *Service) save(ctx context.Context, a accounts.Actor, id string, t Text, publish bool) (Case, error) {
	c, err := s.ToEdit(ctx, a, id)
	if err != nil {
		return c, err
	}
	html, err := s.render(ctx, a, c.wear(t))
	if err != nil {
		return c, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (string, error) {
			if c, err = s.authored(tx, a, id, accounts.EditCase); err != nil {
				return "", err
			}
			if t.Revision != c.Revision {
				return "", ErrChanged
			}
			next := c.wear(t)
			if err := next.check(c.State == Published); err != nil {
				return "", err
			}
			if err := s.replace(tx, a, c, &next, html); err != nil {
				return "", err
			}
			c = next
			if publish && c.State == StateDraft {
				return id, s.publishTx(tx, a, &c, html)
			}
			return id, s.changed(tx, a, "case.edited", c)
		})
		return err
	})
	return c, err
}

// replace stores next in the place of c, and keeps c's wording when it had
// been published.
func (s *Service) replace(tx store.Tx, a accounts.Actor, c Case, next *Case, html rendered) error {
	if c.State == Published {
		if err := revisions.Put(tx, revisionOf(c)); err != nil {
			return err
		}
	}
	next.Revision = c.Revision + 1
	next.Updated, next.UpdatedBy = s.Now().UTC(), a.ID
	if err := table.Put(tx, *next); err != nil {
		return err
	}
	return putHTML(tx, c.ID, html)
}

// authored returns a case that the actor may do this to. A case that cannot be
// read is not there.
func (s *Service) authored(tx store.Tx, a accounts.Actor, id string, do accounts.Action) (Case, error) {
	c, err := s.seen(tx, a, id)
	if err != nil {
		return c, err
	}
	return c, accounts.Must(a, do, c.Thing(s.Now()))
}

// Translate begins a version of a case in another language: a draft with the
// same facts and the original text to write over.
func (s *Service) Translate(ctx context.Context, a accounts.Actor, id, lang string) (newID string, err error) {
	defer fault.Wrap(&err, "translate case %q", id)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		newID, err = once.Do(tx, s.Now(), func() (string, error) {
			c, err := s.authored(tx, a, id, accounts.EditCase)
			if err != nil {
				return "", err
			}
			versions, err := versionsTx(tx, c.Group)
			if err != nil {
				return "", err
			}
			if slices.ContainsFunc(versions, func(v Case) bool { return v.Lang == lang && v.State != Withdrawn }) {
				return "", ErrTranslated
			}
			c.ID, c.Lang, c.Slug, c.State = s.NewID(), lang, "", StateDraft
			c.ImportID, c.ImportPath, c.ImportSum, c.Extra = "", "", "", ""
			c.Created, c.Updated, c.UpdatedBy, c.Revision = s.Now().UTC(), s.Now().UTC(), a.ID, 1
			c.Published, c.Hidden = time.Time{}, ""
			if err := c.check(false); err != nil {
				return "", err
			}
			if err := table.Put(tx, c); err != nil {
				return "", err
			}
			return c.ID, s.changed(tx, a, "case.drafted", c)
		})
		return err
	})
	return newID, err
}

// versionsTx returns the cases of a group: one account in several languages.
func versionsTx(tx store.Tx, group string) ([]Case, error) {
	var list []Case
	for c, err := range table.By(tx, "group", store.Exactly(group)) {
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}
