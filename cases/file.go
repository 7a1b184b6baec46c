package cases

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// A caseFile is a case as a file says it is: front matter, then the text. A
// key that the file does not have stays empty; nothing is guessed.
type caseFile struct {
	path     string
	sum      string
	meta     *content.Meta
	said     Case // what the file says
	revision int  // 0 when it says none
	bodyLine int  // where the text begins
}

type fileMeasure struct {
	Name      string   `yaml:"name"`
	Unit      string   `yaml:"unit,omitempty"`
	Direction string   `yaml:"direction,omitempty"`
	Baseline  *float64 `yaml:"baseline,omitempty"`
	Limit     *float64 `yaml:"limit,omitempty"`
	Final     *float64 `yaml:"final,omitempty"`
}

// finite reports whether all numbers are: YAML has words for others, which no
// measurement gives and no record can hold.
func (v fileMeasure) finite() bool {
	return !slices.ContainsFunc([]*float64{v.Baseline, v.Limit, v.Final}, func(n *float64) bool {
		return n != nil && (math.IsNaN(*n) || math.IsInf(*n, 0))
	})
}

// errFileValue takes the key and what stands there.
var errFileValue = fault.New(fault.Invalid, "case.file_value")

var idForm = regexp.MustCompile(`^[0-9a-z]{12}$`)

// readFile reads a case from a file. Its faults name the key, those of the
// content package file and line.
func readFile(path string, raw []byte) (caseFile, error) {
	f := caseFile{path: path, sum: sumOf(raw)}
	d, err := content.ParseDocument(path, raw)
	if err != nil {
		return f, err
	}
	m := d.Meta
	f.meta, f.bodyLine = m, strings.Count(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n")-strings.Count(d.Body, "\n")+1
	f.said = Case{
		ID: m.Text("case"), ImportID: m.Text("id"), Title: oneLine(m.Text("title")), Lang: m.Text("lang"),
		Summary: oneLine(m.Text("summary")), Sector: m.Text("sector"), Themes: m.List("themes"), Outcome: Outcome(m.Text("outcome")),
		Currency: m.Text("currency"), Licence: oneLine(m.Text("licence")), Source: oneLine(m.Text("source")), Group: m.Text("group"),
		Body: strings.TrimRight(strings.TrimLeft(d.Body, "\n"), " \t\n"), Extra: m.Without(content.CaseKeys...).YAML(),
	}
	if owners := m.List("organisation"); len(owners) > 0 {
		f.said.Organisation, f.said.Organisations = owners[0], owners[1:]
	}
	wrong := f.readValues()
	slices.SortFunc(wrong, func(a, b *fault.Error) int { return m.Line(a.Field) - m.Line(b.Field) })
	return f, fault.Join(wrong...)
}

// readValues reads what is no plain text: days, numbers, measures.
func (f *caseFile) readValues() (wrong []*fault.Error) {
	m, c := f.meta, &f.said
	read := func(key string, parse func(s string) bool) {
		if s := m.Text(key); s != "" && !parse(s) {
			wrong = append(wrong, errFileValue.With(key, s).On(key))
		}
	}
	read("case", func(s string) bool { return idForm.MatchString(s) })
	read("start", func(s string) (ok bool) { c.Start, ok = readTime(s); c.Start = day(c.Start); return ok })
	read("end", func(s string) (ok bool) { c.End, ok = readTime(s); c.End = day(c.End); return ok })
	read("published", func(s string) (ok bool) { c.Published, ok = readTime(s); return ok })
	read("cost", func(s string) (ok bool) { c.CostCents, ok = web.ParseCents(s); return ok })
	read("hours", func(s string) (ok bool) { c.Hours, ok = web.ParseNumber(s); return ok })
	read("revision", func(s string) bool {
		n, err := strconv.Atoi(s)
		f.revision = n
		return err == nil && n > 0 && n <= math.MaxInt32
	})
	var measures []fileMeasure
	if err := m.Decode("measures", &measures); err != nil {
		wrong = append(wrong, errFileValue.With("measures", "").On("measures").Because(err))
	}
	for _, v := range measures {
		if !v.finite() {
			wrong = append(wrong, errFileValue.With("measures", v.Name).On("measures"))
		}
		c.Measures = append(c.Measures, Measure(v))
	}
	return wrong
}

func readTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, time.RFC3339Nano} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), t.Year() >= 1900 && t.Year() < 2200
		}
	}
	return time.Time{}, false
}

