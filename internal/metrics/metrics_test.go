package metrics_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/metrics"
	"github.com/kokeilu/kokeilu/internal/tally"
)

func numbers(_ context.Context, s metrics.Sink) {
	h := tally.NewHistogram(1, 10)
	h.Add(2)
	h.Add(200)
	s.Count("letters_total", "Letters.", 3, "kind", "a \"quoted\" one")
	s.Gauge("room_bytes", "Room.", 1.5)
	s.Flag("healthy", "Healthy.", true)
	s.Spread("took_seconds", "Time.", h.Read(), "route", "/:lang")
}

func TestSourcesAreShownToPrometheus(t *testing.T) {
	addr, err := metrics.Listen(t.Context(), "127.0.0.1:0", slog.New(slog.DiscardHandler), numbers)
	if err != nil {
		t.Fatal(err)
	}
	_, body := get(t, addr.String(), "/metrics")
	for _, want := range []string{
		`kokeilu_letters_total{kind="a \"quoted\" one"} 3`,
		"# TYPE kokeilu_letters_total counter",
		"kokeilu_room_bytes 1.5",
		"kokeilu_healthy 1",
		`kokeilu_took_seconds_bucket{route="/:lang",le="1"} 0`,
		`kokeilu_took_seconds_bucket{route="/:lang",le="10"} 1`,
		`kokeilu_took_seconds_bucket{route="/:lang",le="+Inf"} 2`,
		`kokeilu_took_seconds_sum{route="/:lang"} 202`,
		"go_goroutines ", "process_resident_memory_bytes ",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in the answer:\n%.2000s", want, body)
		}
	}
	if status, body := get(t, addr.String(), "/healthz"); status != 200 || body != "ok\n" {
		t.Errorf("/healthz: %d %q", status, body)
	}
	if status, _ := get(t, addr.String(), "/debug/pprof/heap?debug=1"); status != 200 {
		t.Errorf("a profile on the own machine: %d", status)
	}
}

func TestProfilesAreForTheOwnMachineOnly(t *testing.T) {
	addr, err := metrics.Listen(t.Context(), "0.0.0.0:0", slog.New(slog.DiscardHandler), numbers)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(addr.String(), "]:")
	if status, _ := get(t, "127.0.0.1:"+port, "/debug/pprof/"); status != 404 {
		t.Errorf("a profile where others could ask for it: %d", status)
	}
	if status, _ := get(t, "127.0.0.1:"+port, "/metrics"); status != 200 {
		t.Errorf("/metrics: %d", status)
	}
}

func TestAListenerEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	addr, err := metrics.Listen(ctx, "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	deadline := time.Now().Add(10 * time.Second)
	for {
		resp, err := http.Get("http://" + addr.String() + "/healthz")
		if err != nil {
			return
		}
		_ = resp.Body.Close()
		if time.Now().After(deadline) {
			t.Fatal("it goes on after its context is done")
		}
	}
}

func get(t *testing.T, addr, path string) (int, string) {
	t.Helper()
	resp, err := http.Get("http://" + addr + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
