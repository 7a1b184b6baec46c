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
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// MinReason and MaxReason bound the reason of an endorsement, in characters.
const (
	MinReason = 40
	MaxReason = 600
)

// An Endorsement says that a municipality stands behind another one's case, and
// why. There is one per municipality and case.
type Endorsement struct {
	Case         string    `json:"case"`
	Organisation string    `json:"organisation"`
	Person       string    `json:"person"`
	Reason       string    `json:"reason"`
	At           time.Time `json:"at"`
	Since        time.Time `json:"since"` // when the person's account was made
}

// Faults of endorsing, adopting and voting.
var (
	ErrReasonShort   = fault.New(fault.Invalid, "case.reason_short").On("reason")
	ErrReasonLong    = fault.New(fault.Invalid, "case.reason_long").On("reason")
	ErrEndorsed      = fault.New(fault.Conflict, "case.endorsed_already")
	ErrCoordinators  = fault.New(fault.Forbidden, "case.only_coordinators")
	ErrOwnCase       = fault.New(fault.Forbidden, "case.not_your_own")
	ErrMunicipality  = fault.New(fault.Forbidden, "case.only_municipalities")
	ErrNotPublicCase = fault.New(fault.Conflict, "case.not_public")
)

// Endorse adds the endorsement of the municipality that the actor coordinates.
// It fails when the reason is too short, when the case is the municipality's
// own, or when the municipality has endorsed it already.
func (s *Service) Endorse(ctx context.Context, a accounts.Actor, id, reason string) (err error) {
	defer fault.Wrap(&err, "endorse case %q", id)
	reason = strings.TrimSpace(reason)
	return s.signal(ctx, a, id, accounts.Endorse, "case.endorsed", func(tx store.Tx, c Case, municipality string) error {
		switch n := utf8.RuneCountInString(reason); {
		case n < MinReason:
			return ErrReasonShort.With(MinReason, n)
		case n > MaxReason:
			return ErrReasonLong.With(MaxReason)
		}
		e := Endorsement{Case: id, Organisation: municipality, Person: a.ID, Reason: reason, At: s.Now().UTC(), Since: a.Since}
		if taken, err := endorsements.Has(tx, endorsements.Key(e)); err != nil || taken {
			return errors.Join(err, ErrEndorsed)
		}
		return endorsements.Put(tx, e)
	})
}

// signal is what endorsing, adopting and voting have in common: one
// transaction, once per form, by a person of another municipality, on a public
// case, told to the journal and to the TOP-10.
func (s *Service) signal(ctx context.Context, a accounts.Actor, id string, do accounts.Action, kind string,
	write func(tx store.Tx, c Case, municipality string) error,
) error {
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, err := once.Do(tx, s.Now(), func() (string, error) {
			c, err := s.seen(tx, a, id)
			if err != nil {
				return "", err
			}
			municipality, err := s.actsFor(tx, a, do, c)
			if err != nil {
				return "", err
			}
			if err := write(tx, c, municipality); err != nil {
				return "", err
			}
			return id, errors.Join(tx.Put(rankedBucket, rankedKey, []byte(id)), s.note(tx, a, kind, id))
		})
		return err
	})
}

// actsFor returns the municipality in whose name the actor may do this to the
// case, or the reason why there is none.
func (s *Service) actsFor(tx store.Tx, a accounts.Actor, do accounts.Action, c Case) (string, error) {
	thing := c.Thing(s.Now())
	switch {
	case !a.SignedIn():
		return "", accounts.ErrSignIn
	case !thing.Public:
		return "", ErrNotPublicCase
	case slices.ContainsFunc(c.Owners(), a.MemberOf):
		return "", ErrOwnCase
	case do != accounts.Vote && !a.Has(accounts.Coordinator):
		return "", ErrCoordinators
	}
	if err := accounts.Must(a, do, thing); err != nil {
		return "", err
	}
	for _, key := range a.Organisations() {
		if do != accounts.Vote && !a.HasIn(accounts.Coordinator, key) {
			continue
		}
		if s.isMunicipality(tx, key) {
			return key, nil
		}
	}
	return "", ErrMunicipality
}
