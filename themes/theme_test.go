package themes_test

import (
	"testing"

	"github.com/kokeilu/kokeilu/themes"
)

func TestTheEmbeddedThemeOpens(t *testing.T) {
	theme, err := themes.Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(theme.Names()) == 0 {
		t.Error("the theme has no page")
	}
}
