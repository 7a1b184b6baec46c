package accounts_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
)

func TestCleanEmail(t *testing.T) {
	tests := map[string]struct {
		typed, want string
	}{
		"as it is":                {"aino@akaa.fi", "aino@akaa.fi"},
		"capitals and space":      {"  Aino.Virtanen@Akaa.FI ", "aino.virtanen@akaa.fi"},
		"with a plus":             {"a+b@akaa.fi", "a+b@akaa.fi"},
		"nothing":                 {"", ""},
		"no at":                   {"akaa.fi", ""},
		"two of them":             {"a@b.fi,c@d.fi", ""},
		"with a name":             {"Aino <aino@akaa.fi>", ""},
		"a line that adds a head": {"a@akaa.fi\r\nBcc: all@akaa.fi", ""},
		"a quoted local part":     {`"a b"@akaa.fi`, ""},
		"a space inside":          {"a b@akaa.fi", ""},
		"NUL":                     {"a\x00@akaa.fi", ""},
		"too long":                {strings.Repeat("a", 250) + "@akaa.fi", ""},
		"too long before the at":  {strings.Repeat("a", 70) + "@akaa.fi", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := accounts.CleanEmail(tt.typed)
			if got != tt.want || (tt.want == "") != errors.Is(err, accounts.ErrEmail) {
				t.Errorf("CleanEmail(%q) = %q, %v; want %q", tt.typed, got, err, tt.want)
			}
		})
	}
}

func TestAddingPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p, err := w.Add(ctx, accounts.System, accounts.NewPerson{
			Email: "Aino@Akaa.example", Name: " Aino  Virtanen ", Lang: "sv", Grants: []accounts.Grant{{Role: accounts.Coordinator, Organisation: akaa.Key}},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := accounts.Person{
			ID: p.ID, Email: "aino@akaa.example", Name: "Aino Virtanen", Lang: "sv", Created: w.clock(), RolesAt: w.clock(),
			Grants: []accounts.Grant{{Role: accounts.Member, Organisation: akaa.Key}, {Role: accounts.Coordinator, Organisation: akaa.Key}},
		}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Error(diff)
		}
		found, err := w.ByEmail(ctx, " AINO@akaa.example")
		if err != nil || found.ID != p.ID {
			t.Errorf("by address: %+v, %v", found, err)
		}
		if diff := cmp.Diff([]string{"person.added"}, w.kinds("person:"+p.ID)); diff != "" {
			t.Error(diff)
		}
		for name, tt := range map[string]struct {
			n    accounts.NewPerson
			want error
		}{
			"the same address":       {accounts.NewPerson{Email: "aino@AKAA.example"}, accounts.ErrEmailTaken},
			"no address":             {accounts.NewPerson{Email: "aino"}, accounts.ErrEmail},
			"a long name":            {accounts.NewPerson{Email: "x@akaa.example", Name: strings.Repeat("ä", 101)}, accounts.ErrName},
			"a language nobody has":  {accounts.NewPerson{Email: "x@akaa.example", Lang: "de"}, accounts.ErrLang},
			"a role nobody has":      {accounts.NewPerson{Email: "x@akaa.example", Grants: []accounts.Grant{{Role: "king"}}}, accounts.ErrRole},
			"a member of nothing":    {accounts.NewPerson{Email: "x@akaa.example", Grants: []accounts.Grant{{Role: accounts.Member}}}, accounts.ErrUnknownOrg},
			"a member of nowhere":    {accounts.NewPerson{Email: "x@akaa.example", Grants: []accounts.Grant{{Role: accounts.Member, Organisation: "FI:999"}}}, accounts.ErrUnknownOrg},
			"an officer of one town": {accounts.NewPerson{Email: "x@akaa.example", Grants: []accounts.Grant{{Role: accounts.Officer, Organisation: akaa.Key}}}, accounts.ErrRole},
		} {
			if _, err := w.Add(ctx, accounts.System, tt.n); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
		if _, err := w.Add(ctx, w.actor(p), accounts.NewPerson{Email: "x@akaa.example"}); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("a coordinator adds an account: %v", err)
		}
		if _, err := w.ByEmail(ctx, "x@akaa.example"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a refusal left somebody behind: %v", err)
		}
	})
}

