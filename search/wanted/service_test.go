package wanted_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
	"github.com/kokeilu/kokeilu/search/wanted"
)

func noon(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 12, 0, 0, 0, time.UTC)
}

var moderator = accounts.Actor{ID: "moderator", Grants: []accounts.Grant{{Role: accounts.Moderator}}}

// untried is a portal in which nobody tries anything.
type untried struct{}

func (untried) AnsweringTx(store.Tx, string) ([]wanted.Trial, error) { return nil, nil }

// desk is a portal at a time that tests move.
type desk struct {
	*wanted.Service
	t   *testing.T
	now time.Time
	ids int
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s store.Store) {
		d := &desk{t: t, now: noon(3, 2)}
		clock := func() time.Time { return d.now }
		log := slog.New(slog.DiscardHandler)
		d.Service = &wanted.Service{
			Store: s, Journal: journal.New(s, journal.Clock(clock), journal.Log(log)), Now: clock, Zone: time.UTC, Trials: untried{}, Log: log,
			NewID: func() string { d.ids++; return fmt.Sprintf("w%05d", d.ids) },
		}
		fn(t, d)
	})
}

// hear lets words be asked for on days in March, and counts them.
func (d *desk) hear(words string, days ...int) {
	d.t.Helper()
	for _, day := range days {
		d.now = noon(3, day)
		if !d.Hear("fi", words) {
			d.t.Fatalf("%q is not heard", words)
		}
		d.count()
	}
}

func (d *desk) count() {
	d.t.Helper()
	if err := d.Count(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) look() wanted.Desk {
	d.t.Helper()
	got, err := d.Desk(d.t.Context(), moderator)
	if err != nil {
		d.t.Fatal(err)
	}
	return got
}

// public are the words on the list.
func (d *desk) public() []string {
	d.t.Helper()
	list, err := d.List(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	words := []string{}
	for _, l := range list {
		words = append(words, l.Words)
	}
	return words
}

// stored is everything the store holds of wants.
func (d *desk) stored() string {
	d.t.Helper()
	var b strings.Builder
	err := d.Store.View(d.t.Context(), func(tx store.Tx) error {
		for e, err := range tx.Scan("wanted", store.Range{}) {
			if err != nil {
				return err
			}
			b.WriteString(e.Key + string(e.Value) + "\n")
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return b.String()
}

func TestNothingIsSeenBeforeThreeDaysAndAModerator(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.hear("koirapuisto", 2, 2, 3)
		if got := d.look(); len(got.Waiting) != 0 || got.Heard != 1 {
			t.Errorf("after two days a moderator sees %+v", got)
		}
		if kept := d.stored(); strings.Contains(kept, "koirapuisto") {
			t.Errorf("the words are kept after two days: %s", kept)
		}
		d.hear("Koirapuisto", 9)
		got := d.look()
		if len(got.Waiting) != 1 || got.Waiting[0].Words != "koirapuisto" || len(d.public()) != 0 {
			t.Fatalf("after three days: %+v, public %v", got, d.public())
		}
		if err := d.Approve(t.Context(), moderator, got.Waiting[0].ID); err != nil {
			t.Fatal(err)
		}
		if list := d.public(); !slices.Equal(list, []string{"koirapuisto"}) {
			t.Errorf("public: %v", list)
		}
		if err := d.Approve(t.Context(), moderator, got.Waiting[0].ID); !errors.Is(err, wanted.ErrDecided) {
			t.Errorf("approved twice: %v", err)
		}
	})
}

func TestAProgramThatAsksAgainAndAgainCountsOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.hear("koirapuisto", 2, 3, 4)
		for range 1000 {
			d.Hear("fi", "koirapuisto")
		}
		d.count() // the minute was counted already
		for i := range 300 {
			d.now = noon(3, 5).Add(time.Duration(i) * time.Second)
			d.Hear("fi", "koirapuisto")
			if i%7 == 0 {
				d.count()
			}
		}
		d.count()
		if got := d.look().Waiting[0].Times(); got != 3+5 {
			t.Errorf("counted %d times, want 8: three days, and five minutes", got)
		}
	})
}

