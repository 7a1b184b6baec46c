package funding_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// call opens a lean call over the API.
func (s *site) call(t *testing.T, budget int64) string {
	t.Helper()
	res := s.api(t, s.officer, http.MethodPost, "/api/v1/calls", fmt.Sprintf(`{"title":"Lean","budget_cents":%d}`, budget), "")
	if res.code != http.StatusCreated {
		t.Fatalf("a call: %d %s", res.code, res.body)
	}
	return jsonOf(t, res)["id"].(string)
}

// asked drafts and submits a request over the API.
func (s *site) asked(t *testing.T, call string, amount int64) string {
	t.Helper()
	res := s.api(t, s.owner, http.MethodPost, "/api/v1/requests", fmt.Sprintf(`{"call":%q,"amount_cents":%d}`, call, amount), "")
	if res.code != http.StatusCreated {
		t.Fatalf("a request: %d %s", res.code, res.body)
	}
	id := jsonOf(t, res)["id"].(string)
	if res := s.api(t, s.owner, http.MethodPost, "/api/v1/requests/"+id+"/submit", "", ""); res.code != http.StatusOK {
		t.Fatalf("submit: %d %s", res.code, res.body)
	}
	return id
}

func (s *site) committed(t *testing.T, call string) int64 {
	t.Helper()
	res := s.api(t, s.officer, http.MethodGet, "/api/v1/calls/"+call+"/budget", "", "")
	if res.code != http.StatusOK {
		t.Fatalf("budget: %d %s", res.code, res.body)
	}
	return int64(jsonOf(t, res)["committed_cents"].(float64))
}

func decision(amount string) string {
	return fmt.Sprintf(`{"outcome":"granted","amount_cents":%s,"reason":"It fits."}`, amount)
}

func TestTheBudgetIsNeverOverspentOverHTTP(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		const amount, fits, all = 33_333, 37, 200
		call := s.call(t, amount*fits)
		ids := make([]string, all)
		for i := range ids {
			ids[i] = s.asked(t, call, amount)
		}
		var granted, refused, other atomic.Int64
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				switch res := s.api(t, s.officer, http.MethodPost, "/api/v1/requests/"+id+"/decision", decision("33333"), fmt.Sprint("key", i)); res.code {
				case http.StatusOK:
					granted.Add(1)
				case http.StatusConflict:
					refused.Add(1)
				default:
					other.Add(1)
					t.Errorf("%d %s", res.code, res.body)
				}
			})
		}
		wg.Wait()
		if granted.Load() != fits || refused.Load() != all-fits || other.Load() != 0 || s.committed(t, call) != amount*fits {
			t.Errorf("%d granted, %d refused, committed %d", granted.Load(), refused.Load(), s.committed(t, call))
		}
		s.balanced(t, call)
	})
}

func TestOneIdempotencyKeyCountsOnce(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		call := s.call(t, 10_000)
		path := "/api/v1/requests/" + s.asked(t, call, 700) + "/decision"
		first := s.api(t, s.officer, http.MethodPost, path, decision("700"), "same")
		for range 5 {
			if res := s.api(t, s.officer, http.MethodPost, path, decision("700"), "same"); res.code != http.StatusOK || res.body != first.body {
				t.Errorf("again: %d %s", res.code, res.body)
			}
		}
		if res := s.api(t, s.officer, http.MethodPost, path, decision("600"), "same"); res.code != http.StatusUnprocessableEntity {
			t.Errorf("another body: %d %s", res.code, res.body)
		}
		if res := s.api(t, s.officer, http.MethodPost, path, decision("700"), "other"); res.code != http.StatusConflict {
			t.Errorf("another key: %d %s", res.code, res.body)
		}
		if got := s.committed(t, call); got != 700 {
			t.Errorf("committed %d", got)
		}
		body := fmt.Sprintf(`{"call":%q,"amount_cents":5}`, call)
		one := s.api(t, s.owner, http.MethodPost, "/api/v1/requests", body, "draft")
		if two := s.api(t, s.owner, http.MethodPost, "/api/v1/requests", body, "draft"); two.body != one.body {
			t.Errorf("two drafts: %s %s", one.body, two.body)
		}
	})
}

