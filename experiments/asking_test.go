package experiments_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// asked runs the duty twice and returns how many it asked.
func (w *world) asked() int {
	w.t.Helper()
	n, err := w.Ask(w.ctx())
	w.must(err)
	again, err := w.Ask(w.ctx())
	w.must(err)
	if again != 0 {
		w.t.Errorf("asked %d again at once", again)
	}
	return n
}

func (w *world) subjects(who string) (list []string) {
	w.t.Helper()
	for _, l := range w.letters(who + "@kunta.example") {
		list = append(list, l.Subject)
	}
	return list
}

func TestAQuietIdeaIsAskedWhetherItIsAlive(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Idea)
		begin := w.clock()
		w.goTo(begin.AddDate(0, 0, 89))
		if n := w.asked(); n != 0 {
			t.Errorf("asked after 89 days: %d", n)
		}
		if err := w.Still(w.ctx(), w.actors["developer"], id); !errors.Is(err, experiments.ErrNotAsked) {
			t.Errorf("an answer to nothing: %v", err)
		}
		w.goTo(begin.AddDate(0, 0, 90))
		if n := w.asked(); n != 1 || w.waits(id) != experiments.AskAlive {
			t.Errorf("asked after 90 days: %d, waits for %q", n, w.waits(id))
		}
		if diff := cmp.Diff([]string{"Is the idea still alive?"}, w.subjects("developer")); diff != "" {
			t.Error(diff)
		}
		if err := w.Still(w.ctx(), w.actors["coordinator"], id); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the coordinator answers: %v", err)
		}
		w.must(w.Still(w.ctx(), w.actors["developer"], id))
		if got := w.waits(id); got != "" {
			t.Errorf("still waits for %q", got)
		}
		w.goTo(begin.AddDate(0, 0, 179))
		if n := w.asked(); n != 0 {
			t.Errorf("asked %d, 89 days after the answer", n)
		}
		w.goTo(begin.AddDate(0, 0, 180))
		if n := w.asked(); n != 1 {
			t.Errorf("asked %d, 90 days after the answer", n)
		}
		w.goTo(begin.AddDate(0, 0, 181))
		w.must(w.save("developer", id, experiments.AfterEdit{After: "Jos toimii"}))
		if got := w.waits(id); got != "" {
			t.Errorf("something was done, and it waits for %q", got)
		}
	})
}

func TestALateLessonIsStuckAndTheCoordinatorHears(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Ended)
		end := w.clock()
		w.goTo(end.AddDate(0, 0, 28))
		if n := w.asked(); n != 0 || w.stuck(id) {
			t.Errorf("stuck after 28 days: %d", n)
		}
		w.goTo(end.AddDate(0, 0, 29))
		if n := w.asked(); n != 1 || !w.stuck(id) {
			t.Errorf("after 29 days: %d", n)
		}
		for _, who := range []string{"developer", "coordinator"} {
			if diff := cmp.Diff([]string{"A lesson is stuck"}, w.subjects(who)); diff != "" {
				t.Errorf("%s: %s", who, diff)
			}
		}
		if got := w.subjects("coordinator2"); got != nil {
			t.Errorf("another coordinator hears of it: %v", got)
		}
		w.must(w.save("developer", id, lesson()))
		w.must(w.Advance(w.ctx(), w.actors["developer"], id, experiments.Learned, ""))
		if w.stuck(id) || w.waits(id) != "" {
			t.Error("learned, and still stuck")
		}
	})
}

func (w *world) stuck(id string) bool {
	e := w.card(id)
	return e.IsStuck(w.clock(), helsinki)
}

func TestALessonIsAskedEveryYearWhetherItIsValid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Learned)
		for year := 2027; year <= 2028; year++ {
			day := time.Date(year, time.March, 2, 12, 0, 0, 0, helsinki)
			w.goTo(day.Add(-time.Hour))
			if n := w.asked(); n != 0 {
				t.Errorf("%d: asked before the year was over", year)
			}
			w.goTo(day)
			if n := w.asked(); n != 1 || w.waits(id) != experiments.AskValid {
				t.Errorf("%d: asked %d", year, n)
			}
			w.must(w.Still(w.ctx(), w.actors["developer"], id))
		}
	})
}

