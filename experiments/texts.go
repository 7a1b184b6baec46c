package experiments

import (
	"strconv"
	"strings"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// A cardLine is one text of the card with the question it answers, for people:
// cards are shown and versions compared line by line.
type cardLine struct {
	Field string // of the card; "more" and "trial" beside its 27
	Key   string // tells the lines of a card apart
	Label string
	Text  string
	Free  bool // in the words and the language of the card's writers
}

// liner writes a card down line by line.
type liner struct {
	p     i18n.Printer
	names map[string]string // of persons
	e     *Experiment
	list  []cardLine
}

// linesOf is everything that a card says, in the order of its fields. names
// are those of its persons.
func linesOf(p i18n.Printer, names map[string]string, e *Experiment) []cardLine {
	l := liner{p: p, names: names, e: e}
	l.idea()
	l.plan()
	l.people()
	l.means()
	l.learning()
	l.about()
	return l.list
}

// free adds a text in the writers' words, said one in the reader's.
func (l *liner) free(field, key, text string) { l.add(field, key, key, text, true) }

func (l *liner) said(field, key, text string) { l.add(field, key, key, text, false) }

// nth adds the i-th of several texts of one kind, from 0.
func (l *liner) nth(field, key string, i int, text string) {
	l.add(field, row(key, i, ""), key, text, true)
}

func (l *liner) add(field, key, label, text string, free bool) {
	if text != "" {
		l.list = append(l.list, cardLine{field, key, l.p.T("experiment." + label), text, free})
	}
}

func (l *liner) idea() {
	e := l.e
	l.free("title", "title", e.Title)
	l.free("summary", "summary", e.Summary)
	l.free("problem", "problem", e.Problem)
	l.said("owner", "owner_fact", join(", ", l.names[e.Owner], placeName(e.Organisation, l.p.Lang)))
	for _, m := range e.Team {
		if m.Person != e.Owner {
			l.add("owner", "team_"+m.Person, "team", join(", ", l.names[m.Person], m.Role), false)
		}
	}
	for i, one := range e.Partners {
		name := one.Name
		if name == "" {
			name = placeName(one.Key, l.p.Lang)
		}
		l.nth("owner", "partner", i, join(", ", name, one.Role))
	}
	l.said("sector", "sector", sectorName(l.p.Lang, e.Sector))
	l.said("sector", "themes", strings.Join(themeNames(l.p.Lang, e.Themes), ", "))
	if e.About.Place != nil {
		l.said("sector", "place", e.About.Place.String())
	}
	l.said("sector", "visibility", l.p.T("experiment.visibility_"+string(e.Visibility)))
	l.said("sector", "embargo", l.p.DateShort(e.Embargo))
}

// placeName is a municipality of the reference data in words, or its key.
func placeName(key, lang string) string {
	if m, ok := content.MunicipalityOf(key); ok {
		return m.In(lang)
	}
	return key
}

// String is the point as maps write it.
func (p Point) String() string {
	return strconv.FormatFloat(p.Lat, 'f', -1, 64) + ", " + strconv.FormatFloat(p.Lon, 'f', -1, 64)
}

func (l *liner) plan() {
	e := l.e
	l.free("checked", "checked", strings.Join(e.Checked.Links, "\n"))
	if e.Checked.None {
		l.said("checked", "checked_none", l.p.T("experiment.answer_yes"))
	}
	l.free("checked", "checked_words", e.Checked.Words)
	l.said("belief", "type", l.p.T("experiment.type_"+string(e.Type)))
	l.free("belief", "pitfalls", e.Pitfalls)
	l.free("belief", "belief", e.Belief)
	l.free("test", "test", e.Test)
	for i, m := range e.Measures {
		l.add("measures", row("measure", i, ""), "measure_name", l.measure(m), true)
	}
	l.free("stop_rule", "stop_rule", e.StopRule)
}

func (l *liner) measure(m Measure) string {
	before := ""
	if m.Baseline != nil {
		before = l.p.T("experiment.measure_before", amount(l.p, *m.Baseline, m.Unit))
	}
	return join(", ", m.Name, before, limitOf(l.p, m), m.How)
}

func (l *liner) people() {
	e := l.e
	if e.People.Number > 0 {
		l.said("people", "number", l.p.Num(e.People.Number))
	}
	l.free("people", "people", e.People.Who)
	l.free("people", "consent", e.People.Consent)
	if e.People.PersonalData != "" {
		l.said("people", "personal_data", l.p.T("experiment.answer_"+string(e.People.PersonalData)))
	}
	l.free("people", "host", e.Host)
	for i, one := range e.Steps {
		minutes := ""
		if one.Minutes > 0 {
			minutes = l.p.N("experiment.minutes", one.Minutes)
		}
		mocked := ""
		if one.Mocked {
			mocked = l.p.T("experiment.step_mocked")
		}
		l.add("steps", row("step", i, ""), "step_what", join(", ", one.What, one.Who, one.Channel, mocked, minutes), true)
	}
	for _, o := range e.Observations {
		l.list = append(l.list, cardLine{"trial", "seen_" + o.Participant, o.Participant, o.Text, true})
	}
}

func (l *liner) means() {
	e, p := l.e, l.p
	l.said("calendar", "start", p.DateShort(e.Calendar.Start))
	l.said("calendar", "end", p.DateShort(e.Calendar.End))
	if e.Calendar.CheckIn > 0 && e.Calendar.CheckIn < 6 {
		l.said("calendar", "check_in", p.T("experiment.weekday_"+strconv.Itoa(int(e.Calendar.CheckIn))))
	}
	if e.Decisions.None {
		l.said("decisions", "decisions_none", p.T("experiment.answer_yes"))
	}
	for i, one := range e.Decisions.List {
		l.add("decisions", row("decision", i, ""), "decision_what",
			join(", ", one.What, one.Body, p.DateShort(one.By), p.T("experiment.decision_"+string(one.State)), one.Reason), true)
	}
	for i, one := range e.Permissions {
		l.nth("decisions", "permission_rule", i, join(", ", one.Rule, one.By, p.DateShort(one.Until)))
	}
	if e.Money.None {
		l.said("money", "money_none", p.T("experiment.answer_yes"))
	}
	for i, one := range e.Money.Lines {
		l.add("money", row("cost", i, ""), "cost_text", one.Text+": "+p.Money(one.Cents, e.currency()), true)
	}
	l.sum("money", "money_seed", e.Money.Seed)
	l.sum("money", "money_own", e.Money.Own)
	l.sum("money", "money_other", e.Money.Other)
	l.free("rules", "rules", e.Rules)
	l.free("after", "after", e.After)
	l.free("comms", "comms", e.Comms)
}

func (l *liner) sum(field, key string, cents int64) {
	if cents != 0 {
		l.said(field, key, l.p.Money(cents, l.e.currency()))
	}
}

func (l *liner) learning() {
	e, p := l.e, l.p
	for i, m := range e.Measures {
		if m.Final == nil {
			continue
		}
		n := ""
		if m.N > 0 {
			n = "n = " + p.Num(m.N)
		}
		l.add("results", row("result", i, ""), "results",
			join(", ", m.Name+": "+amount(p, *m.Final, m.Unit), p.T("experiment.verdict_"+string(m.Verdict())), n, m.Source), true)
	}
	if e.Learning.Outcome != "" {
		l.said("outcome", "outcome", p.T("outcome."+string(e.Learning.Outcome)))
	}
	l.free("surprise", "surprise", e.Learning.Surprise)
	l.free("learnt", "works", e.Learning.Works)
	l.free("learnt", "does_not", e.Learning.DoesNot)
	l.free("learnt", "unclear", e.Learning.Unclear)
	l.free("conditions", "conditions", e.Learning.Conditions)
	if e.Learning.Hours != nil {
		l.said("cost_real", "hours", p.Decimal(*e.Learning.Hours, 2))
	}
	if e.Learning.Cents != nil {
		l.said("cost_real", "cost", p.Money(*e.Learning.Cents, e.currency()))
	}
	if next := e.Learning.Next; next.What != "" {
		l.said("decision", "decision", join(", ", p.T("experiment.next_"+string(next.What)), next.Who, p.DateShort(next.Day)))
		l.free("decision", "decision_text", next.Text)
	}
	l.free("switched_off", "switched_off", e.Learning.SwitchedOff)
	for i, one := range e.Learning.Reuse {
		l.nth("reuse", "reuse", i, join(", ", one.Title, one.URL, one.Licence))
	}
}

func limitOf(p i18n.Printer, m Measure) string {
	if m.Limit == nil {
		return ""
	}
	sign := map[Direction]string{Less: "≤", More: "≥"}[m.Direction]
	return strings.TrimSpace(sign + "\u00a0" + amount(p, *m.Limit, m.Unit))
}
