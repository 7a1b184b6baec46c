package journal_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

func TestADigestProvesARecordUntilItsSubjectIsForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		j := opened(t, s)
		record := []byte(`{"name":"Aino"}`)
		matches := func(tx store.Tx, subject string, value, digest []byte) bool {
			ok, err := journal.Matches(tx, subject, value, digest)
			if err != nil {
				t.Error(err)
			}
			return ok
		}
		var digest []byte
		update := func(fn func(tx store.Tx) error) {
			t.Helper()
			if err := s.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		update(func(tx store.Tx) (err error) {
			digest, err = journal.Digest(tx, "person:a", record)
			return errors.Join(err, j.Append(tx, journal.Entry{Kind: "person.changed", Subject: "person:a", After: digest}))
		})
		update(func(tx store.Tx) error {
			again, err1 := journal.Digest(tx, "person:a", record)
			other, err2 := journal.Digest(tx, "person:b", record)
			nothing, err3 := journal.Digest(tx, "person:a", nil)
			empty, err4 := journal.Digest(tx, "person:a", []byte{})
			switch {
			case !bytes.Equal(again, digest):
				t.Error("the same record has two digests")
			case bytes.Equal(other, digest):
				t.Error("two subjects share a salt")
			case nothing != nil || empty == nil:
				t.Errorf("digest of nothing %x, of an empty record %x", nothing, empty)
			case !matches(tx, "person:a", record, digest):
				t.Error("the record does not match its digest")
			case matches(tx, "person:a", []byte(`{"name":"Eero"}`), digest):
				t.Error("another record matches")
			}
			return errors.Join(err1, err2, err3, err4)
		})
		update(func(tx store.Tx) error { return journal.Forget(tx, "person:a") })
		err := s.View(t.Context(), func(tx store.Tx) error {
			if matches(tx, "person:a", record, digest) {
				t.Error("it matches after Forget")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if _, err := j.Verify(t.Context()); err != nil {
			t.Errorf("the chain after Forget: %v", err)
		}
	})
}
