package accounts_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

func TestAnOrganisationIsDescribedByItsCoordinator(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		coordinator := w.actor(w.person("eija@akaa.example", "coordinator/FI:020"))
		elsewhere := w.actor(w.person("olli@muualla.example", "coordinator/SE:2480"))
		links := []accounts.AboutLink{{}, {Title: " Strategia ", URL: "https://akaa.example/strategia.pdf"}, {Title: "Elokuva", URL: "https://video.example/1", Video: true}}
		if err := w.Describe(t.Context(), elsewhere, "FI:020", "fi", "Omaa", nil); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a coordinator of another municipality: %v", err)
		}
		if err := w.Describe(t.Context(), coordinator, "FI:020", "fi", " Kokeilemme pienesti. ", links); err != nil {
			t.Fatal(err)
		}
		if err := w.Describe(t.Context(), coordinator, "FI:020", "sv", "Vi testar i smått.", links); err != nil {
			t.Fatal(err)
		}
		about, err := w.About(t.Context(), "FI:020")
		if err != nil || len(about.Links) != 2 || about.Links[0].Title != "Strategia" {
			t.Fatalf("%+v, %v", about, err)
		}
		for lang, want := range map[string]string{"fi": "Kokeilemme pienesti.", "sv": "Vi testar i smått.", "ru": "Kokeilemme pienesti."} {
			if text, _ := about.In(lang); text != want {
				t.Errorf("in %s: %q, want %q", lang, text, want)
			}
		}
		if err := w.Describe(t.Context(), coordinator, "FI:020", "fi", "", nil); err != nil {
			t.Fatal(err)
		}
		if about, err = w.About(t.Context(), "FI:020"); err != nil || about.Texts["fi"] != "" || about.Texts["sv"] == "" {
			t.Errorf("a text that was taken away: %+v, %v", about, err)
		}
	})
}

func TestWhatADescriptionMayHold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.actor(w.person("eija@akaa.example", "coordinator/FI:020"))
		one := accounts.AboutLink{Title: "x", URL: "https://x.example/"}
		tests := map[string]struct {
			text  string
			links []accounts.AboutLink
			want  error
		}{
			"a long text":          {strings.Repeat("ä", 601), nil, accounts.ErrAboutLong},
			"as long as may be":    {strings.Repeat("ä", 600), nil, nil},
			"a link to a script":   {"", []accounts.AboutLink{{Title: "x", URL: "javascript:alert(1)"}}, accounts.ErrAboutLink},
			"a link without name":  {"", []accounts.AboutLink{{URL: "https://x.example/"}}, accounts.ErrAboutLink},
			"a name without link":  {"", []accounts.AboutLink{{Title: "x"}}, accounts.ErrAboutLink},
			"more links than room": {"", []accounts.AboutLink{one, one, one, one, one, one, one, one, one}, accounts.ErrAboutLink},
		}
		for name, tt := range tests {
			if err := w.Describe(t.Context(), a, "FI:020", "fi", tt.text, tt.links); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
	})
}
