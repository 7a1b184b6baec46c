package storetest

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
)

type person struct {
	ID, Mail, Town string
	Roles          []string
}

var people = store.Table[person]{
	Bucket: "people",
	Key:    func(p person) string { return p.ID },
	Indexes: []store.Index[person]{
		{Name: "mail", Unique: true, Keys: func(p person) []string {
			if p.Mail == "" {
				return nil
			}
			return []string{p.Mail}
		}},
		{Name: "town", Keys: func(p person) []string { return []string{p.Town} }},
		{Name: "role", Keys: func(p person) []string { return p.Roles }},
	},
}

func ids(seq iter.Seq2[person, error]) []string {
	var list []string
	for p, err := range seq {
		if err != nil {
			return append(list, "error: "+err.Error())
		}
		list = append(list, p.ID)
	}
	return list
}

func putPeople(t *testing.T, s store.Store, list ...person) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, p := range list {
			if err := people.Put(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

var tables = promise{
	"a record is found by its key, by a unique index and among those of an index": func(t *testing.T, s store.Store) {
		aino := person{ID: "1", Mail: "aino@ii.example", Town: "Ii", Roles: []string{"owner", "mentor"}}
		putPeople(t, s, aino, person{ID: "2", Town: "Iisalmi", Roles: []string{"mentor"}}, person{ID: "3", Town: "Ii"})
		view(t, s, func(tx store.Tx) error {
			byKey, err1 := people.Get(tx, "1")
			byMail, err2 := people.One(tx, "mail", "aino@ii.example")
			return errors.Join(err1, err2, same(byKey, aino), same(byMail, aino),
				same(ids(people.By(tx, "town", store.Exactly("Ii"))), []string{"1", "3"}),
				same(ids(people.By(tx, "town", store.Prefix("Ii"))), []string{"1", "3", "2"}),
				same(ids(people.By(tx, "role", store.Exactly("mentor"))), []string{"1", "2"}),
				same(ids(people.All(tx, store.Range{Reverse: true})), []string{"3", "2", "1"}))
		})
	},
	"what is not there is not found": func(t *testing.T, s store.Store) {
		view(t, s, func(tx store.Tx) error {
			_, err1 := people.Get(tx, "1")
			_, err2 := people.One(tx, "mail", "nobody")
			has, err := people.Has(tx, "1")
			if !errors.Is(err1, store.ErrNotFound) || !errors.Is(err2, store.ErrNotFound) || has {
				return fmt.Errorf("%v, %v, %t", err1, err2, has)
			}
			return err
		})
	},
	"a changed record leaves its old places": func(t *testing.T, s store.Store) {
		putPeople(t, s, person{ID: "1", Mail: "a@x", Town: "Ii", Roles: []string{"a", "b"}})
		putPeople(t, s, person{ID: "1", Mail: "b@x", Town: "Ii", Roles: []string{"b", "c"}})
		view(t, s, func(tx store.Tx) error {
			_, err := people.One(tx, "mail", "a@x")
			if !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("the old address: %v", err)
			}
			mails, _ := people.Count(tx, "mail", "")
			roles, _ := people.Count(tx, "role", "")
			towns, _ := people.Count(tx, "town", "Ii")
			all, err := people.Count(tx, "", "")
			return errors.Join(err, same([]int{mails, roles, towns, all}, []int{1, 2, 1, 1}),
				same(ids(people.By(tx, "role", store.Exactly("c"))), []string{"1"}))
		})
	},
	"a deleted record leaves all its places and frees its unique value": func(t *testing.T, s store.Store) {
		putPeople(t, s, person{ID: "1", Mail: "a@x", Roles: []string{"a", "b"}})
		update(t, s, func(tx store.Tx) error { return errors.Join(people.Delete(tx, "1"), people.Delete(tx, "1")) })
		putPeople(t, s, person{ID: "2", Mail: "a@x"})
		view(t, s, func(tx store.Tx) error {
			n, err := people.Count(tx, "role", "")
			return errors.Join(err, same(n, 0), same(ids(people.All(tx, store.Range{})), []string{"2"}))
		})
	},
	"a taken unique value is refused and nothing changes, even when the caller goes on": func(t *testing.T, s store.Store) {
		one, two := person{ID: "1", Mail: "a@x", Town: "Ii"}, person{ID: "2", Mail: "b@x", Town: "Oulu"}
		putPeople(t, s, one, two)
		update(t, s, func(tx store.Tx) error {
			if err := people.Put(tx, person{ID: "2", Mail: "a@x", Town: "Turku"}); !errors.Is(err, store.ErrExists) {
				return fmt.Errorf("Put = %v", err)
			}
			return nil
		})
		view(t, s, func(tx store.Tx) error {
			got, err := people.Get(tx, "2")
			return errors.Join(err, same(got, two),
				same(ids(people.By(tx, "town", store.Exactly("Oulu"))), []string{"2"}),
				same(ids(people.By(tx, "mail", store.Exactly("b@x"))), []string{"2"}),
				same(ids(people.By(tx, "town", store.Exactly("Turku"))), nil))
		})
	},
	"a record keeps its own unique value": func(t *testing.T, s store.Store) {
		putPeople(t, s, person{ID: "1", Mail: "a@x"})
		putPeople(t, s, person{ID: "1", Mail: "a@x", Town: "Ii"})
	},
	"a unique value may move from one record to another in one transaction": func(t *testing.T, s store.Store) {
		putPeople(t, s, person{ID: "1", Mail: "a@x"})
		update(t, s, func(tx store.Tx) error {
			return errors.Join(people.Put(tx, person{ID: "1"}), people.Put(tx, person{ID: "2", Mail: "a@x"}))
		})
	},
	"an index value with NUL is refused and nothing changes": func(t *testing.T, s store.Store) {
		update(t, s, func(tx store.Tx) error {
			if people.Put(tx, person{ID: "1", Mail: "a@x", Town: "I\x00i"}) == nil {
				return errors.New("it was stored")
			}
			n, err := people.Count(tx, "mail", "")
			return errors.Join(err, same(n, 0), same(ids(people.All(tx, store.Range{})), nil))
		})
	},
	"an ordered list goes on behind a position, in both directions": func(t *testing.T, s store.Store) {
		var list []person
		for i := range 9 {
			list = append(list, person{ID: fmt.Sprint(9 - i), Town: fmt.Sprintf("town %d", i/2)})
		}
		putPeople(t, s, list...)
		for _, reverse := range []bool{false, true} {
			view(t, s, func(tx store.Tx) error {
				whole := ids(people.By(tx, "town", store.Range{Prefix: "town ", Reverse: reverse}))
				var paged []string
				for after := ""; len(paged) < len(whole); {
					n := 0
					for p, err := range people.By(tx, "town", store.Range{Prefix: "town ", After: after, Reverse: reverse}) {
						if err != nil {
							return err
						}
						paged, after = append(paged, p.ID), people.Position(p, p.Town)
						if n++; n == 2 {
							break
						}
					}
					if n == 0 {
						break
					}
				}
				return errors.Join(same(len(whole), 9), same(paged, whole))
			})
		}
	},
	"a bad record in the middle is an error, not an end": func(t *testing.T, s store.Store) {
		putPeople(t, s, person{ID: "1"}, person{ID: "3"})
		update(t, s, func(tx store.Tx) error { return tx.Put("people", "2", []byte("{")) })
		view(t, s, func(tx store.Tx) error {
			got := ids(people.All(tx, store.Range{}))
			if len(got) != 2 || got[0] != "1" {
				return fmt.Errorf("%q", got)
			}
			return nil
		})
	},
}
