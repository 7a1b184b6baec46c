package weeks

import (
	"context"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Note keeps the actor's note of today, in place of an earlier one of the same
// day. Only the team writes notes.
func (s *Service) Note(ctx context.Context, a accounts.Actor, n Note) (err error) {
	defer fault.Wrap(&err, "daily note on experiment %q", n.Experiment)
	return s.update(ctx, func(tx store.Tx) error {
		e, thing, err := s.Experiments.SeeTx(tx, a, n.Experiment)
		if err != nil {
			return err
		}
		if err := s.mayChange(a, &e, thing); err != nil {
			return err
		}
		now := s.Now()
		n.Person, n.Day, n.Written = a.ID, s.dayName(now), now.UTC()
		if err := n.check(); err != nil {
			return err
		}
		if err := notes.Put(tx, n); err != nil {
			return err
		}
		return s.note(tx, a, "weeks.noted", "weeks:"+n.Experiment)
	})
}

// dayName is the day of a moment as notes are kept under it.
func (s *Service) dayName(t time.Time) string { return t.In(s.Zone).Format(time.DateOnly) }

// A NoteDay is the notes of one day.
type NoteDay struct {
	Day   time.Time
	Notes []NamedNote
}

// A NamedNote is a note and who wrote it.
type NamedNote struct {
	Note
	Name string
}

// NotePage is a part of the notes of a team, the newest day first. Older is the
// day to go on before, or "". Mine is the reader's own note of today.
type NotePage struct {
	Card  experiments.Experiment
	Thing accounts.Thing
	Days  []NoteDay
	Older string
	Mine  Note
}

// noteDays is how many days a page of notes shows.
const noteDays = 14

// Notes are the notes of a team before a day ("": the newest). It fails with
// accounts.ErrUnseen for whoever may not read what the team keeps to itself:
// managers of its members among them.
func (s *Service) Notes(ctx context.Context, a accounts.Actor, experiment, before, lang string) (p NotePage, err error) {
	defer fault.Wrap(&err, "daily notes of experiment %q", experiment)
	return store.Get(ctx, s.Store, func(tx store.Tx) (NotePage, error) {
		var p NotePage
		var err error
		if p.Card, p.Thing, err = s.Experiments.SeeTx(tx, a, experiment); err != nil {
			return p, err
		}
		if err := accounts.See(a, accounts.ReadTeamLog, p.Thing); err != nil {
			return p, err
		}
		if p.Mine, err = notes.Get(tx, noteKey(experiment, s.dayName(s.Now()), a.ID)); err != nil && !errors.Is(err, store.ErrNotFound) {
			return p, err
		}
		r := store.Range{Prefix: experiment + "/", Reverse: true}
		if before != "" {
			r.After = experiment + "/" + before
		}
		return p, s.daysTx(tx, r, lang, &p)
	})
}

func (s *Service) daysTx(tx store.Tx, r store.Range, lang string, p *NotePage) error {
	for n, err := range notes.All(tx, r) {
		if err != nil {
			return err
		}
		last := len(p.Days) - 1
		if last < 0 || s.dayName(p.Days[last].Day) != n.Day {
			if len(p.Days) == noteDays {
				p.Older = s.dayName(p.Days[last].Day)
				return nil
			}
			at, err := time.ParseInLocation(time.DateOnly, n.Day, s.Zone)
			if err != nil {
				return err
			}
			p.Days, last = append(p.Days, NoteDay{Day: at}), last+1
		}
		p.Days[last].Notes = append(p.Days[last].Notes, NamedNote{n, s.nameTx(tx, n.Person, lang, true)})
	}
	return nil
}

// KeepPurpose keeps why the actor does this work; an empty text forgets it.
func (s *Service) KeepPurpose(ctx context.Context, a accounts.Actor, text string, shown bool) (err error) {
	defer fault.Wrap(&err, "own purpose")
	if !a.SignedIn() {
		return accounts.ErrSignIn
	}
	var f findings
	f.text("purpose", text, maxPurpose)
	if err := f.err(); err != nil {
		return err
	}
	return s.update(ctx, func(tx store.Tx) error {
		if text == "" {
			return purposes.Delete(tx, a.ID)
		}
		return purposes.Put(tx, Purpose{Person: a.ID, Text: text, Shown: shown, Changed: s.Now().UTC()})
	})
}

// purposeTx is a person's purpose, empty where there is none.
func purposeTx(tx store.Tx, person string) (Purpose, error) {
	p, err := purposes.Get(tx, person)
	if errors.Is(err, store.ErrNotFound) {
		return Purpose{Person: person}, nil
	}
	return p, err
}

// Purpose is the actor's own purpose, empty where there is none.
func (s *Service) Purpose(ctx context.Context, a accounts.Actor) (p Purpose, err error) {
	defer fault.Wrap(&err, "own purpose")
	if !a.SignedIn() {
		return p, accounts.ErrSignIn
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) (Purpose, error) { return purposeTx(tx, a.ID) })
}
