package accounts_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// begin signs a person in.
func (w *world) begin(p accounts.Person, old string) string {
	w.t.Helper()
	secret, err := w.Begin(w.t.Context(), p.ID, old)
	if err != nil {
		w.t.Fatal(err)
	}
	return secret
}

// open reports whether a session goes on.
func (w *world) open(secret string) bool {
	w.t.Helper()
	_, err := w.BySession(w.t.Context(), secret)
	if err != nil && !errors.Is(err, accounts.ErrSignIn) {
		w.t.Fatal(err)
	}
	return err == nil
}

func TestSessionsEnd(t *testing.T) {
	tests := map[string]struct {
		do   func(w *world, p accounts.Person, secret string)
		want bool
	}{
		"not by themselves":   {func(*world, accounts.Person, string) {}, true},
		"not before 12 hours": {func(w *world, _ accounts.Person, _ string) { w.wait(accounts.SessionIdle - time.Minute) }, true},
		"after 12 idle hours": {func(w *world, _ accounts.Person, _ string) { w.wait(accounts.SessionIdle) }, false},
		"after a week even when in use": {func(w *world, _ accounts.Person, secret string) {
			for range 7 * 4 {
				w.wait(6 * time.Hour)
				w.open(secret)
			}
		}, false},
		"not while in use": {func(w *world, _ accounts.Person, secret string) {
			for range 27 {
				w.wait(6 * time.Hour)
				w.open(secret)
			}
		}, true},
		"by signing out": {func(w *world, _ accounts.Person, secret string) { _ = w.End(w.t.Context(), secret) }, false},
		"by signing out everywhere": {func(w *world, p accounts.Person, _ string) {
			_ = w.EndAll(w.t.Context(), w.actor(p))
		}, false},
		"by signing in again in the same browser": {func(w *world, p accounts.Person, secret string) { w.begin(p, secret) }, false},
		"not by signing in elsewhere":             {func(w *world, p accounts.Person, _ string) { w.begin(p, "") }, true},
		"not by another's signing out":            {func(w *world, _ accounts.Person, secret string) { _ = w.End(w.t.Context(), secret+"x") }, true},
		"not by a sweep":                          {func(w *world, _ accounts.Person, _ string) { _, _ = w.Sweep(w.t.Context()) }, true},
	}
	each(t, func(t *testing.T, w *world) {
		for name, tt := range tests {
			p := w.person(w.id()+"@x.example", "member/FI:020")
			secret := w.begin(p, "")
			tt.do(w, p, secret)
			if got := w.open(secret); got != tt.want {
				t.Errorf("%s: goes on %v, want %v", name, got, tt.want)
			}
		}
	})
}

func TestOddSessionIDs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("p@akaa.example", "member/FI:020")
		_, token, err := w.AddToken(t.Context(), w.actor(p), "x")
		if err != nil {
			t.Fatal(err)
		}
		for _, odd := range []string{"", "x", strings.Repeat("A", 5000), strings.Repeat("A", 43), "../../etc/passwd/and/more", "%00", "' OR 1=1 -- ' OR 1=1 --", token} {
			if w.open(odd) {
				t.Errorf("%.30q signs in", odd)
			}
		}
	})
}

func TestSecretsAreNotStored(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("p@akaa.example", "member/FI:020")
		_, token, err := w.AddToken(t.Context(), w.actor(p), "x")
		if err != nil {
			t.Fatal(err)
		}
		_, link := w.link(p.Email)
		secrets := []string{w.begin(p, ""), strings.TrimPrefix(token, accounts.TokenPrefix), link}
		err = w.Store.View(t.Context(), func(tx store.Tx) error {
			for _, bucket := range []string{"sessions", "sessions/person", "tokens", "tokens/hash", "links", "letters", "once"} {
				for e, err := range tx.Scan(bucket, store.Range{}) {
					if err != nil {
						return err
					}
					for _, s := range secrets {
						if strings.Contains(e.Key+string(e.Value), s) {
							t.Errorf("%s holds a secret", bucket)
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestSessionsGetANewIDWhenRolesChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("p@akaa.example", "member/FI:020")
		old := w.begin(p, "")
		w.wait(time.Minute)
		if err := w.Grant(ctx, accounts.System, p.ID, in(accounts.Coordinator, akaa.Key)); err != nil {
			t.Fatal(err)
		}
		v, err := w.BySession(ctx, old)
		if err != nil || v.NewCookie == "" || !v.Actor.HasIn(accounts.Coordinator, akaa.Key) {
			t.Fatalf("the next request: cookie %q, %v, %v", v.NewCookie, v.Actor.Grants, err)
		}
		second, err := w.BySession(ctx, old)
		if err != nil || second.NewCookie != "" {
			t.Errorf("a request that was under way: new cookie %v, %v; want the old one to do", second.NewCookie != "", err)
		}
		if fresh, err := w.BySession(ctx, v.NewCookie); err != nil || fresh.NewCookie != "" {
			t.Errorf("with the new one: %v, %v", fresh.NewCookie, err)
		}
		w.wait(time.Minute)
		if w.open(old) {
			t.Error("the old one goes on for ever")
		}
		if !w.open(v.NewCookie) {
			t.Error("the new one has ended")
		}
	})
}

func TestVisitsAreNotedNowAndThen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("p@akaa.example", "member/FI:020")
		secret := w.begin(p, "")
		begun := w.clock()
		w.wait(4 * time.Minute)
		w.open(secret)
		if got := w.again(p).LastSeen; !got.Equal(begun) {
			t.Errorf("noted after four minutes: %v", got)
		}
		w.wait(2 * time.Minute)
		w.open(secret)
		if got := w.again(p).LastSeen; !got.Equal(w.clock()) {
			t.Errorf("after six minutes last seen %v, want %v", got, w.clock())
		}
	})
}

func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.person("p@akaa.example", "member/FI:020")
		w.begin(p, "")
		w.link(p.Email)
		w.wait(accounts.SessionIdle)
		live := w.begin(p, "")
		if n, err := w.Sweep(t.Context()); n != 2 || err != nil {
			t.Errorf("swept %d, %v; want the session and the link", n, err)
		}
		if !w.open(live) {
			t.Error("a live session was swept")
		}
	})
}
