package experiments_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// posted is a letter that waits to be sent.
type posted struct{ To, Subject, Text string }

// letters are those that wait for somebody, the newest last.
func (w *world) letters(to string) []posted {
	w.t.Helper()
	list, err := store.Get(w.ctx(), w.Store, func(tx store.Tx) (list []posted, err error) {
		for e, err := range tx.Scan("letters", store.Range{}) {
			if err != nil {
				return nil, err
			}
			var one struct{ Mail posted }
			if err := json.Unmarshal(e.Value, &one); err != nil {
				return nil, err
			}
			if one.Mail.To == to {
				list = append(list, one.Mail)
			}
		}
		return list, nil
	})
	w.must(err)
	return list
}

// linkTo is the secret in the newest invitation to an address.
func (w *world) linkTo(email string) string {
	w.t.Helper()
	secret := ""
	for _, l := range w.letters(email) {
		if _, rest, ok := strings.Cut(l.Text, "/invitations/"); ok {
			secret, _, _ = strings.Cut(rest, "\n")
		}
	}
	if secret == "" {
		w.t.Fatalf("no invitation to %s", email)
	}
	return secret
}

func (w *world) invite(id, email string, seat experiments.Seat) error {
	return w.Invite(w.ctx(), w.actors["developer"], id, experiments.Inviting{Email: email, Seat: seat, Role: "hoitaja", Lang: "fi"})
}

func TestAnInvitationJoinsSomebodyWithAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.registered()
		w.must(w.invite(id, "Mate@kunta.example", experiments.TeamSeat))
		secret := w.linkTo("mate@kunta.example")
		if _, err := w.Join(w.ctx(), accounts.Actor{}, secret, experiments.Newcomer{Name: "Not Mate"}); !errors.Is(err, accounts.ErrSignIn) {
			t.Errorf("not signed in: %v, want to sign in first", err)
		}
		if _, err := w.Join(w.ctx(), w.actors["developer2"], secret, experiments.Newcomer{}); !errors.Is(err, experiments.ErrOtherAddress) {
			t.Errorf("somebody else with the link: %v", err)
		}
		for range 2 { // a double click
			j, err := w.Join(w.ctx(), w.actors["mate"], secret, experiments.Newcomer{})
			if err != nil || j.Experiment != id || j.Cookie != "" {
				t.Fatalf("%+v, %v", j, err)
			}
		}
		if e := w.card(id); len(e.Team) != 1 || e.Team[0] != (experiments.Member{Person: w.actors["mate"].ID, Role: "hoitaja"}) {
			t.Errorf("team %+v", e.Team)
		}
		if _, err := w.Join(w.ctx(), w.actors["developer2"], secret, experiments.Newcomer{}); !errors.Is(err, experiments.ErrInvitation) {
			t.Errorf("a used link: %v", err)
		}
		if err := w.invite(id, "mate@kunta.example", experiments.TeamSeat); !errors.Is(err, experiments.ErrInTeam) {
			t.Errorf("inviting a member: %v", err)
		}
	})
}

func TestAnInvitationMakesAnAccountForWhoeverHasNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.registered()
		w.must(w.invite(id, "opettaja@koulu.example", experiments.TeamSeat))
		secret := w.linkTo("opettaja@koulu.example")
		if _, err := w.Join(w.ctx(), accounts.Actor{}, secret, experiments.Newcomer{Lang: "fi"}); !errors.Is(err, accounts.ErrNameMissing) {
			t.Errorf("without a name: %v", err)
		}
		ctx := once.With(w.ctx(), "", "form-key", "")
		var cookies []string
		for range 2 { // the same form, sent twice
			j, err := w.Join(ctx, accounts.Actor{}, secret, experiments.Newcomer{Name: "Олена Ў.", ShowName: true, Lang: "fi"})
			if err != nil || j.Newcomer == "" {
				t.Fatalf("%+v, %v", j, err)
			}
			cookies = append(cookies, j.Cookie)
		}
		for _, cookie := range cookies {
			visit, err := w.people.BySession(w.ctx(), cookie)
			w.must(err)
			if visit.Person.Email != "opettaja@koulu.example" || visit.Person.Name != "Олена Ў." || len(visit.Person.Grants) != 0 {
				t.Errorf("the newcomer is %+v", visit.Person)
			}
			if _, _, err := w.Get(w.ctx(), visit.Actor, id); err != nil {
				t.Errorf("the newcomer reads the draft: %v", err)
			}
		}
		if n := len(w.card(id).Team); n != 1 {
			t.Errorf("%d in the team, want 1", n)
		}
		if _, err := w.Join(w.ctx(), accounts.Actor{}, secret, experiments.Newcomer{Name: "x"}); !errors.Is(err, experiments.ErrInvitation) {
			t.Errorf("the used link again: %v", err)
		}
	})
}

func TestInvitationsExpireAreReplacedAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, other := w.registered(), w.registered()
		w.must(w.invite(id, "mate@kunta.example", experiments.TeamSeat))
		first := w.linkTo("mate@kunta.example")
		w.must(w.invite(id, "mate@kunta.example", experiments.LogSeat))
		second := w.linkTo("mate@kunta.example")
		refused := func(secret, why string) {
			t.Helper()
			if _, err := w.Join(w.ctx(), w.actors["mate"], secret, experiments.Newcomer{}); !errors.Is(err, experiments.ErrInvitation) {
				t.Errorf("%s: %v", why, err)
			}
			if _, err := w.Invited(w.ctx(), secret, "fi"); !errors.Is(err, experiments.ErrInvitation) {
				t.Errorf("%s, looked at: %v", why, err)
			}
		}
		refused(first, "a replaced link")
		refused("short", "no link at all")
		refused(strings.Repeat("x", 43), "a link nobody sent")

		list, err := w.Invitations(w.ctx(), w.actors["developer"], id)
		w.must(err)
		if len(list) != 1 || list[0].Email != "mate@kunta.example" || list[0].Seat != experiments.LogSeat {
			t.Fatalf("listed %+v", list)
		}
		if strings.Contains(fmt.Sprint(list), second) {
			t.Error("the link itself is stored")
		}
		for who, want := range map[string]fault.Kind{"developer2": fault.NotFound, "nobody": fault.NotFound} {
			if _, err := w.Invitations(w.ctx(), w.actors[who], id); fault.KindOf(err) != want {
				t.Errorf("%s lists them: %v", who, err)
			}
		}
		if err := w.Withdraw(w.ctx(), w.actors["developer"], other, list[0].ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("withdrawn through another experiment: %v", err)
		}
		w.must(w.Withdraw(w.ctx(), w.actors["developer"], id, list[0].ID))
		refused(second, "a withdrawn link")

		w.must(w.invite(id, "mate@kunta.example", experiments.TeamSeat))
		third := w.linkTo("mate@kunta.example")
		w.goTo(w.clock().AddDate(0, 0, experiments.InvitationDays))
		refused(third, "a link of two weeks ago")
		w.goTo(w.clock().AddDate(0, 0, 31))
		if n, err := w.Sweep(w.ctx()); n != 3 || err != nil {
			t.Errorf("forgot %d invitations, %v; want 3", n, err)
		}
	})
}

