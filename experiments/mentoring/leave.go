package mentoring

import (
	"errors"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// LeaveTx takes a person's mentoring back when they leave an organisation or,
// when it is empty, the portal: the home is forgotten, or the profile and all
// that runs. Accounts call it in their transaction.
func (s *Service) LeaveTx(tx store.Tx, person accounts.Person, organisation string) error {
	m, err := mentors.One(tx, byPerson, person.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if organisation != "" {
		if m.Organisation != organisation {
			return nil
		}
		m.Organisation = ""
		if err := mentors.Put(tx, m); err != nil {
			return err
		}
		return s.note(tx, accounts.System, "mentor.changed", m.Subject())
	}
	if err := mentors.Delete(tx, m.ID); err != nil {
		return err
	}
	if err := s.note(tx, accounts.System, "mentor.removed", m.Subject()); err != nil {
		return err
	}
	return s.leaveOpenTx(tx, person.ID)
}

// leaveOpenTx ends what a person helps with and passes on what they are asked.
func (s *Service) leaveOpenTx(tx store.Tx, person string) error {
	var open []Mentorship
	for m, err := range mentorships.By(tx, byPerson, store.Prefix(person+"/")) {
		if err != nil {
			return err
		}
		if m.IsOpen() {
			open = append(open, m)
		}
	}
	for _, m := range open {
		var err error
		if m.State == Waits {
			m.answer(Silent, "", s.Now().UTC())
			err = s.passOnTx(tx, accounts.System, &m)
		} else {
			err = s.closeTx(tx, accounts.System, &m, "")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
