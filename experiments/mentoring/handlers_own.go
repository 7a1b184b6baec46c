package mentoring

import (
	"context"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// ownPage is everything mentoring/own.html may use.
type ownPage struct {
	web.Page
	Mentor    Mentor
	Known     bool // there is a profile already
	Profile   Profile
	Skills    []skillField
	Tongues   []placeField
	Fields    []placeField // sectors
	Levels    []web.Option
	Languages []web.Option
	Sectors   []web.Option
	Themes    []web.Option
	Homes     []web.Option
	Mentees   []web.Option
	AllRoles  []Role
	AllPhases []experiments.Stage
	AllCosts  []Cost
	AllPlaces []Surroundings
	Asks      []askedLine // teams that ask or are helped
}

// skillField is one skill of the form with its stored level as a word.
type skillField struct{ Name, Label, Word string }

// placeField is one place of an ordered list in a form.
type placeField struct{ Name, Label, Value string }

type askedLine struct{ Title, Lang, URL, Words string }

func (h *Handlers) own(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	return h.showOwn(c, h.Web.Page(c, section), a)
}

func (h *Handlers) showOwn(c *fiber.Ctx, p web.Page, a accounts.Actor) error {
	ctx := web.Context(c)
	page := ownPage{Page: p, AllRoles: Roles, AllPhases: Phases, AllCosts: Costs, AllPlaces: AllSurroundings}
	page.NoIndex, page.Path = true, "/mentors/me"
	page.Crumbs = []web.Crumb{{Title: p.T("mentor.list"), URL: p.URL("mentors")}, {Title: p.T("mentor.own_profile")}}
	var err error
	if page.Profile, page.Known, err = h.Mentoring.Mine(ctx, a, p.Lang); err != nil {
		return err
	}
	page.Mentor = page.Profile.Mentor
	if !page.Known {
		page.Mentor = Mentor{Languages: []string{a.Lang}, Hours: 1, MaxMentees: 1, Cost: Free, Organisation: a.Home(), Active: true, Lang: p.Lang}
	}
	page.offer()
	if page.Homes, err = h.homes(ctx, a, p.Lang); err != nil {
		return err
	}
	if page.Asks, err = h.asked(ctx, a, p); err != nil {
		return err
	}
	return h.Web.Render(c, "mentoring/own", page)
}

// offer fills in the choices of the form.
func (p *ownPage) offer() {
	for _, word := range LevelWords {
		p.Levels = append(p.Levels, web.Option{Value: word, Label: p.T("mentor.level_" + word)})
	}
	for _, t := range content.Skills() {
		p.Skills = append(p.Skills, skillField{"skill_" + t.Key, t.In(p.Lang), p.Mentor.Skills[t.Key].Word()})
	}
	chosen := slices.Concat(p.Mentor.Sectors, placed(p.Form, "sector", MaxSectors))
	p.Languages, p.Sectors, p.Themes = languageOptions(p.Page), sectorOptions(p.Page, chosen), termOptions(p.Page, content.Themes())
	p.Tongues = places(p.Page, "lang", "mentor.language_place", len(p.Languages), p.Mentor.Languages)
	p.Fields = places(p.Page, "sector", "mentor.sector_place", MaxSectors, p.Mentor.Sectors)
	for n := range MaxMentees {
		p.Mentees = append(p.Mentees, web.Option{Value: strconv.Itoa(n + 1), Label: p.N("mentor.teams", n+1)})
	}
}

// places are the selects of an ordered list: name1, name2 and so on.
func places(p web.Page, name, key string, n int, stored []string) []placeField {
	list := make([]placeField, n)
	for i := range list {
		list[i] = placeField{Name: name + strconv.Itoa(i+1), Label: p.T(key, i+1)}
		if i < len(stored) {
			list[i].Value = stored[i]
		}
	}
	return list
}

// placed reads an ordered list of selects; empty ones are left out.
func placed(f web.Form, name string, n int) []string {
	var list []string
	for i := range n {
		if v := f.Get(name + strconv.Itoa(i+1)); v != "" {
			list = append(list, v)
		}
	}
	return list
}

func (h *Handlers) homes(ctx context.Context, a accounts.Actor, lang string) ([]web.Option, error) {
	all, err := h.Mentoring.Homes(ctx, a.Organisations())
	var list []web.Option
	for _, o := range all {
		list = append(list, web.Option{Value: o.Key, Label: o.Name(lang)})
	}
	return list, err
}

// asked are the teams that wait for the mentor's answer or are helped.
func (h *Handlers) asked(ctx context.Context, a accounts.Actor, p web.Page) ([]askedLine, error) {
	open, err := h.Mentoring.OpenOf(ctx, a)
	var list []askedLine
	for _, o := range open {
		words := p.T("mentor.state_" + string(o.State))
		if o.State == Waits {
			words = p.T("mentor.answer_by", p.Date(o.Turn().Due))
		}
		list = append(list, askedLine{o.Title, o.TitleLang, p.URL("mentorships", o.ID), words})
	}
	return list, err
}

func (h *Handlers) keep(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	if _, err := h.Mentoring.Keep(web.Context(c), a, mentorOf(form, web.Lang(c))); err != nil {
		return h.Web.Again(c, section, form, err, func(p web.Page) error { return h.showOwn(c, p, a) })
	}
	return h.Web.See(c, "mentors/me", "mentor_kept")
}

// mentorOf reads the form of a profile. What is no number becomes one that the
// rules refuse.
func mentorOf(f web.Form, lang string) Mentor {
	m := Mentor{
		Organisation: f.Get("organisation"), Surroundings: Surroundings(f.Get("surroundings")),
		Languages: placed(f, "lang", 5), Sectors: placed(f, "sector", MaxSectors), Themes: f.All("themes"),
		Cost: Cost(f.Get("cost")), Interest: f.Get("interest"), Presentation: f.Get("presentation"), Lang: f.Get("text_lang"),
		Active: f.Has("active"), Skills: map[string]Level{},
	}
	if m.Lang == "" {
		m.Lang = lang
	}
	for _, t := range content.Skills() {
		m.Skills[t.Key] = LevelOf(f.Get("skill_" + t.Key))
	}
	for _, r := range f.All("roles") {
		m.Roles = append(m.Roles, Role(r))
	}
	for _, s := range f.All("phases") {
		m.Phases = append(m.Phases, experiments.Stage(s))
	}
	m.Hours, _ = f.Number("hours")
	m.MaxMentees, _ = f.Int("max_mentees")
	if f.Get("years") != "" {
		var ok bool
		if m.Years, ok = f.Int("years"); !ok {
			m.Years = -1
		}
	}
	return m
}
