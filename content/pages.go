package content

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

// A Page is a text of the portal itself, such as the guide or the
// accessibility statement, in one language.
type Page struct {
	Slug     string // the name of its file, "guide"
	Path     string // its address after the language, "guide" or "top10/method"
	Lang     string
	Title    string
	Summary  string
	Updated  time.Time // the day the text was last checked
	Markdown string    // with the values of this portal filled in
	HTML     string
	Headings []Heading
}

// PageValues are what pages say about the installation: its configuration.
type PageValues struct {
	Name      string // of the portal
	Contact   string // mail address, or words
	Authority string // who supervises accessibility; may hold Markdown
	PublicURL string // without a slash at the end
}

// pagePaths are the pages and their addresses, in the order of a table of
// contents.
var pagePaths = []struct{ slug, path string }{
	{"guide", "guide"},
	{"experiment", "what-is-an-experiment"},
	{"top10", "top10/method"},
	{"markdown", "markdown"},
	{"api", "open-data"},
	{"about", "about"},
	{"accessibility", "accessibility"},
	{"privacy", "privacy"},
	{"contact", "contact"},
}

// PageSlugs returns the names of all pages in the order of a table of contents.
func PageSlugs() []string {
	slugs := make([]string, len(pagePaths))
	for i, p := range pagePaths {
		slugs[i] = p.slug
	}
	return slugs
}

// Pages are all pages of a portal, rendered.
type Pages struct{ byKey map[string]Page }

// LoadPages renders all pages in all languages with the values of this portal.
// It fails only on a mistake in a page, naming file and line.
func LoadPages(v PageValues) (*Pages, error) {
	all := &Pages{byKey: map[string]Page{}}
	for _, lang := range i18n.Languages {
		for _, p := range pagePaths {
			page, err := loadPage(lang, p.slug, v)
			if err != nil {
				return nil, err
			}
			page.Path = p.path
			all.byKey[lang+"/"+p.slug] = page
		}
	}
	return all, nil
}

// Page returns the page with a slug in a language.
func (p *Pages) Page(lang, slug string) (Page, bool) {
	page, ok := p.byKey[lang+"/"+slug]
	return page, ok
}

// All returns the pages of a language in the order of a table of contents.
func (p *Pages) All(lang string) []Page {
	var list []Page
	for _, s := range PageSlugs() {
		if page, ok := p.Page(lang, s); ok {
			list = append(list, page)
		}
	}
	return list
}

func loadPage(lang, slug string, v PageValues) (Page, error) {
	name := "pages/" + lang + "/" + slug + ".md"
	raw, err := pageFiles.ReadFile(name)
	if err != nil {
		return Page{}, err
	}
	d, err := ParseDocument(name, raw)
	if err != nil {
		return Page{}, err
	}
	if extra := d.Meta.Without("title", "lang", "summary", "updated").Keys(); len(extra) > 0 || d.Meta.Text("lang") != lang {
		return Page{}, fmt.Errorf("%s: lang is %q, unknown keys are %v", name, d.Meta.Text("lang"), extra)
	}
	updated, err := time.Parse(time.DateOnly, d.Meta.Text("updated"))
	if err != nil {
		return Page{}, fmt.Errorf("%s: updated: %w", name, err)
	}
	fill := v.replacer(lang)
	p := Page{
		Slug: slug, Lang: lang, Updated: updated,
		Title: d.Meta.Text("title"), Summary: strings.ReplaceAll(d.Meta.Text("summary"), "{portal_name}", v.Name),
		Markdown: strings.TrimSpace(fill.Replace(d.Body)) + "\n",
	}
	o := Options{Lang: lang, Limit: CaseLimit}
	if p.HTML, err = Render(p.Markdown, o); err != nil {
		return Page{}, fmt.Errorf("%s: %w", name, err)
	}
	p.Headings, err = Headings(p.Markdown, o)
	return p, err
}

// replacer fills in the words in braces.
func (v PageValues) replacer(lang string) *strings.Replacer {
	words := ownWords().For(lang)
	contact, authority := words.T("content.page_contact"), words.T("content.page_authority")
	if a, err := mail.ParseAddress(v.Contact); err == nil && a.Address == v.Contact {
		contact = "<" + v.Contact + ">"
	} else if v.Contact != "" {
		contact = escapeMarkdown(v.Contact)
	}
	if v.Authority != "" {
		authority = v.Authority
	}
	return strings.NewReplacer(
		"{portal_name}", escapeMarkdown(v.Name), "{contact}", contact, "{authority}", authority,
		"{public_url}", strings.TrimRight(v.PublicURL, "/"), "{lang}", lang,
	)
}

var markdownMarks = regexp.MustCompile("[\\\\`*_\\[\\]<>#&|~!]")

func escapeMarkdown(s string) string { return markdownMarks.ReplaceAllString(s, `\$0`) }

// OldestPage returns the page with a slug that was checked longest ago in any
// language, so that an administrator can be warned.
func (p *Pages) OldestPage(slug string) (Page, bool) {
	var list []Page
	for _, lang := range i18n.Languages {
		if page, ok := p.Page(lang, slug); ok {
			list = append(list, page)
		}
	}
	if len(list) == 0 {
		return Page{}, false
	}
	return slices.MinFunc(list, func(a, b Page) int { return a.Updated.Compare(b.Updated) }), true
}
