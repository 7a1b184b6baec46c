package main

import (
	"context"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/store"
)

// schema is how the records of every slice came to be what they are. A slice
// that changes what it stores appends a step to its list; a name that stood here
// once stays. Data that has steps behind it which are not here was used by a
// newer version, and is refused.
var schema = []store.Migrations{
	{Slice: "accounts"}, {Slice: "cases"}, {Slice: "concepts"}, {Slice: "experiments", Steps: experiments.Steps}, {Slice: "funding"}, {Slice: "journal"}, {Slice: "mentoring"}, {Slice: "notify"}, {Slice: "saved"}, {Slice: "wanted"}, {Slice: "weeks"},
}

// migrate brings the records to the form this version knows.
func (a *App) migrate(ctx context.Context) error {
	done, err := store.Migrate(ctx, a.Store, schema...)
	for _, c := range done {
		a.Log.Info("records were brought to a newer form", "slice", c.Slice, "step", c.Number, "what", c.Name, "records", c.Written)
	}
	return err
}
