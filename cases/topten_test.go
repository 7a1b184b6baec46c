package cases_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

func TestWhoMayEndorseAdoptAndVote(t *testing.T) {
	tests := map[string]struct {
		who          accounts.Actor
		signal, vote error // of endorsing and adopting; of voting
	}{
		"nobody":                              {nobody, accounts.ErrSignIn, accounts.ErrSignIn},
		"a coordinator of another place":      {coordinator(oulu), nil, nil},
		"a member of another place":           {member, cases.ErrCoordinators, nil},
		"the own coordinator":                 {colleague, cases.ErrOwnCase, cases.ErrOwnCase},
		"the author":                          {author, cases.ErrOwnCase, cases.ErrOwnCase},
		"a coordinator of a region":           {coordinator("KZ:KZ-11"), cases.ErrMunicipality, cases.ErrMunicipality},
		"an officer without any municipality": {accounts.Actor{ID: "o", Grants: []accounts.Grant{{Role: accounts.Officer}}}, cases.ErrCoordinators, accounts.ErrForbidden},
	}
	onBank(t, func(t *testing.T, b *bank) {
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				c := b.publish(t, told(name))
				if err := b.Endorse(t.Context(), tt.who, c.ID, goodReason); !errors.Is(err, tt.signal) {
					t.Errorf("endorse: %v, want %v", err, tt.signal)
				}
				if err := b.Adopt(t.Context(), tt.who, c.ID, cases.Adopting{Note: "n", Confirmed: true}); !errors.Is(err, tt.signal) {
					t.Errorf("adopt: %v, want %v", err, tt.signal)
				}
				if err := b.Vote(t.Context(), tt.who, c.ID, true); !errors.Is(err, tt.vote) {
					t.Errorf("vote: %v, want %v", err, tt.vote)
				}
			})
		}
	})
}

func TestAnEndorsementNeedsAReasonAndComesOnce(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Endorsed"))
		who := coordinator(oulu)
		for _, tt := range []struct {
			reason string
			want   error
		}{
			{"", cases.ErrReasonShort},
			{strings.Repeat("ä", 39), cases.ErrReasonShort},
			{"  " + strings.Repeat("ä", 39) + "   ", cases.ErrReasonShort},
			{strings.Repeat("ä", 601), cases.ErrReasonLong},
			{strings.Repeat("ä", 40), nil},
			{"A second one from the same municipality.", cases.ErrEndorsed},
		} {
			if err := b.Endorse(t.Context(), who, c.ID, tt.reason); !errors.Is(err, tt.want) {
				t.Errorf("%q: %v, want %v", tt.reason, err, tt.want)
			}
		}
	})
}

func TestAnAdoptionHasItsOwnResultAndTellsTheExperiment(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Copied"))
		for name, tt := range map[string]struct {
			form cases.Adopting
			want error
		}{
			"no note":          {cases.Adopting{Confirmed: true}, cases.ErrNoteMissing},
			"a note too long":  {cases.Adopting{Note: strings.Repeat("ä", 201), Confirmed: true}, cases.ErrNoteLong},
			"an odd result":    {cases.Adopting{Note: "n", Result: "great", Confirmed: true}, cases.ErrResult},
			"not confirmed it": {cases.Adopting{Note: "n"}, cases.ErrUnconfirmed},
		} {
			if err := b.Adopt(t.Context(), coordinator(oulu), c.ID, tt.form); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
		b.adopt(t, c.ID, oulu)
		b.now = noon.AddDate(0, 1, 0)
		if err := b.Adopt(t.Context(), coordinator(oulu), c.ID, cases.Adopting{Result: cases.Partly, Note: "Fewer than hoped.", Confirmed: true}); err != nil {
			t.Fatal(err)
		}
		shown, err := b.Show(t.Context(), nobody, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(shown.Adoptions) != 1 || shown.Adoptions[0].Result != cases.Partly || !shown.Adoptions[0].At.Equal(noon) {
			t.Errorf("a second time renews the result and keeps the date: %+v", shown.Adoptions)
		}
		if want := []string{c.Origin.Experiment + " by coordinator-fi564: Calls fell by a third."}; !slices.Equal(b.spread, want) {
			t.Errorf("the experiment heard %q, want %q", b.spread, want)
		}
	})
}

