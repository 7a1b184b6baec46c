// Package config holds the settings of an installation. Each has a default in
// code, may stand in a TOML file, in an environment variable, and (a few) on
// the command line; the later wins.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"strings"
	"time"
	_ "time/tzdata" // the image of a container has no zones of its own

	"github.com/caarlos0/env/v11"
	"github.com/pelletier/go-toml/v2"
)

// Config is every setting. The comment of a field is its help; docs and
// `kokeilu config` list them, and a test keeps both complete.
type Config struct {
	// Folder of everything the portal keeps.
	Data string `toml:"data" env:"KOKEILU_DATA"`
	// Where to listen, HOST:PORT.
	Addr string `toml:"addr" env:"KOKEILU_ADDR"`
	// Address readers use, without a slash at the end; by default made of Addr.
	PublicURL string `toml:"public_url" env:"KOKEILU_PUBLIC_URL"`
	// Name of the portal.
	Name string `toml:"name" env:"KOKEILU_NAME"`
	// Mail address of those who keep the portal.
	Contact string `toml:"contact" env:"KOKEILU_CONTACT"`
	// Who supervises accessibility where the portal is kept.
	Authority string `toml:"authority" env:"KOKEILU_AUTHORITY"`
	// Time zone of weeks, freezes and deadlines.
	TimeZone string `toml:"time_zone" env:"KOKEILU_TIME_ZONE"`
	// Folder that overlays the theme: templates, static/theme.css, static/logo.svg.
	Theme string `toml:"theme" env:"KOKEILU_THEME"`
	// Addresses of proxies whose X-Forwarded headers are believed.
	TrustedProxies []string `toml:"trusted_proxies" env:"KOKEILU_TRUSTED_PROXIES"`
	// Readers come over HTTPS: cookies are Secure and HSTS is sent.
	HTTPS bool `toml:"https" env:"KOKEILU_HTTPS"`
	// Address that shows figures to Prometheus, HOST:PORT; without one nobody is shown any. Profiles are there on the own machine only.
	MetricsAddr string `toml:"metrics_addr" env:"KOKEILU_METRICS_ADDR"`
	// Log every request; errors and slow requests are logged anyway.
	AccessLog bool `toml:"access_log" env:"KOKEILU_ACCESS_LOG"`
	// Log every request, and what helps to find a fault.
	Verbose bool `toml:"verbose" env:"KOKEILU_VERBOSE"`
	// Team text is open to the members' own managers (off: closed).
	TeamOpen bool `toml:"team_open" env:"KOKEILU_TEAM_OPEN"`
	// Bytes of disk kept free: below, changes are refused. 0: the smaller of 64 MB and 5 %.
	Reserve int64 `toml:"reserve" env:"KOKEILU_RESERVE"`
	// Megabytes of memory for finished pages of readers who are not signed in. 0: every page is made each time.
	PageCacheMB int `toml:"page_cache_mb" env:"KOKEILU_PAGE_CACHE_MB"`
	// Mail is sent through this server, HOST:PORT; without one it is written to DATA/mail.
	SMTP string `toml:"smtp" env:"KOKEILU_SMTP"`
	// User of the mail server.
	SMTPUser string `toml:"smtp_user" env:"KOKEILU_SMTP_USER"`
	// Password of the mail server.
	SMTPPassword string `toml:"smtp_password" env:"KOKEILU_SMTP_PASSWORD" secret:"yes"`
	// File that holds the password of the mail server.
	SMTPPasswordFile string `toml:"smtp_password_file" env:"KOKEILU_SMTP_PASSWORD_FILE"`
	// Sender of mail.
	MailFrom string `toml:"mail_from" env:"KOKEILU_MAIL_FROM"`
	// Where records are kept.
	Store Store `toml:"store"`
	// Where pictures are kept.
	S3 S3 `toml:"s3"`

	// Invented data and one-click sign-in; only on a loopback address.
	Demo bool `toml:"-"`
	// Load the sample data on the first start: nil follows Demo.
	Sample *bool `toml:"-"`
	// File is where the settings were read from; empty: nowhere.
	File string `toml:"-" env:"-"`
	// Zone is TimeZone, loaded.
	Zone *time.Location `toml:"-" env:"-"`
}

// Store says where records are kept.
type Store struct {
	// PostgreSQL database, postgres://USER:PASSWORD@HOST/NAME, for several nodes; without one they are in the data folder.
	DSN string `toml:"dsn" env:"KOKEILU_STORE_DSN" secret:"password"`
	// File that holds the address of the database.
	DSNFile string `toml:"dsn_file" env:"KOKEILU_STORE_DSN_FILE"`
}

