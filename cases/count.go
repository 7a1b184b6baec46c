package cases

import (
	"context"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// public is the index of rows that everybody may read, now or from a day on:
// counting it reads no record.
const byPublic = "public"

func (r Row) publicFrom() []string {
	if r.Visibility == Members {
		return nil
	}
	return []string{r.Embargo.UTC().Format(time.RFC3339)}
}

// Count returns how many cases everybody may read now.
func (s *Service) Count(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "count cases")
	now := s.Now().UTC().Format(time.RFC3339)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		n = 0
		for e, err := range tx.Scan(rows.Bucket+"/"+byPublic, store.Range{}) {
			if err != nil {
				return err
			}
			if e.Key > now+"\x00\xff" {
				break
			}
			n++
		}
		return nil
	})
	return n, err
}
