package experiments_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
)

// shelf is one experiment of each sort of readers and stages: those that
// everybody may read, by name, and those they may not.
type shelf struct{ open, closed map[string]string }

func (s *site) shelve() shelf {
	s.t.Helper()
	sh := shelf{map[string]string{}, map[string]string{}}
	for _, stage := range []experiments.Stage{experiments.Idea, experiments.Planned, experiments.Running, experiments.Learned} {
		sh.open[string(stage)] = s.world.at(stage)
	}
	sh.closed["draft"] = s.registered()
	for name, visibility := range map[string]experiments.Visibility{"members": experiments.Members, "embargo": experiments.Public} {
		id := s.world.at(experiments.Running)
		idea := experiments.IdeaEdit{Title: "Salainen " + name, Summary: "s", Problem: "p", Sector: "09", Visibility: visibility}
		if name == "embargo" {
			idea.Embargo = midnight(time.December, 1)
		}
		s.must(s.save("developer", id, idea))
		sh.closed[name] = id
	}
	sh.closed["hidden"] = s.world.at(experiments.Running)
	s.must(s.Hide(s.ctx(), s.actors["moderator"], sh.closed["hidden"], "Lapsen nimi"))
	return sh
}

// ids are the ids of the shelf that a text names, sorted.
func (sh shelf) ids(text string) (list []string) {
	for _, all := range []map[string]string{sh.open, sh.closed} {
		for name, id := range all {
			if strings.Contains(text, id) {
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return list
}

// views are the ways the same list is shown.
var views = []string{"/%s/experiments", "/%s/experiments/map", "/%s/experiments.ics", "/%s/experiments.geojson", "/%s/feeds/experiments.atom", "/%s/feeds/experiments.rss", "/%s/feeds/experiments.json", "/api/v1/experiments"}

func TestEveryViewShowsTheSameAndNeverMoreThanIsPublic(t *testing.T) {
	s := newSite(t)
	sh := s.shelve()
	tests := map[string][]string{
		"":                            {"idea", "learned", "planned", "running"},
		"stage=running":               {"running"},
		"stage=soon":                  {"planned"},
		"stage=running&country=FI":    {"running"},
		"country=SE":                  nil,
		"type=complete":               {"learned", "planned", "running"},
		"type=complete&stage=learned": {"learned"},
		"theme=09&size=under_5k":      {"idea", "learned", "planned", "running"},
		"size=over_100k":              nil,
		"theme=08":                    nil,
		"sort=ending&stage=planned":   {"planned"},
	}
	for query, want := range tests {
		for _, view := range views {
			for _, lang := range []string{"fi", "ru"} {
				for _, who := range []string{"nobody", "moderator"} {
					path := view
					if strings.Contains(view, "%s") {
						path = fmt.Sprintf(view, lang)
					}
					got := sh.ids(s.want(s.get(who, path+"?"+query), 200, "").body)
					expected := want
					if strings.HasSuffix(view, ".ics") { // what has no days is in no calendar
						expected = slices.DeleteFunc(slices.Clone(want), func(n string) bool { return n == "idea" })
					}
					if !slices.Equal(got, expected) {
						t.Errorf("%s as %s: %v, want %v", path+"?"+query, who, got, expected)
					}
				}
			}
		}
	}
	if got := sh.ids(s.get("developer2", "/fi/experiments").body); !slices.Contains(got, "members") || slices.Contains(got, "draft") || slices.Contains(got, "hidden") {
		t.Errorf("a member of another municipality sees %v", got)
	}
	for name, id := range sh.closed {
		for _, path := range []string{"/calendar.ics", "/brief", "/one-pager"} {
			if got := s.get("nobody", "/fi/experiments/"+id+path); got.StatusCode != 404 {
				t.Errorf("%s of what is %s: %d", path, name, got.StatusCode)
			}
		}
		if got := s.get("developer", "/fi/experiments/"+id+"/calendar.ics"); got.StatusCode != 404 {
			t.Errorf("the calendar of what is %s: %d", name, got.StatusCode)
		}
	}
}

func TestAnEmbargoThatEndsIsInEveryViewAtOnce(t *testing.T) {
	s := newSite(t)
	sh := s.shelve()
	s.goTo(on(time.December, 1))
	for _, view := range views {
		path := strings.Replace(view, "%s", "fi", 1)
		if got := sh.ids(s.get("nobody", path).body); !slices.Contains(got, "embargo") {
			t.Errorf("%s: %v, the embargo has ended", path, got)
		}
	}
}

// hostile are words that no filter offers.
var hostile = []string{"", "x", "nothing", "%00", "%ff%fe", "..%2f..", "%3Cscript%3E", "'%20or%201=1", "-1", "99999999999999999999", "FI:889", "%F0%9F%98%80", strings.Repeat("a", 400), "soon&stage=running", "%0d%0aSet-Cookie:x"}

func TestNoQueryIsAnError(t *testing.T) {
	s := newSite(t)
	s.world.at(experiments.Running)
	for _, name := range []string{"stage", "type", "theme", "country", "size", "needs", "sort", "page", "after", "org"} {
		for _, word := range hostile {
			for _, view := range views[:7] {
				path := strings.Replace(view, "%s", "fi", 1) + "?" + name + "=" + word
				got := s.get("nobody", path)
				if got.StatusCode != 200 || strings.Contains(got.body, "<script>") {
					t.Errorf("%s: %d", path, got.StatusCode)
				}
			}
			if got := s.get("nobody", "/api/v1/experiments?"+name+"="+word); got.StatusCode >= 500 {
				t.Errorf("the interface, %s=%s: %d", name, word, got.StatusCode)
			}
		}
	}
}

func TestCountsSayWhatAFilterWouldLeave(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, stage := range []experiments.Stage{experiments.Idea, experiments.Planned, experiments.Running, experiments.Running, experiments.Learned} {
			w.at(stage)
		}
		find := func(q experiments.Query) experiments.Found {
			f, err := w.Find(t.Context(), accounts.Actor{}, q)
			w.must(err)
			return f
		}
		for _, q := range []experiments.Query{{}, {Stage: experiments.Running}, {Type: experiments.Complete, Theme: "09"}, {Country: "SE"}} {
			f := find(q)
			for value, n := range f.Counts["stage"] {
				with := q
				with.Stage = experiments.Stage(value)
				if got := len(find(with).Rows); got != n {
					t.Errorf("%+v: stage %s is counted %d, and leaves %d", q, value, n, got)
				}
			}
			for value, n := range f.Counts["type"] {
				with := q
				with.Type = experiments.Type(value)
				if got := len(find(with).Rows); got != n {
					t.Errorf("%+v: type %s is counted %d, and leaves %d", q, value, n, got)
				}
			}
			if n, asked := f.Without["country"]; asked {
				without := q
				without.Country = ""
				if got := len(find(without).Rows); got != n {
					t.Errorf("%+v: without the country %d, want %d", q, n, got)
				}
			}
		}
	})
}

func TestAListIsAsTheStoreIsAndAsAnotherNodeLeftIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := &experiments.Service{Store: w.Store, Journal: w.journal, Now: w.clock, NewID: w.id, Zone: helsinki, People: w.people, Bank: w.Bank}
		count := func(s *experiments.Service) int {
			f, err := s.Find(t.Context(), accounts.Actor{}, experiments.Query{})
			w.must(err)
			return len(f.Rows)
		}
		if a, b := count(w.Service), count(other); a != 0 || b != 0 {
			t.Fatalf("%d and %d in an empty portal", a, b)
		}
		id := w.at(experiments.Idea)
		if got := count(w.Service); got != 1 {
			t.Errorf("%d after one was shown", got)
		}
		other.Changed(id)
		if got := count(other); got != 1 {
			t.Errorf("%d on the other node", got)
		}
		w.must(w.Hide(t.Context(), w.actors["moderator"], id, "x"))
		other.Changed("")
		if a, b := count(w.Service), count(other); a != 0 || b != 0 {
			t.Errorf("%d and %d after it was hidden", a, b)
		}
	})
}

