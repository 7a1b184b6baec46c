package experiments

import "github.com/kokeilu/kokeilu/internal/fault"

// Completeness is D of the TOP-10: how much of what the card asks for is
// there, over all three faces, from 0 to 1. A filled optional field counts
// half; more than everything is still 1.
func (e *Experiment) Completeness() float64 { return completeness(e, fields) }

// FaceCompleteness is the same for one face.
func (e *Experiment) FaceCompleteness(face Face) float64 { return completeness(e, fieldsOf(face)) }

func completeness(e *Experiment, list []field) float64 {
	var asked, filled float64
	for _, f := range list {
		switch {
		case f.must(e):
			asked++
			if f.filled(e) {
				filled++
			}
		case f.optional && f.filled(e):
			filled += 0.5
		}
	}
	if asked == 0 {
		return 1
	}
	return min(1, filled/asked)
}

// missing returns a fault for each field of the list that is asked for and
// empty, in the order of the card.
func missing(e *Experiment, list []field) []*fault.Error {
	var faults []*fault.Error
	for _, f := range list {
		if f.must(e) && !f.filled(e) {
			faults = append(faults, missingFault(f.lacking(e)))
		}
	}
	return faults
}

func missingFault(key string) *fault.Error {
	return fault.New(fault.Invalid, "experiment.missing_"+key).On(key)
}

// A Task is one line of the task list: a section of the card and what is
// still missing in it. Next is set on one line only, the next thing to do.
type Task struct {
	Section Section
	Face    Face
	Missing []string // keys of fields
	Next    bool
}

// Done reports whether nothing is missing.
func (t Task) Done() bool { return len(t.Missing) == 0 }

// First is the next single thing that is missing, or "".
func (t Task) First() string {
	if t.Done() {
		return ""
	}
	return t.Missing[0]
}

// Tasks is the task list of the card. The learning is on it once the
// experiment ran.
func (e *Experiment) Tasks() []Task {
	sections := Sections
	if e.WasStarted() || e.Over() {
		sections = append(append([]Section{}, Sections...), SectionLearning)
	}
	list := make([]Task, 0, len(sections))
	next := false
	for _, s := range sections {
		t := Task{Section: s, Face: faceOf(s)}
		for _, f := range fields {
			if f.section == s && f.must(e) && !f.filled(e) {
				t.Missing = append(t.Missing, f.lacking(e))
			}
		}
		if !next && !t.Done() {
			t.Next, next = true, true
		}
		list = append(list, t)
	}
	return list
}

func faceOf(s Section) Face {
	switch s {
	case SectionProblem:
		return FaceIdea
	case SectionLearning:
		return FaceLearning
	}
	return FacePlan
}

// NextMissing is the next single field that is missing on a face and the
// section it is written in; the key is "" when the face is complete.
func (e *Experiment) NextMissing(face Face) (key string, section Section) {
	for _, f := range fieldsOf(face) {
		if f.must(e) && !f.filled(e) {
			return f.lacking(e), f.section
		}
	}
	return "", ""
}
