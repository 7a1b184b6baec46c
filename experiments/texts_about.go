package experiments

import "strings"

// about is what the card may also tell.
func (l *liner) about() {
	a, p := l.e.About, l.p
	if a.Doer {
		l.said("more", "doer", p.T("experiment.answer_yes"))
	}
	l.free("more", "needs", strings.Join(a.Needs, "\n"))
	l.add("more", "barrier", "culture_barrier", a.Barrier, true)
	l.free("more", "means", a.Means)
	for i, r := range a.Risks {
		l.nth("more", "risk", i, join(", ", r.What, r.Owner, r.Remedy))
	}
	l.free("more", "programme", join(", ", a.Programme.Title, a.Programme.URL))
	l.free("more", "phase_steps", a.Phases.Steps)
	l.free("more", "phase_testing", a.Phases.Testing)
	l.free("more", "phase_communication", a.Phases.Communication)
	l.free("more", "phase_participation", a.Phases.Participation)
	l.free("more", "timing", a.Timing)
	l.said("more", "benefit", l.benefit())
	l.free("more", "assumption", a.Benefit.Assumption)
	l.free("more", "sponsor", join(", ", a.Sponsor.Who, a.Sponsor.Says, p.DateShort(a.Sponsor.Day)))
	l.free("more", "tools", a.Tools)
}

// benefit is the estimate in words: hours a year, and money where an hour has
// a price.
func (l *liner) benefit() string {
	b, p := l.e.About.Benefit, l.p
	if b.Hours() == 0 {
		return ""
	}
	text := p.T("experiment.benefit_hours", p.Num(b.Minutes), p.Num(b.Times), p.Decimal(b.Hours(), 1))
	if b.Saved() == 0 {
		return text
	}
	return text + " " + p.T("experiment.benefit_money", p.Money(b.Saved(), l.e.currency()), p.Money(b.Cents, l.e.currency()))
}
