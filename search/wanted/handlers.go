package wanted

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
)

// Handlers are the pages of wanted cases: the public list and the moderators'
// desk. The fields are set once, before Register.
type Handlers struct {
	Web    *web.Kit
	Wanted *Service
}

// Register adds the pages below a language.
func (h *Handlers) Register(r web.Routes) {
	r.Get("/wanted", h.list)
	r.Get("/wanted/desk", h.desk)
	r.Post("/wanted/:id/decide", h.decide)
	r.Feed(h.Web, "wanted", h.feed)
}

// listPage is everything search/wanted.html may use.
type listPage struct {
	web.Page
	Lines    []line
	MayTry   bool // belongs to an organisation, whose experiment it would be
	MayJudge bool
	Waiting  int
}

// line is a want with its words and addresses.
type line struct {
	Line
	Month   string // in which it was asked for last
	Again   string // the search
	Try     string // registers an experiment
	CaseURL string // of the case that answers it
	Titled  string
	InLang  string
}

func (h *Handlers) list(c *fiber.Ctx) error {
	a := accounts.ActorOf(c)
	page := listPage{Page: h.Web.Page(c, ""), MayTry: len(a.Organisations()) > 0 || !a.SignedIn()}
	page.MayJudge = accounts.Can(a, accounts.ModerateWanted, accounts.Thing{})
	page.Description = page.T("wanted.lead")
	page.Crumbs = []web.Crumb{{Title: page.T("search.title"), URL: page.URL("search")}, {Title: page.T("wanted.title")}}
	page.Feeds = []web.Feed{{Title: page.T("wanted.title"), Path: "feeds/wanted"}}
	list, err := h.Wanted.List(web.Context(c))
	if err != nil {
		return err
	}
	for _, l := range list {
		page.Lines = append(page.Lines, lineOf(page.Page, l))
	}
	if page.Waiting, err = h.Wanted.WaitingFor(web.Context(c), a); err != nil {
		return err
	}
	return h.Web.Render(c, "search/wanted", page)
}

func lineOf(p web.Page, l Line) line {
	out := line{
		Line: l, Month: month(l.Want), Again: p.URL("search") + "?" + search.Query(l.Words, nil),
		Try: p.URL("experiments/new") + "?wanted=" + l.ID,
	}
	if l.Case.ID != "" {
		out.CaseURL, out.Titled, out.InLang = web.Path(p.Lang, l.Case.Path), l.Case.Title, l.Case.Lang
	}
	return out
}

// feed is the list as RSS, Atom and JSON Feed: in the order it became public.
func (h *Handlers) feed(c *fiber.Ctx) (web.Channel, error) {
	p := h.Web.Page(c, "")
	ch := web.Channel{Title: p.T("wanted.title"), Description: p.T("wanted.lead"), Home: "wanted"}
	list, err := h.Wanted.List(web.Context(c))
	for _, l := range list {
		item := web.Item{
			ID: p.Absolute(web.Path(l.Lang, "wanted")) + "#" + l.ID, URL: p.Absolute(p.URL("wanted")) + "#" + l.ID,
			Title: l.Words, Lang: l.Lang, Summary: p.N("wanted.times", l.Times(), month(l.Want)), Published: l.Decided, Updated: l.Decided,
		}
		if l.Found != nil {
			item.Updated = l.Found.At
			item.Summary += " " + p.T("wanted.found_now") + " " + l.Case.Title
		}
		ch.Items = append(ch.Items, item)
	}
	return ch, err
}

// deskPage is everything search/wanted_desk.html may use.
type deskPage struct {
	web.Page
	Waiting, Open []judged
	Heard, Hidden int
}

// judged is a want with the form to decide about it. Typed is what was typed in
// it when it was refused.
type judged struct {
	Want
	Page  web.Page
	Into  []web.Option // the other open wants
	Month string
	Typed string
}

func (h *Handlers) desk(c *fiber.Ctx) error { return h.showDesk(c, h.Web.Page(c, ""), "") }

func (h *Handlers) showDesk(c *fiber.Ctx, p web.Page, about string) error {
	desk, err := h.Wanted.Desk(web.Context(c), accounts.ActorOf(c))
	if err != nil {
		return err
	}
	page := deskPage{Page: p, Heard: desk.Heard, Hidden: desk.Hidden}
	page.NoIndex, page.Path = true, "/wanted/desk"
	page.Crumbs = []web.Crumb{{Title: p.T("wanted.title"), URL: p.URL("wanted")}, {Title: p.T("wanted.desk")}}
	for _, w := range desk.Waiting {
		page.Waiting = append(page.Waiting, judgedOf(p, w, desk.Open, about))
	}
	for _, w := range desk.Open {
		page.Open = append(page.Open, judgedOf(p, w, desk.Open, about))
	}
	return h.Web.Render(c, "search/wanted_desk", page)
}

func judgedOf(p web.Page, w Want, open []Want, about string) judged {
	j := judged{Want: w, Page: p, Month: month(w)}
	for _, o := range open {
		if o.ID != w.ID {
			j.Into = append(j.Into, web.Option{Value: o.ID, Label: o.Words})
		}
	}
	if w.ID == about {
		j.Typed = p.Form.Get("reason")
	}
	return j
}

// decide takes one of the three buttons of a want.
func (h *Handlers) decide(c *fiber.Ctx) error {
	id, a := strings.Clone(c.Params("id")), accounts.ActorOf(c)
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	if err := h.judge(c, a, id, form); err != nil {
		if accounts.Must(a, accounts.ModerateWanted, accounts.Thing{}) != nil {
			return err
		}
		return h.Web.Again(c, "", form, err, func(p web.Page) error { return h.showDesk(c, p, id) })
	}
	return h.Web.See(c, "wanted/desk", "wanted_"+form.Get("do"))
}

func (h *Handlers) judge(c *fiber.Ctx, a accounts.Actor, id string, form web.Form) error {
	ctx := web.Context(c)
	if err := accounts.Must(a, accounts.ModerateWanted, accounts.Thing{}); err != nil {
		return err
	}
	switch form.Get("do") {
	case "approve":
		return h.Wanted.Approve(ctx, a, id)
	case "hide":
		return h.Wanted.Hide(ctx, a, id, form.Get("reason"))
	case "merge":
		return h.Wanted.Merge(ctx, a, id, form.Get("into"))
	}
	return ErrAct
}

// month is when a want was asked for last, as it is written in every language.
func month(w Want) string { return w.LastMonth().Format("1/2006") }