func TestAFloodOfWordsFindsNoRoom(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.hear("koirapuisto", 2, 3, 4)
		refused := 0
		for i := range 2000 {
			if !d.Hear("fi", "satunnainen"+strings.Repeat("x", i%40)+fmt.Sprint(rune('a'+i%26))+strings.Repeat("y", i/40)) {
				refused++
			}
		}
		d.count()
		if got := d.look(); got.Heard > 100 || refused == 0 || len(got.Waiting) != 1 {
			t.Errorf("%d of 2000 are kept, %d were refused, %d wait", got.Heard, refused, len(got.Waiting))
		}
	})
}

func TestHiddenWordsAreForgottenAndDoNotComeBack(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.hear("matti meikäläinen", 2, 3, 4)
		id := d.look().Waiting[0].ID
		if err := d.Hide(t.Context(), moderator, id, ""); !errors.Is(err, wanted.ErrReason) {
			t.Errorf("hidden without a reason: %v", err)
		}
		if err := d.Hide(t.Context(), moderator, id, "Names a person."); err != nil {
			t.Fatal(err)
		}
		d.hear("matti meikäläinen", 5, 6, 7, 8)
		if got := d.look(); len(got.Waiting)+len(got.Open) != 0 || got.Hidden != 1 || strings.Contains(d.stored(), "meikäläinen") {
			t.Errorf("a hidden name is back: %+v", got)
		}
	})
}

func TestTheSameInOtherWordsCountsTogether(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.hear("hundrastgård", 2, 3, 4)
		d.hear("koirapuisto", 2, 3, 4)
		waits := d.look().Waiting
		first, second := waits[0], waits[1]
		if err := d.Merge(t.Context(), moderator, second.ID, first.ID); !errors.Is(err, wanted.ErrInto) {
			t.Errorf("merged into one that is not open: %v", err)
		}
		if err := d.Approve(t.Context(), moderator, first.ID); err != nil {
			t.Fatal(err)
		}
		if err := d.Merge(t.Context(), moderator, second.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		d.hear(second.Words, 9)
		list, err := d.List(t.Context())
		if err != nil || len(list) != 1 || list[0].Times() != 7 || !slices.Equal(list[0].Also, []string{second.Words}) {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestOnlyModeratorsAndAdministratorsDecide(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.hear("koirapuisto", 2, 3, 4)
		id := d.look().Waiting[0].ID
		for name, a := range map[string]accounts.Actor{
			"a stranger": {}, "a developer": {ID: "d", Grants: []accounts.Grant{{Role: accounts.Member, Organisation: "FI:020"}}},
			"a coordinator": {ID: "c", Grants: []accounts.Grant{{Role: accounts.Coordinator, Organisation: "FI:020"}}},
		} {
			want := accounts.ErrForbidden
			if !a.SignedIn() {
				want = accounts.ErrSignIn
			}
			_, err := d.Desk(t.Context(), a)
			for _, err := range []error{err, d.Approve(t.Context(), a, id), d.Hide(t.Context(), a, id, "x"), d.Merge(t.Context(), a, id, id)} {
				if !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", name, err, want)
				}
			}
		}
		if len(d.public()) != 0 {
			t.Error("it is public all the same")
		}
	})
}

func TestWhatWasHeardIsCountedWhenThePortalStops(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.hear("koirapuisto", 2, 3)
		d.now = noon(3, 4)
		d.Hear("fi", "koirapuisto")
		ctx, stop := contextThatIsOver(t)
		defer stop()
		d.Run(ctx)
		if got := d.look(); len(got.Waiting) != 1 {
			t.Errorf("the last search was lost: %+v", got)
		}
	})
}

// contextThatIsOver is what the portal's work gets when it is stopped.
func contextThatIsOver(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	return ctx, stop
}
