package weeks

import (
	"context"
	"slices"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Tick writes to the owner of each experiment that runs whose interim results
// are asked for and not there: once for each of the weeks. It returns how many
// letters it wrote. Running it twice, or late, is harmless.
func (s *Service) Tick(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "tick of weeks")
	keys, err := store.Get(ctx, s.Store, func(tx store.Tx) (keys []string, err error) {
		for p, err := range plans.By(tx, byOpen, store.Exactly("open")) {
			if err != nil {
				return nil, err
			}
			keys = append(keys, planKey(p.Experiment, p.N))
		}
		return keys, nil
	})
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		wrote := false
		err := s.Store.Update(ctx, func(tx store.Tx) error {
			wrote, err = s.remindTx(tx, key)
			return err
		})
		if err != nil {
			return n, err
		}
		if wrote {
			n++
		}
	}
	return n, nil
}

func (s *Service) remindTx(tx store.Tx, key string) (bool, error) {
	p, err := plans.Get(tx, key)
	if err != nil || p.IsClosed() {
		return false, err
	}
	e, _, err := s.Experiments.SeeTx(tx, accounts.System, p.Experiment)
	if err != nil || e.Stage != experiments.Running {
		return false, err
	}
	missing := p.Missing(CalendarOf(&p, &e, s.Now(), s.Zone).Week(s.Now()))
	missing = slices.DeleteFunc(missing, func(n int) bool { return slices.Contains(p.Reminded, n) })
	if len(missing) == 0 {
		return false, nil
	}
	p.Reminded = append(p.Reminded, missing...)
	if err := plans.Put(tx, p); err != nil {
		return false, err
	}
	return true, s.tellTx(tx, &p, &e, missing[len(missing)-1])
}

// tellTx writes to the owner that the results of a week are missing.
func (s *Service) tellTx(tx store.Tx, p *Plan, e *experiments.Experiment, week int) error {
	if s.Mail == nil {
		return nil
	}
	owner, err := s.People.PersonTx(tx, e.Owner)
	if isMissing(err) || err == nil && (owner.IsErased() || owner.Email == "") {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Mail.Tell(tx, owner.Email, owner.Lang, "weeks.letter_results", e.Title, week, s.PublicURL+resultsPath(owner.Lang, p, week))
}
