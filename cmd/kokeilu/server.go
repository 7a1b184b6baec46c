package main

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/funding"
	"github.com/kokeilu/kokeilu/experiments/mentoring"
	"github.com/kokeilu/kokeilu/experiments/weeks"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
	"github.com/kokeilu/kokeilu/search/concepts"
	"github.com/kokeilu/kokeilu/search/saved"
	"github.com/kokeilu/kokeilu/search/wanted"
	"github.com/kokeilu/kokeilu/themes"
)

// NewServer returns the server with every route of the portal.
func (a *App) NewServer() *fiber.App {
	people := &accounts.Handlers{Web: a.Web, Accounts: a.Accounts, Demo: a.Config.Demo, Export: map[string]func(context.Context, accounts.Actor) (any, error){
		"experiments": a.ownExperiments, "cases": a.ownCases, "mentoring": a.Mentoring.Export,
		"weeks":          a.Weeks.Export,
		"saved_searches": a.Saved.Export,
	}}
	a.Web.Visit = people.Visitor
	a.Web.Waiting = func(c *fiber.Ctx) int { return a.waiting(web.Context(c), accounts.ActorOf(c)) }
	app := a.Web.NewApp(a.Config.TrustedProxies)
	app.Get("/favicon.ico", func(c *fiber.Ctx) error {
		return c.Redirect(a.Theme.Asset("favicon.svg"), fiber.StatusMovedPermanently)
	})
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok\n") })
	app.Get("/readyz", a.ready)
	app.Get(themes.AssetsPath+"*", a.asset)
	app.Use(people.Identify, a.settle)

	pages := a.Web.Routes(app)
	a.pageRoutes(app, pages)
	people.Register(app, pages)
	(&experiments.Handlers{Kit: a.Web, Experiments: a.Experiments, Files: a.Files, Sessions: people}).Register(app)
	(&cases.Handlers{Web: a.Web, Cases: a.Cases, Feeds: []web.Feed{{Title: "experiment.list_newest", Path: "feeds/experiments"}, {Title: "call.feed", Path: "feeds/calls"}, {Title: "wanted.title", Path: "feeds/wanted"}}}).Register(app, pages)
	(&funding.Handlers{Web: a.Web, Funding: a.Funding}).Register(app, pages)
	(&mentoring.Handlers{Web: a.Web, Mentoring: a.Mentoring}).Register(pages)
	(&weeks.Handlers{Web: a.Web, Weeks: a.Weeks}).Register(pages)
	(&search.Handlers{
		Web: a.Web, Index: a.Index, Label: a.facetLabel, Alike: alike, Nothing: a.Wanted.Hear, Icon: a.Theme.Icon,
		State: func(p web.Page, outcome, stage string) web.HTML { return a.Theme.State(p, outcome, stage) },
	}).Register(pages)
	(&concepts.Handlers{Web: a.Web, Concepts: a.Concepts}).Register(pages)
	(&wanted.Handlers{Web: a.Web, Wanted: a.Wanted}).Register(pages)
	(&saved.Handlers{Web: a.Web, Saved: a.Saved, Label: a.facetLabel}).Register(pages)
	(&files.Handlers{Files: a.Files}).Register(app)

	api := a.Web.NewAPI(app)
	accounts.RegisterAPI(api, a.Accounts)
	experiments.RegisterAPI(api, a.Experiments)
	cases.RegisterAPI(api, a.Cases)
	funding.RegisterAPI(api, a.Funding)
	mentoring.RegisterAPI(api, a.Mentoring)
	weeks.RegisterAPI(api, a.Weeks)
	search.RegisterAPI(api, a.Index, a.Config.PublicURL)
	wanted.RegisterAPI(api, a.Wanted)
	concepts.RegisterAPI(api, a.Concepts)
	saved.RegisterAPI(api, a.Saved)
	a.registerJournalAPI(api)
	app.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
	a.Web.Traffic.Know(app)
	return app
}

