package wanted

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// A Trial is a public experiment that says it answers a want. Case is the case
// that was drafted from it, if any.
type Trial struct{ Title, Lang, Path, Case string }

// Trials knows them.
type Trials interface {
	AnsweringTx(tx store.Tx, want string) ([]Trial, error)
}

// Service is the use cases of wanted cases. Its fields are set once, before the
// first call.
type Service struct {
	Store   store.Store
	Journal *journal.Journal
	Now     func() time.Time
	NewID   func() string
	Zone    *time.Location // of days and months
	Index   *search.Index
	Trials  Trials
	Log     *slog.Logger

	hearing hearing
}

// Subject is how the journal names a want.
func Subject(id string) string { return "wanted:" + id }

// mostListed bounds the public list: what is asked for most comes first.
const mostListed = 100

// A Line is a want of the public list with what is done about it.
type Line struct {
	Want
	Trials []Trial
	Case   search.Document // that answers it; the zero Document when none does
}

// List returns the wants that everybody may see, those asked for most often
// first.
func (s *Service) List(ctx context.Context) (list []Line, err error) {
	defer fault.Wrap(&err, "list wanted cases")
	err = s.Store.View(ctx, func(tx store.Tx) error {
		wants, err := s.publicTx(tx)
		if err != nil {
			return err
		}
		list = make([]Line, len(wants))
		for i, w := range wants {
			list[i].Want = w
			if list[i].Trials, err = s.Trials.AnsweringTx(tx, w.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, l := range list {
		if l.Found != nil {
			if list[i].Case, _, err = s.Index.Glance(ctx, search.Ref{Kind: "case", ID: l.Found.Case}); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

func (s *Service) publicTx(tx store.Tx) ([]Want, error) {
	now := s.Now()
	wants, err := ofTx(tx, Open)
	for _, w := range wants {
		pagecache.Until(tx.Context(), now, w.DropsAt())
	}
	wants = slices.DeleteFunc(wants, func(w Want) bool { return !w.IsPublic(now) })
	return wants[:min(len(wants), mostListed)], err
}

// ofTx are the wants of a state, those asked for most often first.
func ofTx(tx store.Tx, state State) ([]Want, error) {
	var list []Want
	for w, err := range table.By(tx, byState, store.Prefix(string(state)+"/")) {
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	slices.SortStableFunc(list, func(a, b Want) int {
		return cmp.Or(cmp.Compare(b.Times(), a.Times()), b.Last.Compare(a.Last), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// PublicTx are the wants an experiment may say it answers.
func (s *Service) PublicTx(tx store.Tx) ([]Want, error) { return s.publicTx(tx) }

// WantTx returns a want that everybody may see, or once could: an experiment
// goes on saying what it answers. ok is false for any other.
func (s *Service) WantTx(tx store.Tx, id string) (w Want, ok bool, err error) {
	if w, err = table.Get(tx, id); errors.Is(err, store.ErrNotFound) {
		return w, false, nil
	}
	return w, err == nil && w.State == Open, err
}

// A Desk is what a moderator has before them.
type Desk struct {
	Waiting, Open []Want
	Heard, Hidden int // how many, without their words
}

// Desk returns the wants to decide about. It fails for everybody but
// moderators and administrators.
func (s *Service) Desk(ctx context.Context, a accounts.Actor) (d Desk, err error) {
	defer fault.Wrap(&err, "desk of wanted cases")
	if err := accounts.Must(a, accounts.ModerateWanted, accounts.Thing{}); err != nil {
		return d, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		var errs [4]error
		d.Waiting, errs[0] = ofTx(tx, Waiting)
		d.Open, errs[1] = ofTx(tx, Open)
		d.Heard, errs[2] = table.Count(tx, byState, string(Heard)+"/")
		d.Hidden, errs[3] = table.Count(tx, byState, string(Hidden)+"/")
		return errors.Join(errs[:]...)
	})
	return d, err
}

// WaitingFor counts what waits for an actor's decision; nothing waits for
// those who may not decide.
func (s *Service) WaitingFor(ctx context.Context, a accounts.Actor) (int, error) {
	if !accounts.Can(a, accounts.ModerateWanted, accounts.Thing{}) {
		return 0, nil
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) (int, error) { return table.Count(tx, byState, string(Waiting)+"/") })
}

// Approve puts a want on the public list. It fails with ErrDecided when it does
// not wait.
func (s *Service) Approve(ctx context.Context, a accounts.Actor, id string) (err error) {
	defer fault.Wrap(&err, "approve wanted case %q", id)
	return s.decide(ctx, a, id, "wanted.approved", func(_ store.Tx, w *Want) error { return w.approve(s.Now().UTC()) })
}

// Hide takes a want away for good and forgets its words. It fails with
// ErrReason without a reason.
func (s *Service) Hide(ctx context.Context, a accounts.Actor, id, reason string) (err error) {
	defer fault.Wrap(&err, "hide wanted case %q", id)
	return s.decide(ctx, a, id, "wanted.hidden", func(_ store.Tx, w *Want) error { return w.hide(reason, s.Now().UTC()) })
}

// Merge says that a want is the same as an open one in other words or another
// language. It fails with ErrInto when that is not on the list.
func (s *Service) Merge(ctx context.Context, a accounts.Actor, id, into string) (err error) {
	defer fault.Wrap(&err, "merge wanted case %q", id)
	return s.decide(ctx, a, id, "wanted.merged", func(tx store.Tx, w *Want) error {
		target, err := table.Get(tx, into)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
			return ErrInto
		}
		if err != nil {
			return err
		}
		if err := w.merge(&target, s.Now().UTC()); err != nil {
			return err
		}
		// What was merged into this one before goes along.
		for before, err := range table.By(tx, byInto, store.Exactly(w.ID)) {
			if err != nil {
				return err
			}
			before.Into = target.ID
			if err := table.Put(tx, before); err != nil {
				return err
			}
		}
		if err := table.Put(tx, target); err != nil {
			return err
		}
		return s.note(tx, a, "wanted.merged", target.ID)
	})
}

// decide lets fn change a want and says so in the journal.
func (s *Service) decide(ctx context.Context, a accounts.Actor, id, kind string, fn func(store.Tx, *Want) error) error {
	if err := accounts.Must(a, accounts.ModerateWanted, accounts.Thing{}); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (bool, error) {
			w, err := table.Get(tx, id)
			if err != nil {
				return false, err
			}
			if err := fn(tx, &w); err != nil {
				return false, err
			}
			return true, errors.Join(table.Put(tx, w), s.note(tx, a, kind, id))
		})
		return err
	})
}

func (s *Service) note(tx store.Tx, a accounts.Actor, kind, id string) error {
	return s.Journal.Append(tx, journal.Entry{Actor: a.ID, Kind: kind, Subject: Subject(id)})
}
