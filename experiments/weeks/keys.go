package weeks

import (
	"fmt"

	"github.com/kokeilu/kokeilu/internal/store"
)

// plans holds the plans: the key is the experiment and the plan's number, so
// that those of one experiment lie together in the order they were begun.
var plans = &store.Table[Plan]{
	Bucket: "weeks_plan",
	Key:    func(p Plan) string { return planKey(p.Experiment, p.N) },
	Indexes: []store.Index[Plan]{
		{Name: byOpen, Keys: func(p Plan) []string {
			if p.IsClosed() {
				return nil
			}
			return []string{"open"}
		}},
	},
}

// notes holds the daily notes, those of one experiment by day.
var notes = &store.Table[Note]{
	Bucket: "weeks_note",
	Key:    func(n Note) string { return noteKey(n.Experiment, n.Day, n.Person) },
	Indexes: []store.Index[Note]{
		{Name: byPerson, Keys: func(n Note) []string { return []string{n.Person + "/" + n.Day} }},
	},
}

// purposes holds one purpose for each person who wrote one.
var purposes = &store.Table[Purpose]{
	Bucket: "weeks_purpose",
	Key:    func(p Purpose) string { return p.Person },
}

// Names of the indexes.
const (
	byOpen   = "open"
	byPerson = "person"
)

func planKey(experiment string, n int) string { return fmt.Sprintf("%s/%04d", experiment, n) }

func noteKey(experiment, day, person string) string { return experiment + "/" + day + "/" + person }

func excuseField(week int) string { return fmt.Sprintf("excuse_%d", week) }
