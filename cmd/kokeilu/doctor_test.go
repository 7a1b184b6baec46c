package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/config"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// examined is what the doctor says about a portal, by the name of the line, and
// whether something needs mending.
func examined(t *testing.T, a *App) (map[string]string, bool) {
	t.Helper()
	var out bytes.Buffer
	err := doctor(t.Context(), a, noArgs{}, &out)
	lines := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(ok  |note|MEND)  (\w+) +(.*(?:\n {17}.*)*)`).FindAllStringSubmatch(out.String(), -1) {
		lines[m[2]] = strings.TrimSpace(m[1]) + " " + m[3]
	}
	if len(lines) != len(a.examinations()) {
		t.Errorf("%d lines for %d examinations:\n%s", len(lines), len(a.examinations()), &out)
	}
	return lines, err != nil
}

func TestANewPortalIsInOrder(t *testing.T) {
	lines, bad := examined(t, openAt(t, filepath.Join(t.TempDir(), "data"), ""))
	if bad {
		t.Errorf("the doctor complains: %q", lines)
	}
	for line, want := range map[string]string{"store": "ok the database is whole", "backup": "note none was made"} {
		if !strings.HasPrefix(lines[line], want) {
			t.Errorf("%s: %q, want %q", line, lines[line], want)
		}
	}
}

// The server of the tests does not wait for the disk, which is all that is
// wrong with it.
func TestTheDoctorExaminesPostgreSQLToo(t *testing.T) {
	lines, bad := examined(t, openAt(t, filepath.Join(t.TempDir(), "data"), pgtest.DSN(t)))
	for line, said := range lines {
		if (line == "store") != strings.HasPrefix(said, "MEND") {
			t.Errorf("%s: %q", line, said)
		}
	}
	if !bad || !strings.Contains(lines["store"], "fsync is off") || !strings.HasPrefix(lines["backup"], "note the records are in PostgreSQL") {
		t.Errorf("found %q", lines)
	}
}

func TestTheDoctorFindsWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		line, want string
		spoil      func(*testing.T, *App)
	}{
		"records of a newer version": {"schema", "MEND This data was last used by a newer version", func(t *testing.T, a *App) { newer(t, a.Store) }},
		"a folder others can read": {"files", "MEND other users of the machine can read", func(t *testing.T, a *App) {
			if err := os.Chmod(a.Config.Data, 0o755); err != nil {
				t.Fatal(err)
			}
		}},
		"settings with a secret that others can read": {"files", "MEND other users of the machine can read", func(t *testing.T, a *App) {
			a.Config.File, a.Config.SMTPPassword = filepath.Join(t.TempDir(), "kokeilu.toml"), "hush"
			if err := os.WriteFile(a.Config.File, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}},
		"backups that do not run any more": {"backup", "MEND the last one was made 480h0m0s ago", func(t *testing.T, a *App) {
			if err := rememberBackup(a.Config.Data, lastBackup{Made: time.Now().AddDate(0, 0, -20), File: "x.tar"}); err != nil {
				t.Fatal(err)
			}
		}},
		"a statement that nobody reviews": {"statement", "MEND the accessibility statement", func(_ *testing.T, a *App) { inYears(a, 2) }},
		"holidays that end":               {"holidays", "MEND holidays end soon", func(_ *testing.T, a *App) { inYears(a, 20) }},
		"a clock that was set back": {"clock", "MEND the last entry of the journal is dated", func(t *testing.T, a *App) {
			wrong := journal.New(a.Store, journal.Clock(func() time.Time { return time.Now().Add(time.Hour) }))
			if err := a.Store.Update(t.Context(), func(tx store.Tx) error {
				return wrong.Append(tx, journal.Entry{Actor: "system", Kind: "test.done", Subject: "test:1"})
			}); err != nil {
				t.Fatal(err)
			}
		}},
		"cookies that are not sent": {"address", "MEND https is set, but public_url is http://", func(_ *testing.T, a *App) { a.Config.HTTPS = true }},
		"a proxy that is everybody": {"address", "MEND trusted_proxies: 0.0.0.0/0 believes", func(_ *testing.T, a *App) { a.Config.TrustedProxies = []string{"0.0.0.0/0"} }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := openAt(t, filepath.Join(t.TempDir(), "data"), "")
			tt.spoil(t, a)
			lines, bad := examined(t, a)
			if !bad || !strings.HasPrefix(lines[tt.line], tt.want) {
				t.Errorf("found %q, want %q", lines[tt.line], tt.want)
			}
		})
	}
}

// newer makes a store look as if a newer version had used it.
func newer(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Put("store_migrations", "cases", []byte("999")) }); err != nil {
		t.Fatal(err)
	}
}

// inYears lets the portal believe that years have passed.
func inYears(a *App, years int) { a.Now = func() time.Time { return time.Now().AddDate(years, 0, 0) } }

func TestRoomThatIsLeft(t *testing.T) {
	const gb = 1 << 30
	for want, free := range map[string]int64{"": 50 * gb, "full": 15 * gb, "soon changes will be refused": 100 << 20, "changes are refused": 10 << 20} {
		_, err := room(free, 100*gb, 64<<20)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%d bytes free: %v, want %q", free, err, want)
		}
	}
}

func TestAddressesThatFitTogether(t *testing.T) {
	tests := map[string]struct {
		change func(*config.Config)
		want   string // of the fault; empty: none
	}{
		"a laptop": {func(*config.Config) {}, ""},
		"behind a proxy": {func(c *config.Config) {
			c.PublicURL, c.HTTPS, c.TrustedProxies = "https://k.example", true, []string{"10.0.0.7", "fd00::/16"}
		}, ""},
		"a proxy that says it":          {func(c *config.Config) { c.PublicURL, c.TrustedProxies = "https://k.example", []string{"127.0.0.1"} }, ""},
		"cookies without Secure":        {func(c *config.Config) { c.PublicURL = "https://k.example" }, "set https = true"},
		"Secure cookies on plain HTTP":  {func(c *config.Config) { c.HTTPS = true }, "nobody can sign in"},
		"a proxy by its name":           {func(c *config.Config) { c.TrustedProxies = []string{"proxy.example"} }, "neither an address nor a network"},
		"a network that is the world's": {func(c *config.Config) { c.TrustedProxies = []string{"::/0"} }, "believes nearly everybody"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := config.Default()
			c.PublicURL = "http://localhost:3000"
			tt.change(&c)
			err := addressFaults(c)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
