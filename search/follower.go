package search

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/kokeilu/kokeilu/internal/journal"
)

// FollowerName is the name under which the index follows the journal.
const FollowerName = "search"

// Follower keeps the index up to date with the journal. It is a
// journal.Keeper: the cursor lives in the index and goes with it.
type Follower struct{ Index *Index }

// elsewhere is the cursor of an index that has to be made anew: no portal has
// an empty name.
var elsewhere = journal.Position{Portal: "-"}

// Cursor returns how far the index has followed. An index that is new or
// broken answers with a place no journal has, and is mended.
func (f Follower) Cursor(ctx context.Context) (journal.Position, error) {
	if err := f.Index.awaitOpen(ctx); err != nil {
		return elsewhere, err
	}
	if !f.Index.Healthy() {
		return elsewhere, nil
	}
	raw, err := f.Index.Cursor(ctx)
	if err != nil || len(raw) == 0 {
		return elsewhere, nil //nolint:nilerr // an index that cannot say where it is begins anew
	}
	var p journal.Position
	if err := json.Unmarshal(raw, &p); err != nil {
		return elsewhere, nil //nolint:nilerr // as above
	}
	return p, nil
}

// Handle brings every thing the entries name up to date, each once.
func (f Follower) Handle(ctx context.Context, entries []journal.Entry, upTo journal.Position) error {
	seen := map[Ref]bool{}
	var refs []Ref
	for _, e := range entries {
		kind, id, _ := strings.Cut(e.Subject, ":")
		if ref := (Ref{kind, id}); !seen[ref] {
			seen[ref] = true
			refs = append(refs, ref)
		}
	}
	raw, err := json.Marshal(upTo)
	if err != nil {
		return err
	}
	return f.Index.Apply(ctx, refs, raw)
}

// Rebuild mends the index; it goes on trying until it has.
func (f Follower) Rebuild(ctx context.Context, head journal.Position) error {
	raw, err := json.Marshal(head)
	if err != nil {
		return err
	}
	return f.Index.Mend(ctx, raw)
}
