package accounts

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// DemoRoles are the people somebody can sign in as in a portal that runs for
// trying out, in the order they are offered.
var DemoRoles = []string{
	"developer", "developer2", "coordinator", "coordinator2", "coordinator3", "reviewer", "reviewer2",
	"officer", "mentor", "cohort", "admin",
}

const demoDomain = "example.org"

// ErrDemoRole is returned for a demo person that is not there.
var ErrDemoRole = fault.New(fault.Invalid, "accounts.demo_role").On("as")

// DemoEmail is the mail address of a demo person.
func DemoEmail(role string) string { return role + "@" + demoDomain }

// demoRole is the demo person an address belongs to, or "".
func demoRole(email string) string {
	role, isDemo := strings.CutSuffix(email, "@"+demoDomain)
	if !isDemo || !slices.Contains(DemoRoles, role) {
		return ""
	}
	return role
}

// AddDemo gives an invented person an account, or returns the one that is
// there. The address follows from the key. Only those whose key is one of
// DemoRoles can be signed in as.
func (s *Service) AddDemo(ctx context.Context, key string, n NewPerson) (p Person, err error) {
	defer fault.Wrap(&err, "add demo person %q", key)
	n.Email = DemoEmail(key)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		if p, err = s.byEmailTx(tx, n.Email); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		p, err = s.addTx(tx, System, n)
		return err
	})
	return p, err
}

// SignInDemo begins a session as a demo person without any proof. Only a
// portal for trying out, on this machine alone, offers it. It fails with
// ErrDemoRole for anybody else.
func (s *Service) SignInDemo(ctx context.Context, role, old string) (secret string, err error) {
	defer fault.Wrap(&err, "demo sign-in")
	if !slices.Contains(DemoRoles, role) {
		return "", ErrDemoRole
	}
	secret = newSecret()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		p, err := people.One(tx, "email", DemoEmail(role))
		if errors.Is(err, store.ErrNotFound) {
			return ErrDemoRole
		}
		if err != nil {
			return err
		}
		return s.beginTx(tx, p, secret, old)
	})
	return secret, err
}
