package experiments_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// stuck is an obstacle that everybody may read.
func stuck(b experiments.Barrier) experiments.Entry {
	return experiments.Entry{Kind: experiments.Obstacle, Barrier: b, Text: "Rajapintaa ei saa.", Reach: experiments.ForAll}
}

// after says what became of an obstacle.
func after(n int, how experiments.FollowUp) experiments.Entry {
	return experiments.Entry{Kind: experiments.Observation, Text: "Siirrettiin käsin.", Reach: experiments.ForAll, Follows: n, FollowUp: how}
}

// inTheWay are the numbers of the open obstacles that somebody sees.
func (w *world) inTheWay(who, id string) (numbers []int) {
	w.t.Helper()
	p, err := w.Log(w.ctx(), w.actors[who], id, experiments.LogQuery{Open: true})
	w.must(err)
	for _, n := range p.Entries {
		numbers = append(numbers, n.N)
	}
	return numbers
}

// tallies are the public counts, without what nobody met.
func (w *world) tallies() map[experiments.Barrier][3]int {
	w.t.Helper()
	list, err := w.ObstacleCounts(w.ctx())
	w.must(err)
	got := map[experiments.Barrier][3]int{}
	for _, c := range list {
		if c.All() > 0 {
			got[c.Barrier] = [3]int{c.Open, c.Settled, c.Experiments}
		}
	}
	return got
}

func (w *world) noted(who, id string, n experiments.Entry) int {
	w.t.Helper()
	number, err := w.note(who, id, n)
	w.must(err)
	return number
}

func TestAnObstacleIsOpenUntilItIsFollowedUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		first := w.noted("developer", id, stuck(experiments.BarrierSystem))
		second := w.noted("developer", id, stuck(""))
		if diff := cmp.Diff([]int{second, first}, w.inTheWay("nobody", id)); diff != "" {
			t.Error(diff)
		}
		follow := w.noted("methodologist", id, after(first, experiments.Solved))
		if diff := cmp.Diff([]int{second}, w.inTheWay("nobody", id)); diff != "" {
			t.Error(diff)
		}
		old, err := w.Entry(t.Context(), accounts.Actor{}, id, first)
		w.must(err)
		if old.Followed != follow || old.Settled != experiments.Solved || old.Text != "Rajapintaa ei saa." {
			t.Errorf("the obstacle says %+v", old)
		}
		want := map[experiments.Barrier][3]int{experiments.BarrierSystem: {0, 1, 1}, experiments.BarrierOther: {1, 0, 1}}
		if diff := cmp.Diff(want, w.tallies()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhatAFollowUpNeeds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		open := w.noted("developer", id, stuck(experiments.BarrierMoney))
		settled := w.noted("developer", id, stuck(experiments.BarrierMoney))
		w.noted("developer", id, after(settled, experiments.Accepted))
		plain := w.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll})
		wordless, narrow := after(open, experiments.Solved), after(open, experiments.Solved)
		wordless.Text, narrow.Reach = " ", experiments.ForTeam
		tests := map[string]struct {
			n    experiments.Entry
			want []string
		}{
			"a way it ended":          {after(open, "vanished"), []string{"follow_up experiment.follow_up_unknown"}},
			"how":                     {wordless, []string{"text experiment.follow_up_how"}},
			"an obstacle that exists": {after(99, experiments.Solved), []string{"follows experiment.no_such_obstacle"}},
			"an obstacle at all":      {after(plain, experiments.Solved), []string{"follows experiment.no_such_obstacle"}},
			"one that is still open":  {after(settled, experiments.GivenUp), []string{"follows experiment.no_such_obstacle"}},
			"readers who see both":    {narrow, []string{"reach experiment.log_narrower"}},
			"a barrier that exists":   {stuck("weather"), []string{"barrier experiment.barrier_unknown"}},
		}
		for name, tt := range tests {
			_, err := w.note("developer", id, tt.n)
			if diff := cmp.Diff(tt.want, said(err)); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
		if got := w.inTheWay("nobody", id); len(got) != 1 || got[0] != open {
			t.Errorf("open are %v", got)
		}
	})
}

func TestNobodySeesObstaclesOfOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		secret := stuck(experiments.BarrierPeople)
		secret.Reach = experiments.ForTeam
		n := w.noted("developer", id, secret)
		for who, sees := range map[string]bool{"nobody": false, "developer2": false, "manager": false, "coordinator": false, "methodologist": true, "developer": true} {
			if got := len(w.inTheWay(who, id)); (got == 1) != sees {
				t.Errorf("%s sees %d", who, got)
			}
			if _, err := w.Entry(t.Context(), w.actors[who], id, n); sees != (err == nil) || !sees && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s asks for the entry: %v", who, err)
			}
		}
		if got := w.tallies(); len(got) != 0 {
			t.Errorf("it is counted: %v", got)
		}
		draft := w.registered()
		w.noted("developer", draft, stuck(experiments.BarrierMoney))
		if got := w.tallies(); len(got) != 0 {
			t.Errorf("a draft is counted: %v", got)
		}
	})
}

func TestCorrectionsKeepObstaclesStraight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		first := w.noted("developer", id, stuck(experiments.BarrierMoney))
		right := stuck(experiments.BarrierProcurement)
		right.Corrects = first
		second := w.noted("developer", id, right)
		if diff := cmp.Diff([]int{second}, w.inTheWay("nobody", id)); diff != "" {
			t.Errorf("the corrected one is open no more:\n%s", diff)
		}
		follow := w.noted("developer", id, after(second, experiments.GivenUp))
		better := experiments.Entry{Kind: experiments.Observation, Text: "Se ratkesi sittenkin.", Reach: experiments.ForAll, Corrects: follow, FollowUp: experiments.Solved}
		last := w.noted("developer", id, better)
		one, err := w.Entry(t.Context(), accounts.Actor{}, id, second)
		w.must(err)
		if one.Followed != last || one.Settled != experiments.Solved {
			t.Errorf("the obstacle says %+v, want what the correction says", one)
		}
		again := stuck(experiments.BarrierSkills)
		again.Corrects = second
		w.noted("developer", id, again)
		if got := w.inTheWay("nobody", id); len(got) != 0 {
			t.Errorf("open again: %v", got)
		}
		want := map[experiments.Barrier][3]int{experiments.BarrierSkills: {0, 1, 1}}
		if diff := cmp.Diff(want, w.tallies()); diff != "" {
			t.Error(diff)
		}
		plain := experiments.Entry{Kind: experiments.Observation, Text: "Ei este ollenkaan.", Reach: experiments.ForAll, Corrects: w.card(id).LogCount}
		w.noted("developer", id, plain)
		if got := w.tallies(); len(got) != 0 {
			t.Errorf("still counted: %v", got)
		}
	})
}

func TestACorrectionIsReadByAllWhoReadTheMistake(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		n := w.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForMembers})
		_, err := w.note("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "y", Reach: experiments.ForTeam, Corrects: n})
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(strings.Join(said(err), ""), "log_narrower") {
			t.Errorf("narrower: %v", err)
		}
		wider := w.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "y", Reach: experiments.ForAll, Corrects: n})
		p, err := w.Log(t.Context(), accounts.Actor{}, id, experiments.LogQuery{})
		w.must(err)
		if len(p.Entries) != 1 || p.Entries[0].N != wider || !p.Unseen[n] {
			t.Errorf("everybody sees %+v", p)
		}
	})
}

// What was written before logs had indexes is found and counted after the
// migration, and the migration may run on what is new.
func TestOldLogsAreIndexed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		w.noted("developer", id, stuck(experiments.BarrierMoney))
		w.noted("developer", id, experiments.Entry{Kind: experiments.SmallWin, Text: "x", Reach: experiments.ForAll})
		w.must(w.Store.Update(t.Context(), func(tx store.Tx) error {
			for e, err := range tx.Scan("experiment_log/what", store.Range{}) {
				if err != nil {
					return err
				}
				if err := tx.Delete("experiment_log/what", e.Key); err != nil {
					return err
				}
			}
			return nil
		}))
		if got := w.inTheWay("nobody", id); len(got) != 0 {
			t.Fatalf("the index still has %v", got)
		}
		for range 2 {
			w.must(w.Store.Update(t.Context(), func(tx store.Tx) error { return experiments.Steps[0].Apply(tx) }))
		}
		p, err := w.Log(t.Context(), accounts.Actor{}, id, experiments.LogQuery{})
		w.must(err)
		if len(p.Entries) != 2 || len(w.inTheWay("nobody", id)) != 1 {
			t.Errorf("found %+v", p.Entries)
		}
		if diff := cmp.Diff(map[experiments.Barrier][3]int{experiments.BarrierMoney: {1, 0, 1}}, w.tallies()); diff != "" {
			t.Error(diff)
		}
	})
}
