package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/metrics"
	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// scrape returns what a portal shows.
func scrape(t *testing.T, a *App) string {
	t.Helper()
	w := httptest.NewRecorder()
	metrics.Handler(false, a.measured()...).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestAPortalShowsItsFigures(t *testing.T) {
	a, base := portal(t, t.TempDir())
	v := visit(t, base)
	v.open("/en/cases")
	v.open("/sv/cases")
	v.open("/sv/cases") // from memory
	if p := v.try("/no/such/page/at/all"); p.status != http.StatusNotFound {
		t.Fatal(p.status)
	}
	shown := scrape(t, a)
	for _, want := range []string{
		`kokeilu_build_info\{go="go1.*",version=".+"\} 1`,
		`kokeilu_http_requests_total\{method="GET",route="/:lang/cases",status="2xx"\} 3`,
		`kokeilu_http_requests_total\{method="",route="",status="4xx"\} 1`,
		`kokeilu_http_request_seconds_count\{method="GET",route="/:lang/cases"\} 3`,
		`kokeilu_http_requests_running 0`,
		`kokeilu_store_updates_total [1-9]`,
		`kokeilu_store_views_total [1-9]`,
		`kokeilu_store_commit_seconds_count [1-9]`,
		`kokeilu_store_refused_total\{reason="full"\} 0`,
		`kokeilu_store_size_bytes [1-9]`,
		`kokeilu_disk_free_bytes [1-9]`,
		`kokeilu_disk_reserve_bytes [1-9]`,
		`kokeilu_journal_entries [1-9]`,
		`kokeilu_journal_lag_entries\{follower="search"\} \d`,
		`kokeilu_index_answers 1`,
		`kokeilu_pages_misses_total [1-9]`,
		`kokeilu_mail_waiting \d`,
	} {
		if !regexp.MustCompile(`(?m)^` + want + `.*$`).MatchString(shown) {
			t.Errorf("%s is not shown", want)
		}
	}
	if strings.Contains(shown, "no/such") {
		t.Error("what somebody asked for became a label")
	}
}

// A figure that nobody can look up is of no use.
func TestEveryMetricIsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "monitoring.md"))
	if err != nil {
		t.Fatal(err)
	}
	a, base := portal(t, t.TempDir())
	visit(t, base).open("/en")
	if err := backup(t.Context(), a, backupArgs{filepath.Join(t.TempDir(), "b.tar")}, io.Discard); err != nil {
		t.Fatal(err)
	}
	shown := scrape(t, a) + scrape(t, node(t, pgtest.DSN(t)))
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (kokeilu_\S+)`).FindAllStringSubmatch(shown, -1) {
		if !seen[m[1]] && !strings.Contains(string(text), "`"+m[1]+"`") {
			t.Errorf("docs/monitoring.md does not name %s", m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range regexp.MustCompile("`(kokeilu_[a-z_0-9]+)`").FindAllStringSubmatch(string(text), -1) {
		if !seen[m[1]] {
			t.Errorf("docs/monitoring.md names %s, which nobody shows", m[1])
		}
	}
}

// The real program shows its figures on an address of their own, and nowhere
// else.
func TestMetricsHaveTheirOwnAddress(t *testing.T) {
	own := freeAddress(t)
	t.Setenv("KOKEILU_METRICS_ADDR", own)
	p := serve(t, filepath.Join(t.TempDir(), "data"), freeAddress(t))
	if status, _ := p.get("/metrics"); status != http.StatusNotFound {
		t.Errorf("readers may ask for metrics: %d", status)
	}
	for path, want := range map[string]string{"/metrics": "kokeilu_store_updates_total", "/healthz": "ok", "/debug/pprof/goroutine?debug=1": "goroutine profile"} {
		shown := &process{URL: "http://" + own}
		if status, body := shown.get(path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}
}
