package experiments

import (
	"context"
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Hide takes an experiment out of everybody's sight but its team's, with a
// reason the team can read; an empty reason brings it back. Moderators alone
// may.
func (s *Service) Hide(ctx context.Context, a accounts.Actor, id, reason string) (err error) {
	defer fault.Wrap(&err, "hide experiment %q", id)
	if err := accounts.Must(a, accounts.HideCase, accounts.Thing{}); err != nil {
		return err
	}
	return s.update(ctx, func(tx store.Tx) error {
		e, err := cards.Get(tx, id)
		if err != nil {
			return err
		}
		var f findings
		reason = strings.TrimSpace(reason)
		f.text("reason", reason, MaxReason)
		if err := f.err(); err != nil {
			return err
		}
		e.Hidden = reason
		return s.putTx(tx, a, &e, "experiment.hidden")
	})
}
