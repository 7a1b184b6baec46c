package experiments

// Section is one page of the card: a group of fields that are edited together.
type Section string

// The sections, as they stand in addresses.
const (
	SectionProblem   Section = "problem"
	SectionBelief    Section = "belief-and-test"
	SectionMeasures  Section = "measures"
	SectionPeople    Section = "people"
	SectionCalendar  Section = "calendar"
	SectionDecisions Section = "decisions"
	SectionMoney     Section = "money"
	SectionAfter     Section = "after"
	SectionLearning  Section = "learning"
	SectionMore      Section = "more"  // optional, never on the task list
	SectionTrial     Section = "trial" // of a complete process
)

// Sections lists the pages of the idea and the plan in the order they are
// worked through. The learning has a page of its own.
var Sections = []Section{
	SectionProblem, SectionBelief, SectionMeasures, SectionPeople,
	SectionCalendar, SectionDecisions, SectionMoney, SectionAfter,
}

// Face is one of the three sides of the card.
type Face string

// The faces.
const (
	FaceIdea     Face = "idea"
	FacePlan     Face = "plan"
	FaceLearning Face = "learning"
)

// Faces lists the faces in their order.
var Faces = []Face{FaceIdea, FacePlan, FaceLearning}

// A field is one of the card's 27, as far as rules look at it. A fault about
// it has the key "experiment.missing_KEY".
type field struct {
	key      string
	face     Face
	section  Section
	optional bool // never asked for, counts half when filled
	micro    bool // asked of a micro experiment too
	filled   func(e *Experiment) bool
}

// must reports whether the field is asked for before its face is complete.
func (f field) must(e *Experiment) bool {
	switch {
	case f.optional:
		return false
	case e.Type == Micro:
		return f.micro
	case f.key == "steps":
		return e.Type == Complete
	}
	return true
}

// fields are fields 1 to 27 of the card, in their order.
var fields = []field{
	{"title", FaceIdea, SectionProblem, false, true, func(e *Experiment) bool { return e.Title != "" }},
	{"summary", FaceIdea, SectionProblem, false, true, func(e *Experiment) bool { return e.Summary != "" }},
	{"problem", FaceIdea, SectionProblem, false, true, func(e *Experiment) bool { return e.Problem != "" }},
	{"owner", FaceIdea, SectionPeople, false, true, func(e *Experiment) bool { return e.Owner != "" && e.Organisation != "" }},
	{"sector", FaceIdea, SectionProblem, false, false, func(e *Experiment) bool { return e.Sector != "" }},

	{"checked", FacePlan, SectionBelief, false, false, func(e *Experiment) bool {
		return len(e.Checked.Links) > 0 || e.Checked.None && e.Checked.Words != ""
	}},
	{"belief", FacePlan, SectionBelief, false, true, func(e *Experiment) bool { return e.Belief != "" }},
	{"test", FacePlan, SectionBelief, false, true, func(e *Experiment) bool { return e.Test != "" }},
	{"measures", FacePlan, SectionMeasures, false, true, hasMeasures},
	{"stop_rule", FacePlan, SectionBelief, false, false, func(e *Experiment) bool { return e.StopRule != "" }},
	{"people", FacePlan, SectionPeople, false, false, func(e *Experiment) bool {
		return saysPeople(e) && !e.needsHost()
	}},
	{"steps", FacePlan, SectionPeople, false, false, func(e *Experiment) bool { return len(e.Steps) > 0 }},
	{"calendar", FacePlan, SectionCalendar, false, false, func(e *Experiment) bool { return e.Calendar.Set() }},
	{"decisions", FacePlan, SectionDecisions, false, false, func(e *Experiment) bool { return e.Decisions.None || len(e.Decisions.List) > 0 }},
	{"money", FacePlan, SectionMoney, false, false, func(e *Experiment) bool { return e.Money.None || len(e.Money.Lines) > 0 }},
	{"rules", FacePlan, SectionDecisions, true, false, func(e *Experiment) bool { return e.Rules != "" }},
	{"after", FacePlan, SectionAfter, false, false, func(e *Experiment) bool { return e.After != "" }},
	{"comms", FacePlan, SectionAfter, true, false, func(e *Experiment) bool { return e.Comms != "" }},

	{"results", FaceLearning, SectionLearning, false, true, hasResults},
	{"outcome", FaceLearning, SectionLearning, false, true, func(e *Experiment) bool { return e.Learning.Outcome != "" }},
	{"surprise", FaceLearning, SectionLearning, false, true, func(e *Experiment) bool { return e.Learning.Surprise != "" }},
	{"learnt", FaceLearning, SectionLearning, false, true, func(e *Experiment) bool {
		return e.Learning.Works != "" || e.Learning.DoesNot != "" || e.Learning.Unclear != ""
	}},
	{"conditions", FaceLearning, SectionLearning, false, false, func(e *Experiment) bool { return e.Learning.Conditions != "" }},
	{"cost_real", FaceLearning, SectionLearning, false, false, func(e *Experiment) bool { return e.Learning.Hours != nil && e.Learning.Cents != nil }},
	{"decision", FaceLearning, SectionLearning, false, false, func(e *Experiment) bool {
		return e.Learning.Next.What != "" && e.Learning.Next.Who != "" && !e.Learning.Next.Day.IsZero()
	}},
	{"switched_off", FaceLearning, SectionLearning, true, false, func(e *Experiment) bool { return e.Learning.SwitchedOff != "" }},
	{"reuse", FaceLearning, SectionLearning, true, false, func(e *Experiment) bool { return len(e.Learning.Reuse) > 0 }},
}

// lessonFields are the three lines that even a stopped experiment owes.
var lessonFields = fieldsNamed("outcome", "surprise", "learnt")

func fieldsNamed(keys ...string) []field {
	var list []field
	for _, key := range keys {
		for _, f := range fields {
			if f.key == key {
				list = append(list, f)
			}
		}
	}
	return list
}

func fieldsOf(face Face) []field {
	var list []field
	for _, f := range fields {
		if f.face == face {
			list = append(list, f)
		}
	}
	return list
}

// lacking is the key of what to ask for when the field is not filled: most
// often its own.
func (f field) lacking(e *Experiment) string {
	if f.key == "people" && e.needsHost() && saysPeople(e) {
		return "host"
	}
	return f.key
}

func saysPeople(e *Experiment) bool {
	return e.People.Number > 0 && e.People.Who != "" && e.People.PersonalData != ""
}

func hasMeasures(e *Experiment) bool {
	for _, m := range e.Measures {
		if !m.complete() {
			return false
		}
	}
	return len(e.Measures) > 0
}

// hasResults reports whether every measure has its final value. What could
// not be tested has none to give.
func hasResults(e *Experiment) bool {
	if e.Learning.Outcome == NotTested {
		return true
	}
	for _, m := range e.Measures {
		if m.Final == nil {
			return false
		}
	}
	return len(e.Measures) > 0
}