func TestAVoteIsCountedOnceAndMayChange(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Useful"))
		ctx := once.With(t.Context(), member.ID, "form", "")
		for range 2 { // the same form twice
			if err := b.Vote(ctx, member, c.ID, true); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Vote(t.Context(), member, c.ID, false); err != nil {
			t.Fatal(err)
		}
		shown, err := b.Show(t.Context(), member, c.ID)
		if err != nil || shown.Yes != 0 || shown.No != 1 || shown.Mine == nil || shown.Mine.Useful {
			t.Errorf("%d yes, %d no, mine %+v, %v", shown.Yes, shown.No, shown.Mine, err)
		}
		if got := b.kinds(t, c.ID); got != "drafted published voted voted" {
			t.Errorf("journal says %q", got)
		}
	})
}

// rankedTitles are the titles of a list of the board, in order.
func (b *bank) ranked(t *testing.T, list cases.List) string {
	t.Helper()
	board, err := b.Board(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, e := range board.Lists[list] {
		titles = append(titles, e.Row.Title)
	}
	return strings.Join(titles, ", ")
}

func TestTheBoardFollowsEveryChange(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		one, two := b.publish(t, told("One")), b.publish(t, told("Two"))
		steps := []struct {
			do   func()
			want string
		}{
			{func() {}, ""},
			{func() { b.endorse(t, one.ID, oulu) }, ""},
			{func() { b.endorse(t, one.ID, kemi) }, "One"},
			{func() { b.adopt(t, two.ID, oulu, sunds) }, "Two, One"},
			{func() {
				if err := b.Withdraw(t.Context(), author, two.ID, "Wrong."); err != nil {
					t.Fatal(err)
				}
			}, "One"},
		}
		for i, step := range steps {
			step.do()
			if got := b.ranked(t, cases.Practices); got != step.want {
				t.Errorf("after step %d: %q, want %q", i, got, step.want)
			}
		}
	})
}

func TestTheScoreOfThePageIsThatOfTheFormula(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Receipt"))
		b.endorse(t, c.ID, oulu, akaa, kemi) // akaa: same region, half
		b.adopt(t, c.ID, sunds)
		back := told("Back")
		back.Organisation = kemi
		b.endorse(t, b.publish(t, back).ID, tampere) // kemi and tampere endorse each other: half
		board, err := b.Board(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s, ok := board.Score(c.ID)
		if !ok {
			t.Fatal("no score")
		}
		near(t, "e", s.Endorsed, 1+0.5+0.5, 1e-9)
		near(t, "a", s.Adopted, 1, 1e-9)
		near(t, "total", s.Total, 35*0.25+25*2.0/7+20*0.9, 1e-9)
		if s.Municipalities != 4 || board.Rank(cases.Practices, c.ID) != 1 {
			t.Errorf("%d municipalities, rank %d", s.Municipalities, board.Rank(cases.Practices, c.ID))
		}
	})
}

func TestListsAreCappedAndOrdered(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		give := func(title, owner, sector string, outcome cases.Outcome, endorsers ...string) {
			d := told(title)
			d.Organisation, d.Sector, d.Outcome = owner, sector, outcome
			b.now = b.now.Add(time.Minute)
			b.endorse(t, b.publish(t, d).ID, endorsers...)
		}
		give("t1", tampere, "01.1", cases.Confirmed, oulu, kemi, sunds)
		give("t2", tampere, "02.1", cases.Confirmed, oulu, kemi, sunds)
		give("t3", tampere, "03.1", cases.Confirmed, oulu, kemi, sunds) // a third of one owner
		for i, owner := range []string{"FI:005", "FI:010", "FI:016", "FI:018", "FI:019"} {
			give(fmt.Sprintf("s%d", i), owner, "09.1", cases.NotConfirmed, oulu, kemi) // five of one sector
		}
		give("small", alavies, "04.1", cases.NotTested, sunds, kemi)
		// Equal points: learnt later comes first; t2 and t3 push out t1.
		if got, want := b.ranked(t, cases.Practices), "t3, t2, small, s4, s3, s2, s1"; got != want {
			t.Errorf("practices %q, want %q", got, want)
		}
		if got, want := b.ranked(t, cases.Lessons), "small, s4, s3, s2, s1"; got != want {
			t.Errorf("lessons %q, want %q", got, want)
		}
		if got := b.ranked(t, cases.Small); !strings.HasPrefix(got, "small") {
			t.Errorf("small %q", got)
		}
		if got, want := b.ranked(t, cases.Newest), "small, s4, s3, s2, s1, s0, t3, t2, t1"; got != want {
			t.Errorf("newest %q, want %q", got, want)
		}
	})
}