func TestThePauseOfEightWeeksIsSaid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		w.must(w.Advance(w.ctx(), w.actors["developer"], id, experiments.Paused, "Loma"))
		if diff := cmp.Diff([]string{"An experiment is paused"}, w.subjects("coordinator")); diff != "" {
			t.Error(diff)
		}
		if got := w.letters("manager@kunta.example"); len(got) != 1 || !strings.Contains(got[0].Text, "Loma") {
			t.Errorf("the sponsor hears %+v", got)
		}
		w.goTo(w.clock().AddDate(0, 0, 56))
		if n := w.asked(); n != 1 || w.waits(id) != experiments.AskPause {
			t.Errorf("asked %d", n)
		}
		if err := w.Still(w.ctx(), w.actors["developer"], id); !errors.Is(err, experiments.ErrNotAsked) {
			t.Errorf("a yes is no answer to that: %v", err)
		}
	})
}

func TestPermissionsAreRemindedOfOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Planned)
		edit := experiments.DecisionsEdit{Decisions: experiments.Decisions{None: true}, Permissions: []experiments.Permission{
			{Rule: "Hankintaraja", By: "Kunnanhallitus", Until: midnight(time.April, 30)},
			{Rule: "Aukioloajat", By: "Rehtori", Until: midnight(time.June, 30)},
		}}
		w.must(w.save("developer", id, edit))
		reminded := func() int {
			n, err := w.Remind(w.ctx())
			w.must(err)
			return n
		}
		w.goTo(midnight(time.April, 16).Add(-time.Minute))
		if n := reminded(); n != 0 {
			t.Errorf("%d too early", n)
		}
		w.goTo(midnight(time.April, 16))
		if n := reminded() + reminded(); n != 1 {
			t.Errorf("reminded %d times, want once", n)
		}
		got := w.letters("developer@kunta.example")
		if len(got) != 1 || !strings.Contains(got[0].Text, "Hankintaraja") || strings.Contains(got[0].Text, "Aukioloajat") {
			t.Errorf("letters %+v", got)
		}
		edit.Permissions[0].Until = midnight(time.May, 31) // more time was given
		w.must(w.save("developer", id, edit))
		w.goTo(midnight(time.May, 17))
		if n := reminded(); n != 1 {
			t.Errorf("the new day: reminded %d", n)
		}
	})
}

func TestALessonIsSentBackOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Learned)
		back := func(who string) error {
			return w.Advance(w.ctx(), w.actors[who], id, experiments.Ended, strings.Repeat("Miten laskitte? ", 30))
		}
		for _, who := range []string{"developer", "coordinator", "developer2", "manager"} {
			if err := back(who); !errors.Is(err, accounts.ErrForbidden) {
				t.Errorf("%s sends it back: %v", who, err)
			}
		}
		w.must(back("peer"))
		e := w.card(id)
		if e.Stage != experiments.Ended || e.Returned == nil || e.Returned.By != w.actors["peer"].ID || !e.HasLesson() {
			t.Errorf("at %s, %+v", e.Stage, e.Returned)
		}
		if got := w.letters("developer@kunta.example"); len(got) != 1 || !strings.Contains(got[0].Text, "Miten laskitte?") {
			t.Errorf("letters %+v", got)
		}
		w.must(w.Advance(w.ctx(), w.actors["developer"], id, experiments.Learned, ""))
		if err := back("methodologist"); !errors.Is(err, experiments.ErrReturned) {
			t.Errorf("a second time: %v", err)
		}
	})
}

func TestSpreadingNamesTheMunicipality(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ours, theirs := w.at(experiments.Learned), w.at(experiments.Learned)
		w.must(w.Advance(w.ctx(), w.actors["coordinator"], ours, experiments.Spread, "Koko talo"))
		w.must(w.Advance(w.ctx(), w.actors["coordinator2"], theirs, experiments.Spread, "Kaksi päiväkotia"))
		for id, want := range map[string]string{ours: "FI:889", theirs: "FI:020"} {
			if got := w.card(id).Spread; len(got) != 1 || got[0].Organisation != want {
				t.Errorf("%+v, want of %s", got, want)
			}
		}
	})
}

func (w *world) waits(id string) experiments.Question {
	e := w.card(id)
	return e.Waits()
}
