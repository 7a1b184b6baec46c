package i18n_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

func TestMonthsAreNamedByThemselves(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, lang := range i18n.Languages {
		files["x."+lang+".toml"] = &fstest.MapFile{Data: []byte(`"x.y" = "z"`)}
	}
	bundle, err := i18n.Load(files, zone)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, time.February, 28, 22, 30, 0, 0, time.UTC) // 1 March in Helsinki
	for lang, want := range map[string]string{
		"fi": "maaliskuu 2026", "sv": "mars 2026", "en": "March 2026", "ru": "март 2026\u00a0г.", "kk": "2026\u00a0жылғы наурыз",
	} {
		if got := bundle.For(lang).Month(day); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	if got := bundle.For("fi").Month(time.Time{}); got != "" {
		t.Errorf("no day is in %q", got)
	}
}

func TestSmallValuesShowTheirFigures(t *testing.T) {
	for value, want := range map[float64]int{0: 2, 1234.5: 2, 0.5: 2, 0.1: 2, 0.042: 3, -0.0042: 4, 1e-9: 6, -1e15: 2} {
		if got := i18n.Decimals(value); got != want {
			t.Errorf("%v: %d decimals, want %d", value, got, want)
		}
	}
}
