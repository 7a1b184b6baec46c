package cases

import "github.com/kokeilu/kokeilu/internal/store"

// table holds the cases. Lists do not read it: they read rows.
var table = &store.Table[Case]{
	Bucket: "case",
	Key:    func(c Case) string { return c.ID },
	Indexes: []store.Index[Case]{
		{Name: "group", Keys: func(c Case) []string { return one(c.Group) }},
		{Name: "experiment", Keys: func(c Case) []string { return one(c.Origin.Experiment) }},
		{Name: "author", Keys: func(c Case) []string { return c.Authors }},
	},
}

// htmlBucket holds the sanitised HTML of each case's text, apart from its
// record.
const htmlBucket = "case_html"

func one(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}
