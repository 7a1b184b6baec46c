package saved

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/store"
)

// table holds the searches.
var table = &store.Table[Search]{
	Bucket: "saved",
	Key:    func(s Search) string { return s.ID },
	Indexes: []store.Index[Search]{
		{Name: byPerson, Keys: func(s Search) []string { return []string{s.Person + "/" + stamp(s.Created)} }},
		{Name: byStop, Unique: true, Keys: func(s Search) []string { return []string{s.Stop} }},
		{Name: byMail, Keys: func(s Search) []string {
			if s.Mail == Never {
				return nil
			}
			return []string{string(s.Mail) + "/" + stamp(s.Looked)}
		}},
	},
}

// Names of the indexes.
const (
	byPerson = "person"
	byStop   = "stop"
	byMail   = "mail"
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000") }
