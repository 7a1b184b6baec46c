package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// ErrNewer means that the database was last used by a newer version of the
// portal. Its arguments are the slice, the number found and the number known.
var ErrNewer = fault.New(fault.Conflict, "store.newer")

// Migrations is how the records of one slice came to be what they are: steps
// that are only ever appended to. The database stores how many were applied.
type Migrations struct {
	Slice string // "cases"
	Steps []Step
}

// Step changes the records of a slice from one form to the next. Apply gets
// records of the form before it, runs in a transaction of its own, and finds
// nothing to do on an empty store.
type Step struct {
	Name  string // what it does, for the operator
	Apply func(Tx) error
}

// Change is a step that was, or would be, applied.
type Change struct {
	Slice   string
	Number  int // 1 for the first
	Name    string
	Written map[string]int // bucket → records written or deleted
}

const migrationBucket = "store_migrations"

// Migrate applies the steps that are still to come, each in one transaction
// with its number, and returns them. It changes nothing and fails with ErrNewer
// when a slice has more steps behind it than are known here, or is not known at
// all. After another failure the steps before the failed one stay applied.
func Migrate(ctx context.Context, s Store, lists ...Migrations) (done []Change, err error) {
	defer fault.Wrap(&err, "migrate the store")
	due, err := Get(ctx, s, func(tx Tx) ([]due, error) { return allDue(tx, lists) })
	if err != nil {
		return nil, err
	}
	for _, d := range due {
		var c Change
		if err := s.Update(ctx, func(tx Tx) error {
			c, err = d.apply(tx)
			return err
		}); err != nil {
			return done, err
		}
		done = append(done, c)
	}
	return done, nil
}

// Known fails with ErrNewer where Migrate would, and changes nothing.
func Known(ctx context.Context, s Store, lists ...Migrations) error {
	return s.View(ctx, func(tx Tx) error {
		_, err := allDue(tx, lists)
		return err
	})
}

// errDry ends the transaction of a dry run.
var errDry = errors.New("dry run")

// Plan returns what Migrate would do. It runs the steps in a transaction that
// it then drops, and fails as Migrate would.
func Plan(ctx context.Context, s Store, lists ...Migrations) (list []Change, err error) {
	defer fault.Wrap(&err, "plan a migration")
	err = s.Update(ctx, func(tx Tx) error {
		list = nil
		due, err := allDue(tx, lists)
		if err != nil {
			return err
		}
		for _, d := range due {
			c, err := d.apply(tx)
			if err != nil {
				return err
			}
			list = append(list, c)
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		return list, nil
	}
	return nil, err
}

// due is a step still to come.
type due struct {
	slice  string
	number int
	step   Step
}

func allDue(tx Tx, lists []Migrations) ([]due, error) {
	if err := refuseUnknown(tx, lists); err != nil {
		return nil, err
	}
	var all []due
	for _, m := range lists {
		have, err := applied(tx, m.Slice)
		if err != nil {
			return nil, err
		}
		if have > len(m.Steps) {
			return nil, ErrNewer.With(m.Slice, have, len(m.Steps))
		}
		for i, step := range m.Steps[have:] {
			all = append(all, due{m.Slice, have + i + 1, step})
		}
	}
	return all, nil
}

// refuseUnknown fails when there are steps of a slice that is not listed.
func refuseUnknown(tx Tx, lists []Migrations) error {
	known := map[string]bool{}
	for _, m := range lists {
		known[m.Slice] = true
	}
	for e, err := range tx.Scan(migrationBucket, Range{}) {
		if err != nil {
			return err
		}
		if !known[e.Key] {
			have, err := strconv.Atoi(string(e.Value))
			return errors.Join(ErrNewer.With(e.Key, have, 0), err)
		}
	}
	return nil
}

// applied returns how many steps of a slice are behind it.
func applied(tx Tx, slice string) (int, error) {
	raw, err := tx.Get(migrationBucket, slice)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(raw))
}

func (d due) apply(tx Tx) (Change, error) {
	have, err := applied(tx, d.slice)
	if err != nil {
		return Change{}, err
	}
	if have != d.number-1 {
		return Change{}, fmt.Errorf("%s is at step %d, not %d: does another node migrate?", d.slice, have, d.number-1)
	}
	counted := &countingTx{Tx: tx, keys: map[[2]string]bool{}}
	if err := d.step.Apply(counted); err != nil {
		return Change{}, fmt.Errorf("%s, step %d (%s): %w", d.slice, d.number, d.step.Name, err)
	}
	err = tx.Put(migrationBucket, d.slice, []byte(strconv.Itoa(d.number)))
	return Change{Slice: d.slice, Number: d.number, Name: d.step.Name, Written: counted.perBucket()}, err
}

// countingTx notes which records are written.
type countingTx struct {
	Tx
	keys map[[2]string]bool
}

func (c *countingTx) Put(bucket, key string, value []byte) error {
	c.keys[[2]string{bucket, key}] = true
	return c.Tx.Put(bucket, key, value)
}

func (c *countingTx) Delete(bucket, key string) error {
	c.keys[[2]string{bucket, key}] = true
	return c.Tx.Delete(bucket, key)
}

func (c *countingTx) perBucket() map[string]int {
	count := map[string]int{}
	for k := range c.keys {
		count[k[0]]++
	}
	return count
}
