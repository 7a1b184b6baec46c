package experiments_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
)

func (w *world) note(who, id string, n experiments.Entry) (int, error) {
	return w.AppendLog(w.ctx(), w.actors[who], id, n)
}

func TestWhatALogEntryNeeds(t *testing.T) {
	picture := experiments.Picture{Hash: strings.Repeat("a", 64), Alt: "Reittikartta"}
	tests := map[string]struct {
		n    experiments.Entry
		want []string
	}{
		"a sentence":            {experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll}, nil},
		"a picture with words":  {experiments.Entry{Kind: experiments.PictureTaken, Pictures: []experiments.Picture{picture}, Reach: experiments.ForAll}, nil},
		"a number of a measure": {experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(7), Reach: experiments.ForAll}, nil},
		"nothing":               {experiments.Entry{Kind: experiments.Observation, Reach: experiments.ForAll}, []string{"text experiment.log_empty"}},
		"a kind and a reach nobody knows": {experiments.Entry{Kind: "gossip", Text: "x", Reach: "moon"}, []string{
			"kind experiment.log_kind_unknown", "reach experiment.log_reach",
		}},
		"1001 characters":          {experiments.Entry{Kind: experiments.Observation, Text: strings.Repeat("ж", 1001), Reach: experiments.ForAll}, []string{"text experiment.too_long"}},
		"a number without a value": {experiments.Entry{Kind: experiments.Number, Text: "x", Measure: 1, Reach: experiments.ForAll}, []string{"value experiment.log_value"}},
		"a number of no measure":   {experiments.Entry{Kind: experiments.Number, Measure: 4, Value: num(1), Reach: experiments.ForAll}, []string{"value experiment.log_value"}},
		"a picture kind without":   {experiments.Entry{Kind: experiments.PictureTaken, Text: "x", Reach: experiments.ForAll}, []string{"picture experiment.log_picture"}},
		"a picture without words":  {experiments.Entry{Kind: experiments.PictureTaken, Pictures: []experiments.Picture{{Hash: picture.Hash, Alt: "  "}}, Reach: experiments.ForAll}, []string{"alt experiment.alt_missing"}},
		"four pictures":            {experiments.Entry{Kind: experiments.PictureTaken, Pictures: slices.Repeat([]experiments.Picture{picture}, 4), Reach: experiments.ForAll}, []string{"picture experiment.too_many_pictures"}},
		"a day that has not come":  {experiments.Entry{Kind: experiments.Observation, Text: "x", At: on(time.May, 1), Reach: experiments.ForAll}, []string{"at experiment.log_future"}},
		"a correction of no entry": {experiments.Entry{Kind: experiments.Observation, Text: "x", Corrects: 99, Reach: experiments.ForAll}, []string{"corrects experiment.no_such_entry"}},
	}
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				_, err := w.note("developer", id, tt.n)
				if diff := cmp.Diff(tt.want, said(err)); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
}

func TestWhoWritesAndReadsTheLog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		for _, reach := range experiments.Reaches {
			_, err := w.note("developer", id, experiments.Entry{Kind: experiments.Observation, Text: string(reach), Reach: reach})
			w.must(err)
		}
		reads := map[string][]string{
			"nobody": {"public"}, "developer": {"team", "members", "public"}, "developer2": {"members", "public"},
			"coordinator": {"members", "public"}, "manager": {"members", "public"}, "methodologist": {"team", "members", "public"},
		}
		for who, want := range reads {
			p, err := w.Log(t.Context(), w.actors[who], id, experiments.LogQuery{})
			w.must(err)
			var got []string
			for _, n := range p.Entries {
				got = append(got, n.Text)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s reads:\n%s", who, diff)
			}
			if closed := !slices.Contains(want, "team"); p.Closed != closed {
				t.Errorf("%s is told that entries are closed: %v", who, p.Closed)
			}
		}
		for who, want := range map[string]fault.Kind{"nobody": fault.Unauthenticated, "developer2": fault.Forbidden, "coordinator": fault.Forbidden, "manager": fault.Forbidden} {
			if _, err := w.note(who, id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll}); fault.KindOf(err) != want {
				t.Errorf("%s writes: %v, want %v", who, err, want)
			}
		}
		if _, err := w.note("methodologist", id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll}); err != nil {
			t.Errorf("the methodologist writes: %v", err)
		}
		if err := w.save("methodologist", id, experiments.AfterEdit{After: "x"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the methodologist edits the card: %v", err)
		}
	})
}

