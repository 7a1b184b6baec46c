package cases

import (
	"context"
	"errors"
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Shown is everything a case's page is made of.
type Shown struct {
	Case         Case
	HTML         string // sanitised
	Contents     []Anchor
	Versions     []Row // the same account in other languages
	Adoptions    []Adoption
	Endorsements []Endorsement
	Yes, No      int // answers to "was this useful to you?", all of them
	Mine         *Vote
}

// An Anchor is a heading of the text and the id to link to.
type Anchor struct{ ID, Text string }

// Show returns a case that the actor may read with all that stands on its
// page. It fails as Get does.
func (s *Service) Show(ctx context.Context, a accounts.Actor, id string) (shown Shown, err error) {
	defer fault.Wrap(&err, "show case %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		shown = Shown{}
		if shown.Case, err = s.seen(tx, a, id); err != nil {
			return err
		}
		return s.fill(tx, a, &shown)
	})
	if err == nil && shown.HTML == "" && shown.Case.Body != "" { // a draft is rendered when it is looked at
		var r rendered
		r, err = s.render(ctx, a, shown.Case)
		shown.wear(r)
	}
	return shown, err
}

func (s *Shown) wear(r rendered) {
	s.HTML = r.HTML
	for _, h := range r.Contents {
		s.Contents = append(s.Contents, Anchor{ID: h.ID, Text: h.Text})
	}
}

func (s *Service) fill(tx store.Tx, a accounts.Actor, shown *Shown) error {
	c := shown.Case
	html, err := getHTML(tx, c.ID)
	if err != nil {
		return err
	}
	shown.wear(html)
	if shown.Versions, err = s.versions(tx, a, c); err != nil {
		return err
	}
	signals, err := s.accountTally(tx, *shown)
	if err != nil {
		return err
	}
	shown.Adoptions, shown.Endorsements = signals.Adoptions, signals.Endorsements
	slices.SortFunc(shown.Adoptions, func(a, b Adoption) int { return b.At.Compare(a.At) })
	slices.SortFunc(shown.Endorsements, func(a, b Endorsement) int { return b.At.Compare(a.At) })
	for _, v := range signals.Votes {
		if v.Useful {
			shown.Yes++
		} else {
			shown.No++
		}
		if a.SignedIn() && v.Person == a.ID {
			shown.Mine = &v
		}
	}
	return nil
}

// accountTally is what others did with a case in any of its languages.
func (s *Service) accountTally(tx store.Tx, shown Shown) (Tally, error) {
	signals, err := tallyOf(tx, shown.Case.ID)
	for _, v := range shown.Versions {
		if err == nil && v.IsPublic(s.Now()) {
			var more Tally
			more, err = tallyOf(tx, v.ID)
			signals = signals.with(more)
		}
	}
	return signals, err
}

// versions returns the other languages of c that the actor may read.
func (s *Service) versions(tx store.Tx, a accounts.Actor, c Case) ([]Row, error) {
	all, err := versionsTx(tx, c.Group)
	if err != nil {
		return nil, err
	}
	var list []Row
	for _, v := range all {
		if v.ID == c.ID || !v.IsOut(s.Now()) || accounts.See(a, accounts.ReadCase, v.Thing(s.Now())) != nil {
			pagecache.Until(tx.Context(), s.Now(), v.Embargo)
			continue
		}
		r, err := rows.Get(tx, v.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}
