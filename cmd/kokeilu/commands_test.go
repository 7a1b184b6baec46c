package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// A command does the same on a running portal, through its control socket, as
// on the data folder of one that is stopped.
func TestCommandsWorkOnARunningAndOnAStoppedPortal(t *testing.T) {
	dir, addr := filepath.Join(t.TempDir(), "data"), freeAddress(t)
	must(t, dir, "sample", "load")
	t.Run("stopped", func(t *testing.T) { everyCommand(t, dir, "stopped") })
	p := serve(t, dir, addr)
	t.Run("running", func(t *testing.T) {
		everyCommand(t, dir, "running")
		if status, _ := p.get("/readyz"); status != 200 {
			t.Errorf("the portal answers %d after the commands", status)
		}
	})
	p.stop(syscall.SIGTERM)
}

func everyCommand(t *testing.T, dir, state string) {
	email := state + "@example.org"
	for name, one := range map[string]struct {
		args []string
		want string // what it prints, a pattern
	}{
		"user add":        {[]string{"user", "add", email, "--role", "coordinator", "--organisation", "FI:889"}, `was added as [a-z0-9]{12}`},
		"user list":       {[]string{"user", "list"}, `developer@example\.org\t.*member FI:889`},
		"user login-link": {[]string{"user", "login-link", "admin@example.org"}, `^http://\S+/[a-z]{2}/sign-in/\S{40,}\n$`},
		"user role":       {[]string{"user", "role", "developer2@example.org", "--role", "reviewer"}, `is now reviewer`},
		"reindex":         {[]string{"reindex"}, `\d+ documents indexed`},
		"audit verify":    {[]string{"audit", "verify"}, `\d+ entries, head [0-9a-f]+`},
		"audit head":      {[]string{"audit", "head"}, `^\d+ [0-9a-f]+ 20`},
		"top10":           {[]string{"top10"}, `(?m)^ 1 +\d+\.\d  A 0\.\d+`},
		"doctor":          {[]string{"doctor"}, `ok +journal +\d+ entries in order`},
		"routes":          {[]string{"routes"}, `(?m)^GET +/healthz$`},
		"version":         {[]string{"version"}, `^kokeilu test \(go`},
		"version as JSON": {[]string{"version", "--json"}, `"version":"test"`},
	} {
		t.Run(name, func(t *testing.T) {
			if out := must(t, dir, one.args...); !regexp.MustCompile(one.want).MatchString(out) {
				t.Errorf("it printed no %s:\n%s", one.want, out)
			}
		})
	}
	t.Run("a person twice is refused", func(t *testing.T) {
		if out, code := command(t, dir, "user", "add", "developer@example.org"); code != 1 || !strings.Contains(out, "kokeilu: ") {
			t.Errorf("exit code %d\n%s", code, out)
		}
	})
	t.Run("backup, verify, restore", func(t *testing.T) { backedUp(t, dir) })
	t.Run("export and import", func(t *testing.T) {
		out := t.TempDir()
		must(t, dir, "export", "cases", out)
		if got := must(t, dir, "import", "cases", out); !regexp.MustCompile(`0 imported, 0 updated, \d+ unchanged, 0 rejected`).MatchString(got) {
			t.Errorf("importing what was exported changed something:\n%s", got)
		}
	})
}

// backedUp makes a backup, checks it and restores it: the copy must say the
// same as the portal it was made of.
func backedUp(t *testing.T, dir string) {
	file, copied := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "copy")
	head, people := must(t, dir, "audit", "head"), must(t, dir, "user", "list")
	must(t, dir, "backup", file)
	if out := must(t, dir, "restore", "--verify", file); !strings.Contains(out, "The backup is whole") {
		t.Errorf("verify: %s", out)
	}
	must(t, copied, "restore", file)
	if got := must(t, copied, "audit", "head"); got != head {
		t.Errorf("the journal of the copy ends at %q, of the portal at %q", got, head)
	}
	if got := must(t, copied, "user", "list"); got != people {
		t.Error("the copy has other people")
	}
	must(t, copied, "reindex")
	was, is := t.TempDir(), t.TempDir()
	must(t, dir, "export", "cases", was)
	must(t, copied, "export", "cases", is)
	sameFolder(t, was, is)
	if out, code := command(t, copied, "restore", file); code != 1 || !strings.Contains(out, "not empty") {
		t.Errorf("a restore over data: exit code %d\n%s", code, out)
	}
	broken(t, file)
	if out, code := command(t, filepath.Join(t.TempDir(), "new"), "restore", file); code != 1 {
		t.Errorf("a damaged backup was restored: %s", out)
	}
}

// broken changes one byte in the middle of a file.
func broken(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 0xff
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func sameFolder(t *testing.T, a, b string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(a, "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files in %s: %v", len(names), a, err)
	}
	for _, name := range names {
		one, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		other, err := os.ReadFile(filepath.Join(b, filepath.Base(name)))
		if err != nil || string(one) != string(other) {
			t.Errorf("%s differs: %v", filepath.Base(name), err)
		}
	}
}

func TestWrongUseIsToldWithItsOwnExitCode(t *testing.T) {
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"an unknown flag":                   {"serve", "--nonsense"},
		"demo mode that others could reach": {"serve", "--demo", "--addr", "0.0.0.0:0"},
		"a token without an address":        {"import", "cases", ".", "--token", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			if out, code := command(t, dir, args...); code != exitUsage {
				t.Errorf("exit code %d\n%s", code, out)
			}
		})
	}
}

// A folder can go to a portal elsewhere with a personal token.
func TestImportToAnotherPortal(t *testing.T) {
	dir, from := t.TempDir(), t.TempDir()
	must(t, dir, "user", "add", "keeper@example.org", "--role", "admin")
	p := serve(t, dir, freeAddress(t))
	key := token(t, dir, p.URL, "keeper@example.org")
	for name, text := range map[string]string{
		"good.md": "---\ntitle: A good text\nlang: en\n---\n\n## What\n\nIt works.\n",
		"bad.md":  "---\ntitle: A text in no language\nlang: xx\n---\n\nText.\n",
	} {
		if err := os.WriteFile(filepath.Join(from, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, code := command(t, t.TempDir(), "import", "cases", from, "--to", p.URL, "--token", key)
	if code != 1 || !strings.Contains(out, "1 imported, 0 updated, 0 unchanged, 1 rejected") || !strings.Contains(out, "bad.md:3:") {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	if err := os.Remove(filepath.Join(from, "bad.md")); err != nil {
		t.Fatal(err)
	}
	if out := must(t, t.TempDir(), "import", "cases", from, "--to", p.URL, "--token", key); !strings.Contains(out, "0 imported, 0 updated, 1 unchanged, 0 rejected") {
		t.Fatalf("the second time:\n%s", out)
	}
	if out, code := command(t, t.TempDir(), "import", "cases", from, "--to", p.URL, "--token", "wrong"); code != 1 || !strings.Contains(out, "401") {
		t.Errorf("a wrong token: exit code %d\n%s", code, out)
	}
}
