package funding_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/experiments/funding"
	"github.com/kokeilu/kokeilu/internal/accounts"
)

var nobody accounts.Actor

// The pages of a request, walked by everybody who meets it, in all languages.
func TestARequestWalksThroughItsPages(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		experiment := s.experiment(t, s.owner)
		res := s.post(t, s.officer, "/fi/calls/new", callFields(s)...)
		if res.code != http.StatusSeeOther {
			t.Fatalf("a new call: %d %s", res.code, res.body)
		}
		call := strings.TrimSuffix(strings.TrimPrefix(res.location, "/fi/calls/"), "?done=call_saved")
		s.look(t, s.officer, "/calls", "/calls/new", "/calls/"+call, "/calls/"+call+"/edit", "/requests")
		s.look(t, nobody, "/calls", "/calls/"+call)
		s.look(t, s.owner, "/requests/new", "/requests/new?call="+call, "/requests/new?experiment="+experiment, "/requests")

		res = s.post(t, s.owner, "/fi/requests/new", "_key", "k1", "call", call, "experiment", experiment, "amount_cents", "8 000,00",
			"account", "FI21 1234 5600 0007 85", "company_benefit", "no")
		id := strings.TrimSuffix(strings.TrimPrefix(res.location, "/fi/requests/"), "?done=request_drafted")
		if res.code != http.StatusSeeOther || id == "" {
			t.Fatalf("a draft: %d %s %s", res.code, res.location, res.body)
		}
		s.look(t, s.owner, "/requests/"+id, "/requests/"+id+"/edit")
		s.does(t, s.owner, id, "submit")
		s.look(t, s.officer, "/requests/"+id, "/requests", "/calls/"+call)
		s.does(t, s.officer, id, "ask", "missing", "Kuka maksaa kokeilun jälkeen?")
		s.look(t, s.owner, "/requests/"+id, "/requests")
		s.does(t, s.owner, id, "answer", "answer", "Kunta.")
		s.does(t, s.officer, id, "assign", "reviewers", s.peer.ID, "reviewers", s.expert.ID)
		s.look(t, s.peer, "/requests/"+id, "/requests")
		scores := []string{"need", "3", "learning", "4", "feasibility", "3", "sharing", "3", "benefit", "2", "comment", "Mittaa lopettaneet.", "statement", "1"}
		s.does(t, s.peer, id, "score", scores...)
		s.look(t, s.peer, "/requests/"+id, "/requests")
		s.does(t, s.expert, id, "score", scores...)
		s.look(t, s.officer, "/requests/"+id)
		s.does(t, s.officer, id, "decide", "outcome", "granted", "amount_cents", "8000", "reason", "Tarve on mitattu.")
		for _, a := range []accounts.Actor{nobody, s.owner, s.officer, s.peer} {
			s.look(t, a, "/requests/"+id, "/requests/"+id+"/letter", "/calls/"+call)
		}
		s.does(t, s.owner, id, "sign")
		s.look(t, s.officer, "/requests/"+id)
		s.does(t, s.officer, id, "advance")
		s.learn(t, experiment)
		s.look(t, s.officer, "/requests/"+id, "/requests")
		s.does(t, s.officer, id, "rest")
		s.look(t, nobody, "/requests/"+id)
		csv := s.get(t, s.officer, "/en/calls/"+call+"/ledger.csv")
		if csv.code != http.StatusOK || strings.Count(csv.body, "\n") != 4 {
			t.Errorf("ledger: %d %q", csv.code, csv.body)
		}
	})
}

func callFields(s *site) []string {
	return []string{"open", "1", "title", "Nopea kokeiluraha", "purpose", "Rahaa pieneen kokeiluun.", "lang", "fi", "funder", ministry, "countries", "FI", "currency", "EUR",
		"budget_cents", "120 000", "min_cents", "500", "max_cents", "10000", "share_percent", "60", "own_free_cents", "2000", "two_officers_cents", "10000",
		"closes", "2026-12-31", "reviews_required", "2", "weight_need", "20", "weight_learning", "25", "weight_feasibility", "20", "weight_sharing", "20", "weight_benefit", "15",
		"officers", s.officer.ID, "officers", s.officer2.ID}
}

// look opens pages in every language.
func (s *site) look(t *testing.T, as accounts.Actor, paths ...string) {
	t.Helper()
	for _, path := range paths {
		for _, lang := range []string{"fi", "sv", "en", "ru", "kk"} {
			res := s.get(t, as, "/"+lang+path)
			if res.code != http.StatusOK {
				t.Errorf("%s opens %s: %d %.600s", as.Name, path, res.code, res.body)
				return
			}
			wellMade(t, "/"+lang+path, res.body)
		}
	}
}

