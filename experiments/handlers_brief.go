package experiments

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// briefPage is everything experiments/brief.html and experiments/one_pager.html
// may use: one printed page, in the reader's language but for the team's own
// texts.
type briefPage struct {
	web.Page
	Sheet
	Place, Size, SectorName string
	When                    string
	Owner                   personLine
	Others                  []string // partners
	Measures                []measureView
	Cost                    int64  // all of it, in cents
	Spent, Hours            string // what it really took
	Warning                 string // about money that nobody pays
	Open                    []Decision
	Decided                 []Decision
	Elsewhere               []elsewhere
	Foreign                 bool   // the team's texts are in another language than the page
	Dense                   string // how closely it is set, so that it stays one page
	Address                 string
	Printed                 time.Time
	People                  int
	Risky                   []string // what may go wrong, in words
}

// elsewhere is one other place that tries or does the same.
type elsewhere struct{ Place, Words, Lang, URL string }

// brief is the page a body decides on: problem, test, cost, risk, and what is
// asked.
func (h *Handlers) brief(c *fiber.Ctx) error { return h.briefOf(c, "experiments/brief") }

// onePager is the page a council is told on: problem, what was tried, what came
// of it, what it cost, who else.
func (h *Handlers) onePager(c *fiber.Ctx) error { return h.briefOf(c, "experiments/one_pager") }

func (h *Handlers) briefOf(c *fiber.Ctx, name string) error {
	p := h.Page(c, section)
	sheet, err := h.Experiments.Sheet(web.Context(c), accounts.ActorOf(c), c.Params("id"), p.Lang, LogQuery{Limit: 1})
	if err != nil {
		return err
	}
	e := &sheet.Card
	all := h.sheetPage(p, accounts.Actor{}, sheet)
	p.Crumbs = crumbs(p, e, p.T(strings.Replace(name, "experiments/", "experiment.", 1)))
	p.Description, p.NoIndex = e.Summary, true
	page := briefPage{
		Page: p, Sheet: sheet, Place: all.Place, Size: all.Size, SectorName: all.SectorName, Owner: all.Team[0], Others: all.Others,
		Measures: all.Measures, Cost: e.Money.Total(), Warning: e.Money.Warning(),
		Foreign: e.Lang != p.Lang, Address: p.Absolute(p.URL("experiments", e.ID)), Printed: p.Now, People: e.People.Number,
	}
	if all.First != "" {
		page.When = all.First + " – " + all.Last
	}
	if e.Learning.Cents != nil {
		page.Spent = page.Cents(*e.Learning.Cents)
	}
	if e.Learning.Hours != nil {
		page.Hours = p.Decimal(*e.Learning.Hours, 1)
	}
	for _, d := range e.Decisions.List {
		if d.State == Open {
			page.Open = append(page.Open, d)
			continue
		}
		page.Decided = append(page.Decided, d)
	}
	for _, r := range e.About.Risks {
		page.Risky = append(page.Risky, join(": ", r.What, r.Remedy))
	}
	page.elsewhere(e)
	page.Dense = density(name, e)
	return h.Render(c, name, page)
}

// mostElsewhere is how many other places one page has room for.
const mostElsewhere = 4

// elsewhere says who else does it: those that were told of it, then what was
// found alike before the start.
func (page *briefPage) elsewhere(e *Experiment) {
	for _, s := range e.Spread {
		one := elsewhere{Place: page.Places[s.Organisation].Name(page.Lang), Words: s.Note, Lang: e.Lang}
		if s.Organisation == "" {
			one.Place = page.Place
		}
		page.Elsewhere = append(page.Elsewhere, one)
	}
	for _, s := range e.Checked.Shown {
		one := elsewhere{Place: s.Place, Words: s.Title, Lang: s.Lang, URL: s.URL}
		page.Elsewhere = append(page.Elsewhere, one)
	}
	page.Elsewhere = page.Elsewhere[:min(len(page.Elsewhere), mostElsewhere)]
}

// Cents is money in the experiment's currency.
func (page briefPage) Cents(cents int64) string { return page.Money(cents, page.Card.currency()) }

// Amount is a value of a measure with its unit, or nothing when there is none.
func (page briefPage) Amount(value *float64, unit string) string {
	if value == nil {
		return ""
	}
	return amount(page.Printer, *value, unit)
}

// Sum is money in the experiment's currency, or nothing when it is none.
func (page briefPage) Sum(cents int64) string {
	if cents == 0 {
		return ""
	}
	return page.Cents(cents)
}

// Tell puts the key of a text and a sum before it: a part of the budget bar.
func (page briefPage) Tell(key string, cents int64) string {
	if cents == 0 {
		return ""
	}
	return page.T(key) + " " + page.Sum(cents)
}

// density is how closely a page is set: the longer the texts, the closer. What
// fits was measured with every text at its limit.
func density(name string, e *Experiment) string {
	texts := []string{e.Title, e.Summary, e.Problem, e.Belief, e.Test}
	if name == "experiments/brief" {
		texts = append(texts, e.StopRule, e.Rules, e.After, e.People.Who, e.People.Consent)
		for _, r := range e.About.Risks {
			texts = append(texts, r.What, r.Remedy)
		}
		for _, l := range e.Money.Lines {
			texts = append(texts, l.Text)
		}
		for _, d := range e.Decisions.List {
			texts = append(texts, d.What, d.Body)
		}
	} else {
		l := e.Learning
		texts = append(texts, l.Surprise, l.Works, l.DoesNot, l.Unclear, l.Conditions, l.Next.Text, l.Next.Who)
	}
	n := 400 * len(e.Measures)
	for _, t := range texts {
		n += runes(t)
	}
	if e.Lang == "ru" || e.Lang == "kk" {
		n += n / 7 // their letters are wider
	}
	for level, most := range [...]int{2400, 3200, 4600, 5700, 7800, 9800} {
		if n <= most {
			return densities[level]
		}
	}
	return "dense6"
}

// densities are the classes of the style sheet, from loose to close.
var densities = [...]string{"", "dense1", "dense2", "dense3", "dense4", "dense5"}
