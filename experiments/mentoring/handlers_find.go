package mentoring

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// findPage is everything mentoring/find.html may use.
type findPage struct {
	web.Page
	Card      experiments.Experiment
	Wish      Wish
	Searched  bool // a wish was sent and is whole
	Results   []result
	Waiting   []askedLine
	Only      string // name of the one person who is looked for
	Asked     []askField
	Tongues   []placeField
	Skills    []web.Option
	Weights   []web.Option
	Languages []web.Option
	Roles     []web.Option
	Homes     []web.Option
	AllPhases []experiments.Stage
	Sector    string // of the card, in words
	Hidden    []hidden
}

// askField is one row of the wish: a skill and how much it matters.
type askField struct{ Skill, Weight placeField }

// hidden is a part of the wish that the form for asking carries on.
type hidden struct{ Name, Value string }

// result is one mentor who fits.
type result struct {
	Found
	Place, Size, Speaks string
	Points              string
	Bars                []barLine
}

// barLine is one part of a score as a row of its table.
type barLine struct {
	Name    string
	Percent float64
	Words   string
}

const wishLanguages = 3

func (h *Handlers) find(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	return h.showFind(c, h.Web.Page(c, "experiments"), a)
}

// showFind shows the wish, what was typed or what the card suggests, and when
// it is whole, who fits it.
func (h *Handlers) showFind(c *fiber.Ctx, p web.Page, a accounts.Actor) error {
	ctx, id := web.Context(c), idOf(c)
	found, err := h.Mentoring.Team(ctx, a, id)
	if err != nil {
		return err
	}
	page := findPage{Page: p, AllPhases: Phases}
	page.Path = "/experiments/" + id + "/mentors"
	if !page.Form.Sent {
		page.Form = queryForm(c)
	}
	page.Wish = suggested(found.Experiment, a)
	if page.Form.Has("role") {
		faults := page.Form.Faults
		page.Wish = wishOf(page.Form)
		found, err = h.Mentoring.Find(ctx, a, id, p.Lang, page.Wish)
		if err != nil && found.Experiment.ID == "" {
			return err
		}
		if page.Searched = err == nil; !page.Searched && len(faults) == 0 {
			page.Page = page.Refused(page.Form, err)
		}
	} else {
		page.Wish.Mentor, page.Form.Sent = page.Form.Get("mentor"), false
	}
	if err := h.fillFind(c, &page, found); err != nil {
		return err
	}
	return h.Web.Render(c, "mentoring/find", page)
}

// fillFind puts a search into words.
func (h *Handlers) fillFind(c *fiber.Ctx, page *findPage, found Search) error {
	p, e := page.Page, found.Experiment
	page.Card, page.NoIndex = e, true
	page.Crumbs = []web.Crumb{
		{Title: p.T("theme.experiments"), URL: p.URL("experiments")}, {Title: e.Title, URL: p.URL("experiments", e.ID)}, {Title: p.T("mentor.find")},
	}
	page.Sector = sectorWords(p, []string{e.Sector})
	page.offer(found.Homes)
	for _, m := range found.Waiting {
		words := p.T("mentor.note_asked", p.DateShort(m.Turn().Asked), p.DateShort(m.Turn().Due))
		page.Waiting = append(page.Waiting, askedLine{words, p.Lang, p.URL("mentorships", m.ID), p.T("mentor.role_" + string(m.Wish.Role))})
	}
	for _, f := range found.Found {
		page.Results = append(page.Results, newResult(p, f))
	}
	if page.Searched {
		page.Hidden = wishFields(page.Wish)
	}
	if page.Wish.Mentor == "" {
		return nil
	}
	only, err := h.Mentoring.Get(web.Context(c), accounts.ActorOf(c), page.Wish.Mentor, p.Lang)
	if errors.Is(err, ErrNoMentor) {
		return nil // went away meanwhile: nobody fits
	}
	page.Only = only.Name
	return err
}

// offer fills in the choices of the wish.
func (p *findPage) offer(homes []accounts.Organisation) {
	p.Skills, p.Languages, p.Roles = skillOptions(p.Page), languageOptions(p.Page), roleOptions(p.Page)
	for n := range MaxWeight {
		w := strconv.Itoa(MaxWeight - n)
		p.Weights = append(p.Weights, web.Option{Value: w, Label: p.T("mentor.weight_" + w)})
	}
	for _, o := range homes {
		p.Homes = append(p.Homes, web.Option{Value: o.Key, Label: o.Name(p.Lang)})
	}
	p.Tongues = places(p.Page, "lang", "mentor.language_place", wishLanguages, p.Wish.Languages)
	skills := places(p.Page, "skill", "mentor.skill_place", MaxAsked, nil)
	weights := places(p.Page, "weight", "mentor.weight_place", MaxAsked, nil)
	for i := range skills {
		weights[i].Value = "2"
		if i < len(p.Wish.Skills) {
			skills[i].Value, weights[i].Value = p.Wish.Skills[i].Skill, strconv.Itoa(p.Wish.Skills[i].Weight)
		}
		p.Asked = append(p.Asked, askField{skills[i], weights[i]})
	}
}

