package accounts_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

func TestTokens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p, other := w.person("p@akaa.example", "member/FI:020"), w.person("o@akaa.example", "member/FI:020")
		token, secret, err := w.AddToken(ctx, w.actor(p), "  monthly   report ")
		if err != nil || token.Name != "monthly report" || !strings.HasPrefix(secret, accounts.TokenPrefix) || len(secret) < 43 {
			t.Fatalf("%+v, %d characters, %v", token, len(secret), err)
		}
		v, err := w.ByToken(ctx, secret)
		if err != nil || v.Person.ID != p.ID || v.NewCookie != "" {
			t.Fatalf("acts for %+v, %v", v, err)
		}
		for _, odd := range []string{"", "kk_", secret[:len(secret)-1], strings.ToUpper(secret), secret + "x", secret + ", Bearer x", strings.TrimPrefix(secret, "kk_"), w.begin(p, "")} {
			if _, err := w.ByToken(ctx, odd); !errors.Is(err, accounts.ErrToken) {
				t.Errorf("%.20q: %v, want ErrToken", odd, err)
			}
		}
		if err := w.RevokeToken(ctx, w.actor(other), token.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("by somebody else: %v", err)
		}
		if err := w.RevokeToken(ctx, w.actor(p), token.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ByToken(ctx, secret); !errors.Is(err, accounts.ErrToken) {
			t.Errorf("after it was revoked: %v", err)
		}
		if err := w.RevokeToken(ctx, w.actor(p), token.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestTokensActWithTheRolesOfTheMoment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("p@akaa.example", "coordinator/FI:020")
		_, secret, err := w.AddToken(ctx, w.actor(p), "x")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Revoke(ctx, accounts.System, p.ID, in(accounts.Coordinator, akaa.Key)); err != nil {
			t.Fatal(err)
		}
		if v, err := w.ByToken(ctx, secret); err != nil || v.Actor.Has(accounts.Coordinator) {
			t.Errorf("still %v, %v", v.Actor.Grants, err)
		}
	})
}

func TestTokensAreListedNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.actor(w.person("p@akaa.example", "member/FI:020"))
		for _, name := range []string{"first", "second"} {
			if _, _, err := w.AddToken(ctx, a, name); err != nil {
				t.Fatal(err)
			}
			w.wait(time.Minute)
		}
		list, err := w.Tokens(ctx, a)
		if err != nil || len(list) != 2 || list[0].Name != "second" || !list[0].Used.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
		for range 18 {
			if _, _, err := w.AddToken(ctx, a, "more"); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := w.AddToken(ctx, a, "too many"); !errors.Is(err, accounts.ErrTokenCount) {
			t.Errorf("the 21st: %v", err)
		}
	})
}

func TestTokensNeedANameAndAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.actor(w.person("p@akaa.example"))
		for name, tt := range map[string]struct {
			by    accounts.Actor
			named string
			want  error
		}{
			"no name":   {a, " ", accounts.ErrTokenName},
			"long name": {a, strings.Repeat("x", 101), accounts.ErrTokenName},
			"nobody":    {accounts.Actor{}, "x", accounts.ErrSignIn},
			"a ghost":   {accounts.Actor{ID: "ghost"}, "x", store.ErrNotFound},
		} {
			if _, _, err := w.AddToken(t.Context(), tt.by, tt.named); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
	})
}

func TestTheUseOfATokenIsNotedToTheHour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.actor(w.person("p@akaa.example"))
		_, secret, err := w.AddToken(ctx, a, "x")
		if err != nil {
			t.Fatal(err)
		}
		w.wait(90 * time.Minute)
		if _, err := w.ByToken(ctx, secret); err != nil {
			t.Fatal(err)
		}
		list, err := w.Tokens(ctx, a)
		if want := w.clock().Truncate(time.Hour); err != nil || !list[0].Used.Equal(want) {
			t.Errorf("used %v, %v; want %v", list[0].Used, err, want)
		}
	})
}
