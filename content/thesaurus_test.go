package content_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kokeilu/kokeilu/content"
)

func TestThesaurusNamesEveryConceptInEveryLanguage(t *testing.T) {
	concepts := content.Thesaurus()
	if len(concepts) < 300 {
		t.Errorf("%d concepts, want 300 at least", len(concepts))
	}
	usual := map[string]bool{}
	for _, c := range concepts {
		for _, lang := range []string{"fi", "sv", "en", "ru", "kk"} {
			if len(c[lang]) == 0 {
				t.Errorf("%v lacks %s", c, lang)
			}
		}
		if name := strings.Join(c["fi"], ","); usual[name] {
			t.Errorf("%q is there twice", name)
		} else {
			usual[name] = true
		}
	}
}

func TestThesaurusSaysWhatIsWrongAndWhere(t *testing.T) {
	tests := map[string]struct{ yaml, want string }{
		"a language the portal lacks": {"- {xx: [word]}", "xx"},
		"an empty label":              {`- {fi: [" "]}`, "0 words"},
		"a label that is a sentence":  {"- {en: [one two three four five]}", "5 words"},
		"no list of concepts":         {"fi: word", "own.yaml"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := content.ReadThesaurus(fstest.MapFS{"own.yaml": {Data: []byte(tt.yaml)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "own.yaml") {
				t.Errorf("got %v, want it to name own.yaml and %q", err, tt.want)
			}
		})
	}
}
