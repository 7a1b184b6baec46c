package config

import (
	_ "embed" // for the sample
	"net/url"
	"reflect"
	"regexp"

	"github.com/pelletier/go-toml/v2"
)

//go:embed sample.toml
var sample []byte

// Sample is a settings file in which every setting is explained and none is
// set.
func Sample() []byte { return sample }

// hiddenText stands in place of a secret.
const hiddenText = "(hidden)"

// Print returns the settings as a file would set them, without the secrets.
func (c Config) Print() ([]byte, error) {
	hide(reflect.ValueOf(&c).Elem(), func(string) {})
	return toml.Marshal(c)
}

// HoldsSecrets reports whether a secret stands in the settings themselves,
// rather than in a file of its own.
func (c Config) HoldsSecrets() bool {
	found := false
	c.SMTPPassword = unless(c.SMTPPasswordFile, c.SMTPPassword)
	c.Store.DSN = unless(c.Store.DSNFile, c.Store.DSN)
	c.S3.SecretKey = unless(c.S3.SecretKeyFile, c.S3.SecretKey)
	hide(reflect.ValueOf(&c).Elem(), func(string) { found = true })
	return found
}

// unless is empty where a file holds the value.
func unless(file, value string) string {
	if file != "" {
		return ""
	}
	return value
}

// hide replaces every secret of a struct of settings and tells of each.
func hide(v reflect.Value, told func(name string)) {
	for i := range v.NumField() {
		field, of := v.Field(i), v.Type().Field(i)
		if field.Kind() == reflect.Struct && of.Type.PkgPath() == v.Type().PkgPath() {
			hide(field, told)
			continue
		}
		kind := of.Tag.Get("secret")
		if kind == "" || field.String() == "" {
			continue
		}
		hidden := hiddenText
		if kind == "password" {
			hidden = withoutPassword(field.String())
		}
		if hidden != field.String() {
			told(of.Name)
		}
		field.SetString(hidden)
	}
}

var passwordWord = regexp.MustCompile(`(?i)\b(password|sslpassword)(\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)`)

// withoutPassword hides the password in the address of a database, written as
// a URL or as words.
func withoutPassword(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return hiddenText
	}
	if u.Scheme == "" {
		return passwordWord.ReplaceAllString(dsn, "${1}${2}"+hiddenText)
	}
	if _, set := u.User.Password(); set {
		u.User = url.UserPassword(u.User.Username(), "hidden")
	}
	q := u.Query()
	for _, name := range []string{"password", "sslpassword"} {
		if q.Has(name) {
			q.Set(name, "hidden")
			u.RawQuery = q.Encode()
		}
	}
	return u.String()
}
