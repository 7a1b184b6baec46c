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

const maxTeam = 60

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

// RemoveMember lets somebody leave the team. The owner stays: somebody must
// answer for the experiment.
func (s *Service) RemoveMember(ctx context.Context, a accounts.Actor, id, person string) (err error) {
	defer fault.Wrap(&err, "remove from the team of experiment %q", id)
	return s.update(ctx, func(tx store.Tx) error {
		_, err := s.changeTx(tx, a, id, accounts.EditExperiment, "experiment.team_changed", func(e *Experiment, _ accounts.Thing) error {
			if person == e.Owner {
				return ErrOwner
			}
			e.Team = slices.DeleteFunc(slices.Clone(e.Team), func(m Member) bool { return m.Person == person })
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
		if !e.leave(person) {
			continue
		}
		if err := s.putTx(tx, accounts.System, &e, "experiment.team_changed"); err != nil {
			return err
		}
	}
	return nil
}

// leave takes a person out and reports whether that was possible.
func (e *Experiment) leave(person string) bool {
	team := slices.DeleteFunc(slices.Clone(e.Team), func(m Member) bool { return m.Person == person })
	if e.Owner == person {
		if len(team) == 0 {
			return false
		}
		e.Owner = team[0].Person
	}
	e.Team = team
	e.Version++
	return true
}
