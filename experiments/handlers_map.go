package experiments

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// groupLength is how many experiments of one municipality stand beside the
// map; the rest is in its list.
const groupLength = 5

// mapView is the map of one country: its municipalities, so that one sees
// where one is, and a mark for each that has something.
type mapView struct {
	Code, Name string
	Around     []web.MapPoint
	Marks      []web.MapPoint
}

// placeGroup is a municipality beside the map, with its experiments.
type placeGroup struct {
	Key, Slug, Anchor string
	Name, Size        string
	Country           string
	Count             int
	OnMap             bool
	Rows              []listRow
	MoreURL           string // when there are more than stand here
}

// places is the map: the same list, by municipality.
func (h *Handlers) places(c *fiber.Ctx) error {
	q := queryOf(c)
	q.Order = Newest
	f, err := h.Experiments.Find(web.Context(c), accounts.ActorOf(c), q)
	if err != nil {
		return err
	}
	page := h.listPage(c, q, f, "experiments/map")
	page.Crumbs = append(crumbs(page.Page, nil, page.T("experiment.map"))[:1], web.Crumb{Title: page.T("experiment.map")})
	page.Description, page.Feeds = page.T("experiment.map_lead"), nil
	page.groups(h, q, f)
	page.maps(h, f)
	if page.Count == 0 {
		page.Instead = helpful(page.Chips)
	}
	return h.Render(c, "experiments/map", page)
}

// groups sorts the list by municipality, in the order of the alphabet.
func (page *listPage) groups(h *Handlers, q Query, f Found) {
	at := map[string]int{}
	for i := range f.Rows {
		l := &f.Rows[i]
		key := l.Organisation()
		n, ok := at[key]
		if !ok {
			n = len(page.Groups)
			at[key] = n
			page.Groups = append(page.Groups, h.groupOf(page.Page, l))
		}
		g := &page.Groups[n]
		g.Count++
		_, _, placed := l.Point()
		g.OnMap = g.OnMap || placed
		if !placed {
			page.Nowhere++
		}
		if len(g.Rows) < groupLength {
			g.Rows = append(g.Rows, h.listRow(page.Page, l))
			continue
		}
		more := q
		more.Organisation = key
		g.MoreURL = more.at(page.URL("experiments"), 1)
	}
	by := collate.New(language.Make(page.Lang))
	slices.SortFunc(page.Groups, func(a, b placeGroup) int { return by.CompareString(a.Name, b.Name) })
}

func (h *Handlers) groupOf(p web.Page, l *Listed) placeGroup {
	slug := accounts.KeySlug(l.Organisation())
	return placeGroup{
		Key: l.Organisation(), Slug: slug, Anchor: "m-" + slug, Name: l.Home.Name(p.Lang), Size: sizeName(p, l.Home), Country: l.Country(),
	}
}

// maps draws one map for each country in which something is.
func (page *listPage) maps(h *Handlers, f Found) {
	for _, country := range content.Countries() {
		v := mapView{Code: country.Key, Name: country.In(page.Lang)}
		for _, g := range page.Groups {
			if g.Country == country.Key && g.OnMap {
				v.Marks = append(v.Marks, page.mark(f, g))
			}
		}
		if len(v.Marks) == 0 {
			continue
		}
		for _, m := range content.Municipalities() {
			if m.Country == country.Key && m.HasPoint {
				v.Around = append(v.Around, web.MapPoint{Lat: m.Lat, Lon: m.Lon})
			}
		}
		page.Maps = append(page.Maps, v)
	}
}

// mark is a municipality on the map: where its newest experiment that has a
// point stands.
func (page *listPage) mark(f Found, g placeGroup) web.MapPoint {
	m := web.MapPoint{Label: page.N("experiment.map_mark", g.Count, g.Name), URL: "#" + g.Anchor, Count: g.Count}
	for i := range f.Rows {
		if l := &f.Rows[i]; l.Organisation() == g.Key {
			if lat, lon, ok := l.Point(); ok {
				m.Lat, m.Lon = lat, lon
				break
			}
		}
	}
	return m
}

// The public experiments as GeoJSON (RFC 7946).
type (
	geoFeatures struct {
		Type     string       `json:"type"`
		Features []geoFeature `json:"features"`
	}
	geoFeature struct {
		Type       string        `json:"type"`
		ID         string        `json:"id"`
		Geometry   *geoPoint     `json:"geometry"` // null: somewhere
		Properties geoProperties `json:"properties"`
	}
	geoPoint struct {
		Type        string     `json:"type"`
		Coordinates [2]float64 `json:"coordinates"` // longitude first
	}
	geoProperties struct {
		Title        string   `json:"title"`
		Lang         string   `json:"lang"`
		Summary      string   `json:"summary,omitempty"`
		URL          string   `json:"url"`
		Stage        string   `json:"stage"`
		Type         string   `json:"type"`
		Organisation string   `json:"organisation"`
		Place        string   `json:"place"`
		Sector       string   `json:"sector,omitempty"`
		Themes       []string `json:"themes"`
		Outcome      string   `json:"outcome,omitempty"`
		Start        string   `json:"start,omitempty"`
		End          string   `json:"end,omitempty"`
	}
)

// points are the experiments that everybody may read as GeoJSON, narrowed as
// the list is. One whose place nobody knows has no geometry.
func (h *Handlers) points(c *fiber.Ctx) error {
	p, q := h.Page(c, section), queryOf(c)
	f, err := h.Experiments.Find(web.Context(c), everybody, q)
	if err != nil {
		return err
	}
	out := geoFeatures{Type: "FeatureCollection", Features: []geoFeature{}}
	for i := range f.Rows {
		out.Features = append(out.Features, featureOf(p, &f.Rows[i]))
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return web.SendCached(c, "application/geo+json", time.Time{}, append(body, '\n'))
}

func featureOf(p web.Page, l *Listed) geoFeature {
	one := geoFeature{Type: "Feature", ID: l.ID, Properties: geoProperties{
		Title: l.Title, Lang: l.Lang, Summary: l.Summary, URL: p.Absolute(p.URL("experiments", l.ID)), Stage: string(l.Stage), Type: string(l.Row.Type),
		Organisation: l.Organisation(), Place: l.Home.Name(p.Lang), Sector: l.Sector, Themes: append([]string{}, l.Themes...), Outcome: string(l.Outcome),
	}}
	if l.Calendar.Set() {
		one.Properties.Start, one.Properties.End = p.ISO(l.Calendar.Start), p.ISO(l.Calendar.End)
	}
	if lat, lon, ok := l.Point(); ok {
		one.Geometry = &geoPoint{Type: "Point", Coordinates: [2]float64{lon, lat}}
	}
	one.Properties.Place = strings.TrimSpace(one.Properties.Place)
	return one
}
