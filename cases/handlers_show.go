package cases

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/web"
)

// similarShown is how much that is similar stands on a case's page.
const similarShown = 4

// showPage is everything cases/show.html may use.
type showPage struct {
	web.Page
	Shown
	Text      web.HTML
	Place     string
	Size      string
	Sector    string
	ThemeList string
	Dates     string
	Cost      string
	Hours     string
	Authors   []string
	Measures  []measureRow
	Adopted   []signalRow
	Endorsed  []signalRow
	Score     *scoreView
	Related   []Related
	Started   []Started
	Cite      string
	Alarm     string // for moderators: what is odd about the endorsements
	Foreign   bool   // the text is not in the language of the page
	May       may
	Adopting  Adopting // what the reader's own municipality has said
	Results   []web.Option
	Languages []web.Option // to translate into
}

// measureRow is a measure with its verdict: "met", "missed" or "".
type measureRow struct {
	Measure
	Less    bool
	Drawn   bool // there is a number to draw
	Verdict string
}

// signalRow is an adoption or endorsement of one municipality.
type signalRow struct {
	Place, Size string
	Result      Outcome
	Text        string
	At          time.Time
}

// may says which doors of the page are open to the reader.
type may struct {
	Edit, Publish, Withdraw, Hide, Unhide, Endorse, Adopt, Vote bool
}

// gonePage is everything cases/gone.html may use.
type gonePage struct {
	web.Page
	Case Case
}

// show is a case's page, or its Markdown file when the address ends in .md.
func (h *Handlers) show(c *fiber.Ctx) error {
	slug, markdown := strings.CutSuffix(c.Params("slug"), ".md")
	shown, err := h.Cases.Show(web.Context(c), accounts.ActorOf(c), c.Params("id"))
	switch {
	case errors.Is(err, ErrWithdrawn):
		return h.gone(c, shown.Case)
	case err != nil:
		return err
	case markdown && slug == shown.Case.Slug:
		return h.markdown(c, shown.Case)
	case slug != shown.Case.Slug:
		return c.Redirect(web.Path(web.Lang(c), shown.Case.Path()), fiber.StatusFound)
	}
	return h.render(c, h.Web.Page(c, "cases"), shown)
}

// find is a case's page by its id alone. The page names its full address as the
// canonical one, so that a short link costs no second request.
func (h *Handlers) find(c *fiber.Ctx) error {
	shown, err := h.Cases.Show(web.Context(c), accounts.ActorOf(c), c.Params("id"))
	switch {
	case errors.Is(err, ErrWithdrawn):
		return h.gone(c, shown.Case)
	case err != nil:
		return err
	}
	return h.render(c, h.Web.Page(c, "cases"), shown)
}

func (h *Handlers) gone(c *fiber.Ctx, dead Case) error {
	page := gonePage{Page: h.Web.Page(c, "cases"), Case: dead}
	page.NoIndex = true
	return h.Web.RenderStatus(c, fiber.StatusGone, "cases/gone", page)
}

func (h *Handlers) markdown(c *fiber.Ctx, one Case) error {
	c.Set("X-Robots-Tag", "noindex")
	if accounts.ActorOf(c).SignedIn() {
		c.Set(fiber.HeaderCacheControl, "private, no-store")
		c.Set(fiber.HeaderContentType, "text/markdown; charset=utf-8")
		return c.Send(one.Markdown())
	}
	return web.SendCached(c, "text/markdown; charset=utf-8", one.Updated, one.Markdown())
}

// render shows a case with the page p, which may hold a form that was refused.
func (h *Handlers) render(c *fiber.Ctx, p web.Page, shown Shown) error {
	ctx, a := web.Context(c), accounts.ActorOf(c)
	page := showPage{Page: p, Shown: shown, Text: web.HTML(shown.HTML), Foreign: shown.Case.Lang != p.Lang}
	page.address(h.Web.Portal.PublicURL)
	page.facts(ctx, h.Cases)
	page.signals(ctx, h.Cases)
	page.May = h.Cases.may(a, shown)
	if page.May.Hide {
		page.Alarm = Tally{Endorsements: shown.Endorsements}.Alarm()
	}
	page.Adopting = shown.adoptionBy(a)
	for _, o := range Outcomes {
		page.Results = append(page.Results, web.Option{Value: string(o), Label: page.T("outcome." + string(o))})
	}
	page.Results = append(page.Results, web.Option{Value: "running", Label: page.T("case.result_running")})
	for _, lang := range i18n.Languages {
		if lang != shown.Case.Lang {
			page.Languages = append(page.Languages, web.Option{Value: lang, Label: i18n.Name(lang)})
		}
	}
	if err := h.ranks(ctx, &page); err != nil {
		return err
	}
	h.related(ctx, &page)
	var err error
	if page.Started, err = h.Cases.startedFrom(ctx, a, shown, page.Lang); err != nil {
		return err
	}
	return h.Web.Render(c, "cases/show", page)
}

