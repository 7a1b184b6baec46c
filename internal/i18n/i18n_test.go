package i18n_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

func bundle(t *testing.T) *i18n.Bundle {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{
		"a.en.toml": {Data: []byte("\"case.title\" = \"Case %s\"\n[\"case.count\"]\none = \"%s case\"\nother = \"%s cases\"\n")},
		"a.ru.toml": {Data: []byte("\"case.on\" = \"Решение: %s.\"\n[\"case.count\"]\none = \"%s случай\"\nfew = \"%s случая\"\nmany = \"%s случаев\"\nother = \"%s случая\"\n")},
	}
	b, err := i18n.Load(fsys, zone)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTexts(t *testing.T) {
	en, ru := bundle(t).For("en"), bundle(t).For("ru")
	tests := map[string]struct{ got, want string }{
		"arguments fill the verbs":       {en.T("case.title", "X"), "Case X"},
		"a missing key is shown":         {en.T("case.nothing"), "case.nothing"},
		"one":                            {en.N("case.count", 1), "1 case"},
		"none":                           {en.N("case.count", 0), "0 cases"},
		"Russian 1":                      {ru.N("case.count", 1), "1 случай"},
		"Russian 3":                      {ru.N("case.count", 3), "3 случая"},
		"Russian 11":                     {ru.N("case.count", 11), "11 случаев"},
		"Russian 21 is like 1":           {ru.N("case.count", 21), "21 случай"},
		"Russian 1 001, grouped":         {ru.N("case.count", 1001), "1\u00a0001 случай"},
		"one stop ends a Russian date":   {ru.T("case.on", ru.Date(time.Date(2026, 10, 15, 9, 0, 0, 0, time.UTC))), "Решение: 15\u00a0октября 2026\u00a0г."},
		"an unknown language is English": {bundle(t).For("xx").T("case.title", "X"), "Case X"},
	}
	for name, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", name, tt.got, tt.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	tests := map[string]fstest.MapFS{
		"a file of no language": {"a.xx.toml": {Data: []byte("")}},
		"a file without one":    {"a.toml": {Data: []byte("")}},
		"broken TOML":           {"a.en.toml": {Data: []byte("= x")}},
		"a key twice":           {"a.en.toml": {Data: []byte("\"k\" = \"1\"")}, "b.en.toml": {Data: []byte("\"k\" = \"2\"")}},
	}
	for name, fsys := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := i18n.Load(fsys, time.UTC); err == nil {
				t.Error("loaded")
			}
		})
	}
}

func TestDatesNumbersMoney(t *testing.T) {
	b := bundle(t)
	day := time.Date(2026, 3, 12, 23, 30, 0, 0, time.UTC) // already the 13th in Helsinki
	tests := []struct{ lang, date, short, number, money, percent string }{
		{"fi", "13. maaliskuuta 2026", "13.3.2026", "12 345,5", "4 800 €", "12,5 %"},
		{"sv", "13 mars 2026", "2026-03-13", "12 345,5", "4 800 €", "12,5 %"},
		{"en", "13 March 2026", "13 Mar 2026", "12,345.5", "€4,800", "12.5%"},
		{"ru", "13 марта 2026 г.", "13.03.2026", "12 345,5", "4 800 €", "12,5 %"},
		{"kk", "2026 жылғы 13 наурыз", "13.03.2026", "12 345,5", "4 800 €", "12,5 %"},
	}
	for _, tt := range tests {
		p := b.For(tt.lang)
		for what, pair := range map[string][2]string{
			"date": {p.Date(day), tt.date}, "short": {p.DateShort(day), tt.short}, "number": {p.Decimal(12345.5, 2), tt.number},
			"money": {p.Money(480000, "EUR"), tt.money}, "percent": {p.Percent(0.125, 1), tt.percent},
		} {
			if got := strings.ReplaceAll(pair[0], "\u00a0", " "); got != pair[1] {
				t.Errorf("%s %s: got %q, want %q", tt.lang, what, got, pair[1])
			}
		}
	}
}

func TestMoneyOfEachCurrency(t *testing.T) {
	b := bundle(t)
	tests := map[string]struct{ got, want string }{
		"cents":                 {b.For("fi").Money(123456, "EUR"), "1\u00a0234,56\u00a0€"},
		"kronor at home":        {b.For("sv").Money(500000, "SEK"), "5\u00a0000\u00a0kr"},
		"kronor abroad":         {b.For("fi").Money(500000, "SEK"), "5\u00a0000\u00a0SEK"},
		"tenge":                 {b.For("kk").Money(100000000, "KZT"), "1\u00a0000\u00a0000\u00a0₸"},
		"roubles":               {b.For("ru").Money(0, "RUB"), "0\u00a0₽"},
		"a debt":                {b.For("en").Money(-150, "EUR"), "−€1.50"},
		"an unknown currency":   {b.For("en").Money(100, "XXX"), "1\u00a0XXX"},
		"zero days are nothing": {b.For("en").Date(time.Time{}), ""},
	}
	for name, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", name, tt.got, tt.want)
		}
	}
}

func TestMatch(t *testing.T) {
	tests := map[string]string{
		"": "en", "fi-FI,fi;q=0.9": "fi", "sv-FI": "sv", "kk-KZ,ru;q=0.5": "kk", "ru": "ru", "de-DE,fi;q=0.3": "fi", "ja": "en", "*;q=;;": "en",
	}
	for accept, want := range tests {
		if got := i18n.Match(accept); got != want {
			t.Errorf("Match(%q) = %q, want %q", accept, got, want)
		}
	}
}

func TestAnd(t *testing.T) {
	p := bundle(t).For("en")
	if got := p.And([]string{"a", "b", "c"}); got != "a, b and c" {
		t.Errorf("got %q", got)
	}
	if got := p.And(nil); got != "" {
		t.Errorf("got %q", got)
	}
}
