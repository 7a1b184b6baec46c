package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/config"
)

var commented = regexp.MustCompile(`(?m)^# (\[\w+\]|\w+ = .*)$`)

// With every line of the sample uncommented, the settings are the defaults:
// it names all of them, and says what they are.
func TestTheSampleNamesEverySettingWithItsDefault(t *testing.T) {
	set := commented.ReplaceAllString(string(config.Sample()), "$1")
	file := filepath.Join(t.TempDir(), "kokeilu.toml")
	if err := os.WriteFile(file, []byte(set), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.File, want.TrustedProxies = file, []string{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, name := range variables(reflect.TypeFor[config.Config]()) {
		if !regexp.MustCompile(name + `[,\]\n]`).Match(config.Sample()) {
			t.Errorf("the sample does not name %s", name)
		}
	}
	for _, key := range keys(reflect.TypeFor[config.Config]()) {
		if !strings.Contains(set, "\n"+key+" = ") {
			t.Errorf("the sample does not set %s", key)
		}
	}
}

func keys(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type.Kind() == reflect.Struct && f.Type.PkgPath() == t.PkgPath() {
			names = append(names, keys(f.Type)...)
		} else if name := f.Tag.Get("toml"); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

func TestSecretsAreNotPrinted(t *testing.T) {
	for name, dsn := range map[string]string{
		"a URL":             "postgres://user:hush@db.example/kokeilu?sslmode=require",
		"a URL with words":  "postgres://db.example/kokeilu?password=hush&user=u",
		"words":             "host=db.example user=u password=hush dbname=kokeilu",
		"quoted words":      "host=db.example password = 'hush hush\\' hush' user=u",
		"nothing like that": "postgres://user:hu%sh@db.example/%%",
	} {
		t.Run(name, func(t *testing.T) {
			c := config.Default()
			c.SMTPPassword, c.S3.SecretKey, c.S3.AccessKey, c.Store.DSN = "hush", "hush", "AKEY", dsn
			out, err := c.Print()
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(out), "hush") || !strings.Contains(string(out), "AKEY") {
				t.Errorf("printed:\n%s", out)
			}
			if !c.HoldsSecrets() || c.SMTPPassword != "hush" {
				t.Error("the settings themselves are changed, or their secrets not noticed")
			}
		})
	}
}

func TestSettingsWithoutASecretHoldNone(t *testing.T) {
	c := config.Default()
	c.Store.DSN = "postgres://kokeilu@db.example/kokeilu"
	c.S3.SecretKeyFile, c.S3.SecretKey = "/run/secret", "hush" // as read from the file
	if c.HoldsSecrets() {
		t.Error("a secret was found")
	}
}

func TestAPlatformMaySayWhichPort(t *testing.T) {
	t.Setenv("PORT", "8080")
	if c, err := config.Load(""); err != nil || c.Addr != ":8080" {
		t.Errorf("listens on %q, %v", c.Addr, err)
	}
	t.Setenv("KOKEILU_ADDR", "127.0.0.1:9000")
	if c, err := config.Load(""); err != nil || c.Addr != "127.0.0.1:9000" {
		t.Errorf("listens on %q, %v", c.Addr, err)
	}
}
