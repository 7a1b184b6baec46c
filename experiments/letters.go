package experiments

import (
	"context"
	"errors"
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
)

// words are those of the language a letter is written in.
type words = i18n.Printer

type silent struct{}

// WithoutLetters returns a context in which experiments change as ever, but
// nobody is written to: for what is made up, or long past.
func WithoutLetters(ctx context.Context) context.Context {
	return context.WithValue(ctx, silent{}, true)
}

// tellTx writes to persons who are still here, each once and in their language.
// The letter KEY gets the title, what more adds, and the address of the page.
func (s *Service) tellTx(tx store.Tx, to []string, key string, e *Experiment, more func(w words) []any) error {
	if s.Mail == nil || tx.Context().Value(silent{}) != nil {
		return nil
	}
	for i, id := range to {
		if slices.Contains(to[:i], id) {
			continue
		}
		p, err := s.People.PersonTx(tx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && (p.IsErased() || p.Email == "") {
			continue
		}
		if err != nil {
			return err
		}
		args := []any{e.Title}
		if more != nil {
			args = append(args, more(s.Mail.Locales.For(p.Lang))...)
		}
		if err := s.Mail.Tell(tx, p.Email, p.Lang, key, append(args, s.link(p.Lang, at(e.ID)))...); err != nil {
			return err
		}
	}
	return nil
}

// link is an address of this portal, absolute, as letters carry it.
func (s *Service) link(lang, path string) string { return s.PublicURL + "/" + lang + path }

// coordinatorsTx are the coordinators of the municipality that answers for the
// experiment.
func (s *Service) coordinatorsTx(tx store.Tx, e *Experiment) ([]string, error) {
	return s.People.CoordinatorsTx(tx, e.Organisation)
}

// sponsorsTx are its coordinators and its managers, but the actor.
func (s *Service) sponsorsTx(tx store.Tx, a accounts.Actor, e *Experiment) ([]string, error) {
	if s.Mail == nil {
		return nil, nil
	}
	list, err := s.coordinatorsTx(tx, e)
	if err != nil {
		return nil, err
	}
	members, err := s.People.MembersTx(tx, e.Organisation)
	if err != nil {
		return nil, err
	}
	for _, p := range members {
		if slices.Contains(p.Grants, accounts.Grant{Role: accounts.Manager, Organisation: e.Organisation}) {
			list = append(list, p.ID)
		}
	}
	return slices.DeleteFunc(list, func(id string) bool { return id == a.ID }), nil
}

// tellMoveTx tells those whom a change of stage concerns and who did not make
// it: of a pause the sponsors, of a stop and of a lesson sent back the owner.
func (s *Service) tellMoveTx(tx store.Tx, a accounts.Actor, e *Experiment, m Move) error {
	because := func(words) []any { return []any{m.Reason} }
	switch {
	case m.To == Paused:
		to, err := s.sponsorsTx(tx, a, e)
		if err != nil {
			return err
		}
		return s.tellTx(tx, to, "experiment.letter_paused", e, because)
	case m.To == Stopped && a.ID != e.Owner:
		return s.tellTx(tx, []string{e.Owner}, "experiment.letter_stopped", e, because)
	case m.From == Learned && m.To == Ended:
		return s.tellTx(tx, []string{e.Owner}, "experiment.letter_returned", e, because)
	}
	return nil
}
