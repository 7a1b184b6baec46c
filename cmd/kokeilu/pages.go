package main

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/web"
)

// contentPage is everything portal/page.html may use.
type contentPage struct {
	web.Page
	Title, Summary string
	Updated        time.Time
	Body           web.HTML
	Leaflet        bool // it is made to be printed on one sheet
}

// loadPages renders the portal's own texts with what the settings say.
func (a *App) loadPages() (err error) {
	authority := a.Config.Authority
	a.Pages, err = content.LoadPages(content.PageValues{Name: a.Config.Name, Contact: a.Config.Contact, Authority: authority, PublicURL: a.Config.PublicURL})
	return err
}

// contentRoutes serves the portal's own texts.
func (a *App) contentRoutes(pages web.Routes) {
	for _, p := range a.Pages.All("en") {
		pages.Get("/"+p.Path, func(c *fiber.Ctx) error { return a.showPage(c, p.Slug) })
	}
}

func (a *App) showPage(c *fiber.Ctx, slug string) error {
	text, ok := a.Pages.Page(web.Lang(c), slug)
	if !ok {
		return fiber.ErrNotFound
	}
	page := contentPage{Page: a.Web.Page(c, ""), Title: text.Title, Summary: text.Summary, Updated: text.Updated, Body: web.HTML(text.HTML), Leaflet: slug == "experiment"}
	page.Description = text.Summary
	page.Crumbs = []web.Crumb{{Title: text.Title}}
	if dir, _, below := strings.Cut(text.Path, "/"); below {
		page.Crumbs = []web.Crumb{{Title: page.T("portal.top"), URL: page.URL(dir)}, {Title: text.Title}}
	}
	return a.Web.Render(c, "portal/page", page)
}