func newResult(p web.Page, f Found) result {
	r := result{Found: f, Speaks: words(p, "mentor.lang_", f.Languages), Points: p.Decimal(f.Score, 1)}
	r.Place, r.Size = home(p, f.Home)
	for _, b := range f.Parts.Bars() {
		r.Bars = append(r.Bars, barLine{p.T("mentor.bar_" + b.Name), b.Percent(), p.T("theme.points_of", p.Decimal(b.Points(), 1), p.Num(b.Most))})
	}
	return r
}

// queryForm is what stands in the address, cleaned as a form is.
func queryForm(c *fiber.Ctx) web.Form {
	f := web.Form{Sent: true, Values: url.Values{"move_on": {"1"}}} // ticked until somebody takes the tick away
	values, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return f
	}
	for name, list := range values {
		for _, v := range list {
			if clean, ok := web.CleanText(v); ok && len(f.Values[name]) < 20 {
				f.Values.Add(name, clean)
			}
		}
	}
	return f
}

// wishOf reads a wish. What is no number becomes one that the rules refuse.
func wishOf(f web.Form) Wish {
	w := Wish{Role: Role(f.Get("role")), Languages: placed(f, "lang", wishLanguages), Organisation: f.Get("organisation"), Mentor: f.Get("mentor")}
	for i := range MaxAsked {
		n := strconv.Itoa(i + 1)
		key := f.Get("skill" + n)
		if key == "" || slices.ContainsFunc(w.Skills, func(a Asked) bool { return a.Skill == key }) {
			continue
		}
		weight, _ := f.Int("weight" + n)
		w.Skills = append(w.Skills, Asked{Skill: key, Weight: weight})
	}
	for _, s := range f.All("phases") {
		w.Phases = append(w.Phases, experiments.Stage(s))
	}
	w.Hours, _ = f.Number("hours")
	return w
}

// wishFields are a wish as the hidden fields of the form for asking.
func wishFields(w Wish) []hidden {
	list := []hidden{{"role", string(w.Role)}, {"hours", strconv.FormatFloat(w.Hours, 'f', -1, 64)}, {"organisation", w.Organisation}, {"mentor", w.Mentor}}
	for i, a := range w.Skills {
		n := strconv.Itoa(i + 1)
		list = append(list, hidden{"skill" + n, a.Skill}, hidden{"weight" + n, strconv.Itoa(a.Weight)})
	}
	for i, l := range w.Languages {
		list = append(list, hidden{"lang" + strconv.Itoa(i+1), l})
	}
	for _, s := range w.Phases {
		list = append(list, hidden{"phases", string(s)})
	}
	return slices.DeleteFunc(list, func(h hidden) bool { return h.Value == "" })
}

// themeSkills is which skill an experiment with a theme most often asks for.
var themeSkills = map[string]string{
	"service-design": "service-design", "e-services": "usability", "participation": "participation", "open-data": "data-apis",
	"location-data": "data-apis", "ai": "ai", "automation": "system-specifier", "shared-systems": "procurement",
	"data-protection": "data-protection", "inclusion": "usability", "working-culture": "change-agent", "procurement": "procurement",
}

// suggested is the wish that a card suggests: skills of its themes, the phase
// it is in, the asker's language and then the card's.
func suggested(e experiments.Experiment, a accounts.Actor) Wish {
	w := Wish{Role: Mentoring, Hours: 1, Languages: unique([]string{cmp.Or(a.Lang, e.Lang), e.Lang})}
	for _, theme := range e.Themes {
		key := themeSkills[theme]
		if key != "" && len(w.Skills) < MaxAsked && !slices.ContainsFunc(w.Skills, func(s Asked) bool { return s.Skill == key }) {
			w.Skills = append(w.Skills, Asked{Skill: key, Weight: 2})
		}
	}
	stage := e.Stage
	if stage == experiments.Paused {
		stage = experiments.Running
	}
	if slices.Contains(Phases, stage) {
		w.Phases = []experiments.Stage{stage}
	}
	return w
}

func (h *Handlers) ask(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	q := Question{Wish: wishOf(form), Message: form.Get("message"), Lang: web.Lang(c), MoveOn: form.Has("move_on")}
	q.Wish.Mentor = cmp.Or(form.Get("ask"), q.Wish.Mentor)
	id, err := h.Mentoring.Ask(web.Context(c), a, idOf(c), q)
	if err != nil {
		return h.Web.Again(c, "experiments", form, err, func(p web.Page) error { return h.showFind(c, p, a) })
	}
	return h.Web.See(c, "mentorships/"+id, "mentor_asked")
}
