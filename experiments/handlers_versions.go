package experiments

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// versionsPage is everything experiments/versions.html may use.
type versionsPage struct {
	web.Page
	History
	OlderURL string
}

// changePage is everything experiments/version.html may use.
type changePage struct {
	web.Page
	Change
	Lines []changedLine
}

// changedLine is a text of the card before and after.
type changedLine struct {
	Label string
	Free  bool
	Runs  []Run
	Added bool // there was nothing before
	Gone  bool // there is nothing any more
}

// versions lists the versions of a card.
func (h *Handlers) versions(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	before, _ := strconv.Atoi(c.Query("before")) // what is no number asks for the newest
	page := versionsPage{Page: h.Page(c, section)}
	if page.History, err = h.Experiments.History(web.Context(c), a, c.Params("id"), page.Lang, before); err != nil {
		return err
	}
	page.NoIndex = true
	page.Crumbs = crumbs(page.Page, &page.Card, page.T("experiment.versions"))
	if page.Older > 0 {
		page.OlderURL = page.URL("experiments", page.Card.ID, "versions") + "?before=" + strconv.Itoa(page.Older)
	}
	return h.Render(c, "experiments/versions", page)
}

// version shows what one change did to the card.
func (h *Handlers) version(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Params("n"))
	if err != nil {
		return accounts.ErrUnseen
	}
	page := changePage{Page: h.Page(c, section)}
	if page.Change, err = h.Experiments.ChangeOf(web.Context(c), a, c.Params("id"), page.Lang, n); err != nil {
		return err
	}
	page.NoIndex = true
	title := page.T("experiment.version_n", n)
	page.Crumbs = append(crumbs(page.Page, &page.Card, ""), web.Crumb{Title: page.T("experiment.versions"), URL: page.URL("experiments", page.Card.ID, "versions")}, web.Crumb{Title: title})
	var before []cardLine
	if page.Before != nil {
		before = linesOf(page.Printer, page.Names, &page.Before.Card)
	}
	page.Lines = changedLines(before, linesOf(page.Printer, page.Names, &page.Version.Card))
	return h.Render(c, "experiments/version", page)
}

// changedLines are the texts that differ: what is gone first, then the others
// in the order of the card.
func changedLines(before, after []cardLine) (list []changedLine) {
	now := map[string]cardLine{}
	for _, l := range after {
		now[l.Key] = l
	}
	was := map[string]cardLine{}
	for _, l := range before {
		was[l.Key] = l
		if _, ok := now[l.Key]; !ok {
			list = append(list, changedLine{Label: l.Label, Free: l.Free, Runs: []Run{{l.Text, Removed}}, Gone: true})
		}
	}
	for _, l := range after {
		old, ok := was[l.Key]
		switch {
		case !ok:
			list = append(list, changedLine{Label: l.Label, Free: l.Free, Runs: []Run{{l.Text, Added}}, Added: true})
		case old.Text != l.Text:
			list = append(list, changedLine{Label: l.Label, Free: l.Free, Runs: Diff(old.Text, l.Text)})
		}
	}
	return list
}
