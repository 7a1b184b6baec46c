package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// How much of each list an organisation's page shows.
const (
	placeExperiments = 8 // of each stage
	placeCases       = 8
)

// placePage is everything portal/organisation.html may use.
type placePage struct {
	web.Page
	Name, Slug, Region, Country, Size string
	Population                        int
	Into, IntoURL                     string // what it was merged into
	Text                              string // its own words about itself
	TextLang                          string
	Links                             []accounts.AboutLink
	Stages                            []placeStage
	Cases                             []caseCard
	Experiments, CaseCount            int
	ExperimentsURL, MapURL, CasesURL  string
	CalendarURL                       string
	MayEdit                           bool
}

// placeStage are an organisation's experiments of one stage.
type placeStage struct {
	Stage experiments.Stage
	Rows  []placeRow
	More  string // address of the rest, when there is one
}

type placeRow struct {
	Title, Lang, URL, Summary string
	Outcome                   experiments.Outcome
	Week, Weeks               int
}

// place is the page of an organisation: its experiments by stage, its cases and
// what it says of itself.
func (a *App) place(c *fiber.Ctx) error {
	o, err := a.organisationOf(c)
	if err != nil {
		return err
	}
	ctx, actor := web.Context(c), accounts.ActorOf(c)
	page := placePage{Page: a.Web.Page(c, "experiments"), Slug: o.Slug(), Population: o.Population}
	page.Name, page.Region = o.Name(page.Lang), o.RegionName(page.Lang)
	page.Country = countryName(o.Country, page.Lang)
	if class := content.SizeOf(o.Population); o.Kind == accounts.Municipality && class != content.SizeUnknown {
		page.Size = page.T(class.Key())
	}
	page.Description = page.T("place.description", page.Name)
	page.Crumbs = []web.Crumb{{Title: page.T("place.all"), URL: page.URL("organisations")}, {Title: page.Name}}
	if o.ClosedInto != "" {
		page.Into, _ = a.placeAndSize(ctx, page.Page, o.ClosedInto)
		page.IntoURL = page.URL("organisations", accounts.KeySlug(o.ClosedInto))
	}
	about, err := a.Accounts.About(ctx, o.Key)
	if err != nil {
		return err
	}
	page.Text, page.TextLang = about.In(page.Lang)
	page.Links = about.Links
	page.MayEdit = accounts.Can(actor, accounts.DescribePlace, accounts.Thing{Organisations: []string{o.Key}})
	if err := a.placeExperiments(ctx, actor, &page, o.Key); err != nil {
		return err
	}
	if err := a.placeCases(ctx, actor, &page, o.Key); err != nil {
		return err
	}
	return a.Web.Render(c, "portal/organisation", page)
}

// organisationOf is the organisation that an address names.
func (a *App) organisationOf(c *fiber.Ctx) (accounts.Organisation, error) {
	return a.Accounts.Organisation(web.Context(c), accounts.SlugKey(c.Params("key")))
}

func countryName(code, lang string) string {
	for _, t := range content.Countries() {
		if t.Key == code {
			return t.In(lang)
		}
	}
	return code
}

func (a *App) placeExperiments(ctx context.Context, actor accounts.Actor, page *placePage, key string) error {
	q := experiments.Query{Organisation: key}
	found, err := a.Experiments.Find(ctx, actor, q)
	if err != nil {
		return err
	}
	ask := "?" + q.Values().Encode()
	page.Experiments = len(found.Rows)
	page.ExperimentsURL, page.MapURL, page.CalendarURL = page.URL("experiments")+ask, page.URL("experiments/map")+ask, page.URL("experiments.ics")+ask
	page.Feeds = append(page.Feeds, web.Feed{Title: page.T("place.experiments"), Path: "feeds/experiments", Query: q.Values().Encode()})
	for _, stage := range placeOrder {
		s := placeStage{Stage: stage}
		for i := range found.Rows {
			if l := &found.Rows[i]; l.Stage == stage {
				s.Rows = append(s.Rows, a.placeRow(page.Page, l))
			}
		}
		if len(s.Rows) > placeExperiments {
			s.Rows, q.Stage = s.Rows[:placeExperiments], stage
			s.More = page.URL("experiments") + "?" + q.Values().Encode()
		}
		if len(s.Rows) > 0 {
			page.Stages = append(page.Stages, s)
		}
	}
	return nil
}

// placeOrder is the order of stages on an organisation's page: what goes on
// now comes first.
var placeOrder = []experiments.Stage{
	experiments.Running, experiments.Paused, experiments.Planned, experiments.Idea, experiments.Ended,
	experiments.Learned, experiments.Spread, experiments.Stopped, experiments.Archived, experiments.Draft,
}

func (a *App) placeRow(p web.Page, l *experiments.Listed) placeRow {
	row := placeRow{Title: l.Title, Lang: l.Lang, URL: p.URL("experiments", l.ID), Summary: l.Summary, Outcome: l.Outcome}
	if l.Stage == experiments.Running || l.Stage == experiments.Paused {
		row.Week, row.Weeks = l.Calendar.Week(a.Now(), a.Config.Zone), l.Calendar.Weeks(a.Config.Zone)
	}
	return row
}

