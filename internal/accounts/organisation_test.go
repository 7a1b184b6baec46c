package accounts_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

func TestOrganisationSpeaksTheReadersLanguage(t *testing.T) {
	tests := map[string]struct {
		o    accounts.Organisation
		lang string
		want string
	}{
		"the reader's own":                          {akaa, "sv", "Ackas"},
		"another when the own is missing":           {akaa, "ru", "Akaa"},
		"the only one there is":                     {umea, "kk", "Umeå"},
		"the key when there is none at all":         {accounts.Organisation{Key: "FI:999"}, "fi", "FI:999"},
		"Kazakh for a Kazakh region":                {abai, "kk", "Абай облысы"},
		"English falls back to a language in order": {abai, "en", "Область Абай"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.o.Name(tt.lang); got != tt.want {
				t.Errorf("Name(%q) = %q, want %q", tt.lang, got, tt.want)
			}
		})
	}
}

func TestSizeClass(t *testing.T) {
	tests := map[int]accounts.SizeClass{
		0: accounts.SizeNotKnown, 1: accounts.SizeUnder5, 4_999: accounts.SizeUnder5, 5_000: accounts.Size5To20,
		19_999: accounts.Size5To20, 20_000: accounts.Size20To50, 50_000: accounts.Size50To100, 100_000: accounts.Size50To100,
		100_001: accounts.SizeOver100,
	}
	for n, want := range tests {
		if got := (accounts.Organisation{Kind: accounts.Municipality, Population: n}).SizeClass(); got != want {
			t.Errorf("%d inhabitants: %q, want %q", n, got, want)
		}
	}
	if got := abai.SizeClass(); got != accounts.SizeNotKnown {
		t.Errorf("a region has the size class %q, want none", got)
	}
}

func TestKeysInAddresses(t *testing.T) {
	for _, key := range []string{"FI:020", "KZ:KZ-61-kentau", "RU:KEM-MO12"} {
		if got := accounts.SlugKey(accounts.KeySlug(key)); got != key {
			t.Errorf("%q comes back from its address as %q", key, got)
		}
	}
}

func TestSeedingOrganisations(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if n, err := w.SeedOrganisations(ctx, []accounts.Organisation{akaa, umea, abai}); n != 0 || err != nil {
			t.Errorf("seeding the same again changed %d, %v", n, err)
		}
		admin := w.actor(w.person("admin@kokeilu.example", "admin"))
		if err := w.SetDomains(ctx, admin, umea.Key, []string{"@Umea.Example "}); err != nil {
			t.Fatal(err)
		}
		grown := umea
		grown.Population = 131_000
		if n, err := w.SeedOrganisations(ctx, []accounts.Organisation{akaa, grown}); n != 1 || err != nil {
			t.Errorf("seeding one that has grown changed %d, %v", n, err)
		}
		got, err := w.Organisation(ctx, umea.Key)
		if err != nil || got.Population != 131_000 || !cmp.Equal(got.Domains, []string{"umea.example"}) {
			t.Errorf("after seeding: %+v, %v; want the new figure and the portal's own domain", got, err)
		}
		want := []string{"organisation.added", "organisation.changed", "organisation.changed"}
		if diff := cmp.Diff(want, w.kinds("organisation:SE:2480")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSeedRefusesWhatIsIncomplete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, o := range map[string]accounts.Organisation{
			"no name":             {Key: "FI:001", Kind: accounts.Municipality, Country: "FI"},
			"no such kind":        {Key: "FI:001", Kind: "village", Country: "FI", Names: akaa.Names},
			"key of another land": {Key: "SE:001", Kind: accounts.Municipality, Country: "FI", Names: akaa.Names},
			"key with a slash":    {Key: "FI:0/1", Kind: accounts.Municipality, Country: "FI", Names: akaa.Names},
		} {
			if _, err := w.SeedOrganisations(t.Context(), []accounts.Organisation{o}); !errors.Is(err, accounts.ErrOrganisation) {
				t.Errorf("%s: %v, want ErrOrganisation", name, err)
			}
		}
	})
}