func TestATeamOfForty(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Idea)
		var last accounts.Actor
		for i := range 39 {
			email := fmt.Sprintf("person%02d@kunta.example", i)
			p, err := w.people.Add(w.ctx(), accounts.System, accounts.NewPerson{Email: email, Name: fmt.Sprintf("Айгүл %02d", i), Lang: "kk", Grants: []accounts.Grant{{Role: accounts.Member, Organisation: "FI:020"}}})
			w.must(err)
			last, err = w.people.Actor(w.ctx(), p.ID)
			w.must(err)
			w.must(w.invite(id, email, experiments.TeamSeat))
			if _, err := w.Join(w.ctx(), last, w.linkTo(email), experiments.Newcomer{}); err != nil {
				t.Fatal(err)
			}
		}
		sheet, err := w.Team(w.ctx(), last, id, "kk")
		w.must(err)
		if n := len(sheet.Card.Persons()); n != 40 || len(sheet.Names) != 40 || sheet.Homes[last.ID] != "FI:020" {
			t.Errorf("%d persons, %d names", n, len(sheet.Names))
		}
		w.actors["the fortieth"] = last
		if _, err := w.note("the fortieth", id, experiments.Entry{Kind: experiments.Observation, Text: "Қырықыншы.", Reach: experiments.ForTeam}); err != nil {
			t.Errorf("the fortieth writes: %v", err)
		}
		for i := range 25 {
			err = w.invite(id, fmt.Sprintf("more%02d@kunta.example", i), experiments.TeamSeat)
		}
		if !errors.Is(err, experiments.ErrTeamFull) {
			t.Errorf("the 65th: %v, want a full team", err)
		}
	})
}

func TestOwnershipIsOfferedAndAccepted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Idea)
		owner, mate := w.actors["developer"], w.actors["mate"]
		if err := w.RemoveMember(w.ctx(), owner, id, owner.ID); !errors.Is(err, experiments.ErrOwner) {
			t.Errorf("the last owner leaves: %v", err)
		}
		if err := w.OfferTo(w.ctx(), owner, id, mate.ID); !errors.Is(err, experiments.ErrOfferTo) {
			t.Errorf("offered outside the team: %v", err)
		}
		w.must(w.AddMember(w.ctx(), owner, id, "mate@kunta.example", "hoitaja"))
		if err := w.OfferTo(w.ctx(), mate, id, mate.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a member takes it: %v", err)
		}
		w.must(w.OfferTo(w.ctx(), owner, id, mate.ID))
		if got := w.letters("mate@kunta.example"); len(got) != 1 || !strings.Contains(got[0].Text, "/en/experiments/"+id+"/team") {
			t.Errorf("letters %+v", got)
		}
		if w.card(id).Owner != owner.ID {
			t.Error("the offer alone passed it on")
		}
		if err := w.AnswerOffer(w.ctx(), owner, id, true); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the owner accepts for the other: %v", err)
		}
		w.must(w.AnswerOffer(w.ctx(), owner, id, false)) // taken back
		if err := w.AnswerOffer(w.ctx(), mate, id, true); !errors.Is(err, experiments.ErrNoOffer) {
			t.Errorf("an offer that was taken back: %v", err)
		}
		w.must(w.OfferTo(w.ctx(), w.actors["coordinator"], id, mate.ID)) // the owner is ill
		w.must(w.AnswerOffer(w.ctx(), mate, id, true))
		if e := w.card(id); e.Owner != mate.ID || e.Offer != nil || !slices.Contains(e.Persons(), owner.ID) {
			t.Errorf("owner %s, offer %+v, team %v", e.Owner, e.Offer, e.Persons())
		}
		w.must(w.RemoveMember(w.ctx(), owner, id, owner.ID)) // who has passed it on may go
		if err := w.save("developer", id, experiments.AfterEdit{After: "x"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("who has left edits: %v", err)
		}
	})
}

