package experiments

import (
	"strings"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

// labelled is a text of the card with the question it answers.
type labelled struct{ Label, Text string }

// textsOf is a section of the card as text: what a second writer sees of the
// first one's work.
func textsOf(p i18n.Printer, e *Experiment, s Section) []labelled {
	var list []labelled
	add := func(key, text string) {
		if text != "" {
			list = append(list, labelled{p.T("experiment." + key), text})
		}
	}
	switch s {
	case SectionProblem:
		add("title", e.Title)
		add("summary", e.Summary)
		add("problem", e.Problem)
	case SectionBelief:
		add("belief", e.Belief)
		add("test", e.Test)
		add("stop_rule", e.StopRule)
		add("checked_words", e.Checked.Words)
	case SectionMeasures:
		for _, m := range e.Measures {
			add("measure_name", join(", ", m.Name, limitOf(p, m), m.How))
		}
	case SectionPeople:
		add("people", e.People.Who)
		add("consent", e.People.Consent)
		for _, one := range e.Steps {
			add("step_what", join(", ", one.What, one.Who, one.Channel))
		}
	case SectionCalendar:
		add("start", p.Date(e.Calendar.Start))
		add("end", p.Date(e.Calendar.End))
	case SectionDecisions:
		for _, one := range e.Decisions.List {
			add("decision_what", join(", ", one.What, one.Body, p.DateShort(one.By), p.T("experiment.decision_"+string(one.State)), one.Reason))
		}
		for _, one := range e.Permissions {
			add("permission_rule", join(", ", one.Rule, one.By, p.DateShort(one.Until)))
		}
		add("rules", e.Rules)
	case SectionMoney:
		for _, one := range e.Money.Lines {
			add("cost_text", one.Text+": "+p.Money(one.Cents, e.currency()))
		}
		add("own", p.Money(e.Money.Own, e.currency()))
	case SectionAfter:
		add("after", e.After)
		add("comms", e.Comms)
	case SectionLearning:
		add("surprise", e.Learning.Surprise)
		add("works", e.Learning.Works)
		add("does_not", e.Learning.DoesNot)
		add("unclear", e.Learning.Unclear)
		add("conditions", e.Learning.Conditions)
	}
	return list
}

func limitOf(p i18n.Printer, m Measure) string {
	if m.Limit == nil {
		return ""
	}
	sign := map[Direction]string{Less: "≤", More: "≥"}[m.Direction]
	return strings.TrimSpace(sign + "\u00a0" + amount(p, *m.Limit, m.Unit))
}
