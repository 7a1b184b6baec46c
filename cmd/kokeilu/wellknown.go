package main

import (
	"encoding/xml"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

func (a *App) robots(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString("User-agent: *\nDisallow: /api/\nDisallow: /*/search\nDisallow: /*/sign-in\nDisallow: /*/my-work\n\nSitemap: " + a.Config.PublicURL + "/sitemap.xml\n")
}

// securityText says where to report a weakness (RFC 9116).
func (a *App) securityText(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	expires := a.Now().UTC().AddDate(0, 6, 0).Truncate(24 * time.Hour).Format(time.RFC3339)
	return c.SendString(fmt.Sprintf("Contact: mailto:%s\nExpires: %s\nPreferred-Languages: fi, sv, en, ru, kk\nCanonical: %s/.well-known/security.txt\n",
		a.Config.Contact, expires, a.Config.PublicURL))
}

type sitemapURL struct {
	Loc        string        `xml:"loc"`
	LastMod    string        `xml:"lastmod,omitempty"`
	Alternates []sitemapLink `xml:"xhtml:link"`
}

type sitemapLink struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

type sitemapSet struct {
	XMLName xml.Name     `xml:"urlset"`
	NS      string       `xml:"xmlns,attr"`
	XHTML   string       `xml:"xmlns:xhtml,attr"`
	URLs    []sitemapURL `xml:"url"`
}

// sitemapMax is the most addresses one sitemap may hold.
const sitemapMax = 50_000

// sitemap lists what search engines may read: each case in its own language,
// every other page in all of them.
func (a *App) sitemap(c *fiber.Ctx) error {
	set := sitemapSet{NS: "http://www.sitemaps.org/schemas/sitemap/0.9", XHTML: "http://www.w3.org/1999/xhtml"}
	for _, path := range []string{"", "cases", "experiments", "calls", "mentors", "top10"} {
		set.add(a.Config.PublicURL, path)
	}
	for _, p := range a.Pages.All("en") {
		set.add(a.Config.PublicURL, p.Path)
	}
	for cursor := ""; len(set.URLs) < sitemapMax; {
		page, err := a.Cases.List(web.Context(c), accounts.Actor{}, cases.Filter{Limit: cases.MaxList, Cursor: cursor})
		if err != nil {
			return err
		}
		for _, r := range page.Rows {
			set.URLs = append(set.URLs, sitemapURL{Loc: a.Config.PublicURL + web.Path(r.Lang, r.Path()), LastMod: r.Updated.UTC().Format(time.DateOnly)})
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	for after := ""; len(set.URLs) < sitemapMax; {
		page, err := a.Experiments.List(web.Context(c), accounts.Actor{}, experiments.Query{Limit: 100, After: after})
		if err != nil {
			return err
		}
		for _, r := range page.Rows {
			set.add(a.Config.PublicURL, "experiments/"+r.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	body, err := xml.Marshal(set)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	return c.Send(append([]byte(xml.Header), body...))
}

// add lists a page that every language has.
func (s *sitemapSet) add(base, path string) {
	var links []sitemapLink
	for _, lang := range i18n.Languages {
		links = append(links, sitemapLink{"alternate", lang, base + web.Path(lang, path)})
	}
	for _, lang := range i18n.Languages {
		s.URLs = append(s.URLs, sitemapURL{Loc: base + web.Path(lang, path), Alternates: links})
	}
}
