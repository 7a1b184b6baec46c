package experiments

import (
	"context"
	"slices"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Publish assembles a case from card, log and measures and returns the id of
// its draft. A second call returns the same case. It fails with ErrNotOver, or
// with what is missing in the lesson.
func (s *Service) Publish(ctx context.Context, a accounts.Actor, id string, locales *i18n.Bundle) (caseID string, err error) {
	defer fault.Wrap(&err, "publish experiment %q", id)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		caseID, err = s.publishTx(tx, a, id, locales)
		return err
	})
	return caseID, err
}

func (s *Service) publishTx(tx store.Tx, a accounts.Actor, id string, locales *i18n.Bundle) (string, error) {
	e, thing, err := s.SeeTx(tx, a, id)
	if err != nil {
		return "", err
	}
	if err := accounts.Must(a, accounts.MoveExperiment, thing); err != nil {
		return "", err
	}
	if e.CaseID != "" {
		return e.CaseID, nil
	}
	if err := e.MayBePublished(); err != nil {
		return "", err
	}
	log, err := s.publicLogTx(tx, id, mostLogged)
	if err != nil {
		return "", err
	}
	draft := draftOf(&e, log, locales.For(e.Lang))
	if e.CaseID, err = s.Bank.DraftTx(tx, a, draft); err != nil {
		return "", err
	}
	e.Version++
	return e.CaseID, s.putTx(tx, a, &e, "experiment.case_drafted")
}

// mostLogged bounds the log of which a case is drafted: three months have some
// ninety days.
const mostLogged = 1000

// publicLogTx are the entries that everybody may read and that were not
// corrected, oldest first; of a long log the newest most.
func (s *Service) publicLogTx(tx store.Tx, id string, most int) ([]Entry, error) {
	var list []Entry
	for n, err := range entries.By(tx, byWhat, store.Range{Prefix: logPrefix(id, ForAll, ""), Reverse: true}) {
		if err != nil {
			return nil, err
		}
		if n.Corrected == 0 {
			list = append(list, n)
		}
		if len(list) == most {
			break
		}
	}
	slices.Reverse(list)
	return list, nil
}

// stageLetters are the stages as a case knows them.
var stageLetters = map[Stage]string{Learned: "L", Spread: "S", Archived: "A", Stopped: "X"}

func originOf(e *Experiment) cases.Origin {
	return cases.Origin{Experiment: e.ID, Stage: stageLetters[e.Stage], Completeness: e.Completeness()}
}
