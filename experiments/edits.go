package experiments

import (
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// Faults of the sections.
var (
	ErrVisibility = fault.New(fault.Invalid, "experiment.visibility_unknown").On("visibility")
	ErrSector     = fault.New(fault.Invalid, "experiment.sector_unknown").On("sector")
	ErrDirection  = fault.New(fault.Invalid, "experiment.direction_missing").On("measures")
	ErrMeasure    = fault.New(fault.Invalid, "experiment.measure_unnamed").On("measures")
	ErrStep       = fault.New(fault.Invalid, "experiment.step_unnamed").On("steps")
	ErrDecision   = fault.New(fault.Invalid, "experiment.decision_unnamed").On("decisions")
	ErrState      = fault.New(fault.Invalid, "experiment.decision_state_unknown").On("decisions")
	ErrAnswer     = fault.New(fault.Invalid, "experiment.answer_unknown").On("personal_data")
	ErrCheckIn    = fault.New(fault.Invalid, "experiment.check_in_unknown").On("check_in")
	ErrWaived     = fault.New(fault.Invalid, "experiment.waived_without_reason").On("decisions")
	ErrCostText   = fault.New(fault.Invalid, "experiment.cost_unnamed").On("money")
	ErrNumber     = fault.New(fault.Invalid, "experiment.number_invalid")
)

// IdeaEdit is the section problem: fields 1 to 3 and 5, and who may read.
type IdeaEdit struct {
	Title, Summary, Problem string
	Sector                  string
	Themes                  []string
	Visibility              Visibility
	Embargo                 time.Time // public only from here on, if set
	Wanted                  string    // id of the wanted case it answers, if any
}

// Section is SectionProblem.
func (IdeaEdit) Section() Section { return SectionProblem }

func (d IdeaEdit) into(e *Experiment, f *findings) {
	trim(&d.Title, &d.Summary, &d.Problem, &d.Sector, &d.Wanted)
	d.Title = strings.Join(strings.Fields(d.Title), " ")
	f.text("title", d.Title, MaxTitle)
	f.text("summary", d.Summary, MaxSummary)
	f.text("problem", d.Problem, MaxProblem)
	f.when(d.Sector != "" && !isSector(d.Sector), ErrSector)
	f.count("themes", len(d.Themes), MaxThemes)
	oneOf(f, ErrVisibility, d.Visibility, Visibilities)
	e.Title, e.Summary, e.Problem, e.Sector, e.Themes, e.Visibility = d.Title, d.Summary, d.Problem, d.Sector, d.Themes, d.Visibility
	e.Embargo, e.Wanted = d.Embargo, d.Wanted
}

// isSector reports whether a code is a division or a group of COFOG.
func isSector(code string) bool {
	_, ok := content.SectorOf(code)
	return ok
}

// BeliefEdit is the section belief-and-test: fields 6 to 8 and 10.
type BeliefEdit struct {
	Type                   Type
	Belief, Test, StopRule string
	Pitfalls               string   // of the case it was started from, or of the experiment before
	Links                  []string // similar ones that were read
	None                   bool     // none was found
	Words                  string   // what was searched for
}

// Section is SectionBelief.
func (BeliefEdit) Section() Section { return SectionBelief }

func (d BeliefEdit) into(e *Experiment, f *findings) {
	trim(&d.Belief, &d.Test, &d.StopRule, &d.Words, &d.Pitfalls)
	oneOf(f, ErrType, d.Type, Types)
	f.text("belief", d.Belief, MaxBelief)
	f.text("test", d.Test, MaxTest)
	f.text("stop_rule", d.StopRule, MaxStopRule)
	f.text("checked", d.Words, maxWords)
	f.count("checked", len(d.Links), 3)
	for _, link := range d.Links {
		if !strings.HasPrefix(link, "/") || strings.HasPrefix(link, "//") {
			f.link("checked", link)
		}
	}
	f.text("pitfalls", d.Pitfalls, MaxPitfalls)
	e.Type, e.Belief, e.Test, e.StopRule, e.Pitfalls = d.Type, d.Belief, d.Test, d.StopRule, d.Pitfalls
	e.Checked.Links, e.Checked.None, e.Checked.Words = d.Links, d.None, d.Words
}

// MeasuresEdit is the section measures: field 9.
type MeasuresEdit struct{ Measures []Measure }

// Section is SectionMeasures.
func (MeasuresEdit) Section() Section { return SectionMeasures }

func (d MeasuresEdit) into(e *Experiment, f *findings) {
	f.count("measures", len(d.Measures), MaxMeasures)
	var list []Measure
	for i, m := range d.Measures {
		trim(&m.Name, &m.Unit, &m.How)
		if m == (Measure{Direction: m.Direction}) {
			continue // an empty row of the form
		}
		f.when(m.Name == "", ErrMeasure.On(row("measure", i, "name")))
		f.when(m.Direction != Less && m.Direction != More, ErrDirection.On(row("measure", i, "direction")))
		f.text(row("measure", i, "name"), m.Name, MaxMeasureTxt)
		f.text(row("measure", i, "unit"), m.Unit, maxUnit)
		f.text(row("measure", i, "how"), m.How, MaxMeasureTxt)
		if n := len(list); n < len(e.Measures) {
			m.Final, m.N, m.Source = e.Measures[n].Final, e.Measures[n].N, e.Measures[n].Source
		}
		list = append(list, m)
	}
	e.Measures = list
}

// PeopleEdit is the section people: fields 4 (partners), 11 and 12.
type PeopleEdit struct {
	People   Participants
	Host     string // of a resident-led one
	Steps    []Step
	Partners []Partner
}

// Section is SectionPeople.
func (PeopleEdit) Section() Section { return SectionPeople }

func (d PeopleEdit) into(e *Experiment, f *findings) {
	trim(&d.People.Who, &d.People.Consent, &d.Host)
	f.text("host", d.Host, MaxLine)
	f.text("people", d.People.Who, MaxPeople)
	f.text("consent", d.People.Consent, MaxPeople)
	f.when(d.People.Number < 0 || d.People.Number > 10_000_000, ErrNumber.On("number"))
	f.when(d.People.PersonalData != "" && d.People.PersonalData != Yes && d.People.PersonalData != No, ErrAnswer)
	f.count("steps", len(d.Steps), MaxSteps)
	f.count("partners", len(d.Partners), MaxSteps)
	var steps []Step
	for i, one := range d.Steps {
		trim(&one.What, &one.Who, &one.Channel)
		if one == (Step{Mocked: one.Mocked}) {
			continue
		}
		f.when(one.What == "", ErrStep.On(row("step", i, "what")))
		f.text(row("step", i, "what"), one.What, MaxLine)
		f.text(row("step", i, "who"), one.Who, MaxLine)
		f.text(row("step", i, "channel"), one.Channel, MaxLine)
		steps = append(steps, one)
	}
	var partners []Partner
	for i, one := range d.Partners {
		trim(&one.Key, &one.Name, &one.Role)
		if one.Key == "" && one.Name == "" {
			continue
		}
		f.text(row("partner", i, "name"), one.Name, MaxLine)
		f.text(row("partner", i, "role"), one.Role, maxRole)
		if one.Name != "" {
			one.Key = municipalityNamed(one.Name, e.Organisation)
		}
		partners = append(partners, one)
	}
	e.People, e.Steps, e.Partners, e.Host = d.People, timed(steps, e.Steps), partners, d.Host
}

// municipalityNamed is the key of the municipality with a name in any of its
// languages, first in the country of another one; "" for anything else.
func municipalityNamed(name, near string) string {
	found := ""
	country, _, _ := strings.Cut(near, ":")
	for _, m := range content.Municipalities() {
		if !m.IsMunicipal() || !strings.EqualFold(m.Name, name) && !strings.EqualFold(m.NameAlt, name) {
			continue
		}
		if m.Country == country {
			return m.Key
		}
		found = m.Key
	}
	return found
}

// CalendarEdit is the section calendar: field 13.
type CalendarEdit struct{ Calendar Calendar }

// Section is SectionCalendar.
func (CalendarEdit) Section() Section { return SectionCalendar }

func (d CalendarEdit) into(e *Experiment, f *findings) {
	c := d.Calendar
	if c.Start.IsZero() != c.End.IsZero() {
		f.add(ErrCalendar)
	}
	if c.Set() {
		limit := MaxWeeks
		if e.Type == Micro {
			limit = MicroWeeks
		}
		f.when(c.End.Before(c.Start), ErrCalendar)
		if !c.End.Before(c.Start.AddDate(0, 0, 7*limit)) {
			f.add(fault.New(fault.Invalid, "experiment.calendar_long", limit).On("end"))
		}
	}
	f.when(c.CheckIn < time.Sunday || c.CheckIn > time.Saturday, ErrCheckIn)
	e.Calendar = c
}

// DecisionsEdit is the section decisions: fields 14 and 16.
type DecisionsEdit struct {
	Decisions   Decisions
	Rules       string
	Permissions []Permission // rules that were waived
}

// Section is SectionDecisions.
func (DecisionsEdit) Section() Section { return SectionDecisions }

func (d DecisionsEdit) into(e *Experiment, f *findings) {
	trim(&d.Rules)
	f.text("rules", d.Rules, MaxRules)
	f.count("decisions", len(d.Decisions.List), MaxDecisions)
	var list []Decision
	for i, one := range d.Decisions.List {
		trim(&one.What, &one.Body, &one.Reason)
		if one.What == "" && one.Body == "" && one.Reason == "" && one.By.IsZero() {
			continue
		}
		f.when(one.What == "", ErrDecision.On(row("decision", i, "what")))
		f.text(row("decision", i, "what"), one.What, MaxLine)
		f.text(row("decision", i, "body"), one.Body, MaxLine)
		f.text(row("decision", i, "reason"), one.Reason, MaxLine)
		f.when(!slices.Contains(DecisionStates, one.State), ErrState.On(row("decision", i, "state")))
		f.when(one.State == Waived && one.Reason == "", ErrWaived.On(row("decision", i, "reason")))
		f.when(one.Kind != "" && one.Kind != Budget, ErrState.On(row("decision", i, "kind")))
		list = append(list, one)
	}
	d.Decisions.List = list
	if len(d.Decisions.List) > 0 {
		d.Decisions.None = false
	}
	e.Decisions, e.Rules, e.Permissions = d.Decisions, d.Rules, waived(e.Permissions, d.Permissions, f)
}

// MoneyEdit is the section money: field 15.
type MoneyEdit struct{ Money Money }

// Section is SectionMoney.
func (MoneyEdit) Section() Section { return SectionMoney }

func (d MoneyEdit) into(e *Experiment, f *findings) {
	m := d.Money
	if m.Currency == "" {
		m.Currency = CurrencyOf(e.Organisation)
	}
	f.count("money", len(m.Lines), MaxCostLines)
	var lines []CostLine
	for i, one := range m.Lines {
		trim(&one.Text)
		if one == (CostLine{}) {
			continue
		}
		f.when(one.Text == "", ErrCostText.On(row("cost", i, "text")))
		f.text(row("cost", i, "text"), one.Text, MaxCostText)
		f.sum(row("cost", i, "sum"), one.Cents)
		lines = append(lines, one)
	}
	m.Lines = lines
	f.sum("seed", m.Seed)
	f.sum("own", m.Own)
	f.sum("other", m.Other)
	if m.Any() {
		m.None = false
	}
	e.Money = m
}

// AfterEdit is the section after: fields 17 and 18.
type AfterEdit struct{ After, Comms string }

// Section is SectionAfter.
func (AfterEdit) Section() Section { return SectionAfter }

func (d AfterEdit) into(e *Experiment, f *findings) {
	trim(&d.After, &d.Comms)
	f.text("after", d.After, MaxAfter)
	f.text("comms", d.Comms, MaxComms)
	e.After, e.Comms = d.After, d.Comms
}

// A Result is the final value of one measure: field 19.
type Result struct {
	Final  *float64
	N      int
	Source string
}

// LearningEdit is the learning face: fields 19 to 27.
type LearningEdit struct {
	Results  []Result // in the order of the measures
	Learning Learning
}

// Section is SectionLearning.
func (LearningEdit) Section() Section { return SectionLearning }

func (d LearningEdit) into(e *Experiment, f *findings) {
	l := d.Learning
	trim(&l.Surprise, &l.Works, &l.DoesNot, &l.Unclear, &l.Conditions, &l.Next.Who, &l.Next.Text, &l.SwitchedOff)
	f.when(l.Outcome != "" && !slices.Contains(Outcomes, l.Outcome), missingFault("outcome"))
	f.text("surprise", l.Surprise, MaxSurprise)
	f.text("learnt", l.Works+l.DoesNot+l.Unclear, MaxLearnt)
	f.text("conditions", l.Conditions, MaxConditions)
	f.text("decision", l.Next.Text, MaxNext)
	f.text("decision", l.Next.Who, MaxLine)
	f.when(l.Next.What != "" && !slices.Contains(NextSteps, l.Next.What), missingFault("decision"))
	f.text("switched_off", l.SwitchedOff, MaxSwitched)
	f.when(l.Hours != nil && (*l.Hours < 0 || *l.Hours > 1e6), ErrNumber.On("hours"))
	if l.Cents != nil {
		f.sum("cost", *l.Cents)
	}
	f.count("reuse", len(l.Reuse), MaxLinks)
	var reuse []Link
	for i, one := range l.Reuse {
		trim(&one.URL, &one.Title, &one.Licence)
		if one.URL == "" && one.Title == "" {
			continue
		}
		f.link(row("reuse", i, "url"), one.URL)
		f.text(row("reuse", i, "title"), one.Title, MaxLine)
		f.text(row("reuse", i, "licence"), one.Licence, maxLicence)
		reuse = append(reuse, one)
	}
	l.Reuse = reuse
	if l.Licence == "" {
		l.Licence = DefaultLicence
	}
	e.Learning = l
	e.Measures = append([]Measure(nil), e.Measures...)
	for i := range e.Measures {
		if i < len(d.Results) {
			e.Measures[i].Final, e.Measures[i].N, e.Measures[i].Source = d.Results[i].Final, d.Results[i].N, strings.TrimSpace(d.Results[i].Source)
			f.text(row("result", i, "source"), e.Measures[i].Source, MaxLine)
			f.when(d.Results[i].N < 0, ErrNumber.On(row("result", i, "n")))
		}
	}
}