func (a *App) placeCases(ctx context.Context, actor accounts.Actor, page *placePage, key string) error {
	list, err := a.Cases.List(ctx, actor, cases.Filter{Organisation: key, Reader: page.Lang, Limit: cases.MaxList})
	if err != nil {
		return err
	}
	page.CaseCount = len(list.Rows)
	query := "org=" + accounts.KeySlug(key)
	page.CasesURL = page.URL("cases") + "?" + query
	page.Feeds = append(page.Feeds, web.Feed{Title: page.T("place.cases"), Path: "feeds/cases", Query: query})
	for _, r := range list.Rows[:min(len(list.Rows), placeCases)] {
		page.Cases = append(page.Cases, caseCard{Title: r.Title, Lang: r.Lang, URL: page.URL(r.Path()), Lead: r.Lead, Outcome: r.Outcome, Published: r.Date})
	}
	return nil
}

// placesPage is everything portal/organisations.html may use.
type placesPage struct {
	web.Page
	Countries []placesOf
	Count     int
}

// placesOf are the organisations of one country that have something.
type placesOf struct {
	Name   string
	Places []placeLine
}

type placeLine struct {
	Name, Slug, Size, Region string
	Experiments, Cases       int
}

// places lists the organisations that have an experiment or a case that
// everybody may read.
func (a *App) places(c *fiber.Ctx) error {
	ctx := web.Context(c)
	page := placesPage{Page: a.Web.Page(c, "experiments")}
	page.Description = page.T("place.all_lead")
	page.Crumbs = []web.Crumb{{Title: page.T("place.all")}}
	found, err := a.Experiments.Find(ctx, accounts.Actor{}, experiments.Query{})
	if err != nil {
		return err
	}
	tried := map[string]int{}
	for i := range found.Rows {
		for _, key := range found.Rows[i].Organisations {
			tried[key]++
		}
	}
	told, err := a.Cases.CountByOrganisation(ctx)
	if err != nil {
		return err
	}
	all, err := a.Accounts.Organisations(ctx, page.Lang, accounts.OrganisationQuery{Closed: true})
	if err != nil {
		return err
	}
	for _, o := range all {
		line := placeLine{Name: o.Name(page.Lang), Slug: o.Slug(), Region: o.RegionName(page.Lang), Experiments: tried[o.Key], Cases: told[o.Key]}
		if line.Experiments+line.Cases == 0 {
			continue
		}
		_, line.Size = a.placeAndSize(ctx, page.Page, o.Key)
		page.add(countryName(o.Country, page.Lang), line)
	}
	return a.Web.Render(c, "portal/organisations", page)
}

func (p *placesPage) add(country string, line placeLine) {
	p.Count++
	i := slices.IndexFunc(p.Countries, func(of placesOf) bool { return of.Name == country })
	if i < 0 {
		i = len(p.Countries)
		p.Countries = append(p.Countries, placesOf{Name: country})
	}
	p.Countries[i].Places = append(p.Countries[i].Places, line)
}

// placeEditPage is everything portal/organisation_edit.html may use.
type placeEditPage struct {
	web.Page
	Name, Slug, Text string
	Links            []accounts.AboutLink // with empty ones to fill in
}

// editPlace shows the form of what an organisation says of itself.
func (a *App) editPlace(c *fiber.Ctx) error { return a.showEditPlace(c, a.Web.Page(c, "experiments")) }

func (a *App) showEditPlace(c *fiber.Ctx, p web.Page) error {
	actor := accounts.ActorOf(c)
	if !actor.SignedIn() {
		return accounts.ErrSignIn
	}
	o, err := a.organisationOf(c)
	if err != nil {
		return err
	}
	if err := accounts.Must(actor, accounts.DescribePlace, accounts.Thing{Organisations: []string{o.Key}}); err != nil {
		return err
	}
	about, err := a.Accounts.About(web.Context(c), o.Key)
	if err != nil {
		return err
	}
	page := placeEditPage{Page: p, Name: o.Name(p.Lang), Slug: o.Slug(), Text: about.Texts[p.Lang], Links: about.Links}
	page.Links = append(page.Links, make([]accounts.AboutLink, accounts.MaxAboutLinks-len(about.Links))...)
	page.NoIndex = true
	page.Crumbs = []web.Crumb{{Title: p.T("place.all"), URL: p.URL("organisations")}, {Title: page.Name, URL: p.URL("organisations", page.Slug)}, {Title: p.T("place.edit")}}
	return a.Web.Render(c, "portal/organisation_edit", page)
}

// savePlace keeps what an organisation says of itself.
func (a *App) savePlace(c *fiber.Ctx) error {
	actor := accounts.ActorOf(c)
	if !actor.SignedIn() {
		return accounts.ErrSignIn
	}
	form, err := a.Web.Form(c)
	if err != nil {
		return err
	}
	o, err := a.organisationOf(c)
	if err != nil {
		return err
	}
	var links []accounts.AboutLink
	for n := 1; n <= accounts.MaxAboutLinks; n++ {
		links = append(links, accounts.AboutLink{
			Title: form.Get(fmt.Sprintf("link_%d_title", n)), URL: form.Get(fmt.Sprintf("link_%d_url", n)), Video: form.Get(fmt.Sprintf("link_%d_video", n)) != "",
		})
	}
	err = a.Accounts.Describe(web.Context(c), actor, o.Key, web.Lang(c), form.Get("text"), links)
	if err != nil {
		return a.Web.Again(c, "experiments", form, err, func(p web.Page) error { return a.showEditPlace(c, p) })
	}
	return a.Web.See(c, "organisations/"+o.Slug(), "place_saved")
}
