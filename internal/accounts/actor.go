// Package accounts knows the people of the portal: who they are, which
// organisations they belong to, how they sign in, and what each may do.
package accounts

import (
	"slices"
	"time"
)

// Role is what a person may do, in one organisation or in the whole portal.
type Role string

// Roles in an organisation.
const (
	Member      Role = "member"
	Coordinator Role = "coordinator" // confirms starts, endorses and adopts for the municipality
	Manager     Role = "manager"
	Elected     Role = "elected"
)

// Roles in the whole portal.
const (
	Reviewer      Role = "reviewer"      // scores requests
	Officer       Role = "officer"       // keeps calls and decides
	Mentor        Role = "mentor"        // helps teams
	Cohort        Role = "cohort"        // looks after a round of teams
	Methodologist Role = "methodologist" // writes logs, edits no card
	Moderator     Role = "moderator"     // hides texts with a reason
	Admin         Role = "admin"
)

// Roles lists every role.
var Roles = []Role{Member, Coordinator, Manager, Elected, Reviewer, Officer, Mentor, Cohort, Methodologist, Moderator, Admin}

// InOrganisation reports whether the role is held in one organisation.
func (r Role) InOrganisation() bool {
	return r == Member || r == Coordinator || r == Manager || r == Elected
}

// Grant is a role somebody holds. Organisation is empty for the roles of the
// whole portal.
type Grant struct {
	Role         Role   `json:"role"`
	Organisation string `json:"organisation,omitempty"`
}

// Actor is who does something now: a person with the grants they have at this
// moment, the system, or nobody (the zero Actor).
type Actor struct {
	ID     string
	Name   string // what others see: the name by consent, else the role
	Lang   string // preferred language of letters
	Grants []Grant
	Since  time.Time // when the account was made
	System bool      // scheduled work and commands of the operator
}

// System is the actor of scheduled work and of the operator's commands.
var System = Actor{ID: "system", System: true}

// SignedIn reports whether this is a person.
func (a Actor) SignedIn() bool { return a.ID != "" && !a.System }

// Has reports whether the actor holds role anywhere.
func (a Actor) Has(role Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == role })
}

// HasIn reports whether the actor holds role in the organisation.
func (a Actor) HasIn(role Role, organisation string) bool {
	return slices.Contains(a.Grants, Grant{Role: role, Organisation: organisation})
}

// MemberOf reports whether the actor belongs to the organisation in any role.
func (a Actor) MemberOf(organisation string) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.Organisation == organisation && g.Role.InOrganisation()
	})
}

// Organisations are the keys of the organisations the actor belongs to, in
// the order they were joined.
func (a Actor) Organisations() []string {
	var list []string
	for _, g := range a.Grants {
		if g.Organisation != "" && !slices.Contains(list, g.Organisation) {
			list = append(list, g.Organisation)
		}
	}
	return list
}

// Home is the organisation joined first, or "".
func (a Actor) Home() string {
	if list := a.Organisations(); len(list) > 0 {
		return list[0]
	}
	return ""
}
