package experiments

import (
	"context"
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Faults of teams.
var (
	ErrNobody   = fault.New(fault.Invalid, "experiment.nobody_with_address").On("email")
	ErrInTeam   = fault.New(fault.Conflict, "experiment.in_team_already").On("email")
	ErrTeamFull = fault.New(fault.Invalid, "experiment.too_many", maxTeam).On("email")
	ErrOwner    = fault.New(fault.Conflict, "experiment.owner_stays")
)

const (
	maxTeam    = 60
	maxKeepers = 6
)

// AddMember takes somebody with an account into the team, by mail address.
func (s *Service) AddMember(ctx context.Context, a accounts.Actor, id, email, role string) (err error) {
	defer fault.Wrap(&err, "add to the team of experiment %q", id)
	p, unknown := s.People.ByEmail(ctx, strings.TrimSpace(email))
	return s.update(ctx, func(tx store.Tx) error {
		_, err := s.changeTx(tx, a, id, accounts.EditExperiment, "experiment.team_changed", func(e *Experiment, _ accounts.Thing) error {
			if unknown != nil || p.IsErased() {
				return ErrNobody.Because(unknown)
			}
			return e.join(Member{Person: p.ID, Role: cut(role, maxRole)})
		})
		return err
	})
}

func (e *Experiment) join(m Member) error {
	switch {
	case slices.Contains(e.Persons(), m.Person):
		return ErrInTeam
	case len(e.Team) >= maxTeam:
		return ErrTeamFull
	}
	e.Team = append(slices.Clone(e.Team), m)
	e.Version++
	return nil
}

// free refuses somebody who has the seat already.
func (e *Experiment) free(person string, seat Seat) error {
	if slices.Contains(e.Persons(), person) || seat == LogSeat && slices.Contains(personsOf(e.Methodologists), person) {
		return ErrInTeam
	}
	return nil
}

// seat takes somebody into the team, or lets them keep the log. Who joins the
// team keeps the log as its member from then on.
func (e *Experiment) seat(m Member, seat Seat) error {
	if seat == LogSeat {
		if err := e.free(m.Person, seat); err != nil {
			return err
		}
		if len(e.Methodologists) >= maxKeepers {
			return ErrTeamFull.With(maxKeepers)
		}
		e.Methodologists = append(slices.Clone(e.Methodologists), m)
		e.Version++
		return nil
	}
	if err := e.join(m); err != nil {
		return err
	}
	e.Methodologists = without(e.Methodologists, m.Person)
	return nil
}

// personsOf are the ids of members.
func personsOf(list []Member) (ids []string) {
	for _, m := range list {
		ids = append(ids, m.Person)
	}
	return ids
}

func without(list []Member, person string) []Member {
	return slices.DeleteFunc(slices.Clone(list), func(m Member) bool { return m.Person == person })
}

// RemoveMember lets somebody leave the team, or stop keeping the log. The owner
// stays: somebody must answer for the experiment, and passes it on first.
func (s *Service) RemoveMember(ctx context.Context, a accounts.Actor, id, person string) (err error) {
	defer fault.Wrap(&err, "remove from the team of experiment %q", id)
	do := accounts.EditExperiment
	if person == a.ID {
		do = accounts.AppendLog // who keeps the log may stop
	}
	return s.update(ctx, func(tx store.Tx) error {
		_, err := s.changeTx(tx, a, id, do, "experiment.team_changed", func(e *Experiment, _ accounts.Thing) error {
			if person == e.Owner {
				return ErrOwner
			}
			e.Team, e.Methodologists = without(e.Team, person), without(e.Methodologists, person)
			e.dropOffer(person)
			e.Version++
			return nil
		})
		return err
	})
}

// LeaveTx passes on what a person answers for when they leave an
// organisation, or, when it is empty, the portal: to the next of the team. An
// experiment without anybody else keeps its owner; its coordinator finds it by
// the log that falls silent.
func (s *Service) LeaveTx(tx store.Tx, person, organisation string) error {
	if organisation == "" {
		if err := forgetTx(tx, person); err != nil {
			return err
		}
	}
	var mine []string
	for row, err := range rows.By(tx, byPerson, store.Prefix(person+"/")) {
		if err != nil {
			return err
		}
		if organisation == "" || row.Organisation() == organisation {
			mine = append(mine, row.ID)
		}
	}
	for _, id := range mine {
		e, err := cards.Get(tx, id)
		if err != nil {
			return err
		}
		before := e.Owner
		if !e.leave(person) {
			continue
		}
		if err := s.tellPassedTx(tx, before, &e); err != nil {
			return err
		}
		if err := s.putTx(tx, accounts.System, &e, "experiment.team_changed"); err != nil {
			return err
		}
	}
	return nil
}

// leave takes a person out and reports whether that was possible.
func (e *Experiment) leave(person string) bool {
	team := without(e.Team, person)
	e.Methodologists = without(e.Methodologists, person)
	if e.Owner == person {
		if len(team) == 0 {
			return false
		}
		e.Owner = team[0].Person
	}
	e.Team = team
	e.dropOffer(person)
	e.Version++
	return true
}

// dropOffer ends an offer of the ownership that a person made or got, and one
// to the owner.
func (e *Experiment) dropOffer(person string) {
	if o := e.Offer; o != nil && (o.To == person || o.By == person || o.To == e.Owner) {
		e.Offer = nil
	}
}

// tellPassedTx tells a new owner, and the coordinators, that the experiment has
// passed on because its owner left.
func (s *Service) tellPassedTx(tx store.Tx, before string, e *Experiment) error {
	if e.Owner == before || s.Mail == nil {
		return nil
	}
	to, err := s.coordinatorsTx(tx, e)
	if err != nil {
		return err
	}
	return s.tellTx(tx, append([]string{e.Owner}, to...), "experiment.letter_owner_left", e, func(w words) []any {
		return []any{s.People.DisplayNameTx(tx, e.Owner, w.Lang)}
	})
}
