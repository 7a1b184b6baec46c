package main

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/weeks"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
)

// task is one thing that waits for somebody: what, about what, and since or
// until when in words.
type task struct {
	Title, Lang, URL, What, When string
	Urgent                       bool
}

// myWorkPage is everything portal/my_work.html may use.
type myWorkPage struct {
	web.Page
	Tasks       []task
	Experiments []mine
	Drafts      []cases.Case
	Weeks       weeks.Desk
	MayRegister bool
	MayName     bool // add to the thesaurus
}

type mine struct {
	experiments.Row
	Week, Weeks int
	Place       string
}

// myWork is where somebody signed in begins: what waits for them first.
func (a *App) myWork(c *fiber.Ctx) error {
	actor := accounts.ActorOf(c)
	if !actor.SignedIn() {
		return accounts.ErrSignIn
	}
	page := myWorkPage{Page: a.Web.Page(c, ""), MayRegister: len(actor.Organisations()) > 0}
	page.MayName = accounts.Can(actor, accounts.NameConcepts, accounts.Thing{})
	page.NoIndex = true
	ctx := web.Context(c)
	var err error
	if page.Tasks, err = a.tasks(ctx, actor, page.Page); err != nil {
		return err
	}
	if page.Weeks, err = a.Weeks.Desk(ctx, actor); err != nil {
		return err
	}
	if page.Experiments, err = a.mine(ctx, actor, page.Page); err != nil {
		return err
	}
	if page.Drafts, err = a.Cases.Mine(ctx, actor); err != nil {
		return err
	}
	page.Drafts = slices.DeleteFunc(page.Drafts, func(d cases.Case) bool { return d.State != cases.StateDraft })
	return a.Web.Render(c, "portal/my_work", page)
}

// tasks collects what waits for the actor from every slice, the urgent first.
func (a *App) tasks(ctx context.Context, actor accounts.Actor, p web.Page) ([]task, error) {
	var all []task
	for _, from := range []func(context.Context, accounts.Actor, web.Page) ([]task, error){
		a.fundingTasks, a.mentoringTasks, a.coordinatorTasks, a.ownTasks, a.weeksTasks, a.joinTasks, a.wantedTasks,
	} {
		list, err := from(ctx, actor, p)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(x, y task) int {
		switch {
		case x.Urgent == y.Urgent:
			return 0
		case x.Urgent:
			return -1
		}
		return 1
	})
	return all, nil
}

func (a *App) fundingTasks(ctx context.Context, actor accounts.Actor, p web.Page) ([]task, error) {
	waiting, err := a.Funding.Waiting(ctx, actor, p.Lang)
	var list []task
	for _, w := range waiting {
		list = append(list, task{Title: w.Title, Lang: w.Lang, URL: w.Path, What: w.What, When: w.When, Urgent: w.Urgent})
	}
	return list, err
}

func (a *App) mentoringTasks(ctx context.Context, actor accounts.Actor, p web.Page) ([]task, error) {
	waiting, err := a.Mentoring.Waiting(ctx, actor, p.Lang)
	var list []task
	for _, w := range waiting {
		list = append(list, task{Title: w.Title, Lang: w.Lang, URL: p.URL(w.Path), What: w.What, When: w.When, Urgent: w.Urgent})
	}
	return list, err
}

// coordinatorTasks are the starts that wait for a coordinator's yes.
func (a *App) coordinatorTasks(ctx context.Context, actor accounts.Actor, p web.Page) ([]task, error) {
	rows, err := a.Experiments.Desk(ctx, actor)
	var list []task
	for _, r := range rows {
		list = append(list, task{Title: r.Title, Lang: r.Lang, URL: p.URL("experiments", r.ID), What: p.T("portal.task_confirm"), When: p.DateShort(r.Changed)})
	}
	return list, err
}

