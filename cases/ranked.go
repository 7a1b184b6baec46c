package cases

import (
	"context"
	"errors"

	"github.com/kokeilu/kokeilu/internal/store"
)

// Every change that the TOP-10 is counted from also writes one key: what shows
// a rank or a score is as old as that key.
const (
	rankedBucket = "topten_changed"
	rankedKey    = "case"
)

// noteRank writes the key when a changed case counts for the TOP-10: it comes
// from an experiment, or others have done something with it.
func noteRank(tx store.Tx, c Case) error {
	counts := c.Origin.Experiment != ""
	for _, bucket := range []string{adoptions.Bucket, endorsements.Bucket, votes.Bucket} {
		if counts {
			break
		}
		for _, err := range tx.Scan(bucket, store.Prefix(c.ID+"/")) {
			if err != nil {
				return err
			}
			counts = true
			break
		}
	}
	if !counts {
		return nil
	}
	return tx.Put(rankedBucket, rankedKey, []byte(c.ID))
}

// showsRanks tells who makes a page that it shows what the TOP-10 says.
func showsRanks(ctx context.Context) { store.Looked(ctx, rankedBucket, rankedKey) }

// rankedRows reads the rows the TOP-10 is counted from: of cases with an
// experiment, and of those that others have done something with.
func rankedRows(tx store.Tx, tallies map[string]Tally) (map[string]Row, error) {
	all := map[string]Row{}
	add := func(id string) error {
		r, err := rows.Get(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil // it is hidden, a draft or withdrawn
		}
		if err == nil {
			all[id] = r
		}
		return err
	}
	for id := range tallies {
		if err := add(id); err != nil {
			return nil, err
		}
	}
	for e, err := range table.Index(tx, "experiment", store.Range{}) {
		if err != nil {
			return nil, err
		}
		if err := add(string(e.Value)); err != nil {
			return nil, err
		}
	}
	return all, nil
}
