package themes_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kokeilu/kokeilu/themes"
)

func TestTheColoursOfCivicHaveContrast(t *testing.T) {
	warnings, err := themes.CheckContrast(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		t.Error(w)
	}
}

func TestFaintColoursAreFound(t *testing.T) {
	for name, tt := range map[string]struct{ css, want string }{
		"a link too light for paper":         {"--ds-color-accent-text-subtle:light-dark(#7fb9a0,#9bd8b9);", "--ds-color-accent-text-subtle on --ds-color-neutral-background-default (light): contrast 2.1"},
		"a warm colour too dark for night":   {"--k-now:light-dark(#cf630d,#333);", "--k-now on --ds-color-neutral-background-default (dark)"},
		"a band that swallows its words":     {"--k-band:#b8d7df;", "--k-band-soft on --k-band (light)"},
		"a colour through another":           {"--mine:#eee;--k-a:var(--mine);", "--k-a on --ds-color-neutral-background-default (light)"},
		"a colour that cannot be computed":   {"--k-e:oklch(60% 0.1 200);", "unknown"},
		"a colour that leads round and back": {"--k-h:var(--k-d);--k-d:var(--k-h);", "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			warnings, err := themes.CheckContrast([]byte("@layer theme{:root{/* --k-a:#fff; */" + tt.css + "}}"))
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, w := range warnings {
				all = append(all, w.String())
			}
			if !strings.Contains(strings.Join(all, "\n"), tt.want) {
				t.Errorf("got %q", all)
			}
		})
	}
}

func TestAThemeWarnsOfItsOwnColoursOnly(t *testing.T) {
	good := `@layer theme{:root{--ds-color-accent-base-default:light-dark(#0b5d3b,#8fd1b0);--k-band:light-dark(#04291a,#06231a);--k-band-soft:light-dark(#b9dccb,#a9cfbc)}}`
	for name, tt := range map[string]struct {
		overlay fstest.MapFS
		warns   bool
	}{
		"no theme.css":                    {fstest.MapFS{}, false},
		"good colours":                    {fstest.MapFS{"theme.css": {Data: []byte(good)}}, false},
		"a faint colour in place of ours": {fstest.MapFS{"static/theme.css": {Data: []byte(":root{--k-e:#eee}")}}, true},
		"a faint colour":                  {fstest.MapFS{"theme.css": {Data: []byte(":root{--k-e:#eee}")}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := open(t, tt.overlay).Warnings(); (len(got) > 0) != tt.warns {
				t.Errorf("got %v", got)
			}
		})
	}
}