func TestWhatOthersSee(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		named, err := w.Add(ctx, accounts.System, accounts.NewPerson{Email: "n@x.example", Name: "Aino", ShowName: true})
		if err != nil {
			t.Fatal(err)
		}
		hidden, err := w.Add(ctx, accounts.System, accounts.NewPerson{Email: "h@x.example", Name: "Bo", Grants: []accounts.Grant{{Role: accounts.Coordinator, Organisation: akaa.Key}}})
		if err != nil {
			t.Fatal(err)
		}
		member := w.person("m@x.example", "member/SE:2480")
		reviewer := w.person("r@x.example", "member/FI:020", "reviewer")
		officer := w.person("o@x.example", "officer")
		none := w.person("z@x.example")
		gone := w.person("g@x.example")
		if err := w.Erase(ctx, accounts.System, gone.ID); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct{ id, lang, want string }{
			"a name by consent":                   {named.ID, "fi", "Aino"},
			"without consent the role and place":  {hidden.ID, "en", "Coordinator, Akaa"},
			"in the reader's language":            {hidden.ID, "sv", "Samordnare, Ackas"},
			"a member":                            {member.ID, "en", "Developer, Umeå"},
			"the portal's role before membership": {reviewer.ID, "fi", "Arvioija, Akaa"},
			"a role without a place":              {officer.ID, "ru", "Ответственный за финансирование"},
			"nobody in particular":                {none.ID, "en", "A person of the portal"},
			"somebody who has left":               {gone.ID, "kk", "Бұрынғы қатысушы"},
			"somebody who never was":              {"nobody", "en", "Former member"},
			"an id that no store could hold":      {strings.Repeat("x", 3000), "en", "Former member"},
			"the system":                          {accounts.System.ID, "en", "The portal"},
		} {
			if got := w.DisplayName(ctx, tt.id, tt.lang); got != tt.want {
				t.Errorf("%s: %q, want %q", name, got, tt.want)
			}
		}
	})
}

func TestFindingThoseWithARole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b := w.person("a@x.example", "coordinator/FI:020", "reviewer"), w.person("b@x.example", "coordinator/SE:2480", "coordinator/FI:020")
		c := w.person("c@x.example", "member/FI:020", "reviewer")
		err := w.Store.View(t.Context(), func(tx store.Tx) error {
			for name, ask := range map[string]struct {
				got  func() ([]string, error)
				want []string
			}{
				"coordinators of one":            {func() ([]string, error) { return w.CoordinatorsTx(tx, akaa.Key) }, []string{a.ID, b.ID}},
				"coordinators of none":           {func() ([]string, error) { return w.CoordinatorsTx(tx, abai.Key) }, nil},
				"coordinators of any, each once": {func() ([]string, error) { return w.PeopleWith(tx, accounts.Coordinator) }, []string{a.ID, b.ID}},
				"reviewers":                      {func() ([]string, error) { return w.PeopleWith(tx, accounts.Reviewer) }, []string{a.ID, c.ID}},
			} {
				got, err := ask.got()
				if err != nil {
					return err
				}
				if diff := cmp.Diff(ask.want, got); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
			members, err := w.MembersTx(tx, akaa.Key)
			if len(members) != 3 {
				t.Errorf("%d members of Akaa, want 3", len(members))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestOnlyAdministratorsLookPeopleUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		admin := w.person("boss@x.example", "admin")
		w.person("aino@x.example")
		w.person("bo@y.example")
		found, err := w.Find(ctx, w.actor(admin), " X.EXAMPLE", 10)
		if err != nil || len(found) != 2 {
			t.Errorf("found %d, %v; want 2", len(found), err)
		}
		if found, err := w.Find(ctx, w.actor(admin), "", 1); err != nil || len(found) != 1 {
			t.Errorf("at most one: %d, %v", len(found), err)
		}
		if _, err := w.Find(ctx, w.actor(w.person("c@x.example", "coordinator/FI:020")), "", 10); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("a coordinator looks everybody up: %v", err)
		}
	})
}

func TestErasure(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var left []string
		w.Leaving = append(w.Leaving, func(_ store.Tx, p accounts.Person, organisation string) error {
			left = append(left, p.Email+" left "+organisation)
			return nil
		})
		p := w.person("aino@akaa.example", "coordinator/FI:020")
		a := w.actor(p)
		session, err := w.Begin(ctx, p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		_, token, err := w.AddToken(ctx, a, "reports")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Erase(ctx, w.actor(w.person("b@akaa.example", "coordinator/FI:020")), p.ID); !errors.Is(err, accounts.ErrUnseen) {
			t.Errorf("a colleague erases: %v", err)
		}
		if err := w.Erase(ctx, a, p.ID); err != nil {
			t.Fatal(err)
		}
		want := accounts.Person{ID: p.ID, Lang: "en", Created: p.Created, RolesAt: w.clock(), Erased: w.clock()}
		if diff := cmp.Diff(want, w.again(p)); diff != "" {
			t.Errorf("what is left: %s", diff)
		}
		if _, err := w.BySession(ctx, session); !errors.Is(err, accounts.ErrSignIn) {
			t.Errorf("the session goes on: %v", err)
		}
		if _, err := w.ByToken(ctx, token); !errors.Is(err, accounts.ErrToken) {
			t.Errorf("the token goes on: %v", err)
		}
		if diff := cmp.Diff([]string{"aino@akaa.example left "}, left); diff != "" {
			t.Error(diff)
		}
		if err := w.Erase(ctx, accounts.System, p.ID); err != nil {
			t.Errorf("erasing twice: %v", err)
		}
		if again := w.person("aino@akaa.example"); again.ID == p.ID {
			t.Error("who comes back is somebody new")
		}
		w.forgotten(p)
	})
}

