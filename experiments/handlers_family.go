package experiments

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/web"
)

// familyView is where an experiment comes from and what came of it, as its
// pages show it.
type familyView struct {
	Path     []rungView // the way it has grown, itself among it
	Children []rungView
	Case     *caseLink // it was started from
	ChildURL string    // where a new child is begun
}

type caseLink struct{ Title, Lang, URL string }

// rungView is one experiment on the ladder.
type rungView struct {
	Row
	Rung Rung
	URL  string
	Here bool
}

// Grown reports whether there is a way to show: something came before or after.
func (f familyView) Grown() bool { return len(f.Path) > 1 || len(f.Children) > 0 }

// Any reports whether there is anything to show.
func (f familyView) Any() bool { return f.Grown() || f.Case != nil }

func familyViewOf(p web.Page, sheet Sheet, zone *time.Location) familyView {
	e := &sheet.Card
	v := familyView{ChildURL: p.URL("experiments/new") + "?parent=" + e.ID}
	view := func(r Row) rungView { return rungView{r, r.Rung(zone), p.URL("experiments", r.ID), r.ID == e.ID} }
	for _, r := range sheet.Family.Ancestors {
		v.Path = append(v.Path, view(r))
	}
	v.Path = append(v.Path, view(rowOf(e)))
	for _, r := range sheet.Family.Children {
		v.Children = append(v.Children, view(r))
	}
	if c := sheet.Family.Case; c != nil {
		v.Case = &caseLink{c.Title, c.Lang, p.URL(c.Path())}
	}
	return v
}

// splits reports whether to advise the team to split the experiment: it is
// large, and neither grown from a smaller one nor divided already.
func (s *Service) splits(sheet Sheet) bool {
	return sheet.Card.Oversize(s.Zone) && !sheet.Card.Over() && len(sheet.Family.Ancestors) == 0 && len(sheet.Family.Children) == 0
}
