package cases

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// editPage is everything cases/edit.html may use.
type editPage struct {
	web.Page
	Case         Case
	Revision     int
	Preview      web.HTML
	Previewed    bool
	Sectors      []web.Option
	Themes       []web.Option
	Outcomes     []Outcome
	Currencies   []web.Option
	Visibilities []Visibility
	FixedOutcome bool
}

func (h *Handlers) edit(c *fiber.Ctx) error {
	one, err := h.Cases.ToEdit(web.Context(c), accounts.ActorOf(c), c.Params("id"))
	if err != nil {
		return err
	}
	return h.renderEdit(c, h.Web.Page(c, "cases"), one, nil)
}

// save takes the form: a preview, a new wording, or a new wording that is
// published at once.
func (h *Handlers) save(c *fiber.Ctx) error {
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	ctx, a, id := web.Context(c), accounts.ActorOf(c), c.Params("id")
	one, err := h.Cases.ToEdit(ctx, a, id)
	if err != nil {
		return err
	}
	again := func(preview *string) func(web.Page) error {
		return func(p web.Page) error { return h.renderEdit(c, p, one, preview) }
	}
	text, err := textFrom(form)
	if err != nil {
		return h.Web.Again(c, "cases", form, err, again(nil))
	}
	if form.Get("do") == "preview" {
		html, err := h.Cases.Preview(ctx, a, id, text)
		if err != nil {
			return h.Web.Again(c, "cases", form, err, again(nil))
		}
		page := h.Web.Page(c, "cases")
		page.Form = form
		return again(&html)(page)
	}
	done, keep := "case_saved", h.Cases.Edit
	if form.Get("do") == "publish" {
		done, keep = "case_published", h.Cases.EditAndPublish
	}
	if _, err := keep(ctx, a, id, text); err != nil {
		return h.Web.Again(c, "cases", form, err, again(nil))
	}
	return h.Web.See(c, "cases/"+id, done)
}

func (h *Handlers) renderEdit(c *fiber.Ctx, p web.Page, one Case, preview *string) error {
	page := editPage{
		Page: p, Case: one, Revision: one.Revision, Outcomes: Outcomes, Visibilities: []Visibility{Public, Members}, FixedOutcome: !one.Imported(),
	}
	page.NoIndex = true
	page.Path = "/cases/" + one.ID + "/edit"
	page.Crumbs = []web.Crumb{{Title: p.T("case.list"), URL: p.URL("cases")}, {Title: one.Title, URL: p.URL(one.Path())}, {Title: p.T("case.edit")}}
	if one.Visibility == "" {
		page.Case.Visibility = Public
	}
	if preview != nil {
		page.Previewed, page.Preview = true, web.HTML(*preview)
	}
	for _, s := range content.Sectors() {
		page.Sectors = append(page.Sectors, web.Option{Value: s.Code, Label: s.Code + " " + s.In(p.Lang)})
	}
	for _, t := range content.Themes() {
		page.Themes = append(page.Themes, web.Option{Value: t.Key, Label: t.In(p.Lang)})
	}
	for _, code := range []string{"EUR", "SEK", "KZT", "RUB"} {
		page.Currencies = append(page.Currencies, web.Option{Value: code, Label: code})
	}
	return h.Web.Render(c, "cases/edit", page)
}

// textFrom reads the form of a case's text. What cannot be read at all is a
// fault at its field.
func textFrom(f web.Form) (Text, error) {
	var wrong []*fault.Error
	t := Text{
		Title: f.Get("title"), Summary: f.Get("summary"), Body: f.Get("body"), Sector: f.Get("sector"), Themes: f.All("themes"),
		Outcome: Outcome(f.Get("outcome")), Currency: f.Get("currency"), Licence: f.Get("licence"), Visibility: Visibility(f.Get("visibility")),
	}
	t.Revision, _ = strconv.Atoi(f.Get("revision"))
	read := func(name string, bad *fault.Error, parse func() bool) {
		if f.Get(name) != "" && !parse() {
			wrong = append(wrong, bad)
		}
	}
	day := func(name string, into *time.Time) func() bool {
		return func() (ok bool) { *into, ok = f.Day(name, time.UTC); return ok }
	}
	read("start", ErrDay.On("start"), day("start", &t.Start))
	read("end", ErrDay.On("end"), day("end", &t.End))
	read("embargo", ErrDay.On("embargo"), day("embargo", &t.Embargo))
	read("cost", ErrCost, func() (ok bool) { t.CostCents, ok = f.Cents("cost"); return ok })
	read("hours", ErrHours, func() (ok bool) { t.Hours, ok = f.Number("hours"); return ok })
	if f.Get("cost") == "" {
		t.Currency = "" // an empty field: the cost is not known
	}
	return t, fault.Join(wrong...)
}

// revisionsPage is everything cases/revisions.html may use.
type revisionsPage struct {
	web.Page
	Case Case
	List []revisionRow
}

type revisionRow struct {
	Revision
	Author string
}

func (h *Handlers) revisions(c *fiber.Ctx) error {
	ctx := web.Context(c)
	one, list, err := h.Cases.Revisions(ctx, accounts.ActorOf(c), c.Params("id"))
	if err != nil {
		return err
	}
	page := revisionsPage{Page: h.Web.Page(c, "cases"), Case: one}
	page.NoIndex = true
	page.Crumbs = []web.Crumb{{Title: page.T("case.list"), URL: page.URL("cases")}, {Title: one.Title, URL: page.URL(one.Path())}, {Title: page.T("case.revisions")}}
	for _, r := range list {
		row := revisionRow{Revision: r}
		if names := authorNames(ctx, h.Cases, []string{r.Author}, page.Lang); len(names) > 0 && r.Author != accounts.System.ID {
			row.Author = names[0]
		}
		page.List = append(page.List, row)
	}
	return h.Web.Render(c, "cases/revisions", page)
}
