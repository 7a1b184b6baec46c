package main

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
)

// organisations are the bodies of the reference data as accounts keep them.
func organisations() []accounts.Organisation {
	var list []accounts.Organisation
	for _, m := range content.Municipalities() {
		o := accounts.Organisation{
			Key: m.Key, Kind: accounts.Municipality, Country: m.Country, Region: m.Region, Population: m.Population, Lat: m.Lat, Lon: m.Lon,
			Names: map[string]string{}, RegionNames: map[string]string{},
		}
		if !m.IsMunicipal() {
			o.Kind = accounts.Region
		}
		for _, lang := range i18n.Languages {
			o.Names[lang], o.RegionNames[lang] = m.In(lang), m.RegionIn(lang)
		}
		list = append(list, o)
	}
	return list
}

// publicNames names authors for the cases slice.
type publicNames struct{ *accounts.Service }

// PublicName is the name by consent, else the role.
func (p publicNames) PublicName(ctx context.Context, person, lang string) string {
	return p.DisplayName(ctx, person, lang)
}

// facetLabel is the name of a facet's value in the reader's language.
func (a *App) facetLabel(lang, facet, value string) string {
	p := a.Locales.For(lang)
	switch facet {
	case "kind":
		return p.T("search.kind_" + value)
	case "lang":
		return i18n.Name(value)
	case "org":
		if m, ok := content.MunicipalityOf(value); ok {
			return m.In(lang)
		}
		return a.organisationName(lang, value)
	case "outcome":
		return p.T("outcome." + value)
	case "size":
		return p.T(content.SizeClass(value).Key())
	case "country":
		if t, ok := content.Country(value); ok {
			return t.In(lang)
		}
	case "theme":
		if t, ok := content.Theme(value); ok {
			return t.In(lang)
		}
	}
	return value
}

// organisationName is the name of a body that the reference data does not
// know, or its key.
func (a *App) organisationName(lang, key string) string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	o, err := a.Accounts.Organisation(ctx, key)
	if err != nil {
		return key
	}
	return o.Name(lang)
}

// alike says what makes municipalities like one of the reference data: the
// class of its population, and its country. One of unknown size is like none.
func alike(key string) (search.Alike, bool) {
	m, ok := content.MunicipalityOf(key)
	size := m.SizeClass()
	return search.Alike{Size: string(size), Country: m.Country}, ok && size != "" && size != content.SizeUnknown
}

// pageSource lets the guide and the other pages be found.
type pageSource struct{ app *App }

// Kind is "page".
func (pageSource) Kind() string { return "page" }

// IDs yields lang/slug of every page.
func (pageSource) IDs(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, lang := range i18n.Languages {
			for _, slug := range content.PageSlugs() {
				if !yield(lang+"/"+slug, nil) {
					return
				}
			}
		}
	}
}

// Document is a page as it can be found.
func (s pageSource) Document(_ context.Context, id string) (search.Document, bool, error) {
	lang, slug, _ := strings.Cut(id, "/")
	p, ok := s.app.Pages.Page(lang, slug)
	if !ok {
		return search.Document{}, false, nil
	}
	return search.Document{
		Kind: "page", ID: id, Lang: lang, Title: p.Title, Summary: p.Summary, Body: content.PlainText(p.Markdown), Path: "/" + p.Path, Date: p.Updated,
	}, true, nil
}

// Glance is Document: there are few pages.
func (s pageSource) Glance(ctx context.Context, id string) (search.Document, bool, error) {
	return s.Document(ctx, id)
}

// finder finds what is like an experiment that somebody is registering.
type finder struct{ app *App }

// Similar returns public cases and experiments, failures included, and the
// words they share with the text.
func (f finder) Similar(ctx context.Context, lang, text string, n int) ([]experiments.Similar, error) {
	found, err := f.app.Index.Like(ctx, lang, text, "", 3*n)
	var list []experiments.Similar
	for _, d := range found {
		place, _, _ := strings.Cut(d.Places, "\n")
		list = append(list, experiments.Similar{
			Kind: d.Kind, ID: d.ID, Lang: d.Lang, Title: d.Title, URL: web.Path(lang, d.Path), Place: place,
			Outcome: d.Outcome, Stage: d.Stage, Why: d.Shared,
		})
	}
	return experiments.WithFailure(list, n), err
}
