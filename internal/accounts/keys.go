package accounts

import (
	"strings"

	"github.com/kokeilu/kokeilu/internal/store"
)

// The schema: what this package stores and how it is found.

var organisations = store.Table[Organisation]{
	Bucket: "organisations",
	Key:    func(o Organisation) string { return o.Key },
	Indexes: []store.Index[Organisation]{
		{Name: "domain", Unique: true, Keys: func(o Organisation) []string { return o.Domains }},
	},
}

// metaBucket holds what a cache compares itself with.
const (
	metaBucket      = "accounts"
	organisationsAt = "organisations"
)

var people = store.Table[Person]{
	Bucket: "people",
	Key:    func(p Person) string { return p.ID },
	Indexes: []store.Index[Person]{
		{Name: "email", Unique: true, Keys: func(p Person) []string { return some(p.Email) }},
		{Name: "grant", Keys: func(p Person) []string { return grantKeys(p.Grants) }},
		{Name: "organisation", Keys: func(p Person) []string { return Actor{Grants: p.Grants}.Organisations() }},
	},
}

// grantKeys are the values people are found under by what they may do:
// "coordinator/FI:020", "officer/".
func grantKeys(grants []Grant) []string {
	var keys []string
	for _, g := range grants {
		keys = append(keys, string(g.Role)+"/"+g.Organisation)
	}
	return keys
}

func some(values ...string) []string {
	var list []string
	for _, v := range values {
		if v != "" {
			list = append(list, v)
		}
	}
	return list
}

// collect reads a list of records to its end.
func collect[T any](seq func(yield func(T, error) bool)) ([]T, error) {
	var list []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// plainID reports whether s can be the id of a record, so that what comes from
// an address never reaches the store as anything else.
func plainID(s string) bool {
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || r == '/'
	})
}

var sessions = store.Table[session]{
	Bucket: "sessions",
	Key:    func(s session) string { return s.Hash },
	Indexes: []store.Index[session]{
		{Name: "person", Keys: func(s session) []string { return []string{s.Person} }},
	},
}

var links = store.Table[link]{
	Bucket: "links",
	Key:    func(l link) string { return l.Hash },
}

var tokens = store.Table[Token]{
	Bucket: "tokens",
	Key:    func(t Token) string { return t.ID },
	Indexes: []store.Index[Token]{
		{Name: "hash", Unique: true, Keys: func(t Token) []string { return []string{t.Hash} }},
		{Name: "person", Keys: func(t Token) []string { return []string{t.Person} }},
	},
}

var joins = store.Table[Join]{
	Bucket: "joins",
	Key:    func(j Join) string { return j.ID },
	Indexes: []store.Index[Join]{
		{Name: "organisation", Keys: func(j Join) []string { return []string{j.Organisation} }},
		{Name: "email", Keys: func(j Join) []string { return []string{j.Email} }},
	},
}