func TestListingOrganisations(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		list := func(lang string, q accounts.OrganisationQuery) []string {
			t.Helper()
			found, err := w.Organisations(ctx, lang, q)
			if err != nil {
				t.Fatal(err)
			}
			keys := []string{}
			for _, o := range found {
				keys = append(keys, o.Key)
			}
			return keys
		}
		tests := map[string]struct {
			q    accounts.OrganisationQuery
			want []string
		}{
			"all, in the order of their names": {accounts.OrganisationQuery{}, []string{"FI:020", "SE:2480", "KZ:KZ-10"}},
			"by the beginning of a name":       {accounts.OrganisationQuery{Text: "ack"}, []string{"FI:020"}},
			"by a later word":                  {accounts.OrganisationQuery{Text: "Облы"}, []string{"KZ:KZ-10"}},
			"by key":                           {accounts.OrganisationQuery{Text: "se-2480"}, []string{"SE:2480"}},
			"by country":                       {accounts.OrganisationQuery{Country: "SE"}, []string{"SE:2480"}},
			"by kind":                          {accounts.OrganisationQuery{Kind: accounts.Municipality, Limit: 1}, []string{"FI:020"}},
			"none":                             {accounts.OrganisationQuery{Text: "kaa"}, []string{}},
		}
		for name, tt := range tests {
			if diff := cmp.Diff(tt.want, list("sv", tt.q)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		add := accounts.Organisation{Key: "SE:0001", Kind: accounts.Company, Country: "SE", Names: map[string]string{"sv": "Ärlig AB"}}
		if err := w.AddOrganisation(ctx, accounts.System, add); err != nil {
			t.Fatal(err)
		}
		if got := list("sv", accounts.OrganisationQuery{Country: "SE"}); !cmp.Equal(got, []string{"SE:2480", "SE:0001"}) {
			t.Errorf("in Swedish Ä stands behind U, at once after the change: %v", got)
		}
		if err := w.AddOrganisation(ctx, accounts.System, add); !errors.Is(err, store.ErrExists) {
			t.Errorf("adding it twice: %v", err)
		}
	})
}

func TestDomains(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		admin := w.actor(w.person("admin@kokeilu.example", "admin"))
		for name, tt := range map[string]struct {
			by      accounts.Actor
			domains []string
			want    error
		}{
			"somebody else's":  {admin, []string{"akaa.example"}, accounts.ErrDomainTaken},
			"everybody's":      {admin, []string{"gmail.com"}, accounts.ErrDomain},
			"no domain":        {admin, []string{"umea"}, accounts.ErrDomain},
			"two in one":       {admin, []string{"a.example b.example"}, accounts.ErrDomain},
			"by a coordinator": {w.actor(w.person("c@x.example", "coordinator/SE:2480")), []string{"umea.example"}, accounts.ErrForbidden},
			"by nobody":        {accounts.Actor{}, []string{"umea.example"}, accounts.ErrSignIn},
		} {
			if err := w.SetDomains(ctx, tt.by, umea.Key, tt.domains); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
		if err := w.SetDomains(ctx, admin, "FI:nowhere", nil); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("of an organisation that is not there: %v", err)
		}
	})
}

func TestMergerKeepsPeopleAndHistory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		p := w.person("c@akaa.example", "coordinator/FI:020", "officer")
		if err := w.CloseInto(ctx, accounts.System, akaa.Key, umea.Key); err != nil {
			t.Fatal(err)
		}
		a := w.actor(p)
		if !a.HasIn(accounts.Coordinator, umea.Key) || a.MemberOf(akaa.Key) || !a.Has(accounts.Officer) {
			t.Errorf("after the merger: %+v", a.Grants)
		}
		old, err := w.Organisation(ctx, akaa.Key)
		if err != nil || old.ClosedInto != umea.Key || old.MayOwn() || old.IsMunicipality() {
			t.Errorf("the closed one: %+v, %v", old, err)
		}
		if err := w.Grant(ctx, accounts.System, p.ID, accounts.Grant{Role: accounts.Member, Organisation: akaa.Key}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("joining the closed one: %v", err)
		}
		if err := w.CloseInto(ctx, accounts.System, akaa.Key, umea.Key); !errors.Is(err, accounts.ErrOrganisationClosed) {
			t.Errorf("closing it twice: %v", err)
		}
		if purpose, _ := w.link("new@akaa.example"); purpose != "sign-in" {
			t.Error("the old mail domain lets nobody in any more")
		}
		if _, err := w.SeedOrganisations(ctx, []accounts.Organisation{akaa}); err != nil {
			t.Errorf("seeding after the merger: %v", err)
		}
		if still, _ := w.Organisation(ctx, akaa.Key); still.ClosedInto != umea.Key {
			t.Error("seeding opened the closed one again")
		}
	})
}