// forgotten checks that the journal keeps the entries and vouches for nothing.
func (w *world) forgotten(p accounts.Person) {
	w.t.Helper()
	subject := "person:" + p.ID
	err := w.Store.Update(w.t.Context(), func(tx store.Tx) error {
		entries, err := w.Journal.List(tx, 0, 1000)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Subject != subject || len(e.After) == 0 {
				continue
			}
			facts := []byte(`["aino@akaa.example","",false,"en",[{"role":"member","organisation":"FI:020"},{"role":"coordinator","organisation":"FI:020"}]]`)
			if ok, err := journal.Matches(tx, subject, facts, e.After); ok || err != nil {
				w.t.Errorf("entry %d still tells what was erased (%v)", e.Seq, err)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("boss@x.example", "admin")
		a := w.actor(p)
		for name, do := range map[string]func() error{
			"erased":  func() error { return w.Erase(ctx, a, p.ID) },
			"revoked": func() error { return w.Revoke(ctx, a, p.ID, accounts.Grant{Role: accounts.Admin}) },
			"unset":   func() error { return w.SetRoles(ctx, a, p.ID, "", nil) },
		} {
			if err := do(); !errors.Is(err, accounts.ErrLastAdmin) {
				t.Errorf("%s: %v, want ErrLastAdmin", name, err)
			}
		}
		w.person("second@x.example", "admin")
		if err := w.Erase(ctx, a, p.ID); err != nil {
			t.Errorf("the first of two: %v", err)
		}
	})
}

func TestProfile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("aino@akaa.example", "member/FI:020")
		if err := w.SaveProfile(ctx, w.actor(p), accounts.Profile{Name: "Aino", ShowName: true, Lang: "fi"}); err != nil {
			t.Fatal(err)
		}
		if got := w.actor(p).Name; got != "Aino" {
			t.Errorf("others see %q, want Aino", got)
		}
		n := len(w.kinds("person:" + p.ID))
		if err := w.SaveProfile(ctx, w.actor(p), accounts.Profile{Name: " Aino", ShowName: true, Lang: "fi"}); err != nil {
			t.Fatal(err)
		}
		if got := len(w.kinds("person:" + p.ID)); got != n {
			t.Error("saving the same again was written to the journal")
		}
		if err := w.SaveProfile(ctx, w.actor(p), accounts.Profile{Lang: "xx"}); !errors.Is(err, accounts.ErrLang) {
			t.Errorf("a language nobody has: %v", err)
		}
	})
}

func TestLostMailbox(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		admin, p := w.actor(w.person("boss@x.example", "admin")), w.person("old@akaa.example", "member/FI:020")
		w.person("taken@akaa.example")
		session, err := w.Begin(ctx, p.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		_, secret := w.link("old@akaa.example")
		if err := w.Rebind(ctx, admin, p.ID, "taken@akaa.example"); !errors.Is(err, accounts.ErrEmailTaken) {
			t.Errorf("an address in use: %v", err)
		}
		if err := w.Rebind(ctx, w.actor(p), p.ID, "new@x.example"); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("by oneself: %v", err)
		}
		if err := w.Rebind(ctx, admin, p.ID, "New@akaa.example"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.BySession(ctx, session); !errors.Is(err, accounts.ErrSignIn) {
			t.Errorf("who has the old mailbox is still signed in: %v", err)
		}
		if _, _, err := w.SignIn(ctx, secret, ""); err != nil {
			t.Fatal(err) // a new member of Akaa, by the domain
		}
		if got, err := w.ByEmail(ctx, "old@akaa.example"); err != nil || got.ID == p.ID {
			t.Errorf("a link to the old mailbox signed in as %v, %v", got.ID, err)
		}
	})
}

func TestOwnData(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("aino@akaa.example", "member/FI:020")
		if _, err := w.Begin(ctx, p.ID, ""); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.AddToken(ctx, w.actor(p), "reports"); err != nil {
			t.Fatal(err)
		}
		if err := w.AskToJoinAs(ctx, w.actor(p), accounts.JoinForm{Organisation: umea.Key, Name: "Aino"}); err != nil {
			t.Fatal(err)
		}
		e, err := w.ExportOf(ctx, w.actor(p))
		if err != nil {
			t.Fatal(err)
		}
		if e.Person.Email != "aino@akaa.example" || len(e.Roles) != 1 || len(e.Sessions) != 1 || len(e.Tokens) != 1 || len(e.Joins) != 1 {
			t.Errorf("own data: %+v", e)
		}
	})
}
