package store_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/kokeilu/kokeilu/internal/store"
)

// Municipality is a record of the example: a struct, its table, and nothing
// else.
type Municipality struct {
	Code, Name, Region string
}

var municipalities = store.Table[Municipality]{
	Bucket: "municipalities",
	Key:    func(m Municipality) string { return m.Code },
	Indexes: []store.Index[Municipality]{
		{Name: "name", Unique: true, Keys: func(m Municipality) []string { return []string{m.Name} }},
		{Name: "region", Keys: func(m Municipality) []string { return []string{m.Region} }},
	},
}

func Example() {
	ctx := context.Background()
	s := store.New(&memory{}) // a portal calls boltstore.Open(ctx, dir)

	err := s.Update(ctx, func(tx store.Tx) error {
		for _, m := range []Municipality{
			{"139", "Ii", "Northern Ostrobothnia"},
			{"564", "Oulu", "Northern Ostrobothnia"},
			{"853", "Turku", "Southwest Finland"},
		} {
			if err := municipalities.Put(tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	fmt.Println("stored:", err)

	err = s.Update(ctx, func(tx store.Tx) error {
		return municipalities.Put(tx, Municipality{Code: "000", Name: "Ii"})
	})
	fmt.Println("a second Ii:", errors.Is(err, store.ErrExists))

	err = s.View(ctx, func(tx store.Tx) error {
		for m, err := range municipalities.By(tx, "region", store.Exactly("Northern Ostrobothnia")) {
			if err != nil {
				return err
			}
			fmt.Println(m.Name)
		}
		return nil
	})
	fmt.Println("read:", err)
	// Output:
	// stored: <nil>
	// a second Ii: true
	// Ii
	// Oulu
	// read: <nil>
}

func ExampleTable_Position() {
	ctx := context.Background()
	s := store.New(&memory{})
	page := func(after string) (names []string, next string) {
		_ = s.View(ctx, func(tx store.Tx) error {
			for m, err := range municipalities.By(tx, "name", store.Range{After: after}) {
				if err != nil {
					return err
				}
				if len(names) == 2 {
					break
				}
				names, next = append(names, m.Name), municipalities.Position(m, m.Name)
			}
			return nil
		})
		return names, next
	}
	_ = s.Update(ctx, func(tx store.Tx) error {
		return errors.Join(
			municipalities.Put(tx, Municipality{Code: "1", Name: "Turku"}),
			municipalities.Put(tx, Municipality{Code: "2", Name: "Ii"}),
			municipalities.Put(tx, Municipality{Code: "3", Name: "Oulu"}))
	})
	first, next := page("")
	second, _ := page(next)
	fmt.Println(first, second)
	// Output: [Ii Oulu] [Turku]
}
