package accounts_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

func TestSigningInByLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("aino@x.example", "member/FI:020")
		purpose, secret := w.link(p.Email)
		if purpose != "sign-in" {
			t.Fatalf("the letter holds a link to %s", purpose)
		}
		for range 3 { // programs that look into letters
			if email, err := w.LinkEmail(ctx, "sign-in", secret); err != nil || email != p.Email {
				t.Fatalf("looking at the link: %q, %v", email, err)
			}
		}
		session, next, err := w.SignIn(ctx, secret, "")
		if err != nil || next != "/en/cases" {
			t.Fatalf("next %q, %v", next, err)
		}
		if v, err := w.BySession(ctx, session); err != nil || v.Person.ID != p.ID {
			t.Errorf("signed in as %+v, %v", v.Person, err)
		}
		if _, _, err := w.SignIn(ctx, secret, ""); !errors.Is(err, accounts.ErrLink) {
			t.Errorf("the second use: %v, want ErrLink", err)
		}
	})
}

func TestLinksAreOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.person("aino@x.example", "member/FI:020")
		_, secret := w.link("aino@x.example")
		w.wait(accounts.SignInLink - time.Second)
		if _, err := w.LinkEmail(ctx, "sign-in", secret); err != nil {
			t.Errorf("shortly before ten minutes: %v", err)
		}
		w.wait(time.Second)
		_, join := w.link("nobody@elsewhere.example")
		for name, use := range map[string]struct{ purpose, secret string }{
			"after ten minutes":       {"sign-in", secret},
			"an invented one":         {"sign-in", strings.Repeat("a", 43)},
			"an empty one":            {"sign-in", ""},
			"a huge one":              {"sign-in", strings.Repeat("a", 9000)},
			"one for another purpose": {"sign-in", join},
		} {
			if _, err := w.LinkEmail(ctx, use.purpose, use.secret); !errors.Is(err, accounts.ErrLink) {
				t.Errorf("%s, looked at: %v", name, err)
			}
			if _, _, err := w.SignIn(ctx, use.secret, ""); !errors.Is(err, accounts.ErrLink) {
				t.Errorf("%s, used: %v", name, err)
			}
		}
	})
}

func TestAKnownDomainMakesAMember(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		purpose, secret := w.link("new@akaa.example")
		if purpose != "sign-in" {
			t.Fatalf("the letter holds a link to %s", purpose)
		}
		if _, err := w.ByEmail(ctx, "new@akaa.example"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an account before the mailbox was proved: %v", err)
		}
		if _, _, err := w.SignIn(ctx, secret, ""); err != nil {
			t.Fatal(err)
		}
		p, err := w.ByEmail(ctx, "new@akaa.example")
		if err != nil || !w.actor(p).MemberOf(akaa.Key) || len(p.Grants) != 1 {
			t.Errorf("after it: %+v, %v", p, err)
		}
		_, second := w.link("late@akaa.example")
		if err := w.SetDomains(ctx, accounts.System, akaa.Key, nil); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.SignIn(ctx, second, ""); !errors.Is(err, accounts.ErrLink) {
			t.Errorf("the domain was taken away meanwhile: %v", err)
		}
	})
}

func TestAnUnknownAddressGetsALetterThatExplains(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		purpose, secret := w.link("who@elsewhere.example")
		if purpose != "join" {
			t.Fatalf("the letter holds a link to %s", purpose)
		}
		if _, _, err := w.SignIn(t.Context(), secret, ""); !errors.Is(err, accounts.ErrLink) {
			t.Errorf("it signs in: %v", err)
		}
		gone := w.person("gone@x.example")
		if err := w.Erase(t.Context(), accounts.System, gone.ID); err != nil {
			t.Fatal(err)
		}
		if purpose, _ := w.link("gone@x.example"); purpose != "join" {
			t.Error("somebody erased is still known")
		}
	})
}

func TestAskingForALinkTwiceByMistakeSendsOneLetter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person("aino@x.example")
		ctx := once.With(t.Context(), "", "key", "")
		for range 2 {
			if err := w.AskLink(ctx, "aino@x.example", "fi", ""); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(w.mail()); n != 1 {
			t.Errorf("%d letters, want 1", n)
		}
	})
}

func TestLinkLettersAreNotSentWhenTheyAreOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person("aino@x.example")
		if err := w.AskLink(t.Context(), "aino@x.example", "fi", ""); err != nil {
			t.Fatal(err)
		}
		w.wait(accounts.SignInLink)
		if letters := w.mail(); len(letters) != 0 {
			t.Errorf("sent all the same: %+v", letters)
		}
	})
}

func TestOperatorLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("boss@x.example", "admin")
		address, err := w.OperatorLink(ctx, accounts.System, "Boss@x.example")
		if err != nil {
			t.Fatal(err)
		}
		m := linkRE.FindStringSubmatch(address)
		if m == nil {
			t.Fatalf("%q is no link", address)
		}
		if _, _, err := w.SignIn(ctx, m[3], ""); err != nil {
			t.Error(err)
		}
		if _, err := w.OperatorLink(ctx, w.actor(p), p.Email); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("by an administrator: %v", err)
		}
		if _, err := w.OperatorLink(ctx, accounts.System, "nobody@x.example"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("for nobody: %v", err)
		}
	})
}

func TestAFailedSignInChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person("aino@x.example")
		_, secret := w.link("aino@x.example")
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := w.SignIn(over, secret, ""); !errors.Is(err, store.ErrBusy) {
			t.Errorf("with its time over: %v", err)
		}
		if _, _, err := w.SignIn(t.Context(), secret, ""); err != nil {
			t.Errorf("the link was used up all the same: %v", err)
		}
	})
}
