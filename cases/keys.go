package cases

import (
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// table holds the cases. Lists do not read it: they read rows.
var table = &store.Table[Case]{
	Bucket: "case",
	Key:    func(c Case) string { return c.ID },
	Indexes: []store.Index[Case]{
		{Name: "group", Keys: func(c Case) []string { return one(c.Group) }},
		{Name: "experiment", Keys: func(c Case) []string { return one(c.Origin.Experiment) }},
		{Name: "author", Keys: func(c Case) []string { return c.Authors }},
		{Name: "import", Keys: func(c Case) []string { return one(c.importKey()) }},
	},
}

// rows holds what lists and the start read: one compact row for each case that
// is published and not hidden. Lists go through the indexes that end in the date.
var rows = &store.Table[Row]{
	Bucket: "case_row",
	Key:    func(r Row) string { return r.ID },
	Indexes: []store.Index[Row]{
		{Name: "group", Keys: func(r Row) []string { return one(r.Group) }},
		{Name: "embargo", Keys: func(r Row) []string { return r.embargoed() }},
		{Name: "newest", Keys: func(r Row) []string { return []string{r.sortable()} }},
		{Name: "lang", Keys: func(r Row) []string { return r.dated(r.Lang) }},
		{Name: "theme", Keys: func(r Row) []string { return r.dated(append(slices.Clone(r.Themes), r.Division())...) }},
		{Name: "outcome", Keys: func(r Row) []string { return r.dated(string(r.Outcome)) }},
		{Name: "country", Keys: func(r Row) []string { return r.dated(r.Country()) }},
		{Name: "organisation", Keys: func(r Row) []string { return r.dated(r.Owners()...) }},
		{Name: byPublic, Keys: Row.publicFrom},
	},
}

var endorsements = &store.Table[Endorsement]{
	Bucket: "case_endorsement",
	Key:    func(e Endorsement) string { return e.Case + "/" + e.Organisation },
}

var adoptions = &store.Table[Adoption]{
	Bucket: "case_adoption",
	Key:    func(a Adoption) string { return a.Case + "/" + a.Organisation },
}

var votes = &store.Table[Vote]{
	Bucket: "case_vote",
	Key:    func(v Vote) string { return v.Case + "/" + v.Person },
}

var revisions = &store.Table[Revision]{
	Bucket: "case_revision",
	Key:    func(r Revision) string { return revisionKey(r.Case, r.Number) },
}

var frozen = &store.Table[Frozen]{
	Bucket: "topten_week",
	Key:    func(f Frozen) string { return f.At.UTC().Format(time.RFC3339) },
}

// htmlBucket holds the sanitised HTML of each case's text, apart from its
// record.
const htmlBucket = "case_html"

// plainBucket holds the words of each case's text without marks, as they are,
// for the finds of the search.
const plainBucket = "case_plain"

func one(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}
