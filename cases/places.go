package cases

import (
	"context"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// CountByOrganisation counts the cases that everybody may read by the key of
// the organisations they are of. An account in several languages is one. It
// looks through indexes only.
func (s *Service) CountByOrganisation(ctx context.Context) (counts map[string]int, err error) {
	defer fault.Wrap(&err, "count cases by organisation")
	return store.Get(ctx, s.Store, func(tx store.Tx) (map[string]int, error) {
		groups, err := publicGroups(tx, s.Now())
		if err != nil {
			return nil, err
		}
		counts, counted := map[string]int{}, map[string]bool{}
		for e, err := range rows.Index(tx, "organisation", store.Range{}) {
			if err != nil {
				return nil, err
			}
			key, _, _ := strings.Cut(e.Key, "|")
			group, public := groups[string(e.Value)]
			if one := key + "\x00" + group; public && !counted[one] {
				counted[one] = true
				counts[key]++
			}
		}
		return counts, nil
	})
}

// publicGroups is the account that each public case is a version of, by the id
// of the case.
func publicGroups(tx store.Tx, now time.Time) (map[string]string, error) {
	public := map[string]bool{}
	until := now.UTC().Format(time.RFC3339)
	for e, err := range rows.Index(tx, byPublic, store.Range{}) {
		if err != nil {
			return nil, err
		}
		from, _, _ := strings.Cut(e.Key, "\x00")
		if from > until {
			at, err := time.Parse(time.RFC3339, from)
			if err == nil {
				pagecache.Until(tx.Context(), now, at)
			}
			break // the others are public later still
		}
		public[string(e.Value)] = true
	}
	groups := map[string]string{}
	for e, err := range rows.Index(tx, "group", store.Range{}) {
		if err != nil {
			return nil, err
		}
		group, _, _ := strings.Cut(e.Key, "\x00")
		if id := string(e.Value); public[id] {
			groups[id] = group
		}
	}
	return groups, nil
}
