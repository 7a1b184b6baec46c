package experiments

import (
	"fmt"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// MaxObservation is how long what was seen of one participant may be, in
// characters.
const MaxObservation = 300

// Seen is what was seen of one participant of a complete process.
// Participant is P1 to P5, never a name.
type Seen struct {
	Participant string `json:"participant"`
	Text        string `json:"text"`
}

// ErrMinutes is returned for a time that no step takes.
var ErrMinutes = fault.New(fault.Invalid, "experiment.minutes_invalid")

// participant is what the n-th participant is called, from 0.
func participant(n int) string { return fmt.Sprintf("P%d", n+1) }

// TrialEdit is the section trial: what a complete process took, step by step,
// and what was seen of each participant.
type TrialEdit struct {
	Minutes      []int    // of the steps, in their order
	Observations []string // of P1, P2 and so on
}

// Section is SectionTrial.
func (TrialEdit) Section() Section { return SectionTrial }

func (d TrialEdit) into(e *Experiment, f *findings) {
	f.count("observations", len(d.Observations), MostInComplete)
	steps := append([]Step(nil), e.Steps...)
	for i := range steps {
		n := nth(d.Minutes, i)
		f.when(n < 0 || n > 24*60, ErrMinutes.On(row("step", i, "minutes")))
		steps[i].Minutes = n
	}
	var seen []Seen
	for i, text := range d.Observations {
		if trim(&text); text == "" {
			continue
		}
		f.text(row("observation", i, "text"), text, MaxObservation)
		seen = append(seen, Seen{participant(i), text})
	}
	e.Steps, e.Observations = steps, seen
}

// observed is what was seen of the n-th participant, from 0.
func (e *Experiment) observed(n int) string {
	for _, o := range e.Observations {
		if o.Participant == participant(n) {
			return o.Text
		}
	}
	return ""
}

// HasTrial reports whether the page of the trial belongs to the card.
func (e Experiment) HasTrial() bool { return e.Type == Complete || len(e.Observations) > 0 }

// TrialMinutes is what the steps took in all.
func (e Experiment) TrialMinutes() (n int) {
	for _, s := range e.Steps {
		n += s.Minutes
	}
	return n
}

// timed returns steps as they were written, with the minutes that steps of the
// same words had before.
func timed(steps, before []Step) []Step {
	left := append([]Step(nil), before...)
	for i := range steps {
		for j, old := range left {
			if old.What == steps[i].What {
				steps[i].Minutes = old.Minutes
				left = append(left[:j:j], left[j+1:]...)
				break
			}
		}
	}
	return steps
}
