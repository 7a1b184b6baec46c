package accounts

import (
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// A Person is somebody with an account. Erased people keep their id, so that
// what they did stays told, and nothing else.
type Person struct {
	ID       string    `json:"id"`
	Email    string    `json:"email,omitempty"` // lower case, one person each
	Name     string    `json:"name,omitempty"`
	ShowName bool      `json:"show_name,omitempty"` // consent; without it the role is shown
	Lang     string    `json:"lang"`                // of letters
	Grants   []Grant   `json:"grants,omitempty"`
	Created  time.Time `json:"created"`
	LastSeen time.Time `json:"last_seen,omitzero"`
	// RolesAt is when the grants changed last: sessions that began earlier
	// get a new id.
	RolesAt time.Time `json:"roles_at,omitzero"`
	Erased  time.Time `json:"erased,omitzero"`
}

// Faults of people.
var (
	ErrEmail      = fault.New(fault.Invalid, "accounts.email_invalid").On("email")
	ErrEmailTaken = fault.New(fault.Conflict, "accounts.email_taken").On("email")
	ErrName       = fault.New(fault.Invalid, "accounts.name_too_long").On("name")
	ErrLang       = fault.New(fault.Invalid, "accounts.lang_unknown").On("lang")
	ErrRole       = fault.New(fault.Invalid, "accounts.role_unknown").On("role")
	ErrLastAdmin  = fault.New(fault.Conflict, "accounts.last_admin")
)

const maxName = 100

// CleanEmail returns a mail address as it is stored: in lower case, without
// space around it. It fails with ErrEmail when it is none.
func CleanEmail(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	bad := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune(`<>()[],;:\"`, r)
	}
	if s == "" || len(s) > 254 || strings.ContainsFunc(s, bad) {
		return "", ErrEmail
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || len(s)-len(domainOf(s)) > 65 {
		return "", ErrEmail
	}
	return s, nil
}

func domainOf(email string) string { return email[strings.LastIndexByte(email, '@')+1:] }

// cleanName returns a name on one line, or ErrName.
func cleanName(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if len([]rune(s)) > maxName {
		return "", ErrName.With(maxName)
	}
	return s, nil
}

func cleanLang(lang string) (string, error) {
	switch {
	case lang == "":
		return i18n.Languages[0], nil
	case !i18n.Known(lang):
		return "", ErrLang
	}
	return lang, nil
}

// check refuses a grant that makes no sense: a role nobody knows, a role of
// organisations without one or the other way round.
func (g Grant) check() error {
	switch {
	case !slices.Contains(Roles, g.Role):
		return ErrRole
	case g.Role.InOrganisation() && g.Organisation == "":
		return ErrUnknownOrg
	case !g.Role.InOrganisation() && g.Organisation != "":
		return ErrRole
	}
	return nil
}

// IsErased reports whether the person has left for good.
func (p Person) IsErased() bool { return !p.Erased.IsZero() }

// Has reports whether the person holds the grant.
func (p Person) Has(g Grant) bool { return slices.Contains(p.Grants, g) }

// Actor is the person as somebody who does something. name is what others see.
func (p Person) Actor(name string) Actor {
	if p.IsErased() {
		return Actor{}
	}
	return Actor{ID: p.ID, Name: name, Lang: p.Lang, Grants: slices.Clone(p.Grants), Since: p.Created}
}

// facts are what the journal vouches for: all but the visits. Nobody has none.
func (p Person) facts() []byte {
	if p.ID == "" {
		return nil
	}
	raw, err := json.Marshal([]any{p.Email, p.Name, p.ShowName, p.Lang, p.Grants})
	if err != nil {
		panic(err) // strings and truths always encode
	}
	return raw
}

// mainRole is the role to introduce somebody by, the weightiest first. A
// plain member is introduced as one only when there is nothing else to say.
func (p Person) mainRole() (Role, bool) {
	a := Actor{Grants: p.Grants}
	for _, role := range []Role{Coordinator, Manager, Elected, Officer, Cohort, Reviewer, Mentor, Methodologist, Moderator, Admin, Member} {
		if a.Has(role) {
			return role, true
		}
	}
	return "", false
}

// homeFor is the organisation to name beside a role: one it is held in, else
// the one joined first.
func (p Person) homeFor(role Role) string {
	for _, g := range p.Grants {
		if g.Role == role && g.Organisation != "" {
			return g.Organisation
		}
	}
	return Actor{Grants: p.Grants}.Home()
}

// with returns the person with one more grant. The first role in an
// organisation makes a member too, so that losing the other keeps this one.
func (p Person) with(g Grant, now time.Time) Person {
	grants := slices.Clone(p.Grants)
	if member := (Grant{Role: Member, Organisation: g.Organisation}); g.Organisation != "" && !slices.Contains(grants, member) {
		grants = append(grants, member)
	}
	if !slices.Contains(grants, g) {
		grants = append(grants, g)
	}
	p.Grants, p.RolesAt = grants, now
	return p
}

// without returns the person without the grant. Whoever is no member of an
// organisation any more holds no other role there either.
func (p Person) without(g Grant, now time.Time) Person {
	p.Grants = slices.DeleteFunc(slices.Clone(p.Grants), func(have Grant) bool {
		return have == g || g.Role == Member && have.Organisation == g.Organisation
	})
	p.RolesAt = now
	return p
}