func TestAWeekIsFrozenOnceAsItStoodOnMonday(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		monday := cases.Monday(noon, time.UTC)
		if err := b.Freeze(t.Context()); err != nil {
			t.Fatal(err)
		}
		if weeks, err := b.Weeks(t.Context(), 9); err != nil || len(weeks) != 0 {
			t.Errorf("an empty portal froze %+v, %v", weeks, err)
		}
		b.now = monday.AddDate(0, 0, -9)
		one, two := b.publish(t, told("One")), b.publish(t, told("Two"))
		b.endorse(t, one.ID, oulu, kemi)
		b.endorse(t, two.ID, oulu, kemi, sunds)
		b.now = monday.AddDate(0, 0, -6) // Tuesday of the week before
		if err := b.Freeze(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.adopt(t, one.ID, oulu, sunds)
		b.now = noon
		b.endorse(t, two.ID, akaa) // after Monday: not in Monday's list
		for range 2 {
			if err := b.Freeze(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		weeks, err := b.Weeks(t.Context(), 9)
		if err != nil || len(weeks) != 2 {
			t.Fatalf("%d weeks, %v", len(weeks), err)
		}
		first := weeks[0].Lists[cases.Practices]
		if !weeks[0].At.Equal(monday) || len(first) != 2 || first[0].Case != one.ID || first[0].Change != (cases.Change{Kind: cases.ChangeUp, By: 1}) {
			t.Errorf("this week: %+v", weeks[0])
		}
		if n := len(first[1].Score.Endorsements); n != 3 {
			t.Errorf("Monday's list counts %d endorsements of Two, want the 3 that were there", n)
		}
		if c := weeks[1].Lists[cases.Practices][0].Change; c != (cases.Change{}) {
			t.Errorf("the first list of all has changes: %+v", c)
		}
		board, err := b.Board(t.Context())
		if err != nil || board.Frozen == nil || !board.Frozen.At.Equal(monday) {
			t.Fatalf("board beside the frozen list: %+v, %v", board, err)
		}
		if c := board.Lists[cases.Practices][0].Change; c.Kind != cases.ChangeSame {
			t.Errorf("now against Monday: %+v", c)
		}
	})
}

func TestAnotherNodesChangeIsSeenWhenTheJournalTellsIt(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		other := &cases.Service{Store: b.Store, Journal: b.Journal, Now: func() time.Time { return b.now }, NewID: b.NewID}
		if _, err := other.Board(t.Context()); err != nil {
			t.Fatal(err)
		}
		c := b.publish(t, told("Elsewhere"))
		b.endorse(t, c.ID, oulu, kemi)
		other.Changed(c.ID)
		board, err := other.Board(t.Context())
		if err != nil || board.Rank(cases.Practices, c.ID) != 1 {
			t.Errorf("not seen: %v", err)
		}
	})
}

func TestTheLanguagesOfOneCaseCountOnce(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Original"))
		id, err := b.Translate(t.Context(), author, c.ID, "sv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.EditAndPublish(t.Context(), author, id, cases.Text{Revision: 1, Title: "Översatt", Body: body("sv")}); err != nil {
			t.Fatal(err)
		}
		b.endorse(t, c.ID, oulu, kemi)
		b.endorse(t, id, kemi, sunds)
		board, err := b.Board(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := b.ranked(t, cases.Practices); got != "Original" {
			t.Errorf("the list is %q", got)
		}
		for _, one := range []string{c.ID, id} {
			if s, ok := board.Score(one); !ok || s.Endorsed != 3 || s.Municipalities != 3 {
				t.Errorf("%s: %+v", one, s)
			}
			if shown, err := b.Show(t.Context(), nobody, one); err != nil || len(shown.Endorsements) != 3 {
				t.Errorf("%s shows %d endorsements, %v", one, len(shown.Endorsements), err)
			}
		}
	})
}

func TestImportedCasesHaveNoScore(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c, err := b.Add(t.Context(), author, cases.Draft{Title: "Plain", Body: "Text.", Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		b.endorse(t, c.ID, oulu, kemi)
		board, err := b.Board(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := board.Score(c.ID); ok || len(board.Lists[cases.Practices]) != 0 {
			t.Error("a case without an experiment has a score")
		}
		err = b.Store.Update(t.Context(), func(tx store.Tx) error {
			return b.OriginTx(tx, c.ID, cases.Origin{Experiment: "linked", Stage: "L", Completeness: 1})
		})
		if err != nil || b.ranked(t, cases.Practices) != "Plain" {
			t.Errorf("linked to an experiment it may stand there: %v", err)
		}
	})
}
