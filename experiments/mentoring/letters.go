package mentoring

import (
	"errors"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/store"
)

// tellAskedTx writes to the mentor whose turn it is: who asks, for what, until
// when.
func (s *Service) tellAskedTx(tx store.Tx, m *Mentorship, e *experiments.Experiment) error {
	return s.tellTx(tx, m.Turn().Person, func(lang string) (string, []any) {
		p := s.Locales.For(lang)
		return "mentor.letter_asked", []any{e.Title, s.placeTx(tx, e, lang), p.T("mentor.role_" + string(m.Wish.Role)), m.Message, p.Date(m.Turn().Due), s.link(lang, m)}
	})
}

// tellTeamTx writes to whoever asked for the team. The letter names the
// mentor, the experiment and the page.
func (s *Service) tellTeamTx(tx store.Tx, m *Mentorship, e *experiments.Experiment, key string) error {
	return s.tellTx(tx, m.By, func(lang string) (string, []any) {
		name := s.People.DisplayNameTx(tx, m.Turn().Person, lang)
		switch key {
		case "mentor.letter_nobody":
			return key, []any{e.Title, s.link(lang, m)}
		case "mentor.letter_moved":
			return key, []any{e.Title, name, s.Locales.For(lang).Date(m.Turn().Due), s.link(lang, m)}
		}
		return key, []any{e.Title, name, s.link(lang, m)}
	})
}

// tellMentorTx writes to the mentor that a mentorship ended or a question was
// taken back.
func (s *Service) tellMentorTx(tx store.Tx, m *Mentorship, e *experiments.Experiment, key string) error {
	return s.tellTx(tx, m.Turn().Person, func(lang string) (string, []any) {
		if key == "mentor.letter_withdrawn" {
			return key, []any{e.Title}
		}
		return key, []any{e.Title, s.People.DisplayNameTx(tx, m.Turn().Person, lang), s.link(lang, m)}
	})
}

// tellTx sends a letter to a person who is still here, in their language.
func (s *Service) tellTx(tx store.Tx, personID string, write func(lang string) (key string, args []any)) error {
	if s.Mail == nil {
		return nil
	}
	p, err := s.People.PersonTx(tx, personID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (p.IsErased() || p.Email == "") {
		return nil
	}
	if err != nil {
		return err
	}
	key, args := write(p.Lang)
	return s.Mail.Tell(tx, p.Email, p.Lang, key, args...)
}

func (s *Service) placeTx(tx store.Tx, e *experiments.Experiment, lang string) string {
	o, err := s.People.OrganisationTx(tx, e.Organisation)
	if err != nil {
		return e.Organisation
	}
	return o.Name(lang)
}

func (s *Service) link(lang string, m *Mentorship) string {
	return s.PublicURL + "/" + lang + "/mentorships/" + m.ID
}
