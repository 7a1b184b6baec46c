package experiments

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/web"
)

// showPage is everything experiments/show.html and experiments/log.html may
// use.
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
	Kind                    LogKind
	Kinds                   []LogKind
	OlderURL                string
	LastMove                string // reason of the last move, where there is one
	MeasureChoices          []web.Option
	Today                   string
	Correct                 *Entry // the entry that is put right
	MayEdit, MayLog         bool
	MayConfirm, MaySteer    bool
	TeamOpen                bool
	Open                    publicView
}

type personLine struct{ ID, Name, Role string }

// actionView is the next thing to do, in words and with its button.
type actionView struct {
	Action
	Title, Text, Button string
	Href                string // a link; else the button posts to Post
	Post                string
}

// measureView is a measure with what has been read of it.
type measureView struct {
	Measure
	Value    *float64
	When     string // now or after
	Less     bool
	Readings []float64
	Verdict  Verdict
}

// entryView is an entry of the log with its words.
type entryView struct {
	Entry
	Who      string
	Day      string
	Measured string
	Shots    []shot
}

type shot struct {
	URL, Small, Alt string
	Width, Height   int
}

func (h *Handlers) show(c *fiber.Ctx) error {
	return h.sheet(c, h.Page(c, section), "experiments/show", LogQuery{Limit: 8})
}

// log is the whole log, page by page, with the form for a new entry.
func (h *Handlers) log(c *fiber.Ctx) error {
	return h.sheet(c, h.Page(c, section), "experiments/log", LogQuery{Limit: 30})
}

func (h *Handlers) sheet(c *fiber.Ctx, p web.Page, name string, q LogQuery) error {
	a := accounts.ActorOf(c)
	if kind := LogKind(c.Query("kind")); slices.Contains(LogKinds, kind) {
		q.Kind = LogKind(strings.Clone(string(kind)))
	}
	q.Before, _ = strconv.Atoi(c.Query("before")) // what is no number asks for the newest
	sheet, err := h.Experiments.Sheet(web.Context(c), a, c.Params("id"), p.Lang, q)
	if err != nil {
		return err
	}
	page := h.sheetPage(p, a, sheet)
	page.Kind, page.Kinds = q.Kind, LogKinds
	here := ""
	if name == "experiments/log" {
		here = p.T("experiment.log")
		page.Correct = h.corrected(c, page)
	}
	page.Crumbs = crumbs(p, &sheet.Card, here)
	if sheet.Log.Older > 0 {
		page.OlderURL = page.URL("experiments", sheet.Card.ID, "log") + "?before=" + strconv.Itoa(sheet.Log.Older)
		if q.Kind != "" {
			page.OlderURL += "&kind=" + string(q.Kind)
		}
	}
	return h.Render(c, name, page)
}

// corrected is the entry that the address wants put right.
func (h *Handlers) corrected(c *fiber.Ctx, page showPage) *Entry {
	n, err := strconv.Atoi(page.Value("corrects", c.Query("corrects")))
	if err != nil || !page.MayLog {
		return nil
	}
	for _, line := range page.Lines {
		if line.N == n && line.Corrected == 0 {
			return &line.Entry
		}
	}
	return nil
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
	page.entries()
	page.open(h)
	if page.MayEdit {
		page.Do = actionOf(p, e, e.NextAction(p.Now, zone))
	}
	return page
}

func (page *showPage) people(e *Experiment) {
	owner := personLine{ID: e.Owner, Name: page.Names[e.Owner]}
	var rest []personLine
	for _, m := range e.Team {
		if m.Person == e.Owner {
			owner.Role = m.Role
			continue
		}
		rest = append(rest, personLine{ID: m.Person, Name: page.Names[m.Person], Role: m.Role})
	}
	page.Team = append([]personLine{owner}, rest...)
	for _, one := range e.Partners {
		name := one.Name
		if o, ok := page.Places[one.Key]; ok {
			name = o.Name(page.Lang)
		}
		page.Others = append(page.Others, join(", ", name, one.Role))
	}
}

func (page *showPage) measures(e *Experiment, a accounts.Actor) {
	for i, m := range e.Measures {
		v := measureView{Measure: m, When: "now", Less: m.Direction == Less}
		for _, r := range e.ReadingsOf(a, page.Thing, i+1) {
			v.Readings = append(v.Readings, r.Value)
			v.Value = &r.Value
		}
		if m.Final != nil && e.Over() {
			v.Value, v.When, v.Verdict = m.Final, "after", m.Verdict()
		}
		page.Measures = append(page.Measures, v)
		page.MeasureChoices = append(page.MeasureChoices, web.Option{Value: strconv.Itoa(i + 1), Label: join(", ", m.Name, m.Unit)})
	}
}

func (page *showPage) entries() {
	for _, n := range page.Log.Entries {
		v := entryView{Entry: n, Who: page.Names[n.By], Day: page.DateShort(n.At), Measured: numberOf(page.Page, &page.Card, n)}
		for _, one := range n.Pictures {
			v.Shots = append(v.Shots, shot{URL: files.URL(one.Hash), Small: files.Thumbnail(one.Hash, files.Widths[1]), Alt: one.Alt, Width: one.Width, Height: one.Height})
		}
		page.Lines = append(page.Lines, v)
	}
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