// ownTasks are the lessons that are due and the logs that have gone quiet.
func (a *App) ownTasks(ctx context.Context, actor accounts.Actor, p web.Page) ([]task, error) {
	list, err := a.Experiments.List(ctx, actor, experiments.Query{Person: actor.ID, Limit: 100})
	if err != nil {
		return nil, err
	}
	var tasks []task
	for _, r := range list.Rows {
		t := task{Title: r.Title, Lang: r.Lang, URL: p.URL("experiments", r.ID)}
		switch {
		case r.LessonDue:
			t.What, t.Urgent, t.URL = p.T("portal.task_lesson"), true, p.URL("experiments", r.ID, "learning")
			t.When = p.DateShort(r.StageAt)
		case r.Stage == experiments.Running && a.Now().Sub(latest(r.LastLog, r.StageAt)) > quiet(r):
			t.What, t.When = p.T("portal.task_log"), p.DateShort(latest(r.LastLog, r.StageAt))
		default:
			continue
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

func quiet(r experiments.Row) time.Duration {
	days := experiments.QuietDays
	if r.Type == experiments.Micro {
		days /= 2
	}
	return time.Duration(days) * 24 * time.Hour
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// weeksTasks are the interim results and reviews that the actor's plans wait
// for.
func (a *App) weeksTasks(ctx context.Context, actor accounts.Actor, p web.Page) ([]task, error) {
	desk, err := a.Weeks.Desk(ctx, actor)
	var list []task
	for _, d := range desk.Due {
		t := task{Title: d.Title, Lang: d.Lang, URL: p.URL(d.Path()), When: p.DateShort(d.Since), Urgent: d.Urgent, What: p.T("weeks.task_review")}
		if d.Week > 0 {
			t.What = p.T("weeks.task_results", d.Week)
		}
		list = append(list, t)
	}
	return list, err
}

// joinTasks are the organisations whose joining requests wait for the actor.
func (a *App) joinTasks(ctx context.Context, actor accounts.Actor, p web.Page) ([]task, error) {
	joins, err := store.Get(ctx, a.Store, func(tx store.Tx) ([]accounts.Join, error) { return a.Accounts.WaitingJoinsTx(tx, actor) })
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	var order []string
	for _, j := range joins {
		if count[j.Organisation]++; count[j.Organisation] == 1 {
			order = append(order, j.Organisation)
		}
	}
	var list []task
	for _, key := range order {
		place, _ := a.placeAndSize(ctx, p, key)
		list = append(list, task{Title: p.N("portal.task_joins", count[key], place), Lang: p.Lang,
			URL: p.URL("organisations", accounts.KeySlug(key), "people"), What: p.T("portal.task_joins_what")})
	}
	return list, nil
}

func (a *App) mine(ctx context.Context, actor accounts.Actor, p web.Page) ([]mine, error) {
	list, err := a.Experiments.List(ctx, actor, experiments.Query{Person: actor.ID, Limit: 50})
	var rows []mine
	for _, r := range list.Rows {
		place, _ := a.placeAndSize(ctx, p, r.Organisation())
		rows = append(rows, mine{r, r.Calendar.Week(a.Now(), a.Config.Zone), r.Calendar.Weeks(a.Config.Zone), place})
	}
	return rows, err
}

// waiting counts the tasks of the actor, for the badge in the header.
func (a *App) waiting(ctx context.Context, actor accounts.Actor) int {
	tasks, err := a.tasks(ctx, actor, web.Page{Printer: a.Locales.For("en")})
	if err != nil {
		a.Log.Warn("tasks could not be counted", "err", err)
	}
	return len(tasks)
}

// ownExperiments and ownCases are what the slices keep about somebody, for the
// file with one's own data.
func (a *App) ownExperiments(ctx context.Context, actor accounts.Actor) (any, error) {
	list, err := a.Experiments.List(ctx, actor, experiments.Query{Person: actor.ID, Limit: 1000})
	return list.Rows, err
}

func (a *App) ownCases(ctx context.Context, actor accounts.Actor) (any, error) {
	return a.Cases.Mine(ctx, actor)
}