// ranks adds the score of a case and its places in the TOP-10. Only a case that
// comes from an experiment has them.
func (h *Handlers) ranks(ctx context.Context, page *showPage) error {
	if page.Case.Origin.Experiment == "" || !page.Case.IsPublic(page.Now) {
		return nil
	}
	board, err := h.Cases.Board(ctx)
	if err != nil {
		return err
	}
	if s, ok := board.Score(page.Case.ID); ok {
		view := viewOf(ctx, page.Page, s, h.Cases)
		view.Rank, view.LessonRank = board.Rank(Practices, page.Case.ID), board.Rank(Lessons, page.Case.ID)
		page.Score = &view
	}
	return nil
}

// relatedAgain is how soon a page without what is similar is made again.
const relatedAgain = 10 * time.Second

// related adds what is similar. A search that is down takes nothing else with
// it.
func (h *Handlers) related(ctx context.Context, page *showPage) {
	if h.Cases.Similar == nil || !page.Case.IsOut(page.Now) {
		return
	}
	var err error
	if page.Related, err = h.Cases.Similar.SimilarCase(ctx, page.Case.ID, page.Lang, similarShown); err != nil {
		pagecache.Until(ctx, page.Now, page.Now.Add(relatedAgain))
		if fault.KindOf(err) == fault.Unavailable { // the index says itself what ails it
			return
		}
		h.Web.Log.Warn("similar cases are missing", "case", page.Case.ID, "err", err)
	}
}

// address sets what search engines and the language switcher need: the
// original is canonical, and only real versions are alternates.
func (p *showPage) address(public string) {
	c := p.Case
	p.Path = c.Path()
	p.Canonical = public + web.Path(c.Lang, c.Path())
	p.Alternates = []web.Alternate{{Lang: c.Lang, URL: web.Path(c.Lang, c.Path())}}
	for _, v := range p.Versions {
		p.Alternates = append(p.Alternates, web.Alternate{Lang: v.Lang, URL: web.Path(v.Lang, v.Path())})
	}
	p.NoIndex = !c.IsPublic(p.Now)
	if p.Description = c.Summary; p.Description == "" {
		p.Description = content.Excerpt(c.Body, leadLength)
	}
	p.Crumbs = []web.Crumb{{Title: p.T("case.list"), URL: p.URL("cases")}, {Title: c.Title}}
	p.Feeds = []web.Feed{{Title: p.T("case.list"), Path: "feeds/cases"}}
	p.Cite = p.T("case.cite_as", c.Title, p.Portal.Name, p.Date(c.Published), c.Revision, public+"/c/"+c.ID)
}

// facts fills the box of facts in the reader's language.
func (p *showPage) facts(ctx context.Context, s *Service) {
	c := p.Case
	var owners, themes []string
	for _, key := range c.Owners() {
		owners = append(owners, s.name(ctx, key, p.Lang))
	}
	p.Place = strings.Join(owners, ", ")
	if m, ok := content.MunicipalityOf(c.Organisation); ok {
		p.Size = p.T(m.SizeClass().Key())
	}
	if sector, ok := content.SectorOf(c.Sector); ok {
		p.Sector = sector.In(p.Lang)
	}
	for _, key := range c.Themes {
		themes = append(themes, themeName(key, p.Lang))
	}
	p.ThemeList = strings.Join(themes, ", ")
	switch {
	case !c.Start.IsZero() && !c.End.IsZero():
		p.Dates = p.DateShort(c.Start) + " – " + p.DateShort(c.End)
	case !c.Start.IsZero():
		p.Dates = p.DateShort(c.Start) + " –"
	case !c.End.IsZero():
		p.Dates = "– " + p.DateShort(c.End)
	}
	if c.Currency != "" {
		p.Cost = p.Money(c.CostCents, c.Currency)
	}
	if c.Hours > 0 {
		p.Hours = p.T("case.hours_of", p.Decimal(c.Hours, 1))
	}
	for _, m := range c.Measures {
		p.Measures = append(p.Measures, measureRowOf(m))
	}
	p.Authors = authorNames(ctx, s, c.Authors, p.Lang)
}

func measureRowOf(m Measure) measureRow {
	row := measureRow{Measure: m, Less: m.Direction == Down, Drawn: m.Baseline != nil || m.Limit != nil || m.Final != nil}
	if met, known := m.Met(); known && met {
		row.Verdict = "met"
	} else if known {
		row.Verdict = "missed"
	}
	return row
}

// authorNames are the names of people as others may see them, each once.
func authorNames(ctx context.Context, s *Service, people []string, lang string) []string {
	var names []string
	seen := map[string]bool{}
	for _, id := range people {
		if s.People == nil {
			continue
		}
		if name := s.People.PublicName(ctx, id, lang); name != "" && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

func (p *showPage) signals(ctx context.Context, s *Service) {
	row := func(organisation string, at time.Time, text string, result Outcome) signalRow {
		r := signalRow{Place: s.name(ctx, organisation, p.Lang), At: at, Text: text, Result: result}
		if m, ok := content.MunicipalityOf(organisation); ok {
			r.Size = p.T(m.SizeClass().Key())
		}
		return r
	}
	for _, a := range p.Adoptions {
		p.Adopted = append(p.Adopted, row(a.Organisation, a.At, a.Note, a.Result))
	}
	for _, e := range p.Endorsements {
		p.Endorsed = append(p.Endorsed, row(e.Organisation, e.At, e.Reason, ""))
	}
}
