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
	ErrAnswer     = fault.New(fault.Invalid, "experiment.missing_people").On("personal_data")
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
}

// Section is SectionProblem.
func (IdeaEdit) Section() Section { return SectionProblem }

func (d IdeaEdit) into(e *Experiment, f *findings) {
	trim(&d.Title, &d.Summary, &d.Problem, &d.Sector)
	d.Title = strings.Join(strings.Fields(d.Title), " ")
	f.text("title", d.Title, MaxTitle)
	f.text("summary", d.Summary, MaxSummary)
	f.text("problem", d.Problem, MaxProblem)
	f.when(d.Sector != "" && !isSector(d.Sector), ErrSector)
	f.count("themes", len(d.Themes), MaxThemes)
	oneOf(f, ErrVisibility, d.Visibility, Visibilities)
	e.Title, e.Summary, e.Problem, e.Sector, e.Themes, e.Visibility = d.Title, d.Summary, d.Problem, d.Sector, d.Themes, d.Visibility
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
	Links                  []string // similar ones that were read
	None                   bool     // none was found
	Words                  string   // what was searched for
}

// Section is SectionBelief.
func (BeliefEdit) Section() Section { return SectionBelief }

func (d BeliefEdit) into(e *Experiment, f *findings) {
	trim(&d.Belief, &d.Test, &d.StopRule, &d.Words)
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
	e.Type, e.Belief, e.Test, e.StopRule = d.Type, d.Belief, d.Test, d.StopRule
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
		f.when(m.Name == "", ErrMeasure)
		f.when(m.Direction != Less && m.Direction != More, ErrDirection)
		f.text("measures", m.Name, MaxMeasureTxt)
		f.text("measures", m.Unit, MaxMeasureTxt)
		f.text("measures", m.How, MaxMeasureTxt)
		if i < len(e.Measures) {
			m.Final, m.N, m.Source = e.Measures[i].Final, e.Measures[i].N, e.Measures[i].Source
		}
		list = append(list, m)
	}
	e.Measures = list
}

// PeopleEdit is the section people: fields 4 (partners), 11 and 12.
type PeopleEdit struct {
	People   Participants
	Steps    []Step
	Partners []Partner
}

// Section is SectionPeople.
func (PeopleEdit) Section() Section { return SectionPeople }

func (d PeopleEdit) into(e *Experiment, f *findings) {
	trim(&d.People.Who, &d.People.Consent)
	f.text("people", d.People.Who, MaxPeople)
	f.text("consent", d.People.Consent, MaxPeople)
	f.when(d.People.Number < 0 || d.People.Number > 10_000_000, ErrNumber.On("number"))
	f.when(d.People.PersonalData != "" && d.People.PersonalData != Yes && d.People.PersonalData != No, ErrAnswer)
	f.count("steps", len(d.Steps), MaxSteps)
	f.count("partners", len(d.Partners), MaxSteps)
	for i := range d.Steps {
		trim(&d.Steps[i].What, &d.Steps[i].Who, &d.Steps[i].Channel)
		f.text("steps", d.Steps[i].What, MaxLine)
		f.text("steps", d.Steps[i].Who, MaxLine)
		f.text("steps", d.Steps[i].Channel, MaxLine)
	}
	for i := range d.Partners {
		trim(&d.Partners[i].Name, &d.Partners[i].Role)
		f.text("partners", d.Partners[i].Name, MaxLine)
		f.text("partners", d.Partners[i].Role, maxRole)
	}
	e.People, e.Steps, e.Partners = d.People, d.Steps, d.Partners
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
	Decisions Decisions
	Rules     string
}

// Section is SectionDecisions.
func (DecisionsEdit) Section() Section { return SectionDecisions }

func (d DecisionsEdit) into(e *Experiment, f *findings) {
	trim(&d.Rules)
	f.text("rules", d.Rules, MaxRules)
	f.count("decisions", len(d.Decisions.List), MaxDecisions)
	for i := range d.Decisions.List {
		one := &d.Decisions.List[i]
		trim(&one.What, &one.Body, &one.Reason)
		f.text("decisions", one.What, MaxLine)
		f.text("decisions", one.Body, MaxLine)
		f.text("decisions", one.Reason, MaxLine)
		f.when(!slices.Contains(DecisionStates, one.State), ErrWaived)
		f.when(one.State == Waived && one.Reason == "", ErrWaived)
	}
	if len(d.Decisions.List) > 0 {
		d.Decisions.None = false
	}
	e.Decisions, e.Rules = d.Decisions, d.Rules
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
	for i := range m.Lines {
		trim(&m.Lines[i].Text)
		f.when(m.Lines[i].Text == "", ErrCostText)
		f.text("money", m.Lines[i].Text, MaxCostText)
		f.sum("money", m.Lines[i].Cents)
	}
	f.sum("seed", m.Seed)
	f.sum("own", m.Own)
	f.sum("other", m.Other)
	if m.Any() {
		m.None = false
	}
	f.when(e.Type == Micro && m.Any(), ErrNotMicro)
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
	f.when(l.Outcome != "" && !slices.Contains(Outcomes, l.Outcome), missingFault(lessonFields[0]))
	f.text("surprise", l.Surprise, MaxSurprise)
	f.text("learnt", l.Works+l.DoesNot+l.Unclear, MaxLearnt)
	f.text("conditions", l.Conditions, MaxConditions)
	f.text("decision", l.Next.Text, MaxNext)
	f.text("decision", l.Next.Who, MaxLine)
	f.when(l.Next.What != "" && !slices.Contains(NextSteps, l.Next.What), fault.New(fault.Invalid, "experiment.missing_decision").On("decision"))
	f.text("switched_off", l.SwitchedOff, MaxSwitched)
	f.when(l.Hours != nil && (*l.Hours < 0 || *l.Hours > 1e6), ErrNumber.On("hours"))
	if l.Cents != nil {
		f.sum("cost", *l.Cents)
	}
	f.count("reuse", len(l.Reuse), MaxLinks)
	for _, r := range l.Reuse {
		f.link("reuse", r.URL)
		f.text("reuse", r.Title, MaxLine)
	}
	if l.Licence == "" {
		l.Licence = DefaultLicence
	}
	e.Learning = l
	e.Measures = append([]Measure(nil), e.Measures...)
	for i := range e.Measures {
		if i < len(d.Results) {
			e.Measures[i].Final, e.Measures[i].N, e.Measures[i].Source = d.Results[i].Final, d.Results[i].N, strings.TrimSpace(d.Results[i].Source)
			f.text("results", e.Measures[i].Source, MaxLine)
			f.when(d.Results[i].N < 0, ErrNumber.On("results"))
		}
	}
}
