package cases

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// How long the short texts of a case may be, in characters.
const (
	MaxTitle   = 200
	MaxSummary = 600
	maxLine    = 300 // licence, source
	maxThemes  = 12
	maxCost    = 100_000_000_000_000 // cents: nobody can mean more
)

// Text is what an author may change of a case. Revision is the wording the
// author started from: when somebody else has changed the case meanwhile,
// nothing is stored.
type Text struct {
	Revision   int
	Title      string
	Summary    string
	Body       string
	Sector     string
	Themes     []string
	Outcome    Outcome // of a case with an experiment it stays what it is
	Start, End time.Time
	CostCents  int64
	Currency   string
	Hours      float64
	Licence    string
	Visibility Visibility
	Embargo    time.Time
}

// Faults of a case's text.
var (
	ErrTitleMissing   = fault.New(fault.Invalid, "case.title_missing").On("title")
	ErrTitleLong      = fault.New(fault.Invalid, "case.title_long").On("title")
	ErrSummaryLong    = fault.New(fault.Invalid, "case.summary_long").On("summary")
	ErrBodyMissing    = fault.New(fault.Invalid, "case.body_missing").On("body")
	ErrHeadingMissing = fault.New(fault.Invalid, "case.heading_missing").On("body")
	ErrLang           = fault.New(fault.Invalid, "case.lang_unknown").On("lang")
	ErrOrganisation   = fault.New(fault.Invalid, "case.organisation_unknown").On("organisation")
	ErrSector         = fault.New(fault.Invalid, "case.sector_unknown").On("sector")
	ErrThemes         = fault.New(fault.Invalid, "case.themes_unknown").On("themes")
	ErrOutcome        = fault.New(fault.Invalid, "case.outcome_unknown").On("outcome")
	ErrDates          = fault.New(fault.Invalid, "case.end_before_start").On("end")
	ErrDay            = fault.New(fault.Invalid, "case.day_wrong")
	ErrCost           = fault.New(fault.Invalid, "case.cost_wrong").On("cost")
	ErrHours          = fault.New(fault.Invalid, "case.hours_wrong").On("hours")
	ErrLicence        = fault.New(fault.Invalid, "case.licence_long").On("licence")
	ErrVisibility     = fault.New(fault.Invalid, "case.visibility_unknown").On("visibility")
	ErrChanged        = fault.New(fault.Conflict, "case.changed_meanwhile")
)

// trimBody leaves out empty lines around a text, but keeps the indentation of
// its first line: in Markdown that makes code of it.
func trimBody(text string) string {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	for {
		line, rest, ok := strings.Cut(text, "\n")
		if !ok || strings.TrimSpace(line) != "" {
			return text
		}
		text = rest
	}
}

// wear returns c with the text t.
func (c Case) wear(t Text) Case {
	c.Title, c.Summary, c.Body = oneLine(t.Title), oneLine(t.Summary), trimBody(t.Body)
	c.Sector, c.Themes = t.Sector, t.Themes
	if c.Imported() {
		c.Outcome = t.Outcome
	}
	c.Start, c.End, c.CostCents, c.Currency, c.Hours = day(t.Start), day(t.End), t.CostCents, t.Currency, t.Hours
	c.Licence, c.Visibility, c.Embargo = oneLine(t.Licence), t.Visibility, t.Embargo
	return c
}

// check returns what is wrong with a case, in the order of the form. A draft
// may be empty; a published case has a text, and one that comes from an
// experiment the fixed headings.
func (c Case) check(published bool) error {
	var list []*fault.Error
	find := func(wrong bool, f *fault.Error) {
		if wrong {
			list = append(list, f)
		}
	}
	find(c.Title == "", ErrTitleMissing)
	find(utf8.RuneCountInString(c.Title) > MaxTitle, ErrTitleLong.With(MaxTitle, utf8.RuneCountInString(c.Title)))
	find(utf8.RuneCountInString(c.Summary) > MaxSummary, ErrSummaryLong.With(MaxSummary, utf8.RuneCountInString(c.Summary)))
	find(!i18n.Known(c.Lang), ErrLang)
	list = append(list, c.checkBody(published)...)
	find(!knownOrganisations(c.Owners()), ErrOrganisation)
	find(!knownSector(c.Sector), ErrSector)
	find(len(c.Themes) > maxThemes || slices.ContainsFunc(c.Themes, badTheme), ErrThemes)
	find(c.Outcome != "" && !slices.Contains(Outcomes, c.Outcome), ErrOutcome)
	find(!c.Start.IsZero() && !c.End.IsZero() && c.End.Before(c.Start), ErrDates)
	find(c.CostCents < 0 || c.CostCents > maxCost || c.CostCents > 0 && c.Currency == "" || len(c.Currency) > 3, ErrCost)
	find(c.Hours < 0 || c.Hours > 1e6, ErrHours)
	find(utf8.RuneCountInString(c.Licence) > maxLine, ErrLicence.With(maxLine))
	find(c.Visibility != "" && c.Visibility != Public && c.Visibility != Members, ErrVisibility)
	return fault.Join(list...)
}

func (c Case) checkBody(published bool) []*fault.Error {
	var list []*fault.Error
	switch {
	case len(c.Body) > content.CaseLimit:
		list = append(list, content.ErrTooLong.With(content.CaseLimit>>10, (len(c.Body)+1023)>>10).On("body"))
	case !published:
	case c.Body == "":
		list = append(list, ErrBodyMissing)
	case !c.Imported():
		for _, h := range missingHeadings(c.Lang, c.Body) {
			list = append(list, ErrHeadingMissing.With(h))
		}
	}
	return list
}

// knownOrganisations: keys look like "FI:020"; bodies that are not in the
// reference data (a ministry) are let through, so that a case may name them.
func knownOrganisations(keys []string) bool {
	return !slices.ContainsFunc(keys, func(key string) bool {
		country, code, ok := strings.Cut(key, ":")
		return !ok || len(country) != 2 || code == "" || len(code) > 40 || strings.ContainsAny(key, " |\x00\n")
	})
}

func knownSector(code string) bool {
	if code == "" {
		return true
	}
	_, ok := content.SectorOf(code)
	return ok
}

func badTheme(t string) bool {
	return t == "" || len(t) > 60 || strings.ContainsAny(t, "|\x00\n")
}