// does sends a form of a request's page that must be accepted.
func (s *site) does(t *testing.T, as accounts.Actor, id, act string, fields ...string) {
	t.Helper()
	res := s.post(t, as, "/fi/requests/"+id+"/"+act, append(fields, "_key", id+act+as.ID)...)
	if res.code != http.StatusSeeOther || !strings.Contains(res.location, "done=") {
		t.Fatalf("%s does %s: %d %s %.2000s", as.Name, act, res.code, res.location, res.body)
	}
	if again := s.post(t, as, "/fi/requests/"+id+"/"+act, append(fields, "_key", id+act+as.ID)...); again.code != http.StatusSeeOther {
		t.Errorf("%s does %s twice with one key: %d", as.Name, act, again.code)
	}
}

func TestWhatIsWrongStandsAtItsField(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		call, id := s.sent(t)
		must(t, s.Assign(t.Context(), s.officer, id, []string{s.peer.ID, s.expert.ID}))
		for name, tt := range map[string]struct {
			as     accounts.Actor
			path   string
			fields []string
			marks  []string
		}{
			"a call without a budget":  {s.officer, "/fi/calls/new", []string{"title", "X", "lang", "fi", "currency", "EUR", "budget_cents", "paljon"}, []string{`href="#budget_cents"`}},
			"weights of 99":            {s.officer, "/fi/calls/new", append(callFields(s), "weight_need", "1")[0:38], []string{`href="#criteria"`}},
			"a review without a score": {s.peer, "/fi/requests/" + id + "/score", []string{"need", "3", "comment", "Keskeneräinen"}, []string{`href="#learning"`, `href="#statement"`, "Keskeneräinen"}},
			"a question without words": {s.officer, "/fi/calls/" + call + "/edit", []string{"title", "", "version", "1"}, []string{`href="#title"`}},
		} {
			res := s.post(t, tt.as, tt.path, tt.fields...)
			if res.code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, res.code)
				continue
			}
			wellMade(t, tt.path, res.body)
			for _, mark := range tt.marks {
				if !strings.Contains(res.body, mark) {
					t.Errorf("%s: %s is not on the page", name, mark)
				}
			}
		}
	})
}

func TestWhoMayOpenThePages(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		call, id := s.sent(t)
		must(t, s.Assign(t.Context(), s.officer, id, []string{s.peer.ID, s.expert.ID}))
		must(t, s.DeclareConflict(t.Context(), s.peer, id, ""))
		for name, tt := range map[string]struct {
			as   accounts.Actor
			path string
			want int
		}{
			"nobody opens a new call":              {nobody, "/fi/calls/new", http.StatusSeeOther},
			"a developer opens a new call":         {s.owner, "/fi/calls/new", http.StatusForbidden},
			"a developer edits a call":             {s.owner, "/fi/calls/" + call + "/edit", http.StatusForbidden},
			"a developer takes the ledger":         {s.owner, "/fi/calls/" + call + "/ledger.csv", http.StatusForbidden},
			"nobody reads a letter before the end": {nobody, "/fi/requests/" + id + "/letter", http.StatusNotFound},
			"a reviewer with a tie":                {s.peer, "/fi/requests/" + id, http.StatusForbidden},
			"everybody reads the register":         {s.foreigner, "/fi/requests/" + id, http.StatusOK},
			"a call that is not there":             {nobody, "/fi/calls/nothing", http.StatusNotFound},
			"a request that is not there":          {nobody, "/fi/requests/nothing", http.StatusNotFound},
			"nobody has a desk":                    {nobody, "/fi/requests", http.StatusSeeOther},
		} {
			if res := s.get(t, tt.as, tt.path); res.code != tt.want {
				t.Errorf("%s: %d, want %d", name, res.code, tt.want)
			}
		}
		for _, act := range []string{"submit", "withdraw", "answer", "ask", "assign", "score", "decide", "sign", "advance", "rest", "recover", "go-on", "conflict"} {
			if res := s.post(t, s.foreigner, "/fi/requests/"+id+"/"+act, "reason", "x"); res.code != http.StatusNotFound {
				t.Errorf("somebody else does %s: %d", act, res.code)
			}
		}
		res := s.post(t, s.peer, "/fi/requests/"+id+"/score", "need", "4", "learning", "4", "feasibility", "4", "sharing", "4", "benefit", "4", "statement", "1")
		if res.code != http.StatusForbidden {
			t.Errorf("a reviewer with a tie scores: %d", res.code)
		}
	})
}

