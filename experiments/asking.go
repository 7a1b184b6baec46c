package experiments

import (
	"context"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// AliveDays is after how many days without activity an idea is asked whether
// it is still alive.
const AliveDays = 90

// A Question is what the calendar asks a team by itself.
type Question string

// The questions.
const (
	AskAlive  Question = "alive"  // an idea was left alone for AliveDays
	AskLesson Question = "lesson" // ended more than LessonDueDays ago without a lesson: stuck
	AskValid  Question = "valid"  // the lesson is a year older
	AskPause  Question = "pause"  // the pauses have taken all their weeks
)

// Asking is the last question of the calendar and when it was asked.
type Asking struct {
	What Question  `json:"what,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// ErrNotAsked is returned for an answer to what was not asked.
var ErrNotAsked = fault.New(fault.Conflict, "experiment.not_asked")

// Due is what should be asked now, or "". A question that nobody answers comes
// again after as long as it took to be asked.
func (e *Experiment) Due(now time.Time, zone *time.Location) Question {
	switch e.Stage {
	case Idea:
		if days(e.quietSince(AskAlive, e.Changed, e.LastLog), now, zone) >= AliveDays {
			return AskAlive
		}
	case Ended:
		if days(e.quietSince(AskLesson), now, zone) > LessonDueDays {
			return AskLesson
		}
	case Learned:
		if !now.Before(e.quietSince(AskValid).In(zone).AddDate(1, 0, 0)) {
			return AskValid
		}
	case Paused:
		if asked := e.Asked; e.PausedDays(now, zone) >= MaxPauseDays && (asked.What != AskPause || days(asked.At, now, zone) >= LessonDueDays) {
			return AskPause
		}
	}
	return ""
}

// quietSince is the latest of: when the experiment came to its stage, when it
// was asked the same before, when its team answered, and the other moments.
func (e *Experiment) quietSince(q Question, others ...time.Time) time.Time {
	last := e.Since()
	if e.Asked.What == q {
		others = append(others, e.Asked.At)
	}
	for _, t := range append(others, e.Answered) {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// Waits is the question that waits for an answer, or "": asked in this stage,
// with nothing done since.
func (e *Experiment) Waits() Question {
	at := e.Asked.At
	if e.Asked.What == "" || !at.After(e.Since()) || !at.After(e.Answered) || e.Asked.What == AskAlive && (e.Changed.After(at) || e.LastLog.After(at)) {
		return ""
	}
	return e.Asked.What
}

// IsStuck reports whether the experiment ended more than LessonDueDays ago and
// its lesson is not there.
func (e *Experiment) IsStuck(now time.Time, zone *time.Location) bool {
	return e.Stage == Ended && days(e.Since(), now, zone) > LessonDueDays
}

// Still answers the calendar's question: the idea is alive, the lesson is
// valid. What asks for a deed, such as a lesson, is answered by doing it, and
// fails with ErrNotAsked.
func (s *Service) Still(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "answer for experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		_, err := s.changeTx(tx, a, id, accounts.EditExperiment, "experiment.answered", func(e *Experiment, _ accounts.Thing) error {
			if q := e.Waits(); q != AskAlive && q != AskValid {
				return ErrNotAsked
			}
			e.Answered = s.Now().UTC()
			return nil
		})
		return err
	})
}

// Ask asks what the calendar asks: it writes to the owners, and about lessons
// that are stuck to the coordinators too. It returns how many it asked; run
// twice, it asks once.
func (s *Service) Ask(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "ask what the calendar asks")
	return s.eachDue(ctx, s.askableTx, s.askTx)
}

// Remind tells the owners of permissions that run out soon, and returns how
// many experiments have some. Run twice, it reminds once.
func (s *Service) Remind(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "remind of permissions")
	return s.eachDue(ctx, s.endingTx, s.remindTx)
}

// eachDue finds experiments in one transaction and does something with each in
// one of its own.
func (s *Service) eachDue(ctx context.Context, due func(store.Tx) ([]string, error), do func(tx store.Tx, id string) error) (n int, err error) {
	ids, err := store.Get(ctx, s.Store, due)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := s.Store.Update(ctx, func(tx store.Tx) error { return do(tx, id) }); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Service) askableTx(tx store.Tx) (due []string, err error) {
	for _, stage := range []Stage{Idea, Ended, Learned, Paused} {
		for r, err := range rows.By(tx, byStage, store.Prefix(string(stage)+"/")) {
			if err != nil {
				return nil, err
			}
			e := Experiment{Stage: stage, Created: r.StageAt, Changed: r.Changed, LastLog: r.LastLog, Asked: r.Asked, Answered: r.Answered}
			if stage == Paused { // a row does not know its pauses
				if e, err = cards.Get(tx, r.ID); err != nil {
					return nil, err
				}
			}
			if e.Due(s.Now(), s.Zone) != "" {
				due = append(due, r.ID)
			}
		}
	}
	return due, nil
}

func (s *Service) askTx(tx store.Tx, id string) error {
	e, err := cards.Get(tx, id)
	if err != nil {
		return err
	}
	q := e.Due(s.Now(), s.Zone)
	if q == "" {
		return nil
	}
	e.Asked = Asking{What: q, At: s.Now().UTC()}
	to := []string{e.Owner}
	if q == AskLesson {
		more, err := s.coordinatorsTx(tx, &e)
		if err != nil {
			return err
		}
		to = append(to, more...)
	}
	if err := s.tellTx(tx, to, "experiment.letter_"+string(q), &e, nil); err != nil {
		return err
	}
	return s.putTx(tx, accounts.System, &e, "experiment.asked")
}

func (s *Service) endingTx(tx store.Tx) (due []string, err error) {
	for _, stage := range []Stage{Planned, Running, Paused} {
		for r, err := range rows.By(tx, byStage, store.Prefix(string(stage)+"/")) {
			if err != nil {
				return nil, err
			}
			if p := (Permission{Until: r.PermitEnds}); !r.PermitEnds.IsZero() && !s.Now().Before(p.RemindFrom(s.Zone)) {
				due = append(due, r.ID)
			}
		}
	}
	return due, nil
}

func (s *Service) remindTx(tx store.Tx, id string) error {
	e, err := cards.Get(tx, id)
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	e.Permissions = append([]Permission(nil), e.Permissions...)
	for i := range e.Permissions {
		p := &e.Permissions[i]
		if !p.Reminded.IsZero() || now.Before(p.RemindFrom(s.Zone)) {
			continue
		}
		p.Reminded = now
		if err := s.tellTx(tx, []string{e.Owner}, "experiment.letter_permission", &e, func(w words) []any { return []any{p.Rule, w.Date(p.Until)} }); err != nil {
			return err
		}
	}
	return s.putTx(tx, accounts.System, &e, "experiment.reminded")
}