// A methodologist of one experiment writes its log, and nothing else.
func TestAMethodologistWritesTheLogAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.registered()
		other := w.at(experiments.Running)
		w.must(w.invite(id, "developer2@kunta.example", experiments.LogSeat))
		keeper := w.actors["developer2"]
		_, err := w.Join(w.ctx(), keeper, w.linkTo("developer2@kunta.example"), experiments.Newcomer{})
		w.must(err)
		if _, err := w.note("developer2", id, experiments.Entry{Kind: experiments.Observation, Text: "Kello 9 ensimmäinen viesti.", Reach: experiments.ForTeam}); err != nil {
			t.Errorf("the log of the own experiment: %v", err)
		}
		if _, err := w.note("developer2", other, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the log of another experiment: %v", err)
		}
		l, err := w.Log(w.ctx(), keeper, id, experiments.LogQuery{})
		if err != nil || len(l.Entries) != 1 {
			t.Errorf("reads %+v, %v", l, err)
		}
		for what, err := range map[string]error{
			"edits":      w.save("developer2", id, experiments.AfterEdit{After: "x"}),
			"moves":      w.Advance(w.ctx(), keeper, id, experiments.Idea, ""),
			"invites":    w.Invite(w.ctx(), keeper, id, experiments.Inviting{Email: "x@kunta.example", Seat: experiments.TeamSeat}),
			"offers":     w.OfferTo(w.ctx(), keeper, id, keeper.ID),
			"removes":    w.RemoveMember(w.ctx(), keeper, id, w.actors["developer"].ID),
			"extends":    w.Extend(w.ctx(), keeper, id, 1, "x"),
			"asks":       w.AskStart(w.ctx(), keeper, id),
			"confirms":   w.ConfirmStart(w.ctx(), keeper, id),
			"answers":    w.Still(w.ctx(), keeper, id),
			"publishes":  second(w.Publish(w.ctx(), keeper, id, w.locales)),
			"takes back": w.Withdraw(w.ctx(), keeper, id, "x"),
		} {
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("a methodologist %s: %v, want forbidden", what, err)
			}
		}
		owes, err := store.Get(w.ctx(), w.Store, func(tx store.Tx) (bool, error) { return w.HasUnlearnedTx(tx, keeper.ID, "") })
		if owes || err != nil {
			t.Errorf("owes the team's lesson: %v, %v", owes, err)
		}
		mine, err := w.List(w.ctx(), keeper, experiments.Query{Person: keeper.ID})
		if err != nil || len(mine.Rows) != 1 {
			t.Errorf("finds %d experiments by name, %v", len(mine.Rows), err)
		}
		w.must(w.RemoveMember(w.ctx(), keeper, id, keeper.ID)) // and may stop
		if _, _, err := w.Get(w.ctx(), keeper, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("after that: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestWhoLeavesThePortalLeavesNoAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.registered()
		w.must(w.AddMember(w.ctx(), w.actors["developer"], id, "mate@kunta.example", ""))
		w.must(w.invite(id, "gone@kunta.example", experiments.TeamSeat))
		w.must(w.OfferTo(w.ctx(), w.actors["developer"], id, w.actors["mate"].ID))
		w.must(w.Store.Update(w.ctx(), func(tx store.Tx) error {
			return errors.Join(w.ForgetInvitedTx(tx, "gone@kunta.example"), w.LeaveTx(tx, w.actors["developer"].ID, ""))
		}))
		if e := w.card(id); e.Owner != w.actors["mate"].ID || e.Offer != nil {
			t.Errorf("owner %s, offer %+v", e.Owner, e.Offer)
		}
		list, err := w.Invitations(w.ctx(), w.actors["mate"], id)
		if err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		told := func(who string) (subjects []string) {
			for _, l := range w.letters(who + "@kunta.example") {
				subjects = append(subjects, l.Subject)
			}
			return subjects
		}
		if diff := cmp.Diff([]string{"An experiment was passed on"}, told("coordinator")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPartnersReadAlongAndDecideNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Planned)
		people := experiments.PeopleEdit{People: daycare().People, Steps: daycare().Steps, Partners: []experiments.Partner{{Name: "Akaa", Role: "kartta"}}}
		people.People.PersonalData = experiments.Yes
		w.must(w.save("developer", id, people))
		w.must(w.AskStart(w.ctx(), w.actors["developer"], id))
		partner := w.actors["coordinator2"]
		for what, err := range map[string]error{
			"confirms": w.ConfirmStart(w.ctx(), partner, id),
			"stops":    w.Advance(w.ctx(), partner, id, experiments.Stopped, "ei"),
		} {
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("the coordinator of a partner %s: %v", what, err)
			}
		}
		if got := w.letters("coordinator@kunta.example"); len(got) != 1 || got[0].Subject != "A start waits for your yes" {
			t.Errorf("letters to the own coordinator: %+v", got)
		}
		w.must(w.ConfirmStart(w.ctx(), w.actors["coordinator"], id))
	})
}