func TestThePublicPageNamesNoReviewer(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		call, id := s.reviewed(t)
		for _, a := range []accounts.Actor{nobody, s.foreigner, s.owner} {
			for _, path := range []string{"/en/requests/" + id, "/en/calls/" + call} {
				body := s.get(t, a, path).body
				for _, secret := range []string{">peer<", "expert", "77.5", "FI21 1234"} {
					if strings.Contains(body, secret) && !(secret == "FI21 1234" && a.ID == s.owner.ID) {
						t.Errorf("%q reads %q on %s", a.Name, secret, path)
					}
				}
			}
		}
		if body := s.get(t, nobody, "/en/requests/"+id).body; strings.Contains(body, "Uskomme") {
			t.Error("everybody reads the card before the decision")
		}
		_, err := s.Decide(t.Context(), s.officer, id, funding.Ruling{Outcome: funding.Decline, Reasons: "Not now."})
		must(t, err)
		if body := s.get(t, nobody, "/en/requests/"+id).body; !strings.Contains(body, "Not now.") || !strings.Contains(body, "Uskomme") || strings.Contains(body, "expert") || strings.Contains(body, "FI21 1234") {
			t.Error("after the decision text or reasons are missing, or a reviewer or the account is told")
		}
	})
}

func TestCallsAreFeedsAndACalendar(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		c := usual()
		c.Title, c.Closes = "Быстрые деньги для небольших муниципальных экспериментов и ещё немного длиннее", march(21)
		s.open(t, c)
		for path, want := range map[string]string{
			"/ru/feeds/calls.rss": "<rss", "/ru/feeds/calls.atom": "<feed", "/ru/feeds/calls.json": `"items"`, "/ru/calls.ics": "BEGIN:VEVENT\r\n",
		} {
			res := s.get(t, nobody, path)
			if res.code != http.StatusOK || !strings.Contains(res.body, want) {
				t.Errorf("%s: %d %.200s", path, res.code, res.body)
			}
		}
		ics := s.get(t, nobody, "/ru/calls.ics").body
		if strings.Count(ics, "\n") != strings.Count(ics, "\r\n") || !strings.Contains(ics, "DTSTART;VALUE=DATE:20260320") {
			t.Errorf("calendar: %s", ics)
		}
	})
}

func TestTheExperimentsPageKnowsItsMoney(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		h.open(t, usual())
		planned := h.experiment(t, h.owner)
		view, err := h.OfExperiment(t.Context(), h.owner, planned, "en")
		must(t, err)
		if view.AskURL == "" || len(view.Requests) != 0 {
			t.Errorf("before asking: %+v", view)
		}
		if view, err = h.OfExperiment(t.Context(), nobody, planned, "en"); err != nil || view.AskURL != "" {
			t.Errorf("nobody may ask: %+v, %v", view, err)
		}
		_, id := h.sent(t)
		experiment := h.view(t, h.owner, id).Request.Experiment
		for _, a := range []accounts.Actor{h.owner, nobody} {
			view, err := h.OfExperiment(t.Context(), a, experiment, "en")
			must(t, err)
			if view.AskURL != "" || len(view.Requests) != 1 || view.Requests[0].Words != "In precheck, day 0 of 10, waiting for: the funding officer" {
				t.Errorf("%q sees %+v", a.Name, view)
			}
		}
	})
}

func TestWhatWaitsForWhom(t *testing.T) {
	onHouse(t, func(t *testing.T, h *house) {
		waits := func(a accounts.Actor) string {
			list, err := h.Waiting(t.Context(), a, "en")
			must(t, err)
			var words []string
			for _, w := range list {
				words = append(words, w.What+" ("+w.When+")")
			}
			return strings.Join(words, "; ")
		}
		_, id := h.sent(t)
		if got := waits(h.officer); got != "Check it and choose the reviewers (day 0 of 10, by 4 Mar 2026)" {
			t.Errorf("officer: %q", got)
		}
		must(t, h.Assign(t.Context(), h.officer, id, []string{h.peer.ID, h.expert.ID}))
		h.on(12)
		if got := waits(h.peer); got != "Score the request (day 8 of 10, by 11 Mar 2026)" {
			t.Errorf("reviewer: %q", got)
		}
		for _, a := range []accounts.Actor{h.officer, h.owner, h.foreigner, h.peer2, nobody} {
			if got := waits(a); got != "" {
				t.Errorf("%s: %q", a.Name, got)
			}
		}
		must(t, h.Score(t.Context(), h.peer, id, review("", 3, 4, 3, 3, 2)))
		must(t, h.Score(t.Context(), h.expert, id, review("", 3, 3, 2, 3, 3)))
		if got := waits(h.officer); !strings.HasPrefix(got, "Decide, with reasons") || waits(h.peer) != "" {
			t.Errorf("officer: %q, reviewer %q", got, waits(h.peer))
		}
		_, err := h.Decide(t.Context(), h.officer, id, granting(800_000))
		must(t, err)
		if got := waits(h.owner); !strings.HasPrefix(got, "Accept the agreement") {
			t.Errorf("owner: %q", got)
		}
	})
}

// jsonOf reads an answer of the API.
func jsonOf(t testing.TB, a answer) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%d %s: %v", a.code, a.body, err)
	}
	return v
}
