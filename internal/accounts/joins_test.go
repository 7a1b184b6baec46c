package accounts_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
)

// receivers are who the letters go to.
func receivers(letters []notify.Mail) string {
	var to []string
	for _, l := range letters {
		to = append(to, l.To)
	}
	return strings.Join(to, " ")
}

// joins are the wishes an actor sees.
func (w *world) joins(by accounts.Actor, organisation string) []accounts.Join {
	w.t.Helper()
	list, err := w.Joins(w.t.Context(), by, organisation)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestAskingToJoin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.actor(w.person("c@umea.example", "coordinator/SE:2480"))
		_, secret := w.link("bo@elsewhere.example")
		form := accounts.JoinForm{Organisation: umea.Key, Name: "Bo", Message: "I write from home."}
		if err := w.AskToJoin(ctx, secret, form); err != nil {
			t.Fatal(err)
		}
		letters := w.mail()
		if receivers(letters) != "c@umea.example" || !strings.Contains(letters[0].Text, "Bo (bo@elsewhere.example)") ||
			!strings.Contains(letters[0].Text, portalURL+"/en/organisations/SE-2480/people") {
			t.Errorf("letter: %+v", letters)
		}
		if err := w.AskToJoin(ctx, secret, form); !errors.Is(err, accounts.ErrLink) {
			t.Errorf("the link was used twice: %v", err)
		}
		list := w.joins(c, umea.Key)
		if len(list) != 1 || list[0].Message != "I write from home." {
			t.Fatalf("the coordinator sees %+v", list)
		}
		if err := w.Answer(ctx, c, list[0].ID, true); err != nil {
			t.Fatal(err)
		}
		p, err := w.ByEmail(ctx, "bo@elsewhere.example")
		if err != nil || p.Name != "Bo" || p.ShowName || !w.actor(p).MemberOf(umea.Key) {
			t.Errorf("accepted: %+v, %v; the name is shown only by consent", p, err)
		}
		if got := receivers(w.mail()); got != p.Email {
			t.Errorf("letters to %q", got)
		}
		if err := w.Answer(ctx, c, list[0].ID, true); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("answered twice: %v", err)
		}
	})
}

func TestDecliningLeavesNoAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.actor(w.person("c@umea.example", "coordinator/SE:2480"))
		_, secret := w.link("bo@elsewhere.example")
		if err := w.AskToJoin(ctx, secret, accounts.JoinForm{Organisation: umea.Key, Name: "Bo"}); err != nil {
			t.Fatal(err)
		}
		id := w.joins(c, umea.Key)[0].ID
		foreign := w.actor(w.person("c@akaa.example", "coordinator/FI:020"))
		if err := w.Answer(ctx, foreign, id, true); !errors.Is(err, accounts.ErrUnseen) {
			t.Errorf("by a coordinator of another municipality: %v", err)
		}
		w.mail()
		if err := w.Answer(ctx, c, id, false); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ByEmail(ctx, "bo@elsewhere.example"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("an account all the same: %v", err)
		}
		if got := receivers(w.mail()); got != "bo@elsewhere.example" {
			t.Errorf("letters to %q", got)
		}
	})
}

func TestWithoutACoordinatorAdministratorsAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		admin := w.actor(w.person("boss@x.example", "admin"))
		p := w.person("bo@akaa.example", "member/FI:020")
		for range 2 { // the second wish takes the place of the first
			if err := w.AskToJoinAs(ctx, w.actor(p), accounts.JoinForm{Organisation: umea.Key, Name: "Bo"}); err != nil {
				t.Fatal(err)
			}
		}
		if got := receivers(w.mail()); got != "boss@x.example boss@x.example" {
			t.Errorf("letters to %q", got)
		}
		list := w.joins(admin, umea.Key)
		if len(list) != 1 {
			t.Fatalf("%d wishes, want 1", len(list))
		}
		if got := w.waiting(admin); got != 1 {
			t.Errorf("%d wait for the administrator, want 1", got)
		}
		coordinator := w.actor(w.person("c@umea.example", "coordinator/SE:2480"))
		if a, c := w.waiting(admin), w.waiting(coordinator); a != 0 || c != 1 {
			t.Errorf("with a coordinator there: %d wait for the administrator and %d for the coordinator", a, c)
		}
		if err := w.Answer(ctx, coordinator, list[0].ID, true); err != nil {
			t.Fatal(err)
		}
		if a := w.actor(p); !a.MemberOf(umea.Key) || !a.MemberOf(akaa.Key) {
			t.Errorf("belongs to %v, want both", a.Organisations())
		}
		if err := w.AskToJoinAs(ctx, w.actor(p), accounts.JoinForm{Organisation: umea.Key, Name: "Bo"}); !errors.Is(err, accounts.ErrMember) {
			t.Errorf("a member asks again: %v", err)
		}
	})
}

