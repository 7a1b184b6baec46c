package mentoring

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// mentors holds the profiles: one per person.
var mentors = &store.Table[Mentor]{
	Bucket: "mentor",
	Key:    func(m Mentor) string { return m.ID },
	Indexes: []store.Index[Mentor]{
		{Name: byPerson, Unique: true, Keys: func(m Mentor) []string { return []string{m.Person} }},
	},
}

// mentorships holds the questions to mentors and what became of them.
var mentorships = &store.Table[Mentorship]{
	Bucket: "mentorship",
	Key:    func(m Mentorship) string { return m.ID },
	Indexes: []store.Index[Mentorship]{
		{Name: byExperiment, Keys: func(m Mentorship) []string { return []string{m.Experiment + "/" + stamp(m.Created)} }},
		{Name: byPerson, Keys: func(m Mentorship) []string { return []string{m.Turn().Person + "/" + stamp(m.Created)} }},
		{Name: byMentor, Keys: func(m Mentorship) []string { return []string{m.Turn().Mentor} }},
		{Name: byOpen, Keys: func(m Mentorship) []string {
			if !m.IsOpen() {
				return nil
			}
			return []string{stamp(m.Created)}
		}},
	},
}

// Names of the indexes.
const (
	byPerson     = "person"
	byExperiment = "experiment"
	byMentor     = "mentor"
	byOpen       = "open"
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000") }
