package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/config"
)

func TestEnvironmentWinsOverFileWinsOverDefault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kokeilu.toml")
	if err := os.WriteFile(file, []byte("name = \"From file\"\naddr = \"localhost:4000\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KOKEILU_ADDR", "localhost:5000")
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "From file" || c.Addr != "localhost:5000" || c.TimeZone != "Europe/Helsinki" {
		t.Errorf("got name %q, addr %q, zone %q", c.Name, c.Addr, c.TimeZone)
	}
}

func TestUnknownSettingNamesItsLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kokeilu.toml")
	if err := os.WriteFile(file, []byte("name = \"x\"\ncolour = \"red\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := config.Load(file)
	if err == nil || !strings.Contains(err.Error(), "colour") || !strings.Contains(err.Error(), "2|") {
		t.Errorf("got %v, want an error that shows line 2", err)
	}
}

func TestDemoOnlyOnLoopback(t *testing.T) {
	tests := map[string]bool{
		"localhost:3000": true, "127.0.0.1:3000": true, "127.8.8.8:1": true, "[::1]:3000": true,
		"0.0.0.0:3000": false, ":3000": false, "192.168.1.5:3000": false, "kokeilu.example:80": false, "localhost": false,
	}
	for addr, want := range tests {
		c := config.Default()
		c.Demo, c.Addr = true, addr
		if err := c.Check(); errors.Is(err, config.ErrDemoAddr) == want {
			t.Errorf("demo on %q: %v, want allowed %v", addr, err, want)
		}
	}
}

func TestCheckRefusesWhatCannotWork(t *testing.T) {
	tests := map[string]func(*config.Config){
		"a zone that is none":     func(c *config.Config) { c.TimeZone = "Mars/Olympus" },
		"an address without host": func(c *config.Config) { c.PublicURL = "kokeilu" },
		"a sender that is none":   func(c *config.Config) { c.MailFrom = "nobody" },
		"a missing password file": func(c *config.Config) { c.SMTPPasswordFile = "/nonexistent" },
		"a bucket nowhere":        func(c *config.Config) { c.S3.Bucket = "pictures" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			c := config.Default()
			spoil(&c)
			if err := c.Check(); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestSettingsOfManyNodes(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "kokeilu.toml")
	secret := filepath.Join(dir, "dsn")
	text := "[store]\ndsn_file = \"" + secret + "\"\n[s3]\nendpoint = \"https://s3.example\"\nbucket = \"files\"\n"
	for name, content := range map[string]string{file: text, secret: "postgres://u:p@db/kokeilu\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("KOKEILU_S3_BUCKET", "pictures")
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if c.Store.DSN != "postgres://u:p@db/kokeilu" || c.S3.Bucket != "pictures" || c.S3.Endpoint != "https://s3.example" {
		t.Errorf("got %+v and %+v", c.Store, c.S3)
	}
}
