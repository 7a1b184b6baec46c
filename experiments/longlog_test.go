package experiments_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// looks counts how many records a transaction reads.
type looks struct{ records, scans int }

func (l *looks) Read(string, string)    { l.records++ }
func (l *looks) Scanned(string, string) { l.scans++ }

const manyEntries = 2000

// longLog is an experiment whose log has 2 000 entries, four a day: every
// hundredth is a small win, every fiftieth an obstacle, and all but every tenth
// are for the team alone.
func longLog(w *world) string {
	w.t.Helper()
	id := w.at(experiments.Running)
	begin := w.clock()
	for i := range manyEntries {
		w.goTo(begin.Add(time.Duration(i) * 6 * time.Hour))
		n := experiments.Entry{Kind: experiments.Observation, Text: fmt.Sprint("Запись журнала ", i+1), Reach: experiments.ForTeam}
		switch {
		case i%100 == 99:
			n.Kind = experiments.SmallWin
		case i%50 == 49:
			n.Kind = experiments.Obstacle
		}
		if i%10 == 9 {
			n.Reach = experiments.ForAll
		}
		w.noted("developer", id, n)
	}
	return id
}

// However long the log, whoever reads it and whatever they ask for, a page of it
// reads a bounded number of records.
func TestAPageOfALongLogReadsOnlyWhatItShows(t *testing.T) {
	s := newSite(t)
	w := s.world
	began := time.Now()
	id := longLog(w)
	t.Logf("%d entries written in %v", manyEntries, time.Since(began).Round(time.Millisecond))
	month := on(time.April, 15)
	tests := map[string]struct {
		q     experiments.LogQuery
		who   string
		first int // number of the first entry shown
	}{
		"the newest":               {experiments.LogQuery{Limit: 30}, "developer", 2000},
		"a stranger's newest":      {experiments.LogQuery{Limit: 30}, "nobody", 2000},
		"the last part":            {experiments.LogQuery{Limit: 30, Before: 31}, "developer", 30},
		"a stranger's last part":   {experiments.LogQuery{Limit: 30, Before: 12}, "nobody", 10},
		"one kind":                 {experiments.LogQuery{Limit: 30, Kind: experiments.SmallWin}, "nobody", 2000},
		"one kind, old":            {experiments.LogQuery{Limit: 30, Kind: experiments.SmallWin, Before: 200}, "nobody", 100},
		"a kind nobody wrote":      {experiments.LogQuery{Limit: 30, Kind: experiments.Quote}, "developer", 0},
		"what is in the way":       {experiments.LogQuery{Limit: 30, Open: true}, "nobody", 1950},
		"a month":                  {experiments.LogQuery{Limit: 30, Month: month}, "developer", 238},
		"a month before the first": {experiments.LogQuery{Limit: 30, Month: on(time.January, 1)}, "developer", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var l looks
			began := time.Now()
			p, err := w.Log(store.WithReads(t.Context(), &l), w.actors[tt.who], id, tt.q)
			w.must(err)
			t.Logf("%d records and %d ranges read for %d entries, in %v", l.records, l.scans, len(p.Entries), time.Since(began).Round(time.Microsecond))
			if most := len(p.Entries) + 20; l.records > most || l.scans > 4 {
				t.Errorf("%d records and %d ranges read, at most %d and 4", l.records, l.scans, most)
			}
			if tt.first == 0 && len(p.Entries) > 0 || tt.first > 0 && (len(p.Entries) == 0 || p.Entries[0].N != tt.first) {
				t.Errorf("shows %d entries from %+v, want from %d", len(p.Entries), p.Entries[:min(1, len(p.Entries))], tt.first)
			}
		})
	}
	t.Run("over HTTP", func(t *testing.T) { s.t = t; s.readLongLog(id) })
}

func (s *site) readLongLog(id string) {
	t := s.t
	path := "/fi/experiments/" + id + "/log"
	for name, address := range map[string]string{"newest": path, "old": path + "?before=400", "small wins": path + "?kind=small_win", "month": path + "?month=2026-05", "print": path + "/print"} {
		began := time.Now()
		page := s.want(s.get("developer", address), 200, "")
		t.Logf("%s: %d KB in %v", name, len(page.body)/1024, time.Since(began).Round(time.Millisecond))
		if n := strings.Count(page.body, `<li class="`); n == 0 || n > 520 {
			t.Errorf("%s shows %d entries", name, n)
		}
	}
	s.want(s.get("developer", path+"/1234"), 302, path+"?before=1240#n1234")
	s.want(s.get("developer", path+"?before=1240"), 200, "", `id="n1234"`)
	s.want(s.get("developer", path+"/2000"), 302, path+"#n2000")
	s.want(s.get("nobody", path+"/1234"), 404, "")
	for _, n := range []string{"0", "-1", "2001", "x", "99999999999999999999"} {
		s.want(s.get("developer", path+"/"+n), 404, "")
	}
	s.want(s.get("developer", path+"?month=2026-13&before=-5&kind=gossip"), 200, "", `id="n2000"`)
}

func TestMonthsOfALog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.at(experiments.Running)
		months := func() (list []string) {
			e, _, err := w.Get(t.Context(), accounts.Actor{}, id)
			w.must(err)
			got, err := w.Months(t.Context(), &e)
			w.must(err)
			for _, m := range got {
				list = append(list, m.Format("2006-01"))
			}
			return list
		}
		if got := months(); got != nil {
			t.Errorf("an empty log has months: %v", got)
		}
		w.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll})
		w.goTo(time.Date(2026, time.May, 31, 21, 30, 0, 0, time.UTC)) // June in Helsinki
		w.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "x", Reach: experiments.ForAll})
		if got, want := strings.Join(months(), " "), "2026-06 2026-05 2026-04 2026-03"; got != want {
			t.Errorf("months %s, want %s", got, want)
		}
	})
}