// S3 says where pictures are kept when they are not in the data folder.
type S3 struct {
	// S3-compatible storage, https://HOST; without it pictures are in the data folder.
	Endpoint string `toml:"endpoint" env:"KOKEILU_S3_ENDPOINT"`
	// Its bucket, which has to be there.
	Bucket string `toml:"bucket" env:"KOKEILU_S3_BUCKET"`
	// Its region, where it asks for one.
	Region string `toml:"region" env:"KOKEILU_S3_REGION"`
	// Its access key.
	AccessKey string `toml:"access_key" env:"KOKEILU_S3_ACCESS_KEY"`
	// Its secret key.
	SecretKey string `toml:"secret_key" env:"KOKEILU_S3_SECRET_KEY" secret:"yes"`
	// File that holds the secret key.
	SecretKeyFile string `toml:"secret_key_file" env:"KOKEILU_S3_SECRET_KEY_FILE"`
}

// Default returns the settings of an installation nobody configured.
func Default() Config {
	return Config{
		Data: "./var", Addr: "localhost:3000", Name: "Kokeilu", TimeZone: "Europe/Helsinki",
		PageCacheMB: 64, Contact: "contact@kokeilu.invalid", MailFrom: "kokeilu@kokeilu.invalid",
	}
}

// ErrDemoAddr is returned when demo mode is asked for on an address that
// others can reach.
var ErrDemoAddr = errors.New("demo mode signs in anybody with one click: it listens on loopback addresses only (localhost, 127.0.0.1, ::1)")

// Load reads the defaults, then the file (empty: none), then the environment.
// A setting the file does not know is an error that names its line.
func Load(file string) (Config, error) {
	c := Default()
	c.File = file
	if file != "" {
		raw, err := os.ReadFile(file)
		if err != nil {
			return c, err
		}
		dec := toml.NewDecoder(bytes.NewReader(raw)).DisallowUnknownFields()
		if err := dec.Decode(&c); err != nil {
			if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok {
				return c, fmt.Errorf("%s: %s", file, strict.String())
			}
			return c, fmt.Errorf("%s: %w", file, err)
		}
	}
	if port := os.Getenv("PORT"); port != "" {
		c.Addr = ":" + port // where a platform says which one; KOKEILU_ADDR wins
	}
	if err := env.Parse(&c); err != nil {
		return c, err
	}
	return c, nil
}

// Check completes the settings and says what is wrong with them.
func (c *Config) Check() error {
	if c.Demo && !loopback(c.Addr) {
		return ErrDemoAddr
	}
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return fmt.Errorf("time_zone %q: %w", c.TimeZone, err)
	}
	c.Zone = zone
	if c.PublicURL == "" {
		c.PublicURL = "http://" + c.Addr
		if strings.HasPrefix(c.Addr, ":") { // everywhere, so here too
			c.PublicURL = "http://localhost" + c.Addr
		}
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("public_url %q: want https://HOST", c.PublicURL)
	}
	for name, address := range map[string]string{"contact": c.Contact, "mail_from": c.MailFrom} {
		if _, err := mail.ParseAddress(address); err != nil {
			return fmt.Errorf("%s %q: %w", name, address, err)
		}
	}
	if c.PageCacheMB < 0 {
		return fmt.Errorf("page_cache_mb %d: want 0 or more", c.PageCacheMB)
	}
	if (c.S3.Endpoint == "") != (c.S3.Bucket == "") {
		return errors.New("s3: endpoint and bucket belong together")
	}
	return c.readSecrets()
}

// readSecrets takes what files hold rather than settings.
func (c *Config) readSecrets() error {
	for _, secret := range []struct {
		name, file string
		value      *string
	}{
		{"smtp_password_file", c.SMTPPasswordFile, &c.SMTPPassword},
		{"store.dsn_file", c.Store.DSNFile, &c.Store.DSN},
		{"s3.secret_key_file", c.S3.SecretKeyFile, &c.S3.SecretKey},
	} {
		if secret.file == "" {
			continue
		}
		raw, err := os.ReadFile(secret.file)
		if err != nil {
			return fmt.Errorf("%s: %w", secret.name, err)
		}
		*secret.value = strings.TrimSpace(string(raw))
	}
	return nil
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
