package cases

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Revision is an earlier wording of a published case and who wrote it. The
// newest wording is the case itself.
type Revision struct {
	Case    string    `json:"case"`
	Number  int       `json:"number"`
	Author  string    `json:"author"`
	At      time.Time `json:"at"`
	Title   string    `json:"title"`
	Summary string    `json:"summary,omitempty"`
	Body    string    `json:"body"`
}

func revisionKey(id string, number int) string { return fmt.Sprintf("%s/%06d", id, number) }

func revisionOf(c Case) Revision {
	return Revision{Case: c.ID, Number: c.Revision, Author: c.UpdatedBy, At: c.Updated, Title: c.Title, Summary: c.Summary, Body: c.Body}
}

// Revisions returns the wordings of a case, the newest first. Who may read the
// case may read them.
func (s *Service) Revisions(ctx context.Context, a accounts.Actor, id string) (c Case, list []Revision, err error) {
	defer fault.Wrap(&err, "revisions of case %q", id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		list = nil
		if c, err = s.seen(tx, a, id); err != nil {
			return err
		}
		for r, err := range revisions.All(tx, store.Prefix(id+"/")) {
			if err != nil {
				return err
			}
			list = append(list, r)
		}
		list = append(list, revisionOf(c))
		slices.Reverse(list)
		return nil
	})
	return c, list, err
}
