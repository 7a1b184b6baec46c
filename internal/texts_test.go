package internal_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// texts are the documents that people read first.
var texts = []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSES/README.md", "docs/README.md", "docs/administration.md", "docs/backup.md",
	"docs/benchmarks.md", "docs/monitoring.md", "docs/nodes.md", "docs/troubleshooting.md", "docs/decisions/README.md"}

var (
	target      = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	makeCommand = regexp.MustCompile("(?m)(?:^ {4}|`)make ([a-z][a-z-]*)")
	link        = regexp.MustCompile(`\]\(([^)#:]+)\)`)
)

func TestTextsNameOnlyCommandsThatExist(t *testing.T) {
	var targets []string
	for _, m := range target.FindAllStringSubmatch(string(read(t, "Makefile")), -1) {
		targets = append(targets, m[1])
	}
	for _, name := range append(texts, ".ci/run") {
		for _, m := range makeCommand.FindAllStringSubmatch(string(read(t, name)), -1) {
			if !slices.Contains(targets, m[1]) {
				t.Errorf("%s says make %s, which the Makefile does not have", name, m[1])
			}
		}
	}
	for _, command := range []string{"run", "test"} {
		if !strings.Contains(string(read(t, "README.md")), "    make "+command) {
			t.Errorf("README.md does not say make %s", command)
		}
	}
}

func TestTextsLinkOnlyToFilesThatExist(t *testing.T) {
	for _, name := range texts {
		for _, m := range link.FindAllStringSubmatch(string(read(t, name)), -1) {
			if _, err := os.Stat(filepath.Join("..", path.Dir(name), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
	}
}

// publiccode is what version 0.4 of the standard asks of everyone.
type publiccode struct {
	Version           string   `yaml:"publiccodeYmlVersion"`
	Name              string   `yaml:"name"`
	URL               string   `yaml:"url"`
	Platforms         []string `yaml:"platforms"`
	Categories        []string `yaml:"categories"`
	DevelopmentStatus string   `yaml:"developmentStatus"`
	SoftwareType      string   `yaml:"softwareType"`
	Description       map[string]struct {
		Short    string   `yaml:"shortDescription"`
		Long     string   `yaml:"longDescription"`
		Features []string `yaml:"features"`
	} `yaml:"description"`
	Legal struct {
		License string `yaml:"license"`
	} `yaml:"legal"`
	Maintenance struct {
		Type     string `yaml:"type"`
		Contacts []struct {
			Name string `yaml:"name"`
		} `yaml:"contacts"`
	} `yaml:"maintenance"`
	Localisation struct {
		Ready     *bool    `yaml:"localisationReady"`
		Languages []string `yaml:"availableLanguages"`
	} `yaml:"localisation"`
}

func TestPubliccodeHasWhatTheStandardAsks(t *testing.T) {
	var p publiccode
	if err := yaml.Unmarshal(read(t, "publiccode.yml"), &p); err != nil {
		t.Fatal(err)
	}
	must := map[string]bool{
		"publiccodeYmlVersion is 0.4":           p.Version == "0.4",
		"name":                                  p.Name != "",
		"url":                                   strings.HasPrefix(p.URL, "https://"),
		"platforms":                             len(p.Platforms) > 0,
		"categories":                            len(p.Categories) > 0,
		"developmentStatus":                     slices.Contains([]string{"concept", "development", "beta", "stable", "obsolete"}, p.DevelopmentStatus),
		"softwareType":                          p.SoftwareType == "standalone/web",
		"description in a language":             len(p.Description) > 0,
		"legal/license":                         p.Legal.License == "EUPL-1.2",
		"maintenance/type":                      p.Maintenance.Type == "community",
		"maintenance/contacts":                  len(p.Maintenance.Contacts) > 0 && p.Maintenance.Contacts[0].Name != "",
		"localisation/localisationReady":        p.Localisation.Ready != nil,
		"localisation/availableLanguages: five": slices.Equal(p.Localisation.Languages, []string{"fi", "sv", "en", "ru", "kk"}),
	}
	for key, ok := range must {
		if !ok {
			t.Errorf("publiccode.yml: %s", key)
		}
	}
	for lang, d := range p.Description {
		if n := utf8.RuneCountInString(d.Short); n == 0 || n > 150 {
			t.Errorf("%s: shortDescription has %d characters, at most 150", lang, n)
		}
		if n := utf8.RuneCountInString(d.Long); n < 150 || n > 10000 {
			t.Errorf("%s: longDescription has %d characters, 150 to 10000", lang, n)
		}
		if len(d.Features) == 0 {
			t.Errorf("%s: features are missing", lang)
		}
	}
}

func TestLicenceIsTheWholeText(t *testing.T) {
	licence := string(read(t, "LICENSE"))
	for _, part := range []string{"EUROPEAN UNION PUBLIC LICENCE v. 1.2", "1.Definitions", "15.Applicable Law", "Appendix"} {
		if !strings.Contains(licence, part) {
			t.Errorf("LICENSE lacks %q", part)
		}
	}
}
