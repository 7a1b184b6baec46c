package themes_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestVendoredFilesAreWhatTheManifestSays(t *testing.T) {
	text, err := os.ReadFile("../internal/tools/vendored.json")
	if err != nil {
		t.Fatal(err)
	}
	var packages []struct {
		Package, Version, Licence string
		Files                     []struct{ To, SHA256 string }
	}
	if err := json.Unmarshal(text, &packages); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"LICENSE": true}
	for _, p := range packages {
		for _, f := range p.Files {
			name, ours := strings.CutPrefix(f.To, "themes/")
			if !ours {
				continue
			}
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(body)
			if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
				t.Errorf("%s is not the file of %s %s: %s", f.To, p.Package, p.Version, got)
			}
			if p.Licence == "" || p.Version == "" {
				t.Errorf("%s has no licence or version", p.Package)
			}
			listed[filepath.Base(name)] = true
		}
	}
	files, err := os.ReadDir("civic/static/vendor")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !listed[f.Name()] {
			t.Errorf("vendor/%s is not in the manifest", f.Name())
		}
	}
}

func TestTheStyleSheetLoadsNothingFromElsewhere(t *testing.T) {
	theme := open(t, nil)
	f, _ := theme.File(theme.Asset("civic.css"))
	for _, m := range regexp.MustCompile(`(?i)url\(\s*["']?([^"')]{0,30})|@import[^;]*`).FindAllStringSubmatch(string(f.Body), -1) {
		if !strings.HasPrefix(m[1], "data:") {
			t.Errorf("civic.css loads %s", m[0])
		}
	}
}

func TestWhatNobodyUsesIsLeftOutAndTheRestStays(t *testing.T) {
	theme := open(t, nil)
	f, _ := theme.File(theme.Asset("civic.css"))
	css := string(f.Body)
	for _, gone := range []string{".ds-avatar{", ".ds-suggestion", ".ds-combobox", ".ds-tabs{", ".ds-dialog{", ".ds-skeleton{", ".ds-badge{", ".ds-tooltip"} {
		if strings.Contains(css, gone) {
			t.Errorf("civic.css still has %s", gone)
		}
	}
	for _, kept := range []string{".ds-button{", ".ds-input", ".ds-field{", ".ds-fieldset", ".ds-tag{", ".ds-table", ".ds-chip{", ".ds-details{", ".ds-pagination", ".ds-alert{", ".ds-error-summary", ".ds-skip-link", ".ds-sr-only", ".ds-list{", ".ds-file-upload"} {
		if !strings.Contains(css, kept) {
			t.Errorf("civic.css has lost %s", kept)
		}
	}
	if strings.Count(css, "{") != strings.Count(css, "}") {
		t.Error("the braces of civic.css do not match")
	}
}

// A sheet that a checker refuses hides its real faults among known ones.
func TestTheStyleSheetIsStandardCSS(t *testing.T) {
	theme := open(t, nil)
	f, _ := theme.File(theme.Asset("civic.css"))
	for _, unknown := range []string{
		"field-sizing", "interpolate-size", `ds-details[^{}]*::details-content`, "allow-discrete", "view-transition-name", "scroll-initial-target", "@property",
		`[^-]mask:[^;{}"]+ url\(`, `calc\(var\([a-z-]+\) / \(var\(`,
	} {
		if at := regexp.MustCompile(unknown).FindIndex(f.Body); at != nil {
			t.Errorf("civic.css has what the Nu Html Checker does not know: %s", f.Body[at[0]:min(at[1]+60, len(f.Body))])
		}
	}
	for _, same := range []string{"mask-image:url(", "--_ds-font-size-factor: calc(var(--ds-size-mode-font-size) * 16 / var(--ds-size-base))"} {
		if !strings.Contains(string(f.Body), same) {
			t.Errorf("civic.css has lost %s", same)
		}
	}
}

// Screen readers say a few words that stand in the style sheet; none of them
// may be Norwegian in a language of the portal.
func TestTheWordsInTheStyleSheetAreTranslated(t *testing.T) {
	words, err := os.ReadFile("civic/static/words.css")
	if err != nil {
		t.Fatal(err)
	}
	theme := open(t, nil)
	f, _ := theme.File(theme.Asset("civic.css"))
	for _, m := range regexp.MustCompile(`(--dsc-[a-z-]+):"([^"\\]*\p{L}[^"]*)"`).FindAllStringSubmatch(string(f.Body), -1) {
		if n := strings.Count(string(words), m[1]+":"); n != 5 {
			t.Errorf("%s (%q) has words in %d of 5 languages", m[1], m[2], n)
		}
	}
}
