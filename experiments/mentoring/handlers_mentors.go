package mentoring

import (
	"context"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// listPage is everything mentoring/list.html may use.
type listPage struct {
	web.Page
	Query                    Query
	Cards                    []card
	Full                     int
	NextURL                  string
	Skills, Languages, Roles []web.Option
	Filtered                 bool
	HasProfile               bool
}

// card is a mentor in a list.
type card struct {
	Profile
	Place, Size, Speaks, Offers, Knows, FreeWords string
}

func (h *Handlers) list(c *fiber.Ctx) error {
	ctx, a := web.Context(c), accounts.ActorOf(c)
	page := listPage{Page: h.Web.Page(c, section)}
	page.Query = Query{Skill: query(c, "skill"), Lang: query(c, "language"), Role: Role(query(c, "role")), After: query(c, "after")}
	page.Filtered = page.Query.Skill != "" || page.Query.Lang != "" || page.Query.Role != ""
	page.NoIndex = page.Filtered || page.Query.After != ""
	page.Description = page.T("mentor.list_lead")
	page.Crumbs = []web.Crumb{{Title: page.T("mentor.list")}}
	list, err := h.Mentoring.List(ctx, a, page.Lang, page.Query)
	if err != nil {
		return err
	}
	for _, m := range list.Mentors {
		page.Cards = append(page.Cards, newCard(page.Page, m))
	}
	page.Full = list.Full
	if list.Next != "" {
		page.NextURL = page.URL("mentors") + "?" + url.Values{
			"skill": {page.Query.Skill}, "language": {page.Query.Lang}, "role": {string(page.Query.Role)}, "after": {list.Next},
		}.Encode()
	}
	page.Skills, page.Languages, page.Roles = skillOptions(page.Page), languageOptions(page.Page), roleOptions(page.Page)
	_, page.HasProfile, err = h.Mentoring.Mine(ctx, a, page.Lang)
	if err != nil {
		return err
	}
	return h.Web.Render(c, "mentoring/list", page)
}

func roleOptions(p web.Page) []web.Option {
	var list []web.Option
	for _, r := range Roles {
		list = append(list, web.Option{Value: string(r), Label: p.T("mentor.role_" + string(r)), Help: p.T("mentor.role_" + string(r) + "_help")})
	}
	return list
}

func newCard(p web.Page, m Profile) card {
	k := card{
		Profile: m, Speaks: words(p, "mentor.lang_", m.Languages), Offers: words(p, "mentor.role_", m.Roles),
		FreeWords: p.T("mentor.free_hours", p.Decimal(m.Free(), 1)),
	}
	k.Place, k.Size = home(p, m.Home)
	var skills []string
	for i, s := range m.SkillLines() {
		if i == 4 {
			break
		}
		skills = append(skills, skillName(p, s.Key))
	}
	k.Knows = strings.Join(skills, ", ")
	return k
}

// showPage is everything mentoring/show.html may use.
type showPage struct {
	web.Page
	Card      card
	Skills    []skillRow
	Sectors   string
	Themes    string
	Phases    string
	Surrounds string
	Asks      []askLine // the reader's experiments to ask for
}

type skillRow struct{ Name, Level string }

type askLine struct{ Title, Lang, URL string }

func (h *Handlers) show(c *fiber.Ctx) error {
	ctx, a := web.Context(c), accounts.ActorOf(c)
	page := showPage{Page: h.Web.Page(c, section)}
	m, err := h.Mentoring.Get(ctx, a, idOf(c), page.Lang)
	if err != nil {
		return err
	}
	page.Card = newCard(page.Page, m)
	page.NoIndex = !m.IsPublic(page.Now)
	page.Description = page.Card.Knows
	page.Crumbs = []web.Crumb{{Title: page.T("mentor.list"), URL: page.URL("mentors")}, {Title: m.Name}}
	for _, s := range m.SkillLines() {
		page.Skills = append(page.Skills, skillRow{skillName(page.Page, s.Key), page.T("mentor.level_" + s.Level.Word())})
	}
	page.Sectors, page.Themes = sectorWords(page.Page, m.Sectors), themeWords(page.Page, m.Themes)
	page.Phases = words(page.Page, "stage.", m.Phases)
	if s := m.Place().Surroundings; s != "" {
		page.Surrounds = page.T("mentor.surroundings_" + string(s))
	}
	if page.Asks, err = h.askable(ctx, a, page.Page, m.ID); err != nil {
		return err
	}
	return h.Web.Render(c, "mentoring/show", page)
}

// askable are the reader's experiments that a mentor can be asked for.
func (h *Handlers) askable(ctx context.Context, a accounts.Actor, p web.Page, mentor string) (lines []askLine, err error) {
	if !a.SignedIn() {
		return nil, nil
	}
	rows, err := h.Mentoring.Own(ctx, a)
	for _, r := range rows {
		lines = append(lines, askLine{r.Title, r.Lang, p.URL("experiments", r.ID, "mentors") + "?mentor=" + mentor})
	}
	return lines, err
}