// day is the day of t as it is kept: midnight in UTC, whatever the zone.
func day(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func sumOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// missing are the keys that a reader would miss and the file does not have.
func (f caseFile) missing() []string {
	var list []string
	for _, key := range []string{"summary", "organisation", "sector", "themes", "outcome", "start", "end", "cost", "hours", "licence", "source"} {
		if f.meta.Text(key) == "" && len(f.meta.List(key)) == 0 {
			list = append(list, key)
		}
	}
	return list
}

// over returns c with what the file says, c's identity and address kept.
func (f caseFile) over(c Case) Case {
	said := f.said
	c.Title, c.Lang, c.Summary, c.Body = said.Title, said.Lang, said.Summary, said.Body
	c.Organisation, c.Organisations, c.Sector, c.Themes = said.Organisation, said.Organisations, said.Sector, said.Themes
	c.Outcome, c.Start, c.End = said.Outcome, said.Start, said.End
	c.CostCents, c.Currency, c.Hours, c.Measures = said.CostCents, said.Currency, said.Hours, said.Measures
	c.Licence, c.Source, c.ImportID, c.Extra = said.Licence, said.Source, said.ImportID, said.Extra
	if !said.Published.IsZero() {
		c.Published = said.Published
	}
	if said.Group != "" {
		c.Group = said.Group
	}
	return c
}

// FileName is the name a case has as a file: id and slug.
func (c Case) FileName() string { return c.ID + "-" + c.Slug + ".md" }

// Markdown writes a case as a file: front matter in the fixed order, unknown
// keys as they were, then the text. Importing it again changes nothing.
func (c Case) Markdown() []byte {
	m := &content.Meta{}
	set := func(key string, value any, given bool) {
		if given {
			m.Set(key, value)
		}
	}
	set("case", c.ID, true)
	set("id", c.ImportID, c.ImportID != "")
	set("title", c.Title, true)
	set("lang", c.Lang, true)
	set("summary", c.Summary, c.Summary != "")
	if owners := c.Owners(); len(owners) > 1 {
		set("organisation", owners, true)
	} else {
		set("organisation", c.Organisation, c.Organisation != "")
	}
	set("sector", c.Sector, c.Sector != "")
	set("themes", c.Themes, len(c.Themes) > 0)
	set("outcome", string(c.Outcome), c.Outcome != "")
	set("start", c.Start.Format(time.DateOnly), !c.Start.IsZero())
	set("end", c.End.Format(time.DateOnly), !c.End.IsZero())
	set("cost", amount(float64(c.CostCents)/100, strconv.FormatInt(c.CostCents/100, 10)+"."+cents(c.CostCents)), c.Currency != "")
	set("currency", c.Currency, c.Currency != "")
	set("hours", amount(c.Hours, strconv.FormatFloat(c.Hours, 'f', -1, 64)), c.Hours != 0)
	var measures []fileMeasure
	for _, v := range c.Measures {
		measures = append(measures, fileMeasure(v))
	}
	set("measures", measures, len(measures) > 0)
	set("licence", c.Licence, c.Licence != "")
	set("source", c.Source, c.Source != "")
	set("published", c.Published.UTC().Format(time.RFC3339Nano), !c.Published.IsZero())
	set("revision", c.Revision, c.Revision > 0)
	set("group", c.Group, c.Group != "")
	if extra, err := content.ParseMeta("", c.Extra); err == nil {
		m.Append(extra)
	}
	return content.Document{Meta: m, Body: "\n" + c.Body + "\n"}.Bytes()
}

func cents(n int64) string {
	s := strconv.FormatInt(n%100, 10)
	if len(s) < 2 {
		s = "0" + s
	}
	return s
}

// amount writes a whole number as one and any other without an exponent.
func amount(f float64, text string) any {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return int64(f)
	}
	return text
}
