package experiments

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// showPage is everything experiments/show.html may use.
type showPage struct {
	web.Page
	Sheet
	Place, Size, SectorName string
	ThemeNames              []string
	Others                  []string // partners, with their roles
	Team                    []personLine
	Week, Weeks             int
	First, Last             string // days of the week line
	Gates                   []int
	Do                      *actionView
	Measures                []measureView
	Lines                   []entryView
	OpenLines               []entryView // obstacles that nobody has followed up
	Deviations              []deviationView
	Kind                    LogKind
	Kinds                   []LogKind
	OlderURL                string
	LastMove                string // reason of the last move, where there is one
	MeasureChoices          []web.Option
	Today                   string
	MayEdit, MayLog         bool
	MayConfirm, MaySteer    bool
	TeamOpen                bool
	Public                  publicView
	Family                  familyView
	Safe                    safety
	Steps                   []Stage // that readers beside the team may take, with a reason
}

type personLine struct{ ID, Name, Role string }

// actionView is the next thing to do, in words and with its button.
type actionView struct {
	Action
	Title, Text, Button string
	Href                string // a link; else the button posts to Post
	Post                string
}

func (h *Handlers) show(c *fiber.Ctx) error {
	return h.sheet(c, h.Page(c, section), LogQuery{Limit: 8})
}

func (h *Handlers) sheet(c *fiber.Ctx, p web.Page, q LogQuery) error {
	a := accounts.ActorOf(c)
	sheet, err := h.Experiments.Sheet(web.Context(c), a, c.Params("id"), p.Lang, q)
	if err != nil {
		return err
	}
	page := h.sheetPage(p, a, sheet)
	page.Crumbs = crumbs(p, &sheet.Card, "")
	page.Feeds = logFeeds(p, &sheet.Card)
	if sheet.Log.Older > 0 {
		page.OlderURL = page.URL("experiments", sheet.Card.ID, "log") + "?before=" + strconv.Itoa(sheet.Log.Older)
	}
	return h.Render(c, "experiments/show", page)
}

func (h *Handlers) sheetPage(p web.Page, a accounts.Actor, sheet Sheet) showPage {
	e := &sheet.Card
	home := sheet.Places[e.Organisation]
	zone := h.Experiments.Zone
	page := showPage{
		Page: p, Sheet: sheet,
		Place: home.Name(p.Lang), Size: sizeName(p, home), SectorName: sectorName(p.Lang, e.Sector), ThemeNames: themeNames(p.Lang, e.Themes),
		Week: e.Calendar.Week(p.Now, zone), Weeks: e.Calendar.Weeks(zone),
		MayEdit: accounts.Can(a, accounts.EditExperiment, sheet.Thing), MayLog: accounts.Can(a, accounts.AppendLog, sheet.Thing) && e.Stage != Archived,
		MayConfirm: accounts.Can(a, accounts.ConfirmStart, sheet.Thing) && e.Stage == Planned && e.NeedsConfirmation() && e.Confirmed.At.IsZero(),
		TeamOpen:   h.Experiments.TeamOpen, Today: p.ISO(p.Now),
	}
	page.Family = familyViewOf(p, sheet, zone)
	page.Safe, page.Steps = safetyOf(p, sheet, h.Experiments.TeamOpen), stepsFor(a, e, sheet.Thing)
	page.MaySteer = accounts.Can(a, accounts.PauseExperiment, sheet.Thing)
	page.Description, page.NoIndex = e.Summary, !e.IsPublic(p.Now)
	if e.Calendar.Set() {
		page.First, page.Last = p.DateShort(e.Calendar.Start), p.DateShort(e.Calendar.End)
	}
	for _, gate := range []int{4, 8, 12} {
		if gate <= page.Weeks && e.Type != Micro {
			page.Gates = append(page.Gates, gate)
		}
	}
	if n := len(e.Moves); n > 0 {
		page.LastMove = e.Moves[n-1].Reason
	}
	page.people(e)
	page.measures(e, a)
	page.entries(zone)
	page.open(h)
	if page.MayEdit {
		page.Do = actionOf(p, e, e.NextAction(p.Now, zone))
	}
	return page
}

func (page *showPage) people(e *Experiment) {
	page.Team = peopleOf(e, page.Names)
	page.Others = partnerNames(page.Page, e, page.Places)
}

// Sum is a part of the money in words, or nothing when it is nothing.
func (page showPage) Sum(key string, cents int64) string {
	if cents == 0 {
		return ""
	}
	return page.T(key) + " " + page.Money(cents, page.Card.currency())
}

// actionOf puts an action into words; nil when there is none.
func actionOf(p web.Page, e *Experiment, a Action) *actionView {
	if a.Key == "" {
		return nil
	}
	v := &actionView{Action: a, Title: p.T(a.Key + "_title"), Text: p.T(a.Key + "_text"), Button: p.T(a.Key + "_button")}
	if a.Field != "" {
		v.Text = p.T("experiment.missing_" + a.Field)
	}
	url := func(parts ...string) string { return p.URL(append([]string{"experiments", e.ID}, parts...)...) }
	switch {
	case a.Section == SectionLearning:
		v.Href = url("learning") + "#" + a.Field
	case a.Section != "":
		v.Href = url("edit", string(a.Section)) + "#" + a.Field
	case a.To != "":
		v.Post = url("advance")
	case a.Key == "experiment.do_ask_start":
		v.Post = url("ask-start")
	case a.Key == "experiment.do_publish":
		v.Post = url("publish")
	case strings.HasPrefix(a.Key, "experiment.do_log"):
		v.Href = url("log") + "#new"
	default:
		v.Href = url("plan")
	}
	return v
}