func TestAManagerWhoIsInNoTeamReadsItWhenThePortalSaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.TeamOpen = true
		id := w.at(experiments.Running)
		_, thing, err := w.Get(t.Context(), w.actors["developer"], id)
		w.must(err)
		if !thing.TeamOpen || !slices.Contains(thing.TeamOrganisations, "FI:889") {
			t.Errorf("thing %+v", thing)
		}
		for who, want := range map[string]bool{"manager": true, "coordinator": true, "coordinator2": false, "developer2": false, "admin": false, "nobody": false} {
			if got := accounts.Can(w.actors[who], accounts.ReadTeamLog, thing); got != want {
				t.Errorf("%s reads the team's text: %v, want %v", who, got, want)
			}
		}
	})
}

func TestMistakesArePutRightByNewEntries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		wrong, err := w.note("developer", id, experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(70), Reach: experiments.ForAll})
		w.must(err)
		right, err := w.note("developer", id, experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(7), Reach: experiments.ForAll, Corrects: wrong})
		w.must(err)
		if _, err := w.note("developer", id, experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(8), Reach: experiments.ForAll, Corrects: wrong}); !errors.Is(err, experiments.ErrNoSuchEntry) {
			t.Errorf("put right twice: %v", err)
		}
		p, err := w.Log(t.Context(), accounts.Actor{}, id, experiments.LogQuery{})
		w.must(err)
		if p.Entries[0].Corrects != wrong || p.Entries[1].Corrected != right || *p.Entries[1].Value != 70 {
			t.Errorf("log %+v", p.Entries)
		}
		e, thing, err := w.Get(t.Context(), accounts.Actor{}, id)
		w.must(err)
		if got := e.ReadingsOf(accounts.Actor{}, thing, 1); len(got) != 1 || got[0].Value != 7 {
			t.Errorf("readings %+v, want the right one only", got)
		}
	})
}

func TestAReadingForTheTeamIsNotOnThePublicPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		_, err := w.note("developer", id, experiments.Entry{Kind: experiments.Number, Measure: 1, Value: num(7), Reach: experiments.ForTeam})
		w.must(err)
		e, thing, err := w.Get(t.Context(), w.actors["developer"], id)
		w.must(err)
		if n := len(e.ReadingsOf(w.actors["developer"], thing, 1)); n != 1 {
			t.Errorf("the owner sees %d readings", n)
		}
		if n := len(e.ReadingsOf(accounts.Actor{}, thing, 1)); n != 0 {
			t.Errorf("everybody sees %d readings", n)
		}
	})
}

func TestALongLogIsReadInParts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		version := w.card(id).Version
		for range 25 {
			_, err := w.note("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll})
			w.must(err)
		}
		var seen []int
		for before := 0; ; {
			p, err := w.Log(t.Context(), accounts.Actor{}, id, experiments.LogQuery{Before: before, Limit: 10})
			w.must(err)
			for _, n := range p.Entries {
				seen = append(seen, n.N)
			}
			if before = p.Older; before == 0 {
				break
			}
		}
		if len(seen) != 25 || seen[0] != 25 || seen[24] != 1 {
			t.Errorf("seen %v", seen)
		}
		if got := w.card(id); got.Version != version || got.LogCount != 25 {
			t.Errorf("version %d, count %d: the log does not disturb who edits the card", got.Version, got.LogCount)
		}
	})
}

func TestAnEntrySentTwiceIsOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		ctx := once.With(t.Context(), "developer", "key", "")
		for range 2 {
			n, err := w.AppendLog(ctx, w.actors["developer"], id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll})
			if n != 1 || err != nil {
				t.Errorf("entry %d, %v", n, err)
			}
		}
	})
}
