package main

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/funding"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// How much the front page shows of each list.
const (
	frontRunning = 6
	frontNewest  = 6
	frontCalls   = 4
)

// frontPage is everything portal/front.html may use.
type frontPage struct {
	web.Page
	Top     []topLine
	Running []runningCard
	Sky     []int // the week each running experiment is in
	Calls   []callCard
	Newest  []caseCard
	Counts  experiments.Counts
	Cases   int
	Decided funding.Figures // over all calls
}

type topLine struct {
	Title, Lang, URL, Place, Size string
	Outcome                       cases.Outcome
	Score                         float64
}

type runningCard struct {
	Title, Lang, URL, Place, Size, Sector string
	Week, Weeks                           int
}

type caseCard struct {
	Title, Lang, URL, Place, Size, Lead string
	Outcome                             cases.Outcome
	Published                           time.Time
}

type callCard struct {
	funding.Call
	Funder, Closing, Clock string
}

// front is the first page: what this is, what runs, what was learnt.
func (a *App) front(c *fiber.Ctx) error {
	page := frontPage{Page: a.Web.Page(c, "")}
	page.Description = page.T("portal.description")
	page.Feeds = []web.Feed{{Title: page.T("portal.newest"), Path: "feeds/cases"}}
	ctx, actor := web.Context(c), accounts.ActorOf(c)
	for _, fill := range []func(context.Context, accounts.Actor, *frontPage) error{a.frontTop, a.frontRunning, a.frontCases, a.frontCalls} {
		if err := fill(ctx, actor, &page); err != nil {
			return err
		}
	}
	return a.Web.Render(c, "portal/front", page)
}

func (a *App) frontTop(ctx context.Context, _ accounts.Actor, p *frontPage) error {
	board, err := a.Cases.Board(ctx)
	if err != nil {
		return err
	}
	for _, e := range board.Lists[cases.Practices] {
		place, size := a.placeAndSize(ctx, p.Page, e.Row.Organisation)
		p.Top = append(p.Top, topLine{e.Row.Title, e.Row.Lang, p.URL(e.Row.Path()), place, size, e.Row.Outcome, e.Score.Total})
	}
	return nil
}

func (a *App) frontRunning(ctx context.Context, actor accounts.Actor, p *frontPage) error {
	// The sky shows them all, up to what fits in it; cards show the newest.
	list, err := a.Experiments.List(ctx, actor, experiments.Query{Stage: experiments.Running, Limit: 60})
	if err != nil {
		return err
	}
	now, zone := a.Now(), a.Config.Zone
	for _, r := range list.Rows {
		week, weeks := r.Calendar.Week(now, zone), r.Calendar.Weeks(zone)
		p.Sky = append(p.Sky, min(max(week, 1), 12))
		if len(p.Running) == frontRunning {
			continue
		}
		card := runningCard{Title: r.Title, Lang: r.Lang, URL: p.URL("experiments", r.ID), Week: week, Weeks: weeks}
		card.Place, card.Size = a.placeAndSize(ctx, p.Page, r.Organisation())
		if s, ok := content.SectorOf(division(r.Sector)); ok {
			card.Sector = s.In(p.Lang)
		}
		p.Running = append(p.Running, card)
	}
	p.Counts, err = a.Experiments.Counts(ctx)
	return err
}

// division is the part of a COFOG code that has a name in every language.
func division(sector string) string {
	code, _, _ := strings.Cut(sector, ".")
	return code
}

func (a *App) frontCases(ctx context.Context, actor accounts.Actor, p *frontPage) error {
	// Enough that the versions of one case in other languages leave six.
	list, err := a.Cases.List(ctx, actor, cases.Filter{Limit: 5 * frontNewest})
	if err != nil {
		return err
	}
	for _, r := range newestOf(list.Rows, p.Lang, frontNewest) {
		card := caseCard{Title: r.Title, Lang: r.Lang, URL: p.URL(r.Path()), Lead: r.Lead, Outcome: r.Outcome, Published: r.Date}
		card.Place, card.Size = a.placeAndSize(ctx, p.Page, r.Organisation)
		p.Newest = append(p.Newest, card)
	}
	p.Cases, err = a.Cases.Count(ctx)
	return err
}

// newestOf picks the newest cases, one version of each: the reader's language
// if there is one.
func newestOf(rows []cases.Row, lang string, n int) []cases.Row {
	at := map[string]int{}
	var list []cases.Row
	for _, r := range rows {
		i, seen := at[r.Group]
		switch {
		case seen && r.Lang == lang:
			list[i] = r
		case !seen && len(list) < n:
			at[r.Group] = len(list)
			list = append(list, r)
		}
	}
	return list
}

// frontCalls shows the calls that take requests now, and what decisions took.
func (a *App) frontCalls(ctx context.Context, _ accounts.Actor, p *frontPage) error {
	calls, err := a.Funding.Calls(ctx, accounts.Actor{})
	if err != nil {
		return err
	}
	var all funding.Call
	for _, c := range calls {
		for day, n := range c.DecisionDays {
			all.DecisionDays = append(all.DecisionDays, make([]int, max(0, day+1-len(all.DecisionDays)))...)
			all.DecisionDays[day] += n
		}
		c.ShownUntil(ctx, a.Now())
		if !c.IsOpen(a.Now()) || len(p.Calls) == frontCalls {
			continue
		}
		card := callCard{Call: c, Clock: p.T("portal.call_promise", c.Targets.Total())}
		card.Funder, _ = a.placeAndSize(ctx, p.Page, c.Funder)
		if !c.Closes.IsZero() {
			card.Closing = p.T("portal.call_closes", p.DateShort(c.Closes))
		}
		if f := c.Figures(); f.Decisions > 0 {
			card.Clock = p.T("portal.call_median", p.Decimal(f.Median, 1))
		}
		p.Calls = append(p.Calls, card)
	}
	p.Decided = all.Figures()
	return nil
}

// placeAndSize are an organisation's name and size class in the page's words.
func (a *App) placeAndSize(ctx context.Context, p web.Page, organisation string) (place, size string) {
	o, err := a.Accounts.Organisation(ctx, organisation)
	if err != nil {
		return "", "" // a case from elsewhere names none
	}
	if class := content.SizeOf(o.Population); class != content.SizeUnknown {
		size = p.T(class.Key())
	}
	return o.Name(p.Lang), size
}
