package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestRefusalsAreCounted(t *testing.T) {
	addr := page(t)
	requests := [][]byte{get(addr, "/"), get(addr, "/busy"), get(addr, "/")}
	got, err := drive(t.Context(), addr, 1, time.Minute, each(requests), 200)
	if err != nil || len(got.latencies) != 2 || got.refusal() != "1 of 3 were refused" {
		t.Errorf("%d answers, %q: %v", len(got.latencies), got.refusal(), err)
	}
}

// page is a server with one page, which it also knows by its ETag.
func page(t *testing.T) (addr string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := "<p>Hello</p>"
		w.Header().Set("Etag", `"1"`)
		switch {
		case r.URL.Path == "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path != "/":
			w.WriteHeader(http.StatusNotFound)
		case r.Header.Get("If-None-Match") == `"1"`:
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			_, _ = fmt.Fprint(w, body)
		}
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestOneConnectionReadsAnswerAfterAnswer(t *testing.T) {
	addr := page(t)
	c, err := dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for range 3 {
		var body bytes.Buffer
		if status, err := c.send(get(addr, "/"), &body); err != nil || status != 200 || body.String() != "<p>Hello</p>" {
			t.Fatalf("status %d, %q: %v", status, body.String(), err)
		}
		if status, err := c.send(get(addr, "/", `If-None-Match: "1"`), nil); err != nil || status != 304 {
			t.Fatalf("status %d: %v", status, err)
		}
	}
}

func TestLoadCountsEveryAnswer(t *testing.T) {
	addr := page(t)
	requests := make([][]byte, 50)
	for i := range requests {
		requests[i] = get(addr, "/")
	}
	got, err := drive(t.Context(), addr, 4, time.Minute, each(requests), 200)
	if err != nil || len(got.latencies) != len(requests) || got.perSecond() <= 0 {
		t.Errorf("%d answers, %v a second: %v", len(got.latencies), got.perSecond(), err)
	}
	paced, err := pace(t.Context(), addr, 100, 200*time.Millisecond, always(get(addr, "/")), 200)
	if n := len(paced.latencies); err != nil || n == 0 || n > 25 {
		t.Errorf("%d answers in a fifth of a second at 100/s: %v", n, err)
	}
}

func TestAWrongAnswerEndsTheMeasurement(t *testing.T) {
	addr := page(t)
	if _, err := drive(t.Context(), addr, 2, time.Minute, always(get(addr, "/missing")), 200); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a page that is not there was measured: %v", err)
	}
	if _, err := pace(t.Context(), addr, 100, time.Second, always(get(addr, "/missing")), 200); err == nil {
		t.Error("a page that is not there was measured")
	}
}

func TestTheBareServerSendsTheSame(t *testing.T) {
	a, err := fetch(t.Context(), page(t), "/", nil)
	if err != nil || a.Status != 200 || string(a.Body) != "<p>Hello</p>" || a.header("Etag") != `"1"` || a.header("Date") != "" {
		t.Errorf("%+v: %v", a, err)
	}
}
