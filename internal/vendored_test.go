package internal_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
)

// The files of others lie here unchanged, and none without its origin.
func TestVendoredFilesAreTheOnesListed(t *testing.T) {
	var assets []struct {
		Package, Version, Licence, Integrity string
		Files                                []struct{ To, SHA256 string }
	}
	if err := json.Unmarshal(read(t, "internal/tools/vendored.json"), &assets); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, a := range assets {
		if a.Version == "" || a.Licence == "" || !strings.HasPrefix(a.Integrity, "sha512-") {
			t.Errorf("%s lacks its version, licence or integrity", a.Package)
		}
		for _, f := range a.Files {
			listed[f.To] = true
			sum := sha256.Sum256(read(t, f.To))
			if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
				t.Errorf("%s was changed: run make vendor-assets", f.To)
			}
		}
	}
	for _, name := range repositoryFiles(t, "themes") {
		if strings.Contains(name, "/static/vendor/") && !listed[name] {
			t.Errorf("%s is not listed in internal/tools/vendored.json", name)
		}
	}
}
