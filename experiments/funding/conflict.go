package funding

import (
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A ConflictReason is why somebody may not judge a request.
type ConflictReason string

// The reasons: all but the last are found by the portal.
const (
	SameOrganisation ConflictReason = "same_organisation" // own municipality or a partner
	InTeam           ConflictReason = "in_team"           // team or mentor of the experiment
	Competing        ConflictReason = "competing"         // asks in the same call
	MutualPair       ConflictReason = "mutual_pair"       // they judge each other's
	DeclaredTie      ConflictReason = "declared"          // said so: work, family, business
)

// A Conflict is a tie between a person and a request.
type Conflict struct {
	Person string         `json:"person"`
	Reason ConflictReason `json:"reason"`
	At     time.Time      `json:"at"`
	Text   string         `json:"text,omitempty"`
}

// conflictTx finds what ties a person to a request: the empty reason is none.
// It looks at the records as they are now, so that a tie that comes later
// counts from then on.
func (s *Service) conflictTx(tx store.Tx, r *Request, person accounts.Actor) (ConflictReason, error) {
	if person.ID == "" || person.System {
		return "", nil
	}
	for _, c := range r.Declared {
		if c.Person == person.ID {
			return DeclaredTie, nil
		}
	}
	own := person.Organisations()
	switch {
	case slices.Contains(r.Team, person.ID):
		return InTeam, nil
	case slices.ContainsFunc(own, func(o string) bool { return slices.Contains(r.Organisations, o) }):
		return SameOrganisation, nil
	}
	if tied, err := s.tiedByCardTx(tx, r, person); err != nil || tied != "" {
		return tied, err
	}
	for other, err := range requests.By(tx, byCompetitor, store.Exactly(r.Call+"/"+person.ID)) {
		if err != nil {
			return "", err
		}
		if other.ID != r.ID {
			return Competing, nil
		}
	}
	return s.mutualTx(tx, r, own)
}

// tiedByCardTx looks at the experiment: who joined the team, became a partner
// or a mentor after the request was sent.
func (s *Service) tiedByCardTx(tx store.Tx, r *Request, person accounts.Actor) (ConflictReason, error) {
	if r.Experiment == "" {
		return "", nil
	}
	thing, err := s.Cards.ThingTx(tx, r.Experiment)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return "", nil
	}
	switch {
	case err != nil:
		return "", err
	case slices.Contains(thing.Team, person.ID), slices.Contains(thing.Mentors, person.ID):
		return InTeam, nil
	case slices.ContainsFunc(person.Organisations(), func(o string) bool { return slices.Contains(thing.Organisations, o) }):
		return SameOrganisation, nil
	}
	return "", nil
}

// mutualTx looks for a request of the person's organisations that somebody of
// this request's organisations judges.
func (s *Service) mutualTx(tx store.Tx, r *Request, own []string) (ConflictReason, error) {
	for _, organisation := range own {
		for other, err := range requests.By(tx, byCallOrganisation, store.Exactly(r.Call+"/"+organisation)) {
			if err != nil {
				return "", err
			}
			for _, as := range other.Assigned {
				if slices.ContainsFunc(as.Organisations, func(o string) bool { return slices.Contains(r.Organisations, o) }) {
					return MutualPair, nil
				}
			}
		}
	}
	return "", nil
}
