package config_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/config"
)

// TestEverySettingIsDocumented fails when the administrators' manual does not
// name a setting or its variable.
func TestEverySettingIsDocumented(t *testing.T) {
	raw, err := os.ReadFile("../../docs/administration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range variables(reflect.TypeFor[config.Config]()) {
		if !strings.Contains(string(raw), "`"+name+"`") {
			t.Errorf("docs/administration.md does not name %s", name)
		}
	}
}

func variables(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		if name := f.Tag.Get("env"); name != "" && name != "-" {
			names = append(names, name)
		}
		if f.Type.Kind() == reflect.Struct && f.Type.PkgPath() == t.PkgPath() {
			names = append(names, variables(f.Type)...)
		}
	}
	return names
}
