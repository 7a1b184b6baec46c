package accounts_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

func in(role accounts.Role, organisation string) accounts.Grant {
	return accounts.Grant{Role: role, Organisation: organisation}
}

func TestWhoGrantsWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		coordinator, admin := w.person("c@akaa.example", "coordinator/FI:020"), w.person("boss@x.example", "admin")
		manager, target := w.person("m@akaa.example", "manager/FI:020"), w.person("t@akaa.example", "member/FI:020")
		tests := map[string]struct {
			by   accounts.Actor
			give accounts.Grant
			want error
		}{
			"a coordinator makes a manager in the own municipality": {w.actor(coordinator), in(accounts.Manager, akaa.Key), nil},
			"but not in another":                {w.actor(coordinator), in(accounts.Member, umea.Key), accounts.ErrForbidden},
			"nor an officer of the portal":      {w.actor(coordinator), in(accounts.Officer, ""), accounts.ErrForbidden},
			"nor an administrator":              {w.actor(coordinator), in(accounts.Admin, ""), accounts.ErrForbidden},
			"an administrator does everywhere":  {w.actor(admin), in(accounts.Coordinator, umea.Key), nil},
			"and in the portal":                 {w.actor(admin), in(accounts.Reviewer, ""), nil},
			"a manager does not":                {w.actor(manager), in(accounts.Member, akaa.Key), accounts.ErrForbidden},
			"nor does anybody for themselves":   {w.actor(target), in(accounts.Coordinator, akaa.Key), accounts.ErrForbidden},
			"nor a stranger":                    {accounts.Actor{}, in(accounts.Member, akaa.Key), accounts.ErrSignIn},
			"a role nobody has":                 {w.actor(admin), in("king", ""), accounts.ErrRole},
			"a role without its organisation":   {w.actor(admin), in(accounts.Manager, ""), accounts.ErrUnknownOrg},
			"an organisation that is not there": {w.actor(admin), in(accounts.Manager, "FI:999"), accounts.ErrUnknownOrg},
		}
		for name, tt := range tests {
			if err := w.Grant(ctx, tt.by, target.ID, tt.give); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
			if tt.want == nil && !w.again(target).Has(tt.give) {
				t.Errorf("%s: the role was not given", name)
			}
		}
		if err := w.Grant(ctx, w.actor(admin), "nobody", in(accounts.Reviewer, "")); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("to nobody: %v", err)
		}
	})
}

func TestRevoking(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var left []string
		w.Leaving = append(w.Leaving, func(_ store.Tx, _ accounts.Person, organisation string) error {
			left = append(left, organisation)
			return nil
		})
		c := w.actor(w.person("c@akaa.example", "coordinator/FI:020"))
		p := w.person("p@akaa.example", "coordinator/FI:020", "manager/FI:020", "member/SE:2480")
		if err := w.Revoke(ctx, c, p.ID, in(accounts.Coordinator, akaa.Key)); err != nil {
			t.Fatal(err)
		}
		want := []accounts.Grant{in(accounts.Member, akaa.Key), in(accounts.Manager, akaa.Key), in(accounts.Member, umea.Key)}
		if diff := cmp.Diff(want, w.again(p).Grants); diff != "" {
			t.Errorf("without one role: %s", diff)
		}
		if len(left) > 0 {
			t.Error("losing a role is no leaving")
		}
		if err := w.Revoke(ctx, c, p.ID, in(accounts.Member, akaa.Key)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]accounts.Grant{in(accounts.Member, umea.Key)}, w.again(p).Grants); diff != "" {
			t.Errorf("with the membership go all roles there: %s", diff)
		}
		if diff := cmp.Diff([]string{akaa.Key}, left); diff != "" {
			t.Error(diff)
		}
		if err := w.Revoke(ctx, c, p.ID, in(accounts.Member, umea.Key)); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("in another municipality: %v", err)
		}
		if diff := cmp.Diff([]string{"person.added", "person.revoked", "person.revoked"}, w.kinds("person:"+p.ID)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNobodyKeepsTokensWithoutRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("p@akaa.example", "member/FI:020")
		_, token, err := w.AddToken(ctx, w.actor(p), "reports")
		if err != nil {
			t.Fatal(err)
		}
		if v, err := w.ByToken(ctx, token); err != nil || !v.Actor.MemberOf(akaa.Key) {
			t.Fatalf("the token acts as %+v, %v", v.Actor, err)
		}
		if err := w.Leave(ctx, w.actor(p), akaa.Key); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ByToken(ctx, token); !errors.Is(err, accounts.ErrToken) {
			t.Errorf("after leaving: %v, want ErrToken", err)
		}
	})
}

func TestSettingRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.actor(w.person("c@akaa.example", "coordinator/FI:020"))
		p := w.person("p@akaa.example", "member/FI:020", "manager/FI:020", "officer")
		steps := []struct {
			name  string
			roles []accounts.Role
			want  []accounts.Grant
		}{
			{"another role", []accounts.Role{accounts.Member, accounts.Coordinator}, []accounts.Grant{in(accounts.Member, akaa.Key), in(accounts.Officer, ""), in(accounts.Coordinator, akaa.Key)}},
			{"none but membership", []accounts.Role{accounts.Member}, []accounts.Grant{in(accounts.Member, akaa.Key), in(accounts.Officer, "")}},
			{"nothing", nil, []accounts.Grant{in(accounts.Officer, "")}},
		}
		for _, s := range steps {
			if err := w.SetRoles(ctx, c, p.ID, akaa.Key, s.roles); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(s.want, w.again(p).Grants); diff != "" {
				t.Errorf("%s: %s", s.name, diff)
			}
		}
		if err := w.SetRoles(ctx, c, p.ID, "", []accounts.Role{accounts.Admin}); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("roles of the portal by a coordinator: %v", err)
		}
		if err := w.SetRoles(ctx, c, p.ID, "", nil); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("taking the portal's roles away: %v", err)
		}
	})
}

func TestMembersAreForThoseWhoKeepThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c, m := w.person("c@akaa.example", "coordinator/FI:020"), w.person("m@akaa.example", "manager/FI:020")
		if list, err := w.Members(t.Context(), w.actor(c), akaa.Key); err != nil || len(list) != 2 {
			t.Errorf("for the coordinator: %d, %v", len(list), err)
		}
		if _, err := w.Members(t.Context(), w.actor(m), akaa.Key); !errors.Is(err, accounts.ErrUnseen) {
			t.Errorf("for a manager: %v", err)
		}
		if _, err := w.Members(t.Context(), w.actor(c), umea.Key); !errors.Is(err, accounts.ErrUnseen) {
			t.Errorf("of another municipality: %v", err)
		}
	})
}
