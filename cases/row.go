package cases

import (
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/content"
)

// leadLength is how much of the text stands in a list when nobody wrote a
// summary, in characters.
const leadLength = 220

// A Row is a case as lists show it. There is one for each case that is
// published and not hidden.
type Row struct {
	ID            string     `json:"id"`
	Group         string     `json:"group"`
	Lang          string     `json:"lang"`
	Title         string     `json:"title"`
	Lead          string     `json:"lead,omitempty"`       // the summary, or how the text begins
	Summarised    bool       `json:"summarised,omitempty"` // Lead is a summary that somebody wrote
	Organisation  string     `json:"organisation,omitempty"`
	Organisations []string   `json:"organisations,omitempty"`
	Sector        string     `json:"sector,omitempty"`
	Themes        []string   `json:"themes,omitempty"`
	Outcome       Outcome    `json:"outcome,omitempty"`
	Date          time.Time  `json:"date"`           // when it could first be read
	Year          int        `json:"year,omitempty"` // it is about
	Updated       time.Time  `json:"updated"`
	Slug          string     `json:"slug"`
	Visibility    Visibility `json:"visibility,omitempty"`
	Embargo       time.Time  `json:"embargo,omitzero"`
	Origin        Origin     `json:"origin,omitzero"`
	ImportID      string     `json:"import_id,omitempty"`
}

func rowOf(c Case) Row {
	r := Row{
		ID: c.ID, Group: c.Group, Lang: c.Lang, Title: c.Title, Lead: c.Summary, Summarised: c.Summary != "",
		Organisation: c.Organisation, Organisations: c.Organisations, Sector: c.Sector, Themes: c.Themes, Outcome: c.Outcome,
		Date: c.Published, Year: yearOf(c), Updated: c.Updated, Slug: c.Slug, Visibility: c.Visibility, Embargo: c.Embargo,
		Origin: c.Origin, ImportID: c.ImportID,
	}
	if r.Embargo.After(r.Date) {
		r.Date = r.Embargo
	}
	return r
}

// IsPublic is Case.IsPublic for a row.
func (r Row) IsPublic(now time.Time) bool { return r.visibility().IsPublic(now) }

// IsOut is Case.IsOut for a row.
func (r Row) IsOut(now time.Time) bool { return r.visibility().IsOut(now) }

func (r Row) visibility() Case {
	return Case{State: Published, Visibility: r.Visibility, Embargo: r.Embargo}
}

// Owners is Case.Owners for a row.
func (r Row) Owners() []string {
	return Case{Organisation: r.Organisation, Organisations: r.Organisations}.Owners()
}

// Path is the case's permanent address below the language.
func (r Row) Path() string { return Case{ID: r.ID, Slug: r.Slug}.Path() }

// Division is the COFOG division of the case, "" when it has no sector.
func (r Row) Division() string {
	division, _, _ := strings.Cut(r.Sector, ".")
	return division
}

// Country is the ISO code of the owner's country, "" when there is no owner.
func (r Row) Country() string {
	country, _, ok := strings.Cut(r.Organisation, ":")
	if !ok {
		return ""
	}
	return country
}

// Place is the owner in the reference data; ok is false when it is not there.
func (r Row) Place() (content.Municipality, bool) { return content.MunicipalityOf(r.Organisation) }

// PlaceIn is the owner's name as it is used in lang, "" when there is no owner.
func (r Row) PlaceIn(lang string) string { return placeName(r.Organisation, lang) }

func placeName(key, lang string) string {
	if m, ok := content.MunicipalityOf(key); ok {
		return m.In(lang)
	}
	return key
}

// sortable is the date as text whose byte order is the order of time.
func (r Row) sortable() string { return r.Date.UTC().Format("2006-01-02T15:04:05.000000000") }

// dated are index values that are found together and ordered by date.
func (r Row) dated(values ...string) []string {
	var list []string
	for _, v := range values {
		if v != "" && !slices.Contains(list, v+"|"+r.sortable()) && !strings.ContainsAny(v, "\x00|") {
			list = append(list, v+"|"+r.sortable())
		}
	}
	return list
}

// embargoed is when an embargo is over, as sortable text.
func (r Row) embargoed() []string {
	if r.Embargo.IsZero() {
		return nil
	}
	return []string{r.Embargo.UTC().Format(time.RFC3339)}
}
