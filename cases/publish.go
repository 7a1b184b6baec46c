package cases

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gosimple/slug"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

const maxSlug = 80

// Faults of publishing and taking back.
var (
	ErrPublished     = fault.New(fault.Conflict, "case.published_already")
	ErrNotPublished  = fault.New(fault.Conflict, "case.not_published")
	ErrWhyMissing    = fault.New(fault.Invalid, "case.why_missing").On("why")
	ErrWhyLong       = fault.New(fault.Invalid, "case.why_long").On("why")
	ErrOtherAuthor   = fault.New(fault.Forbidden, "case.not_your_organisation").On("organisation")
	errChangedInside = errors.New("the case changed while it was rendered")
)

// Publish gives a draft its permanent address. The slug is made now, in the
// case's own language, and never again. It fails with what is missing.
func (s *Service) Publish(ctx context.Context, a accounts.Actor, id string) (c Case, err error) {
	defer fault.Wrap(&err, "publish case %q", id)
	seen, err := s.ToEdit(ctx, a, id)
	if err != nil {
		return c, err
	}
	html, err := s.render(ctx, a, seen)
	if err != nil {
		return c, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (string, error) {
			if c, err = s.authored(tx, a, id, accounts.EditCase); err != nil {
				return "", err
			}
			if c.Revision != seen.Revision {
				return "", ErrChanged.Because(errChangedInside)
			}
			if c.State != StateDraft {
				return "", ErrPublished
			}
			return id, s.publishTx(tx, a, &c, html)
		})
		if err == nil && c.ID == "" { // the same form again
			c, err = table.Get(tx, id)
		}
		return err
	})
	return c, err
}

func (s *Service) publishTx(tx store.Tx, a accounts.Actor, c *Case, html rendered) error {
	if err := c.check(true); err != nil {
		return err
	}
	now := s.Now().UTC()
	c.State, c.Updated = Published, now
	if c.Published.IsZero() {
		c.Published = now
	}
	if c.Slug == "" {
		c.Slug = slugOf(c.Title, c.Lang)
	}
	if err := table.Put(tx, *c); err != nil {
		return err
	}
	if err := putHTML(tx, c.ID, html); err != nil {
		return err
	}
	return s.changed(tx, a, "case.published", *c)
}

// Add stores a new case and publishes it at once. The actor is its author and
// belongs to the organisation whose case it is.
func (s *Service) Add(ctx context.Context, a accounts.Actor, d Draft) (c Case, err error) {
	defer fault.Wrap(&err, "add case")
	if err := accounts.Must(a, accounts.AddCase, accounts.Thing{}); err != nil {
		return c, err
	}
	c = s.fromDraft(a, d)
	if !a.Has(accounts.Admin) && !a.System && slices.ContainsFunc(c.Owners(), func(o string) bool { return !a.MemberOf(o) }) {
		return c, ErrOtherAuthor
	}
	if err := c.check(true); err != nil {
		return c, err
	}
	html, err := s.render(ctx, a, c)
	if err != nil {
		return c, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		fresh := c
		id, err := once.Do(tx, s.Now(), func() (string, error) { return fresh.ID, s.publishTx(tx, a, &fresh, html) })
		if err == nil && id != fresh.ID {
			fresh, err = table.Get(tx, id)
		}
		if err == nil {
			c = fresh
		}
		return err
	})
	return c, err
}

// Withdraw takes a published case back. Title, date and reason stay at its
// address; it leaves lists, feeds, search and the TOP-10.
func (s *Service) Withdraw(ctx context.Context, a accounts.Actor, id, why string) (err error) {
	defer fault.Wrap(&err, "withdraw case %q", id)
	return s.take(ctx, a, id, accounts.WithdrawCase, why, func(c *Case, why string) {
		c.State, c.Reason, c.WithdrawnAt = Withdrawn, why, s.Now().UTC()
	})
}

// Hide takes a case out of sight until a moderator shows it again. Its authors
// still see it, with the reason.
func (s *Service) Hide(ctx context.Context, a accounts.Actor, id, why string) (err error) {
	defer fault.Wrap(&err, "hide case %q", id)
	return s.take(ctx, a, id, accounts.HideCase, why, func(c *Case, why string) { c.Hidden = why })
}

// Unhide shows a hidden case again.
func (s *Service) Unhide(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "unhide case %q", id)
	return s.take(ctx, a, id, accounts.HideCase, "-", func(c *Case, _ string) { c.Hidden = "" })
}

// take changes how far a published case can be seen, for a reason.
func (s *Service) take(ctx context.Context, a accounts.Actor, id string, do accounts.Action, why string, change func(*Case, string)) error {
	why = oneLine(why)
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (string, error) {
			c, err := s.authored(tx, a, id, do)
			switch n := utf8.RuneCountInString(why); {
			case err != nil:
				return "", err
			case c.State != Published:
				return "", ErrNotPublished
			case n == 0:
				return "", ErrWhyMissing
			case n > maxLine:
				return "", ErrWhyLong.With(maxLine, n)
			}
			change(&c, why)
			if err := table.Put(tx, c); err != nil {
				return "", err
			}
			kind := "case.edited"
			if c.State == Withdrawn {
				kind = "case.withdrawn"
			}
			return id, s.changed(tx, a, kind, c)
		})
		return err
	})
}

// silent drops signs that are no sounds of their own: "больница" is "bolnitsa".
var silent = strings.NewReplacer("ь", "", "Ь", "", "ъ", "", "Ъ", "", "'", "", "’", "")

// slugOf is the readable part of an address: ASCII, of at most 80 characters,
// never empty.
func slugOf(title, lang string) string {
	made := slug.MakeLang(silent.Replace(title), lang)
	if len(made) > maxSlug {
		made = made[:maxSlug]
		if i := strings.LastIndexByte(made, '-'); i > maxSlug/2 {
			made = made[:i]
		}
	}
	switch made = strings.Trim(made, "-_"); made {
	case "":
		return "case"
	case "edit", "revisions": // pages of a case
		return made + "-case"
	}
	return made
}