func TestOddSumsAreRefusedOverHTTP(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		call := s.call(t, 1_000_000)
		id := s.asked(t, call, 700)
		for _, odd := range []string{"-1", "0", "9223372036854775807", "9223372036854775808", "1e3", "0.01", "NaN", `"1"`, "null", "[1]", "700.5", "701", "1e400"} {
			res := s.api(t, s.officer, http.MethodPost, "/api/v1/requests/"+id+"/decision", decision(odd), "")
			if res.code != http.StatusUnprocessableEntity && res.code != http.StatusBadRequest || s.committed(t, call) != 0 {
				t.Errorf("granting %s: %d %s", odd, res.code, res.body)
			}
			if odd == "701" {
				continue
			}
			res = s.api(t, s.owner, http.MethodPost, "/api/v1/requests", fmt.Sprintf(`{"call":%q,"amount_cents":%s}`, call, odd), "")
			if res.code != http.StatusUnprocessableEntity && res.code != http.StatusBadRequest {
				t.Errorf("asking %s: %d %s", odd, res.code, res.body)
			}
			res = s.api(t, s.officer, http.MethodPost, "/api/v1/calls", fmt.Sprintf(`{"title":"x","budget_cents":%s}`, odd), "")
			if odd != "700" && res.code < 400 {
				t.Errorf("a budget of %s: %d %s", odd, res.code, res.body)
			}
		}
	})
}

func TestWhoMayUseTheAPI(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		call := s.call(t, 1_000_000)
		id := s.asked(t, call, 700)
		draft := jsonOf(t, s.api(t, s.owner, http.MethodPost, "/api/v1/requests", fmt.Sprintf(`{"call":%q,"amount_cents":5}`, call), ""))["id"].(string)
		for name, tt := range map[string]struct {
			res  answer
			want int
		}{
			"nobody opens a call":          {s.api(t, nobody, http.MethodPost, "/api/v1/calls", `{"title":"x","budget_cents":1}`, ""), 401},
			"a developer opens a call":     {s.api(t, s.owner, http.MethodPost, "/api/v1/calls", `{"title":"x","budget_cents":1}`, ""), 403},
			"nobody reads the budget":      {s.api(t, nobody, http.MethodGet, "/api/v1/calls/"+call+"/budget", "", ""), 401},
			"a developer reads the budget": {s.api(t, s.owner, http.MethodGet, "/api/v1/calls/"+call+"/budget", "", ""), 403},
			"the administrator does":       {s.api(t, s.admin, http.MethodGet, "/api/v1/calls/"+call+"/budget", "", ""), 200},
			"nobody asks":                  {s.api(t, nobody, http.MethodPost, "/api/v1/requests", fmt.Sprintf(`{"call":%q,"amount_cents":5}`, call), ""), 401},
			"the applicant decides":        {s.api(t, s.owner, http.MethodPost, "/api/v1/requests/"+id+"/decision", decision("700"), ""), 403},
			"a stranger decides":           {s.api(t, s.foreigner, http.MethodPost, "/api/v1/requests/"+id+"/decision", decision("700"), ""), 404},
			"a stranger submits":           {s.api(t, s.foreigner, http.MethodPost, "/api/v1/requests/"+draft+"/submit", "", ""), 404},
			"a stranger reads a draft":     {s.api(t, s.foreigner, http.MethodGet, "/api/v1/requests/"+draft, "", ""), 404},
			"everybody reads the register": {s.api(t, nobody, http.MethodGet, "/api/v1/calls/"+call+"/requests", "", ""), 200},
			"everybody reads the calls":    {s.api(t, nobody, http.MethodGet, "/api/v1/calls", "", ""), 200},
			"everybody reads a call":       {s.api(t, nobody, http.MethodGet, "/api/v1/calls/"+call, "", ""), 200},
			"without a reason":             {s.api(t, s.officer, http.MethodPost, "/api/v1/requests/"+id+"/decision", `{"outcome":"granted","amount_cents":700}`, ""), 422},
			"a call that is not there":     {s.api(t, s.owner, http.MethodPost, "/api/v1/requests", `{"call":"nothing","amount_cents":5}`, ""), 422},
		} {
			if tt.res.code != tt.want {
				t.Errorf("%s: %d, want %d: %s", name, tt.res.code, tt.want, tt.res.body)
			}
			if tt.res.code >= 400 && !strings.HasPrefix(tt.res.header.Get("Content-Type"), "application/problem+json") {
				t.Errorf("%s: %s", name, tt.res.header.Get("Content-Type"))
			}
		}
	})
}

func TestACallWithReviewsCannotBeDecidedWithout(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		res := s.api(t, s.officer, http.MethodPost, "/api/v1/calls", `{"title":"Reviewed","purpose":"Why","budget_cents":100000,"reviews_required":2}`, "")
		id := s.asked(t, jsonOf(t, res)["id"].(string), 700)
		if res := s.api(t, s.officer, http.MethodPost, "/api/v1/requests/"+id+"/decision", decision("700"), ""); res.code != http.StatusConflict {
			t.Errorf("%d %s", res.code, res.body)
		}
	})
}
