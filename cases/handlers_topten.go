package cases

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// weeksShown is how many weeks the history looks back.
const weeksShown = 10

// topTenPage is everything cases/top10.html may use.
type topTenPage struct {
	web.Page
	Lists   []rankList
	Filters []filterChoice
	Active  bool
	Frozen  *weekView // this week's list; nil before the first freeze
	Weeks   []weekLink
	History []historyRow
	Next    time.Time // of the freeze
}

// rankList is one list with its words.
type rankList struct {
	Page    web.Page
	Name    List
	Entries []rankRow
}

// rankRow is one place on a list.
type rankRow struct {
	listRow
	Score       scoreView
	ChangeWords *changeWords
	Rank        int
}

// changeWords is a change with its arrow.
type changeWords struct{ Icon, Text string }

func wordsOf(p web.Page, change Change) *changeWords {
	switch change.Kind {
	case ChangeUp, ChangeDown:
		return &changeWords{change.Kind, p.T("theme.rank_"+change.Kind, change.By)}
	case ChangeNew, ChangeSame:
		return &changeWords{change.Kind, p.T("theme.rank_" + change.Kind)}
	}
	return nil
}

// weekLink leads to a frozen list.
type weekLink struct {
	Day string
	At  time.Time
}

// historyRow is how a case of this week's list did in the weeks before.
type historyRow struct {
	FrozenEntry
	Best, Weeks int
}

// weekView is one frozen list.
type weekView struct {
	At    time.Time
	Lists []frozenList
}

type frozenList struct {
	Name    List
	Entries []frozenRow
}

type frozenRow struct {
	FrozenEntry
	Place       string
	Hows        []string
	ChangeWords *changeWords
}

func (h *Handlers) topTen(c *fiber.Ctx) error {
	ctx := web.Context(c)
	board, err := h.Cases.Board(ctx)
	if err != nil {
		return err
	}
	weeks, err := h.Cases.Weeks(ctx, weeksShown)
	if err != nil {
		return err
	}
	f := filterOf(c)
	page := topTenPage{Page: h.Web.Page(c, "cases"), Active: f.Lang != "" || f.Theme != "" || f.Country != ""}
	page.Crumbs = []web.Crumb{{Title: page.T("topten.title")}}
	page.Description = page.T("topten.lead")
	page.NoIndex = page.Active
	page.Feeds = []web.Feed{{Title: page.T("topten.practices"), Path: "feeds/top10"}, {Title: page.T("topten.lessons"), Path: "feeds/lessons"}}
	page.Filters = filters(page.Page, f, false)
	page.Next = Monday(page.Now, h.Cases.zone()).AddDate(0, 0, 7)
	lists := board.Lists
	if page.Active {
		lists = board.Only(f.lets)
	}
	for _, name := range Lists {
		list := rankList{Page: page.Page, Name: name}
		for _, e := range lists[name] {
			list.Entries = append(list.Entries, rankRow{listRow: h.listRow(ctx, page.Page, e.Row), Score: viewOf(ctx, page.Page, e.Score, h.Cases), ChangeWords: wordsOf(page.Page, e.Change), Rank: e.Rank})
		}
		page.Lists = append(page.Lists, list)
	}
	if board.Frozen != nil {
		view := h.weekView(ctx, page.Page, *board.Frozen)
		page.Frozen = &view
	}
	page.History = history(weeks)
	for _, w := range weeks {
		page.Weeks = append(page.Weeks, weekLink{Day: w.Day(h.Cases.zone()), At: w.At})
	}
	return h.Web.Render(c, "cases/top10", page)
}

func (h *Handlers) weekView(ctx context.Context, p web.Page, f Frozen) weekView {
	v := weekView{At: f.At}
	for _, name := range Lists {
		list := frozenList{Name: name}
		for _, e := range f.Lists[name] {
			row := frozenRow{FrozenEntry: e, Hows: hows(p, e.Score), ChangeWords: wordsOf(p, e.Change)}
			if e.Organisation != "" {
				row.Place = h.Cases.name(ctx, e.Organisation, p.Lang)
			}
			list.Entries = append(list.Entries, row)
		}
		v.Lists = append(v.Lists, list)
	}
	return v
}

// history counts the weeks of each case of the newest list, newest week first.
func history(weeks []Frozen) []historyRow {
	if len(weeks) < 2 {
		return nil
	}
	var list []historyRow
	for _, e := range weeks[0].Lists[Practices] {
		row := historyRow{FrozenEntry: e, Best: e.Rank}
		for i := range weeks {
			if rank := weeks[i].rank(Practices, e.Case); rank > 0 {
				row.Weeks++
				row.Best = min(row.Best, rank)
			}
		}
		list = append(list, row)
	}
	return list
}

// weekPage is everything cases/week.html may use.
type weekPage struct {
	web.Page
	Week weekView
}

func (h *Handlers) week(c *fiber.Ctx) error {
	f, err := h.Cases.Week(web.Context(c), c.Params("day"))
	if err != nil {
		return err
	}
	page := weekPage{Page: h.Web.Page(c, "cases")}
	page.Week = h.weekView(web.Context(c), page.Page, f)
	page.Crumbs = []web.Crumb{{Title: page.T("topten.title"), URL: page.URL("top10")}, {Title: page.T("topten.week_of", page.Date(f.At))}}
	return h.Web.Render(c, "cases/week", page)
}

// feedsPage is everything cases/feeds.html may use.
type feedsPage struct {
	web.Page
	List []web.Feed
}

func (h *Handlers) feeds(c *fiber.Ctx) error {
	page := feedsPage{Page: h.Web.Page(c, "")}
	page.Crumbs = []web.Crumb{{Title: page.T("feed.title")}}
	page.List = []web.Feed{
		{Title: page.T("case.list"), Path: "feeds/cases"},
		{Title: page.T("topten.practices"), Path: "feeds/top10"},
		{Title: page.T("topten.lessons"), Path: "feeds/lessons"},
	}
	for _, f := range h.Feeds {
		page.List = append(page.List, web.Feed{Title: page.T(f.Title), Path: f.Path})
	}
	page.Feeds = page.List
	return h.Web.Render(c, "cases/feeds", page)
}

// feedCases is the feed of the newest cases, with their whole text.
func (h *Handlers) feedCases(c *fiber.Ctx) (web.Channel, error) {
	p := h.Web.Locales.For(web.Lang(c))
	of := Filter{Organisation: filterOf(c).Organisation}
	items, err := h.Cases.feedNewest(web.Context(c), h.Web.Portal.PublicURL, p.Lang, of.Organisation)
	ch := web.Channel{Title: p.T("feed.cases", h.Web.Portal.Name), Description: p.T("case.list_lead"), Home: "cases" + of.query(""), Items: items}
	if of.Organisation != "" {
		ch.Title, ch.Query = placeName(of.Organisation, p.Lang)+": "+ch.Title, "org="+accounts.KeySlug(of.Organisation)
	}
	return ch, err
}

// feedList is the feed of one list of the TOP-10.
func (h *Handlers) feedList(list List, title, home string) func(c *fiber.Ctx) (web.Channel, error) {
	return func(c *fiber.Ctx) (web.Channel, error) {
		p := h.Web.Locales.For(web.Lang(c))
		items, err := h.Cases.feedRanked(web.Context(c), list, h.Web.Portal.PublicURL, p.Lang)
		return web.Channel{Title: p.T(title) + " – " + h.Web.Portal.Name, Description: p.T(title + "_text"), Home: home, Items: items}, err
	}
}