// asset serves a file of the theme. Its address holds its hash, so readers
// keep it for ever.
func (a *App) asset(c *fiber.Ctx) error {
	file, ok := a.Theme.File(strings.Clone(c.Path()))
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.Type)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderETag, file.ETag)
	c.Vary(fiber.HeaderAcceptEncoding)
	if c.Get(fiber.HeaderIfNoneMatch) == file.ETag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if file.Gzip != nil && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(file.Gzip)
	}
	return c.Send(file.Body)
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready     bool        `json:"ready"`
	Store     string      `json:"store"`
	Index     string      `json:"index"`
	IndexLag  uint64      `json:"index_lag"`
	Documents uint64      `json:"documents"`
	Search    indexHealth `json:"search"`
}

// indexHealth is what /readyz says about the index beside its state.
type indexHealth struct {
	Cause   string `json:"cause,omitempty"`
	Answers bool   `json:"answers"`
	Rebuilt int    `json:"rebuilt"`
	Rebuild int    `json:"rebuild_of"`
	Bytes   int64  `json:"bytes"`
	Heals   int    `json:"heals"`
}

// ready says whether the portal can take requests. The index may be behind or
// broken without making it unready: pages and writes do not need it.
func (a *App) ready(c *fiber.Ctx) error {
	r := readiness{Ready: !a.draining.Load(), Store: "ok"}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if _, err := store.Get(ctx, a.Store, a.Journal.Head); err != nil {
		r.Ready, r.Store = false, "unavailable"
	}
	h := a.Index.Health(ctx)
	r.Index, r.IndexLag, r.Documents = string(h.State), h.Lag, h.Documents
	r.Search = indexHealth{Cause: h.Cause, Answers: h.Answers, Rebuilt: h.Rebuilt, Rebuild: h.Rebuild, Bytes: h.Bytes, Heals: h.Heals}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if !r.Ready {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(r)
}

// settleLimit bounds how long a publisher waits to find their text.
const settleLimit = 2 * time.Second

// settle lets somebody who has just published, or named a thing, find it in the very next search:
// the answer waits, for a moment at most, until the index has passed it. It
// does not wait for an index that is broken or being made anew.
func (a *App) settle(c *fiber.Ctx) error {
	err := c.Next()
	if err != nil || c.Method() != fiber.MethodPost || c.Response().StatusCode() >= 400 || !changesFinds(c.Path()) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	failing := a.Index.Failing()
	select {
	case <-failing:
		return nil
	default:
	}
	go func() {
		select {
		case <-failing:
			cancel()
		case <-ctx.Done():
		}
	}()
	_ = a.Journal.Wait(ctx, search.FollowerName, a.Journal.Seq()) // late is not wrong
	return nil
}

// changesFinds reports whether what is sent to a path may change what is found.
func changesFinds(path string) bool {
	return strings.Contains(path, "/cases") || strings.Contains(path, "/concepts")
}

// pageRoutes are the pages that belong to no slice.
func (a *App) pageRoutes(app *fiber.App, pages web.Routes) {
	app.Get("/", func(c *fiber.Ctx) error {
		c.Vary(fiber.HeaderAcceptLanguage)
		c.Set(fiber.HeaderCacheControl, "public, max-age=0")
		return c.Redirect("/"+i18n.Match(strings.Clone(c.Get(fiber.HeaderAcceptLanguage))), fiber.StatusFound)
	})
	app.Get("/robots.txt", a.robots)
	app.Get("/sitemap.xml", a.sitemap)
	app.Get("/.well-known/security.txt", a.securityText)
	pages.Get("", a.front)
	pages.Get("/my-work", a.myWork)
	pages.Get("/organisations", a.places)
	pages.Get("/organisations/:key", a.place)
	pages.Get("/organisations/:key/edit", a.editPlace)
	pages.Post("/organisations/:key/edit", a.savePlace)
	a.contentRoutes(pages)
}
