package experiments

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// newPage is everything experiments/new.html and experiments/similar.html may
// use.
type newPage struct {
	web.Page
	Homes    []web.Option
	Home     string // the first of them
	Sectors  []web.Option
	Types    []Type
	Langs    []web.Option
	Similar  []similarRow
	Searched bool // the panel says so when nothing was found
	Wants    []web.Option
	Want     string // id of the wanted case that brought the reader here
	Words    string // of it
	Draft    keptDraft
	From     beginningView
}

// similarRow is one similar thing as the panel shows it.
type similarRow struct {
	Similar
	Because string
}

// nSimilar is how many similar things are shown.
const nSimilar = 5

func (h *Handlers) newForm(c *fiber.Ctx) error {
	if _, err := signedIn(c); err != nil {
		return err
	}
	return h.showNew(c, h.Page(c, section), nil, false)
}

func (h *Handlers) showNew(c *fiber.Ctx, p web.Page, found []Similar, searched bool) error {
	a := accounts.ActorOf(c)
	homes, err := h.Experiments.HomesOf(web.Context(c), a)
	if err != nil {
		return err
	}
	kept := keptDraft{URL: draftURL(p, Unborn, SectionProblem)}
	if !begins(c) {
		if p, kept, _, err = h.resume(c, p, Unborn, SectionProblem); err != nil {
			return err
		}
	}
	page := newPage{Draft: kept, Page: p, Sectors: sectors(p.Lang), Types: Types, Similar: similarRows(p, found), Searched: searched}
	page.NoIndex = true
	page.Crumbs = crumbs(p, nil, p.T("experiment.new_title"))
	for _, o := range homes {
		page.Homes = append(page.Homes, web.Option{Value: o.Key, Label: o.Name(p.Lang)})
	}
	if len(homes) > 0 {
		page.Home = homes[0].Key
	}
	if err := h.wanted(c, &page); err != nil {
		return err
	}
	if err := h.beginning(c, &page); err != nil {
		return err
	}
	for _, lang := range i18n.Languages {
		page.Langs = append(page.Langs, web.Option{Value: lang, Label: i18n.Name(lang)})
	}
	return h.Render(c, "experiments/new", page)
}

// wanted fills in the wanted cases that can be answered, and begins the title
// with the words of the one that the address names.
func (h *Handlers) wanted(c *fiber.Ctx, page *newPage) error {
	list, err := h.Experiments.OpenWants(web.Context(c), "")
	asked := strings.Clone(c.Query("wanted"))
	for _, w := range list {
		page.Wants = append(page.Wants, web.Option{Value: w.ID, Label: w.Words})
		if w.ID == asked {
			page.Want, page.Words = w.ID, w.Words
		}
	}
	return err
}

func similarRows(p web.Page, found []Similar) []similarRow {
	var list []similarRow
	for _, s := range found {
		row := similarRow{Similar: s}
		if len(s.Why) > 0 {
			row.Because = p.T("experiment.similar_because", strings.Join(s.Why, ", "))
		}
		list = append(list, row)
	}
	return list
}

// register takes the five questions. The button "similar" only looks for what
// is alike, and keeps everything typed.
func (h *Handlers) register(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	r := registrationOf(form, web.Lang(c))
	found, looked := h.find(web.Context(c), web.Lang(c), r.Title+"\n"+r.Summary+"\n"+r.Problem)
	if form.Has("similar") {
		page := h.Page(c, section)
		page.Form = form
		return h.showNew(c, page, found, looked)
	}
	if r.Shown = found; looked {
		r.SearchWords = r.Title
	}
	id, err := h.Experiments.Register(web.Context(c), a, r)
	if err != nil {
		h.keepRefused(c, Unborn, SectionProblem, form, err)
		return h.Again(c, section, form, err, func(p web.Page) error { return h.showNew(c, p, found, false) })
	}
	if form.Has("later") {
		return h.See(c, at(id), "experiment_registered")
	}
	return h.See(c, at(id, "plan"), "experiment_registered")
}

func registrationOf(f web.Form, lang string) Registration {
	r := Registration{
		Lang: f.Get("lang"), Title: f.Get("title"), Summary: f.Get("summary"), Problem: f.Get("problem"),
		Organisation: f.Get("organisation"), OwnerRole: f.Get("owner_role"), Sector: f.Get("sector"), Themes: f.All("themes"), Type: Type(f.Get("type")),
		Wanted: f.Get("wanted"), FromCase: f.Get("from_case"), Parent: f.Get("parent"),
	}
	if r.Lang == "" {
		r.Lang = lang
	}
	return r
}

// find looks for similar things, and reports whether it could: when the index
// cannot answer, the form works without it.
func (h *Handlers) find(ctx context.Context, lang, text string) (found []Similar, looked bool) {
	if h.Experiments.Finder == nil || len(strings.TrimSpace(text)) < 8 {
		return nil, false
	}
	found, err := h.Experiments.Finder.Similar(ctx, lang, cut(text, 1000), nSimilar)
	if err != nil && fault.KindOf(err) != fault.Unavailable { // the index says itself, once, that it is down
		h.Log.Warn("similar experiments", "err", err)
	}
	return found, err == nil
}

// similar answers the script of the form with the panel alone.
func (h *Handlers) similar(c *fiber.Ctx) error {
	if _, err := signedIn(c); err != nil {
		return err
	}
	var words []string
	for _, name := range []string{"q", "title", "summary", "problem"} {
		if text, ok := web.CleanText(string(c.Request().URI().QueryArgs().Peek(name))); ok {
			words = append(words, text)
		}
	}
	page := newPage{Page: h.Page(c, section)}
	found, looked := h.find(web.Context(c), page.Lang, strings.Join(words, "\n"))
	page.Similar, page.Searched = similarRows(page.Page, found), looked
	return h.Render(c, "experiments/similar", page)
}
