package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASettingsFileFromFirstToLast(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "kokeilu.toml")
	must(t, dir, "init", file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if out, code := command(t, dir, "init", file); code != 1 || !strings.Contains(out, "left alone") {
		t.Errorf("a second init: exit code %d\n%s", code, out)
	}
	if out := must(t, dir, "config", "check", "--config", file); !strings.Contains(out, "in order") {
		t.Errorf("check: %s", out)
	}
	add := func(text string) {
		t.Helper()
		old, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append([]byte(text+"\n"), old...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	add("name = \"Kokeilut\"\nsmtp_password = \"hush\"")
	t.Setenv("KOKEILU_STORE_DSN", "postgres://kokeilu:hush@db.example/kokeilu")
	out := must(t, dir, "config", "print", "--config", file)
	if !strings.Contains(out, "name = 'Kokeilut'") || !strings.Contains(out, "db.example") || strings.Contains(out, "hush") {
		t.Errorf("print:\n%s", out)
	}
	add("https = true\npublic_url = \"http://kokeilut.example\"\ntrusted_proxies = [\"0.0.0.0/0\", \"proxy\"]")
	out, code := command(t, dir, "config", "check", "--config", file)
	for _, want := range []string{"nobody can sign in", "believes nearly everybody", `"proxy" is neither`} {
		if code != 1 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, %q is not in\n%s", code, want, out)
		}
	}
}

func TestALookIsExportedAndChecked(t *testing.T) {
	dir := t.TempDir()
	look := filepath.Join(dir, "look")
	must(t, dir, "theme", "export", look)
	if out := must(t, dir, "theme", "check", look); !strings.Contains(out, "pages can be shown") {
		t.Errorf("check: %s", out)
	}
	if out, code := command(t, dir, "theme", "export", look); code != 1 || !strings.Contains(out, "not empty") {
		t.Errorf("a second export: exit code %d\n%s", code, out)
	}
	for name, tt := range map[string]struct{ file, text, want string }{
		"colours that are too near": {"theme.css", "@layer theme{:root{--k-e:#eeeeee}}", "cannot be told apart"},
		"a broken page":             {"templates/error.html", "{{define \"title\"}}{{.Nothing}", "error.html"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, filepath.FromSlash(tt.file))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, code := command(t, dir, "theme", "check", folder); code != 1 || !strings.Contains(out, tt.want) {
				t.Errorf("exit code %d\n%s", code, out)
			}
		})
	}
}

func TestHealthcheckSaysWhetherAPortalCanWork(t *testing.T) {
	dir, addr := filepath.Join(t.TempDir(), "data"), freeAddress(t)
	if out, code := command(t, dir, "healthcheck", "--addr", addr); code != 1 {
		t.Errorf("nobody is there: exit code %d\n%s", code, out)
	}
	p := serve(t, dir, addr)
	_, port, _ := strings.Cut(addr, ":")
	for _, at := range []string{addr, "0.0.0.0:" + port, ":" + port} {
		var state struct{ Ready bool }
		if out := must(t, dir, "healthcheck", "--addr", at); json.Unmarshal([]byte(out), &state) != nil || !state.Ready {
			t.Errorf("at %s it says: %s", at, out)
		}
	}
	if status, _ := p.get("/healthz"); status != http.StatusOK {
		t.Error(status)
	}
}

func TestCompletionIsForEveryShell(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out := must(t, t.TempDir(), "completion", shell); !strings.Contains(out, "kokeilu") {
			t.Errorf("%s: %.200s", shell, out)
		}
	}
	var out bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetArgs([]string{"__complete", "us"})
	if err := root.ExecuteContext(t.Context()); err != nil || !strings.HasPrefix(out.String(), "user\t") {
		t.Errorf("it completes us to %q, %v", &out, err)
	}
}

func TestMistakesOfTheCallerHaveTheirOwnExitCode(t *testing.T) {
	for name, args := range map[string][]string{
		"no such command":         {"sevre"},
		"no such command below":   {"user", "sing"},
		"an argument too few":     {"backup"},
		"an argument too many":    {"serve", "now"},
		"no such flag":            {"doctor", "--quick"},
		"an address that is none": {"healthcheck", "--addr", "here"},
	} {
		t.Run(name, func(t *testing.T) {
			if out, code := command(t, t.TempDir(), args...); code != exitUsage || !strings.Contains(out, "usage") {
				t.Errorf("exit code %d\n%s", code, out)
			}
		})
	}
	for name, args := range map[string][]string{"help": {"help"}, "help of a group": {"user"}, "a flag for help": {"serve", "--help"}} {
		if out, code := command(t, t.TempDir(), args...); code != 0 || !strings.Contains(out, "Usage:") {
			t.Errorf("%s: exit code %d\n%s", name, code, out)
		}
	}
}
