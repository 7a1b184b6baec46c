package experiments

import (
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// readers turn the form of a section into its edit. They fail only for what
// is no number, sum or day; the card's own rules come later.
var readers = map[Section]func(f web.Form, zone *time.Location) (Edit, error){
	SectionProblem:   readIdea,
	SectionBelief:    readBelief,
	SectionMeasures:  readMeasures,
	SectionPeople:    readPeople,
	SectionCalendar:  readCalendar,
	SectionDecisions: readDecisions,
	SectionMoney:     readMoney,
	SectionAfter:     readAfter,
	SectionLearning:  readLearning,
	SectionMore:      readAbout,
	SectionTrial:     readTrial,
}

// ErrSum and ErrDay are what is no sum of money and no day.
var (
	ErrSum = fault.New(fault.Invalid, "experiment.sum_invalid")
	ErrDay = fault.New(fault.Invalid, "experiment.day_invalid")
)

// reader reads the fields of a form and remembers what is none of the kind.
type reader struct {
	web.Form
	findings
	zone *time.Location
}

func (r *reader) number(field string) *float64 {
	if r.Get(field) == "" {
		return nil
	}
	n, ok := r.Number(field)
	if !ok {
		r.add(ErrNumber.On(field))
		return nil
	}
	return &n
}

func (r *reader) whole(field string) int {
	if r.Get(field) == "" {
		return 0
	}
	n, ok := r.Int(field)
	if !ok {
		r.add(ErrNumber.On(field))
	}
	return n
}

func (r *reader) cents(field string) int64 {
	if r.Get(field) == "" {
		return 0
	}
	n, ok := r.Cents(field)
	if !ok {
		r.add(ErrSum.On(field))
	}
	return n
}

func (r *reader) day(field string) time.Time {
	if r.Get(field) == "" {
		return time.Time{}
	}
	d, ok := r.Day(field, r.zone)
	if !ok {
		r.add(ErrDay.On(field))
	}
	return d
}

func readIdea(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	return IdeaEdit{
		Title: f.Get("title"), Summary: f.Get("summary"), Problem: f.Get("problem"),
		Sector: f.Get("sector"), Themes: f.All("themes"), Visibility: Visibility(f.Get("visibility")), Embargo: r.day("embargo"),
		Wanted: f.Get("wanted"),
	}, r.err()
}

func readBelief(f web.Form, _ *time.Location) (Edit, error) {
	return BeliefEdit{
		Type: Type(f.Get("type")), Belief: f.Get("belief"), Test: f.Get("test"), StopRule: f.Get("stop_rule"), Pitfalls: f.Get("pitfalls"),
		Links: f.All("checked"), None: f.Has("checked_none"), Words: f.Get("checked_words"),
	}, nil
}

func readMeasures(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	var d MeasuresEdit
	for i := range MaxMeasures {
		d.Measures = append(d.Measures, Measure{
			Name: f.Get(row("measure", i, "name")), Unit: f.Get(row("measure", i, "unit")), Direction: Direction(f.Get(row("measure", i, "direction"))),
			Baseline: r.number(row("measure", i, "baseline")), Limit: r.number(row("measure", i, "limit")), How: f.Get(row("measure", i, "how")),
		})
	}
	return d, r.err()
}

func readPeople(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	d := PeopleEdit{Host: f.Get("host"), People: Participants{Number: r.whole("number"), Who: f.Get("people"), Consent: f.Get("consent"), PersonalData: YesNo(f.Get("personal_data"))}}
	for i := range MaxSteps {
		d.Steps = append(d.Steps, Step{
			What: f.Get(row("step", i, "what")), Who: f.Get(row("step", i, "who")), Channel: f.Get(row("step", i, "channel")), Mocked: f.Has(row("step", i, "mocked")),
		})
		d.Partners = append(d.Partners, Partner{Name: f.Get(row("partner", i, "name")), Role: f.Get(row("partner", i, "role"))})
	}
	return d, r.err()
}

func readCalendar(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	d := CalendarEdit{Calendar{Start: r.day("start"), End: r.day("end"), CheckIn: time.Weekday(r.whole("check_in") % 7)}}
	return d, r.err()
}

func readDecisions(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	d := DecisionsEdit{Decisions: Decisions{None: f.Has("none")}, Rules: f.Get("rules")}
	for i := range MaxDecisions {
		one := Decision{
			What: f.Get(row("decision", i, "what")), Body: f.Get(row("decision", i, "body")), By: r.day(row("decision", i, "by")),
			State: DecisionState(f.Get(row("decision", i, "state"))), Reason: f.Get(row("decision", i, "reason")), Kind: kindOf(f.Get(row("decision", i, "kind"))),
		}
		if one.State == "" {
			one.State = Open
		}
		d.Decisions.List = append(d.Decisions.List, one)
	}
	d.Permissions = r.permissions()
	return d, r.err()
}

func readMoney(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	m := Money{None: f.Has("none"), Seed: r.cents("seed"), Own: r.cents("own"), Other: r.cents("other")}
	for i := range MaxCostLines {
		m.Lines = append(m.Lines, CostLine{Text: f.Get(row("cost", i, "text")), Cents: r.cents(row("cost", i, "sum"))})
	}
	return MoneyEdit{m}, r.err()
}

func readAfter(f web.Form, _ *time.Location) (Edit, error) {
	return AfterEdit{After: f.Get("after"), Comms: f.Get("comms")}, nil
}

func readLearning(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	d := LearningEdit{Learning: Learning{
		Outcome: Outcome(f.Get("outcome")), Surprise: f.Get("surprise"), Works: f.Get("learnt"), DoesNot: f.Get("does_not"), Unclear: f.Get("unclear"),
		Conditions: f.Get("conditions"), Hours: r.number("cost_real"), SwitchedOff: f.Get("switched_off"), Licence: DefaultLicence,
		Next: Next{What: NextStep(f.Get("decision")), Who: f.Get("decision_who"), Day: r.day("decision_day"), Text: f.Get("decision_text")},
	}}
	if f.Get("cost") != "" {
		sum := r.cents("cost")
		d.Learning.Cents = &sum
	}
	for i := range MaxMeasures {
		d.Results = append(d.Results, Result{Final: r.number(row("result", i, "value")), N: r.whole(row("result", i, "n")), Source: f.Get(row("result", i, "source"))})
	}
	for i := range MaxLinks {
		d.Learning.Reuse = append(d.Learning.Reuse, Link{Title: f.Get(row("reuse", i, "title")), URL: f.Get(row("reuse", i, "url")), Licence: f.Get(row("reuse", i, "licence"))})
	}
	return d, r.err()
}

// editRows are the rows of the lists of a form: what is stored and typed, and
// some empty ones to go on with.
type editRows struct {
	Measures  []measureRow
	Steps     []stepRow
	Partners  []partnerRow
	Decisions []decisionRow
	Permits   []permitRow
	Costs     []costRow
	Links     []string
	Results   []resultRow
	Reuse     []linkRow
	Risks     []riskRow
	Needs     []needRow
	Seen      []seenRow
}

type measureRow struct {
	N int
	Measure
	Open bool // something is written in it
}

type stepRow struct {
	N int
	Step
}

type partnerRow struct {
	N int
	Partner
}

type decisionRow struct {
	N int
	Decision
}

type costRow struct {
	N int
	CostLine
}

type resultRow struct {
	N int
	M Measure
}

type linkRow struct {
	N int
	Link
}

func rowsOf(p web.Page, e *Experiment) editRows {
	var r editRows
	f := p.Form
	for i := range MaxMeasures {
		one := measureRow{N: i + 1, Open: f.Get(row("measure", i, "name")) != ""}
		if i < len(e.Measures) {
			one.Measure, one.Open = e.Measures[i], true
			r.Results = append(r.Results, resultRow{i + 1, e.Measures[i]})
		}
		r.Measures = append(r.Measures, one)
	}
	for i := range shown(f, "step", "what", len(e.Steps), 3, MaxSteps) {
		r.Steps = append(r.Steps, stepRow{i + 1, nth(e.Steps, i)})
	}
	for i := range shown(f, "partner", "name", len(e.Partners), 2, MaxSteps) {
		one := nth(e.Partners, i)
		if m, ok := content.MunicipalityOf(one.Key); ok && one.Name == "" {
			one.Name = m.In(p.Lang)
		}
		r.Partners = append(r.Partners, partnerRow{i + 1, one})
	}
	for i := range shown(f, "decision", "what", len(e.Decisions.List), 2, MaxDecisions) {
		r.Decisions = append(r.Decisions, decisionRow{i + 1, nth(e.Decisions.List, i)})
	}
	for i := range shown(f, "permission", "rule", len(e.Permissions), 1, MaxPermissions) {
		r.Permits = append(r.Permits, permitRow{i + 1, nth(e.Permissions, i)})
	}
	for i := range shown(f, "cost", "text", len(e.Money.Lines), 3, MaxCostLines) {
		r.Costs = append(r.Costs, costRow{i + 1, nth(e.Money.Lines, i)})
	}
	for i := range shown(f, "reuse", "url", len(e.Learning.Reuse), 2, MaxLinks) {
		r.Reuse = append(r.Reuse, linkRow{i + 1, nth(e.Learning.Reuse, i)})
	}
	r.about(f, e)
	for i := range 3 {
		r.Links = append(r.Links, nth(e.Checked.Links, i))
	}
	if typed := f.Values["checked"]; f.Sent {
		for i := range r.Links {
			r.Links[i] = nth(typed, i)
		}
	}
	return r
}

// shown is how many rows a list of a form has: those stored or typed and some
// empty ones, at most what the list takes.
func shown(f web.Form, list, field string, stored, empty, most int) int {
	n := stored
	for i := range most {
		if f.Get(row(list, i, field)) != "" {
			n = max(n, i+1)
		}
	}
	return min(most, n+empty)
}

func nth[T any](list []T, i int) (v T) {
	if i < len(list) {
		v = list[i]
	}
	return v
}
