package funding

import (
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/web"
)

// cardText is the experiment's card on a request's page.
type cardText struct {
	*experiments.Experiment
	Sector, When string
	Themes       []string
	Own          int64 // what the municipality and others pay
}

// cardText puts the card into words of the page.
func (h *Handlers) cardText(p web.Page, v *View) *cardText {
	t := &cardText{Experiment: v.Sent, Own: max(0, v.Sent.Money.Total()-v.Request.AmountCents)}
	if s, ok := content.SectorOf(v.Sent.Sector); ok {
		t.Sector = s.In(p.Lang)
	}
	if v.Sent.Calendar.Set() {
		t.When = p.Date(v.Sent.Calendar.Start) + " – " + p.Date(v.Sent.Calendar.End)
	}
	for _, key := range v.Sent.Themes {
		if theme, ok := content.Theme(key); ok {
			t.Themes = append(t.Themes, theme.In(p.Lang))
		}
	}
	return t
}
