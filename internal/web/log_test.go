package web_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/valyala/fasthttp"

	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/web"
)

// logged is a portal that logs every request as JSON.
func logged(t *testing.T) (*web.Kit, *fiber.App, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	k := kit(t)
	k.Log, k.AccessLog = slog.New(slog.NewJSONHandler(&out, nil)), true
	app := k.NewApp(nil)
	pages := k.Routes(app)
	pages.Get("/cases/:id", func(c *fiber.Ctx) error { return c.SendString("hei") })
	pages.Get("/sign-in/:token", func(c *fiber.Ctx) error { return c.SendString("hei") })
	pages.Get("/fails", func(*fiber.Ctx) error { return io.ErrUnexpectedEOF })
	k.Traffic.Know(app)
	return k, app, &out
}

func TestARequestIsOneLine(t *testing.T) {
	_, app, out := logged(t)
	req := request("GET", "/fi/cases/abc?q=secret", "")
	req.Header.Set("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	resp, _ := do(t, app, req)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if took, ok := line["took"].(float64); !ok || took < 0 {
		t.Errorf("took %v", line["took"])
	}
	delete(line, "took")
	delete(line, "time")
	want := map[string]any{
		"level": "INFO", "msg": "request", "request": resp.Header.Get("X-Request-Id"), "method": "GET", "route": "/:lang/cases/:id",
		"path": "/fi/cases/abc", "status": 200., "bytes": 3., "from": "0.0.0.0", "trace": "4bf92f3577b34da6a3ce929d0e0e4736",
	}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Error(diff)
	}
}

func TestALineTellsNoSecret(t *testing.T) {
	for name, tt := range map[string]struct{ path, want string }{
		"a sign-in link":             {"/fi/sign-in/secretsecret", `"path":"/fi/sign-in/…"`},
		"one with something behind":  {"/fi/sign-in/secretsecret/x", `"path":"/fi/sign-in/…"`},
		"an invitation":              {"/fi/join/secretsecret", `"path":"/fi/join/…"`},
		"a mail address":             {"/fi/people/secret@example.org", `"path":"/fi/people/…"`},
		"a mail address, in percent": {"/fi/people/secret%40example.org", `"path":"/fi/people/…"`},
		"a trace that is none":       {"/fi/cases/a", `"path":"/fi/cases/a"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, app, out := logged(t)
			req := request("GET", tt.path+"?key=secret", "")
			req.Header.Set("traceparent", "00-secretsecretsecretsecretsecrets1-00f067aa0ba902b7-01")
			req.Header.Set("Cookie", "session=secret")
			do(t, app, req)
			if line := out.String(); strings.Contains(line, "secret") || !strings.Contains(line, tt.want) {
				t.Errorf("logged: %s", line)
			}
		})
	}
}

func TestWithoutAnAccessLogNothingIsLogged(t *testing.T) {
	k, app, out := logged(t)
	k.AccessLog = false
	do(t, app, request("GET", "/fi/cases/abc", ""))
	if out.Len() > 0 {
		t.Errorf("logged: %s", out)
	}
}

func TestRequestIDs(t *testing.T) {
	_, app, _ := logged(t)
	seen := map[string]bool{}
	for range 100 {
		resp, _ := do(t, app, request("GET", "/fi/nothing", ""))
		id := resp.Header.Get("X-Request-Id")
		if len(id) != 12 || seen[id] {
			t.Fatalf("id %q, after %d others", id, len(seen))
		}
		seen[id] = true
	}
}

func TestTrafficIsCountedByRoute(t *testing.T) {
	k, app, _ := logged(t)
	for _, path := range []string{"/fi/cases/a", "/sv/cases/b", "/fi/fails", "/nothing", "/fi/nothing/at/all"} {
		do(t, app, request(http.MethodGet, path, ""))
	}
	stats := k.Traffic.Stats()
	if stats.Running != 0 {
		t.Errorf("%d requests run", stats.Running)
	}
	got := map[string][6]uint64{}
	for _, r := range stats.Routes {
		got[r.Method+" "+r.Route] = r.Classes
		if n := r.Took.Total(); n == 0 || r.Took.Sum < 0 {
			t.Errorf("%s took %v", r.Route, r.Took)
		}
	}
	want := map[string][6]uint64{" ": {4: 2}, "GET /:lang/cases/:id": {2: 2}, "GET /:lang/fails": {5: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPageFromMemoryIsCountedAndLoggedToo(t *testing.T) {
	var out bytes.Buffer
	k := kit(t)
	k.Log, k.AccessLog = slog.New(slog.NewJSONHandler(&out, nil)), true
	k.Pages = pagecache.New[*web.Answer](pagecache.NewGenerations(), 1<<20, time.UTC)
	app := k.NewApp(nil)
	k.Routes(app).Get("/news", func(c *fiber.Ctx) error { return k.Render(c, "news", "News") })
	k.Traffic.Know(app)
	for range 3 {
		resp, _ := do(t, app, request("GET", "/fi/news", ""))
		if id := resp.Header.Get("X-Request-Id"); !strings.Contains(out.String(), id) || len(id) != 12 {
			t.Errorf("the id %q is not in the log:\n%s", id, &out)
		}
	}
	if n := strings.Count(out.String(), `"route":"/:lang/news","path":"/fi/news","status":200`); n != 3 {
		t.Errorf("%d lines of three:\n%s", n, &out)
	}
	k.AccessLog = false
	do(t, app, request("GET", "/fi/news", ""))
	if r := k.Traffic.Stats().Routes[0]; r.Classes[2] != 4 || r.Took.Total() != 4 {
		t.Errorf("counted %+v", r)
	}
}

// BenchmarkRequest is what a request costs before a handler does anything.
func BenchmarkRequest(b *testing.B) {
	for name, access := range map[string]bool{"quiet": false, "logged": true} {
		b.Run(name, func(b *testing.B) {
			k := &web.Kit{Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), AccessLog: access}
			app := k.NewApp(nil)
			k.Routes(app).Get("/cases/:id", func(*fiber.Ctx) error { return nil })
			k.Traffic.Know(app)
			handle := app.Handler()
			ctx := asked(b, "/fi/cases/abc")
			b.ReportAllocs()
			for b.Loop() {
				ctx.Response.Reset()
				handle(ctx)
			}
			if status := ctx.Response.StatusCode(); status != fiber.StatusOK {
				b.Fatal(status)
			}
		})
	}
}

// BenchmarkTraffic is what counting one request adds.
func BenchmarkTraffic(b *testing.B) {
	k := &web.Kit{Log: slog.New(slog.DiscardHandler)}
	app := k.NewApp(nil)
	app.Get("/x", func(c *fiber.Ctx) error {
		for b.Loop() {
			web.Count(&k.Traffic, c)
		}
		return nil
	})
	k.Traffic.Know(app)
	app.Handler()(asked(b, "/x"))
}

// asked is a request as it comes from the network.
func asked(b *testing.B, path string) *fasthttp.RequestCtx {
	b.Helper()
	var ctx fasthttp.RequestCtx
	raw := "GET " + path + " HTTP/1.1\r\nHost: kokeilu.test\r\nAccept: text/html\r\nUser-Agent: test\r\n\r\n"
	if err := ctx.Request.Read(bufio.NewReader(strings.NewReader(raw))); err != nil {
		b.Fatal(err)
	}
	return &ctx
}