func (w *world) waiting(a accounts.Actor) int {
	w.t.Helper()
	n, err := store.Get(w.t.Context(), w.Store, func(tx store.Tx) (int, error) { return w.JoinsWaitingTx(tx, a) })
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestJoinFormsNeedAnOrganisationAndAName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, secret := w.link("bo@elsewhere.example")
		for name, tt := range map[string]struct {
			form accounts.JoinForm
			want error
		}{
			"no organisation":       {accounts.JoinForm{Name: "Bo"}, accounts.ErrUnknownOrg},
			"one that is not there": {accounts.JoinForm{Name: "Bo", Organisation: "FI:999"}, accounts.ErrUnknownOrg},
			"no name":               {accounts.JoinForm{Organisation: umea.Key}, accounts.ErrNameMissing},
			"a long message":        {accounts.JoinForm{Organisation: umea.Key, Name: "Bo", Message: strings.Repeat("ä", 501)}, accounts.ErrMessage},
		} {
			if err := w.AskToJoin(t.Context(), secret, tt.form); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
		if err := w.AskToJoin(t.Context(), secret, accounts.JoinForm{Organisation: umea.Key, Name: "Bo"}); err != nil {
			t.Errorf("a refused form used the link up: %v", err)
		}
	})
}

func TestInviting(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.actor(w.person("c@akaa.example", "coordinator/FI:020"))
		if err := w.Invite(ctx, c, accounts.NewPerson{Email: "New@x.example", Lang: "sv"}, in(accounts.Manager, akaa.Key)); err != nil {
			t.Fatal(err)
		}
		p, err := w.ByEmail(ctx, "new@x.example")
		if err != nil || !w.actor(p).HasIn(accounts.Manager, akaa.Key) || !w.actor(p).HasIn(accounts.Member, akaa.Key) {
			t.Errorf("invited: %+v, %v", p, err)
		}
		letters := w.mail()
		if receivers(letters) != "new@x.example" || letters[0].Lang != "sv" || !strings.Contains(letters[0].Text, "Ackas") {
			t.Errorf("letters: %+v", letters)
		}
		known := w.person("known@x.example", "member/SE:2480")
		if err := w.Invite(ctx, c, accounts.NewPerson{Email: known.Email}, in(accounts.Member, akaa.Key)); err != nil {
			t.Fatal(err)
		}
		if got := w.actor(known).Organisations(); len(got) != 2 {
			t.Errorf("somebody known now belongs to %v", got)
		}
		for name, err := range map[string]error{
			"into another municipality": w.Invite(ctx, c, accounts.NewPerson{Email: "a@x.example"}, in(accounts.Member, umea.Key)),
			"as an administrator":       w.Invite(ctx, c, accounts.NewPerson{Email: "a@x.example"}, in(accounts.Admin, "")),
			"by a member":               w.Invite(ctx, w.actor(known), accounts.NewPerson{Email: "a@x.example"}, in(accounts.Member, akaa.Key)),
		} {
			if !errors.Is(err, accounts.ErrForbidden) {
				t.Errorf("%s: %v, want ErrForbidden", name, err)
			}
		}
	})
}

func TestDemoPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		n := accounts.NewPerson{ID: "demo1", Created: w.clock().AddDate(0, 0, -60), Grants: []accounts.Grant{in(accounts.Member, akaa.Key)}}
		p, err := w.AddDemo(ctx, "developer", n)
		if err != nil || p.ID != "demo1" || p.Email != "developer@example.org" || !p.Created.Equal(n.Created) {
			t.Fatalf("%+v, %v", p, err)
		}
		if again, err := w.AddDemo(ctx, "developer", accounts.NewPerson{}); err != nil || again.ID != p.ID {
			t.Errorf("the second time: %+v, %v", again, err)
		}
		if _, err := w.AddDemo(ctx, "coord-kuhmo", accounts.NewPerson{}); err != nil {
			t.Errorf("a supporting role: %v", err)
		}
		secret, err := w.SignInDemo(ctx, "developer", "")
		if err != nil || !w.open(secret) {
			t.Errorf("signing in: %v", err)
		}
		for _, odd := range []string{"", "x", "root", "DEVELOPER", "developer ", "developer\x00", "../developer", "developer,developer", strings.Repeat("a", 100_000), "\xff", "admin", "coord-kuhmo"} {
			if _, err := w.SignInDemo(ctx, odd, ""); !errors.Is(err, accounts.ErrDemoRole) {
				t.Errorf("%.20q: %v, want ErrDemoRole", odd, err)
			}
		}
	})
}
