package experiments

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// beginningView is what the page of registering says of the case or the
// experiment that a new one is started from. The zero view is a page that
// begins with nothing.
type beginningView struct {
	CaseID, ParentID     string
	Title, TitleLang     string // of what it is started from
	URL                  string
	NewTitle, NewSummary string // to begin with
	Sector               string
	Type                 string
	Lang                 string
}

// begins reports whether the address names what to start from: then it is not
// the time for what was typed before.
func begins(c *fiber.Ctx) bool {
	return c.Query("case") != "" || c.Query("parent") != "" || c.Query("wanted") != ""
}

// beginning fills in what the address, or the form that was sent, starts from.
func (h *Handlers) beginning(c *fiber.Ctx, page *newPage) error {
	caseID, parent := strings.Clone(c.Query("case")), strings.Clone(c.Query("parent"))
	if page.Form.Sent {
		caseID, parent = page.Value("from_case", caseID), page.Value("parent", parent)
	}
	b, err := h.Experiments.Beginning(web.Context(c), accounts.ActorOf(c), caseID, parent)
	if err != nil {
		return err
	}
	v := beginningView{NewTitle: page.Words, Type: string(Pilot), Lang: page.Lang}
	if b.Case != nil {
		v = beginningView{
			CaseID: b.Case.ID, Title: b.Case.Title, TitleLang: b.Case.Lang, URL: page.URL(b.Case.Path()),
			NewTitle: cut(b.Case.Title, MaxTitle), NewSummary: cut(b.Case.Summary, MaxSummary), Sector: division(b.Case.Sector), Type: string(Replication), Lang: b.Case.Lang,
		}
	}
	if e := b.Parent; e != nil {
		v.ParentID, v.Title, v.TitleLang, v.URL = e.ID, e.Title, e.Lang, page.URL("experiments", e.ID)
		v.NewTitle, v.NewSummary, v.Sector, v.Lang = e.Title, e.Summary, division(e.Sector), e.Lang
	}
	if v.Lang != page.Lang { // its words are not the reader's: they begin with their own
		v.NewTitle, v.NewSummary, v.Lang = "", "", page.Lang
	}
	page.From = v
	return nil
}
