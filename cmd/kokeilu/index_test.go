package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/config"
)

// bare starts a portal without sample data whose index folder is prepared by
// the test.
func bare(t *testing.T, prepare func(index string)) (*App, *visitor) {
	t.Helper()
	c, none := config.Default(), false
	c.Data, c.Demo, c.Sample, c.Addr = t.TempDir(), true, &none, "127.0.0.1:0"
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	prepare(filepath.Join(c.Data, "index"))
	a, err := OpenApp(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return a, visit(t, listen(t, a))
}

func readyz(t *testing.T, v *visitor) (r readiness) {
	t.Helper()
	if err := json.Unmarshal([]byte(v.open("/readyz").body), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s did not come", what)
		}
	}
}

func TestThePortalWorksWithoutItsIndexAndHealsIt(t *testing.T) {
	var index string
	a, v := bare(t, func(dir string) {
		index = dir
		if err := os.WriteFile(dir, []byte("in the way"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	if r := readyz(t, v); !r.Ready || r.Index != "broken" || r.Search.Cause == "" || r.Search.Answers {
		t.Errorf("/readyz says %+v", r)
	}
	if finding, err := a.examineIndex(t.Context()); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("the doctor says %q, %v", finding, err)
	}
	for _, path := range []string{"/en", "/en/cases", "/en/experiments", "/en/feeds/cases.rss"} {
		v.open(path)
	}
	for _, path := range []string{"/en/search?q=library", "/api/v1/search?q=library"} {
		if p := v.try(path); p.status != http.StatusServiceUnavailable {
			t.Errorf("%s answers %d, want 503", path, p.status)
		}
	}

	app := fiber.New()
	app.Use(a.settle)
	app.Post("/en/cases", func(c *fiber.Ctx) error { return c.SendStatus(http.StatusNoContent) })
	start := time.Now()
	resp, err := app.Test(httptest.NewRequest(http.MethodPost, "/en/cases", nil), 10_000)
	if err != nil || resp.StatusCode != http.StatusNoContent {
		t.Fatal(resp, err)
	}
	if took := time.Since(start); took > settleLimit/2 {
		t.Errorf("a publisher waited %s for an index that is broken", took)
	}

	if err := os.Remove(index); err != nil {
		t.Fatal(err)
	}
	soon(t, "the healed index", func() bool { return readyz(t, v).Index == "ok" })
	if r := readyz(t, v); r.Search.Heals != 1 || r.Search.Cause != "" || r.Documents == 0 || r.Search.Bytes == 0 {
		t.Errorf("/readyz says %+v", r)
	}
	v.open("/en/search?q=library")
	if finding, err := a.examineIndex(t.Context()); err != nil || !strings.Contains(finding, "mended 1 times") {
		t.Errorf("the doctor says %q, %v", finding, err)
	}
}

func TestHostileSearchesAreAnsweredQuickly(t *testing.T) {
	_, v := bare(t, func(string) {})
	soon(t, "the index", func() bool { return readyz(t, v).Index == "ok" })
	for name, typed := range map[string]string{
		"wildcards":             strings.Repeat("*", 10_000),
		"words with wildcards":  strings.Repeat("a* ", 3_000),
		"question marks":        strings.Repeat("?a", 5_000),
		"a thousand ORs":        strings.Repeat("kirjasto OR ", 1_000) + "x",
		"a thousand bars":       strings.Repeat("a | ", 1_000),
		"a regular expression":  `/(a+)+$|(.*)*x{1000}[^\p{L}]/`,
		"many expressions":      strings.Repeat(`/.*.*.*a{99}/ `, 500),
		"quotes":                strings.Repeat(`"`, 9_999),
		"deep quotes":           strings.Repeat(`"a «b „c `, 1_000),
		"minus signs":           strings.Repeat("-", 10_000),
		"nothing but left out":  strings.Repeat("-a ", 3_000),
		"odd fields":            strings.Repeat("lang:\"\x00 year>>> cost<-1e999 kind::: place:* ", 200),
		"a field without end":   "place:" + strings.Repeat("x", 9_000),
		"numbers out of bounds": "year>99999999999999999999 cost<1e400 year<NaN cost:Inf",
		"NULs":                  strings.Repeat("a\x00b", 3_000),
		"no UTF-8":              strings.Repeat("\xff\xfe\xc0\x80", 2_000),
		"a lone surrogate":      "\xed\xa0\x80kirjasto",
		"one long word":         strings.Repeat("ж", 5_000),
		"combining marks":       "e" + strings.Repeat("\u0301", 4_000),
		"invisible letters":     strings.Repeat("\u200b\u202e", 3_000),
		"ligatures":             strings.Repeat("ﬃ ", 2_000),
		"marks of the analyser": "=a fi~b ^c fi<d +e f \x1f\x1f",
		"fuzzy and boosted":     strings.Repeat("kirjasto~9^999 ", 600),
		"brackets":              strings.Repeat("((((", 2_000) + "a" + strings.Repeat("))))", 2_000),
		"SQL":                   `'; DROP TABLE cases; -- \' OR 1=1`,
		"other keyboards":       strings.Repeat(`,.l;tn [fz' `, 500),
	} {
		t.Run(name, func(t *testing.T) {
			q := url.QueryEscape(typed)
			q = q[:min(len(q), 10_000)] // what the server takes of an address, with a bad escape at the end
			for _, path := range []string{"/fi/search?q=", "/api/v1/search?q="} {
				for _, more := range []string{"", "&page=99999999999999999999&theme=x&theme=" + strings.Repeat("y", 99), "&cursor=-1&limit=-5&kind=%00&year=%ff"} {
					start := time.Now()
					p := v.try(path + q + more)
					if took := time.Since(start); p.status >= 500 || took > time.Second {
						t.Errorf("%s%s: %d after %s", path, more, p.status, took)
					}
				}
			}
		})
	}
	if r := readyz(t, v); r.Index != "ok" || r.Search.Heals != 0 {
		t.Errorf("afterwards /readyz says %+v", r)
	}
}
