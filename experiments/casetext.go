package experiments

import (
	"strconv"
	"strings"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// draftOf is the case as card, log and measures tell it, in the card's
// language. p prints in that language.
func draftOf(e *Experiment, log []Entry, p i18n.Printer) cases.Draft {
	d := cases.Draft{
		Title: e.Title, Summary: e.Summary, Body: bodyOf(e, log, p), Lang: e.Lang,
		Organisation: e.Organisation, Organisations: e.Organisations(), Sector: e.Sector, Themes: e.Themes,
		Outcome: cases.Outcome(e.Learning.Outcome), Start: e.Calendar.Start, End: e.Calendar.End,
		Licence: e.Learning.Licence, Authors: e.Persons(), Origin: originOf(e),
	}
	if e.Learning.Cents != nil {
		d.CostCents, d.Currency = *e.Learning.Cents, e.currency()
	}
	if e.Learning.Hours != nil {
		d.Hours = *e.Learning.Hours
	}
	for _, m := range e.Measures {
		d.Measures = append(d.Measures, cases.Measure{
			Name: m.Name, Unit: m.Unit, Direction: map[Direction]string{Less: cases.Down, More: cases.Up}[m.Direction],
			Baseline: m.Baseline, Limit: m.Limit, Final: m.Final,
		})
	}
	return d
}

func (e *Experiment) currency() string {
	if e.Money.Currency != "" {
		return e.Money.Currency
	}
	return CurrencyOf(e.Organisation)
}

// bodyOf writes the case's text under its fixed headings.
func bodyOf(e *Experiment, log []Entry, p i18n.Printer) string {
	h := cases.HeadingsIn(e.Lang)
	l := e.Learning
	var t text
	t.section(h.Problem, e.Problem)
	t.section(h.Tried, e.Belief, e.Test, stepsOf(e, p), partnersOf(e, p))
	t.section(h.Happened, resultsOf(e, p), seenOf(e), logOf(log, p), picturesOf(log))
	t.section(h.Surprise, l.Surprise)
	t.section(h.Learnt)
	t.part(h.Works, l.Works)
	t.part(h.DoesNot, l.DoesNot)
	t.part(h.Unclear, l.Unclear)
	t.section(h.Needs, l.Conditions, permissionsOf(e, p))
	t.section(h.Cost, costOf(e, p))
	t.section(h.Next, nextOf(e, p), l.SwitchedOff, reuseOf(l.Reuse))
	return t.String()
}

// text is Markdown in the making.
type text struct{ strings.Builder }

func (t *text) section(heading string, paragraphs ...string) {
	t.block("## " + heading)
	for _, s := range paragraphs {
		t.block(s)
	}
}

func (t *text) part(heading, s string) {
	if s != "" {
		t.block("### " + heading)
		t.block(s)
	}
}

func (t *text) block(s string) {
	if s = strings.TrimSpace(s); s == "" {
		return
	}
	if t.Len() > 0 {
		t.WriteString("\n")
	}
	t.WriteString(s + "\n")
}

// seenOf is one line for each participant of a complete process.
func seenOf(e *Experiment) string {
	var lines []string
	for _, o := range e.Observations {
		lines = append(lines, "- "+o.Participant+": "+oneLine(o.Text))
	}
	return strings.Join(lines, "\n")
}

func stepsOf(e *Experiment, p i18n.Printer) string {
	var lines []string
	for i, s := range e.Steps {
		took := ""
		if s.Minutes > 0 {
			took = p.N("experiment.minutes", s.Minutes)
		}
		line := join(" · ", s.What, s.Who, s.Channel, took)
		lines = append(lines, strconv.Itoa(i+1)+". "+oneLine(line))
	}
	return strings.Join(lines, "\n")
}

func partnersOf(e *Experiment, p i18n.Printer) string {
	var names []string
	for _, one := range e.Partners {
		if one.Name != "" {
			names = append(names, one.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return p.T("experiment.text_partners", p.And(names))
}

// resultsOf is one line per measure: before, limit, in the end, verdict.
func resultsOf(e *Experiment, p i18n.Printer) string {
	var lines []string
	for i := range e.Measures {
		m := e.asLocked(i)
		if m.Final == nil || m.Baseline == nil || m.Limit == nil {
			continue
		}
		line := p.T("experiment.text_result", oneLine(m.Name), amount(p, *m.Baseline, m.Unit), amount(p, *m.Limit, m.Unit), amount(p, *m.Final, m.Unit))
		lines = append(lines, "- "+line+" "+p.T("experiment.verdict_"+string(m.Verdict()))+".")
	}
	return strings.Join(lines, "\n")
}

// logOf lists what the public log tells, without what the results say better.
func logOf(log []Entry, p i18n.Printer) string {
	var lines []string
	for _, n := range log {
		if n.Text == "" || n.Kind == Thanks {
			continue
		}
		line := oneLine(n.Text)
		if n.Kind == Quote {
			line = "”" + strings.Trim(line, `"”“«»`) + "”"
		}
		lines = append(lines, "- "+p.DateShort(n.At)+": "+line)
	}
	return strings.Join(lines, "\n")
}

// picturesOf are the pictures of the public log with their words.
func picturesOf(log []Entry) string {
	var lines []string
	for _, n := range log {
		for _, one := range n.Pictures {
			alt := strings.NewReplacer("[", "", "]", "", "\\", "").Replace(oneLine(one.Alt))
			lines = append(lines, "!["+alt+"]("+files.URL(one.Hash)+")")
		}
	}
	return strings.Join(lines, "\n\n")
}

func costOf(e *Experiment, p i18n.Printer) string {
	var parts []string
	if e.Learning.Hours != nil {
		parts = append(parts, p.T("experiment.text_hours", p.Num(*e.Learning.Hours)))
	}
	if e.Learning.Cents != nil {
		parts = append(parts, p.T("experiment.text_cost", p.Money(*e.Learning.Cents, e.currency())))
	}
	if e.Calendar.Set() {
		parts = append(parts, p.T("experiment.text_time", p.Date(e.Calendar.Start), p.Date(e.Calendar.End)))
	}
	return strings.Join(parts, " ")
}

func nextOf(e *Experiment, p i18n.Printer) string {
	n := e.Learning.Next
	if n.What == "" {
		return n.Text
	}
	s := p.T("experiment.next_"+string(n.What)) + "."
	if n.Who != "" && !n.Day.IsZero() {
		s += " " + p.T("experiment.text_decided", n.Who, p.Date(n.Day))
	}
	return strings.TrimSpace(s + " " + n.Text)
}

func reuseOf(links []Link) string {
	var lines []string
	for _, l := range links {
		title := l.Title
		if title == "" {
			title = l.URL
		}
		lines = append(lines, "- ["+strings.NewReplacer("[", "", "]", "").Replace(oneLine(title))+"](<"+l.URL+">)")
	}
	return strings.Join(lines, "\n")
}

func amount(p i18n.Printer, f float64, unit string) string {
	return join("\u00a0", p.Decimal(f, i18n.Decimals(f)), unit)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// join joins the texts that are not empty.
func join(sep string, texts ...string) string {
	var list []string
	for _, s := range texts {
		if s != "" {
			list = append(list, s)
		}
	}
	return strings.Join(list, sep)
}