func TestALongListHasPartsAndOrders(t *testing.T) {
	s := newSite(t)
	want := map[string]bool{}
	for i := range 45 {
		s.goTo(on(time.March, 2).Add(time.Duration(i) * time.Minute))
		want[s.world.at(experiments.Idea)] = true
	}
	link := regexp.MustCompile(`<h3[^>]*><a href="/fi/experiments/(id\d+)">`)
	seen := map[string]int{}
	for n := range 3 {
		page := s.want(s.get("nobody", fmt.Sprintf("/fi/experiments?page=%d", n+1)), 200, "").body
		found := link.FindAllStringSubmatch(page, -1)
		if len(found) != min(20, 45-20*n) {
			t.Errorf("part %d has %d", n+1, len(found))
		}
		for _, m := range found {
			seen[m[1]]++
		}
		if strings.Contains(page, `rel="prev"`) != (n > 0) || strings.Contains(page, `rel="next"`) != (n < 2) {
			t.Errorf("part %d leads to the wrong neighbours", n+1)
		}
	}
	for id := range want {
		if seen[id] != 1 {
			t.Errorf("%s is on %d parts", id, seen[id])
		}
	}
	first := s.get("nobody", "/fi/experiments").body
	for _, odd := range []string{"0", "4", "-3", "x"} {
		if got := s.get("nobody", "/fi/experiments?page="+odd).body; link.FindString(got) != link.FindString(first) {
			t.Errorf("part %s is not the first", odd)
		}
	}
	var all []string
	for cursor := ""; ; {
		var part struct {
			Experiments []struct{ ID string }
			Next        string `json:"next_cursor"`
			Count       int
		}
		s.must(json.Unmarshal([]byte(s.get("nobody", "/api/v1/experiments?limit=20&cursor="+cursor).body), &part))
		if part.Count != 45-len(all) {
			t.Errorf("%d are left after %d", part.Count, len(all))
		}
		for _, e := range part.Experiments {
			all = append(all, e.ID)
		}
		if cursor = part.Next; cursor == "" {
			break
		}
	}
	if slices.Sort(all); len(slices.Compact(all)) != 45 {
		t.Errorf("the interface gives %d, want 45 different ones", len(slices.Compact(all)))
	}
}

func TestWhatStartsNextComesFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var ids []string
		for _, start := range []time.Time{midnight(time.April, 20), midnight(time.March, 20), midnight(time.April, 1)} {
			id := w.at(experiments.Planned)
			w.must(w.save("developer", id, experiments.CalendarEdit{Calendar: experiments.Calendar{Start: start, End: start.AddDate(0, 0, 83), CheckIn: time.Friday}}))
			ids = append(ids, id)
		}
		f, err := w.Find(t.Context(), accounts.Actor{}, experiments.Query{Stage: experiments.Soon, Order: experiments.Starting})
		w.must(err)
		var got []string
		for _, l := range f.Rows {
			got = append(got, l.ID)
		}
		if want := []string{ids[1], ids[2], ids[0]}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		w.goTo(on(time.March, 21)) // its day has passed, and nobody has started it
		if f, err = w.Find(t.Context(), accounts.Actor{}, experiments.Query{Stage: experiments.Soon}); err != nil || len(f.Rows) != 2 {
			t.Errorf("%d start soon, want 2: %v", len(f.Rows), err)
		}
	})
}

func TestNothingFoundSaysWhatToGiveUp(t *testing.T) {
	s := newSite(t)
	s.world.at(experiments.Running)
	page := s.want(s.get("nobody", "/en/experiments?stage=running&country=SE"), 200, "", "1 experiment without Country: Sweden")
	if strings.Contains(page.body, "without Stage") {
		t.Error("it tells to give up what would not help")
	}
	s.want(s.get("nobody", "/ru/experiments?stage=running&country=SE"), 200, "", "1 эксперимент без условия «Страна: Швеция»")
}

// event is one event of a calendar, its lines unfolded.
type event map[string]string

func eventsOf(t *testing.T, text string) (list []event) {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	var now event
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		switch name, value, _ := strings.Cut(line, ":"); {
		case line == "BEGIN:VEVENT":
			now = event{}
		case line == "END:VEVENT":
			list = append(list, now)
			now = nil
		case now != nil:
			now[name] = value
		}
	}
	return list
}

