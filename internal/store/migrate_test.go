package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// upper is a step that writes every record of bucket in capitals.
func upper(bucket string) store.Step {
	return store.Step{Name: "capitals", Apply: func(tx store.Tx) error {
		for e, err := range tx.Scan(bucket, store.Range{}) {
			if err != nil {
				return err
			}
			if err := tx.Put(bucket, e.Key, []byte(strings.ToUpper(string(e.Value)))); err != nil {
				return err
			}
		}
		return nil
	}}
}

// exclaim is a step that puts a mark behind every record.
func exclaim(bucket string) store.Step {
	return store.Step{Name: "marks", Apply: func(tx store.Tx) error {
		for e, err := range tx.Scan(bucket, store.Range{}) {
			if err != nil {
				return err
			}
			if err := tx.Put(bucket, e.Key, append(e.Value, '!')); err != nil {
				return err
			}
		}
		return nil
	}}
}

func fill(t *testing.T, s store.Store) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.Put("cases", "1", []byte("a")), tx.Put("cases", "2", []byte("b")), tx.Put("calls", "1", []byte("c")))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, s store.Store, bucket string) string {
	t.Helper()
	got, err := store.Get(t.Context(), s, func(tx store.Tx) (out string, err error) {
		for e := range tx.Scan(bucket, store.Range{}) {
			out += string(e.Value) + " "
		}
		return out, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func same(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestStepsAreAppliedOnceAndInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		fill(t, s)
		one := store.Migrations{Slice: "cases", Steps: []store.Step{upper("cases")}}
		two := store.Migrations{Slice: "cases", Steps: []store.Step{upper("cases"), exclaim("cases")}}
		calls := store.Migrations{Slice: "funding", Steps: []store.Step{exclaim("calls")}}

		done, err := store.Migrate(t.Context(), s, one)
		if err != nil {
			t.Fatal(err)
		}
		same(t, []store.Change{{"cases", 1, "capitals", map[string]int{"cases": 2}}}, done)
		done, err = store.Migrate(t.Context(), s, two, calls)
		if err != nil {
			t.Fatal(err)
		}
		same(t, []store.Change{
			{"cases", 2, "marks", map[string]int{"cases": 2}},
			{"funding", 1, "marks", map[string]int{"calls": 1}},
		}, done)
		done, err = store.Migrate(t.Context(), s, two, calls)
		if err != nil || len(done) != 0 {
			t.Errorf("the third time: %v, %v", done, err)
		}
		if got := contents(t, s, "cases") + contents(t, s, "calls"); got != "A! B! c! " {
			t.Errorf("records %q", got)
		}
	})
}

func TestAPlanShowsWhatWouldChangeAndChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		fill(t, s)
		lists := []store.Migrations{{Slice: "cases", Steps: []store.Step{upper("cases"), exclaim("cases")}}}
		want := []store.Change{{"cases", 1, "capitals", map[string]int{"cases": 2}}, {"cases", 2, "marks", map[string]int{"cases": 2}}}
		for range 2 {
			planned, err := store.Plan(t.Context(), s, lists...)
			if err != nil {
				t.Fatal(err)
			}
			same(t, want, planned)
		}
		if got := contents(t, s, "cases"); got != "a b " {
			t.Errorf("records %q", got)
		}
		done, err := store.Migrate(t.Context(), s, lists...)
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, done)
	})
}

func TestANewerDatabaseIsRefusedAndNothingChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		fill(t, s)
		newer := store.Migrations{Slice: "cases", Steps: []store.Step{upper("cases"), exclaim("cases")}}
		older := store.Migrations{Slice: "cases", Steps: newer.Steps[:1]}
		if _, err := store.Migrate(t.Context(), s, newer); err != nil {
			t.Fatal(err)
		}
		calls := store.Migrations{Slice: "funding", Steps: []store.Step{exclaim("calls")}}
		for _, run := range []func() ([]store.Change, error){
			func() ([]store.Change, error) { return store.Migrate(t.Context(), s, calls, older) },
			func() ([]store.Change, error) { return store.Plan(t.Context(), s, calls, older) },
		} {
			_, err := run()
			if !errors.Is(err, store.ErrNewer) {
				t.Fatal(err)
			}
			same(t, []any{"cases", 2, 1}, fault.All(err)[0].Args)
		}
		if got := contents(t, s, "calls"); got != "c " {
			t.Errorf("another slice was changed: %q", got)
		}
	})
}

func TestAFailedStepLeavesNothingAndIsTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		fill(t, s)
		broken := errors.New("broken")
		bad := store.Step{Name: "bad", Apply: func(tx store.Tx) error { return errors.Join(tx.Delete("cases", "1"), broken) }}
		done, err := store.Migrate(t.Context(), s, store.Migrations{Slice: "cases", Steps: []store.Step{upper("cases"), bad}})
		if !errors.Is(err, broken) || len(done) != 1 {
			t.Errorf("Migrate = %v, %v", done, err)
		}
		if got := contents(t, s, "cases"); got != "A B " {
			t.Errorf("records %q", got)
		}
		if _, err := store.Migrate(t.Context(), s, store.Migrations{Slice: "cases", Steps: []store.Step{upper("cases"), exclaim("cases")}}); err != nil {
			t.Error(err)
		}
		if got := contents(t, s, "cases"); got != "A! B! " {
			t.Errorf("records %q", got)
		}
	})
}
