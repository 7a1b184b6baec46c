package cases

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// MaxNote bounds the evidence note of an adoption, in characters.
const MaxNote = 200

// An Adoption says that another municipality did the same, with its own
// result. There is one per municipality and case; the adopter may renew result
// and note, the date stays.
type Adoption struct {
	Case         string    `json:"case"`
	Organisation string    `json:"organisation"`
	Person       string    `json:"person"`
	Result       Outcome   `json:"result,omitempty"` // empty: too early to say
	Note         string    `json:"note"`
	At           time.Time `json:"at"`
	Since        time.Time `json:"since"` // when the person's account was made
	Renewed      time.Time `json:"renewed,omitzero"`
}

// Adopting is what the adopter fills in.
type Adopting struct {
	Result    Outcome
	Note      string // what shows it, and what was changed
	Confirmed bool   // "we have done it ourselves"
}

// Faults of adopting.
var (
	ErrNoteMissing = fault.New(fault.Invalid, "case.note_missing").On("note")
	ErrNoteLong    = fault.New(fault.Invalid, "case.note_long").On("note")
	ErrResult      = fault.New(fault.Invalid, "case.result_unknown").On("result")
	ErrUnconfirmed = fault.New(fault.Invalid, "case.adoption_unconfirmed").On("confirmed")
)

func (d Adopting) check() error {
	var list []*fault.Error
	if d.Result != "" && !slices.Contains(Outcomes, d.Result) {
		list = append(list, ErrResult)
	}
	switch n := utf8.RuneCountInString(d.Note); {
	case n == 0:
		list = append(list, ErrNoteMissing)
	case n > MaxNote:
		list = append(list, ErrNoteLong.With(MaxNote, n))
	}
	if !d.Confirmed {
		list = append(list, ErrUnconfirmed)
	}
	return fault.Join(list...)
}

// Adopt registers that the municipality the actor coordinates did the same,
// and tells the experiment behind the case. A second time it renews the
// municipality's result and note.
func (s *Service) Adopt(ctx context.Context, a accounts.Actor, id string, d Adopting) (err error) {
	defer fault.Wrap(&err, "adopt case %q", id)
	d.Note = strings.TrimSpace(d.Note)
	return s.signal(ctx, a, id, accounts.Adopt, "case.adopted", func(tx store.Tx, c Case, municipality string) error {
		if err := d.check(); err != nil {
			return err
		}
		now := s.Now().UTC()
		adoption := Adoption{Case: id, Organisation: municipality, Person: a.ID, Result: d.Result, Note: d.Note, At: now, Since: a.Since}
		before, err := adoptions.Get(tx, adoptions.Key(adoption))
		switch {
		case errors.Is(err, store.ErrNotFound):
			return errors.Join(adoptions.Put(tx, adoption), s.spread(tx, a, c, d.Note))
		case err != nil:
			return err
		}
		adoption.At, adoption.Since, adoption.Renewed = before.At, before.Since, now
		return adoptions.Put(tx, adoption)
	})
}

func (s *Service) spread(tx store.Tx, a accounts.Actor, c Case, note string) error {
	if s.Origins == nil || c.Origin.Experiment == "" {
		return nil
	}
	return s.Origins.SpreadTx(tx, a, c.Origin.Experiment, note)
}