func TestACalendarHoldsDaysWhateverTheClockDoes(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	title := "Рамочное, долгое; название эксперимента с запятыми"
	s.must(s.save("developer", id, experiments.IdeaEdit{Title: title, Summary: "Első\nsor, и много слов о том, что это такое и для кого это нужно.", Problem: "p", Sector: "09", Visibility: experiments.Public}))
	// The clock goes forward on 29 March and back on 25 October.
	s.must(s.save("developer", id, experiments.CalendarEdit{Calendar: experiments.Calendar{Start: midnight(time.March, 28), End: midnight(time.June, 19), CheckIn: time.Friday}}))
	answer := s.want(s.get("nobody", "/ru/experiments.ics"), 200, "")
	if got := answer.Header.Get("Content-Type"); got != "text/calendar; charset=utf-8" {
		t.Errorf("it is sent as %s", got)
	}
	events := eventsOf(t, answer.body)
	if len(events) != 3 {
		t.Fatalf("%d events, want a start, an end and meetings", len(events))
	}
	want := map[string][3]string{
		"start-" + id:    {"20260328", "20260329", ""},
		"end-" + id:      {"20260619", "20260620", ""},
		"check-in-" + id: {"20260403", "20260404", "FREQ=WEEKLY;UNTIL=20260619"},
	}
	for _, e := range events {
		name, host, _ := strings.Cut(e["UID"], "@")
		w, ok := want[name]
		if got := [3]string{e["DTSTART;VALUE=DATE"], e["DTEND;VALUE=DATE"], e["RRULE"]}; !ok || got != w || host != "kokeilu.example" {
			t.Errorf("%s: %v, want %v", e["UID"], got, w)
		}
		if !regexp.MustCompile(`^\d{8}T\d{6}Z$`).MatchString(e["DTSTAMP"]) {
			t.Errorf("%s has the stamp %q", name, e["DTSTAMP"])
		}
		if !strings.Contains(e["SUMMARY"], `Рамочное\, долгое\; название`) || !strings.Contains(e["DESCRIPTION"], `Első\nsor\, и`) || e["STATUS"] != "TENTATIVE" {
			t.Errorf("%s: %q, %q, %s", name, e["SUMMARY"], e["DESCRIPTION"], e["STATUS"])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("%v are missing", want)
	}
	own := eventsOf(t, s.want(s.get("nobody", "/fi/experiments/"+id+"/calendar.ics"), 200, "").body)
	if len(own) != 3 || own[0]["UID"] != events[0]["UID"] {
		t.Errorf("its own calendar has %d events, the first is %v", len(own), own[0]["UID"])
	}
}

func TestGeoJSONIsWhatTheStandardSays(t *testing.T) {
	s := newSite(t)
	_, err := s.people.SeedOrganisations(s.ctx(), []accounts.Organisation{{Key: "FI:889", Kind: accounts.Municipality, Country: "FI", Population: 2_500, Names: map[string]string{"fi": "Utajärvi"}, Lat: 64.76, Lon: 26.42}})
	s.must(err)
	s.world.at(experiments.Running)
	answer := s.want(s.get("nobody", "/fi/experiments.geojson"), 200, "")
	var got struct {
		Type     string
		Features []struct {
			Type     string
			Geometry *struct {
				Type        string
				Coordinates []float64
			}
			Properties map[string]any
		}
	}
	s.must(json.Unmarshal([]byte(answer.body), &got))
	if answer.Header.Get("Content-Type") != "application/geo+json" || got.Type != "FeatureCollection" || len(got.Features) != 1 {
		t.Fatalf("%s: %+v", answer.Header.Get("Content-Type"), got)
	}
	one := got.Features[0]
	if one.Type != "Feature" || one.Geometry == nil || one.Geometry.Type != "Point" || !slices.Equal(one.Geometry.Coordinates, []float64{26.42, 64.76}) {
		t.Errorf("%+v, want the longitude first", one)
	}
	if one.Properties["place"] != "Utajärvi" || one.Properties["start"] != "2026-03-02" || one.Properties["owner"] != nil {
		t.Errorf("%v", one.Properties)
	}
	page := s.want(s.get("nobody", "/fi/experiments/map"), 200, "", `href="#m-FI-889"`, `id="m-FI-889"`, "Utajärvi: 1 kokeilu").body
	if strings.Contains(page, "%!") {
		t.Error("the map is badly drawn")
	}
}

func TestAFeedSaysWhatItIsNarrowedBy(t *testing.T) {
	s := newSite(t)
	s.world.at(experiments.Running)
	s.want(s.get("nobody", "/fi/experiments?stage=running&country=FI"), 200, "", "/fi/feeds/experiments.atom?country=FI&amp;stage=running", "/fi/experiments.ics?country=FI&amp;stage=running")
	atom := s.want(s.get("nobody", "/fi/feeds/experiments.atom?stage=running&country=FI"), 200, "", "Uusimmat, Käynnissä, Suomi").body
	if !strings.Contains(atom, "experiments?country=FI&amp;stage=running") {
		t.Error("the feed does not lead to its list")
	}
	q, err := url.ParseQuery("stage=running&country=FI")
	if s.must(err); q.Encode() != (experiments.Query{Stage: experiments.Running, Country: "FI"}).Values().Encode() {
		t.Error("an address is written in two ways")
	}
}
