package cases

import (
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
)

// may says what the actor may do on a case's page.
func (s *Service) may(a accounts.Actor, shown Shown) may {
	c := shown.Case
	thing := c.Thing(s.Now())
	can := func(do accounts.Action) bool { return a.SignedIn() && accounts.Can(a, do, thing) }
	endorsed := slices.ContainsFunc(shown.Endorsements, func(e Endorsement) bool { return a.HasIn(accounts.Coordinator, e.Organisation) })
	return may{
		Edit:     can(accounts.EditCase),
		Publish:  can(accounts.EditCase) && c.State == StateDraft,
		Withdraw: can(accounts.WithdrawCase) && c.State == Published,
		Hide:     can(accounts.HideCase) && c.State == Published && c.Hidden == "",
		Unhide:   can(accounts.HideCase) && c.Hidden != "",
		Endorse:  can(accounts.Endorse) && !endorsed,
		Adopt:    can(accounts.Adopt),
		Vote:     can(accounts.Vote),
	}
}

// adoptionBy is what the actor's municipality has said of its own trial, to be
// renewed.
func (s Shown) adoptionBy(a accounts.Actor) Adopting {
	for _, d := range s.Adoptions {
		if a.HasIn(accounts.Coordinator, d.Organisation) {
			return Adopting{Result: d.Result, Note: d.Note, Confirmed: true}
		}
	}
	return Adopting{}
}
