package wanted

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// table holds the wants. Those of one state lie in the order in which they were
// asked for last.
var table = &store.Table[Want]{
	Bucket: "wanted",
	Key:    func(w Want) string { return w.ID },
	Indexes: []store.Index[Want]{
		{Name: byDigest, Unique: true, Keys: func(w Want) []string { return []string{w.Digest} }},
		{Name: byState, Keys: func(w Want) []string { return []string{string(w.State) + "/" + stamp(w.Last)} }},
		{Name: byInto, Keys: func(w Want) []string {
			if w.Into == "" {
				return nil
			}
			return []string{w.Into}
		}},
	},
}

// Names of the indexes.
const (
	byDigest = "digest"
	byState  = "state"
	byInto   = "into"
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000") }
